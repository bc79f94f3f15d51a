/*
 * Offsets that are not the expected ones: see gap.h. Kafka numbers records without gaps except for
 * transaction markers, aborted transactions and compaction; retention takes records away at the
 * front, and a topic that was deleted and created again starts over. Each has its own proof here,
 * and what has none stops with ERR_GAP: nothing is skipped in silence.
 *
 * A record at `offset` where `expected` was to come, and the broker has [low, high):
 *
 *     expected      low          offset
 *     |-- lost -----|-- empty ---|          all proven: go on at offset
 *
 *       lost    noted as gap of retention, up to low or offset
 *       empty   holes are normal here (kafka.holes), or a consumer of its own finds no record:
 *               holes; finds one: read again from expected, GAP_TRIES_MAX times, then ERR_GAP
 *       offset below expected: read before, skipped
 *       a question without an answer: unclaimed, so that it is claimed and read again
 *
 * Whether the topic is still the one that was read:
 *
 *     claimed, with a tail ---> tail pending ---> sure
 *                                |    |    tail found unchanged, or gone by compaction, retention
 *                                |    |
 *       another record there ----+    +---- the topic ends before expected (also when sure)
 *                                |    |
 *                                v    v
 *                   begin_again(): commit what belongs to the old one, then a new incarnation;
 *                                  not where others took the stream meanwhile
 */
#include "ingest/worker/gap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/partition.h"
#include "ingest/worker/state.h"

#define GAP_TRIES_MAX 3
#define SILENCE_NS (5 * NS_PER_S)
#define FLUSH_NS (10 * NS_PER_S) /* to commit what belongs to the old topic */

/* A call that failed: wait for what helps, else stop. It is claimed and positioned again. */
static void
try_later(struct worker *worker, struct partition *partition, const struct err *err)
{
    if (err_retriable(err->code))
        partition_unclaim(worker, partition, PARTITION_UNCLAIMED);
    else
        worker_fail(worker, err);
}

static void
fail_gap(struct worker *worker, const struct partition *partition, int64_t from, int64_t to)
{
    struct err err = {0};
    err_set(&err, ERR_GAP,
            "topic %s, partition %d: the records from offset %lld to %lld are missing",
            partition->topic, (int)partition->number, (long long)from, (long long)to - 1);
    if (worker->ingest->options->gap_is_error)
        err_hint(&err, "the in-process broker holds 5 MiB a partition and drops older records; "
                       "use a real Kafka for this input");
    else
        err_hint(&err, "a topic with transactions or compaction may have such gaps: set "
                       "kafka.holes = true if this is one");
    worker_fail(worker, &err);
}

static int
watermarks(struct worker *worker, const struct partition *partition, int64_t *ret_low,
           int64_t *ret_high, struct err *err)
{
    return kafka_watermarks(worker->consumer, partition->topic, partition->number,
                            CLUSTER_TIMEOUT_MS, ret_low, ret_high, err);
}

/* Retention took [expected, low). */
static int
note_lost(struct worker *worker, struct partition *partition, int64_t low, struct err *err)
{
    assert(partition->expected >= 0 && low > partition->expected);
    const struct stream *stream = partition_stream(worker, partition);
    if (store_note_gap(worker->store, stream, partition->expected, low, "retention", err) != 0)
        return -1;
    batch_add_lost(worker->batch, stream, partition->expected, low);
    partition->expected = low;
    return 0;
}

/* The topic is another one than the one we read: everything before it belongs to the old stream. */
static void
begin_again(struct worker *worker, struct partition *partition)
{
    struct err err = {0};
    if (commit_until(worker, clock_monotonic_ns() + FLUSH_NS, &err) != 0) {
        try_later(worker, partition, &err);
        return;
    }
    if (partition->state != PARTITION_READING) /* fenced by now: not ours to renew */
        return;
    if (store_new_incarnation(worker->store, partition_stream(worker, partition),
                              worker->ingest->cluster_id, worker->owner, &err) != 0) {
        try_later(worker, partition, &err);
        return;
    }
    partition_position(worker, partition);
    partition_restart(worker, partition);
}

/* The flag is for people: where the connection is gone, the next commit deals with that. */
static void
tail_checked(struct worker *worker, struct partition *partition, bool verified)
{
    struct err err = {0};
    partition->tail_pending = false;
    if (store_tail_checked(worker->store, partition_stream(worker, partition), verified, &err) != 0)
        return;
}

enum gap_verdict
gap_tail(struct worker *worker, struct partition *partition, const struct record *record)
{
    const struct stream *stream = partition_stream(worker, partition);
    assert(!worker->in_flight && partition->state == PARTITION_READING && partition->tail_pending);
    if (record->offset != stream->tail_offset) {
        tail_checked(worker, partition, false); /* compacted away */
        return GAP_GO_ON;
    }
    struct sha256 digest;
    sha256_of(record->value.ptr, record->value.len, &digest);
    /* Values come again and again, tombstones above all; their times do not. */
    bool same =
        memcmp(digest.bytes, stream->tail_sha256.bytes, SHA256_BYTES) == 0 &&
        (stream->tail_time_ns == TIME_NONE || stream->tail_time_ns == record->kafka_time_ns);
    tail_checked(worker, partition, same);
    if (same)
        partition_reached(worker, partition, partition->expected);
    else
        begin_again(worker, partition);
    return GAP_SKIP;
}

/*
 * Is there really nothing between `from` and `to`? A consumer made for this question looks. 1: yes;
 * 0: there is a record that ours did not show.
 */
