/*
 * From words to an event: see event.h. Called by the decoder of JSON on the worker's thread.
 */
#include "ingest/decode/generic/event.h"

#include "ingest/decode/core/decoder_internal.h"
#include "ingest/parse/text.h"

static enum event_phase
alert_state(const struct told *told, bool *ret_certain)
{
    enum event_phase phase = vocabulary_alert_phase(told_text(told, ROLE_STATE), ret_certain);
    if (phase != PHASE_NONE)
        return phase;
    if (told->flag != PHASE_NONE) {
        *ret_certain = true;
        return told->flag;
    }
    /* "incident.resolved" */
    struct sv rest = told_text(told, ROLE_TYPE), last = SV_NONE, part;
    while (sv_split(&rest, '.', &part))
        last = part;
    return vocabulary_alert_phase(last, ret_certain);
}

enum event_kind
generic_kind(const struct told *told)
{
    bool certain = false;
    enum event_phase phase = alert_state(told, &certain);
    enum event_kind typed = vocabulary_kind(told_text(told, ROLE_TYPE));
    bool severity =
        !told->level_is_number && severity_label(told_text(told, ROLE_LEVEL)) != SEVERITY_UNSET;
    bool changed = vocabulary_change_phase(told_text(told, ROLE_STATE)) != PHASE_NONE;
    bool title = told_text(told, ROLE_TITLE).ptr != NULL;
    if (typed != EVENT_NO_KIND && (title || phase != PHASE_NONE || changed))
        return typed;
    if (told->change_keys > told->alert_keys &&
        (changed || told_text(told, ROLE_VERSION).ptr != NULL))
        return EVENT_CHANGE;
    bool stated = told_text(told, ROLE_STATE).ptr != NULL;
    if (told->alert_keys > 0 &&
        (phase != PHASE_NONE || severity || told->alert_keys > 1 || (stated && title)))
        return EVENT_ALERT;
    if (phase != PHASE_NONE && title && (certain || severity))
        return EVENT_ALERT;
    if (told_text(told, ROLE_ACTOR).ptr != NULL && told_text(told, ROLE_CHANNEL).ptr != NULL &&
        told_text(told, ROLE_MESSAGE).ptr != NULL && told_text(told, ROLE_LEVEL).ptr == NULL)
        return EVENT_CHAT;
    return EVENT_LOG;
}

/* A state that nobody knows opens nothing. */
static enum event_phase
phase_of(const struct told *told, enum event_kind kind)
{
    bool certain;
    bool told_state = told_text(told, ROLE_STATE).ptr != NULL;
    enum event_phase phase = PHASE_NONE;
    if (kind == EVENT_ALERT) {
        phase = alert_state(told, &certain);
        return phase != PHASE_NONE ? phase : told_state ? PHASE_UPDATE : PHASE_TRIGGER;
    }
    if (kind == EVENT_CHANGE) {
        phase = vocabulary_change_phase(told_text(told, ROLE_STATE));
        return phase != PHASE_NONE ? phase : told_state ? PHASE_UPDATE : PHASE_SUCCEEDED;
    }
    return kind == EVENT_CHAT ? PHASE_POST : PHASE_NONE;
}

static void
fill(struct sv *field, struct sv text)
{
    if (sv_empty(*field))
        *field = text;
}

static void
fill_words(const struct probe *probe, const struct told *told, struct event *event)
{
    struct sv title = told_text(told, ROLE_TITLE), message = told_text(told, ROLE_MESSAGE);
    struct sv problem = told_text(told, ROLE_PROBLEM);
    if (sv_empty(event->body)) {
        event->body = !sv_empty(message) ? message : !sv_empty(title) ? title : problem;
        if (!sv_empty(problem) && !sv_empty(message) && event->kind == EVENT_LOG)
            event->body =
                arena_printf(probe->arena, SV_FMT "\n" SV_FMT, SV_ARG(message), SV_ARG(problem));
    }
    /* Of a log line its message is the title: a name beside it can be anybody's. */
    if ((event->kind != EVENT_LOG && event->kind != EVENT_CHAT) || sv_empty(message))
        fill(&event->title, title);
    struct sv type = told_text(told, ROLE_TYPE), state = told_text(told, ROLE_STATE);
    type = sv_empty(type) ? told->thing : type;
    if (sv_empty(event->body) && event->kind != EVENT_LOG && !sv_empty(type))
        event->title = arena_printf(probe->arena, SV_FMT "%s" SV_FMT, SV_ARG(type),
                                    sv_empty(state) ? "" : " ", SV_ARG(state));
}

