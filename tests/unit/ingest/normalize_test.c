/*
 * Unit tests of decode_record's outer shell and of normalize: identities, limits, plausibility.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "base/text/utf8.h"
#include "hindcast/decoder.h"

#define TEN (INT64_C(1772359200) * NS_PER_S)

static struct arena arena;

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

static struct record
record_at(int64_t offset, const char *value)
{
    return (struct record){
        .topic = SV("t"), .offset = offset, .kafka_time_ns = TEN, .value = sv_from(value)};
}

static struct event
only(const struct record *record, const struct decode_options *options)
{
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = decode_record(record, options, &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_int_equal(sink.count, 1);
    return sink.events[0];
}

static enum quarantine_reason
reason_of(struct sv value)
{
    struct record record = record_at(1, "");
    struct decode_options options = {0};
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    record.value = value;
    struct decode_result result = decode_record(&record, &options, &sink);
    assert_int_equal(sink.count, result.status == DECODE_OK ? sink.count : 0);
    return result.reason;
}

static bool
same_uid(struct event a, struct event b)
{
    return a.identified && b.identified && memcmp(a.uid, b.uid, UID_BYTES) == 0;
}

#define NOTE "{\"time\":\"2026-03-01T10:00:00Z\",\"kind\":\"note\",\"text\":\"x\"}"
#define LINE "{\"level\":\"info\",\"msg\":\"x\",\"time\":\"2026-03-01T10:00:00Z\"}"

static void
test_identity_or_place(void **state)
{
    (void)state;
    struct decode_options options = {0}, scoped = {.scope = SV("team-a")};
    struct record first = record_at(1, NOTE), second = record_at(2, NOTE);
    assert_true(same_uid(only(&first, &options), only(&second, &options)));
    assert_false(same_uid(only(&first, &options), only(&first, &scoped)));
    first.value = second.value = sv_from(LINE);
    assert_false(only(&first, &options).identified);
    /* Loaded again from the same place of the same file. */
    const struct header loaded[] = {{SV("hindcast-id"), SV("file#7")}};
    first.headers = second.headers = loaded;
    first.header_count = second.header_count = 1;
    assert_true(same_uid(only(&first, &options), only(&second, &options)));
}

static void
check_ignored(const char *value, const struct header *headers, size_t count)
{
    struct decode_options heeding = {0}, ignoring = {.ignore_headers = true};
    struct record record = record_at(1, value);
    struct event bare = only(&record, &heeding);
    record.headers = headers;
    record.header_count = count;
    struct event heeded = only(&record, &heeding), ignored = only(&record, &ignoring);
    assert_false(sv_eq(heeded.format, bare.format));
    assert_true(sv_eq(ignored.format, bare.format));
    assert_true(sv_eq(ignored.source, bare.source) && sv_eq(ignored.service, bare.service));
    assert_int_equal(ignored.identified, bare.identified);
}

/* The named format, other hints, and CloudEvents' binary mode alike. */
static void
test_headers_can_be_ignored(void **state)
{
    (void)state;
    const struct header hints[] = {{SV("hindcast-format"), SV("ecs")},
                                   {SV("hindcast-service"), SV("cart")},
                                   {SV("hindcast-source"), SV("file:a.log")}};
    check_ignored(LINE, hints, 3);
    const struct header cloud[] = {{SV("ce_specversion"), SV("1.0")},
                                   {SV("ce_id"), SV("7")},
                                   {SV("ce_source"), SV("/deployments")},
                                   {SV("ce_type"), SV("deployed")}};
    check_ignored("a line", cloud, 4);
}

