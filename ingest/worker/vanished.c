/*
 * Partitions that are gone: of a topic that was deleted, or made again with fewer. Nobody assigns
 * them any more, so no read fails; what they held unread would go without a word. One worker of a
 * process compares now and then what the broker has with what was read, and notes a gap where
 * reading ended. Worker's thread.
 *
 * A broker that has not heard of a change yet, or a topic in the midst of being made again, looks
 * the same for a moment: a gap is noted when two looks apart find the same.
 */
#include "ingest/worker/vanished.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ingest/worker/state.h"

#define LOOK_NS (10 * NS_PER_S)
#define CONFIRM_NS (3 * NS_PER_S)
#define QUESTION_MS 1000

static struct vanished_place *
find(struct worker *worker, int64_t stream_id)
{
    for (size_t i = 0; i < worker->vanished.count; i++)
        if (worker->vanished.list[i].place.stream_id == stream_id)
            return &worker->vanished.list[i];
    return NULL;
}

/* What the broker has; 0 for a topic that it does not know, -1 when it does not answer. */
static int32_t
partitions_of(struct worker *worker, const char *topic)
{
    struct err err = {0};
    int32_t count;
    if (kafka_partition_count(worker->consumer, topic, QUESTION_MS, &count, &err) == 0)
        return count;
    return err.code == ERR_NOT_FOUND ? 0 : -1;
}

/* Seen once: a suspect. Seen again at the same offset: noted, once. */
static int
look_at(struct worker *worker, const struct stream_place *place, struct vanished_place *ret,
        struct err *err)
{
    const struct vanished_place *before = find(worker, place->stream_id);
    bool again = before != NULL && before->place.next_offset == place->next_offset;
    struct stream stream = {.stream_id = place->stream_id};
    *ret = (struct vanished_place){.place = *place, .noted = again && before->noted};
    if (!again || ret->noted)
        return 0;
    if (store_note_gap(worker->store, &stream, place->next_offset, place->next_offset, "vanished",
                       err) != 0)
        return -1;
    ret->noted = true;
    return 0;
}

static int
look_at_topic(struct worker *worker, const char *topic, struct vanished_place **list, size_t *count,
              struct err *err)
{
    struct stream_place *places = NULL;
    size_t found = 0;
    int32_t partitions = partitions_of(worker, topic);
    if (partitions < 0)
        return 1;
    if (store_streams_beyond(worker->store, worker->ingest->cluster_id, topic, partitions, &places,
                             &found, err) != 0)
        return -1;
    int status = 0;
    *list = memory_resize(*list, *count + found, sizeof(**list));
    for (size_t i = 0; i < found && status == 0; i++)
        status = look_at(worker, &places[i], &(*list)[(*count)++], err);
    free(places);
    return status;
}

/* 1: the broker does not answer; nothing is known. */
static int
look(struct worker *worker, bool *ret_suspects, struct err *err)
{
    assert(!worker->in_flight);
    struct sv rest = sv_from(config_text(worker->ingest->options->config, OPT_kafka_topics)), item;
    struct vanished_place *list = NULL;
    size_t count = 0;
    int status = 0;
    while (status == 0 && sv_split(&rest, ',', &item)) {
        char topic[KAFKA_TOPIC_MAX];
        struct sv name = sv_trim(item);
        if (name.len == 0 || name.len >= sizeof(topic))
            continue;
        snprintf(topic, sizeof(topic), SV_FMT, SV_ARG(name));
        status = look_at_topic(worker, topic, &list, &count, err);
    }
    if (status != 0) {
        free(list);
        return status;
    }
    free(worker->vanished.list);
    worker->vanished.list = list;
    worker->vanished.count = count;
    *ret_suspects = false;
    for (size_t i = 0; i < count; i++)
        *ret_suspects |= !list[i].noted;
    return 0;
}

static bool
is_ours(const struct worker *worker)
{
    return worker->number == 0 && !worker->ingest->options->gap_is_error &&
           !backoff_active(&worker->database);
}

void
vanished_look(struct worker *worker, int64_t now_ns)
{
    struct err err = {0};
    bool suspects = false;
    if (!is_ours(worker) || !atomic_load(&worker->joined) || now_ns < worker->vanished.due_ns)
        return;
    /* Only a look: no batch that takes long is disturbed for it. */
    if (worker->in_flight)
        return;
    if (backoff_active(&worker->database) || !store_connected(worker->store))
        return;
    /* Only a look: who needs the connection will see that it is gone. */
    (void)look(worker, &suspects, &err);
    worker->vanished.due_ns = clock_monotonic_ns() + (suspects ? CONFIRM_NS : LOOK_NS);
}

void
vanished_soon(struct worker *worker)
{
    int64_t soon = clock_after(CONFIRM_NS);
    if (worker->vanished.due_ns > soon)
        worker->vanished.due_ns = soon;
}

void
vanished_last_look(struct worker *worker)
{
    struct err err = {0};
    bool suspects = true;
    if (!worker->ingest->options->once || !is_ours(worker) || worker->failed.code != ERR_NONE ||
        !store_connected(worker->store))
        return;
    for (int looks = 0; looks < 2 && suspects; looks++)
        if (look(worker, &suspects, &err) != 0)
            return;
}

void
vanished_release(struct vanished *vanished)
{
    free(vanished->list);
    *vanished = (struct vanished){0};
}
