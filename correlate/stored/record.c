/*
 * Records as bytes: see record.h.
 */
#include "correlate/stored/record.h"

#include <string.h>

#include "correlate/group/order.h"
#include "correlate/stored/bytes.h"

#define RECORD_FORM 2 /* of these bytes; another form is another derivation, too */

/* Changes and log lines are told by their keys. */
static bool
has_words(const struct work_record *record)
{
    return record->role == NODE_ALERT || record->role == NODE_CHAT;
}

static void
put_observation(struct strbuf *out, const struct observation *observation, bool words)
{
    bytes_put_number(out, observation != NULL);
    if (observation == NULL)
        return;
    const struct event *event = &observation->event;
    bytes_put_event(out, event, words);
    bytes_put_number(out, event->event_time_ns);
    bytes_put_number(out, event->sequence);
    bytes_put_number(out, !sv_empty(event->identity));
    bytes_put_text(out, sv_of((const char *)event->uid, UID_BYTES));
    bytes_put_text(out, observation->topic);
    bytes_put_text(out, observation->cluster);
    bytes_put_number(out, observation->incarnation);
    bytes_put_number(out, observation->partition);
    bytes_put_number(out, observation->at.offset);
    bytes_put_number(out, observation->at.index);
}

void
record_write(const struct work_record *record, struct strbuf *out)
{
    bytes_put_number(out, RECORD_FORM);
    bytes_put_number(out, (int64_t)record->role);
    bytes_put_number(out, (int64_t)record->life);
    bytes_put_number(out, record->severity);
    bytes_put_number(out, (int64_t)record->quiet);
    bytes_put_text(out, record->quiet_reason);
    bytes_put_text(out, record->source);
    bytes_put_text(out, record->fingerprint);
    bytes_put_text(out, record->explicit_id);
    bytes_put_keys(out, record->keys, record->key_count);
    bytes_put_declaration(out, record->declaration);
    put_observation(out, record->observation, has_words(record));
}

static void
take_observation(struct reader *in, struct arena *arena, struct work_record *record)
{
    if (bytes_take_number(in) == 0)
        return;
    struct observation *observation = bytes_take_event(in, arena);
    struct event *event = &observation->event;
    event->severity = record->severity;
    event->event_time_ns = bytes_take_number(in);
    event->sequence = bytes_take_number(in);
    event->identity = bytes_take_number(in) != 0 ? SV("named") : SV_NONE;
    struct sv uid = bytes_take_text(in);
    in->failed = in->failed || uid.len != UID_BYTES;
    if (!in->failed)
        memcpy(event->uid, uid.ptr, UID_BYTES);
    observation->topic = bytes_take_text(in);
    observation->cluster = bytes_take_text(in);
    observation->incarnation = (int32_t)bytes_take_number(in);
    observation->partition = (int32_t)bytes_take_number(in);
    observation->at.offset = bytes_take_number(in);
    observation->at.index = (int32_t)bytes_take_number(in);
    record->observation = observation;
}

bool
record_read(struct arena *arena, struct sv bytes, struct sv uid, int64_t ms,
            struct work_record *ret_record)
{
    struct reader in = {.rest = bytes, .failed = false};
    struct work_record record = {.uid = uid, .ms = ms};
    if (bytes_take_number(&in) != RECORD_FORM)
        return false;
    record.role = (enum node_role)bytes_take_number(&in);
    record.life = (enum life)bytes_take_number(&in);
    record.severity = (int)bytes_take_number(&in);
    record.quiet = (enum quiet)bytes_take_number(&in);
    record.quiet_reason = bytes_take_text(&in);
    record.source = bytes_take_text(&in);
    record.fingerprint = bytes_take_text(&in);
    record.explicit_id = bytes_take_text(&in);
    const struct node_key *keys = bytes_take_keys(&in, arena, &record.key_count);
    if (in.failed || record.key_count > RECORD_KEYS_MAX)
        return false;
    memcpy(record.keys, keys, record.key_count * sizeof(*keys));
    record.declaration = bytes_take_declaration(&in, arena);
    take_observation(&in, arena, &record);
    if (in.failed || in.rest.len > 0)
        return false;
    *ret_record = record;
    return true;
}

/* Negative times first. */
void
record_place(const struct work_record *record, struct strbuf *out)
{
    const struct observation *observation = record->observation;
    if (observation == NULL) {
        strbuf_add_sv(out, record->uid);
        return;
    }
    strbuf_add_be64(out, (uint64_t)observation->event.event_time_ns ^ (UINT64_C(1) << 63));
    occurrence_tie_bytes(out, observation);
}

bool
record_is_loud(const struct work_record *record)
{
    return record->role == NODE_LOG && record->observation != NULL &&
           record->observation->event.severity >= SEVERITY_WARN;
}
