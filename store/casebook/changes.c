/*
 * What changed since a cursor: see hindcast/changes.h. Called by `export --since` within its
 * snapshot, on the thread of the connection.
 */
#include "hindcast/changes.h"

#include "base/text/json_writer.h"
#include "store/casebook/reading.h"

/* -------------------------------------------------------------------- where scopes stand */

static void
add_marks(struct strbuf *out, const struct change_cursor *since)
{
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < since->count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "scope", since->marks[i].scope);
        json_put_int(out, "seen", since->marks[i].publication);
        json_put(out, "lineage", since->marks[i].lineage);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

static int
unknown(struct sv scope, struct err *err)
{
    err_set(err, ERR_CURSOR_UNKNOWN,
            "this database does not know what the cursor names of scope '" SV_FMT "'",
            SV_ARG(scope));
    return err_hint(err, "it went back to an earlier state, is another one, or has forgotten what "
                         "was removed; drop what you hold and begin anew with '--since 0'");
}

static int
take_marks(struct arena *arena, const PGresult *result, struct change_cursor *ret_now,
           struct err *err)
{
    size_t count = (size_t)PQntuples(result);
    struct scope_mark *marks = ARENA_ARRAY(arena, struct scope_mark, count + 1);
    for (size_t i = 0; i < count; i++) {
        marks[i] = (struct scope_mark){
            .scope = column_text(arena, result, (int)i, 0),
            .publication = column_int(result, (int)i, 1),
            .lineage = column_text(arena, result, (int)i, 2),
        };
        if (!column_bool(result, (int)i, 3))
            return unknown(marks[i].scope, err);
    }
    *ret_now = (struct change_cursor){marks, count};
    return 0;
}

int
changes_now(struct store *store, struct arena *arena, const struct change_cursor *since,
            struct change_cursor *ret_now, struct err *err)
{
    struct strbuf rows;
    PGresult *result = NULL;
    strbuf_init(&rows, 0);
    add_marks(&rows, since);
    const char *values[] = {rows.ptr};
    int status = store_sql(store, QUERY_changes_now, values, 1, &result, err);
    if (status == 0)
        status = take_marks(arena, result, ret_now, err);
    PQclear(result);
    strbuf_release(&rows);
    return status;
}

/* -------------------------------------------------------------------- of one scope */

static int
read_configuration(struct store *store, struct arena *arena, const char *const *values,
                   struct scope_changes *changes, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_changes_scope, values, 2, &result, err) != 0)
        return -1;
    if (PQntuples(result) > 0) {
        changes->config_digest = column_text(arena, result, 0, 0);
        changes->configured = column_bool(result, 0, 1);
    }
    PQclear(result);
    return 0;
}

/* Rows come by kind: incidents, then nodes. */
static int
read_removed(struct store *store, struct arena *arena, const char *const *values,
             struct scope_changes *changes, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_changes_removed, values, 2, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result), incidents = 0;
    struct sv *keys = ARENA_ARRAY(arena, struct sv, count + 1);
    for (size_t i = 0; i < count; i++) {
        incidents += sv_eq(column_view(result, (int)i, 0), SV("incident")) ? 1 : 0;
        keys[i] = column_text(arena, result, (int)i, 1);
    }
    PQclear(result);
    changes->removed_incidents = keys;
    changes->removed_incident_count = incidents;
    changes->removed_nodes = keys + incidents;
    changes->removed_node_count = count - incidents;
    return 0;
}

int
changes_of_scope(struct store *store, struct arena *arena, struct sv scope, int64_t after,
                 struct scope_changes *ret_changes, struct err *err)
{
    char number[INT_TEXT];
    const char *values[] = {arena_strdup(arena, scope), int_text(after, number)};
    const struct reading heads = {QUERY_changes_heads, values, 2};
    const struct reading nodes = {QUERY_changes_nodes, values, 2};
    struct scope_changes changes = {.scope = arena_copy(arena, scope)};
    struct stored_incident *found;
    struct node *loose;
    if (read_configuration(store, arena, values, &changes, err) != 0 ||
        read_removed(store, arena, values, &changes, err) != 0 ||
        reading_heads(store, arena, &heads, &found, &changes.head_count, err) != 0 ||
        reading_nodes(store, arena, &nodes, SV_NONE, &loose, &changes.node_count, err) != 0)
        return -1;
    changes.heads = found;
    changes.nodes = loose;
    *ret_changes = changes;
    return 0;
}