/* A line is sound as a whole; what headers, settings and envelopes add to it need not be. */
static void
test_hints_are_repaired(void **state)
{
    (void)state;
    const struct header headers[] = {{SV("hindcast-host"), SV("M\374nchen")},
                                     {SV("hindcast-service"), SV("a\0b")}};
    struct decode_options options = {.default_environment = SV("\377")};
    struct record record = record_at(1, LINE);
    record.headers = headers;
    record.header_count = 2;
    struct event event = only(&record, &options);
    assert_true(sv_eq(event.host, SV("M\357\277\275nchen")));
    assert_true(utf8_storable(event.service) && utf8_storable(event.environment));
    record = record_at(1, "ab\377 | " LINE);
    assert_true(utf8_storable(only(&record, &options).service));
    const struct header cloud[] = {{SV("ce_specversion"), SV("1.0")},
                                   {SV("ce_id"), SV("\377")},
                                   {SV("ce_source"), SV("\376/x")},
                                   {SV("ce_type"), SV("t\377")},
                                   {SV("ce_subject"), SV("\377")}};
    record = record_at(1, LINE);
    record.headers = cloud;
    record.header_count = 5;
    event = only(&record, &options);
    assert_true(utf8_storable(event.source) && utf8_storable(event.title) &&
                utf8_storable(event.ref) && utf8_storable(event.identity));
}

static void
test_place_names_what_nothing_else_names(void **state)
{
    (void)state;
    uint8_t uids[8][UID_BYTES];
    const struct event_place places[] = {
        {SV_NONE, SV("t"), 1, 0, 7, 0}, {SV_NONE, SV("t"), 0, 0, 7, 0},
        {SV_NONE, SV("t"), 2, 0, 7, 0}, {SV_NONE, SV("t"), 1, 1, 7, 0},
        {SV_NONE, SV("t"), 1, 0, 8, 0}, {SV_NONE, SV("t"), 1, 0, 7, 1},
        {SV("a"), SV("t"), 1, 0, 7, 0}, {SV("b"), SV("t"), 1, 0, 7, 0},
    };
    for (size_t i = 0; i < 8; i++)
        event_uid_of_place(SV("default"), &places[i], uids[i]);
    assert_memory_equal(uids[0], uids[1], UID_BYTES);
    for (size_t i = 1; i < 8; i++)
        for (size_t j = i + 1; j < 8; j++)
            assert_memory_not_equal(uids[i], uids[j], UID_BYTES);
}

static void
test_plausible_times(void **state)
{
    (void)state;
    struct decode_options options = {0};
    struct record record =
        record_at(1, "{\"time\":\"2026-03-02T10:00:00Z\",\"kind\":\"note\",\"text\":\"x\"}");
    assert_true(only(&record, &options).event_time_ns == TEN + NS_PER_DAY);
    record.kafka_time_ns = TEN - 1;
    struct event event = only(&record, &options);
    assert_true(event.event_time_ns == TEN - 1);
    assert_int_equal(event.time_source, TIME_SOURCE_KAFKA);
    assert_true(sv_eq(event.source_time_text, SV("2026-03-02T10:00:00Z")));
    record.kafka_time_ns = TIME_NONE;
    assert_true(only(&record, &options).event_time_ns == TEN + NS_PER_DAY);
    record.value = SV("{\"time\":\"2100-01-01T00:00:00Z\",\"kind\":\"note\",\"text\":\"x\"}");
    event = only(&record, &options);
    assert_true(event.event_time_ns == TIME_NONE); /* nobody knows one */
    assert_int_equal(event.time_source, TIME_SOURCE_ABSENT);
}

static void
test_limits(void **state)
{
    (void)state;
    struct decode_options options = {0};
    struct strbuf value;
    strbuf_init(&value, 0);
    strbuf_add_text(&value, "{\"time\":\"2026-03-01T10:00:00Z\",\"kind\":\"note\",\"actor\":\"");
    for (size_t i = 0; i < FIELD_BYTES_MAX; i++)
        strbuf_add_text(&value, "\xC3\xA9");
    strbuf_add_text(&value, "\",\"text\":\"");
    for (size_t i = 0; i < BODY_BYTES_MAX; i++)
        strbuf_add_text(&value, "\xC3\xA9");
    strbuf_add_text(&value, "\",\"more\":\"");
    for (size_t i = 0; i < ATTRIBUTES_BYTES_MAX; i++)
        strbuf_add_char(&value, 'm');
    strbuf_add_text(&value, "\"}");
    struct record record = record_at(1, "");
    record.value = strbuf_view(&value);
    struct event event = only(&record, &options);
    assert_int_equal(event.actor.len, FIELD_BYTES_MAX);
    assert_int_equal(event.body.len, BODY_BYTES_MAX);
    assert_int_equal(event.title.len, TITLE_BYTES_MAX);
    assert_true(utf8_valid(event.actor) && utf8_valid(event.body) && utf8_valid(event.title));
    assert_true(sv_starts(event.attributes, SV("{\"left_out_bytes\":")));
    strbuf_release(&value);
}

