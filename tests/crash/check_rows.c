/*
 * Rows, quarantine and raw records of one stream, compared record by record with what was produced:
 * see crash.h. Main thread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hindcast/evidence.h"
#include "hindcast/store.h"
#include "tests/crash/crash.h"

struct place {
    int64_t offset;
    int index;
};

static void
next_place(struct place *place, const int64_t *numbers, int64_t count, char *text, size_t size,
           bool *ret_log)
{
    for (place->index++; place->offset < count; place->offset++, place->index = 0)
        if (oracle_event(numbers[place->offset], place->index, text, size, ret_log))
            return;
}

static void
compare_rows(struct run *run, int64_t stream_id, const PGresult *result, const int64_t *numbers,
             int64_t count)
{
    struct place place = {0, -1};
    char text[64];
    bool log = false;
    for (int row = 0; row < PQntuples(result); row++) {
        next_place(&place, numbers, count, text, sizeof(text), &log);
        int64_t offset = strtoll(PQgetvalue(result, row, 0), NULL, 10);
        bool same = place.offset < count && offset == place.offset &&
                    strtol(PQgetvalue(result, row, 1), NULL, 10) == place.index &&
                    strcmp(PQgetvalue(result, row, 2), text) == 0 &&
                    (PQgetvalue(result, row, 3)[0] == 't') == log;
        if (!same)
            fail_run(run, "stream %lld: row (%lld, %s, '%s'), expected (%lld, %d, '%s')",
                     (long long)stream_id, (long long)offset, PQgetvalue(result, row, 1),
                     PQgetvalue(result, row, 2), (long long)place.offset, place.index,
                     place.offset < count ? text : "none");
    }
    next_place(&place, numbers, count, text, sizeof(text), &log);
    if (place.offset < count)
        fail_run(run, "stream %lld: the row of offset %lld is missing, and all after it",
                 (long long)stream_id, (long long)place.offset);
}

static void
compare_quarantine(struct run *run, int64_t stream_id, const PGresult *result,
                   const int64_t *numbers, int64_t count)
{
    int row = 0;
    for (int64_t i = 0; i < count; i++) {
        enum record_sort sort = oracle_sort(numbers[i]);
        const char *reason = sort == SORT_BROKEN  ? "syntax"
                             : sort == SORT_BLANK ? "empty_value"
                                                  : NULL;
        if (reason == NULL)
            continue;
        if (row == PQntuples(result) || strtoll(PQgetvalue(result, row, 0), NULL, 10) != i ||
            (sort == SORT_BLANK && strcmp(PQgetvalue(result, row, 1), reason) != 0))
            fail_run(run, "stream %lld: offset %lld is not quarantined as %s", (long long)stream_id,
                     (long long)i, reason);
        row++;
    }
    if (row != PQntuples(result))
        fail_run(run, "stream %lld: more records in quarantine than were bad",
                 (long long)stream_id);
}

static bool
same_bytes(struct sv a, struct sv b)
{
    return (a.ptr == NULL) == (b.ptr == NULL) && sv_eq(a, b);
}

/* Every record out of its segment, with the Merkle root computed again. */
static void
compare_evidence(struct run *run, int64_t stream_id, const int64_t *numbers, int64_t count)
{
    struct store_options options = {.conninfo = "", .application_name = "crash check"};
    struct store *store = NULL;
    struct err err = {0};
    struct arena arena;
    if (store_open(&store, &options, &err) != 0)
        fail_run(run, "%s", err.message);
    arena_init(&arena, 0);
    for (int64_t i = 0; i < count; i++) {
        struct raw_record raw;
        char buffer[512], key[32];
        struct sv value;
        oracle_record(numbers[i], buffer, &value, key);
        if (store_read_record(store, &arena, stream_id, i, &raw, &err) != 0)
            fail_run(run, "%s", err.message);
        if (!raw.found || !raw.root_matches || !same_bytes(raw.record.value, value) ||
            !sv_eq(raw.record.key, sv_from(key)))
            fail_run(run, "stream %lld: offset %lld is not in evidence as it was produced",
                     (long long)stream_id, (long long)i);
        arena_reset(&arena);
    }
    arena_release(&arena);
    store_close(store);
}

void
check_rows(struct run *run, int64_t stream_id, const int64_t *numbers, int64_t count)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "SELECT record_offset, idx, body, true, $1 FROM ingest.log WHERE stream_id = %lld "
             "UNION ALL SELECT record_offset, idx, coalesce(body, title), false, $1 "
             "FROM ingest.event WHERE stream_id = %lld ORDER BY 1, 2, 3",
             (long long)stream_id, (long long)stream_id);
    PGresult *result = database_query(run, sql);
    compare_rows(run, stream_id, result, numbers, count);
    PQclear(result);
    snprintf(sql, sizeof(sql),
             "SELECT record_offset, reason, $1 FROM evidence.quarantine WHERE stream_id = %lld "
             "ORDER BY 1",
             (long long)stream_id);
    result = database_query(run, sql);
    compare_quarantine(run, stream_id, result, numbers, count);
    PQclear(result);
    compare_evidence(run, stream_id, numbers, count);
}
