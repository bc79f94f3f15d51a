/*
 * Reading stored records again: see redecode.h. One segment at a time: what it decoded to, what it
 * decodes to now, and the difference for the ledger; hindcast/redecode.h replaces the rows.
 */
#include "app/redecode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ingest_display.h"
#include "app/open.h"
#include "app/progress.h"
#include "base/memory.h"
#include "base/stop.h"
#include "base/text/visible.h"
#include "hindcast/redecode.h"
#include "ingest/applied.h"
#include "ingest/outcome.h"

#define TRIES_MAX 20 /* of replacing one segment while others write */

struct redecoding {
    const struct redecode_request *request;
    struct store *store;
    struct own_decoding own;
    struct applied_decoding decoding;
    bool overtaken; /* others are applied by now */
    struct batch *batch;
    struct sha256 decoders;
    struct progress progress;
    struct arena records, arena; /* of one segment; of one try */
    int64_t read, left;          /* records; left: as they are, see leaves() */
    int64_t events_before, events_after, quarantined_before, quarantined_after, renamed;
    int64_t damaged; /* segments */
};

/* One segment while its rows are compared. */
struct pass {
    struct redecoding *redecoding;
    const struct redecode_stream *stream;
    const struct decode_options *options;
    struct redecode_rows rows;
    size_t at; /* in rows */
    struct redecode_change change;
    size_t renamed_size;
    int64_t *dismissed;
    struct sv *scopes;
    int64_t left, events_before, quarantined_before, quarantined_after;
};

/* ---- what is called otherwise ---- */

static struct sv
place_name(struct pass *pass, struct sv scope, const struct record *record, size_t index)
{
    const struct event_place place = {record->cluster,   record->topic,  record->incarnation,
                                      record->partition, record->offset, index};
    uint8_t uid[UID_BYTES];
    event_uid_of_place(scope, &place, uid);
    return arena_hex(&pass->redecoding->arena, uid, sizeof(uid));
}

static struct sv
name_of(struct pass *pass, const struct record *record, const struct event *event, size_t index)
{
    return event->identified ? arena_hex(&pass->redecoding->arena, event->uid, UID_BYTES)
                             : place_name(pass, event->scope, record, index);
}

static void
add_name(struct pass *pass, struct sv scope, struct sv former, struct sv uid)
{
    struct redecode_change *change = &pass->change;
    change->renamed = memory_grow(change->renamed, &pass->renamed_size, change->renamed_count + 1,
                                  sizeof(*change->renamed));
    change->renamed[change->renamed_count++] = (struct redecode_name){scope, former, uid};
}

/* An event that is no more leads to the first one of its record. */
static void
compare_names(struct pass *pass, const struct record *record, const struct redecode_row *rows,
              size_t row_count, const struct event *events, size_t count)
{
    for (size_t i = 0; i < row_count && count > 0; i++) {
        const struct redecode_row *row = &rows[i];
        if (!row->citable)
            continue;
        size_t index = (size_t)row->index < count ? (size_t)row->index : 0;
        struct sv uid = name_of(pass, record, &events[index], index);
        struct sv former = sv_empty(row->uid)
                               ? place_name(pass, row->scope, record, (size_t)row->index)
                               : row->uid;
        if (sv_eq(row->scope, events[index].scope) && !sv_eq(former, uid))
            add_name(pass, row->scope, former, uid);
    }
}

/* ---- one record ---- */

static int32_t
day_of(const struct event *event)
{
    return (int32_t)(event->event_time_ns / NS_PER_DAY);
}

/*
 * A record without rows that decodes to lines of days that have no partition: retention took them,
 * and they are not to come back.
 */
static bool
lines_were_removed(const struct pass *pass, const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_LOG && events[i].event_time_ns != TIME_NONE &&
            !redecode_has_day(&pass->rows, day_of(&events[i])))
            return true;
    return false;
}

static void
add_left(struct pass *pass, const struct record *record)
{
    const struct decode_result none = {.status = DECODE_OK};
    batch_add(pass->redecoding->batch, &pass->stream->stream, record, OUTCOME_EMPTY, NULL, 0,
              &none);
    pass->left++;
}

