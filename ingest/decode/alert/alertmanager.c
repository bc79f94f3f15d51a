/*
 * Prometheus Alertmanager: the webhook body (version 4, 3 and hand-made ones without), alerts of
 * the v2 API, and bodies a relay has flattened to one alert. A firing alert is sent again and
 * again: fingerprint, startsAt and status together identify. A resolve happened at endsAt.
 */
#include "ingest/decode/core/decoder_internal.h"

static bool
is_alert(const json_t *json)
{
    return json_is_object(tree_find(json, "labels")) &&
           (tree_has(json, "labels.alertname") || tree_has(json, "startsAt")) &&
           (json_is_object(tree_find(json, "annotations")) || tree_has(json, "startsAt"));
}

static int
bid(const struct probe *probe)
{
    const json_t *alerts = tree_find(probe->json, "alerts");
    if (json_is_array(alerts) &&
        (tree_has(probe->json, "groupKey") || tree_has(probe->json, "receiver") ||
         tree_has(probe->json, "groupLabels")))
        return 90;
    return is_alert(probe->json) ? 85 : 0;
}

/* Old versions send no fingerprint: the labels make one. */
static struct sv
fingerprint_of_labels(struct arena *arena, const json_t *labels)
{
    return json_object_size(labels) == 0 ? SV_NONE : sv_slice(tree_digest(arena, labels), 0, 16);
}

/* Labels of the alert, then those common to the group. */
static struct sv
label(const struct probe *probe, const json_t *alert, const char *names)
{
    struct sv value = tree_pick(probe->arena, tree_find(alert, "labels"), names);
    return sv_empty(value) ? tree_pick(probe->arena, tree_find(probe->json, "commonLabels"), names)
                           : value;
}

static struct sv
annotation(const struct probe *probe, const json_t *alert, const char *names)
{
    struct sv value = tree_pick(probe->arena, tree_find(alert, "annotations"), names);
    return sv_empty(value)
               ? tree_pick(probe->arena, tree_find(probe->json, "commonAnnotations"), names)
               : value;
}

static struct sv
attributes_of(const struct probe *probe, const json_t *alert)
{
    json_t *left = json_object();
    static const char *const keys[] = {"labels", "annotations"};
    for (size_t i = 0; i < 2; i++)
        if (tree_has(alert, keys[i]))
            json_object_set(left, keys[i], (json_t *)(uintptr_t)tree_find(alert, keys[i]));
    if (tree_has(probe->json, "receiver"))
        json_object_set(left, "receiver", (json_t *)(uintptr_t)tree_find(probe->json, "receiver"));
    struct sv text = json_object_size(left) > 0 ? tree_dump(probe->arena, left) : SV_NONE;
    json_decref(left);
    return text;
}

static void
take_times(const struct probe *probe, const json_t *alert, struct event *event)
{
    bool ended = event->phase == PHASE_RESOLVE && event_pick_time(probe, alert, "endsAt", event);
    /* A hand-made alert may leave out when it began, and tell another time. */
    if (!ended)
        event_pick_time(probe, alert, "startsAt|activeAt|updatedAt|endsAt", event);
}

/*
 * The moment, not its spelling: of two replicas each writes startsAt in the zone of its own
 * machine. In UTC, and as Go writes it: no zeros at the end of the fraction.
 */
static struct sv
occurrence(const struct probe *probe, const json_t *alert, const struct event *event)
{
    struct read_time time;
    struct sv starts = tree_pick(probe->arena, alert, "startsAt|activeAt");
    /* Without a start ("0001-01-01T00:00:00Z") all occurrences of the series would be one. */
    if (sv_empty(starts) || !times_read(starts, 0, &time))
        return SV_NONE;
    struct sv text = time_format_sv(probe->arena, time.ns);
    size_t len = sv_ends(text, SV("Z")) ? text.len - 1 : text.len;
    while (sv_find_char(text, '.') < len && len > 0 && text.ptr[len - 1] == '0')
        len--;
    starts = arena_printf(probe->arena, "%.*sZ", (int)len, text.ptr);
    return IDENTITY(probe->arena, event->fingerprint, starts,
                    sv_from(event_phase_word(event->phase)));
}

/* What always fires tells that the way works, and is not an alert. Its name stays what it was. */
static void
take_heartbeat(struct sv name, struct event *event)
{
    static const char *const names[] = {"Watchdog",       "InfoInhibitor", "DeadMansSwitch",
                                        "DeadMansSnitch", "AlwaysFiring",  "PrometheusHeartbeat"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq_nocase(name, sv_from(names[i]))) {
            event->kind = EVENT_NOTE;
            event->record_kind = RECORD_NOTE;
            event->phase = PHASE_NOTE;
        }
}

