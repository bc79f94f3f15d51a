/*
 * What a database holds, for draft: see overview.h.
 */
#include "store/status/overview.h"

#include "store/pg/conn.h"

static int
read_rows(struct store *store, struct arena *arena, struct overview *overview, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_draft_read, NULL, 0, &result, err) != 0)
        return -1;
    int count = PQntuples(result);
    overview->row_count = (size_t)count;
    overview->rows = ARENA_ARRAY(arena, struct overview_row, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        overview->rows[i] = (struct overview_row){.format = column_text(arena, result, i, 0),
                                                  .kind = column_text(arena, result, i, 1),
                                                  .events = column_int(result, i, 2),
                                                  .first_ns = column_time(result, i, 3),
                                                  .last_ns = column_time(result, i, 4),
                                                  .untimed = column_int(result, i, 5)};
    PQclear(result);
    return 0;
}

static int
read_reasons(struct store *store, struct arena *arena, struct overview *overview, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_draft_quarantine, NULL, 0, &result, err) != 0)
        return -1;
    int count = PQntuples(result);
    overview->reason_count = (size_t)count;
    overview->reasons = ARENA_ARRAY(arena, struct overview_reason, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        overview->reasons[i] = (struct overview_reason){.reason = column_text(arena, result, i, 0),
                                                        .detail = column_text(arena, result, i, 1),
                                                        .records = column_int(result, i, 2)};
    PQclear(result);
    return 0;
}

static int
read_manifests(struct store *store, struct overview *overview, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_draft_manifests, NULL, 0, &result, err) != 0)
        return -1;
    overview->manifests = column_int(result, 0, 0);
    PQclear(result);
    return 0;
}

int
store_overview(struct store *store, struct arena *arena, struct overview *ret_overview,
               struct err *err)
{
    struct overview overview = {.busiest_ns = TIME_NONE};
    PGresult *result;
    if (read_rows(store, arena, &overview, err) != 0 ||
        read_reasons(store, arena, &overview, err) != 0 ||
        read_manifests(store, &overview, err) != 0 ||
        store_sql(store, QUERY_draft_busiest, NULL, 0, &result, err) != 0)
        return -1;
    if (PQntuples(result) > 0) {
        overview.busiest_ns = column_time(result, 0, 0);
        overview.busiest_events = column_int(result, 0, 1);
    }
    PQclear(result);
    *ret_overview = overview;
    return 0;
}

int
store_committed(struct store *store, const char *topic, int64_t *ret_next, int32_t partitions,
                struct err *err)
{
    PGresult *result;
    const char *values[] = {topic};
    if (store_sql(store, QUERY_draft_committed, values, 1, &result, err) != 0)
        return -1;
    for (int32_t i = 0; i < partitions; i++)
        ret_next[i] = 0;
    for (int i = 0; i < PQntuples(result); i++) {
        int64_t partition = column_int(result, i, 0);
        if (partition >= 0 && partition < partitions)
            ret_next[partition] = column_int(result, i, 1);
    }
    PQclear(result);
    return 0;
}
