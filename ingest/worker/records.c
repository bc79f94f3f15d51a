/*
 * One record: is it the one that is expected, what does it decode to, into the batch with it. See
 * records.h.
 */
#include "ingest/worker/records.h"

#include <assert.h>

#include "ingest/outcome.h"
#include "ingest/worker/commit.h"
#include "ingest/worker/gap.h"
#include "ingest/worker/partition.h"
#include "ingest/worker/state.h"

/*
 * Does the record hold nothing but log lines outside of what is asked for? One that holds others,
 * too, is stored whole: events keep their place in it.
 */
static bool
is_outside(const struct line_window *window, const struct event_sink *sink)
{
    for (size_t i = 0; i < sink->count; i++) {
        const struct event *event = &sink->events[i];
        if (event->kind != EVENT_LOG || event->event_time_ns == TIME_NONE)
            return false;
        if ((window->from_ns == TIME_NONE || event->event_time_ns >= window->from_ns) &&
            (window->to_ns == TIME_NONE || event->event_time_ns <= window->to_ns))
            return false;
    }
    return true;
}

static void
add_record(struct worker *worker, struct partition *partition, const struct record *record)
{
    const struct stream *stream = partition_stream(worker, partition);
    assert(partition->state == PARTITION_READING && record->offset == partition->expected);
    struct event_sink sink = {.arena = &worker->arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result;
    enum outcome outcome = record_outcome(record, partition->decode, &sink, &result);
    const struct line_window *window = worker->ingest->options->lines;
    bool skipped = outcome == OUTCOME_STORED && window != NULL && is_outside(window, &sink);
    if (skipped)
        outcome = OUTCOME_EMPTY;
    size_t count = outcome == OUTCOME_STORED ? sink.count : 0;
    batch_add(worker->batch, stream, record, outcome, count > 0 ? sink.events : NULL, count,
              &result);
    if (skipped)
        batch_note_skipped(worker->batch, stream, sink.count);
    arena_reset(&worker->arena);
    partition->expected = record->offset + 1;
}

/* The rare case: the questions this takes need the store, which the writer may have. */
static bool
expected_after_all(struct worker *worker, struct partition *partition, const struct record *record)
{
    commit_settle(worker);
    if (partition->state != PARTITION_READING)
        return false;
    if (partition->tail_pending && gap_tail(worker, partition, record) != GAP_GO_ON)
        return false;
    return record->offset == partition->expected ||
           gap_check(worker, partition, record->offset) == GAP_GO_ON;
}

void
record_take(struct worker *worker, struct kafka_message *message)
{
    struct record *record = &message->record;
    struct partition *partition = partition_find(worker, record->topic, record->partition);
    if (partition == NULL || partition->state != PARTITION_READING)
        return;
    if ((partition->tail_pending || record->offset != partition->expected) &&
        !expected_after_all(worker, partition, record))
        return;
    partition->gap_tries = 0;
    partition->heard = true;
    record->cluster = sv_from(worker->ingest->cluster_id);
    record->incarnation = partition_stream(worker, partition)->incarnation;
    if (worker->evidence || !partition->decode->ignore_headers)
        kafka_message_headers(message);
    add_record(worker, partition, record);
}
