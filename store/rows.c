/*
 * Rows of ingest.log, ingest.event and evidence.quarantine in COPY form. Called by batch.c on the
 * worker's thread. The order of fields is the column list of sql/queries/copy_*.sql.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "store/copy.h"
#include "store/part.h"

#define LOG_FIELDS 28
#define EVENT_FIELDS 39

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

static void
note_log_row(struct part *part, int64_t event_ns, size_t at)
{
    if (part->log_count == part->log_size) {
        part->log_size = part->log_size == 0 ? 256 : part->log_size * 2;
        part->log_rows = realloc(part->log_rows, part->log_size * sizeof(*part->log_rows));
        if (part->log_rows == NULL)
            abort();
    }
    part->log_rows[part->log_count++] = (struct log_row){
        .day = (int32_t)(event_ns / NS_PER_DAY), .at = at, .len = part->log.len - at};
}

static void
add_place_and_time(struct strbuf *out, const struct part *part, const struct record *record,
                   const struct event *event)
{
    assert(event->event_time_ns >= TIME_MIN_NS && event->event_time_ns <= TIME_MAX_NS);
    copy_int8(out, part->stream_id);
    copy_int8(out, record->offset);
    copy_time(out, event->event_time_ns);
    copy_time(out, record->kafka_time_ns);
}

void
rows_add_log(struct part *part, const struct record *record, const struct event *event, int index)
{
    struct strbuf *out = &part->log;
    size_t at = out->len;
    int rest;
    copy_row(out, LOG_FIELDS);
    add_place_and_time(out, part, record, event);
    copy_int4(out, index);
    (void)time_us(event->event_time_ns, &rest);
    copy_int2(out, rest);
    copy_int2(out, event->severity);
    copy_bytes(out, event->scope);
    copy_bytes(out, precision_words[event->precision]);
    copy_bytes(out, source_words[event->time_source]);
    copy_bytes(out, record_kind_words[event->record_kind]);
    copy_bytes(out, event->format);
    copy_text(out, event->source);
    copy_text(out, event->source_time_text);
    copy_text(out, event->service);
    copy_text(out, event->environment);
    copy_text(out, event->host);
    copy_text(out, event->severity_text);
    copy_text(out, event->actor);
    copy_text(out, event->trace_id);
    copy_text(out, event->correlation_key);
    copy_text(out, event->incident_ref);
    copy_text(out, event->url);
    copy_text(out, event->ref);
    copy_text(out, event->identity);
    if (event->identified)
        copy_uuid(out, event->uid);
    else
        copy_null(out);
    copy_text(out, sv_empty(event->body) ? event->title : event->body);
    copy_jsonb(out, event->attributes);
    note_log_row(part, event->event_time_ns, at);
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
    copy_text(out, event->identity);
    copy_uuid(out, event->uid);
}

void
rows_add_event(struct part *part, const struct record *record, const struct event *event, int index)
{
    struct strbuf *out = &part->event;
    int rest;
    copy_row(out, EVENT_FIELDS);
    add_place_and_time(out, part, record, event);
    copy_int8(out, event->version);
    copy_int4(out, index);
    copy_int4(out, event->marks);
    (void)time_us(event->event_time_ns, &rest);
    copy_int2(out, rest);
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
    copy_row(out, 5);
    copy_int8(out, part->stream_id);
    copy_int8(out, record->offset);
    copy_bytes(out, sv_from(quarantine_word(result->reason)));
    copy_text(out, printable(&arena, result->format));
    copy_text(out, printable(&arena, result->detail));
    arena_release(&arena);
}
