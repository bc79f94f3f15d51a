/*
 * Filling a batch: see hindcast/batch.h. The worker's thread; commit.c writes what lies here.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "store/delivery/part.h"

#include "base/memory.h"

#define SPARE_PARTS_MAX 16
#define TAIL_COPY_MAX ((size_t)64 * 1024) /* larger values are hashed at once */

struct batch *
batch_new(const struct batch_limits *limits)
{
    struct batch *batch = memory_calloc(1, sizeof(*batch));
    if (limits != NULL)
        batch->limits = *limits;
    else
        batch->limits.evidence = true;
    if (batch->limits.rows == 0)
        batch->limits.rows = 10000;
    if (batch->limits.bytes == 0)
        batch->limits.bytes = (size_t)16 * 1024 * 1024;
    if (batch->limits.age_ns == 0)
        batch->limits.age_ns = 500 * NS_PER_MS;
    batch->decoding = DECODING_ANY;
    batch_set_clock(batch, clock_now_ns());
    return batch;
}

static void
part_free(struct part *part)
{
    strbuf_release(&part->log);
    strbuf_release(&part->event);
    strbuf_release(&part->quarantine);
    strbuf_release(&part->segments);
    strbuf_release(&part->tail_value);
    strbuf_release(&part->news.names);
    tally_release(&part->tally);
    segment_release(&part->open);
    free(part->log_rows);
    free(part);
}

/* Makes room for one more pointer. */
static void
grow(struct part ***parts, size_t count, size_t *size)
{
    *parts = memory_grow(*parts, size, count + 1, sizeof(struct part *));
}

static void
part_retire(struct batch *batch, struct part *part)
{
    if (batch->spare_count == SPARE_PARTS_MAX) {
        part_free(part);
        return;
    }
    grow(&batch->spare, batch->spare_count, &batch->spare_size);
    batch->spare[batch->spare_count++] = part;
}

void
batch_clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        part_retire(batch, batch->parts[i]);
    batch->count = 0;
    batch->bytes = batch->records = batch->events = 0;
    batch->began_ns = 0;
}

void
batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    batch_clear(batch);
    for (size_t i = 0; i < batch->spare_count; i++)
        part_free(batch->spare[i]);
    free(batch->spare);
    free(batch->parts);
    free(batch);
}

static struct part *
find_part(const struct batch *batch, int64_t stream_id)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->parts[i]->stream_id == stream_id)
            return batch->parts[i];
    return NULL;
}

static struct part *
part_new(void)
{
    struct part *part = memory_calloc(1, sizeof(*part));
    strbuf_init(&part->log, 0);
    strbuf_init(&part->event, 0);
    strbuf_init(&part->quarantine, 0);
    strbuf_init(&part->segments, 0);
    strbuf_init(&part->tail_value, 0);
    strbuf_init(&part->news.names, 0);
    tally_init(&part->tally);
    segment_init(&part->open);
    return part;
}

/* Empty, with the memory of its buffers. */
static void
part_empty(struct part *part)
{
    struct part kept = *part;
    *part = (struct part){.log = kept.log,
                          .event = kept.event,
                          .quarantine = kept.quarantine,
                          .segments = kept.segments,
                          .tail_value = kept.tail_value,
                          .news = kept.news,
                          .tally = kept.tally,
                          .log_rows = kept.log_rows,
                          .log_size = kept.log_size,
                          .open.data = kept.open.data};
    strbuf_clear(&part->log);
    strbuf_clear(&part->event);
    strbuf_clear(&part->quarantine);
    strbuf_clear(&part->segments);
    strbuf_clear(&part->open.data);
    news_clear(&part->news);
    tally_clear(&part->tally);
}

static struct part *
add_part(struct batch *batch, const struct stream *stream, int64_t first_offset)
{
    assert(stream->stream_id > 0 && first_offset >= 0);
    struct part *part = batch->spare_count > 0 ? batch->spare[--batch->spare_count] : part_new();
    part_empty(part);
    part->stream_id = stream->stream_id;
    part->first_offset = part->next_offset = first_offset;
    part->min_event_ns = part->max_event_ns = TIME_NONE;
    part->tail_offset = -1;
    part->tail_time_ns = TIME_NONE;
    grow(&batch->parts, batch->count, &batch->size);
    batch->parts[batch->count++] = part;
    return part;
}

