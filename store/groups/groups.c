/*
 * The rows of the groups of one scope: see hindcast/groups.h.
 */
#include "store/groups/groups.h"

#include <stdio.h>

struct groups *
groups_of_set(struct store *store, struct arena *arena, const char *scope_no)
{
    struct groups *groups = ARENA_NEW(arena, struct groups);
    *groups = (struct groups){.store = store};
    snprintf(groups->scope_no, sizeof(groups->scope_no), "%s", scope_no);
    groups->rows = (struct group_rows){.context = groups,
                                       .nearest = groups_nearest,
                                       .ask = groups_ask,
                                       .change = groups_change,
                                       .change_keys = groups_change_keys,
                                       .series = groups_series,
                                       .beside = groups_beside,
                                       .within = groups_within,
                                       .records = groups_records,
                                       .look = groups_look,
                                       .hours = groups_hours,
                                       .change_records = groups_change_records,
                                       .candidates = groups_candidates,
                                       .change_candidates = groups_change_candidates,
                                       .decisions = groups_decisions,
                                       .put_decisions = groups_put_decisions};
    return groups;
}

int
groups_open(struct store *store, struct arena *arena, struct sv scope, struct groups **ret_groups,
            struct sv *ret_config, struct err *err)
{
    PGresult *result;
    const char *name = arena_strdup(arena, scope);
    if (store_sql(store, QUERY_groups_open, &name, 1, &result, err) != 0)
        return -1;
    if (PQntuples(result) != 1) { /* another transaction made it, after this one began */
        PQclear(result);
        return err_set(err, ERR_DB_CONFLICT, "the groups of scope '" SV_FMT "' were just made",
                       SV_ARG(scope));
    }
    char scope_no[INT_TEXT];
    int_text(column_int(result, 0, 0), scope_no);
    struct groups *groups = groups_of_set(store, arena, scope_no);
    int_text(-column_int(result, 0, 0), scope_no);
    groups->waiting = groups_of_set(store, arena, scope_no);
    groups_init_floods(groups);
    *ret_config = column_text(arena, result, 0, 1);
    PQclear(result);
    *ret_groups = groups;
    return 0;
}

const struct group_rows *
groups_rows(struct groups *groups)
{
    return &groups->rows;
}

struct groups_count
groups_counted(const struct groups *groups)
{
    struct groups_count sum = groups->count;
    if (groups->waiting == NULL)
        return sum;
    const struct groups_count *waiting = &groups->waiting->count;
    sum.statements += waiting->statements;
    sum.key_rows += waiting->key_rows;
    sum.node_rows += waiting->node_rows;
    sum.record_rows += waiting->record_rows;
    sum.written += waiting->written;
    return sum;
}

int
groups_clear(struct groups *groups, struct err *err)
{
    const char *values[] = {groups->scope_no};
    return store_do(groups->store, QUERY_groups_clear, values, 1, NULL, err);
}

int
groups_whole(struct groups *groups, struct sv config_digest, struct err *err)
{
    char digest[160];
    snprintf(digest, sizeof(digest), SV_FMT, SV_ARG(config_digest));
    const char *values[] = {groups->scope_no, digest};
    return store_do(groups->store, QUERY_groups_whole, values, 2, NULL, err);
}
