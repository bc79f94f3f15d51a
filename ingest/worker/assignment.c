/*
 * Which partitions a worker has: claiming them in the database when Kafka assigns them, giving them
 * back when it revokes them. Runs on the worker's thread, mostly inside kafka_consumer_poll().
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/worker.h"

#define REVOKE_PATIENCE_NS (5 * NS_PER_S)
#define CLAIM_RETRY_NS NS_PER_S

static bool
is_part(const struct part *part, struct sv topic, int32_t partition)
{
    return part->partition == partition && sv_eq(topic, sv_of(part->topic, part->topic_length));
}

struct part *
part_find(struct worker *worker, struct sv topic, int32_t partition)
{
    if (worker->last_found < worker->count &&
        is_part(&worker->parts[worker->last_found], topic, partition))
        return &worker->parts[worker->last_found];
    for (size_t i = 0; i < worker->count; i++)
        if (is_part(&worker->parts[i], topic, partition)) {
            worker->last_found = i;
            return &worker->parts[i];
        }
    return NULL;
}

struct stream *
part_stream(struct worker *worker, const struct part *part)
{
    return &worker->streams[part - worker->parts];
}

struct goal *
part_goal(struct worker *worker, const struct part *part)
{
    struct ingest *ingest = worker->ingest;
    for (size_t i = 0; i < ingest->goal_count; i++) {
        struct goal *goal = &ingest->goals[i];
        if (goal->partition == part->partition && strcmp(goal->topic, part->topic) == 0)
            return goal;
    }
    return NULL;
}

void
part_reached(struct worker *worker, const struct part *part, int64_t offset)
{
    struct goal *goal = part_goal(worker, part);
    if (goal != NULL)
        atomic_store(&goal->reached, offset);
}

static void
part_hold(struct worker *worker, const struct part *part, bool held)
{
    struct goal *goal = part_goal(worker, part);
    if (goal != NULL)
        atomic_store(&goal->held, held);
}

static struct part *
part_add(struct worker *worker, const struct kafka_place *place)
{
    struct part *part = part_find(worker, sv_from(place->topic), place->partition);
    if (part == NULL) {
        if (worker->count == worker->size) {
            size_t size = worker->size == 0 ? 16 : worker->size * 2;
            worker->parts = memory_resize(worker->parts, size, sizeof(*worker->parts));
            worker->streams = memory_resize(worker->streams, size, sizeof(*worker->streams));
            worker->fenced = memory_resize(worker->fenced, size, sizeof(*worker->fenced));
            worker->size = size;
        }
        part = &worker->parts[worker->count++];
    }
    *part = (struct part){.topic_length = strlen(place->topic),
                          .partition = place->partition,
                          .expected = -1,
                          .decode = topics_find(&worker->topics, place->topic)};
    memcpy(part->topic, place->topic, sizeof(part->topic));
    *part_stream(worker, part) =
        (struct stream){.next_offset = -1, .tail_offset = -1, .tail_time_ns = TIME_NONE};
    part_hold(worker, part, true);
    return part;
}

static void
part_remove(struct worker *worker, struct part *part)
{
    size_t at = (size_t)(part - worker->parts);
    part_hold(worker, part, false);
    size_t behind = worker->count - at - 1;
    memmove(part, part + 1, behind * sizeof(*part));
    memmove(&worker->streams[at], &worker->streams[at + 1], behind * sizeof(*worker->streams));
    worker->count--;
    worker->last_found = 0;
}

void
part_position(struct worker *worker, struct part *part)
{
    const struct stream *stream = part_stream(worker, part);
    part->expected = stream->next_offset;
    part->tail_pending = stream->tail_offset >= 0 && stream->next_offset >= 0;
    /* The in-process broker starts at 0, so anything above was dropped. */
    if (part->expected < 0 && worker->ingest->options->gap_is_error)
        part->expected = 0;
}

static int64_t
start_of(struct worker *worker, const struct part *part)
{
    if (part->tail_pending)
        return part_stream(worker, part)->tail_offset;
    if (part->expected >= 0)
        return part->expected;
    const char *start = config_text(worker->ingest->options->config, OPT_kafka_start);
    return strcmp(start, "latest") == 0 ? KAFKA_FROM_END : KAFKA_FROM_START;
}

void
part_restart(struct worker *worker, struct part *part)
{
    struct err err = {0};
    struct kafka_place place = {.partition = part->partition, .offset = start_of(worker, part)};
    memcpy(place.topic, part->topic, sizeof(place.topic));
    if (kafka_consumer_restart(worker->consumer, &place, &err) != 0)
        worker_fail(worker, &err);
    else if (worker->paused)
        kafka_consumer_pause(worker->consumer, true);
}

