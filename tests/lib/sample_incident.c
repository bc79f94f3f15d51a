/*
 * The hand-made correlation of sample_incident.h.
 */
#include "tests/lib/sample_incident.h"

#define T(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
#define AT(minute) (INT64_C(1772359200) * NS_PER_S + (minute)*NS_PER_MINUTE)
#define KEY_ONE "2026-03-01T10:00:00.000Z/alertmanager/0a"
#define KEY_TWO "2026-03-01T12:00:00.000Z/pagerduty/0b"

static const struct evidence proof[] = {
    {{1, 7, 0}, T("ops"), 1, 0, {{0xab, 0xcd}}, T("logs/api.log"), 1204},
    {{1, 9, 2}, T("ops"), 1, 0, {{0x01}}, T(""), 0},
};
static const struct reason reasons[] = {{T("alert_opens"), 300}, {T("after_silence"), -25}};
static const enum milestone detected[] = {MILESTONE_DETECTED, MILESTONE_IMPACT_STARTED};

static const struct node nodes[] = {
    {.node_key = T(KEY_ONE),
     .kind = EVENT_ALERT,
     .first_ns = AT(0),
     .last_ns = AT(30),
     .records = 3,
     .severity = 17,
     .title = T("Errors high"),
     .service = T("checkout"),
     .source = T("alertmanager"),
     .fingerprint = T("f1"),
     .incident_key = T(KEY_ONE),
     .reason = T("opens it")},
    {.node_key = T("2026-03-01T10:01:00.000Z/slack:ops/0c"),
     .kind = EVENT_CHAT,
     .first_ns = AT(1) + 1500,
     .last_ns = AT(2),
     .records = 2,
     .source = T("slack:ops"),
     .incident_key = T(KEY_ONE),
     .reason = T("same service")},
    {.node_key = T("2026-03-01T11:00:00.000Z/git/0d"),
     .kind = EVENT_CHANGE,
     .first_ns = AT(60),
     .last_ns = AT(60),
     .records = 1,
     .familiar = true,
     .reason = T("")},
    {.node_key = T(KEY_TWO),
     .kind = EVENT_ALERT,
     .first_ns = AT(120),
     .last_ns = AT(121),
     .records = 1,
     .severity = 21,
     .title = T("Disk full"),
     .incident_key = T(KEY_TWO),
     .reason = T("opens it")},
};

static const struct paged paged[] = {
    {.person = T("ana"),
     .answered_ns = AT(1) + 1502,
     .how = ANSWERED_MESSAGE,
     .answer = T("e-chat")},
    {.person = T("ana"), .doubt = T("could be A or B"), .answered_ns = TIME_NONE},
};

static const struct given_role given[] = {
    {.person = T("ana"), .role = T("lead"), .until_ns = AT(2), .end = T("e-log")},
    {.person = T("ana"), .role = T("scribe"), .until_ns = TIME_NONE},
};

#define COMMON                                                                                     \
    .time_source = TIME_SOURCE_NATIVE, .occurrences = 1, .order_established = true,                \
    .evidence = proof, .evidence_count = 1, .membership = T("same service: checkout")

static const struct entry entries_one[] = {
    {COMMON,
     .entry_id = T("e-alert"),
     .time_ns = AT(0),
     .kind = ENTRY_ALERT_FIRING,
     .record_kind = RECORD_ALERT,
     .act = ACT_DETECTION,
     .significance = SIGNIFICANCE_KEY,
     .score = 275,
     .reasons = reasons,
     .reason_count = 2,
     .milestones = detected,
     .milestone_count = 2,
     .text = T("Errors high"),
     .source = T("alertmanager"),
     .service = T("checkout"),
     .severity = 17,
     .node_key = T(KEY_ONE),
     .pages = paged,
     .page_count = 2,
     .roles = given,
     .role_count = 2},
    {COMMON, .entry_id = T("e-chat"), .time_ns = AT(1) + 1502, .uncertainty_ns = NS_PER_S,
     .source_time_text = T("1772359260.000001"), .kind = ENTRY_CHAT_MESSAGE,
     .record_kind = RECORD_CHAT, .act = ACT_HYPOTHESIS, .significance = SIGNIFICANCE_STANDARD,
     .text = T("=cmd|' /C' \"maybe\" the\x1b[31m deploy \xc3\xa9\xe2\x80\xae"), .actor = T("ana"),
     .role = T("lead"), .source = T("slack:ops"), .channel = T("ops"), .thread_key = T("t1"),
     .url = T("https://chat.example/1"), .node_key = T("2026-03-01T10:01:00.000Z/slack:ops/0c")},
    {.entry_id = T("e-log"),
     .time_ns = AT(2),
     .time_source = TIME_SOURCE_ASSUMED_ZONE,
     .kind = ENTRY_LOG_PATTERN,
     .record_kind = RECORD_LOG,
     .significance = SIGNIFICANCE_FULL,
     .score = -50,
     .text = T("timeout | retry"),
     .host = T("web-1"),
     .ref = T("abc"),
     .occurrences = 40,
     .evidence = proof,
     .evidence_count = 2,
     .membership = T("host"),
     .node_key = T(KEY_ONE)},
};
static const struct entry entries_two[] = {
    {COMMON, .entry_id = T("e-two"), .time_ns = AT(120), .kind = ENTRY_ALERT_FIRING,
     .record_kind = RECORD_ALERT, .significance = SIGNIFICANCE_KEY, .text = T("Disk full"),
     .node_key = T(KEY_TWO)},
};
static const struct milestone_row milestones_one[] = {
    {MILESTONE_IMPACT_STARTED, AT(0), T("e-alert"), 60},
    {MILESTONE_DETECTED, AT(0), T("e-alert"), 90},
};
static const struct sv services[] = {T("checkout"), T("payment")};
static const struct node *const nodes_one[] = {&nodes[0], &nodes[1]};
static const struct node *const nodes_two[] = {&nodes[3]};

static const struct incident incidents[] = {
    {.incident_key = T(KEY_ONE),
     .title = T("Errors high in checkout"),
     .raised = true,
     .first_ns = AT(0),
     .last_ns = AT(30),
     .severity = 17,
     .services = services,
     .service_count = 2,
     .nodes = nodes_one,
     .node_count = 2,
     .entries = entries_one,
     .entry_count = 3,
     .milestones = milestones_one,
     .milestone_count = 2,
     .alert_count = 1,
     .record_count = 5},
    {.incident_key = T(KEY_TWO),
     .title = T("Disk full"),
     .raised = true,
     .first_ns = AT(120),
     .last_ns = AT(121),
     .severity = 21,
     .nodes = nodes_two,
     .node_count = 1,
     .entries = entries_two,
     .entry_count = 1,
     .alert_count = 1,
     .record_count = 1},
};

const struct correlation *
sample_correlation(void)
{
    static const struct correlation correlation = {.scope = T("default"),
                                                   .nodes = nodes,
                                                   .node_count = 4,
                                                   .incidents = incidents,
                                                   .incident_count = 2};
    return &correlation;
}

struct stored_incident
sample_stored(void)
{
    return (struct stored_incident){.scope = SV("default"),
                                    .number = SV("INC-2026-0001"),
                                    .digest_hex = SV("00"),
                                    .incident = incidents[0]};
}