/* Fields of exactly the limit stay as they are; one byte more is cut or left out. */
static void
limits_plus(size_t more, struct event *ret_event)
{
    static const struct {
        const char *before;
        size_t size;
    } fields[] = {
        {"{\"time\":\"2026-03-01T10:00:00Z\",\"kind\":\"note\",\"actor\":\"", FIELD_BYTES_MAX},
        {"\",\"title\":\"", TITLE_BYTES_MAX},
        {"\",\"text\":\"", BODY_BYTES_MAX},
        /* as JSON with its key: {"more":"..."} */
        {"\",\"more\":\"", ATTRIBUTES_BYTES_MAX - 11}};
    struct decode_options options = {0};
    struct strbuf value;
    strbuf_init(&value, 0);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        strbuf_add_text(&value, fields[i].before);
        for (size_t k = 0; k < fields[i].size + more; k++)
            strbuf_add_char(&value, 'x');
    }
    strbuf_add_text(&value, "\"}");
    struct record record = record_at(1, "");
    record.value = arena_copy(&arena, strbuf_view(&value));
    strbuf_release(&value);
    *ret_event = only(&record, &options);
}

static void
test_limits_to_the_byte(void **state)
{
    (void)state;
    struct event event;
    for (size_t more = 0; more <= 1; more++) {
        limits_plus(more, &event);
        assert_int_equal(event.actor.len, FIELD_BYTES_MAX);
        assert_int_equal(event.title.len, TITLE_BYTES_MAX);
        assert_int_equal(event.body.len, BODY_BYTES_MAX);
        if (more == 0)
            assert_int_equal(event.attributes.len, ATTRIBUTES_BYTES_MAX);
        else
            assert_true(sv_starts(event.attributes, SV("{\"left_out_bytes\":")));
    }
}

static void
test_too_large_and_too_many(void **state)
{
    (void)state;
    char *large = malloc(RECORD_BYTES_MAX + 1);
    assert_non_null(large);
    memset(large, 'x', RECORD_BYTES_MAX + 1);
    assert_int_equal(reason_of(sv_of(large, RECORD_BYTES_MAX + 1)), QUARANTINE_TOO_LARGE);
    assert_int_equal(reason_of(sv_of(large, RECORD_BYTES_MAX)), QUARANTINE_NONE);
    free(large);
    struct strbuf value;
    strbuf_init(&value, 0);
    strbuf_add_char(&value, '[');
    for (size_t i = 0; i <= EVENTS_PER_RECORD_MAX; i++)
        strbuf_add_text(&value, i == 0 ? NOTE : "," NOTE);
    strbuf_add_char(&value, ']');
    assert_int_equal(reason_of(strbuf_view(&value)), QUARANTINE_TOO_MANY_EVENTS);
    value.len -= strlen("," NOTE "]");
    strbuf_add_char(&value, ']');
    assert_int_equal(reason_of(strbuf_view(&value)), QUARANTINE_NONE);
    strbuf_release(&value);
    assert_int_equal(reason_of(SV("")), QUARANTINE_EMPTY_VALUE);
    assert_int_equal(reason_of(SV("[]")), QUARANTINE_NONE);
    assert_int_equal(reason_of(SV("[1]")), QUARANTINE_UNKNOWN_FORMAT);
}

