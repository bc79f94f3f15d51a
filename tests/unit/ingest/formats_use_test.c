/*
 * Files that people add are put to use in place of others, as often as others are applied: what is
 * decoded afterwards is what a process would make of it that never knew the ones before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/decoder.h"
#include "hindcast/format_files.h"

#define JSON "{\"lamp\":\"L-9\",\"n\":7,\"colour\":\"red\"}"
#define LINE "tide 31 at the quay"
#define MAP(when, title)                                                                           \
    "[lamp]\nbid = 90\nwhen = " when "\nkind = log\nnamespace = lamp\ntitle = \"" title "\"\n"
#define LINES "[tide]\nbid = 90\nfirst = t\nline = tide (?<height>\\d+) (?<message>.*)\n"

static int
use(const char *map, const char *lines, struct strbuf *problems, struct err *err)
{
    struct format_files files;
    format_files_init(&files);
    if (map != NULL)
        assert_int_equal(format_files_add(&files, "lamp.map", "lamp.map", sv_from(map), err), 0);
    if (lines != NULL)
        assert_int_equal(format_files_add(&files, "tide.lines", "tide.lines", sv_from(lines), err),
                         0);
    int status = formats_use(&files, problems, err);
    format_files_release(&files);
    return status;
}

static void
need(const char *map, const char *lines)
{
    struct strbuf problems;
    struct err err = {0};
    strbuf_init(&problems, 0);
    if (use(map, lines, &problems, &err) != 0)
        fail_msg("%s: %s", err.message, problems.ptr);
    strbuf_release(&problems);
}

static void
assert_read(const char *value, const char *format, const char *title)
{
    const struct record record = {
        .topic = SV("t"), .kafka_time_ns = TIME_NONE, .value = sv_from(value)};
    const struct decode_options options = {0};
    struct arena arena;
    arena_init(&arena, 0);
    struct event_sink sink = {.arena = &arena, .max = 10};
    struct decode_result result = decode_record(&record, &options, &sink);
    assert_int_equal(result.status, DECODE_OK);
    assert_int_equal(sink.count, 1);
    if (!sv_eq(sink.events[0].format, sv_from(format)))
        fail_msg("%s: " SV_FMT ", not %s", value, SV_ARG(sink.events[0].format), format);
    if (title != NULL)
        assert_true(sv_eq(sink.events[0].title, sv_from(title)));
    arena_release(&arena);
}

static void
others_take_their_place(void **state)
{
    struct sha256 none, first, used;
    (void)state;
    need(NULL, NULL);
    formats_used(&none);
    size_t count = decoder_count();
    assert_read(JSON, "json", NULL);
    assert_read(LINE, "text", NULL);
    for (int round = 0; round < 3; round++) {
        need(MAP("lamp, n", "lamp {n}"), NULL);
        formats_used(&first);
        assert_memory_not_equal(first.bytes, none.bytes, sizeof(none.bytes));
        assert_int_equal(decoder_count(), count + 1);
        assert_read(JSON, "lamp", "lamp 7");
        assert_read(LINE, "text", NULL);
        need(MAP("lamp, colour", "a {colour} lamp"), LINES);
        assert_int_equal(decoder_count(), count + 2);
        assert_read(JSON, "lamp", "a red lamp");
        assert_read(LINE, "tide", NULL);
        need(NULL, NULL);
        assert_int_equal(decoder_count(), count);
        assert_read(JSON, "json", NULL);
        assert_read(LINE, "text", NULL);
        formats_used(&used);
        assert_memory_equal(used.bytes, none.bytes, sizeof(none.bytes));
    }
}

static void
with_an_error_none_is_used(void **state)
{
    struct strbuf problems;
    struct err err = {0};
    struct sha256 none, used;
    (void)state;
    need(NULL, NULL);
    formats_used(&none);
    need(MAP("lamp, n", "lamp {n}"), LINES);
    strbuf_init(&problems, 0);
    assert_int_equal(use(MAP("lamp, n", "lamp {n}"), "[tide]\nbid = 0\n", &problems, &err), -1);
    assert_int_equal(err.code, ERR_CONFIG);
    assert_non_null(strstr(problems.ptr, "tide.lines:2: a bid is 1 to 99: 0\n"));
    assert_read(JSON, "json", NULL);
    assert_read(LINE, "text", NULL);
    formats_used(&used);
    assert_memory_equal(used.bytes, none.bytes, sizeof(none.bytes));
    strbuf_release(&problems);
}

static void
a_name_tells_what_a_file_is(void **state)
{
    static const struct {
        const char *name;
        enum format_file_kind kind;
    } names[] = {{"a.map", FORMAT_FILE_MAP},           {"a b.map", FORMAT_FILE_MAP},
                 {"a.lines", FORMAT_FILE_LINES},       {"17.avsc", FORMAT_FILE_SCHEMA},
                 {"17-a.avsc", FORMAT_FILE_SCHEMA},    {"18.desc", FORMAT_FILE_SCHEMA},
                 {"18.protoset", FORMAT_FILE_SCHEMA},  {".map", FORMAT_FILE_NONE},
                 {".a.map", FORMAT_FILE_NONE},         {".lines", FORMAT_FILE_NONE},
                 {"a.avsc", FORMAT_FILE_NONE},         {"a/b.map", FORMAT_FILE_NONE},
                 {"a\nb.map", FORMAT_FILE_NONE},       {"a\xff.map", FORMAT_FILE_NONE},
                 {"a.map~", FORMAT_FILE_NONE},         {"", FORMAT_FILE_NONE},
                 {"4294967296.avsc", FORMAT_FILE_NONE}};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (format_file_kind(names[i].name) != names[i].kind)
            fail_msg("%s", names[i].name);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_take_their_place),
        cmocka_unit_test(with_an_error_none_is_used),
        cmocka_unit_test(a_name_tells_what_a_file_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
