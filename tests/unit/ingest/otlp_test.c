/*
 * OpenTelemetry's two encodings: the same export gives the same events, whichever it comes in. The
 * fixtures and exports made at random (from a fixed seed) are encoded by tests/lib/otlp_encode.h;
 * fields in another order and twice, and bytes that only look like an export, are read or left to
 * others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/parse/wire.h"
#include "tests/lib/fixtures.h"
#include "tests/lib/otlp_encode.h"

static struct decode_result
decode(struct arena *arena, struct sv value, struct event_sink *ret_sink)
{
    const struct decode_options options = {.dedup_native = true};
    const struct record record = {.topic = SV("t"),
                                  .offset = 1,
                                  .kafka_time_ns = INT64_C(1772359200) * NS_PER_S,
                                  .value = value};
    *ret_sink = (struct event_sink){.arena = arena, .max = EVENTS_PER_RECORD_MAX};
    return decode_record(&record, &options, ret_sink);
}

static void
same_text(const char *what, struct sv json, struct sv wire)
{
    if (!sv_eq(json, wire))
        fail_msg("%s: JSON gives " SV_FMT "\nProtocol Buffers " SV_FMT, what, SV_ARG(json),
                 SV_ARG(wire));
}

static void
same_event(const struct event *json, const struct event *wire)
{
    same_text("title", json->title, wire->title);
    same_text("body", json->body, wire->body);
    same_text("attributes", json->attributes, wire->attributes);
    same_text("service", json->service, wire->service);
    same_text("host", json->host, wire->host);
    same_text("environment", json->environment, wire->environment);
    same_text("severity_text", json->severity_text, wire->severity_text);
    same_text("trace_id", json->trace_id, wire->trace_id);
    same_text("time_text", json->source_time_text, wire->source_time_text);
    same_text("identity", json->identity, wire->identity);
    same_text("fingerprint", json->fingerprint, wire->fingerprint);
    assert_int_equal(json->kind, wire->kind);
    assert_int_equal(json->severity, wire->severity);
    assert_int_equal(json->event_time_ns, wire->event_time_ns);
    assert_int_equal(json->time_source, wire->time_source);
    assert_int_equal(json->precision, wire->precision);
    assert_memory_equal(json->uid, wire->uid, UID_BYTES);
}

/* Returns how many events there were. */
static size_t
same_events(struct sv text, struct sv bytes)
{
    struct arena arena;
    struct event_sink from_json, from_wire;
    arena_init(&arena, 0);
    struct decode_result json = decode(&arena, text, &from_json);
    struct decode_result wire = decode(&arena, bytes, &from_wire);
    assert_int_equal(json.status, wire.status);
    assert_int_equal(json.reason, wire.reason);
    assert_true(sv_eq(json.format, SV("otlp")) && sv_eq(wire.format, SV("otlp")));
    assert_int_equal(from_json.count, from_wire.count);
    for (size_t i = 0; i < from_json.count; i++)
        same_event(&from_json.events[i], &from_wire.events[i]);
    size_t count = from_json.count;
    arena_release(&arena);
    return count;
}

static size_t
compare(json_t *export)
{
    struct strbuf bytes;
    strbuf_init(&bytes, 0);
    otlp_encode(export, &bytes);
    char *text = json_dumps(export, JSON_COMPACT);
    assert_non_null(text);
    size_t count = same_events(sv_from(text), strbuf_view(&bytes));
    free(text);
    strbuf_release(&bytes);
    return count;
}

static json_t *
fixture_json(const char *name)
{
    char path[200];
    snprintf(path, sizeof(path), "tests/fixtures/log/otlp/%s", name);
    struct sv text = fixture_file(&fixture_arena, path, "input.json");
    json_t *export = json_loadb(text.ptr, text.len, 0, NULL);
    assert_non_null(export);
    return export;
}

static void
the_fixtures_are_alike_in_both_encodings(void **state)
{
    static const char *const names[] = {"logs", "bodies", "spans", "metrics", "too_deep"};
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        json_t *export = fixture_json(names[i]);
        count += compare(export);
        json_decref(export);
    }
    assert_true(count > 20);
}

