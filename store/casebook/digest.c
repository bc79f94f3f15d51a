/*
 * Digests of the records behind observations, see digest.h. Called by casebook_load()
 * within its snapshot, on the thread of the connection.
 */
#include "store/casebook/digest.h"

#include <string.h>

#include "store/evidence/kept.h"
#include "store/pg/conn.h"
#include "store/pg/copy.h"

/* One dimension: dimensions, null flag, element type, length, lower bound; then length and value
 * each. */
#define ARRAY_HEADER 20

struct pending {
    struct observation *observations;
    size_t at, end; /* [at, end): of one stream, not yet dealt with */
    bool few;       /* they lie far apart: what lies between is not read */
};

/* Segments that are at hand at once; casebook_segments.sql has the same. */
#define SEGMENTS_MAX 32

/* A row of casebook_segments.sql in binary form. */
struct stored_segment {
    int64_t first_offset;
    size_t records;
    struct sv offsets; /* absent: contiguous */
    struct sv ends;
    struct sv data;
};

static int64_t
segment_offset(const struct stored_segment *segment, size_t at)
{
    if (segment->offsets.ptr == NULL)
        return segment->first_offset + (int64_t)at;
    return get_be64(segment->offsets.ptr + ARRAY_HEADER + at * 12 + 4);
}

static size_t
segment_end(const struct stored_segment *segment, size_t at)
{
    return get_be32(segment->ends.ptr + ARRAY_HEADER + at * 8 + 4);
}

/* False when the row's columns do not fit one another; then nothing in it can be trusted. */
static bool
take_row(const PGresult *result, int row, struct stored_segment *ret_segment)
{
    struct stored_segment segment = {
        .first_offset = get_be64(PQgetvalue(result, row, 0)),
        .records = get_be32(PQgetvalue(result, row, 1)),
        .offsets = column_view(result, row, 2),
        .ends = column_view(result, row, 3),
        .data = column_view(result, row, 4),
    };
    if (segment.records == 0 || segment.records > SEGMENT_RECORDS_MAX ||
        segment.ends.len != ARRAY_HEADER + segment.records * 8 ||
        (segment.offsets.ptr != NULL && segment.offsets.len != ARRAY_HEADER + segment.records * 12))
        return false;
    *ret_segment = segment;
    return true;
}

/* Give the digests of record `at` of the segment to the observations of its offset. */
static int
take_record(struct pending *pending, const struct stored_segment *segment, struct sv bytes,
            size_t at, struct arena *arena, struct err *err)
{
    struct record record;
    struct sha256 value, whole;
    int64_t offset = segment_offset(segment, at);
    size_t from = at == 0 ? 0 : segment_end(segment, at - 1);
    struct sv frame = sv_slice(bytes, from, segment_end(segment, at));
    if (segment_read(frame, arena, &record, err) != 0)
        return -1;
    sha256_of(record.value.ptr, record.value.len, &value);
    frame_digest(frame_front(frame, record.value.len), &value, &whole);
    for (; pending->at < pending->end && pending->observations[pending->at].at.offset == offset;
         pending->at++) {
        pending->observations[pending->at].sha256 = value;
        pending->observations[pending->at].frame = whole;
    }
    return 0;
}

/*
 * A segment that cannot be unpacked leaves its digests zero: the timeline still comes, and verify
 * names the break.
 */
static void
take_segment(struct pending *pending, const struct stored_segment *segment)
{
    struct arena arena;
    struct sv bytes;
    struct err broken;
    int64_t last = segment_offset(segment, segment->records - 1);
    if (pending->at == pending->end || pending->observations[pending->at].at.offset > last)
        return;
    arena_init(&arena, SEGMENT_BYTES_MAX);
    if (segment_unpack(segment->data, &arena, &bytes, &broken) == 0) {
        for (size_t i = 0; i < segment->records && pending->at < pending->end; i++) {
            int64_t offset = segment_offset(segment, i);
            while (pending->at < pending->end &&
                   pending->observations[pending->at].at.offset < offset)
                pending->at++;
            if (pending->at < pending->end &&
                pending->observations[pending->at].at.offset == offset &&
                take_record(pending, segment, bytes, i, &arena, &broken) != 0)
                break;
        }
    }
    while (pending->at < pending->end && pending->observations[pending->at].at.offset <= last)
        pending->at++;
    arena_release(&arena);
}

/* The segments of the next offsets from here on; *ret_end: the first observation that is not asked
 * for. */
static int
ask_segments(struct store *store, const struct pending *pending, PGresult **ret_result,
             size_t *ret_end, struct err *err)
{
    char stream[INT_TEXT];
    struct strbuf offsets;
    const char *values[2] = {int_text(pending->observations[pending->at].at.stream_id, stream)};
    int64_t last = -1;
    size_t at = pending->at, asked = 0;
    strbuf_init(&offsets, 0);
    strbuf_add_char(&offsets, '{');
    for (; at < pending->end; at++) {
        int64_t offset = pending->observations[at].at.offset;
        if (offset != last && ++asked > SEGMENTS_MAX)
            break;
        if (offset != last)
            strbuf_addf(&offsets, "%s%lld", asked == 1 ? "" : ",", (long long)offset);
        last = offset;
    }
    strbuf_add_char(&offsets, '}');
    values[1] = offsets.ptr;
    int status = store_sql_binary(store, QUERY_part_segments, values, 2, ret_result, err);
    strbuf_release(&offsets);
    *ret_end = at;
    return status;
}