static void
count_outcome(struct pass *pass, enum outcome outcome, size_t count, int64_t by)
{
    struct redecode_change *change = &pass->change;
    change->stored += outcome == OUTCOME_STORED ? by : 0;
    change->empty += outcome == OUTCOME_EMPTY ? by : 0;
    change->quarantined += outcome == OUTCOME_QUARANTINED ? by : 0;
    change->events += (int64_t)count * by;
}

static enum outcome
outcome_before(const struct record *record, size_t rows, bool quarantined)
{
    if (record->value.ptr == NULL)
        return OUTCOME_TOMBSTONE;
    if (quarantined)
        return OUTCOME_QUARANTINED;
    return rows > 0 ? OUTCOME_STORED : OUTCOME_EMPTY;
}

static void
add_again(struct pass *pass, const struct record *record, const struct redecode_row *rows,
          size_t row_count, const struct redecode_row *quarantine)
{
    struct event_sink sink = {.arena = &pass->redecoding->arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result;
    enum outcome before = outcome_before(record, row_count, quarantine != NULL);
    enum outcome outcome = record_outcome(record, pass->options, &sink, &result);
    size_t count = outcome == OUTCOME_STORED ? sink.count : 0;
    if (before == OUTCOME_EMPTY && lines_were_removed(pass, sink.events, count)) {
        add_left(pass, record);
        return;
    }
    batch_add(pass->redecoding->batch, &pass->stream->stream, record, outcome, sink.events, count,
              &result);
    count_outcome(pass, before, row_count, -1);
    count_outcome(pass, outcome, count, 1);
    for (size_t i = 0; i < row_count; i++)
        pass->change.untimed -= rows[i].untimed;
    for (size_t i = 0; i < count; i++)
        pass->change.untimed += sink.events[i].event_time_ns == TIME_NONE;
    compare_names(pass, record, rows, row_count, sink.events, count);
    pass->events_before += (int64_t)row_count;
    pass->quarantined_before += quarantine != NULL;
    pass->quarantined_after += outcome == OUTCOME_QUARANTINED;
    pass->change.rows += row_count + (quarantine != NULL);
    for (size_t i = 0; i < row_count; i++)
        if (pass->change.scope_count == 0 ||
            !sv_eq(pass->scopes[pass->change.scope_count - 1], rows[i].scope))
            pass->scopes[pass->change.scope_count++] = rows[i].scope;
    if (quarantine != NULL && outcome == OUTCOME_QUARANTINED &&
        sv_eq(quarantine->scope, SV("dismissed")))
        pass->dismissed[pass->change.dismissed_count++] = record->offset;
}

static void
read_again(struct pass *pass, const struct record *record)
{
    const struct redecode_row *rows = &pass->rows.rows[pass->at], *quarantine = NULL;
    bool kept = false;
    size_t count = 0, others = 0;
    for (; pass->at < pass->rows.count && pass->rows.rows[pass->at].offset == record->offset;
         pass->at++) {
        const struct redecode_row *row = &pass->rows.rows[pass->at];
        kept |= row->index == REDECODE_KEPT;
        if (row->index == REDECODE_QUARANTINED)
            quarantine = row;
        if (row->index < 0)
            others++;
        else
            count++;
    }
    if (kept)
        add_left(pass, record);
    else
        add_again(pass, record, rows + others, count, quarantine);
}

/* ---- one segment ---- */

static void
compare(struct pass *pass, const struct redecode_segment *segment)
{
    struct batch *batch = pass->redecoding->batch;
    const struct stream *stream = &pass->stream->stream;
    struct arena *arena = &pass->redecoding->arena;
    pass->scopes = ARENA_ARRAY(arena, struct sv, pass->rows.count + 1);
    pass->dismissed = ARENA_ARRAY(arena, int64_t, pass->rows.count + 1);
    pass->change = (struct redecode_change){.first_offset = segment->first_offset,
                                            .next_offset = segment->next_offset};
    for (size_t i = 0; i < segment->count; i++) {
        const struct record *record = &segment->records[i];
        int64_t next = batch_next_offset(batch, stream->stream_id);
        if (next >= 0 && next < record->offset)
            batch_add_holes(batch, stream, next, record->offset);
        read_again(pass, record);
    }
    pass->change.scopes = pass->scopes;
    pass->change.dismissed = pass->dismissed;
}

static void
add_up(struct redecoding *redecoding, const struct pass *pass, size_t records)
{
    redecoding->read += (int64_t)records;
    redecoding->left += pass->left;
    redecoding->events_before += pass->events_before;
    redecoding->events_after += pass->events_before + pass->change.events;
    redecoding->quarantined_before += pass->quarantined_before;
    redecoding->quarantined_after += pass->quarantined_after;
    redecoding->renamed += (int64_t)pass->change.renamed_count;
}

static int
try_segment(struct redecoding *redecoding, const struct redecode_stream *stream,
            const struct redecode_segment *segment, bool *ret_again, struct err *err)
{
    struct pass pass = {.redecoding = redecoding,
                        .stream = stream,
                        .options = topics_find(&redecoding->decoding.topics, stream->stream.topic)};
    arena_reset(&redecoding->arena);
    batch_clear(redecoding->batch);
    if (redecode_rows(redecoding->store, &redecoding->arena, stream->stream.stream_id,
                      segment->first_offset, segment->next_offset, &pass.rows, err) != 0)
        return -1;
    compare(&pass, segment);
    int status =
        redecode_commit(redecoding->store, redecoding->batch, stream, &pass.change, ret_again, err);
    if (status == 0 && !*ret_again)
        add_up(redecoding, &pass, segment->count);
    free(pass.change.renamed);
    redecoding->overtaken = status != 0 && err->code == ERR_OVERTAKEN;
    return status;
}

static int
replace_segment(struct redecoding *redecoding, const struct redecode_stream *stream,
                const struct redecode_segment *segment, struct err *err)
{
    bool again = true;
    for (int tries = 0; tries < TRIES_MAX && again; tries++)
        if (try_segment(redecoding, stream, segment, &again, err) != 0)
            return -1;
    return again ? err_set(err, ERR_OVERTAKEN, "others write to %s, partition %d, again and again",
                           stream->stream.topic, (int)stream->stream.partition)
                 : 0;
}

static void
tell_damaged(struct redecoding *redecoding, const struct redecode_stream *stream, int64_t offset,
             const char *reason)
{
    visible_line(stderr,
                 "hindcast ingest: %s, partition %d, records from offset %lld on stay as "
                 "they are: %s",
                 stream->stream.topic, (int)stream->stream.partition, (long long)offset, reason);
    redecoding->damaged++;
}

/* ---- all ---- */

static int
redecode_stream(struct redecoding *redecoding, const struct redecode_stream *stream,
                struct err *err)
{
    int64_t since = redecoding->request->since_ns, from = 0;
    int32_t since_day = since == TIME_NONE || since < 0 ? 0 : (int32_t)(since / NS_PER_DAY);
    for (;;) {
        struct redecode_segment segment;
        bool found;
        if (stop_asked(redecoding->request->stop))
            return 1;
        arena_reset(&redecoding->records);
        int status = redecode_segment(redecoding->store, &redecoding->records, stream, from,
                                      since_day, &segment, &found, err);
        if (status != 0 && err->code != ERR_BROKEN_EVIDENCE)
            return -1;
        if (status == 0 && !found)
            return 0;
        from = segment.first_offset + 1;
        if (status != 0)
            tell_damaged(redecoding, stream, segment.first_offset, err->message);
        else if (segment.damaged)
            tell_damaged(redecoding, stream, segment.first_offset,
                         "the Merkle root of their segment does not match them");
        else if (replace_segment(redecoding, stream, &segment, err) != 0)
            return -1;
        progress_count(&redecoding->progress, redecoding->read, "records");
    }
}

static int
redecode_all(struct redecoding *redecoding, struct err *err)
{
    struct redecode_stream *streams;
    struct arena arena;
    size_t count = 0;
    arena_init(&arena, 0);
    int status = redecode_streams(redecoding->store, &arena, &streams, &count, err);
    progress_begin(&redecoding->progress, "redecode", 0);
    for (size_t i = 0; i < count && status == 0; i++)
        status = redecode_stream(redecoding, &streams[i], err);
    progress_end(&redecoding->progress);
    arena_release(&arena);
    return status;
}

static void
print_summary(const struct redecoding *redecoding, bool stopped)
{
    visible_line(stdout, "records      %lld read again", (long long)redecoding->read);
    visible_line(stdout, "events       %lld, before %lld", (long long)redecoding->events_after,
                 (long long)redecoding->events_before);
    visible_line(stdout, "quarantined  %lld, before %lld", (long long)redecoding->quarantined_after,
                 (long long)redecoding->quarantined_before);
    visible_line(stdout, "renamed      %lld events", (long long)redecoding->renamed);
    if (redecoding->left > 0)
        visible_line(stdout, "left         %lld records, whose lines retention removed",
                     (long long)redecoding->left);
    if (stopped)
        visible_line(stdout, "stopped      before the end; the same command begins anew");
}

/* Reads which options count, and has no segment replaced by what others decode to. */
static int
take_decoding(struct redecoding *redecoding, bool starting, struct err *err)
{
    struct applied_decoding *decoding = &redecoding->decoding;
    applied_decoding_release(decoding);
    if (applied_decoding_use(redecoding->store, &redecoding->own, starting, decoding, err) != 0)
        return -1;
    decoders_digest(&redecoding->decoders);
    batch_clear(redecoding->batch);
    batch_set_decoding(redecoding->batch, decoding->number);
    struct ingest_decoding shown = {.differs = decoding->differs, .how = decoding->how};
    memcpy(shown.applied, decoding->digest, sizeof(shown.applied));
    memcpy(shown.own, decoding->own_digest, sizeof(shown.own));
    memcpy(shown.differs_in, decoding->differs_in, sizeof(shown.differs_in));
    ingest_display_decoding(&shown);
    return 0;
}

/* What was counted of records that are read once more. */
static void
forget_counts(struct redecoding *redecoding)
{
    redecoding->read = redecoding->left = redecoding->damaged = 0;
    redecoding->events_before = redecoding->events_after = 0;
    redecoding->quarantined_before = redecoding->quarantined_after = redecoding->renamed = 0;
}

/* Never the one half as one set of options says and the other as another does. */
static int
redecode_alike(struct redecoding *redecoding, struct err *err)
{
    for (bool starting = true;; starting = false) {
        if (take_decoding(redecoding, starting, err) != 0)
            return -1;
        int status = redecode_all(redecoding, err);
        if (status >= 0 || !redecoding->overtaken)
            return status;
        visible_line(stderr, "hindcast ingest: other decoding options were applied meanwhile; all "
                             "records are read again with those");
        redecoding->overtaken = false;
        forget_counts(redecoding);
    }
}

int
redecode_run(const struct redecode_request *request, struct err *err)
{
    struct redecoding redecoding = {.request = request};
    redecoding.batch = batch_new(&(struct batch_limits){.decoders = &redecoding.decoders});
    arena_init(&redecoding.records, 0);
    arena_init(&redecoding.arena, 0);
    int status = own_decoding_read(request->config, &redecoding.own, err);
    if (status == 0)
        status = open_store(request->config, STORE_OWNER, request->stop, &redecoding.store, err);
    if (status == 0) {
        status = redecode_alike(&redecoding, err);
        print_summary(&redecoding, status == 1);
    }
    store_close(redecoding.store);
    batch_free(redecoding.batch);
    arena_release(&redecoding.records);
    arena_release(&redecoding.arena);
    applied_decoding_release(&redecoding.decoding);
    own_decoding_release(&redecoding.own);
    if (status == 0 && redecoding.damaged > 0)
        return err_set(err, ERR_BROKEN_EVIDENCE, "%lld segments could not be read again",
                       (long long)redecoding.damaged);
    return status;
}