/* The fixtures in Protocol Buffers hold what the encoder makes of those in JSON. */
static void
stored_bytes_are_those_of_the_encoder(void **state)
{
    static const char *const names[] = {"logs", "bodies", "spans", "metrics"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[200];
        struct strbuf bytes;
        json_t *export = fixture_json(names[i]);
        snprintf(path, sizeof(path), "tests/fixtures/log/otlp/%s_protobuf", names[i]);
        strbuf_init(&bytes, 0);
        otlp_encode(export, &bytes);
        struct sv stored = fixture_file(&fixture_arena, path, "input.bin");
        assert_true(sv_eq(stored, strbuf_view(&bytes)));
        strbuf_release(&bytes);
        json_decref(export);
    }
}

/* ---- exports at random ---- */

static uint64_t seed;

static unsigned
chance(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % below;
}

static json_t *
some_text(void)
{
    static const char *const texts[] = {"",     "a",          "two words",  "ERROR in here",
                                        "é",    "line\nmore", "\"quoted\"", "back\\slash",
                                        "\x01", "404",        "/path/to",   "\xf0\x9f\x9a\xa2"};
    return json_string(texts[chance(sizeof(texts) / sizeof(texts[0]))]);
}

static json_t *
some_value(unsigned depth)
{
    static const double reals[] = {0, -1.5, 0.1, 1e300, 2e-7, 12345678.25, 1.0 / 3};
    unsigned what = chance(depth > 3 ? 6 : 8);
    json_t *list = json_array();
    for (unsigned i = chance(4); what >= 6 && i > 0; i--)
        json_array_append_new(list, what == 6 ? some_value(depth + 1)
                                              : json_pack("{s:o,s:o}", "key", some_text(), "value",
                                                          some_value(depth + 1)));
    json_t *number = json_sprintf("%lld", (long long)(chance(1000000) * INT64_C(7919001) - 50));
    json_t *value = NULL;
    switch (what) {
    case 0:
        value = json_object();
        break;
    case 1:
    case 2:
        value = json_pack("{s:o}", "stringValue", some_text());
        break;
    case 3:
        value = json_pack("{s:O}", "intValue", number);
        break;
    case 4:
        value = json_pack("{s:f}", "doubleValue", reals[chance(7)]);
        break;
    case 5:
        value = json_pack("{s:b}", "boolValue", chance(2));
        break;
    case 6:
        value = json_pack("{s:{s:O}}", "arrayValue", "values", list);
        break;
    default:
        value = json_pack("{s:{s:O}}", "kvlistValue", "values", list);
        break;
    }
    json_decref(number);
    json_decref(list);
    return value;
}

static json_t *
some_attributes(void)
{
    static const char *const keys[] = {"service.name",
                                       "host.name",
                                       "deployment.environment",
                                       "http.status_code",
                                       "exception.type",
                                       "exception.message",
                                       "exception.stacktrace",
                                       "k8s.pod.name",
                                       "k8s.deployment.name",
                                       "scope",
                                       "resource",
                                       "n"};
    json_t *list = json_array();
    for (unsigned i = chance(6); i > 0; i--)
        json_array_append_new(
            list, json_pack("{s:s,s:o}", "key", keys[chance(12)], "value", some_value(0)));
    return list;
}

static json_t *
some_time(void)
{
    return json_sprintf("%llu", chance(5) == 0 ? 0ULL
                                               : 1700000000000000000ULL +
                                                     (unsigned long long)chance(1000000) * 1001003);
}

static json_t *
some_log(void)
{
    json_t *log = json_pack("{s:o,s:o,s:i,s:o,s:o}", "timeUnixNano", some_time(),
                            "observedTimeUnixNano", some_time(), "severityNumber", chance(27),
                            "body", some_value(0), "attributes", some_attributes());
    if (chance(2))
        json_object_set_new(log, "severityText", some_text());
    if (chance(2))
        json_object_set_new(log, "traceId", json_string("0af7651916cd43dd8448eb211c80319c"));
    if (chance(3) == 0)
        json_object_set_new(log, "eventName", some_text());
    return log;
}

static json_t *
some_span(void)
{
    json_t *moments = json_array();
    for (unsigned i = chance(3); i > 0; i--)
        json_array_append_new(moments, json_pack("{s:o,s:s,s:o}", "timeUnixNano", some_time(),
                                                 "name", chance(2) ? "exception" : "e",
                                                 "attributes", some_attributes()));
    return json_pack("{s:s,s:s,s:o,s:i,s:o,s:o,s:o,s:o,s:{s:i,s:o}}", "traceId",
                     "0af7651916cd43dd8448eb211c80319c", "spanId",
                     chance(2) ? "b7ad6b7169203331" : "0000000000000000", "name", some_text(),
                     "kind", chance(7), "startTimeUnixNano", some_time(), "endTimeUnixNano",
                     some_time(), "attributes", some_attributes(), "events", moments, "status",
                     "code", chance(3), "message", some_text());
}

