/*
 * Offsets that are not the expected ones. Kafka numbers records without gaps except for transaction
 * markers, aborted transactions and compaction; retention takes records away at the front, and a
 * topic that was deleted and created again starts over. Each has its own proof here, and what has
 * none stops with ERR_GAP: nothing is skipped in silence. Worker's thread.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/worker.h"

#define GAP_TRIES_MAX 3
#define SILENCE_NS (5 * NS_PER_S)
#define FLUSH_NS (10 * NS_PER_S) /* to commit what belongs to the old topic */

/* A call that failed: wait for what helps, else stop. The part is claimed and positioned again. */
static void
try_later(struct worker *worker, struct part *part, const struct err *err)
{
    if (err_retriable(err->code))
        part_unclaim(worker, part, PART_UNCLAIMED);
    else
        worker_fail(worker, err);
}

static void
fail_gap(struct worker *worker, const struct part *part, int64_t from, int64_t to)
{
    struct err err = {0};
    err_set(&err, ERR_GAP,
            "topic %s, partition %d: the records from offset %lld to %lld are missing", part->topic,
            (int)part->partition, (long long)from, (long long)to - 1);
    if (worker->ingest->options->gap_is_error)
        err_hint(&err, "the in-process broker holds 5 MiB a partition and drops older records; "
                       "use a real Kafka for this input");
    else
        err_hint(&err, "a topic with transactions or compaction may have such gaps: set "
                       "kafka.holes = true if this is one");
    worker_fail(worker, &err);
}

static int
watermarks(struct worker *worker, const struct part *part, int64_t *ret_low, int64_t *ret_high,
           struct err *err)
{
    return kafka_watermarks(worker->consumer, part->topic, part->partition, CLUSTER_TIMEOUT_MS,
                            ret_low, ret_high, err);
}

/* Retention took [expected, low). */
static int
note_lost(struct worker *worker, struct part *part, int64_t low, struct err *err)
{
    const struct stream *stream = part_stream(worker, part);
    if (store_note_gap(worker->store, stream, part->expected, low, "retention", err) != 0)
        return -1;
    batch_add_lost(worker->batch, stream, part->expected, low);
    part->expected = low;
    return 0;
}

/* The topic is another one than the one we read: everything before it belongs to the old stream. */
static void
begin_again(struct worker *worker, struct part *part)
{
    struct err err = {0};
    if (commit_until(worker, clock_monotonic_ns() + FLUSH_NS, &err) != 0) {
        try_later(worker, part, &err);
        return;
    }
    if (part->state != PART_READING) /* fenced by now: not ours to renew */
        return;
    if (store_new_incarnation(worker->store, part_stream(worker, part), worker->ingest->cluster_id,
                              worker->owner, &err) != 0) {
        try_later(worker, part, &err);
        return;
    }
    part_position(worker, part);
    part_restart(worker, part);
}

/* The flag is for people: where the connection is gone, the next commit deals with that. */
static void
tail_checked(struct worker *worker, struct part *part, bool verified)
{
    struct err err = {0};
    part->tail_pending = false;
    if (store_tail_checked(worker->store, part_stream(worker, part), verified, &err) != 0)
        return;
}

enum gap_verdict
gap_tail(struct worker *worker, struct part *part, const struct record *record)
{
    const struct stream *stream = part_stream(worker, part);
    if (record->offset != stream->tail_offset) {
        tail_checked(worker, part, false); /* compacted away */
        return GAP_GO_ON;
    }
    struct sha256 digest;
    sha256_of(record->value.ptr, record->value.len, &digest);
    /* Values come again and again, tombstones above all; their times do not. */
    bool same =
        memcmp(digest.bytes, stream->tail_sha256.bytes, SHA256_BYTES) == 0 &&
        (stream->tail_time_ns == TIME_NONE || stream->tail_time_ns == record->kafka_time_ns);
    tail_checked(worker, part, same);
    if (same)
        part_reached(worker, part, part->expected);
    else
        begin_again(worker, part);
    return GAP_SKIP;
}

/*
 * Is there really nothing between `from` and `to`? A consumer made for this question looks. 1: yes;
 * 0: there is a record that ours did not show.
 */
static int
confirm(struct worker *worker, const struct part *part, int64_t from, int64_t to, struct err *err)
{
    struct kafka_place place = {.partition = part->partition, .offset = from};
    memcpy(place.topic, part->topic, sizeof(place.topic));
    int64_t first;
    if (kafka_first_offset(&worker->settings, &place, &first, err) != 0)
        return -1;
    return first >= to;
}

/*
 * A stream that was never read begins where its topic does. What comes first need not be its first
 * record: what the library lost, or what came before the partition was claimed, is before it.
 */
static int
find_begin(struct worker *worker, struct part *part, int64_t offset, struct err *err)
{
    int64_t low = 0, high;
    const char *start = config_text(worker->ingest->options->config, OPT_kafka_start);
    if (part->expected >= 0)
        return 0;
    if (strcmp(start, "latest") == 0)
        low = offset;
    else if (offset > 0 && watermarks(worker, part, &low, &high, err) != 0)
        return -1;
    part->expected = low < offset ? low : offset;
    return 0;
}

