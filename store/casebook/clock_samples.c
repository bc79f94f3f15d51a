/*
 * Cause and effect on two clocks: see hindcast/clocks.h. Called by `hindcast clocks` and
 * `timeline --aligned` on the main thread.
 */
#include "hindcast/clocks.h"

#include "base/strbuf.h"
#include "hindcast/evidence.h"
#include "store/casebook/columns.h"
#include "store/pg/query.h"

/* Names come again and again: of neighbouring rows one copy serves. */
static struct sv
name_of(struct arena *arena, const PGresult *result, int row, int column, struct sv last)
{
    struct sv name = sv_from(PQgetvalue(result, row, column));
    return sv_eq(name, last) && last.ptr != NULL ? last : arena_copy(arena, name);
}

/* A record that is not there any more proves nothing. */
static int
is_append(struct store *store, int64_t stream_id, int64_t offset, bool *ret_append, struct err *err)
{
    struct raw_record record;
    struct arena arena;
    arena_init(&arena, 0);
    int status = store_read_record(store, &arena, stream_id, offset, &record, err);
    *ret_append = status == 0 && record.found && record.record.timestamp_type == TIMESTAMP_APPEND;
    arena_release(&arena);
    return status;
}

/* Adds "{1,2}": partitions whose Kafka time is the broker's clock. */
static int
append_streams(struct store *store, const char *const bounds[2], struct strbuf *out,
               struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_clocks_streams, bounds, 2, &result, err) != 0)
        return -1;
    int status = 0;
    strbuf_add_char(out, '{');
    for (int row = 0; row < PQntuples(result) && status == 0; row++) {
        bool first = false, last = false;
        int64_t stream_id = column_int(result, row, 0);
        status = is_append(store, stream_id, column_int(result, row, 1), &first, err);
        if (status == 0 && first)
            status = is_append(store, stream_id, column_int(result, row, 2), &last, err);
        if (last)
            strbuf_addf(out, "%s%lld", out->len > 1 ? "," : "", (long long)stream_id);
    }
    strbuf_add_char(out, '}');
    PQclear(result);
    return status;
}

static int
read_samples(struct store *store, struct arena *arena, const char *const values[4], size_t most,
             struct clock_sample **ret_samples, size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_clocks_samples, values, 4, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct clock_sample last = {.from = SV_NONE, .to = SV_NONE};
    struct clock_sample *samples = ARENA_ARRAY(arena, struct clock_sample, count + 1);
    for (int row = 0; (size_t)row < count; row++) {
        last = (struct clock_sample){
            .from = name_of(arena, result, row, 0, last.from),
            .to = name_of(arena, result, row, 1, last.to),
            .lag_us = column_int(result, row, 2),
        };
        samples[row] = last;
    }
    PQclear(result);
    *ret_samples = samples;
    *ret_count = count;
    if (count <= most)
        return 0;
    err_set(err, ERR_LIMIT, "more than %zu pairs of times to compare", most);
    return err_hint(err, "ask for a shorter time with --since and --until");
}

int
store_clock_samples(struct store *store, struct arena *arena, int64_t since_ns, int64_t until_ns,
                    size_t most, struct clock_sample **ret_samples, size_t *ret_count,
                    struct err *err)
{
    char since[INT_TEXT], until[INT_TEXT], limit[INT_TEXT];
    struct strbuf streams;
    const char *values[4] = {bound_text(since_ns, since), bound_text(until_ns, until)};
    strbuf_init(&streams, 0);
    int status = append_streams(store, values, &streams, err);
    values[2] = streams.ptr;
    values[3] = int_text((int64_t)most + 1, limit);
    if (status == 0)
        status = read_samples(store, arena, values, most, ret_samples, ret_count, err);
    strbuf_release(&streams);
    return status;
}