static json_t *
some_export(bool logs)
{
    json_t *resources = json_array();
    for (unsigned i = 1 + chance(3); i > 0; i--) {
        json_t *records = json_array();
        for (unsigned k = 1 + chance(4); k > 0; k--)
            json_array_append_new(records, logs ? some_log() : some_span());
        json_array_append_new(
            resources, json_pack("{s:{s:o},s:[{s:{s:o},s:o}]}", "resource", "attributes",
                                 some_attributes(), logs ? "scopeLogs" : "scopeSpans", "scope",
                                 "name", some_text(), logs ? "logRecords" : "spans", records));
    }
    return json_pack("{s:o}", logs ? "resourceLogs" : "resourceSpans", resources);
}

static void
exports_at_random_are_alike_in_both_encodings(void **state)
{
    size_t count = 0;
    (void)state;
    seed = 20260301;
    for (int i = 0; i < 400; i++) {
        json_t *export = some_export(i % 2 == 0);
        assert_non_null(export);
        count += compare(export);
        json_decref(export);
    }
    assert_true(count > 1000);
}

/* ---- the wire ---- */

static void
fields_come_in_any_order_and_the_last_of_two_counts(void **state)
{
    /* A record with its body twice, then its time, then a field of the future; scope and resource
     * behind what they hold. */
    static const char bytes[] = "\n\x24"
                                "\x12\x11"
                                "\x12\x0f"
                                "*\x03\n\x01"
                                "a"
                                "*\x03\n\x01"
                                "b"
                                "\xa0\x06\x01"
                                "\x10\x11"
                                "\n\x0f\n\r\n\x07host.id\x12\x02\n\x00";
    struct arena arena;
    struct event_sink sink;
    (void)state;
    arena_init(&arena, 0);
    struct decode_result result = decode(&arena, sv_of(bytes, sizeof(bytes) - 1), &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_int_equal(sink.count, 1);
    assert_true(sv_eq(sink.events[0].body, SV("b")));
    assert_int_equal(sink.events[0].severity, 17);
    arena_release(&arena);
}

static void
what_only_looks_like_an_export_is_left_to_others(void **state)
{
    static const struct sv texts[] = {
        {"\n2026-03-01 10:00:00 ERROR a line behind an empty one", 52},
        {"\n\n\n\n\n\n\n\n\n\n\n\n\n\nx", 15},
        {"\n\x04text and more of it", 21},
    };
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct event_sink sink;
        struct decode_result result = decode(&arena, texts[i], &sink);
        assert_int_equal(result.status, DECODE_OK);
        assert_true(sv_eq(result.format, SV("text")));
    }
    arena_release(&arena);
}

static void
broken_fields_end_a_message(void **state)
{
    static const struct sv broken[] = {
        {"\x08", 1},     /* no value */
        {"\x00\x01", 2}, /* number 0 */
        {"\x0b\x0c", 2}, /* a group */
        {"\x0a\x05"
         "abc",
         5},                                                  /* shorter than it says */
        {"\x09\x01\x02", 3},                                  /* half a fixed64 */
        {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11}, /* a varint without end */
        {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11}, /* a length beyond everything */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct wire wire = wire_of(broken[i]);
        struct wire_field field;
        assert_false(wire_next(&wire, &field));
        assert_true(wire.broken);
        assert_false(wire_next(&wire, &field));
    }
    struct wire wire = wire_of(SV("\x08\x96\x01\x15\x00\x00\x80\x3f"));
    struct wire_field field;
    assert_true(wire_next(&wire, &field));
    assert_int_equal(field.value, 150);
    assert_true(wire_next(&wire, &field));
    assert_true(wire_float((uint32_t)field.value) == 1.0);
    assert_false(wire_next(&wire, &field));
    assert_false(wire.broken);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fixtures_are_alike_in_both_encodings),
        cmocka_unit_test(stored_bytes_are_those_of_the_encoder),
        cmocka_unit_test(exports_at_random_are_alike_in_both_encodings),
        cmocka_unit_test(fields_come_in_any_order_and_the_last_of_two_counts),
        cmocka_unit_test(what_only_looks_like_an_export_is_left_to_others),
        cmocka_unit_test(broken_fields_end_a_message),
    };
    return cmocka_run_group_tests(tests, fixtures_find, fixtures_drop);
}
