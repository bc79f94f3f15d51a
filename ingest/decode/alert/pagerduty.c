/*
 * PagerDuty webhook v3: {"event": {...}} and the flattened forms relays make of it. The incident's
 * id is the fingerprint, so everything told about one incident belongs together; the status in the
 * body is not what happened, event_type is.
 */
#include "ingest/decode/core/decoder_internal.h"

static const struct {
    const char *suffix;
    enum event_phase phase;
} phases[] = {
    {"unacknowledged", PHASE_UNACK}, {"acknowledged", PHASE_ACK},
    {"triggered", PHASE_TRIGGER},    {"escalated", PHASE_ESCALATE},
    {"delegated", PHASE_REASSIGN},   {"reassigned", PHASE_REASSIGN},
    {"resolved", PHASE_RESOLVE},     {"reopened", PHASE_REOPEN},
    {"annotated", PHASE_NOTE},       {"status_update_published", PHASE_NOTE},
    {"snoozed", PHASE_SNOOZE},
};

static enum event_phase
phase_of(struct sv type)
{
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
        if (sv_ends(type, sv_from(phases[i].suffix)))
            return phases[i].phase;
    return PHASE_UPDATE;
}

static int
bid(const struct probe *probe)
{
    if (tree_has(probe->json, "event.event_type") && tree_has(probe->json, "event.data"))
        return 92;
    bool flat = tree_has(probe->json, "incident.html_url") && tree_has(probe->json, "agent");
    return flat ? 80 : 0;
}

static void
take_severity(const struct probe *probe, const json_t *incident, struct event *event)
{
    event->severity_text = tree_pick(probe->arena, incident, "priority.summary|priority.name");
    event->severity = severity_word(event->severity_text);
    if (event->severity != SEVERITY_UNSET)
        return;
    event->severity_text = tree_pick(probe->arena, incident, "urgency");
    if (sv_eq(event->severity_text, SV("high")))
        event->severity = SEVERITY_FATAL;
    else if (sv_eq(event->severity_text, SV("low")))
        event->severity = SEVERITY_WARN;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct arena *arena = probe->arena;
    const json_t *outer = tree_find(probe->json, "event");
    bool flat = !json_is_object(outer);
    outer = flat ? probe->json : outer;
    const json_t *data =
        tree_find(outer, flat ? "annotation|status_update|log_entry|incident" : "data");
    const json_t *incident = tree_find(outer, flat ? "incident" : "data.incident|data");
    if (!json_is_object(data) || !json_is_object(incident))
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "no incident in the event");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct sv type = tree_pick(arena, outer, "event_type");
    event->kind = EVENT_ALERT;
    event->phase = flat ? (data == incident ? PHASE_UPDATE : PHASE_NOTE) : phase_of(type);
    event->record_kind = event->phase == PHASE_TRIGGER ? RECORD_ALERT : RECORD_INCIDENT_EVENT;
    event->source = SV("pagerduty");
    if (!event_pick_time(probe, outer, "occurred_at", event) && data != incident)
        event_pick_time(probe, data, "created_at", event);
    event->service = tree_pick(arena, incident, "service.summary|service.name");
    event->actor = tree_pick(arena, outer, "agent.summary|agent.name|agent.id");
    if (!sv_empty(event->actor))
        event->actor_type =
            tree_is(outer, "agent.type", "user_reference") ? ACTOR_HUMAN : ACTOR_SYSTEM;
    take_severity(probe, incident, event);
    struct sv text = tree_pick(arena, data, "content|message");
    event->title = sv_empty(text) ? tree_pick(arena, incident, "title|summary") : text;
    event->body = event->title;
    struct sv id = tree_pick(arena, incident, "id");
    event->fingerprint = id;
    event->incident_ref =
        sv_empty(id) ? SV_NONE : arena_printf(arena, "pagerduty:" SV_FMT, SV_ARG(id));
    event->dedup_key = tree_pick(arena, incident, "incident_key");
    event->url = tree_pick(arena, incident, "html_url");
    /* The id of an incident names no event: many things happen to it. */
    if (!flat || data != incident)
        event->identity = IDENTITY(arena, tree_pick(arena, flat ? data : outer, "id"));
    if (sv_empty(event->identity))
        event_name_by_content(probe, outer, event);
    event->attributes = tree_rest(arena, outer, "id|occurred_at|agent");
    return 0;
}

const struct decoder decoder_pagerduty = {
    .info = {.name = "pagerduty",
             .identity = "pagerduty",
             .title = "PagerDuty webhook v3",
             .kinds = "alert",
             .identified_by = "`event.id`, else all that is told",
             .reference = "https://developer.pagerduty.com/docs/webhooks-overview",
             .signs = "event.event_type; incident.html_url",
             .highest = 92},
    .reads = READS_TREE,
    .bid = bid,
    .decode = decode,
};
