/*
 * Rows of ingest.log, ingest.event and evidence.quarantine in COPY form. Called by batch.c on the
 * worker's thread. The order of fields is the column list of sql/queries/copy_*.sql.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "store/delivery/part.h"
#include "store/delivery/row.h"
#include "store/pg/copy.h"

#define LOG_FIELDS 31
#define EVENT_FIELDS 42

/* The words of the closed lists with their lengths. */
static const struct sv precision_words[] = {
    {"", 0},
#define TIME_PRECISION(name, word) {word, sizeof(word) - 1},
#include "hindcast/event.def"
};
static const struct sv source_words[] = {
    {"", 0},
#define TIME_SOURCE(name, word) {word, sizeof(word) - 1},
#include "hindcast/event.def"
};
static const struct sv record_kind_words[] = {
    {"", 0},
#define RECORD_KIND(name, word, kind, meaning) {word, sizeof(word) - 1},
#include "hindcast/event.def"
};

/* Room for a word is that of a fixed field. */
#define SHORT_ENOUGH(word) _Static_assert(sizeof(word) - 1 + 4 <= FIELD_BYTES_FIXED, word)
#define TIME_PRECISION(name, word) SHORT_ENOUGH(word);
#define TIME_SOURCE(name, word) SHORT_ENOUGH(word);
#define RECORD_KIND(name, word, kind, meaning) SHORT_ENOUGH(word);
#include "hindcast/event.def"

static void
note_log_row(struct part *part, int64_t event_ns, size_t at)
{
    if (part->log_count == part->log_size)
        part->log_rows = memory_grow(part->log_rows, &part->log_size, part->log_count + 1,
                                     sizeof(*part->log_rows));
    part->log_rows[part->log_count++] =
        (struct log_row){.day = row_day(event_ns), .at = at, .len = part->log.len - at};
}

static int
below_microsecond(const struct event *event)
{
    int rest = 0;
    if (event->event_time_ns != TIME_NONE)
        (void)time_us(event->event_time_ns, &rest);
    return rest;
}

static inline char *
put_place_and_time(char *at, const struct part *part, const struct record *record,
                   const struct event *event)
{
    bool untimed = event->event_time_ns == TIME_NONE;
    assert(untimed || (event->event_time_ns >= TIME_MIN_NS && event->event_time_ns <= TIME_MAX_NS));
    assert(untimed == (event->time_source == TIME_SOURCE_ABSENT));
    at = put_int8(at, part->stream_id);
    at = put_int8(at, record->offset);
    at = untimed ? put_int8(at, COPY_TIME_MINUS_INFINITY) : put_time(at, event->event_time_ns);
    return put_time(at, record->kafka_time_ns);
}

/* Room is made once for the whole row: of millions of rows each field counts. */
void
rows_add_log(struct part *part, const struct record *record, const struct event *event, int index)
{
    struct strbuf *out = &part->log;
    /* What can be long or missing, in the order of the columns; the body stands behind the uid. */
    const struct sv texts[] = {event->source,
                               event->source_time_text,
                               event->service,
                               event->environment,
                               event->host,
                               event->severity_text,
                               event->actor,
                               event->trace_id,
                               event->correlation_key,
                               event->incident_ref,
                               event->url,
                               event->ref,
                               event_name(event),
                               sv_empty(event->body) ? event->title : event->body};
    const size_t count = sizeof(texts) / sizeof(texts[0]);
    /* Mostly it is how the body begins, and need not be kept twice. */
    bool told = sv_empty(event->body) || sv_starts(event->body, event->title);
    struct sv title = told ? SV_NONE : event->title;
    size_t from = out->len, room = (LOG_FIELDS + 1) * FIELD_BYTES_FIXED + event->scope.len +
                                   event->format.len + event->attributes.len + event->file.len +
                                   title.len;
    for (size_t i = 0; i < count; i++)
        room += texts[i].len;
    char *row = strbuf_room(out, room), *at = row;
    if (row != NULL) {
        at = put_place_and_time(put_row(at, LOG_FIELDS), part, record, event);
        at = put_int4(at, index);
        at = put_int2(at, below_microsecond(event));
        at = put_int2(at, event->severity);
        at = put_field(at, event->scope);
        at = put_field(at, precision_words[event->precision]);
        at = put_field(at, source_words[event->time_source]);
        at = put_field(at, record_kind_words[event->record_kind]);
        at = put_field(at, event->format);
        for (size_t i = 0; i + 1 < count; i++)
            at = put_field_or_null(at, texts[i]);
        at = event->identified ? put_uuid(at, event->uid) : put_null(at);
        at = put_field_or_null(at, texts[count - 1]);
        at = put_jsonb(at, event->attributes);
        at = put_field_or_null(at, event->file);
        at = event->line > 0 ? put_int8(at, event->line) : put_null(at);
        at = put_field_or_null(at, title);
        assert((size_t)(at - row) <= room);
        strbuf_wrote(out, (size_t)(at - row));
    }
    note_log_row(part, event->event_time_ns, from);
}

