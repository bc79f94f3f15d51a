/*
 * From events to what grouping sees: role, fingerprint, life, keys. One function per kind of event.
 * Called by correlate_run() for each occurrence.
 */
#include "correlate/run.h"

#include <assert.h>

#include "base/text/mask.h"
#include "correlate/group/named.h"
#include "correlate/group/thread.h"

#define DIGEST_PARTS_MAX 6
#define SHAPE_BYTES_MAX 4000 /* of a message, that make its shape */

bool
correlate_notable(const struct event *event)
{
    return event_notable(event);
}

/* What people read of a record: the words said, or the line a source shows. */
struct sv
observation_text(const struct observation *observation)
{
    const struct event *event = &observation->event;
    if (event->kind == EVENT_CHAT && event->phase == PHASE_DELETE)
        return SV("message deleted");
    /* A title may be no more than the first line of what an alert says. */
    bool says = event->kind == EVENT_CHAT || event->kind == EVENT_NOTE ||
                event->kind == EVENT_LOG ||
                (event->kind == EVENT_ALERT && sv_starts(event->body, event->title));
    if (event->kind == EVENT_LOG && !sv_empty(event->title))
        says = false; /* of many lines the first one is not what they are about */
    struct sv first = says ? event->body : event->title;
    struct sv second = says ? event->title : event->body;
    return sv_trim(first).len > 0 ? first : second;
}

static struct sv
hex_of(struct arena *arena, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return sv_of(text, 2 * count);
}

static struct sv
digest_of(struct arena *arena, const struct sv *parts, size_t count)
{
    struct sha256 digest;
    struct sha256_part all[2 * DIGEST_PARTS_MAX];
    assert(count <= DIGEST_PARTS_MAX);
    for (size_t i = 0; i < count; i++) {
        all[2 * i] = (struct sha256_part){parts[i].ptr, parts[i].len};
        all[2 * i + 1] = (struct sha256_part){"\x1f", 1};
    }
    sha256_of_parts(all, 2 * count - 1, &digest);
    return hex_of(arena, digest.bytes, 16);
}
#define DIGEST_OF(arena, ...)                                                                      \
    digest_of((arena), (const struct sv[]){__VA_ARGS__},                                           \
              sizeof((const struct sv[]){__VA_ARGS__}) / sizeof(struct sv))

static void
add_key(struct work_record *record, enum key_kind kind, struct sv value)
{
    if (value.len == 0)
        return;
    assert(record->key_count < RECORD_KEYS_MAX);
    record->keys[record->key_count++] = (struct node_key){kind, value};
}

static enum life
life_of(const struct event *event)
{
    if (event->phase == PHASE_RESOLVE)
        return LIFE_RESOLVED;
    if (event->phase == PHASE_NONE || event->phase == PHASE_TRIGGER || event->phase == PHASE_REOPEN)
        return LIFE_FIRING;
    return LIFE_FOLLOWS;
}

/* What an alert without a name of its own is about: a full disk of two hosts is two alerts. */
static struct sv
alert_fingerprint(struct arena *arena, const struct observation *observation)
{
    const struct event *event = &observation->event;
    if (event->fingerprint.len > 0)
        return event->fingerprint;
    if (event->dedup_key.len > 0)
        return event->dedup_key;
    return DIGEST_OF(arena, event->source,
                     event->title.len > 0 ? event->title : observation_text(observation),
                     event->service, event->host, event->environment);
}

static struct sv
log_fingerprint(struct arena *arena, const struct observation *observation)
{
    struct sv shape = mask_variables(arena, observation_text(observation), SHAPE_BYTES_MAX);
    return arena_printf(arena, "log:" SV_FMT,
                        SV_ARG(DIGEST_OF(arena, observation->event.service, shape)));
}

static struct sv
fingerprint_of(struct arena *arena, const struct observation *observation,
               const struct work_record *record)
{
    const struct event *event = &observation->event;
    struct sv channel = event->channel.len > 0 ? event->channel : event->source;
    switch (record->role) {
    case NODE_ALERT:
        return alert_fingerprint(arena, observation);
    case NODE_LOG:
        return log_fingerprint(arena, observation);
    case NODE_CHANGE:
        return arena_printf(arena, "change:" SV_FMT,
                            SV_ARG(event->ref.len > 0 ? event->ref : record->uid));
    case NODE_CHAT:
        return arena_printf(arena, "%s:" SV_FMT, event->kind == EVENT_NOTE ? "note" : "chat",
                            SV_ARG(channel));
    case NODE_DECLARED:
        break;
    }
    return record->uid;
}

static bool
role_of(const struct event *event, enum node_role *ret_role)
{
    switch (event->kind) {
    case EVENT_ALERT:
        *ret_role = NODE_ALERT;
        return true;
    case EVENT_CHANGE:
        *ret_role = NODE_CHANGE;
        return true;
    case EVENT_LOG:
    case EVENT_METRIC:
        *ret_role = NODE_LOG;
        return correlate_notable(event);
    case EVENT_CHAT:
        *ret_role = NODE_CHAT;
        return event->phase != PHASE_REACT && event->phase != PHASE_UPDATE;
    case EVENT_NOTE:
        *ret_role = NODE_CHAT;
        return true;
    case EVENT_NO_KIND:
        break;
    }
    return false;
}

bool
record_of(struct arena *arena, const struct quiet_alerts *quiet,
          const struct observation *observation, struct sv scope, struct work_record *ret_record)
{
    const struct event *event = &observation->event;
    struct work_record record = {.observation = observation, .source = event->source};
    if (event->event_time_ns == TIME_NONE || !role_of(event, &record.role))
        return false;
    record.ms = event->event_time_ns / NS_PER_MS;
    record.uid = hex_of(arena, event->uid, UID_BYTES);
    record.life = record.role == NODE_ALERT ? life_of(event) : LIFE_FIRING;
    record.severity = event->severity;
    if (record.role == NODE_ALERT)
        record.quiet = quiet_of(quiet, event, &record.quiet_reason);
    record.explicit_id = event->incident_ref.len > 0
                             ? event->incident_ref
                             : named_incident(arena, event, observation_text(observation));
    record.fingerprint = fingerprint_of(arena, observation, &record);
    add_key(&record, KEY_CORRELATION, event->correlation_key);
    add_key(&record, KEY_TRACE, event->trace_id);
    add_key(&record, KEY_HOST, event->host);
    add_key(&record, KEY_SERVICE, event->service);
    /* A log line of another service says little; alerts, changes and talk may be about anything. */
    if (record.role != NODE_LOG || (event->service.len == 0 && event->host.len == 0))
        add_key(&record, KEY_SCOPE, scope.len > 0 ? scope : SV("default"));
    if (record.role == NODE_ALERT)
        add_key(&record, KEY_NAME, event->title);
    if (event->kind == EVENT_CHAT)
        thread_join(arena, &record);
    *ret_record = record;
    return true;
}

void
record_of_declaration(struct arena *arena, const struct declaration *declaration, struct sv scope,
                      struct work_record *ret_record)
{
    struct work_record record = {
        .ms = declaration->from_ns / NS_PER_MS,
        .source = SV("declared"),
        .uid = DIGEST_OF(arena, SV("declared"), declaration->id),
        .role = NODE_DECLARED,
        .declaration = declaration,
    };
    record.fingerprint = record.uid;
    if (declaration->service.len > 0)
        add_key(&record, KEY_SERVICE, declaration->service);
    else
        add_key(&record, KEY_SCOPE, scope.len > 0 ? scope : SV("default"));
    *ret_record = record;
}
