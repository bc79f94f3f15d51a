/*
 * app/manifest: what a manifest record says, that it is the same for the same file, and that it
 * decodes to an event of its kind whatever the options of its topic.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "app/manifest.h"
#include "base/clock.h"

#define START_NS (INT64_C(1772359200) * NS_PER_S)

static void
add(struct file_tally *tally, enum time_source source, int64_t ns)
{
    const struct event event = {.format = SV("text"),
                                .kind = EVENT_LOG,
                                .event_time_ns = ns,
                                .time_source = source,
                                .severity = SEVERITY_ERROR,
                                .body = SV("pool is empty")};
    const struct file_record record = {.name = tally->name,
                                       .line = 1,
                                       .value = SV("pool is empty"),
                                       .events = &event,
                                       .event_count = 1};
    file_tally_add(tally, &record);
}

static void
make(struct manifest *manifest, const char *name, bool read)
{
    const struct assumed_zone zone = {"UTC", false};
    struct file_ended ended = {.name = name, .bytes = 4711, .whole = true};
    struct file_tally tally;
    memset(&ended.digest, 0xab, sizeof(ended.digest));
    file_tally_init(&tally, name);
    if (read) {
        add(&tally, TIME_SOURCE_NATIVE, START_NS);
        add(&tally, TIME_SOURCE_ASSUMED_ZONE, START_NS + 5 * NS_PER_S);
        add(&tally, TIME_SOURCE_ABSENT, TIME_NONE);
    } else {
        file_tally_skip(&tally, 0, "a program");
    }
    manifest_init(manifest, &tally, &zone, &ended);
    file_tally_release(&tally);
}

#define AB8 "abababababababab"

static void
it_says_what_became_of_the_file(void **state)
{
    (void)state;
    struct manifest manifest;
    make(&manifest, "inc/api.log", true);
    assert_string_equal(
        manifest.value.ptr,
        "{\"kind\":\"manifest\",\"id\":\"" AB8 AB8 AB8 AB8 "\",\"source\":\"file:inc/api.log\","
        "\"title\":\"inc/api.log: read as text\",\"text\":\"inc/api.log: read as text\\n"
        "times: 1 of their own, 1 without a time zone (UTC assumed; --zone tells another), "
        "1 missing (so in no timeline)\",\"attributes\":{\"file\":\"inc/api.log\","
        "\"outcome\":\"read\",\"look\":true,\"bytes\":4711,\"sha256\":\"" AB8 AB8 AB8 AB8 "\","
        "\"records\":3,\"events\":3,\"empty\":0,\"quarantined\":0,\"with_severity\":3,"
        "\"formats\":{\"text\":3},\"times\":{\"native\":1,\"assumed_zone\":1,\"none\":1},"
        "\"first\":\"2026-03-01T10:00:00Z\",\"last\":\"2026-03-01T10:00:05Z\"}}");
    manifest_release(&manifest);
    make(&manifest, "inc/core", false);
    assert_non_null(strstr(manifest.value.ptr, "\"text\":\"inc/core: not read: a program\""));
    assert_non_null(strstr(manifest.value.ptr, "\"outcome\":\"not_read\",\"look\":false,"));
    manifest_release(&manifest);
}

static struct event
decoded(struct arena *arena, const char *name, const char *format)
{
    struct manifest manifest;
    make(&manifest, name, true);
    const struct decode_options options = {.format = sv_from(format)};
    const struct record record = {.topic = SV("logs"),
                                  .offset = 7,
                                  .kafka_time_ns = START_NS + NS_PER_DAY,
                                  .key = manifest.record.key,
                                  .value = arena_copy(arena, manifest.record.value),
                                  .headers = manifest.record.headers,
                                  .header_count = manifest.record.header_count};
    struct event_sink sink = {.arena = arena};
    struct decode_result result = decode_record(&record, &options, &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_int_equal(sink.count, 1);
    struct event event = sink.events[0];
    event.identity = arena_copy(arena, event.identity);
    manifest_release(&manifest);
    return event;
}

static void
it_is_a_note_without_a_time_in_any_topic(void **state)
{
    (void)state;
    static const char *const formats[] = {NULL, "text", "ecs", "syslog5424", "alertmanager"};
    struct arena arena;
    arena_init(&arena, 0);
    const struct event first = decoded(&arena, "inc/api.log", NULL);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const struct event event = decoded(&arena, "inc/api.log", formats[i]);
        assert_int_equal(event.kind, EVENT_NOTE);
        assert_int_equal(event.record_kind, RECORD_MANIFEST);
        assert_true(event.event_time_ns == TIME_NONE);
        assert_int_equal(event.time_source, TIME_SOURCE_ABSENT);
        assert_true(
            sv_eq(event.identity, SV(AB8 AB8 AB8 AB8 IDENTITY_SEPARATOR "file:inc/api.log")));
        assert_memory_equal(event.uid, first.uid, UID_BYTES);
    }
    const struct event other = decoded(&arena, "inc/other.log", NULL);
    assert_memory_not_equal(other.uid, first.uid, UID_BYTES);
    arena_release(&arena);
}

/* Nobody gets a note about files into a timeline by writing a time into it. */
static void
a_time_in_it_does_not_count(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    const struct decode_options options = {.scope = SV_NONE};
    const struct record record = {
        .topic = SV("logs"),
        .kafka_time_ns = START_NS,
        .value =
            SV("{\"kind\":\"manifest\",\"time\":\"2026-03-01T10:00:00Z\",\"text\":\"x: read\"}")};
    struct event_sink sink = {.arena = &arena};
    assert_int_equal(decode_record(&record, &options, &sink).status, DECODE_OK);
    assert_int_equal(sink.events[0].record_kind, RECORD_MANIFEST);
    assert_true(sink.events[0].event_time_ns == TIME_NONE);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_became_of_the_file),
        cmocka_unit_test(it_is_a_note_without_a_time_in_any_topic),
        cmocka_unit_test(a_time_in_it_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
