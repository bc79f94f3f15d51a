/*
 * What a record of a file carries: where it lies, and for a line without a time that of the line
 * before it; the same bytes whether a load was interrupted or not.
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
#include <unistd.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/file.h"

#define ROWS_MAX 64

struct row {
    char text[512];  /* value, then each header */
    char value[200]; /* alone */
    char inherited[40], file[80], line[16], framing[16];
    enum time_source source;
    int64_t event_ns;
    int64_t place;
};

struct seen {
    struct row rows[ROWS_MAX];
    size_t count;
};

static struct decode_options options;

static void
copy_header(const struct file_record *record, const char *name, char *out, size_t size)
{
    for (size_t i = 0; i < record->header_count; i++)
        if (sv_eq(record->headers[i].name, sv_from(name)))
            snprintf(out, size, SV_FMT, SV_ARG(record->headers[i].value));
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct seen *seen = opaque;
    (void)err;
    assert_true(seen->count < ROWS_MAX);
    struct row *row = &seen->rows[seen->count++];
    struct strbuf all;
    strbuf_init(&all, 0);
    strbuf_add_sv(&all, record->value);
    for (size_t i = 0; i < record->header_count; i++)
        strbuf_addf(&all, "|" SV_FMT "=" SV_FMT, SV_ARG(record->headers[i].name),
                    SV_ARG(record->headers[i].value));
    snprintf(row->text, sizeof(row->text), SV_FMT, SV_ARG(strbuf_view(&all)));
    strbuf_release(&all);
    snprintf(row->value, sizeof(row->value), SV_FMT, SV_ARG(record->value));
    copy_header(record, HEADER_INHERITED, row->inherited, sizeof(row->inherited));
    copy_header(record, HEADER_FILE, row->file, sizeof(row->file));
    copy_header(record, HEADER_LINE, row->line, sizeof(row->line));
    copy_header(record, HEADER_FRAMING, row->framing, sizeof(row->framing));
    row->place = record->place;
    if (record->event_count > 0) {
        row->source = record->events[0].time_source;
        row->event_ns = record->events[0].event_time_ns;
    }
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    (void)opaque;
    fail_msg("%s:%lld: %s", name, (long long)line, reason);
}

static void
take(const char *name, const char *text, int64_t skip, const struct decode_options *decode,
     struct seen *ret_seen)
{
    char folder[] = "/tmp/hindcast-stamp.XXXXXX", path[128];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    struct file_set set;
    struct err err = {0};
    struct file_sink sink = {
        .opaque = ret_seen, .decode = decode, .record = on_record, .skip = on_skip};
    *ret_seen = (struct seen){0};
    file_set_init(&set);
    assert_int_equal(file_set_add(&set, path, &sink, &err), 0);
    assert_int_equal(set.count, 1);
    set.files[0].mtime_ns = 1780000000 * NS_PER_S;
    assert_int_equal(file_read(&set.files[0], skip, &sink, &err), 0);
    file_set_release(&set);
    unlink(path);
    rmdir(folder);
}

#define LOG                                                                                        \
    "before any time\n"                                                                            \
    "2026-03-01T10:00:00Z INFO first\n"                                                            \
    "\n"                                                                                           \
    "no time here\n"                                                                               \
    "nor here\n"                                                                                   \
    "2026-03-01T10:00:05.250Z WARN second\n"                                                       \
    "last without\n"

static void
test_where_it_lies(void **state)
{
    (void)state;
    static struct seen seen;
    static const char *const lines[] = {"1", "2", "4", "5", "6", "7"};
    take("api.log", LOG, 0, &options, &seen);
    assert_int_equal(seen.count, 6);
    for (size_t i = 0; i < seen.count; i++) {
        assert_string_equal(seen.rows[i].file, "api.log");
        assert_string_equal(seen.rows[i].line, lines[i]);
        assert_string_equal(seen.rows[i].framing, FILE_FRAMING);
    }
}

static void
test_lines_of_values(void **state)
{
    (void)state;
    static struct seen seen;
    static const char *const lines[] = {"2", "2", "4"};
    take("page.json", "[\n {\"a\": 1}, {\"b\": 2},\n\n {\"c\":\n3}]\n", 0, &options, &seen);
    assert_int_equal(seen.count, 3);
    for (size_t i = 0; i < seen.count; i++)
        assert_string_equal(seen.rows[i].line, lines[i]);
}