static void
test_envelopes_have_a_depth(void **state)
{
    (void)state;
    struct strbuf value;
    strbuf_init(&value, 0);
    for (int depth = 0; depth < UNWRAP_DEPTH_MAX + 1; depth++) {
        strbuf_add_text(&value, "{\"schema\":1,\"payload\":");
    }
    strbuf_add_text(&value, NOTE);
    for (int depth = 0; depth < UNWRAP_DEPTH_MAX + 1; depth++)
        strbuf_add_char(&value, '}');
    assert_int_equal(reason_of(strbuf_view(&value)), QUARANTINE_TOO_DEEP);
    /* One envelope less is within the limit. */
    struct sv within =
        sv_slice(strbuf_view(&value), strlen("{\"schema\":1,\"payload\":"), value.len - 1);
    assert_int_equal(reason_of(within), QUARANTINE_NONE);
    strbuf_release(&value);
}

static void
test_fixed_format(void **state)
{
    (void)state;
    struct decode_options options = {.format = SV("text")};
    struct record record = record_at(1, "level=error msg=x");
    assert_true(sv_eq(only(&record, &options).format, SV("text")));
    options.format = SV_NONE;
    assert_true(sv_eq(only(&record, &options).format, SV("logfmt")));
    const struct header header[] = {{SV("Hindcast-Format"), SV("text")}};
    record.headers = header;
    record.header_count = 1;
    assert_true(sv_eq(only(&record, &options).format, SV("text")));
}

static void
test_words(void **state)
{
    (void)state;
    assert_string_equal(event_kind_word(EVENT_CHAT), "chat");
    assert_int_equal(event_kind_read(SV("chat")), EVENT_CHAT);
    assert_int_equal(event_kind_read(SV("cha")), EVENT_NO_KIND);
    assert_string_equal(event_phase_word(PHASE_NONE), "");
    assert_int_equal(record_kind_event_kind(RECORD_MERGE), EVENT_CHANGE);
    assert_string_equal(quarantine_word(QUARANTINE_SYNTAX), "syntax");
}

/* The moment of loading says nothing of what was loaded, nor does that of the last write. */
static void
test_what_is_loaded_without_a_time_has_none(void **state)
{
    (void)state;
    struct record record = record_at(1, "a line that tells no time");
    struct decode_options options = {0};
    struct header headers[] = {{sv_from(HEADER_FILE_TIME), SV("2026-02-28T09:00:00Z")},
                               {sv_from(HEADER_ID), SV("0123")},
                               {sv_from(HEADER_UNDATED), SV(UNDATED_FILE)},
                               {sv_from(HEADER_INHERITED), SV("2026-03-01T09:59:58.5Z")}};
    assert_int_equal(only(&record, &options).event_time_ns, TEN);
    record.headers = headers;
    record.header_count = 1; /* not from a loader: Kafka's is of when it was written */
    assert_int_equal(only(&record, &options).time_source, TIME_SOURCE_KAFKA);
    record.header_count = 2;
    struct event event = only(&record, &options);
    assert_int_equal(event.event_time_ns, TIME_NONE);
    assert_int_equal(event.time_source, TIME_SOURCE_ABSENT);
    assert_int_equal(event.precision, PRECISION_NONE);
    record.header_count = 3; /* asked for */
    event = only(&record, &options);
    assert_int_equal(event.event_time_ns, TEN - 25 * NS_PER_HOUR);
    assert_int_equal(event.time_source, TIME_SOURCE_ASSUMED_DATE);
    assert_int_equal(event.precision, PRECISION_DAY);
    record.header_count = 4;
    event = only(&record, &options);
    assert_int_equal(event.event_time_ns, TEN - 1500 * NS_PER_MS);
    assert_int_equal(event.time_source, TIME_SOURCE_INHERITED);
    headers[3].value = SV("2027-02-28T09:00:00Z"); /* later than Kafka's: a wrong clock */
    headers[0].value = SV("2027-02-28T09:00:00Z");
    assert_int_equal(only(&record, &options).time_source, TIME_SOURCE_ABSENT);
    record.value = sv_from(LINE);
    assert_int_equal(only(&record, &options).time_source, TIME_SOURCE_NATIVE);
}

static void
test_alerts_do_not_inherit(void **state)
{
    (void)state;
    struct record record = record_at(
        1, "{\"labels\":{\"alertname\":\"Down\"},\"annotations\":{},\"status\":\"firing\","
           "\"fingerprint\":\"f\",\"generatorURL\":\"http://p.example/\"}");
    struct decode_options options = {0};
    struct header headers[] = {{sv_from(HEADER_ID), SV("0123")},
                               {sv_from(HEADER_INHERITED), SV("2026-03-01T09:59:58.5Z")}};
    record.headers = headers;
    record.header_count = 2;
    assert_int_equal(only(&record, &options).time_source, TIME_SOURCE_ABSENT);
}

