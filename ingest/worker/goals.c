/*
 * How far partitions are to be read: see goals.h.
 */
#include "ingest/worker/goals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/sv.h"
#include "ingest/worker/state.h"

#define LOOK_EVERY_NS (500 * NS_PER_MS)

static int
add_topic(struct goals *goals, struct kafka_consumer *consumer, const char *topic, struct err *err)
{
    int32_t partitions;
    if (kafka_partition_count(consumer, topic, CLUSTER_TIMEOUT_MS, &partitions, err) != 0)
        return -1;
    goals->list =
        memory_resize(goals->list, goals->count + (size_t)partitions, sizeof(*goals->list));
    for (int32_t i = 0; i < partitions; i++) {
        int64_t low, high;
        if (kafka_watermarks(consumer, topic, i, CLUSTER_TIMEOUT_MS, &low, &high, err) != 0)
            return -1;
        struct goal *goal = &goals->list[goals->count++];
        snprintf(goal->topic, sizeof(goal->topic), "%s", topic);
        goal->partition = i;
        goal->end = high;
        atomic_init(&goal->reached, high == 0 ? 0 : -1);
        atomic_init(&goal->held, false);
    }
    return 0;
}

int
goals_ask(struct goals *goals, struct kafka_consumer *consumer, const char *topics, struct err *err)
{
    struct sv rest = sv_from(topics), item;
    while (sv_split(&rest, ',', &item)) {
        char topic[KAFKA_TOPIC_MAX];
        struct sv name = sv_trim(item);
        if (name.len == 0)
            continue;
        snprintf(topic, sizeof(topic), SV_FMT, SV_ARG(name));
        if (add_topic(goals, consumer, topic, err) != 0)
            return -1;
    }
    return 0;
}

void
goals_release(struct goals *goals)
{
    free(goals->list);
    *goals = (struct goals){0};
}

struct goal *
goals_find(const struct goals *goals, const char *topic, int32_t partition)
{
    for (size_t i = 0; i < goals->count; i++) {
        struct goal *goal = &goals->list[i];
        if (goal->partition == partition && strcmp(goal->topic, topic) == 0)
            return goal;
    }
    return NULL;
}

bool
goals_reached(const struct goals *goals)
{
    for (size_t i = 0; i < goals->count; i++)
        if (atomic_load(&goals->list[i].reached) < goals->list[i].end)
            return false;
    return true;
}

int64_t
goals_lag(const struct goals *goals)
{
    int64_t lag = 0;
    for (size_t i = 0; i < goals->count; i++) {
        const struct goal *goal = &goals->list[i];
        int64_t reached = atomic_load(&goal->reached);
        /* Where reading begins is not known before the first record; 0 is the upper bound. */
        if (reached < goal->end)
            lag += goal->end - (reached < 0 ? 0 : reached);
    }
    return lag;
}

/* On the writer's thread. A goal that cannot be asked about is asked about again later. */
static int
ask(struct store *store, void *opaque, struct err *err)
{
    const struct ingest *ingest = ((const struct worker *)opaque)->ingest;
    /* Ours are known better from reading: the tail check may find that the topic is another one. */
    for (size_t i = 0; i < ingest->goals.count; i++) {
        struct goal *goal = &ingest->goals.list[i];
        int64_t next;
        if (atomic_load(&goal->reached) >= goal->end || atomic_load(&goal->held))
            continue;
        if (store_stream_find(store, ingest->cluster_id, goal->topic, goal->partition, &next,
                              err) != 0)
            return -1;
        if (next >= goal->end)
            atomic_store(&goal->reached, next);
    }
    return 0;
}

static void
answered(void *opaque, bool there_is_an_answer)
{
    (void)opaque;
    (void)there_is_an_answer;
}

void
goals_look_at_others(struct worker *worker, int64_t now_ns)
{
    const struct writer_question question = {ask, answered, worker};
    if (!worker->ingest->options->once || worker->number != 0 ||
        now_ns < worker->looked_ns + LOOK_EVERY_NS || !batch_empty(worker->batch) ||
        !worker_may_ask(worker) || goals_reached(&worker->ingest->goals))
        return;
    worker->looked_ns = now_ns;
    worker_ask(worker, &question);
}
