/*
 * Claiming and giving back: see assignment.h.
 */
#include "ingest/worker/assignment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/partition.h"
#include "ingest/worker/state.h"
#include "ingest/worker/vanished.h"

#define REVOKE_PATIENCE_NS (5 * NS_PER_S)

static int
claim(struct worker *worker, struct partition *partition, struct err *err)
{
    assert(!worker->in_flight && partition->state != PARTITION_READING);
    if (worker_reconnect(worker, err) != 0)
        return -1;
    if (store_claim(worker->store, worker->ingest->cluster_id, partition->topic, partition->number,
                    worker->owner, partition_stream(worker, partition), err) != 0)
        return -1;
    partition->state = PARTITION_READING;
    partition_position(worker, partition);
    return 0;
}

/* False: not claimed, now or never. */
static bool
claim_or_wait(struct worker *worker, struct partition *partition)
{
    struct err err = {0};
    if (claim(worker, partition, &err) == 0)
        return true;
    if (!err_retriable(err.code)) {
        worker_fail(worker, &err);
    } else {
        partition->state = PARTITION_UNCLAIMED;
        worker_database_away(worker, &err);
        partition->retry_at_ns = worker->database.next_ns;
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
        struct partition *partition = partition_add(worker, &sorted[i]);
        if (waiting || worker_stopping(worker))
            partition->retry_at_ns = worker->database.next_ns;
        else
            waiting = !claim_or_wait(worker, partition);
    }
    free(sorted);
    for (size_t i = 0; i < count; i++) {
        struct partition *partition =
            partition_find(worker, sv_from(places[i].topic), places[i].partition);
        places[i].offset = partition_start(worker, partition);
    }
    *ret_paused = worker->paused;
    note_assignment(worker);
}

static void
release(struct worker *worker, const struct partition *partition)
{
    assert(!worker->in_flight);
    struct err err = {0};
    if (partition->state == PARTITION_READING && store_connected(worker->store) &&
        store_release(worker->store, partition_stream(worker, partition), 1, &err) != 0)
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
        struct partition *partition =
            partition_find(worker, sv_from(places[i].topic), places[i].partition);
        if (partition == NULL)
            continue;
        if (!lost)
            release(worker, partition);
        partition_drop(worker, partition);
        partition_remove(worker, partition);
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
        struct partition *partition = &worker->partitions[i];
        if (partition->state == PARTITION_READING || partition->retry_at_ns > now)
            continue;
        commit_settle(worker);
        if (!claim_or_wait(worker, partition))
            return;
        partition_restart(worker, partition);
    }
}