/* A user of a tool has no time, whenever the record was written. */
static void
test_people_have_no_time(void **state)
{
    (void)state;
    struct record record =
        record_at(1, "{\"id\":\"U1\",\"name\":\"ann\",\"profile\":{},\"real_name\":\"Ann Berg\"}");
    struct decode_options options = {0};
    struct event event = only(&record, &options);
    assert_int_equal(event.record_kind, RECORD_PERSON);
    assert_int_equal(event.event_time_ns, TIME_NONE);
    assert_int_equal(event.time_source, TIME_SOURCE_ABSENT);
}

static void
test_where_it_lies(void **state)
{
    (void)state;
    struct record record = record_at(1, LINE);
    struct decode_options options = {0};
    struct header headers[] = {{sv_from(HEADER_FILE), SV("a\xff.zip!api.log")},
                               {sv_from(HEADER_LINE), SV("1204")}};
    assert_true(sv_empty(only(&record, &options).file));
    record.headers = headers;
    record.header_count = 2;
    struct event event = only(&record, &options);
    assert_true(sv_eq(event.file, SV("a\xef\xbf\xbd.zip!api.log")));
    assert_int_equal(event.line, 1204);
    headers[1].value = SV("-3");
    assert_int_equal(only(&record, &options).line, 0);
}

/* A rule fires again and again: its name is shown, the place tells one occurrence from another. */
static void
names_that_are_reused_do_not_identify(void **state)
{
    (void)state;
    static const char value[] = "{\"ruleId\":7,\"ruleName\":\"Queue\",\"state\":\"alerting\","
                                "\"evalMatches\":[]}";
    const struct decode_options options = {0};
    const struct record first = record_at(1, value), second = record_at(2, value);
    struct event a = only(&first, &options), b = only(&second, &options);
    assert_true(sv_eq(a.identity, SV("7")) && sv_eq(b.identity, SV("7")));
    assert_true(a.identified && b.identified && !same_uid(a, b));
    assert_true(same_uid(a, only(&first, &options)));
}

/* An account that is not told names nobody, whatever else stands beside it. */
static void
test_users_without_an_account_are_left_out(void **state)
{
    (void)state;
    struct decode_options options = {0};
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct record record =
        record_at(1, "{\"event\":{\"type\":\"user_change\",\"user\":{\"id\":\"\",\"name\":\"\","
                     "\"profile\":{\"real_name\":\"\"}}},\"type\":\"event_callback\"}");
    assert_int_equal(decode_record(&record, &options, &sink).status, DECODE_OK);
    assert_int_equal(sink.count, 0);
    record.value =
        SV("{\"event\":{\"type\":\"user_change\",\"user\":{\"id\":\"U1\",\"name\":\"ada\","
           "\"profile\":{\"real_name\":\"Ada\"}}},\"type\":\"event_callback\"}");
    assert_true(only(&record, &options).record_kind == RECORD_PERSON);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_loaded_without_a_time_has_none),
        cmocka_unit_test(test_alerts_do_not_inherit),
        cmocka_unit_test(test_people_have_no_time),
        cmocka_unit_test(test_users_without_an_account_are_left_out),
        cmocka_unit_test(test_where_it_lies),
        cmocka_unit_test(test_identity_or_place),
        cmocka_unit_test(test_headers_can_be_ignored),
        cmocka_unit_test(test_hints_are_repaired),
        cmocka_unit_test(test_place_names_what_nothing_else_names),
        cmocka_unit_test(test_plausible_times),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limits_to_the_byte),
        cmocka_unit_test(test_too_large_and_too_many),
        cmocka_unit_test(test_envelopes_have_a_depth),
        cmocka_unit_test(test_fixed_format),
        cmocka_unit_test(test_words),
        cmocka_unit_test(names_that_are_reused_do_not_identify),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
