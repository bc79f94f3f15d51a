/*
 * Frames around the bytes of a record: packed values with their limits, base64, holes of NUL bytes,
 * several JSON values in one record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/strbuf.h"
#include "ingest/parse/inflate.h"
#include "tests/lib/decodetake.h"

#define LINE "{\"time\":\"2026-03-01T09:00:00Z\",\"level\":\"error\",\"msg\":\"pump stopped\"}"

enum { ZLIB = 15, GZIP = 15 + 16 };

/* Freed by the caller. */
static struct strbuf
packed(struct sv bytes, int kind)
{
    struct strbuf out;
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)bytes.ptr,
                       .avail_in = (unsigned)bytes.len};
    strbuf_init(&out, 0);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, kind, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&stream, bytes.len);
    assert_true(strbuf_grow(&out, bound));
    stream.next_out = (unsigned char *)out.ptr;
    stream.avail_out = (unsigned)bound;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    strbuf_wrote(&out, bound - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

static void
is_the_line(struct decoded decoded, size_t count)
{
    assert_int_equal(decoded.result.status, DECODE_OK);
    assert_int_equal(decoded.count, count);
    assert_true(sv_eq(decoded.events[0].body, SV("pump stopped")));
    assert_int_equal(decoded.events[0].severity, SEVERITY_ERROR);
    assert_true(sv_eq(decoded.events[0].source_time_text, SV("2026-03-01T09:00:00Z")));
}

static void
was_bad(struct decoded decoded, enum quarantine_reason reason)
{
    assert_int_equal(decoded.result.status, DECODE_BAD);
    assert_int_equal(decoded.result.reason, reason);
}

static void
packed_values_are_unpacked(void **state)
{
    (void)state;
    static const int kinds[] = {GZIP, ZLIB};
    for (size_t i = 0; i < 2; i++) {
        struct strbuf once = packed(SV(LINE "\n" LINE), kinds[i]);
        is_the_line(decode_value(strbuf_view(&once)), 2);
        struct strbuf twice = packed(strbuf_view(&once), GZIP);
        is_the_line(decode_value(strbuf_view(&twice)), 2);
        for (int depth = 3; depth <= UNWRAP_DEPTH_MAX + 1; depth++) {
            struct strbuf more = packed(strbuf_view(&twice), GZIP);
            strbuf_release(&twice);
            twice = more;
        }
        was_bad(decode_value(strbuf_view(&twice)), QUARANTINE_TOO_DEEP);
        strbuf_release(&twice);
        /* Another member, as appended to a file. */
        struct strbuf members = packed(SV(LINE "\n"), kinds[i]);
        strbuf_add_sv(&members, strbuf_view(&once));
        is_the_line(decode_value(strbuf_view(&members)), 3);
        strbuf_release(&members);
        strbuf_release(&once);
    }
}

static void
cut_or_damaged_they_are_quarantined(void **state)
{
    (void)state;
    struct strbuf value = packed(SV(LINE), GZIP);
    for (size_t cut = 3; cut < value.len; cut++)
        was_bad(decode_value(sv_slice(strbuf_view(&value), 0, cut)), QUARANTINE_SYNTAX);
    value.ptr[value.len / 2] ^= 0x55;
    was_bad(decode_value(strbuf_view(&value)), QUARANTINE_SYNTAX);
    strbuf_release(&value);
    /* Text may begin as zlib does. */
    struct decoded decoded = decode_text("x^2 plus y^2 is the square of it");
    assert_int_equal(decoded.count, 1);
    assert_true(sv_eq(decoded.events[0].body, SV("x^2 plus y^2 is the square of it")));
}

static void
what_unpacks_to_too_much_is_not_unpacked(void **state)
{
    (void)state;
    char *zeros = calloc(1, RECORD_BYTES_MAX + 1);
    memset(zeros, ' ', RECORD_BYTES_MAX + 1);
    memcpy(zeros, LINE, sizeof(LINE) - 1);
    struct strbuf value = packed(sv_of(zeros, INFLATE_FREE_BYTES), GZIP);
    is_the_line(decode_value(strbuf_view(&value)), 1);
    strbuf_release(&value);
    value = packed(sv_of(zeros, RECORD_BYTES_MAX), GZIP);
    assert_true(value.len * INFLATE_RATIO_MAX < RECORD_BYTES_MAX);
    was_bad(decode_value(strbuf_view(&value)), QUARANTINE_TOO_LARGE);
    strbuf_release(&value);
    /* Packs badly, but is larger than any record. */
    for (size_t i = sizeof(LINE) - 1; i <= RECORD_BYTES_MAX; i++)
        zeros[i] = "\t\n\r "[(i * 2654435761U >> 13) % 4];
    value = packed(sv_of(zeros, RECORD_BYTES_MAX), GZIP);
    assert_true(value.len * INFLATE_RATIO_MAX > RECORD_BYTES_MAX);
    is_the_line(decode_value(strbuf_view(&value)), 1);
    strbuf_release(&value);
    value = packed(sv_of(zeros, RECORD_BYTES_MAX + 1), GZIP);
    was_bad(decode_value(strbuf_view(&value)), QUARANTINE_TOO_LARGE);
    strbuf_release(&value);
    free(zeros);
}

static void
base64_of_json_or_gzip(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "eyJtc2ciOiJwdW1wIHN0b3BwZWQiLCJsZXZlbCI6ImVycm9yIiwidGltZSI6IjIwMjYtMDMtMDFUMDk6MDA6MDBaIn"
        "0=",
        "W3sibXNnIjoicHVtcCBzdG9wcGVkIiwibGV2ZWwiOiJlcnJvciIsInRpbWUiOiIyMDI2LTAzLTAxVDA5OjAwOjAwWi"
        "J9"
        "XQ==\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        is_the_line(decode_text(texts[i]), 1);
    /* Begins alike and is something else: a line of text. */
    static const char *const lines[] = {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "H4sI am here",
                                        "eyJub3QganNvbg=="};
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct decoded decoded = decode_text(lines[i]);
        assert_int_equal(decoded.count, 1);
        assert_true(sv_eq(decoded.events[0].body, sv_from(lines[i])));
    }
}

