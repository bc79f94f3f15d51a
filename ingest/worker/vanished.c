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

/* What one look asks; the writer's while it does. */
struct vanished_question {
    struct worker *worker;
    struct vanished_topic {
        char name[KAFKA_TOPIC_MAX];
        int32_t partitions; /* that the broker has; 0 for a topic that it does not know */
    } * topics;
    size_t topic_count;
    const struct vanished *before;
    struct vanished_place *list; /* the answer */
    size_t count;
};

static void
question_free(struct vanished_question *question)
{
    if (question == NULL)
        return;
    free(question->topics);
    free(question->list);
    free(question);
}

/* False: the broker does not answer. */
static bool
add_topic(struct vanished_question *question, struct sv name)
{
    struct err err = {0};
    question->topics =
        memory_resize(question->topics, question->topic_count + 1, sizeof(*question->topics));
    struct vanished_topic *topic = &question->topics[question->topic_count++];
    *topic = (struct vanished_topic){0};
    snprintf(topic->name, sizeof(topic->name), SV_FMT, SV_ARG(name));
    return kafka_partition_count(question->worker->consumer, topic->name, QUESTION_MS,
                                 &topic->partitions, &err) == 0 ||
           err.code == ERR_NOT_FOUND;
}

/* With what the broker has; NULL: it does not answer, and nothing is known. */
static struct vanished_question *
question_new(struct worker *worker)
{
    struct sv rest = sv_from(config_text(worker->ingest->options->config, OPT_kafka_topics)), item;
    struct vanished_question *question = memory_calloc(1, sizeof(*question));
    *question = (struct vanished_question){.worker = worker, .before = &worker->vanished};
    while (sv_split(&rest, ',', &item)) {
        struct sv name = sv_trim(item);
        if (name.len == 0 || name.len >= KAFKA_TOPIC_MAX || add_topic(question, name))
            continue;
        question_free(question);
        return NULL;
    }
    return question;
}

static const struct vanished_place *
find(const struct vanished *vanished, int64_t stream_id)
{
    for (size_t i = 0; i < vanished->count; i++)
        if (vanished->list[i].place.stream_id == stream_id)
            return &vanished->list[i];
    return NULL;
}

/* Seen once: a suspect. Seen again at the same offset: noted, once. */
static int
look_at(struct store *store, const struct vanished *vanished, const struct stream_place *place,
        struct vanished_place *ret, struct err *err)
{
    const struct vanished_place *before = find(vanished, place->stream_id);
    bool again = before != NULL && before->place.next_offset == place->next_offset;
    struct stream stream = {.stream_id = place->stream_id};
    *ret = (struct vanished_place){.place = *place, .noted = again && before->noted};
    if (!again || ret->noted)
        return 0;
    if (store_note_gap(store, &stream, place->next_offset, place->next_offset, "vanished", err) !=
        0)
        return -1;
    ret->noted = true;
    return 0;
}

static int
ask_topic(struct store *store, struct vanished_question *question,
          const struct vanished_topic *topic, struct err *err)
{
    struct stream_place *places = NULL;
    size_t found = 0;
    if (store_streams_beyond(store, question->worker->ingest->cluster_id, topic->name,
                             topic->partitions, &places, &found, err) != 0)
        return -1;
    int status = 0;
    question->list =
        memory_resize(question->list, question->count + found, sizeof(*question->list));
    for (size_t i = 0; i < found && status == 0; i++)
        status =
            look_at(store, question->before, &places[i], &question->list[question->count++], err);
    free(places);
    return status;
}

static int
ask(struct store *store, void *opaque, struct err *err)
{
    struct vanished_question *question = opaque;
    for (size_t i = 0; i < question->topic_count; i++)
        if (ask_topic(store, question, &question->topics[i], err) != 0)
            return -1;
    return 0;
}

static bool
any_suspects(const struct vanished *vanished)
{
    for (size_t i = 0; i < vanished->count; i++)
        if (!vanished->list[i].noted)
            return true;
    return false;
}

/* Takes the question. Without an answer what was known stays as it was. */
static void
take_answer(void *opaque, bool answered)
{
    struct vanished_question *question = opaque;
    struct vanished *vanished = &question->worker->vanished;
    vanished->question = NULL;
    if (answered) {
        free(vanished->list);
        vanished->list = question->list;
        vanished->count = question->count;
        question->list = NULL;
    }
    vanished->due_ns = clock_after(any_suspects(vanished) ? CONFIRM_NS : LOOK_NS);
    question_free(question);
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
    struct vanished *vanished = &worker->vanished;
    if (!is_ours(worker) || !atomic_load(&worker->joined) || now_ns < vanished->due_ns ||
        !worker_may_ask(worker))
        return;
    assert(vanished->question == NULL);
    vanished->due_ns = clock_after(LOOK_NS);
    vanished->question = question_new(worker);
    if (vanished->question == NULL)
        return;
    const struct writer_question question = {ask, take_answer, vanished->question};
    worker_ask(worker, &question);
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
    assert(!worker->in_flight);
    for (int looks = 0; looks < 2 && suspects; looks++) {
        struct vanished_question *question = question_new(worker);
        if (question == NULL)
            return;
        bool answered = ask(worker->store, question, &err) == 0;
        take_answer(question, answered);
        suspects = answered && any_suspects(&worker->vanished);
    }
}

void
vanished_release(struct vanished *vanished)
{
    free(vanished->list);
    question_free(vanished->question);
    *vanished = (struct vanished){0};
}