static void
fill_severity(const struct told *told, struct event *event)
{
    bool certain;
    struct sv word = told_text(told, ROLE_LEVEL), state = told_text(told, ROLE_STATE);
    if (event->severity != SEVERITY_UNSET || !sv_empty(event->severity_text))
        return;
    event->severity_text = word;
    /* On whose scale a number is nobody knows here. */
    if (!told->level_is_number)
        event->severity = severity_label(word);
    /* {"type": "error"} */
    struct sv type = told_text(told, ROLE_TYPE);
    if (event->kind == EVENT_LOG && sv_empty(word) && vocabulary_kind(type) == EVENT_NO_KIND &&
        severity_word(type) != SEVERITY_UNSET) {
        event->severity_text = type;
        event->severity = severity_word(type);
    }
    /* Of checks the state is the severity: "critical", "warning". */
    if (event->kind == EVENT_ALERT && sv_empty(word) && severity_word(state) != SEVERITY_UNSET &&
        vocabulary_alert_phase(state, &certain) == PHASE_TRIGGER && !certain) {
        event->severity_text = state;
        event->severity = severity_word(state);
    }
}

/* What a program wrote as a line may say its level itself, where nothing around it does. */
static void
read_line(const struct probe *probe, const struct told *told, struct event *event)
{
    struct text_head head;
    const struct time_hints hints = {
        .zone = probe->zone, .near_ns = TIME_NONE, .before_ns = TIME_NONE};
    struct sv message = told_text(told, ROLE_MESSAGE);
    if (event->kind != EVENT_LOG || !sv_empty(event->severity_text) || sv_empty(message))
        return;
    text_read_head(message, &hints, &head);
    if (head.severity == SEVERITY_UNSET)
        return;
    event->severity = head.severity;
    event->severity_text = head.severity_word;
    fill(&event->title, text_first_line(head.message));
}

void
generic_fill(const struct probe *probe, const struct told *told, struct event *event)
{
    if (event->phase == PHASE_NONE)
        event->phase = phase_of(told, event->kind);
    const struct read_time *time = told_time(told, event->phase);
    if (event->event_time_ns == TIME_NONE && time != NULL)
        times_into_event(time, event);
    fill_words(probe, told, event);
    fill_severity(told, event);
    read_line(probe, told, event);
    fill(&event->service, told_text(told, ROLE_SERVICE));
    fill(&event->host, text_without_port(told_text(told, ROLE_HOST)));
    fill(&event->environment, told_text(told, ROLE_ENVIRONMENT));
    fill(&event->trace_id, told_text(told, ROLE_TRACE));
    if (event->kind == EVENT_LOG)
        return;
    fill(&event->actor, told_text(told, ROLE_ACTOR));
    fill(&event->url, told_text(told, ROLE_URL));
    fill(&event->fingerprint, told_text(told, ROLE_SERIES));
    fill(&event->dedup_key, told_text(told, ROLE_SERIES));
    if (event->kind == EVENT_CHANGE)
        fill(&event->ref, told_text(told, ROLE_VERSION));
    if (event->kind == EVENT_CHAT)
        fill(&event->channel, told_text(told, ROLE_CHANNEL));
    /* Without an id what is alike is the same: its name, and what it happened to. */
    if (event->kind == EVENT_ALERT)
        fill(&event->fingerprint,
             IDENTITY(probe->arena, told_text(told, ROLE_TITLE), event->service, event->host));
    event_name_by_bytes(probe, sv_trim(probe->tape->text), event);
}
