/*
 * Taking refused records out of a batch: see bisect.h. Memory only, on the thread that commits.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "store/delivery/bisect.h"
#include "store/delivery/row.h"

static const struct refusal *
refusal_of(const struct refusal *refusals, size_t count, int64_t offset)
{
    for (size_t i = 0; i < count; i++)
        if (refusals[i].offset == offset)
            return &refusals[i];
    return NULL;
}

static void
note_time(struct part *part, int64_t event_ns)
{
    if (event_ns == TIME_NONE) {
        part->untimed++;
        return;
    }
    if (part->min_event_ns == TIME_NONE || event_ns < part->min_event_ns)
        part->min_event_ns = event_ns;
    if (part->max_event_ns == TIME_NONE || event_ns > part->max_event_ns)
        part->max_event_ns = event_ns;
}

/*
 * Closes the buffer up over the rows of refused records; `rows` (may be NULL) goes along. What is
 * the format of each record is remembered from its first row: `formats` has `count` places.
 */
static size_t
close_up(struct part *part, struct strbuf *buf, struct log_row *rows, size_t *row_count,
         int format_place, const struct refusal *refusals, size_t count, char formats[][64])
{
    struct sv rest = strbuf_view(buf);
    size_t kept = 0, kept_rows = 0, gone = 0;
    struct row row;
    for (size_t i = 0; rest.len > 0; i++) {
        bool good = row_next(&rest, &row);
        assert(good);
        const struct refusal *refusal = refusal_of(refusals, count, row.offset);
        if (refusal != NULL) {
            struct sv format = row_field(&row, format_place);
            snprintf(formats[refusal - refusals], sizeof(formats[0]), SV_FMT, SV_ARG(format));
            tally_take_row(&part->tally, &row, rows != NULL);
            gone++;
            continue;
        }
        note_time(part, row.event_ns);
        if (rows != NULL) {
            rows[kept_rows] = rows[i];
            rows[kept_rows++].at = kept;
        }
        memmove(buf->ptr + kept, row.bytes.ptr, row.bytes.len);
        kept += row.bytes.len;
    }
    buf->len = kept;
    if (row_count != NULL)
        *row_count = kept_rows;
    return gone;
}

static void
add_quarantine(struct part *part, const struct refusal *refusal, const char *format)
{
    struct record record = {.offset = refusal->offset};
    struct decode_result result = {.status = DECODE_BAD,
                                   .reason = QUARANTINE_REFUSED,
                                   .format = sv_from(format),
                                   .detail = sv_from(refusal->detail)};
    rows_add_quarantine(part, &record, &result);
    assert(part->stored > 0);
    part->stored--;
    part->quarantined++;
}

/* All refusals are of this part. Returns how many rows it lost. */
static size_t
set_aside(struct part *part, const struct refusal *refusals, size_t count)
{
    char formats[REFUSED_PER_BATCH_MAX][64] = {""};
    assert(count <= REFUSED_PER_BATCH_MAX);
    part->min_event_ns = part->max_event_ns = TIME_NONE;
    part->untimed = 0;
    size_t gone = close_up(part, &part->log, part->log_rows, &part->log_count, LOG_FORMAT_PLACE,
                           refusals, count, formats);
    gone += close_up(part, &part->event, NULL, NULL, EVENT_FORMAT_PLACE, refusals, count, formats);
    for (size_t i = 0; i < count; i++)
        add_quarantine(part, &refusals[i], formats[i]);
    assert(part->events >= (int64_t)gone);
    part->events -= (int64_t)gone;
    return gone;
}

static size_t
rows_bytes(const struct part *part)
{
    return part->log.len + part->event.len + part->quarantine.len;
}

void
batch_set_aside(struct batch *batch, const struct refusal *refusals, size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        struct part *part = refusals[from].part;
        for (to = from; to < count && refusals[to].part == part;)
            to++;
        size_t before = rows_bytes(part);
        batch->events -= set_aside(part, &refusals[from], to - from);
        size_t after = rows_bytes(part);
        batch->bytes =
            after < before ? batch->bytes - (before - after) : batch->bytes + (after - before);
    }
}