/* A stream of few records: only the segments in which they lie. */
static int
take_few(struct store *store, struct pending *pending, struct err *err)
{
    while (pending->at < pending->end) {
        PGresult *result;
        size_t end;
        if (ask_segments(store, pending, &result, &end, err) != 0)
            return -1;
        for (int row = 0; row < PQntuples(result); row++) {
            struct stored_segment segment;
            if (take_row(result, row, &segment))
                take_segment(pending, &segment);
        }
        PQclear(result);
        if (pending->at < end)
            pending->at = end;
    }
    return 0;
}

static int
take_stream(struct store *store, struct pending *pending, struct err *err)
{
    while (pending->at < pending->end) {
        const struct coordinates *first = &pending->observations[pending->at].at;
        char stream[INT_TEXT], offset[INT_TEXT];
        const char *values[] = {int_text(first->stream_id, stream),
                                int_text(first->offset, offset)};
        size_t before = pending->at;
        PGresult *result;
        if (store_sql_binary(store, QUERY_casebook_segments, values, 2, &result, err) != 0)
            return -1;
        int rows = PQntuples(result);
        for (int row = 0; row < rows; row++) {
            struct stored_segment segment;
            if (take_row(result, row, &segment))
                take_segment(pending, &segment);
        }
        PQclear(result);
        if (rows == 0)
            pending->at = pending->end;
        else if (pending->at == before)
            pending->at++;
    }
    return 0;
}

/* Row `row` of casebook_kept_digests.sql; false: damaged, as verify will say. */
static bool
read_kept(const PGresult *result, int row, struct sha256 *ret_value, struct sha256 *ret_frame)
{
    struct arena arena;
    struct sv digest = column_view(result, row, 1);
    struct record record = {.key = column_view(result, row, 2)};
    if (!column_null(result, row, 4))
        record.value = sv_of("", get_be32(PQgetvalue(result, row, 4))); /* its length only */
    arena_init(&arena, 0);
    bool good =
        digest.len == SHA256_BYTES && kept_headers(&arena, column_view(result, row, 3), &record);
    if (good) {
        size_t len = frame_front_size(&record);
        char *front = arena_alloc(&arena, len);
        frame_put_front(front, &record);
        memcpy(ret_value->bytes, digest.ptr, SHA256_BYTES);
        frame_digest(sv_of(front, len), ret_value, ret_frame);
    }
    arena_release(&arena);
    return good;
}

static int
ask_kept(struct store *store, const struct pending *pending, PGresult **ret_result, struct err *err)
{
    const struct observation *first = &pending->observations[pending->at];
    char stream[INT_TEXT], from[INT_TEXT], to[INT_TEXT];
    const char *values[] = {int_text(first->at.stream_id, stream), int_text(first->at.offset, from),
                            int_text(pending->observations[pending->end - 1].at.offset, to)};
    if (!pending->few)
        return store_sql_binary(store, QUERY_casebook_kept_digests, values, 3, ret_result, err);
    struct strbuf offsets;
    strbuf_init(&offsets, 0);
    for (size_t i = pending->at; i < pending->end; i++)
        strbuf_addf(&offsets, "%s%lld", i == pending->at ? "{" : ",",
                    (long long)pending->observations[i].at.offset);
    strbuf_add_char(&offsets, '}');
    values[1] = offsets.ptr;
    int status = store_sql_binary(store, QUERY_part_kept_digests, values, 2, ret_result, err);
    strbuf_release(&offsets);
    return status;
}

/* Records that outlived their segments. Segments come after, so that bytes go before what was kept.
 */
static int
take_kept(struct store *store, const struct pending *pending, struct err *err)
{
    PGresult *result;
    if (ask_kept(store, pending, &result, err) != 0)
        return -1;
    size_t at = pending->at;
    for (int row = 0; row < PQntuples(result); row++) {
        int64_t offset = get_be64(PQgetvalue(result, row, 0));
        struct sha256 value, frame;
        bool good = read_kept(result, row, &value, &frame);
        while (at < pending->end && pending->observations[at].at.offset < offset)
            at++;
        for (; at < pending->end && pending->observations[at].at.offset == offset; at++) {
            if (!good)
                continue;
            pending->observations[at].sha256 = value;
            pending->observations[at].frame = frame;
        }
    }
    PQclear(result);
    return 0;
}

static int
take_all(struct store *store, struct pending *pending, size_t count, struct err *err)
{
    while (pending->end < count) {
        int64_t stream_id = pending->observations[pending->end].at.stream_id;
        pending->at = pending->end;
        while (pending->end < count &&
               pending->observations[pending->end].at.stream_id == stream_id)
            pending->end++;
        if (take_kept(store, pending, err) != 0 ||
            (pending->few ? take_few(store, pending, err) : take_stream(store, pending, err)) != 0)
            return -1;
    }
    return 0;
}

int
casebook_digests(struct store *store, struct observation *observations, size_t count,
                 struct err *err)
{
    struct pending pending = {.observations = observations};
    return take_all(store, &pending, count, err);
}

int
casebook_digests_of_few(struct store *store, struct observation *observations, size_t count,
                        struct err *err)
{
    struct pending pending = {.observations = observations, .few = true};
    return take_all(store, &pending, count, err);
}
