/*
 * What is stored of nodes and incidents, by keys and by time: see hindcast/part.h.
 */
#include "base/text/json_writer.h"
#include "store/casebook/part.h"

static int
ask(struct part *part, enum query query, const struct sv *keys, size_t count, PGresult **ret_result,
    struct err *err)
{
    struct strbuf list;
    strbuf_init(&list, (size_t)200 << 20);
    strbuf_add_char(&list, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(&list);
        json_put_string(&list, keys[i]);
    }
    strbuf_add_char(&list, ']');
    const char *values[] = {part->loading.scope, list.ptr};
    int status = -1;
    if (list.overflow)
        err_set(err, ERR_LIMIT, "%zu keys are too many to ask for at once", count);
    else
        status = store_sql(part->loading.store, query, values, 2, ret_result, err);
    strbuf_release(&list);
    if (status != 0)
        part_overtaken(err);
    return status;
}

int
part_keys(struct part *part, const struct sv *node_keys, size_t count,
          struct sv **ret_incident_keys, struct err *err)
{
    struct arena *arena = part->loading.arena;
    struct sv *keys = ARENA_ARRAY(arena, struct sv, count + 1);
    PGresult *result;
    if (ask(part, QUERY_part_keys, node_keys, count, &result, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        keys[i] = SV_NONE;
    for (int row = 0; row < PQntuples(result); row++)
        keys[column_int(result, row, 0)] = column_text(arena, result, row, 1);
    PQclear(result);
    *ret_incident_keys = keys;
    return 0;
}

int
part_nodes_of(struct part *part, const struct sv *incident_keys, size_t count,
              struct part_node **ret_nodes, size_t *ret_count, struct err *err)
{
    struct arena *arena = part->loading.arena;
    PGresult *result;
    if (ask(part, QUERY_part_nodes, incident_keys, count, &result, err) != 0)
        return -1;
    size_t rows = (size_t)PQntuples(result);
    struct part_node *nodes = ARENA_ARRAY(arena, struct part_node, rows + 1);
    for (size_t i = 0; i < rows; i++)
        nodes[i] = (struct part_node){(size_t)column_int(result, (int)i, 0),
                                      column_text(arena, result, (int)i, 1)};
    PQclear(result);
    *ret_nodes = nodes;
    *ret_count = rows;
    return 0;
}

int
part_incidents_around(struct part *part, int64_t from_ms, int64_t to_ms, struct sv **ret_keys,
                      size_t *ret_count, struct err *err)
{
    struct arena *arena = part->loading.arena;
    char from[TIME_TEXT], to[TIME_TEXT];
    const char *values[] = {part->loading.scope, from, to};
    PGresult *result;
    time_format(from_ms * NS_PER_MS, from);
    time_format(to_ms * NS_PER_MS, to);
    if (store_sql(part->loading.store, QUERY_part_around, values, 3, &result, err) != 0) {
        part_overtaken(err);
        return -1;
    }
    size_t rows = (size_t)PQntuples(result);
    struct sv *keys = ARENA_ARRAY(arena, struct sv, rows + 1);
    for (size_t i = 0; i < rows; i++)
        keys[i] = column_text(arena, result, (int)i, 0);
    PQclear(result);
    *ret_keys = keys;
    *ret_count = rows;
    return 0;
}