static void
add_keys(struct strbuf *out, const struct event *event)
{
    copy_text(out, event->channel);
    copy_text(out, event->thread_key);
    copy_text(out, event->dedup_key);
    copy_text(out, event->fingerprint);
    copy_text(out, event->group_key);
    copy_text(out, event->correlation_key);
    copy_text(out, event->incident_ref);
    copy_text(out, event->trace_id);
    copy_text(out, event->ref);
    copy_text(out, event->url);
    copy_text(out, event_name(event));
    copy_uuid(out, event->uid);
}

void
rows_add_event(struct part *part, const struct record *record, const struct event *event, int index)
{
    struct strbuf *out = &part->event;
    char *at = strbuf_room(out, 5 * FIELD_BYTES_FIXED), *row = at;
    if (row != NULL) {
        at = put_place_and_time(put_row(at, EVENT_FIELDS), part, record, event);
        strbuf_wrote(out, (size_t)(at - row));
    }
    copy_int8(out, event->version);
    copy_int4(out, index);
    copy_int4(out, event->marks);
    copy_int2(out, below_microsecond(event));
    copy_int2(out, event->severity);
    copy_bytes(out, event->scope);
    copy_bytes(out, sv_from(event_kind_word(event->kind)));
    copy_bytes(out, sv_from(record_kind_word(event->record_kind)));
    copy_word(out, event_phase_word(event->phase));
    copy_bytes(out, sv_from(time_precision_word(event->precision)));
    copy_bytes(out, sv_from(time_source_word(event->time_source)));
    copy_bytes(out, event->format);
    copy_text(out, event->source);
    copy_text(out, event->source_time_text);
    copy_text(out, event->service);
    copy_text(out, event->environment);
    copy_text(out, event->host);
    copy_text(out, event->severity_text);
    copy_text(out, event->actor);
    copy_word(out, actor_type_word(event->actor_type));
    add_keys(out, event);
    copy_text(out, event->title);
    copy_text(out, event->body);
    copy_jsonb(out, event->attributes);
    if (event->sequence != 0)
        copy_int8(out, event->sequence);
    else
        copy_null(out);
    copy_text(out, event->file);
    if (event->line > 0)
        copy_int8(out, event->line);
    else
        copy_null(out);
}

/* Formats and details may quote the record, whose bytes can be anything. */
static struct sv
printable(struct arena *arena, struct sv view)
{
    return sv_empty(view) ? SV_NONE : utf8_cut(utf8_repair(arena, view), 1000);
}

void
rows_add_quarantine(struct part *part, const struct record *record,
                    const struct decode_result *result)
{
    struct strbuf *out = &part->quarantine;
    struct arena arena;
    arena_init(&arena, 0);
    struct sv format = printable(&arena, result->format);
    copy_row(out, 5);
    copy_int8(out, part->stream_id);
    copy_int8(out, record->offset);
    copy_bytes(out, sv_from(quarantine_word(result->reason)));
    copy_text(out, format);
    copy_text(out, printable(&arena, result->detail));
    tally_quarantined(&part->tally, format);
    arena_release(&arena);
}