/* Of a group that was cut the last alert says how many are missing. */
static void
tell_truncated(const struct probe *probe, struct event *last)
{
    int64_t missing = 0;
    if (!sv_to_int64(PICK("truncatedAlerts"), &missing) || missing <= 0)
        return;
    last->title = arena_printf(probe->arena, SV_FMT " (%lld alerts more were left out)",
                               SV_ARG(text_first_line(last->title)), (long long)missing);
}

static int
decode_alert(const struct probe *probe, const json_t *alert, struct event_sink *sink,
             struct decode_result *result)
{
    struct arena *arena = probe->arena;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct sv status = tree_pick(arena, alert, "status|status.state|state");
    bool resolved = sv_eq_nocase(status, SV("resolved"));
    bool suppressed = sv_eq_nocase(status, SV("suppressed"));
    event->kind = EVENT_ALERT;
    event->record_kind = RECORD_ALERT;
    event->phase = resolved ? PHASE_RESOLVE : suppressed ? PHASE_SUPPRESS : PHASE_TRIGGER;
    event->source = SV("alertmanager");
    take_times(probe, alert, event);
    event->service = label(probe, alert,
                           "service|service.name|service_name|app.kubernetes.io/name|job|app|"
                           "application|namespace|service.namespace");
    event->host = text_without_port(
        label(probe, alert,
              "instance|host.name|host_name|hostname|node|nodename|host|k8s.node.name|pod"));
    event->environment =
        label(probe, alert,
              "environment|env|deployment.environment.name|deployment.environment|"
              "deployment_environment|cluster|region|k8s.cluster.name|cloud.region");
    event->severity_text = label(probe, alert, "severity|level|priority|alert_severity|sev");
    event->severity = severity_label(event->severity_text);
    struct sv name = label(probe, alert, "alertname");
    event->title = annotation(probe, alert, "summary|title|message|description");
    event->title = sv_empty(event->title) ? name : event->title;
    event->body = annotation(probe, alert, "description|message|summary");
    event->body = sv_empty(event->body) ? event->title : event->body;
    event->fingerprint = tree_pick(arena, alert, "fingerprint");
    if (sv_empty(event->fingerprint))
        event->fingerprint = fingerprint_of_labels(arena, tree_find(alert, "labels"));
    event->dedup_key = event->fingerprint;
    event->group_key = PICK("groupKey");
    event->url = tree_pick(arena, alert, "generatorURL");
    event->url = sv_empty(event->url) ? PICK("externalURL") : event->url;
    event->ref = name;
    event->identity = occurrence(probe, alert, event);
    if (sv_empty(event->identity))
        event_name_by_content(probe, alert, event);
    event->attributes = attributes_of(probe, alert);
    take_heartbeat(name, event);
    return 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const json_t *alerts = tree_find(probe->json, "alerts");
    if (!json_is_array(alerts)) {
        if (!is_alert(probe->json))
            return decode_bad(result, QUARANTINE_MISSING_FIELD, "no alerts and no labels");
        return decode_alert(probe, probe->json, sink, result);
    }
    struct element_list list = {0};
    for (size_t i = 0; i < json_array_size(alerts); i++) {
        const json_t *alert = json_array_get(alerts, i);
        list.sink_from = sink->count;
        if (json_is_object(alert)) {
            if (decode_alert(probe, alert, sink, result) != 0)
                return -1;
            list.read++;
            continue;
        }
        decode_bad(result, QUARANTINE_BAD_FIELD, "an element of alerts[] is not an object");
        if (element_refused(&list, probe, tree_dump(probe->arena, alert), sink, result) != 0)
            return -1;
    }
    if (list.read > 0)
        tell_truncated(probe, &sink->events[sink->count - 1]);
    return element_list_end(&list, result);
}

const struct decoder decoder_alertmanager = {
    .info = {.name = "alertmanager",
             .identity = "alertmanager",
             .title = "Prometheus Alertmanager webhook v4 and v2 API alerts",
             .kinds = "alert",
             .identified_by = "fingerprint (else labels), `startsAt` and status",
             .reference =
                 "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
             .signs = "alerts; startsAt; labels.alertname",
             .highest = 90},
    .reads = READS_TREE,
    .bid = bid,
    .decode = decode,
};
