/*
 * Which views there are: see hindcast/views.h. Asked of PostgreSQL's own catalogue, so that a new
 * view needs no line here. Called by `query`.
 */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "hindcast/views.h"
#include "store/pg/conn.h"

/* The error where a view of this name (NULL: any) is there, but not for this login. */
static int
check_denied(struct store *store, const char *name, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_views_denied, &name, 1, &result, err) != 0)
        return -1;
    bool denied = PQntuples(result) > 0;
    bool responder = denied && strcmp(PQgetvalue(result, 0, 0), "responder") == 0;
    PQclear(result);
    if (!denied)
        return 0;
    if (name == NULL)
        err_set(err, ERR_DB_QUERY, "permission denied for every view");
    else
        err_set(err, ERR_DB_QUERY, "permission denied for view '%s'", name);
    if (responder)
        return err_hint(err, "views of responder need the role hindcast_responder or "
                             "hindcast_correlate: see docs/security.md");
    snprintf(err->sqlstate, sizeof(err->sqlstate), "42501");
    return -1;
}

int
views_list(struct store *store, struct arena *arena, struct view **ret_views, size_t *ret_count,
           struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_views_list, NULL, 0, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct view *views = ARENA_ARRAY(arena, struct view, count + 1);
    for (size_t i = 0; i < count; i++)
        views[i] = (struct view){.name = column_text(arena, result, (int)i, 0),
                                 .comment = column_text(arena, result, (int)i, 1),
                                 .schema = column_text(arena, result, (int)i, 2),
                                 .relation = column_text(arena, result, (int)i, 3)};
    PQclear(result);
    *ret_views = views;
    *ret_count = count;
    return count == 0 ? check_denied(store, NULL, err) : 0;
}

static enum view_kind
read_kind(struct sv word)
{
    static const struct {
        struct sv word;
        enum view_kind kind;
    } kinds[] = {{SV("time"), VIEW_TIME},
                 {SV("number"), VIEW_NUMBER},
                 {SV("bool"), VIEW_BOOL},
                 {SV("json"), VIEW_JSON}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (sv_eq(kinds[i].word, word))
            return kinds[i].kind;
    return VIEW_TEXT;
}

static int
read_columns(struct store *store, struct arena *arena, struct view *view, struct err *err)
{
    PGresult *result;
    const char *values[] = {arena_strdup(arena, view->schema), arena_strdup(arena, view->relation)};
    if (store_sql(store, QUERY_views_columns, values, 2, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct view_column *columns = ARENA_ARRAY(arena, struct view_column, count + 1);
    for (size_t i = 0; i < count; i++)
        columns[i] = (struct view_column){.name = column_text(arena, result, (int)i, 0),
                                          .type = column_text(arena, result, (int)i, 1),
                                          .comment = column_text(arena, result, (int)i, 2),
                                          .kind = read_kind(column_view(result, (int)i, 3)),
                                          .sortable = column_bool(result, (int)i, 4)};
    PQclear(result);
    view->columns = columns;
    view->column_count = count;
    return 0;
}

static int
not_found(struct arena *arena, const struct view *views, size_t count, const char *name,
          struct err *err)
{
    struct nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < count; i++)
        nearest_offer(&nearest, arena_strdup(arena, views[i].name));
    err_set(err, ERR_NOT_FOUND, "there is no view '%s'", name);
    return nearest.found == NULL ? err_hint(err, "'hindcast query' lists them")
                                 : err_hint(err, "did you mean '%s'?", nearest.found);
}

int
views_find(struct store *store, struct arena *arena, const char *name, struct view *ret_view,
           struct err *err)
{
    struct view *views;
    size_t count;
    struct sv wanted = sv_from(name);
    if (views_list(store, arena, &views, &count, err) != 0)
        return -1;
    if (sv_starts(wanted, SV("analyst.")))
        wanted = sv_slice(wanted, SV("analyst.").len, wanted.len);
    for (size_t i = 0; i < count; i++) {
        if (!sv_eq(views[i].name, wanted))
            continue;
        if (read_columns(store, arena, &views[i], err) != 0)
            return -1;
        *ret_view = views[i];
        return 0;
    }
    if (check_denied(store, arena_strdup(arena, wanted), err) != 0)
        return -1;
    return not_found(arena, views, count, name, err);
}