static void
test_time_of_the_line_before(void **state)
{
    (void)state;
    static struct seen seen;
    static const struct {
        const char *inherited;
        enum time_source source;
        int64_t ms;
    } expected[] = {
        {"2026-03-01T10:00:00Z", TIME_SOURCE_INHERITED, 0},
        {"2026-03-01T10:00:00Z", TIME_SOURCE_INHERITED, 0},
        {"", TIME_SOURCE_NATIVE, 5250},
        {"2026-03-01T10:00:05.250Z", TIME_SOURCE_INHERITED, 5250},
    };
    take("api.log", LOG, 0, &options, &seen);
    assert_string_equal(seen.rows[0].inherited, "");
    assert_int_not_equal(seen.rows[0].source, TIME_SOURCE_INHERITED);
    assert_string_equal(seen.rows[1].inherited, "");
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        const struct row *row = &seen.rows[i + 2];
        assert_string_equal(row->inherited, expected[i].inherited);
        assert_int_equal(row->source, expected[i].source);
        assert_int_equal(row->event_ns, 1772359200 * NS_PER_S + expected[i].ms * NS_PER_MS);
    }
}

/* However many lines without a time stand before it, a line that has one carries no other. */
static void
test_lines_with_a_time_behind_lines_without(void **state)
{
    (void)state;
    static struct seen seen;
    for (size_t before = 0; before < 6; before++) {
        struct strbuf text;
        strbuf_init(&text, 0);
        strbuf_add_text(&text, "2026-03-01T10:00:00Z INFO first\n");
        for (size_t i = 0; i < before; i++)
            strbuf_add_text(&text, "INFO no time here\n");
        strbuf_add_text(&text, "2026-03-01T10:00:05Z WARN second\nERROR nor here\n");
        take("api.log", text.ptr, 0, &options, &seen);
        strbuf_release(&text);
        assert_int_equal(seen.count, before + 3);
        for (size_t i = 1; i <= before; i++)
            assert_string_equal(seen.rows[i].inherited, "2026-03-01T10:00:00Z");
        assert_string_equal(seen.rows[before + 1].inherited, "");
        assert_int_equal(seen.rows[before + 1].source, TIME_SOURCE_NATIVE);
        assert_string_equal(seen.rows[before + 2].inherited, "2026-03-01T10:00:05Z");
        assert_int_equal(seen.rows[before + 2].source, TIME_SOURCE_INHERITED);
    }
}

/* A neighbour says nothing of when an alert fired. */
static void
test_only_lines_inherit(void **state)
{
    (void)state;
    static struct seen seen;
    take("all.jsonl",
         "{\"time\":\"2026-03-01T10:00:00Z\",\"kind\":\"log\",\"text\":\"x\"}\n"
         "{\"labels\":{\"alertname\":\"Down\"},\"annotations\":{},\"status\":\"firing\","
         "\"fingerprint\":\"f\",\"generatorURL\":\"http://p.example/\"}\n"
         "{\"level\":\"error\",\"msg\":\"no time\"}\n",
         0, &options, &seen);
    assert_int_equal(seen.count, 3);
    assert_string_equal(seen.rows[1].inherited, "");
    assert_string_equal(seen.rows[2].inherited, "2026-03-01T10:00:00Z");
}

/* What was delivered before is not handed out, but counts for what follows. */
static void
test_going_on_gives_the_same_bytes(void **state)
{
    (void)state;
    static struct seen whole, rest;
    take("api.log", LOG, 0, &options, &whole);
    for (size_t skip = 1; skip <= whole.count; skip++) {
        take("api.log", LOG, (int64_t)skip, &options, &rest);
        assert_int_equal(rest.count, whole.count - skip);
        for (size_t i = 0; i < rest.count; i++) {
            assert_string_equal(rest.rows[i].text, whole.rows[i + skip].text);
            assert_int_equal(rest.rows[i].place, whole.rows[i + skip].place);
        }
    }
}

/* Without options nothing is decoded, and records are what they are. */
static void
test_without_decoding(void **state)
{
    (void)state;
    static struct seen seen;
    take("api.log", LOG, 0, NULL, &seen);
    assert_int_equal(seen.count, 6);
    for (size_t i = 0; i < seen.count; i++) {
        assert_string_equal(seen.rows[i].inherited, "");
        assert_int_equal(seen.rows[i].source, TIME_SOURCE_NONE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_it_lies),
        cmocka_unit_test(test_lines_of_values),
        cmocka_unit_test(test_time_of_the_line_before),
        cmocka_unit_test(test_lines_with_a_time_behind_lines_without),
        cmocka_unit_test(test_only_lines_inherit),
        cmocka_unit_test(test_going_on_gives_the_same_bytes),
        cmocka_unit_test(test_without_decoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
