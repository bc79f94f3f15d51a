/*
 * Values with the frame of a schema registry: Avro and Protocol Buffers by the schemas of a folder
 * (tests/schemas), as JSON and as events; ids that are not there; bytes that are cut, changed or
 * made to hurt.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "hindcast/schemas.h"
#include "ingest/decode/schema/schema.h"
#include "tests/lib/decodetake.h"
#include "tests/lib/filetake.h"

/* ---- writing Avro ---- */

static void
put_long(struct strbuf *out, int64_t value)
{
    uint64_t bits = (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
    for (; bits > 0x7F; bits >>= 7)
        strbuf_add_char(out, (char)((bits & 0x7F) | 0x80));
    strbuf_add_char(out, (char)bits);
}

static void
put_text(struct strbuf *out, const char *text)
{
    put_long(out, (int64_t)strlen(text));
    strbuf_add_text(out, text);
}

static void
put_frame(struct strbuf *out, uint32_t id)
{
    strbuf_add_char(out, 0);
    strbuf_add_be32(out, id);
}

/* tests/schemas/17-gate-event.avsc */
static void
put_event(struct strbuf *out, int causes)
{
    double angle = 0.1;
    float share = 0.2F;
    put_long(out, 1772359092310);
    put_long(out, 2); /* ERROR */
    put_text(out, "gate 3 does not answer");
    put_long(out, 1);
    put_text(out, "lock-gates");
    strbuf_add(out, &angle, sizeof(angle));
    strbuf_add(out, &share, sizeof(share));
    strbuf_add_char(out, 1);
    put_long(out, -2); /* a block that tells its bytes */
    put_long(out, 5);
    put_text(out, "a");
    put_text(out, "b\"");
    put_long(out, 0);
    put_long(out, 1);
    put_text(out, "x");
    put_long(out, -5);
    put_long(out, 0);
    put_long(out, 2);
    strbuf_add(out, "\xFF\x01", 2);
    strbuf_add(out, "ABCD", 4);
    put_long(out, 2);
    strbuf_add(out, "\xFB\x2E", 2); /* -1234 */
    put_long(out, 20513);
    put_long(out, causes > 0);
    if (causes > 0)
        put_event(out, causes - 1);
}

#define EVENT                                                                                      \
    "{\"time\":1772359092310,\"level\":\"ERROR\",\"msg\":\"gate 3 does not answer\","              \
    "\"service\":\"lock-gates\",\"angle\":0.1,\"share\":0.2,\"open\":true,\"tags\":[\"a\","        \
    "\"b\\\"\"],\"counts\":{\"x\":-5},\"raw\":\"/wE=\",\"serial\":\"ABCD\",\"price\":-12.34,"      \
    "\"day\":\"2026-03-01\",\"cause\":"

static struct sv
json_of(struct arena *arena, uint32_t id, struct sv bytes, enum schema_result expected)
{
    struct sv json = SV_NONE;
    assert_non_null(schema_find(id));
    enum schema_result result = schema_read(schema_find(id), arena, bytes, &json);
    assert_int_equal(result, expected);
    return json;
}

static void
avro_becomes_json(void **state)
{
    (void)state;
    struct arena arena;
    struct strbuf bytes;
    arena_init(&arena, 0);
    strbuf_init(&bytes, 0);
    put_event(&bytes, 1);
    struct sv json = json_of(&arena, 17, strbuf_view(&bytes), SCHEMA_FINE);
    if (!sv_eq(json, SV(EVENT EVENT "null}}")))
        fail_msg(SV_FMT, SV_ARG(json));
    strbuf_clear(&bytes);
    put_text(&bytes, "a note");
    assert_true(sv_eq(json_of(&arena, 18, strbuf_view(&bytes), SCHEMA_FINE), SV("\"a note\"")));
    strbuf_release(&bytes);
    arena_release(&arena);
}

/* ---- Protocol Buffers ---- */

/* gate.proto: protoc --encode=quay.gates.GateEvent */
static const unsigned char message[] = {
    0x0a, 0x0c, 0x08, 0xb4, 0x9b, 0x90, 0xcd, 0x06, 0x10, 0x80, 0xf3, 0xe8, 0x93, 0x01, 0x10,
    0x02, 0x1a, 0x16, 0x67, 0x61, 0x74, 0x65, 0x20, 0x33, 0x20, 0x64, 0x6f, 0x65, 0x73, 0x20,
    0x6e, 0x6f, 0x74, 0x20, 0x61, 0x6e, 0x73, 0x77, 0x65, 0x72, 0x22, 0x0d, 0x01, 0xfe, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0xac, 0x02, 0x2a, 0x01, 0x61, 0x2a, 0x03,
    0x62, 0x22, 0x63, 0x32, 0x05, 0x0a, 0x01, 0x78, 0x10, 0x05, 0x32, 0x0e, 0x0a, 0x01, 0x79,
    0x10, 0xfa, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x3a, 0x13, 0x08, 0x03,
    0x12, 0x0f, 0x0a, 0x05, 0x6d, 0x6f, 0x74, 0x6f, 0x72, 0x12, 0x06, 0x0a, 0x04, 0x63, 0x6f,
    0x69, 0x6c, 0x42, 0x02, 0xff, 0x01, 0x49, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f,
    0x55, 0xcd, 0xcc, 0x4c, 0x3e, 0x58, 0x0d, 0x65, 0xff, 0xff, 0xff, 0xff, 0x68, 0x01, 0x72,
    0x07, 0x08, 0x5a, 0x10, 0xc0, 0x96, 0xb1, 0x02, 0x7a, 0x0c, 0x0a, 0x0a, 0x6c, 0x6f, 0x63,
    0x6b, 0x2d, 0x67, 0x61, 0x74, 0x65, 0x73, 0x82, 0x01, 0x26, 0x0a, 0x0e, 0x0a, 0x01, 0x6b,
    0x12, 0x09, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x3f, 0x0a, 0x14, 0x0a, 0x01,
    0x6c, 0x12, 0x0f, 0x32, 0x0d, 0x0a, 0x02, 0x08, 0x00, 0x0a, 0x02, 0x20, 0x01, 0x0a, 0x03,
    0x1a, 0x01, 0x73, 0x8a, 0x01, 0x07, 0x0a, 0x05, 0x66, 0x72, 0x61, 0x6d, 0x65, 0x90, 0x01,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x9a, 0x01, 0x02, 0x2a, 0x00};

static void
protobuf_becomes_json(void **state)
{
    (void)state;
    static const char expected[] =
        "{\"time\":\"2026-03-01T09:58:12.310Z\",\"level\":\"ERROR\",\"msg\":\"gate 3 does not "
        "answer\","
        "\"codes\":[1,-2,300],\"tags\":[\"a\",\"b\\\"c\"],\"counts\":{\"x\":5,\"y\":-6},"
        "\"parts\":{\"3\":{\"name\":\"motor\",\"parts\":[{\"name\":\"coil\"}]}},\"raw\":\"/wE=\","
        "\"angle\":0.1,\"share\":0.2,\"delta\":-7,\"mark\":4294967295,\"open\":true,"
        "\"took\":\"90.005000000s\",\"service\":\"lock-gates\","
        "\"extra\":{\"k\":1.5,\"l\":[null,true,\"s\"]},\"first\":{\"name\":\"frame\"},"
        "\"large\":18446744073709551615,\"any\":{}}";
    struct arena arena;
    struct strbuf bytes;
    arena_init(&arena, 0);
    strbuf_init(&bytes, 0);
    strbuf_add(&bytes, "\x02\x02", 2); /* one index, 1: the file's second message */
    strbuf_add(&bytes, message, sizeof(message));
    struct sv json = json_of(&arena, 21, strbuf_view(&bytes), SCHEMA_FINE);
    if (!sv_eq(json, sv_from(expected)))
        fail_msg(SV_FMT, SV_ARG(json));
    /* No index: the first message; two: one within another. What nobody knows is passed over. */
    json = json_of(&arena, 21, SV("\0\x0a\x02hi\x10\x05"), SCHEMA_FINE);
    assert_true(sv_eq(json, SV("{\"text\":\"hi\"}")));
    json = json_of(&arena, 21, SV("\x04\x02\0\x0a\x01n\x12\x03\x0a\x01m\x12\0"), SCHEMA_FINE);
    assert_true(sv_eq(json, SV("{\"name\":\"n\",\"parts\":[{\"name\":\"m\"},{}]}")));
    /* Indexes that lead nowhere. */
    static const char *const nowhere[] = {"\x02\x04", "\x04\x02\x0A", "\x01", "\xFF\xFF\xFF\x7F",
                                          "\x02\x01"};
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
        (void)json_of(&arena, 21, sv_from(nowhere[i]), SCHEMA_DAMAGED);
    strbuf_release(&bytes);
    arena_release(&arena);
}

/* ---- as records ---- */

static void
framed_values_are_events(void **state)
{
    (void)state;
    struct strbuf value;
    strbuf_init(&value, 0);
    put_frame(&value, 17);
    put_event(&value, 0);
    struct decoded decoded = decode_value(strbuf_view(&value));
    assert_int_equal(decoded.count, 1);
    assert_true(sv_eq(decoded.events[0].title, SV("gate 3 does not answer")));
    assert_true(sv_eq(decoded.events[0].service, SV("lock-gates")));
    assert_int_equal(decoded.events[0].severity, SEVERITY_ERROR);
    assert_int_equal(decoded.events[0].event_time_ns, INT64_C(1772359092310) * NS_PER_MS);

    strbuf_clear(&value);
    put_frame(&value, 21);
    strbuf_add(&value, "\x02\x02", 2);
    strbuf_add(&value, message, sizeof(message));
    decoded = decode_value(strbuf_view(&value));
    assert_int_equal(decoded.count, 1);
    assert_true(sv_eq(decoded.events[0].title, SV("gate 3 does not answer")));
    assert_int_equal(decoded.events[0].event_time_ns, INT64_C(1772359092310) * NS_PER_MS);

    /* A text is a line, and an id may have eight bytes. */
    strbuf_clear(&value);
    put_frame(&value, 0);
    strbuf_add_be32(&value, 18);
    put_text(&value, "a note");
    decoded = decode_value(strbuf_view(&value));
    assert_int_equal(decoded.count, 1);
    assert_true(sv_eq(decoded.events[0].body, SV("a note")));

    strbuf_clear(&value);
    put_frame(&value, 4711);
    strbuf_add_text(&value, "\x02\x04whatever");
    decoded = decode_value(strbuf_view(&value));
    assert_int_equal(decoded.result.reason, QUARANTINE_SCHEMA_REGISTRY);
    assert_true(
        sv_eq(decoded.result.detail, SV("needs schema 4711, which is not in ingest.schemas")));
    strbuf_release(&value);
}

static void
cut_or_changed_values_are_refused(void **state)
{
    (void)state;
    struct strbuf value;
    strbuf_init(&value, 0);
    for (int kind = 0; kind < 2; kind++) {
        strbuf_clear(&value);
        put_frame(&value, kind == 0 ? 17 : 21);
        if (kind == 0)
            put_event(&value, 2);
        else {
            strbuf_add(&value, "\x02\x02", 2);
            strbuf_add(&value, message, sizeof(message));
        }
        for (size_t cut = 5; cut < value.len; cut++) {
            /* An exact copy: reading past the end is seen by the sanitizers. */
            char *copy = malloc(cut);
            assert_non_null(copy);
            memcpy(copy, value.ptr, cut);
            struct decoded decoded = decode_value(sv_of(copy, cut));
            if (kind == 0)
                assert_int_equal(decoded.result.reason, QUARANTINE_SYNTAX);
            free(copy);
        }
        for (size_t at = 5; at < value.len; at++)
            for (unsigned bit = 0; bit < 8; bit++) {
                value.ptr[at] ^= (char)(1U << bit);
                (void)decode_value(strbuf_view(&value));
                value.ptr[at] ^= (char)(1U << bit);
            }
    }
    strbuf_clear(&value);
    put_frame(&value, 17);
    put_event(&value, 0);
    strbuf_add_char(&value, 7); /* more than the schema says */
    struct decoded decoded = decode_value(strbuf_view(&value));
    assert_int_equal(decoded.result.reason, QUARANTINE_SYNTAX);
    assert_true(sv_eq(decoded.result.detail, SV("is not what schema 17 says")));
    strbuf_release(&value);
}

static void
values_that_were_made_to_hurt(void **state)
{
    (void)state;
    struct strbuf value;
    strbuf_init(&value, 0);
    put_frame(&value, 19);
    put_long(&value, INT64_C(1) << 50); /* nulls, which take no bytes */
    put_long(&value, 0);
    assert_int_equal(decode_value(strbuf_view(&value)).result.reason, QUARANTINE_TOO_LARGE);
    strbuf_clear(&value);
    put_frame(&value, 19);
    put_long(&value, INT64_MIN);
    assert_int_equal(decode_value(strbuf_view(&value)).result.status, DECODE_BAD);
    strbuf_clear(&value);
    put_frame(&value, 20);
    for (int i = 0; i < 500000; i++)
        put_long(&value, 1);
    put_long(&value, 0);
    assert_int_equal(decode_value(strbuf_view(&value)).result.reason, QUARANTINE_TOO_DEEP);
    /* Messages within messages, each as long as what is left. */
    strbuf_clear(&value);
    put_frame(&value, 21);
    strbuf_add(&value, "\x04\x02\0", 3);
    struct strbuf inner, outer;
    strbuf_init(&inner, 0);
    for (int i = 0; i < 100; i++) {
        strbuf_init(&outer, 0);
        strbuf_add_char(&outer, 0x12);
        for (size_t left = inner.len; left > 0x7F || (strbuf_add_char(&outer, (char)left), 0);
             left >>= 7)
            strbuf_add_char(&outer, (char)((left & 0x7F) | 0x80));
        strbuf_add_sv(&outer, inner.len == 0 ? SV("") : strbuf_view(&inner));
        strbuf_release(&inner);
        inner = outer;
    }
    strbuf_add_sv(&value, strbuf_view(&inner));
    assert_int_equal(decode_value(strbuf_view(&value)).result.reason, QUARANTINE_TOO_DEEP);
    strbuf_release(&inner);
    strbuf_release(&value);
}

/* ---- the folder ---- */

static int
use_folder(const char *path, struct strbuf *problems, struct err *err)
{
    struct format_files files;
    format_files_init(&files);
    int status = format_files_read(&files, "", path, err);
    if (status == 0)
        status = formats_use(&files, problems, err);
    format_files_release(&files);
    return status;
}

static void
a_folder_with_a_fault_does_not_count(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *says;
    } files[] = {
        {"5.avsc", "{\"type\": \"record\"", "line 1"},
        {"5.avsc",
         "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"b\",\"type\":\"B\"}]}",
         "no type 'B'"},
        {"5.avsc", "[]", "a union without branches"},
        {"5.desc", "not a descriptor set", "not a descriptor set"},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char folder[64], path[100];
        struct strbuf problems;
        struct err err = {0};
        taken_make_folder(folder, sizeof(folder));
        snprintf(path, sizeof(path), "%s", folder);
        taken_put(folder, files[i].name, sv_from(files[i].text));
        strbuf_init(&problems, 0);
        assert_int_equal(use_folder(path, &problems, &err), -1);
        assert_int_equal(err.code, ERR_CONFIG);
        if (strstr(problems.ptr, files[i].says) == NULL)
            fail_msg("%s", problems.ptr);
        assert_null(schema_find(5));
        strbuf_release(&problems);
        assert_int_equal(taken_drop_folder(folder), 0);
    }
}

static int
set_up(void **state)
{
    struct strbuf problems;
    struct err err = {0};
    (void)state;
    strbuf_init(&problems, 0);
    int status = use_folder("tests/schemas", &problems, &err);
    if (status != 0)
        print_error("%s%s\n", problems.len > 0 ? problems.ptr : "", err.message);
    strbuf_release(&problems);
    return status;
}

static int
drop(void **state)
{
    (void)state;
    decoded_drop();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest before[] = {cmocka_unit_test(a_folder_with_a_fault_does_not_count)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(avro_becomes_json),
        cmocka_unit_test(protobuf_becomes_json),
        cmocka_unit_test(framed_values_are_events),
        cmocka_unit_test(cut_or_changed_values_are_refused),
        cmocka_unit_test(values_that_were_made_to_hurt),
    };
    int failed = cmocka_run_group_tests(before, NULL, NULL);
    return failed != 0 ? failed : cmocka_run_group_tests(tests, set_up, drop);
}
