/*
 * What became of a record: see hindcast/record_fate.h. Called by `hindcast why-not` on the main
 * thread.
 */
#include "hindcast/record_fate.h"

#include "base/clock.h"
#include "store/casebook/columns.h"

static void
read_event(struct arena *arena, const PGresult *result, int row, struct event_fate *ret_event)
{
    *ret_event = (struct event_fate){
        .place = {.topic = column_text(arena, result, row, 0),
                  .incarnation = (int32_t)column_int(result, row, 1),
                  .partition = (int32_t)column_int(result, row, 2),
                  .at = {.stream_id = column_int(result, row, 19),
                         .offset = column_int(result, row, 3),
                         .index = (int32_t)column_int(result, row, 4)},
                  .file = column_text(arena, result, row, 16),
                  .line = column_null(result, row, 17) ? 0 : column_int(result, row, 17)},
        .scope = column_text(arena, result, row, 5),
        .kind = column_text(arena, result, row, 6),
        .time_ns = row_time(result, row, 7),
        .uid = column_text(arena, result, row, 8),
        .severity = (int)column_int(result, row, 9),
        .source = column_text(arena, result, row, 10),
        .service = column_text(arena, result, row, 11),
        .host = column_text(arena, result, row, 12),
        .channel = column_text(arena, result, row, 13),
        .actor = column_text(arena, result, row, 14),
        .text = column_text(arena, result, row, 15),
        .notable = column_bool(result, row, 18),
        .about_file = column_bool(result, row, 21),
    };
    if (sv_empty(ret_event->uid)) { /* a log line that nothing names: by its place */
        const struct event_place place = {
            column_text(arena, result, row, 20), ret_event->place.topic,
            ret_event->place.incarnation,        ret_event->place.partition,
            ret_event->place.at.offset,          (size_t)ret_event->place.at.index};
        uint8_t uid[UID_BYTES];
        struct sv hex = SV("");
        event_uid_of_place(ret_event->scope, &place, uid);
        for (size_t i = 0; i < UID_BYTES; i++)
            hex = arena_printf(arena, SV_FMT "%02x", SV_ARG(hex), uid[i]);
        ret_event->uid = hex;
    }
}

static int
read_fate(struct store *store, struct arena *arena, struct event_fate *event, struct err *err)
{
    PGresult *result;
    char stream[INT_TEXT], offset[INT_TEXT], at[INT_TEXT], time[INT_TEXT];
    const char *values[] = {
        arena_strdup(arena, event->scope),           arena_strdup(arena, event->uid),
        int_text(event->place.at.stream_id, stream), int_text(event->place.at.offset, offset),
        int_text(event->place.at.index, at),         arena_strdup(arena, event->source),
        int_text(event->time_ns / NS_PER_US, time),  arena_strdup(arena, event->kind)};
    if (store_sql(store, QUERY_record_fate, values, 8, &result, err) != 0)
        return -1;
    event->incident_key = column_text(arena, result, 0, 0);
    event->number = column_text(arena, result, 0, 1);
    event->title = column_text(arena, result, 0, 2);
    event->raised = column_bool(result, 0, 3);
    event->decided_by = column_text(arena, result, 0, 4);
    event->reason = column_text(arena, result, 0, 5);
    event->waiting = column_bool(result, 0, 7);
    event->said = column_text(arena, result, 0, 8);
    event->said_by = column_text(arena, result, 0, 9);
    event->said_id = column_text(arena, result, 0, 10);
    PQclear(result);
    return 0;
}

static int
read_nearest(struct store *store, struct arena *arena, struct event_fate *event, struct err *err)
{
    PGresult *result;
    char time[INT_TEXT];
    const char *values[] = {arena_strdup(arena, event->scope),
                            int_text(event->time_ns / NS_PER_US, time)};
    if (store_sql(store, QUERY_record_nearest, values, 2, &result, err) != 0)
        return -1;
    event->nearest_count = (size_t)PQntuples(result);
    struct near_incident *nearest =
        ARENA_ARRAY(arena, struct near_incident, event->nearest_count + 1);
    for (size_t i = 0; i < event->nearest_count; i++) {
        nearest[i].number = column_text(arena, result, (int)i, 0);
        nearest[i].incident_key = column_text(arena, result, (int)i, 1);
        nearest[i].title = column_text(arena, result, (int)i, 2);
        nearest[i].services = column_texts(arena, result, (int)i, 3, &nearest[i].service_count);
        nearest[i].distance_ms = column_int(result, (int)i, 4);
        nearest[i].later = column_bool(result, (int)i, 5);
    }
    PQclear(result);
    event->nearest = nearest;
    return 0;
}

static int
read_unread(struct store *store, struct arena *arena, const char *const *values,
            struct record_fate *fate, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_record_unread, values, 3, &result, err) != 0)
        return -1;
    fate->stream_known = PQntuples(result) > 0;
    if (fate->stream_known) {
        fate->quarantined = column_text(arena, result, 0, 0);
        fate->format_guess = column_text(arena, result, 0, 1);
        fate->not_yet = column_bool(result, 0, 2);
        fate->before = column_bool(result, 0, 3);
        fate->next_offset = column_null(result, 0, 4) ? 0 : column_int(result, 0, 4);
    }
    PQclear(result);
    return 0;
}

static const char *
given(struct arena *arena, struct sv text)
{
    return sv_empty(text) ? NULL : arena_strdup(arena, text);
}

static int
read_events(struct store *store, struct arena *arena, const char *const *values,
            struct record_fate *fate, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_record_rows, values, 7, &result, err) != 0)
        return -1;
    fate->count = (size_t)PQntuples(result);
    struct event_fate *events = ARENA_ARRAY(arena, struct event_fate, fate->count + 1);
    for (size_t i = 0; i < fate->count; i++)
        read_event(arena, result, (int)i, &events[i]);
    PQclear(result);
    fate->events = events;
    for (size_t i = 0; i < fate->count; i++)
        if (events[i].time_ns != TIME_NONE && (read_fate(store, arena, &events[i], err) != 0 ||
                                               (sv_empty(events[i].incident_key) &&
                                                read_nearest(store, arena, &events[i], err) != 0)))
            return -1;
    return 0;
}

int
casebook_record_fate(struct store *store, struct arena *arena, const struct record_name *name,
                     struct record_fate *ret_fate, struct err *err)
{
    struct record_fate fate = {.count = 0};
    char partition[INT_TEXT], offset[INT_TEXT], line[INT_TEXT], most[INT_TEXT];
    const char *values[] = {given(arena, name->uid),
                            given(arena, name->topic),
                            int_text(name->partition, partition),
                            int_text(name->offset, offset),
                            given(arena, name->file),
                            int_text(name->line, line),
                            int_text(RECORD_EVENTS_MAX, most)};
    if (read_events(store, arena, values, &fate, err) != 0)
        return -1;
    if (fate.count == 0 && values[1] != NULL &&
        read_unread(store, arena, &values[1], &fate, err) != 0)
        return -1;
    *ret_fate = fate;
    return 0;
}