void
batch_set_clock(struct batch *batch, int64_t now_ns)
{
    batch->clock_ns = now_ns - clock_elapsed_ns();
}

void
batch_set_decoding(struct batch *batch, int64_t number)
{
    assert(batch_empty(batch) && number >= DECODING_ANY);
    batch->decoding = number;
}

/* Of the table's days the one that is next, whatever the clock says. */
static int32_t
today(const struct batch *batch)
{
    int64_t now = batch->clock_ns + clock_elapsed_ns();
    if (now < TIME_MIN_NS)
        now = TIME_MIN_NS;
    return (int32_t)((now < TIME_MAX_NS ? now : TIME_MAX_NS) / NS_PER_DAY);
}

static struct part *
part_of(struct batch *batch, const struct stream *stream, int64_t first_offset)
{
    struct part *part = find_part(batch, stream->stream_id);
    if (batch->began_ns == 0) {
        batch->began_ns = clock_monotonic_ns();
        batch->day = today(batch);
    }
    return part != NULL ? part : add_part(batch, stream, first_offset);
}

static size_t
part_bytes(const struct part *part)
{
    return part->log.len + part->event.len + part->quarantine.len + part->segments.len +
           part->open.data.len;
}

static void
add_events(struct part *part, const struct record *record, const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        if (event->kind == EVENT_LOG)
            rows_add_log(part, record, event, (int)i);
        else
            rows_add_event(part, record, event, (int)i);
        tally_event(&part->tally, event);
        if (news_counts(event))
            news_add(&part->news, event->scope);
        if (event->event_time_ns == TIME_NONE) {
            part->untimed++;
            continue;
        }
        if (part->min_event_ns == TIME_NONE || event->event_time_ns < part->min_event_ns)
            part->min_event_ns = event->event_time_ns;
        if (part->max_event_ns == TIME_NONE || event->event_time_ns > part->max_event_ns)
            part->max_event_ns = event->event_time_ns;
    }
    part->events += (int64_t)count;
}

static void
add_evidence(struct batch *batch, struct part *part, const struct stream *stream,
             const struct record *record)
{
    if (!segment_fits(&part->open, record))
        segment_cut(&part->open, part->stream_id, batch->day, &part->segments);
    segment_add(&part->open, stream, record);
}

/* Without evidence only the last record's digest is wanted, and nobody knows yet which it is. */
static void
keep_tail(struct part *part, const struct record *record)
{
    part->tail_hashed = record->value.len > TAIL_COPY_MAX;
    if (part->tail_hashed) {
        sha256_of(record->value.ptr, record->value.len, &part->tail_sha256);
    } else {
        strbuf_clear(&part->tail_value);
        strbuf_add_sv(&part->tail_value, record->value);
    }
}

static void
count_outcome(struct part *part, enum outcome outcome)
{
    int64_t *counters[] = {[OUTCOME_STORED] = &part->stored,
                           [OUTCOME_EMPTY] = &part->empty,
                           [OUTCOME_TOMBSTONE] = &part->tombstones,
                           [OUTCOME_QUARANTINED] = &part->quarantined};
    part->records++;
    ++*counters[outcome];
}

void
batch_add(struct batch *batch, const struct stream *stream, const struct record *record,
          enum outcome outcome, const struct event *events, size_t count,
          const struct decode_result *result)
{
    struct part *part = part_of(batch, stream, record->offset);
    size_t before = part_bytes(part);
    /* Gaps are accounted for first, by batch_add_holes() or batch_add_lost(). */
    assert(record->offset == part->next_offset);
    assert(outcome == OUTCOME_STORED || count == 0);
    count_outcome(part, outcome);
    if (outcome == OUTCOME_STORED)
        add_events(part, record, events, count);
    if (outcome == OUTCOME_QUARANTINED)
        rows_add_quarantine(part, record, result);
    if (batch->limits.evidence)
        add_evidence(batch, part, stream, record);
    else
        keep_tail(part, record);
    part->tail_offset = record->offset;
    part->tail_time_ns = record->kafka_time_ns;
    part->next_offset = record->offset + 1;
    part->value_bytes += (int64_t)record->value.len;
    batch->records++;
    batch->events += count;
    batch->bytes += part_bytes(part) - before;
}

