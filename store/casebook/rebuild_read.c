/*
 * What a rebuild reads, piece by piece: see hindcast/rebuild.h. Records that came more than once
 * are known first, so that every other one is what one table has of it.
 */
#include "store/casebook/digest.h"
#include "store/casebook/rebuild.h"

#define PLACE_COLUMN 40 /* behind those of casebook_observations.sql */

const char *
rebuild_positions(struct arena *arena, const struct cursor_position *cursor, size_t count)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    strbuf_add_char(&out, '{');
    for (size_t i = 0; i < count; i++)
        if (cursor[i].stream_id > 0)
            strbuf_addf(&out, "%s\"%lld\":%lld", out.len > 1 ? "," : "",
                        (long long)cursor[i].stream_id, (long long)cursor[i].seq);
    strbuf_add_char(&out, '}');
    const char *positions = arena_strdup(arena, strbuf_view(&out));
    strbuf_release(&out);
    return positions;
}

static void
next_stage(struct rebuild *rebuild)
{
    rebuild->stage++;
    rebuild->place = "{}";
}

/* ------------------------------------------------------------------ records that came again */

/* As PostgreSQL reads an array. */
static void
list_uids(const PGresult *result, struct strbuf *out)
{
    strbuf_add_char(out, '{');
    for (int row = 0; row < PQntuples(result); row++) {
        strbuf_add_text(out, row == 0 ? "" : ",");
        strbuf_add_sv(out, column_view(result, row, 0));
    }
    strbuf_add_char(out, '}');
}

static int
read_again(struct rebuild *rebuild, struct loading *loading, const char *limit, size_t piece,
           struct err *err)
{
    const char *values[] = {loading->scope, rebuild->scope_no, rebuild->place, limit};
    struct strbuf uids;
    PGresult *result;
    if (store_sql(loading->store, QUERY_rebuild_again, values, 4, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    strbuf_init(&uids, 0);
    list_uids(result, &uids);
    if (rows > 0)
        rebuild->place = arena_strdup(rebuild->arena, column_view(result, rows - 1, 1));
    PQclear(result);
    int status = rows == 0 ? 0 : part_load(loading, uids.ptr, "[]", err);
    strbuf_release(&uids);
    if ((size_t)rows < piece)
        next_stage(rebuild);
    return status;
}

/* ------------------------------------------------------------------ each table */

static int
read_table(struct rebuild *rebuild, struct loading *loading, enum query query, const char *limit,
           size_t piece, struct err *err)
{
    const char *values[] = {loading->scope, rebuild->scope_no, rebuild->place, limit};
    PGresult *result;
    if (store_sql(loading->store, query, values, 4, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    for (int row = 0; row < rows; row++)
        loading_row(loading, result, row);
    if (rows > 0)
        rebuild->place = arena_strdup(rebuild->arena, column_view(result, 0, PLACE_COLUMN));
    PQclear(result);
    rebuild->done += rows;
    if ((size_t)rows < piece)
        next_stage(rebuild);
    return casebook_digests_of_few(loading->store, loading->observations, loading->count, err);
}

/* ------------------------------------------------------------------ pieces */

static int
read_news(struct rebuild *rebuild, struct loading *loading, size_t piece,
          struct rebuild_piece *ret_piece, struct err *err)
{
    struct part_since since = {.positions = rebuild->positions, .offsets = piece, .whole = NULL};
    if (part_load_since(loading, &since, err) != 0)
        return -1;
    rebuild->positions = arena_strdup(rebuild->arena, sv_from(since.reached));
    ret_piece->whole = since.whole;
    ret_piece->last = !since.more;
    return 0;
}

static int
read_stage(struct rebuild *rebuild, struct loading *loading, size_t piece,
           struct rebuild_piece *ret_piece, struct err *err)
{
    static const enum query queries[] = {[REBUILD_EVENTS] = QUERY_rebuild_events,
                                         [REBUILD_LINES] = QUERY_rebuild_lines,
                                         [REBUILD_KEPT_LINES] = QUERY_rebuild_kept_lines};
    char limit[INT_TEXT];
    int_text((int64_t)piece, limit);
    switch (rebuild->stage) {
    case REBUILD_AGAIN:
        return read_again(rebuild, loading, limit, piece, err);
    case REBUILD_EVENTS:
    case REBUILD_LINES:
    case REBUILD_KEPT_LINES:
        return read_table(rebuild, loading, queries[rebuild->stage], limit, piece, err);
    case REBUILD_NEWS:
    case REBUILD_TELL:
        return read_news(rebuild, loading, piece, ret_piece, err);
    }
    return 0;
}

int
rebuild_read(struct rebuild *rebuild, size_t piece, struct rebuild_piece *ret_piece,
             struct err *err)
{
    struct loading loading = rebuild->part.loading;
    *ret_piece = (struct rebuild_piece){.input = {.scope = sv_from(loading.scope)}};
    loading.observations = NULL;
    loading.count = loading.size = loading.left_out = 0;
    int status = read_stage(rebuild, &loading, piece, ret_piece, err);
    if (status == 0)
        status = loading_decided(&loading, &ret_piece->input, err);
    if (status == 0 && ret_piece->last)
        rebuild->stage = REBUILD_TELL;
    if (status != 0) {
        part_overtaken(err);
        return -1;
    }
    loading_take(&loading, &ret_piece->input);
    return 0;
}