enum gap_verdict
gap_check(struct worker *worker, struct part *part, int64_t offset)
{
    struct err err = {0};
    if (find_begin(worker, part, offset, &err) != 0) {
        try_later(worker, part, &err);
        return GAP_SKIP;
    }
    if (offset == part->expected) {
        part->gap_tries = 0;
        return GAP_GO_ON;
    }
    if (offset < part->expected)
        return GAP_SKIP;
    if (worker->ingest->options->gap_is_error) {
        fail_gap(worker, part, part->expected, offset);
        return GAP_SKIP;
    }
    int64_t low, high;
    if (watermarks(worker, part, &low, &high, &err) != 0 ||
        (low > part->expected && note_lost(worker, part, low < offset ? low : offset, &err) != 0)) {
        try_later(worker, part, &err);
        return GAP_SKIP;
    }
    if (part->expected == offset)
        return GAP_GO_ON;
    int empty = worker->holes ? 1 : confirm(worker, part, part->expected, offset, &err);
    if (empty == 1) {
        batch_add_holes(worker->batch, part_stream(worker, part), part->expected, offset);
        part->expected = offset;
        return GAP_GO_ON;
    }
    if (empty < 0)
        try_later(worker, part, &err);
    else if (++part->gap_tries > GAP_TRIES_MAX)
        fail_gap(worker, part, part->expected, offset);
    else
        part_restart(worker, part);
    return GAP_SKIP;
}

void
gap_out_of_range(struct worker *worker, struct part *part)
{
    struct err err = {0};
    int64_t low, high;
    if (watermarks(worker, part, &low, &high, &err) != 0) {
        try_later(worker, part, &err);
        return;
    }
    bool below = part->expected >= 0 && low > part->expected;
    bool above = part->expected >= 0 && high < part->expected;
    if ((below || above) && worker->ingest->options->gap_is_error) {
        fail_gap(worker, part, part->expected, low);
    } else if (above) {
        begin_again(worker, part);
    } else {
        if (below && note_lost(worker, part, low, &err) != 0) {
            try_later(worker, part, &err);
            return;
        }
        /* The tail is gone with what retention took, or the broker was not sure of its end. */
        if (part->tail_pending && low > part_stream(worker, part)->tail_offset)
            tail_checked(worker, part, false);
        part_restart(worker, part);
    }
}

void
gap_end(struct worker *worker, struct part *part, int64_t offset)
{
    int64_t known = part->expected;
    if (known >= 0 && offset < known) {
        /* Also how a topic shows that was created again with fewer records than the tail's offset.
         */
        gap_out_of_range(worker, part);
        return;
    }
    if (part->tail_pending)
        tail_checked(worker, part, false);
    /* An empty stream has no offset of its own yet: where its topic begins decides. */
    if (offset > known && offset > 0 && gap_check(worker, part, offset) != GAP_GO_ON)
        return;
    if (!commit_pending(worker, part))
        part_reached(worker, part, offset);
}

/* How often to look doubles: what lies behind an open transaction looks the same for as long. */
static bool
worth_a_look(const struct part *part)
{
    return part->state == PART_READING && part->expected >= 0 && part->silences > 0 &&
           (part->silences & (part->silences - 1)) == 0;
}

/*
 * librdkafka 2.0.2 may forget to fetch a partition that was paused and resumed at a bad moment; the
 * only sign is that nothing comes. And who writes learns from the fence that a stream was taken
 * away, or that somebody wants it read again; who has nothing to write has to ask.
 */
void
gap_silence(struct worker *worker, int64_t now_ns)
{
    struct err err = {0};
    if (worker->paused || worker->listened_ns == 0)
        worker->listened_ns = now_ns;
    if (worker->count == 0 || now_ns - worker->listened_ns < SILENCE_NS)
        return;
    worker->listened_ns = now_ns;
    struct kafka_place *ends = memory_calloc(worker->count, sizeof(*ends));
    struct part **parts = memory_calloc(worker->count, sizeof(struct part *));
    size_t silent = 0;
    bool idle = false;
    for (size_t i = 0; i < worker->count; i++) {
        struct part *part = &worker->parts[i];
        part->silences = part->heard ? 0 : part->silences + 1;
        part->heard = false;
        idle |= part->state == PART_READING && part->silences > 0;
        if (!worth_a_look(part))
            continue;
        memcpy(ends[silent].topic, part->topic, sizeof(part->topic));
        ends[silent].partition = part->partition;
        parts[silent++] = part;
    }
    if (silent > 0 &&
        kafka_end_offsets(worker->consumer, ends, silent, CLUSTER_TIMEOUT_MS, &err) == 0)
        for (size_t i = 0; i < silent; i++)
            if (ends[i].offset > parts[i]->expected)
                part_restart(worker, parts[i]);
    free(ends);
    free(parts);
    if (idle)
        commit_ask(worker);
}
