/*
 * Building the statement: see select.h. Called by views_read().
 */
#include "store/views/select.h"

struct building {
    struct store *store;
    const struct view *view;
    struct strbuf *out;
    bool failed; /* libpq could not quote */
    size_t terms;
};

/* ---- quoting ---- */

static void
add_quoted(struct building *building, char *quoted)
{
    if (quoted == NULL)
        building->failed = true;
    else
        strbuf_add_text(building->out, quoted);
    PQfreemem(quoted);
}

static void
add_name(struct building *building, struct sv name)
{
    add_quoted(building, PQescapeIdentifier(building->store->pg, name.ptr, name.len));
}

static void
add_value(struct building *building, struct sv value)
{
    add_quoted(building, PQescapeLiteral(building->store->pg, value.ptr, value.len));
}

/* ---- columns ---- */

static const struct view_column *
column_named(const struct view *view, struct sv name)
{
    for (size_t i = 0; i < view->column_count; i++)
        if (sv_eq(view->columns[i].name, name))
            return &view->columns[i];
    return NULL;
}

static const struct view_column *
time_column(const struct view *view)
{
    for (size_t i = 0; i < view->column_count; i++)
        if (view->columns[i].kind == VIEW_TIME)
            return &view->columns[i];
    return NULL;
}

/* Times as microseconds, which is what PostgreSQL keeps; infinite ones are null. */
static void
add_expression(struct building *building, const struct view_column *column)
{
    struct strbuf *out = building->out;
    bool array = column->kind == VIEW_JSON;
    bool interval = sv_starts(column->type, SV("interval"));
    if (column->kind == VIEW_TIME) {
        strbuf_add_text(out, "CASE WHEN isfinite(");
        add_name(building, column->name);
        strbuf_add_text(out, ") THEN (extract(epoch FROM ");
        add_name(building, column->name);
        strbuf_add_text(out, ") * 1000000)::bigint END");
        return;
    }
    strbuf_add_text(out, array ? "to_jsonb(" : interval ? "extract(epoch FROM " : "(");
    add_name(building, column->name);
    strbuf_add_text(out, ")::text");
}

static void
add_columns(struct building *building)
{
    for (size_t i = 0; i < building->view->column_count; i++) {
        strbuf_add_text(building->out, i == 0 ? "SELECT " : ", ");
        add_expression(building, &building->view->columns[i]);
    }
}

/* ---- rows ---- */

static void
begin_term(struct building *building)
{
    strbuf_add_text(building->out, building->terms++ == 0 ? " WHERE " : " AND ");
}

/* NAME OPERATOR VALUE */
static void
add_term(struct building *building, struct sv name, const char *operator, struct sv value)
{
    begin_term(building);
    add_name(building, name);
    strbuf_add_text(building->out, operator);
    add_value(building, value);
}

static int
lacks(const struct building *building, const char *option, const char *column, struct err *err)
{
    err_set(err, ERR_USAGE, "the view '" SV_FMT "' has no %s, which %s asks for",
            SV_ARG(building->view->name), column, option);
    return err_hint(err, "'hindcast query --columns " SV_FMT "' shows what it has",
                    SV_ARG(building->view->name));
}

static int
add_span(struct building *building, const struct view_filter *filter, struct err *err)
{
    const struct view_column *column = time_column(building->view);
    char text[TIME_TEXT];
    if (filter->since_ns == TIME_NONE && filter->until_ns == TIME_NONE)
        return 0;
    if (column == NULL)
        return lacks(building, filter->since_ns == TIME_NONE ? "--until" : "--since",
                     "column with times", err);
    if (filter->since_ns != TIME_NONE) {
        time_format(filter->since_ns, text);
        add_term(building, column->name, " >= ", sv_from(text));
    }
    if (filter->until_ns != TIME_NONE) {
        time_format(filter->until_ns, text);
        add_term(building, column->name, " < ", sv_from(text));
    }
    return 0;
}

static int
add_service(struct building *building, const struct view_filter *filter, struct err *err)
{
    if (filter->service.ptr == NULL)
        return 0;
    if (column_named(building->view, SV("service")) != NULL) {
        add_term(building, SV("service"), " = ", filter->service);
        return 0;
    }
    if (column_named(building->view, SV("services")) == NULL)
        return lacks(building, "--service", "column 'service'", err);
    begin_term(building);
    add_name(building, SV("services"));
    strbuf_add_text(building->out, " @> ARRAY[");
    add_value(building, filter->service);
    strbuf_add_text(building->out, "]::text[]");
    return 0;
}

static int
add_incident(struct building *building, const struct view_filter *filter, struct err *err)
{
    if (sv_empty(filter->incident_key))
        return 0;
    if (column_named(building->view, SV("incident_key")) != NULL)
        add_term(building, SV("incident_key"), " = ", filter->incident_key);
    else if (column_named(building->view, SV("incident")) != NULL)
        add_term(building, SV("incident"), " = ", filter->incident);
    else
        return lacks(building, "--incident", "column 'incident'", err);
    return 0;
}

static int
add_scope(struct building *building, const struct view_filter *filter, struct err *err)
{
    if (filter->scope.ptr == NULL)
        return 0;
    if (column_named(building->view, SV("scope")) != NULL)
        add_term(building, SV("scope"), " = ", filter->scope);
    else if (sv_empty(filter->incident_key))
        return lacks(building, "--scope", "column 'scope'", err);
    return 0;
}

static void
add_order(struct building *building)
{
    const struct view_column *first = time_column(building->view);
    const char *before = " ORDER BY ";
    if (first != NULL) {
        strbuf_add_text(building->out, before);
        add_name(building, first->name);
        before = ", ";
    }
    for (size_t i = 0; i < building->view->column_count; i++) {
        const struct view_column *column = &building->view->columns[i];
        if (column == first || !column->sortable)
            continue;
        strbuf_add_text(building->out, before);
        add_name(building, column->name);
        if (sv_eq(column->type, SV("text")) || sv_eq(column->type, SV("text[]")))
            strbuf_add_text(building->out, " COLLATE \"C\"");
        before = ", ";
    }
}

int
view_select(struct store *store, const struct view *view, const struct view_filter *filter,
            struct strbuf *out, struct err *err)
{
    struct building building = {.store = store, .view = view, .out = out};
    strbuf_add_text(out, "DECLARE " VIEW_CURSOR " NO SCROLL CURSOR FOR ");
    add_columns(&building);
    strbuf_add_text(out, " FROM ");
    add_name(&building, view->schema);
    strbuf_add_char(out, '.');
    add_name(&building, view->relation);
    if (add_span(&building, filter, err) != 0 || add_service(&building, filter, err) != 0 ||
        add_incident(&building, filter, err) != 0 || add_scope(&building, filter, err) != 0)
        return -1;
    add_order(&building);
    if (building.failed)
        return err_set(err, ERR_USAGE, "a name or value is not valid UTF-8");
    return 0;
}
