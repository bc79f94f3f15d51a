/*
 * Rows that a correlator loads: see loading.h. What hindcast never writes is left out and counted.
 */
#include "store/casebook/loading.h"

#include <stdlib.h>
#include <string.h>

#include "hindcast/decoder.h"
#include "store/casebook/columns.h"

/* What ingest keeps, written out by jsonb with its blanks and escapes. */
#define ATTRIBUTES_READ_MAX (8 * ATTRIBUTES_BYTES_MAX)

int
loading_cursor(struct loading *loading, struct cursor_position **ret_cursor, size_t *ret_count,
               struct err *err)
{
    PGresult *result;
    if (store_sql(loading->store, QUERY_casebook_position, &loading->scope, 1, &result, err) != 0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct cursor_position *cursor = ARENA_ARRAY(loading->arena, struct cursor_position, count + 1);
    for (size_t i = 0; i < count; i++)
        cursor[i] =
            (struct cursor_position){column_int(result, (int)i, 0), column_int(result, (int)i, 1)};
    PQclear(result);
    *ret_cursor = cursor;
    *ret_count = count;
    return 0;
}

int
loading_streams(struct loading *loading, struct err *err)
{
    PGresult *result;
    if (store_sql(loading->store, QUERY_casebook_streams, NULL, 0, &result, err) != 0)
        return -1;
    loading->stream_count = (size_t)PQntuples(result);
    loading->streams = ARENA_ARRAY(loading->arena, struct stream_name, loading->stream_count + 1);
    for (size_t i = 0; i < loading->stream_count; i++)
        loading->streams[i] = (struct stream_name){
            .stream_id = column_int(result, (int)i, 0),
            .topic = column_text(loading->arena, result, (int)i, 1),
            .incarnation = (int32_t)column_int(result, (int)i, 2),
            .partition = (int32_t)column_int(result, (int)i, 3),
            .cluster = column_text(loading->arena, result, (int)i, 4),
        };
    PQclear(result);
    return 0;
}

static int
load_declarations(struct loading *loading, struct correlation_input *input, struct err *err)
{
    PGresult *result;
    struct arena *arena = loading->arena;
    if (store_sql(loading->store, QUERY_casebook_declarations, &loading->scope, 1, &result, err) !=
        0)
        return -1;
    size_t count = (size_t)PQntuples(result);
    struct declaration *declarations = ARENA_ARRAY(arena, struct declaration, count + 1);
    size_t sound = 0;
    for (int i = 0; (size_t)i < count; i++) {
        if (!column_bool(result, i, 7))
            continue;
        declarations[sound++] = (struct declaration){
            .id = column_text(arena, result, i, 0),
            .title = column_text(arena, result, i, 1),
            .from_ns = row_time(result, i, 2),
            .to_ns = row_time(result, i, 3),
            .service = column_text(arena, result, i, 4),
            .channel = column_text(arena, result, i, 5),
            .declared_by = column_text(arena, result, i, 6),
        };
    }
    PQclear(result);
    input->declarations = declarations;
    input->declaration_count = sound;
    input->left_out_declarations = count - sound;
    return 0;
}

static int
load_decisions(struct loading *loading, struct correlation_input *input, struct err *err)
{
    struct decision *decisions;
    int status =
        casebook_decisions(loading->store, loading->arena, sv_from(loading->scope), &decisions,
                           &input->decision_count, &input->left_out_decisions, err);
    if (status == 0)
        input->decisions = decisions;
    return status;
}

int
loading_decided(struct loading *loading, struct correlation_input *input, struct err *err)
{
    return load_declarations(loading, input, err) != 0 || load_decisions(loading, input, err) != 0
               ? -1
               : 0;
}

static int
digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

/* "01234567-89ab-...": the hex digits of a uuid. */
static void
read_uid(struct sv text, uint8_t ret_uid[UID_BYTES])
{
    size_t digits = 0;
    memset(ret_uid, 0, UID_BYTES);
    for (size_t i = 0; i < text.len && digits < 2 * UID_BYTES; i++) {
        int value = digit_value(text.ptr[i]);
        if (value < 0)
            continue;
        ret_uid[digits / 2] |= (uint8_t)(digits % 2 == 0 ? value << 4 : value);
        digits++;
    }
}

/* Columns in the order of casebook_observations.sql. */
static void
read_event(struct loading *loading, const PGresult *result, int row, struct event *event)
{
    int at = 5;
    event->scope = sv_from(loading->scope);
    event->event_time_ns = row_time(result, row, 3);
    event->version = column_int(result, row, at++);
    event->marks = (int32_t)column_int(result, row, at++);
    event->severity = (int)column_int(result, row, at++);
    event->kind = event_kind_read(column_view(result, row, at++));
    event->record_kind = record_kind_read(column_view(result, row, at++));
    event->phase = event_phase_read(column_view(result, row, at++));
    event->precision = time_precision_read(column_view(result, row, at++));
    event->time_source = time_source_read(column_view(result, row, at++));
    struct sv *before[] = {&event->format,        &event->source,      &event->source_time_text,
                           &event->service,       &event->environment, &event->host,
                           &event->severity_text, &event->actor};
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        *before[i] = column_text(loading->arena, result, row, at++);
    event->actor_type = actor_type_read(column_view(result, row, at++));
    struct sv *after[] = {&event->channel,      &event->thread_key, &event->dedup_key,
                          &event->fingerprint,  &event->group_key,  &event->correlation_key,
                          &event->incident_ref, &event->trace_id,   &event->ref,
                          &event->url,          &event->identity};
    for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
        *after[i] = column_text(loading->arena, result, row, at++);
    event->identified = !column_null(result, row, at);
    read_uid(column_view(result, row, at++), event->uid);
    event->title = column_text(loading->arena, result, row, at++);
    event->body = column_text(loading->arena, result, row, at++);
    event->attributes = column_text(loading->arena, result, row, at++);
    event->sequence = column_int(result, row, at++);
    event->file = column_text(loading->arena, result, row, at++);
    event->line = column_null(result, row, at) ? 0 : column_int(result, row, at);
}

static int
by_stream_id(const void *key, const void *element)
{
    const int64_t *wanted = key;
    const struct stream_name *name = element;
    return (*wanted > name->stream_id) - (*wanted < name->stream_id);
}

static void
name_by_place(struct observation *observation)
{
    const struct event_place place = {observation->cluster,     observation->topic,
                                      observation->incarnation, observation->partition,
                                      observation->at.offset,   (size_t)observation->at.index};
    event_uid_of_place(observation->event.scope, &place, observation->event.uid);
    observation->event.identified = true;
}

static bool
texts_within(const struct event *event)
{
    const struct sv names[] = {event->format,
                               event->source,
                               event->source_time_text,
                               event->service,
                               event->environment,
                               event->host,
                               event->severity_text,
                               event->actor,
                               event->channel,
                               event->thread_key,
                               event->dedup_key,
                               event->fingerprint,
                               event->group_key,
                               event->correlation_key,
                               event->incident_ref,
                               event->trace_id,
                               event->ref,
                               event->url,
                               event->identity,
                               event->file};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].len > FIELD_BYTES_MAX)
            return false;
    return event->title.len <= TITLE_BYTES_MAX && event->body.len <= BODY_BYTES_MAX &&
           event->attributes.len <= ATTRIBUTES_READ_MAX;
}

