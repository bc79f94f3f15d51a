/*
 * What identifies an event, format by format: which two deliveries are one event and which are two.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/decoder.h"
#include "ingest/normalize.h"

static struct arena arena;

/* Offsets differ, so that nothing is the same by its place. */
static struct event_sink
decoded(const char *value, const struct header *header, bool native)
{
    static int64_t offset;
    struct decode_options options = {.dedup_native = native};
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct record record = {.topic = SV("t"),
                            .offset = ++offset,
                            .kafka_time_ns = INT64_C(1772359200) * NS_PER_S,
                            .headers = header,
                            .header_count = header != NULL,
                            .value = sv_from(value)};
    struct decode_result result = decode_record(&record, &options, &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_true(sink.count > 0);
    return sink;
}

static struct event
one(const char *value, bool native)
{
    struct event_sink sink = decoded(value, NULL, native);
    assert_int_equal(sink.count, 1);
    return sink.events[0];
}

static bool
same(const struct event *a, const struct event *b)
{
    return a->identified && b->identified && memcmp(a->uid, b->uid, UID_BYTES) == 0;
}

static void
replicas_of_alertmanager_tell_one_event(void **state)
{
    (void)state;
#define AM(receiver, status, starts)                                                               \
    "{\"receiver\":\"" receiver "\",\"groupKey\":\"g\",\"alerts\":[{\"status\":\"" status          \
    "\",\"fingerprint\":\"f\",\"labels\":{\"alertname\":\"A\"},\"startsAt\":\"" starts "\"}]}"
    struct event a = one(AM("a", "firing", "2026-03-01T10:00:00.5Z"), false);
    struct event b = one(AM("b", "firing", "2026-03-01T11:00:00.50+01:00"), false);
    struct event later = one(AM("b", "firing", "2026-03-01T10:00:01.5Z"), false);
    struct event resolved = one(AM("b", "resolved", "2026-03-01T10:00:00.5Z"), false);
    assert_true(same(&a, &b));
    assert_false(same(&a, &later));
    assert_false(same(&a, &resolved));
}

static void
a_deletion_in_slack_is_final(void **state)
{
    (void)state;
#define SAID(more) "{\"type\":\"message\",\"user\":\"U\",\"ts\":\"1772359320.000100\"" more "}"
    struct event edited = one(
        SAID(",\"text\":\"b\",\"edited\":{\"user\":\"U\",\"ts\":\"1772359999.000000\"}"), false);
    struct event gone = one(SAID(",\"text\":\"x\",\"subtype\":\"tombstone\""), false);
    struct event told =
        one("{\"type\":\"event_callback\",\"event\":{\"type\":\"message\",\"subtype\":"
            "\"message_changed\",\"ts\":\"1772360000.1\",\"message\":" SAID(
                ",\"text\":\"x\",\"subtype\":\"tombstone\"") "}}",
            false);
    assert_true(same(&edited, &gone));
    assert_true(same(&edited, &told));
    assert_true(gone.version > edited.version);
    assert_int_equal(gone.version, VERSION_FINAL);
    assert_int_equal(told.version, VERSION_FINAL);
    assert_int_equal(gone.phase, PHASE_DELETE);
    assert_int_equal(told.phase, PHASE_DELETE);
    assert_int_equal(gone.body.len + told.body.len, 0);
}

static void
an_envelope_names_each_of_what_it_holds(void **state)
{
    (void)state;
#define CE(id, more)                                                                               \
    "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\",\"id\":\"" id                       \
    "\",\"data\":[{\"msg\":\"a\",\"level\":\"error\"},{\"msg\":\"b\"" more "}]}"
    struct event_sink a = decoded(CE("1", ""), NULL, false),
                      b = decoded(CE("1", ",\"x\":1"), NULL, false);
    struct event_sink c = decoded(CE("2", ""), NULL, false);
    assert_int_equal(a.count, 2);
    assert_true(same(&a.events[0], &b.events[0]));
    assert_true(same(&a.events[1], &b.events[1]));
    assert_false(same(&a.events[0], &a.events[1]));
    assert_false(same(&a.events[0], &c.events[0]));
}

static void
log_lines_are_named_where_the_topic_says_so(void **state)
{
    (void)state;
#define BEAT(offset, file, text)                                                                   \
    "{\"@timestamp\":\"2026-03-01T10:00:00Z\",\"ecs\":{\"version\":\"8\"},\"host\":{"              \
    "\"name\":\"h\"},\"log\":{\"offset\":" offset ",\"file\":{\"path\":\"/l\"" file                \
    "}},\"message\":\"" text "\"}"
    static const struct {
        const char *a, *b;
        bool one;
    } cases[] = {
        {BEAT("7", "", "x"), BEAT("7", "", "x"), true},
        {BEAT("7", "", "x"), BEAT("8", "", "x"), false},
        {BEAT("7", "", "x"), BEAT("7", "", "rotated"), false},
        {BEAT("7", ",\"inode\":\"5\"", "x"), BEAT("7", ",\"inode\":\"6\"", "x"), false},
        {BEAT("7", ",\"inode\":\"5\"", "x"), BEAT("7", ",\"inode\":\"5\"", "x"), true},
        {BEAT("7", ",\"inode\":\"5\"", "x"), BEAT("7", ",\"inode\":\"5\"", "y"), false},
        {"{\"__CURSOR\":\"c1\",\"MESSAGE\":\"x\"}", "{\"MESSAGE\":\"x\",\"__CURSOR\":\"c1\"}",
         true},
        {"{\"__CURSOR\":\"c1\",\"MESSAGE\":\"x\"}", "{\"__CURSOR\":\"c2\",\"MESSAGE\":\"x\"}",
         false},
        {"{\"insertId\":\"i\",\"logName\":\"l\",\"severity\":\"INFO\"}",
         "{\"insertId\":\"i\",\"logName\":\"l\",\"severity\":\"INFO\"}", true},
        {"{\"insertId\":\"i\",\"logName\":\"l\",\"severity\":\"INFO\"}",
         "{\"insertId\":\"i\",\"logName\":\"m\",\"severity\":\"INFO\"}", false},
        {"{\"insertId\":\"i\",\"logName\":\"l\",\"timestamp\":\"2026-03-01T10:00:00Z\"}",
         "{\"insertId\":\"i\",\"logName\":\"l\",\"timestamp\":\"2026-03-01T10:00:01Z\"}", false},
        {"{\"auditID\":\"a\",\"stage\":\"s\",\"stageTimestamp\":\"2026-03-01T10:00:00Z\"}",
         "{\"auditID\":\"a\",\"stage\":\"s\",\"stageTimestamp\":\"2026-03-01T10:00:01Z\"}", false},
        {"{\"auditID\":\"a\",\"stage\":\"s1\",\"level\":\"x\"}",
         "{\"auditID\":\"a\",\"stage\":\"s2\",\"level\":\"x\"}", false},
        {"type=LOGIN msg=audit(1772359200.123:77): pid=1 res=1",
         "type=LOGIN msg=audit(1772359200.123:77): pid=1 res=1", true},
        {"type=PATH msg=audit(1772359200.123:77): item=0 name=a",
         "type=PATH msg=audit(1772359200.123:77): item=1 name=b", false},
        {"node=a type=EOE msg=audit(1772359200.123:77): ",
         "node=b type=EOE msg=audit(1772359200.123:77): ", false},
        {"{\"msg\":\"twice\"}", "{\"msg\":\"twice\"}", false},
        {"2026-03-01T10:00:00Z plain", "2026-03-01T10:00:00Z plain", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event a = one(cases[i].a, true), b = one(cases[i].b, true);
        assert_int_equal(a.kind, EVENT_LOG);
        if (same(&a, &b) != cases[i].one)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
        a = one(cases[i].a, false);
        assert_false(a.identified);
        assert_int_equal(event_name(&a).len, 0);
    }
}

#define OWN(more)                                                                                  \
    "{\"time\":\"2026-03-01T10:00:00Z\",\"kind\":\"alert\",\"text\":\"disk full\"" more "}"
#define CE_OWN(id)                                                                                 \
    "{\"specversion\":\"1.0\",\"source\":\"/s\",\"type\":\"t\",\"id\":\"" id                       \
    "\",\"data\":" OWN("") "}"
#define GITHUB(url)                                                                                \
    "{\"deployment\":{\"id\":7,\"url\":\"https://" url "/repos/acme/shop/deployments/7\"},"        \
    "\"repository\":{\"full_name\":\"acme/shop\"}}"
#define PAGE(more)                                                                                 \
    "{\"agent\":{\"summary\":\"Ada\"},\"occurred_at\":\"2026-03-01T10:00:00Z\",\"incident\":{"     \
    "\"id\":\"P1\",\"html_url\":\"https://x.example/P1\",\"status\":\"acknowledged\"" more "}}"
#define POST(more) "{\"type\":\"message\",\"ts\":\"1772359320.000100\",\"text\":\"x\"" more "}"
#define BARE(more)                                                                                 \
    "{\"labels\":{" more "},\"startsAt\":\"2026-03-01T10:00:00Z\",\"annotations\":{}}"
#define NAMELESS(summary)                                                                          \
    "{\"labels\":{},\"startsAt\":\"2026-03-01T10:00:00Z\",\"annotations\":{\"summary\":\"" summary \
    "\"}}"

/* What has no name of its own is named by all that is told of it; a name is not too short. */
static void
all_that_is_told_counts(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool one;
    } cases[] = {
        {OWN(""), OWN(""), true},
        {OWN(",\"host\":\"a\",\"attributes\":{\"x\":1,\"y\":2}"),
         OWN(",\"attributes\":{\"y\":2, \"x\":1},\"host\":\"a\""), true},
        {OWN(",\"host\":\"a\""), OWN(",\"host\":\"b\""), false},
        {OWN(",\"host\":\"a\""), OWN(",\"service\":\"a\""), false},
        {OWN(",\"title\":\"a\""), OWN(",\"title\":\"b\""), false},
        {OWN(",\"phase\":\"ack\""), OWN(",\"phase\":\"resolve\""), false},
        {OWN(",\"environment\":\"a\""), OWN(",\"environment\":\"b\""), false},
        {OWN(",\"severity\":\"P1\""), OWN(",\"severity\":\"P2\""), false},
        {OWN(",\"channel\":\"a\""), OWN(",\"channel\":\"b\""), false},
        {OWN(",\"fingerprint\":\"a\""), OWN(",\"fingerprint\":\"b\""), false},
        {OWN(",\"incident\":\"a\""), OWN(",\"incident\":\"b\""), false},
        {OWN(",\"url\":\"a\""), OWN(",\"url\":\"b\""), false},
        {OWN(",\"attributes\":{\"x\":1}"), OWN(",\"attributes\":{\"x\":2}"), false},
        {OWN(",\"unknown\":1"), OWN(",\"unknown\":2"), false},
        {OWN(",\"id\":1,\"host\":\"a\""), OWN(",\"id\":1,\"host\":\"b\""), true},
        {OWN(",\"id\":1,\"source\":\"a\""), OWN(",\"id\":1,\"source\":\"b\""), false},
        {OWN(",\"id\":\"1\\u001fa\""), OWN(",\"id\":\"1\",\"source\":\"a\""), false},
        {CE_OWN("1"), CE_OWN("1"), true},
        {CE_OWN("1"), CE_OWN("2"), false},
        {GITHUB("api.github.com"), GITHUB("api.github.com"), true},
        {GITHUB("api.github.com"), GITHUB("git.acme.example/api/v3"), false},
        {PAGE(""), PAGE(""), true},
        {PAGE(",\"n\":1"), PAGE(",\"n\":2"), false},
        {POST(",\"user\":\"U1\""), POST(",\"user\":\"U1\""), true},
        {POST(",\"user\":\"U1\""), POST(",\"user\":\"U2\""), false},
        {POST(",\"channel\":\"C1\""), POST(",\"channel\":\"C2\""), false},
        {BARE("\"alertname\":\"A\",\"b\":\"c\\nd=e\""),
         BARE("\"alertname\":\"A\",\"b\":\"c\",\"d\":\"e\""), false},
        {NAMELESS("a"), NAMELESS("a"), true},
        {NAMELESS("a"), NAMELESS("b"), false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event a = one(cases[i].a, false), b = one(cases[i].b, false);
        if (same(&a, &b) != cases[i].one)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    }
}

static void
headers_of_a_producer_tell_as_well(void **state)
{
    (void)state;
    static const char *const names[] = {HEADER_HOST, HEADER_SERVICE, HEADER_SOURCE};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct header a = {sv_from(names[i]), SV("a")}, b = {sv_from(names[i]), SV("b")};
        struct event_sink first = decoded(OWN(""), &a, false), again = decoded(OWN(""), &a, false),
                          other = decoded(OWN(""), &b, false);
        assert_true(same(&first.events[0], &again.events[0]));
        assert_false(same(&first.events[0], &other.events[0]));
    }
    const struct header search = {SV(HEADER_TEAM), SV("search")};
    struct event_sink team = decoded(POST(",\"channel\":\"ops\""), &search, false),
                      none = decoded(POST(",\"channel\":\"ops\""), NULL, false);
    assert_false(same(&team.events[0], &none.events[0]));
    assert_true(sv_eq(team.events[0].source, SV("slack:search/ops")));
}

/* A flag of another tool, or an event without a time, is not ours to merge. */
static void
only_what_has_a_time_and_a_kind_is_ours(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool ours;
    } cases[] = {
        {"{\"kind\":\"flag\",\"title\":\"new-cart\",\"on\":true}", false},
        {"{\"kind\":\"alert\",\"text\":\"x\"}", false},
        {"{\"kind\":\"alert\",\"text\":\"x\",\"time\":null}", false},
        {"{\"kind\":\"tag_ref\",\"text\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}", false},
        {"{\"kind\":\"Pod\",\"text\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}", false},
        {"{\"kind\":\"chat_ref\",\"text\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}", true},
        {"{\"kind\":\"flag\",\"text\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event a = one(cases[i].value, false), b = one(cases[i].value, false);
        if (sv_eq(a.format, SV("hindcast")) != cases[i].ours || same(&a, &b) != cases[i].ours)
            fail_msg("%s", cases[i].value);
    }
}

static void
a_loaded_line_keeps_its_name(void **state)
{
    (void)state;
    const struct header loaded = {sv_from(HEADER_ID), SV("file:3")};
    struct event_sink a = decoded("plain", &loaded, false), b = decoded("plain", &loaded, true);
    assert_true(same(&a.events[0], &b.events[0]));
}

static int
start(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static bool
takes_ids(struct sv format)
{
    (void)format;
    return true;
}

/* Formats come and go, and one is read by a better decoder one day: what it names stays. */
static void
the_namespace_names_not_the_decoder(void **state)
{
    (void)state;
    const struct record record = {.topic = SV("t"), .value = SV("{}")};
    const struct decode_options options = {0};
    struct event events[4];
    for (size_t i = 0; i < 4; i++)
        events[i] = (struct event){.kind = EVENT_ALERT,
                                   .format = i == 1 ? SV("another") : SV("one"),
                                   .name_space = i == 2 ? SV("tool_b") : SV("tool"),
                                   .identity = i == 3 ? SV("8") : SV("7"),
                                   .event_time_ns = INT64_C(1772359200) * NS_PER_S};
    struct sv detail;
    assert_true(normalize_events(&record, &options, &arena, takes_ids, events, 4, &detail));
    assert_true(same(&events[0], &events[1]));
    assert_false(same(&events[0], &events[2]));
    assert_false(same(&events[0], &events[3]));
}

/* Whoever only looks sees what the source calls a line; that names no line. */
static void
names_of_lines_may_be_shown_without_counting(void **state)
{
    (void)state;
    struct decode_options options = {.shows_names = true};
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    const struct record record = {
        .topic = SV("t"),
        .value = SV("{\"__CURSOR\":\"c1\",\"MESSAGE\":\"x\",\"PRIORITY\":\"6\"}")};
    struct decode_result result = decode_record(&record, &options, &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_int_equal(sink.count, 1);
    assert_true(sv_eq(sink.events[0].identity, SV("c1")));
    assert_false(sink.events[0].identified);
    assert_int_equal(event_name(&sink.events[0]).len, 0);
}

/* What a line of journald, Google Cloud or Kubernetes is called is not called by us. */
static void
lines_have_the_names_of_their_source(void **state)
{
    (void)state;
    static const char *const lines[][2] = {
        {"{\"__CURSOR\":\"s=1;i=2\",\"MESSAGE\":\"m\",\"__REALTIME_TIMESTAMP\":"
         "\"1772359200000000\"}",
         "journald"},
        {"{\"insertId\":\"x\",\"logName\":\"projects/p/logs/l\",\"timestamp\":"
         "\"2026-03-01T10:00:00Z\",\"textPayload\":\"m\"}",
         "google-cloud"},
        {"{\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"stageTimestamp\":"
         "\"2026-03-01T10:00:00Z\"}",
         "kubernetes"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct event event = one(lines[i][0], true);
        assert_true(event.identified);
        assert_true(sv_eq(event.name_space, sv_from(lines[i][1])));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replicas_of_alertmanager_tell_one_event),
        cmocka_unit_test(a_deletion_in_slack_is_final),
        cmocka_unit_test(an_envelope_names_each_of_what_it_holds),
        cmocka_unit_test(log_lines_are_named_where_the_topic_says_so),
        cmocka_unit_test(names_of_lines_may_be_shown_without_counting),
        cmocka_unit_test(the_namespace_names_not_the_decoder),
        cmocka_unit_test(lines_have_the_names_of_their_source),
        cmocka_unit_test(all_that_is_told_counts),
        cmocka_unit_test(headers_of_a_producer_tell_as_well),
        cmocka_unit_test(only_what_has_a_time_and_a_kind_is_ours),
        cmocka_unit_test(a_loaded_line_keeps_its_name),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