/* Not while the writer has a batch. */
static void
drop_from_batch(struct worker *worker, struct part *part)
{
    const struct stream *stream = part_stream(worker, part);
    if (part->state != PART_READING)
        return;
    batch_drop_stream(worker->batch, stream->stream_id);
    batch_drop_stream(worker->sent, stream->stream_id);
}

void
part_unclaim(struct worker *worker, struct part *part, enum part_state state)
{
    drop_from_batch(worker, part);
    part->state = state;
    part->retry_at_ns = clock_monotonic_ns() + CLAIM_RETRY_NS;
    if (state == PART_FENCED)
        part->retry_at_ns += kafka_session_timeout_ns(worker->consumer);
}

static int
claim(struct worker *worker, struct part *part, struct err *err)
{
    if (!store_connected(worker->store)) {
        if (store_reconnect(worker->store, err) != 0)
            return -1;
        worker_connected(worker);
        worker->unresolved = true;
    }
    if (store_claim(worker->store, worker->ingest->cluster_id, part->topic, part->partition,
                    worker->owner, part_stream(worker, part), err) != 0)
        return -1;
    part->state = PART_READING;
    part_position(worker, part);
    return 0;
}

/* False: not claimed, now or never. */
static bool
claim_or_wait(struct worker *worker, struct part *part)
{
    struct err err = {0};
    if (claim(worker, part, &err) == 0)
        return true;
    if (!err_retriable(err.code)) {
        worker_fail(worker, &err);
    } else {
        part->state = PART_UNCLAIMED;
        worker_database_away(worker, &err);
        part->retry_at_ns = worker->database.next_ns;
    }
    return false;
}

/* For the progress that others read. */
static void
note_assignment(struct worker *worker)
{
    atomic_store(&worker->assigned, (int64_t)worker->count);
    atomic_store(&worker->joined, true);
    atomic_fetch_add(&worker->totals.rebalances, 1);
    vanished_soon(worker); /* perhaps a topic changed */
}

static int
by_place(const void *a, const void *b)
{
    const struct kafka_place *left = a, *right = b;
    int order = strcmp(left->topic, right->topic);
    return order != 0 ? order
                      : (left->partition > right->partition) - (left->partition < right->partition);
}

/*
 * All workers claim in one order, so that two that terminate each other's backends meet at the same
 * row. Partitions that could not be claimed are assigned all the same: what Kafka counts as ours
 * must be what we count as ours; their records are dropped until the claim succeeds and rewinds.
 */
static void
on_assigned(void *opaque, struct kafka_place *places, size_t count, bool *ret_paused)
{
    struct worker *worker = opaque;
    commit_settle(worker);
    struct kafka_place *sorted = memory_resize(NULL, count + 1, sizeof(*sorted));
    memcpy(sorted, places, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), by_place);
    bool waiting = false;
    for (size_t i = 0; i < count; i++) {
        struct part *part = part_add(worker, &sorted[i]);
        if (waiting || worker_stopping(worker))
            part->retry_at_ns = worker->database.next_ns;
        else
            waiting = !claim_or_wait(worker, part);
    }
    free(sorted);
    for (size_t i = 0; i < count; i++) {
        struct part *part = part_find(worker, sv_from(places[i].topic), places[i].partition);
        places[i].offset = start_of(worker, part);
    }
    *ret_paused = worker->paused;
    note_assignment(worker);
}

static void
release(struct worker *worker, const struct part *part)
{
    struct err err = {0};
    if (part->state == PART_READING && store_connected(worker->store) &&
        store_release(worker->store, part_stream(worker, part), 1, &err) != 0)
        return; /* the next owner terminates our backend instead */
}

static void
on_revoked(void *opaque, const struct kafka_place *places, size_t count, bool lost)
{
    struct worker *worker = opaque;
    struct err err = {0};
    if (!lost && worker->failed.code == ERR_NONE &&
        commit_until(worker, clock_monotonic_ns() + REVOKE_PATIENCE_NS, &err) != 0 &&
        !err_retriable(err.code))
        worker_fail(worker, &err);
    commit_settle(worker);
    for (size_t i = 0; i < count; i++) {
        struct part *part = part_find(worker, sv_from(places[i].topic), places[i].partition);
        if (part == NULL)
            continue;
        if (!lost)
            release(worker, part);
        drop_from_batch(worker, part);
        part_remove(worker, part);
    }
    note_assignment(worker);
}

void
assignment_listen(struct worker *worker)
{
    worker->listener = (struct kafka_listener){worker, on_assigned, on_revoked};
}

void
assignment_retry(struct worker *worker)
{
    int64_t now = clock_monotonic_ns();
    for (size_t i = 0; i < worker->count; i++) {
        struct part *part = &worker->parts[i];
        if (part->state == PART_READING || part->retry_at_ns > now)
            continue;
        commit_settle(worker);
        if (!claim_or_wait(worker, part))
            return;
        part_restart(worker, part);
    }
}