void
batch_note_skipped(struct batch *batch, const struct stream *stream, size_t lines)
{
    struct part *part = find_part(batch, stream->stream_id);
    assert(part != NULL && part->records > 0);
    part->skipped_lines += (int64_t)lines;
}

void
batch_add_holes(struct batch *batch, const struct stream *stream, int64_t from, int64_t to)
{
    struct part *part = part_of(batch, stream, from);
    assert(from == part->next_offset && to >= from);
    part->holes += to - from;
    part->next_offset = to;
}

void
batch_add_lost(struct batch *batch, const struct stream *stream, int64_t from, int64_t to)
{
    struct part *part = part_of(batch, stream, from);
    assert(from == part->next_offset && to >= from);
    part->lost += to - from;
    part->next_offset = to;
}

void
batch_seal(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct part *part = batch->parts[i];
        /* The ledger of a batch: docs/delivery.md. */
        assert(part->records == part->stored + part->empty + part->tombstones + part->quarantined);
        assert(part->next_offset - part->first_offset == part->records + part->holes + part->lost);
        segment_cut(&part->open, part->stream_id, batch->day, &part->segments);
        if (part->tail_offset >= 0 && batch->limits.evidence)
            part->tail_sha256 = part->open.last_value;
        else if (part->tail_offset >= 0 && !part->tail_hashed)
            sha256_of(part->tail_value.ptr, part->tail_value.len, &part->tail_sha256);
    }
}

bool
batch_empty(const struct batch *batch)
{
    return batch->count == 0;
}

bool
batch_large(const struct batch *batch)
{
    return batch->records >= batch->limits.rows || batch->events >= batch->limits.rows ||
           batch->bytes >= batch->limits.bytes;
}

bool
batch_full(const struct batch *batch, int64_t now_monotonic_ns)
{
    return !batch_empty(batch) &&
           (batch_large(batch) || now_monotonic_ns - batch->began_ns >= batch->limits.age_ns);
}

static void
add_counts(struct batch_counts *sum, const struct part *part)
{
    sum->records += part->records;
    sum->events += part->events;
    sum->quarantined += part->quarantined;
    sum->tombstones += part->tombstones;
    sum->skipped_lines += part->skipped_lines;
    sum->value_bytes += part->value_bytes;
}

bool
batch_has_news(const struct batch *batch)
{
    bool any = false;
    for (size_t i = 0; i < batch->count; i++)
        any |= batch->parts[i]->news.every || batch->parts[i]->news.count > 0;
    return any;
}

struct batch_counts
batch_counts(const struct batch *batch)
{
    struct batch_counts sum = {0};
    for (size_t i = 0; i < batch->count; i++)
        add_counts(&sum, batch->parts[i]);
    return sum;
}

struct batch_counts
batch_counts_of(const struct batch *batch, int64_t stream_id)
{
    struct batch_counts sum = {0};
    const struct part *part = find_part(batch, stream_id);
    if (part != NULL)
        add_counts(&sum, part);
    return sum;
}

void
batch_drop_stream(struct batch *batch, int64_t stream_id)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct part *part = batch->parts[i];
        if (part->stream_id != stream_id)
            continue;
        size_t bytes = part_bytes(part);
        batch->bytes -= bytes < batch->bytes ? bytes : batch->bytes;
        assert(batch->records >= (size_t)part->records && batch->events >= (size_t)part->events);
        batch->records -= (size_t)part->records;
        batch->events -= (size_t)part->events;
        part_retire(batch, part);
        batch->count--;
        memmove(&batch->parts[i], &batch->parts[i + 1], (batch->count - i) * sizeof(struct part *));
        break;
    }
    if (batch->count == 0)
        batch_clear(batch);
}

int64_t
batch_next_offset(const struct batch *batch, int64_t stream_id)
{
    const struct part *part = find_part(batch, stream_id);
    return part == NULL ? -1 : part->next_offset;
}