static int
confirm(struct worker *worker, const struct partition *partition, int64_t from, int64_t to,
        struct err *err)
{
    struct kafka_place place = {.partition = partition->number, .offset = from};
    memcpy(place.topic, partition->topic, sizeof(place.topic));
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
find_begin(struct worker *worker, struct partition *partition, int64_t offset, struct err *err)
{
    int64_t low = 0, high;
    const char *start = config_text(worker->ingest->options->config, OPT_kafka_start);
    if (partition->expected >= 0)
        return 0;
    if (strcmp(start, "latest") == 0)
        low = offset;
    else if (offset > 0 && watermarks(worker, partition, &low, &high, err) != 0)
        return -1;
    partition->expected = low < offset ? low : offset;
    return 0;
}

enum gap_verdict
gap_check(struct worker *worker, struct partition *partition, int64_t offset)
{
    assert(!worker->in_flight && partition->state == PARTITION_READING && offset >= 0);
    struct err err = {0};
    if (find_begin(worker, partition, offset, &err) != 0) {
        try_later(worker, partition, &err);
        return GAP_SKIP;
    }
    if (offset == partition->expected) {
        partition->gap_tries = 0;
        return GAP_GO_ON;
    }
    if (offset < partition->expected)
        return GAP_SKIP;
    if (worker->ingest->options->gap_is_error) {
        fail_gap(worker, partition, partition->expected, offset);
        return GAP_SKIP;
    }
    int64_t low, high;
    if (watermarks(worker, partition, &low, &high, &err) != 0 ||
        (low > partition->expected &&
         note_lost(worker, partition, low < offset ? low : offset, &err) != 0)) {
        try_later(worker, partition, &err);
        return GAP_SKIP;
    }
    if (partition->expected == offset)
        return GAP_GO_ON;
    int empty = worker->holes ? 1 : confirm(worker, partition, partition->expected, offset, &err);
    if (empty == 1) {
        batch_add_holes(worker->batch, partition_stream(worker, partition), partition->expected,
                        offset);
        partition->expected = offset;
        return GAP_GO_ON;
    }
    if (empty < 0)
        try_later(worker, partition, &err);
    else if (++partition->gap_tries > GAP_TRIES_MAX)
        fail_gap(worker, partition, partition->expected, offset);
    else
        partition_restart(worker, partition);
    return GAP_SKIP;
}

void
gap_out_of_range(struct worker *worker, struct partition *partition)
{
    assert(!worker->in_flight && partition->state == PARTITION_READING);
    struct err err = {0};
    int64_t low, high;
    if (watermarks(worker, partition, &low, &high, &err) != 0) {
        try_later(worker, partition, &err);
        return;
    }
    bool below = partition->expected >= 0 && low > partition->expected;
    bool above = partition->expected >= 0 && high < partition->expected;
    if ((below || above) && worker->ingest->options->gap_is_error) {
        fail_gap(worker, partition, partition->expected, low);
    } else if (above) {
        begin_again(worker, partition);
    } else {
        if (below && note_lost(worker, partition, low, &err) != 0) {
            try_later(worker, partition, &err);
            return;
        }
        /* The tail is gone with what retention took, or the broker was not sure of its end. */
        if (partition->tail_pending && low > partition_stream(worker, partition)->tail_offset)
            tail_checked(worker, partition, false);
        partition_restart(worker, partition);
    }
}

void
gap_end(struct worker *worker, struct partition *partition, int64_t offset)
{
    assert(partition->state == PARTITION_READING && offset >= 0);
    int64_t known = partition->expected;
    if (known >= 0 && offset < known) {
        /* Also how a topic shows that was created again with fewer records than the tail's offset.
         */
        gap_out_of_range(worker, partition);
        return;
    }
    if (partition->tail_pending)
        tail_checked(worker, partition, false);
    /* An empty stream has no offset of its own yet: where its topic begins decides. */
    if (offset > known && offset > 0 && gap_check(worker, partition, offset) != GAP_GO_ON)
        return;
    if (!commit_pending(worker, partition))
        partition_reached(worker, partition, offset);
}

/* How often to look doubles: what lies behind an open transaction looks the same for as long. */
static bool
worth_a_look(const struct partition *partition)
{
    return partition->state == PARTITION_READING && partition->expected >= 0 &&
           partition->silences > 0 && (partition->silences & (partition->silences - 1)) == 0;
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
    struct partition **partitions = memory_calloc(worker->count, sizeof(struct partition *));
    size_t silent = 0;
    bool idle = false;
    for (size_t i = 0; i < worker->count; i++) {
        struct partition *partition = &worker->partitions[i];
        partition->silences = partition->heard ? 0 : partition->silences + 1;
        partition->heard = false;
        idle |= partition->state == PARTITION_READING && partition->silences > 0;
        if (!worth_a_look(partition))
            continue;
        memcpy(ends[silent].topic, partition->topic, sizeof(partition->topic));
        ends[silent].partition = partition->number;
        partitions[silent++] = partition;
    }
    if (silent > 0 &&
        kafka_end_offsets(worker->consumer, ends, silent, CLUSTER_TIMEOUT_MS, &err) == 0)
        for (size_t i = 0; i < silent; i++)
            if (ends[i].offset > partitions[i]->expected)
                partition_restart(worker, partitions[i]);
    free(ends);
    free(partitions);
    if (idle)
        commit_ask(worker);
}
