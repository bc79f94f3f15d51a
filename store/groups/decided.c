/*
 * What people decided of, as it was correlated last: see hindcast/groups.h. Each row that comes
 * back is counted.
 */
#include "base/text/json_writer.h"
#include "store/groups/groups.h"

#define SENT_BYTES_MAX ((size_t)64 << 20) /* of what is asked for at once */

static int
take_candidates(struct groups *groups, struct arena *arena, PGresult *result,
                struct group_candidate **ret_candidates, size_t *ret_count)
{
    size_t count = (size_t)PQntuples(result);
    struct group_candidate *candidates = ARENA_ARRAY(arena, struct group_candidate, count + 1);
    for (size_t i = 0; i < count; i++)
        candidates[i] = (struct group_candidate){column_text(arena, result, (int)i, 0),
                                                 column_text(arena, result, (int)i, 1)};
    PQclear(result);
    groups->count.node_rows += count;
    *ret_candidates = candidates;
    *ret_count = count;
    return 0;
}

int
groups_candidates(void *context, struct arena *arena, bool members, const struct sv *keys,
                  size_t count, struct group_candidate **ret_candidates, size_t *ret_count,
                  struct err *err)
{
    struct groups *groups = context;
    struct strbuf out;
    PGresult *result;
    int status = -1;
    strbuf_init(&out, SENT_BYTES_MAX);
    strbuf_add_char(&out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(&out);
        json_put_string(&out, keys[i]);
    }
    strbuf_add_char(&out, ']');
    const char *values[] = {groups->scope_no, out.ptr};
    if (out.overflow)
        err_set(err, ERR_LIMIT, "%zu nodes are too many to ask for at once", count);
    else
        status = store_sql(groups->store,
                           members ? QUERY_groups_candidate_members : QUERY_groups_candidates_of,
                           values, 2, &result, err);
    strbuf_release(&out);
    groups->count.statements++;
    return status == 0 ? take_candidates(groups, arena, result, ret_candidates, ret_count) : -1;
}

int
groups_change_candidates(void *context, bool put, const struct group_candidate *candidates,
                         size_t count, struct err *err)
{
    struct piece piece;
    int status = 0;
    groups_piece_begin(&piece, context,
                       put ? QUERY_groups_put_candidates : QUERY_groups_drop_candidates);
    for (size_t i = 0; i < count && status == 0; i++) {
        json_put_comma(&piece.rows);
        strbuf_add_char(&piece.rows, '{');
        json_put(&piece.rows, "n", candidates[i].node);
        if (put)
            json_put(&piece.rows, "c", candidates[i].candidate);
        strbuf_add_char(&piece.rows, '}');
        status = groups_piece_row(&piece, err);
    }
    return groups_piece_end(&piece, status, err);
}

int
groups_decisions(void *context, struct arena *arena, struct group_decision **ret_decisions,
                 size_t *ret_count, struct err *err)
{
    struct groups *groups = context;
    const char *values[] = {groups->scope_no};
    PGresult *result;
    if (store_sql(groups->store, QUERY_groups_decisions, values, 1, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct group_decision *decisions = ARENA_ARRAY(arena, struct group_decision, count + 1);
    for (size_t i = 0; i < count; i++)
        decisions[i] = (struct group_decision){column_text(arena, result, (int)i, 0),
                                               groups_column_bytes(arena, result, (int)i, 1)};
    PQclear(result);
    groups->count.statements++;
    groups->count.node_rows += count;
    *ret_decisions = decisions;
    *ret_count = count;
    return 0;
}

int
groups_put_decisions(void *context, const struct group_decision *decisions, size_t count,
                     struct err *err)
{
    struct piece piece;
    int status = 0;
    groups_piece_begin(&piece, context, QUERY_groups_put_decisions);
    for (size_t i = 0; i < count && status == 0; i++) {
        json_put_comma(&piece.rows);
        strbuf_add_char(&piece.rows, '{');
        json_put(&piece.rows, "d", decisions[i].id);
        groups_put_hex(&piece.rows, "c", decisions[i].content);
        strbuf_add_char(&piece.rows, '}');
        status = groups_piece_row(&piece, err);
    }
    return groups_piece_end(&piece, status, err);
}