static void
a_hole_is_no_frame(void **state)
{
    (void)state;
    is_the_line(decode_value(SV("\0\0\0\0\0\0\0\0" LINE)), 1);
    is_the_line(decode_value(SV("\0\0\0\0\7" LINE)), 1);
    was_bad(decode_value(SV("\0\0\0\0\0\0\0\0")), QUARANTINE_EMPTY_VALUE);
    was_bad(decode_value(SV("\0\0\0\0\7\2\4text")), QUARANTINE_SCHEMA_REGISTRY);
}

static void
values_one_after_the_other(void **state)
{
    (void)state;
    is_the_line(decode_text(LINE LINE LINE), 3);
    is_the_line(decode_text(LINE " , " LINE ",\n" LINE), 3);
    is_the_line(decode_text(LINE "\n{\n \"msg\": \"over\",\n \"level\": \"info\"\n}"), 2);
    /* One of them is damaged: it is kept in its place. */
    struct decoded decoded = decode_text(LINE "{\"msg\" 7}" LINE);
    is_the_line(decoded, 3);
    assert_true(sv_contains(decoded.events[1].attributes, SV("\"not_read\":\"syntax\"")));
    was_bad(decode_text("{\"msg\":\"cut"), QUARANTINE_SYNTAX);
    was_bad(decode_text("{\"msg\" 7}" LINE), QUARANTINE_SYNTAX);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_values_are_unpacked),
        cmocka_unit_test(cut_or_damaged_they_are_quarantined),
        cmocka_unit_test(what_unpacks_to_too_much_is_not_unpacked),
        cmocka_unit_test(base64_of_json_or_gzip),
        cmocka_unit_test(a_hole_is_no_frame),
        cmocka_unit_test(values_one_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
