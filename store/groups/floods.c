/*
 * Incidents of very many records: see hindcast/floods.h.
 */
#include "hindcast/floods.h"

#include "base/text/json_writer.h"
#include "store/groups/groups.h"

static struct group_flood *
read_floods(struct arena *arena, PGresult *result, size_t *ret_count)
{
    size_t count = (size_t)PQntuples(result);
    struct group_flood *floods = ARENA_ARRAY(arena, struct group_flood, count + 1);
    for (size_t i = 0; i < count; i++) {
        int row = (int)i;
        floods[i] = (struct group_flood){
            .explicit_id = column_text(arena, result, row, 0),
            .incident_key = column_text(arena, result, row, 4),
            .records = column_int(result, row, 5),
            .cost_ms = column_int(result, row, 6),
            .stale = column_bool(result, row, 7),
            .unsettled = column_bool(result, row, 8),
            .waiting = column_int(result, row, 9),
            .first_ms = column_int(result, row, 10),
            .last_ms = column_int(result, row, 11),
        };
        if (floods[i].explicit_id.len == 0)
            floods[i].root =
                (struct node_id){column_int(result, row, 1), column_text(arena, result, row, 2),
                                 column_text(arena, result, row, 3)};
    }
    PQclear(result);
    *ret_count = count;
    return floods;
}

static int
read(void *context, struct arena *arena, struct group_flood **ret_floods, size_t *ret_count,
     struct err *err)
{
    struct groups *groups = context;
    const char *values[] = {groups->scope_no};
    PGresult *result;
    if (store_sql(groups->store, QUERY_groups_floods, values, 1, &result, err) != 0)
        return -1;
    groups->count.statements++;
    *ret_floods = read_floods(arena, result, ret_count);
    return 0;
}

static void
put_name(struct strbuf *out, const struct group_flood *flood)
{
    struct strbuf name;
    strbuf_init(&name, 0);
    strbuf_add_char(&name, '{');
    if (flood->explicit_id.len > 0)
        json_put(&name, "e", flood->explicit_id);
    else
        groups_put_id(&name, &flood->root);
    struct group_digest digest = group_digest_of(strbuf_view(&name));
    strbuf_release(&name);
    groups_put_digest(out, "k", &digest);
}

static void
put_flood(struct strbuf *out, const struct group_flood *flood)
{
    if (flood->explicit_id.len > 0)
        json_put(out, "e", flood->explicit_id);
    else
        groups_put_id(out, &flood->root);
    json_put(out, "i", flood->incident_key);
    json_put_int(out, "r", flood->records);
    json_put_int(out, "c", flood->cost_ms);
    json_put_bool(out, "o", flood->stale);
    json_put_bool(out, "b", flood->unsettled);
    json_put_int(out, "w", flood->waiting);
    json_put_int(out, "f", flood->first_ms);
    json_put_int(out, "l", flood->last_ms);
}

static int
change(struct groups *groups, enum query query, const struct group_flood *floods, size_t count,
       struct err *err)
{
    struct piece piece;
    int status = 0;
    groups_piece_begin(&piece, groups, query);
    for (size_t i = 0; i < count && status == 0; i++) {
        json_put_comma(&piece.rows);
        strbuf_add_char(&piece.rows, '{');
        put_name(&piece.rows, &floods[i]);
        if (query == QUERY_groups_put_floods)
            put_flood(&piece.rows, &floods[i]);
        strbuf_add_char(&piece.rows, '}');
        status = groups_piece_row(&piece, err);
    }
    return groups_piece_end(&piece, status, err);
}

static int
put(void *context, const struct group_flood *floods, size_t count, struct err *err)
{
    return change(context, QUERY_groups_put_floods, floods, count, err);
}

static int
drop(void *context, const struct group_flood *floods, size_t count, struct err *err)
{
    return change(context, QUERY_groups_drop_floods, floods, count, err);
}

void
groups_init_floods(struct groups *groups)
{
    groups->floods = (struct flood_rows){.context = groups,
                                         .waiting = &groups->waiting->rows,
                                         .read = read,
                                         .put = put,
                                         .drop = drop};
}

const struct flood_rows *
groups_floods(struct groups *groups)
{
    return &groups->floods;
}

int
floods_of_scope(struct store *store, struct arena *arena, struct sv scope,
                struct group_flood **ret_floods, size_t *ret_count, struct err *err)
{
    const char *values[] = {arena_strdup(arena, scope)};
    PGresult *result;
    if (store_sql(store, QUERY_groups_floods_of, values, 1, &result, err) != 0)
        return -1;
    *ret_floods = read_floods(arena, result, ret_count);
    return 0;
}
