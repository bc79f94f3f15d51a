/*
 * The partitions of a worker: see partition.h.
 */
#include "ingest/worker/partition.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/state.h"

#define CLAIM_RETRY_NS NS_PER_S

static bool
is_called(const struct partition *partition, struct sv topic, int32_t number)
{
    return partition->number == number &&
           sv_eq(topic, sv_of(partition->topic, partition->topic_length));
}

struct partition *
partition_find(struct worker *worker, struct sv topic, int32_t number)
{
    if (worker->last_found < worker->count &&
        is_called(&worker->partitions[worker->last_found], topic, number))
        return &worker->partitions[worker->last_found];
    for (size_t i = 0; i < worker->count; i++)
        if (is_called(&worker->partitions[i], topic, number)) {
            worker->last_found = i;
            return &worker->partitions[i];
        }
    return NULL;
}

struct stream *
partition_stream(struct worker *worker, const struct partition *partition)
{
    assert(partition >= worker->partitions && partition < worker->partitions + worker->count);
    return &worker->streams[partition - worker->partitions];
}

static struct goal *
goal_of(const struct worker *worker, const struct partition *partition)
{
    return goals_find(&worker->ingest->goals, partition->topic, partition->number);
}

void
partition_reached(struct worker *worker, const struct partition *partition, int64_t offset)
{
    struct goal *goal = goal_of(worker, partition);
    if (goal != NULL)
        atomic_store(&goal->reached, offset);
}

static void
set_held(struct worker *worker, const struct partition *partition, bool held)
{
    struct goal *goal = goal_of(worker, partition);
    if (goal != NULL)
        atomic_store(&goal->held, held);
}

struct partition *
partition_add(struct worker *worker, const struct kafka_place *place)
{
    struct partition *partition = partition_find(worker, sv_from(place->topic), place->partition);
    assert(!worker->in_flight); /* pointers to streams and partitions move */
    if (partition == NULL) {
        if (worker->count == worker->size) {
            size_t size = worker->size == 0 ? 16 : worker->size * 2;
            worker->partitions =
                memory_resize(worker->partitions, size, sizeof(*worker->partitions));
            worker->streams = memory_resize(worker->streams, size, sizeof(*worker->streams));
            worker->fenced = memory_resize(worker->fenced, size, sizeof(*worker->fenced));
            worker->size = size;
        }
        partition = &worker->partitions[worker->count++];
    }
    *partition = (struct partition){.topic_length = strlen(place->topic),
                                    .number = place->partition,
                                    .expected = -1,
                                    .decode = topics_find(&worker->decoding.topics, place->topic)};
    memcpy(partition->topic, place->topic, sizeof(partition->topic));
    *partition_stream(worker, partition) =
        (struct stream){.next_offset = -1, .tail_offset = -1, .tail_time_ns = TIME_NONE};
    set_held(worker, partition, true);
    return partition;
}

void
partition_remove(struct worker *worker, struct partition *partition)
{
    assert(!worker->in_flight);
    size_t at = (size_t)(partition - worker->partitions);
    set_held(worker, partition, false);
    size_t behind = worker->count - at - 1;
    memmove(partition, partition + 1, behind * sizeof(*partition));
    memmove(&worker->streams[at], &worker->streams[at + 1], behind * sizeof(*worker->streams));
    worker->count--;
    worker->last_found = 0;
}

void
partition_position(struct worker *worker, struct partition *partition)
{
    const struct stream *stream = partition_stream(worker, partition);
    assert(partition->state == PARTITION_READING);
    partition->expected = stream->next_offset;
    partition->tail_pending = stream->tail_offset >= 0 && stream->next_offset >= 0;
    /* The in-process broker starts at 0, so anything above was dropped. */
    if (partition->expected < 0 && worker->ingest->options->gap_is_error)
        partition->expected = 0;
}

int64_t
partition_start(struct worker *worker, const struct partition *partition)
{
    if (partition->tail_pending)
        return partition_stream(worker, partition)->tail_offset;
    if (partition->expected >= 0)
        return partition->expected;
    const char *start = config_text(worker->ingest->options->config, OPT_kafka_start);
    return strcmp(start, "latest") == 0 ? KAFKA_FROM_END : KAFKA_FROM_START;
}

void
partition_restart(struct worker *worker, struct partition *partition)
{
    struct err err = {0};
    struct kafka_place place = {.partition = partition->number,
                                .offset = partition_start(worker, partition)};
    memcpy(place.topic, partition->topic, sizeof(place.topic));
    if (kafka_consumer_restart(worker->consumer, &place, &err) != 0)
        worker_fail(worker, &err);
    else if (worker->paused)
        kafka_consumer_pause(worker->consumer, true);
}

void
partition_drop(struct worker *worker, struct partition *partition)
{
    const struct stream *stream = partition_stream(worker, partition);
    assert(!worker->in_flight);
    if (partition->state != PARTITION_READING)
        return;
    batch_drop_stream(worker->batch, stream->stream_id);
    batch_drop_stream(worker->sent, stream->stream_id);
}

void
partition_unclaim(struct worker *worker, struct partition *partition, enum partition_state state)
{
    assert(state != PARTITION_READING);
    partition_drop(worker, partition);
    partition->state = state;
    partition->retry_at_ns = clock_monotonic_ns() + CLAIM_RETRY_NS;
    if (state == PARTITION_FENCED)
        partition->retry_at_ns += kafka_session_timeout_ns(worker->consumer);
}