/* Whoever has ingest's rights can write what no decoder makes; its result would be anybody's guess.
 */
static bool
within_bounds(const struct observation *observation)
{
    const struct event *event = &observation->event;
    return observation->at.offset >= 0 && observation->at.index >= 0 &&
           (event->event_time_ns == TIME_NONE) == (event->time_source == TIME_SOURCE_ABSENT) &&
           event->line >= 0 && event->severity >= SEVERITY_UNSET &&
           event->severity <= SEVERITY_MAX && texts_within(event);
}

void
loading_row(struct loading *loading, const PGresult *result, int row)
{
    if (loading->count == loading->size) {
        size_t size = loading->size == 0 ? 4096 : loading->size * 2;
        struct observation *grown = ARENA_ARRAY(loading->arena, struct observation, size);
        if (loading->count > 0)
            memcpy(grown, loading->observations, loading->count * sizeof(grown[0]));
        loading->observations = grown;
        loading->size = size;
    }
    struct observation *observation = &loading->observations[loading->count++];
    *observation = (struct observation){
        .at = {.stream_id = column_int(result, row, 0),
               .offset = column_int(result, row, 1),
               .index = (int32_t)column_int(result, row, 2)},
        .kafka_time_ns = row_time(result, row, 4),
    };
    read_event(loading, result, row, &observation->event);
    const struct stream_name *name =
        bsearch(&observation->at.stream_id, loading->streams, loading->stream_count,
                sizeof(loading->streams[0]), by_stream_id);
    if (name != NULL) {
        observation->cluster = name->cluster;
        observation->topic = name->topic;
        observation->incarnation = name->incarnation;
        observation->partition = name->partition;
    }
    if (name == NULL || !within_bounds(observation)) {
        if (loading->left_out++ == 0)
            loading->first_left_out = observation->at;
        loading->count--;
    } else if (!observation->event.identified) {
        name_by_place(observation);
    }
}

void
loading_take(const struct loading *loading, struct correlation_input *input)
{
    input->observations = loading->observations;
    input->count = loading->count;
    input->left_out = loading->left_out;
    input->first_left_out = loading->first_left_out;
}
