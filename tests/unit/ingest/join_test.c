/*
 * Lines of files that are one record, and lines that are not: each case is a file, with "|" at the
 * start of every line that begins a record.
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

#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/file.h"

#define MANY 4000

struct got {
    struct strbuf text;  /* records, each behind a "|" */
    struct strbuf bytes; /* all that each is shipped with */
    size_t count, most_bytes, stop_at;
    int64_t lines[MANY];
    char title[400]; /* of the last event, and what it has */
    int severity;
    bool continuation;
    enum time_source source;
};

static struct decode_options options;

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct got *got = opaque;
    (void)err;
    assert_true(got->count < MANY);
    if (got->stop_at > 0 && got->count == got->stop_at)
        return 7;
    got->lines[got->count++] = record->line;
    strbuf_addf(&got->text, "|" SV_FMT "\n", SV_ARG(record->value));
    strbuf_addf(&got->bytes, "%lld " SV_FMT, (long long)record->place, SV_ARG(record->value));
    for (size_t i = 0; i < record->header_count; i++)
        strbuf_addf(&got->bytes, "|" SV_FMT "=" SV_FMT, SV_ARG(record->headers[i].name),
                    SV_ARG(record->headers[i].value));
    strbuf_add_char(&got->bytes, '\n');
    got->most_bytes = record->value.len > got->most_bytes ? record->value.len : got->most_bytes;
    if (record->event_count > 0) {
        const struct event *event = &record->events[record->event_count - 1];
        snprintf(got->title, sizeof(got->title), SV_FMT, SV_ARG(event->title));
        got->severity = event->severity;
        got->source = event->time_source;
        got->continuation = sv_contains(event->attributes, SV("\"continuation\":true"));
    }
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    (void)opaque;
    fail_msg("%s:%lld: %s", name, (long long)line, reason);
}

static int
take_until(struct sv text, int64_t skip, size_t stop_at, struct got *ret_got)
{
    char folder[] = "/tmp/hindcast-join.XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a.log", folder);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text.ptr, 1, text.len, out), text.len);
    fclose(out);
    struct file_set set;
    struct err err = {0};
    struct file_sink sink = {
        .opaque = ret_got, .decode = &options, .record = on_record, .skip = on_skip};
    *ret_got = (struct got){.stop_at = stop_at};
    strbuf_init(&ret_got->text, 0);
    strbuf_init(&ret_got->bytes, 0);
    file_set_init(&set);
    assert_int_equal(file_set_add(&set, path, &sink, &err), 0);
    set.files[0].mtime_ns = 1780000000 * NS_PER_S;
    int status = file_read(&set.files[0], skip, &sink, &err);
    file_set_release(&set);
    unlink(path);
    rmdir(folder);
    return status;
}

static void
take(struct sv text, int64_t skip, struct got *ret_got)
{
    assert_int_equal(take_until(text, skip, 0, ret_got), 0);
}

static void
drop(struct got *got)
{
    strbuf_release(&got->text);
    strbuf_release(&got->bytes);
}

/* `marked`: the lines of the file; a "|" before those that begin a record is no part of them. */
static void
check(const char *about, const char *marked)
{
    static struct got got;
    struct strbuf file, expected;
    strbuf_init(&file, 0);
    strbuf_init(&expected, 0);
    struct sv rest = sv_from(marked), line;
    for (bool first = true; sv_split(&rest, '\n', &line) && (rest.ptr != NULL || line.len > 0);
         first = false) {
        bool begins = line.len > 0 && line.ptr[0] == '|';
        struct sv plain = begins ? sv_slice(line, 1, line.len) : line;
        strbuf_addf(&file, SV_FMT "\n", SV_ARG(plain));
        strbuf_addf(&expected, "%s" SV_FMT, begins ? (first ? "|" : "\n|") : "\n", SV_ARG(plain));
    }
    strbuf_add_char(&expected, '\n');
    take(strbuf_view(&file), 0, &got);
    if (strcmp(got.text.ptr, expected.ptr) != 0)
        fail_msg("%s: got\n%swanted\n%s", about, got.text.ptr, expected.ptr);
    drop(&got);
    strbuf_release(&file);
    strbuf_release(&expected);
}

#define T1 "2026-03-01 10:00:01,000 "
#define T2 "2026-03-01 10:00:02,000 "
#define T3 "2026-03-01 10:00:03,000 "

static void
test_java(void **state)
{
    (void)state;
    check("a trace behind a line", "|" T1 "INFO  [main] harbour.Berth - open\n"
                                   "|" T2 "ERROR [main] harbour.Berth - no berth\n"
                                   "java.lang.IllegalStateException: full\n"
                                   "\tat harbour.Berth.take(Berth.java:41)\n"
                                   "Caused by: java.io.IOException: gone\n"
                                   "\t... 14 more\n"
                                   "|" T3 "WARN  [main] harbour.Berth - again\n");
    check("without a time, twice",
          "|Exception in thread \"main\" java.lang.Error: x\n\tat a.B.c(B.java:1)\n"
          "|Exception in thread \"main\" java.lang.Error: x\n\tat a.B.c(B.java:1)\n");
    check("its own end, behind a line of another kind",
          "|" T1 "INFO tide is rising\n"
          "|Exception in thread \"main\" java.lang.Error: x\n\tat a.B.c(B.java:1)\n"
          "|" T2 "INFO tide is falling\n");
    check("frames that lost their head",
          "|\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)\n|" T1 "INFO tide\n");
}

static void
test_python(void **state)
{
    (void)state;
    check("a chain", "|" T1 "ERROR in app: no berth\n"
                     "Traceback (most recent call last):\n"
                     "  File \"/srv/berth.py\", line 18, in take\n"
                     "    moor(ship)\n"
                     "KeyError: 'tide'\n"
                     "\n"
                     "During handling of the above exception, another exception occurred:\n"
                     "\n"
                     "Traceback (most recent call last):\n"
                     "  File \"/srv/berth.py\", line 21, in take\n"
                     "    raise Full(\"no berth\")\n"
                     "harbour.Full: no berth\n"
                     "|" T2 "INFO in app: next\n");
    check("two, without a break",
          "|Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nOSError\n"
          "|Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nOSError\n");
    check("cut: the next line begins a record",
          "|Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n"
          "|" T1 "INFO in app: next\n");
    check("the end of a process",
          "|" T1 "INFO in app: fine\n"
          "|Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nOSError: x\n");
}

static void
test_other_languages(void **state)
{
    (void)state;
    check("Go",
          "|panic: no berth\n\ngoroutine 1 [running]:\nmain.take(0x1, 0x2)\n"
          "\t/srv/berth.go:12 +0x1b\ncreated by main.main\n\t/srv/main.go:3 +0x2\nexit status 2\n"
          "|" T1 "INFO tide\n");
    check("Node", "|/srv/berth.js:12\n    throw new Error('full')\n    ^\n\nError: full\n"
                  "    at take (/srv/berth.js:12:9)\n\nNode.js v20.1.0\n|" T1 "INFO tide\n");
    check("Node, an object behind the frames",
          "|Error: full\n    at take (/srv/berth.js:12:9) {\n  code: 'E_FULL'\n}\n");
    check(".NET", "|" T1 "ERROR Harbour.Berth failed\n"
                  "System.InvalidOperationException: full\n"
                  " ---> System.TimeoutException: 5 s\n"
                  "   at Harbour.Berth.Take() in /src/Berth.cs:line 3\n"
                  "   --- End of inner exception stack trace ---\n"
                  "|" T2 "INFO next\n");
    check("Ruby",
          "|/srv/berth.rb:3:in `take': full (RuntimeError)\n\tfrom /srv/berth.rb:9:in `<main>'\n");
    check("PHP", "|" T1 "ERROR boom\nStack trace:\n#0 /srv/berth.php(12): take()\n#1 {main}\n"
                 "|" T2 "INFO next\n");
    check("Rust", "|thread 'main' panicked at src/berth.rs:4:5:\nno berth\n"
                  "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
                  "|" T1 "INFO next\n");
}

static void
test_databases(void **state)
{
    (void)state;
    check("PostgreSQL",
          "|2026-03-01 10:00:01.204 UTC [31] ERROR:  relation \"berth\" does not exist\n"
          "2026-03-01 10:00:01.204 UTC [31] STATEMENT:  select *\n"
          "\t  from berth\n"
          "|2026-03-01 10:00:01.204 UTC [32] ERROR:  deadlock detected\n"
          "2026-03-01 10:00:01.204 UTC [32] DETAIL:  two ships\n"
          "2026-03-01 10:00:01.204 UTC [32] HINT:  see the harbour master\n"
          "|2026-03-01 10:00:01.204 UTC [31] STATEMENT:  of another process than before\n"
          "|2026-03-01 10:00:02.000 UTC [31] LOG:  checkpoint starting: time\n");
    check("PostgreSQL numbers lines",
          "|2026-03-01 10:00:01 UTC [31]: [3-1] user=a,db=b LOG:  one\n"
          "2026-03-01 10:00:01 UTC [31]: [3-2] user=a,db=b DETAIL:  two\n"
          "|2026-03-01 10:00:01 UTC [31]: [4-1] user=a,db=b LOG:  three\n");
    check("chunks of syslog",
          "|Mar  1 10:00:01 db1 postgres[31]: [7-1] LOG:  duration: 14 ms  statement: select\n"
          "Mar  1 10:00:01 db1 postgres[31]: [7-2] #011 name\n"
          "Mar  1 10:00:02 db1 postgres[31]: [7-3] #011from ship\n"
          "|Mar  1 10:00:02 db1 postgres[31]: [8-1] LOG:  disconnection\n"
          "|Mar  1 10:00:02 db1 postgres[32]: [8-2] LOG:  of another process\n");
    check("MySQL's slow log",
          "|/usr/sbin/mysqld, Version: 8.0.36 (MySQL Community Server - GPL). started with:\n"
          "|Tcp port: 3306  Unix socket: /run/mysqld.sock\n"
          "|Time                 Id Command    Argument\n"
          "|# Time: 2026-03-01T10:00:01.204410Z\n"
          "# User@Host: app[app] @ db1 [10.0.0.7]  Id: 5512\n"
          "# Query_time: 15.2  Lock_time: 0.0 Rows_sent: 4  Rows_examined: 7\n"
          "SET timestamp=1772359201;\n"
          "SELECT name\n"
          " FROM ship;\n"
          "|# User@Host: app[app] @ db1 [10.0.0.7]  Id: 5513\n"
          "# Query_time: 3.1  Lock_time: 0.0 Rows_sent: 1  Rows_examined: 5\n"
          "SELECT 1;\n"
          "|# Time: 2026-03-01T10:00:09.000000Z\n"
          "# User@Host: app[app] @ db1 [10.0.0.7]  Id: 5512\n"
          "SELECT 2;\n");
}

static void
test_lines_without_a_time(void **state)
{
    (void)state;
    check("in a file whose lines begin with one",
          "|" T1 "INFO manifest of the ship:\nropes, tar\nand sails\n|" T2 "INFO end\n"
          "|" T3 "INFO end\n|" T3 "INFO end\n");
    check("in a file whose lines do not", "|" T1 "INFO manifest\n|ropes\n|tar\n|sails\n");
    check("with a level of their own",
          "|" T1 "INFO one\n|ERROR two\n|" T2 "INFO three\n|" T3 "INFO four\n");
    check("JSON is a record of its own, and nothing joins it",
          "|" T1 "INFO one\n|{\"level\":\"error\",\"msg\":\"two\"}\n|\tat a.B.c(B.java:1)\n"
          "|" T2 "INFO three\n|" T3 "INFO four\n");
    check("indented", "|" T1 "INFO ship\n  name: Ada\n\tberth: 4\n|" T2 "INFO next\n");
    check("items of a list are no text that goes on", "|tides today:\n| * high\n| * low\n");
    check("a document", "|" T1 "INFO answer:\n<ship>\n  <name/>\n</ship>\n|" T2 "INFO next\n");
    check("formats whose entries are one line",
          "|I0301 10:00:01.000000       1 berth.go:3] one\n|avc denied\n"
          "|I0301 10:00:02.000000       1 berth.go:3] two\n"
          "|I0301 10:00:02.000000       1 berth.go:3] three\n");
}

static void
test_lines_within_lines(void **state)
{
    (void)state;
    check("pieces of a line, by the stream",
          "|2026-03-01T10:00:01.000000001Z stdout P one \n"
          "2026-03-01T10:00:01.000000002Z stdout P two \n"
          "2026-03-01T10:00:01.000000003Z stdout F three\n"
          "|2026-03-01T10:00:02.000000001Z stderr P never ended\n"
          "|2026-03-01T10:00:03.000000001Z stdout F four\n");
    check("a trace on one stream",
          "|2026-03-01T10:00:01.000000001Z stderr F java.lang.Error: full\n"
          "2026-03-01T10:00:01.000000002Z stderr F \tat a.B.c(B.java:1)\n"
          "|2026-03-01T10:00:01.000000003Z stdout F \tat another stream\n");
    check("Docker",
          "|{\"log\":\"one \",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:00:01Z\"}\n"
          "{\"log\":\"two\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:00:01Z\"}\n"
          "|{\"log\":\"three\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:00:01Z\"}\n");
    check("compose", "|web-1  | 2026-03-01T10:00:01Z ERROR boom\n"
                     "web-1  | java.lang.Error: full\n"
                     "web-1  | \tat a.B.c(B.java:1)\n"
                     "|db-1   | \tat a.B.c(B.java:1)\n"
                     "|web-1  | 2026-03-01T10:00:02Z INFO next\n");
}

/* What stands before each line again is no part of what the program wrote. */
static void
test_text_of_joined_lines(void **state)
{
    (void)state;
    static const struct {
        const char *file, *title;
    } cases[] = {
        {"web-1  | 2026-03-01T10:00:01Z ERROR boom\nweb-1  | java.lang.Error: full\n"
         "web-1  | \tat a.B.c(B.java:1)\n",
         "boom: java.lang.Error: full"},
        {"{\"log\":\"ERROR ship \",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:00:01Z\"}\n"
         "{\"log\":\"\\\"Ada\\\" is lost\\n\",\"stream\":\"stdout\",\"time\":"
         "\"2026-03-01T10:00:01Z\"}\n",
         "ship \"Ada\" is lost"},
        {"2026-03-01T10:00:01.000000001Z stderr F java.lang.Error: full\n"
         "2026-03-01T10:00:01.000000002Z stderr F \tat a.B.c(B.java:1)\n",
         "java.lang.Error: full"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct got got;
        take(sv_from(cases[i].file), 0, &got);
        assert_int_equal(got.count, 1);
        assert_string_equal(got.title, cases[i].title);
        assert_int_equal(got.severity, SEVERITY_ERROR);
        drop(&got);
    }
}

static void
test_what_is_held_is_bounded(void **state)
{
    (void)state;
    struct strbuf file;
    struct got got;
    strbuf_init(&file, 0);
    strbuf_add_text(&file, T1 "ERROR boom\n");
    for (int i = 0; i < 2 * FILE_JOIN_LINES_MAX; i++)
        strbuf_addf(&file, "\tat a.B.c(B.java:%d)\n", i);
    take(strbuf_view(&file), 0, &got);
    assert_int_equal(got.count, 3);
    assert_int_equal(got.lines[1], FILE_JOIN_LINES_MAX + 1);
    assert_true(got.continuation); /* says that it goes on */
    assert_int_equal(got.source, TIME_SOURCE_INHERITED);
    drop(&got);

    strbuf_clear(&file);
    strbuf_add_text(&file, T1 "ERROR boom\n");
    for (int i = 0; i < 40; i++) {
        strbuf_add_char(&file, '\t');
        for (int j = 0; j < 4096; j++)
            strbuf_add_text(&file, "ropes and tar, ");
        strbuf_add_char(&file, '\n');
    }
    take(strbuf_view(&file), 0, &got);
    assert_true(got.count > 1 && got.count < 10);
    assert_true(got.most_bytes <= FILE_JOIN_BYTES_MAX);
    drop(&got);
    strbuf_release(&file);
}

/* What the sink says ends the reading, also in the middle of what is held. */
static void
test_the_sink_ends_it(void **state)
{
    (void)state;
    struct got got;
    assert_int_equal(
        take_until(SV(T1 "INFO one\n" T2 "INFO two\n\tmore\n" T3 "INFO three\n"), 0, 1, &got), 7);
    assert_int_equal(got.count, 1);
    drop(&got);
}

/* All lines are in the records, whatever was joined; and going on gives the same bytes. */
static void
test_nothing_is_lost(void **state)
{
    (void)state;
    static const char *const parts[] = {
        T1 "INFO one\n",
        "\tat a.B.c(B.java:1)\n",
        "java.lang.Error: x\n",
        "Traceback (most recent call last):\n",
        "  File \"a.py\", line 1, in f\n",
        "OSError: x\n",
        "panic: x\n",
        "goroutine 1 [running]:\n",
        "plain\n",
        "{\"msg\":\"json\"}\n",
        "# Time: 2026-03-01T10:00:01.204410Z\n",
        "# User@Host: app[app] @ db1\n",
        "2026-03-01T10:00:01.000000001Z stdout P one\n",
        "{\"log\":\"one \",\"stream\":\"stdout\",\"time\":\"2026-03-01T10:00:01Z\"}\n",
        "web-1  | text\n",
        "Mar  1 10:00:01 db1 postgres[31]: [7-1] LOG:  x\n",
        "Mar  1 10:00:01 db1 postgres[31]: [7-2] y\n",
        T2 "ERROR two\n",
        "10:15:00 ERROR time of day\n",
    };
    const size_t kinds = sizeof(parts) / sizeof(parts[0]);
    uint64_t seed = 20260301;
    for (int round = 0; round < 200; round++) {
        struct strbuf file;
        struct got whole, rest;
        size_t lines = 0, got_lines = 0;
        strbuf_init(&file, 0);
        for (int i = 0; i < 30; i++, lines++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            strbuf_add_text(&file, parts[(seed >> 33) % kinds]);
        }
        take(strbuf_view(&file), 0, &whole);
        for (size_t i = 0; i < whole.text.len; i++)
            got_lines += whole.text.ptr[i] == '\n';
        assert_int_equal(got_lines, lines);
        size_t skip = (seed >> 40) % whole.count;
        take(strbuf_view(&file), (int64_t)skip, &rest);
        assert_int_equal(rest.count, whole.count - skip);
        assert_string_equal(rest.bytes.ptr, whole.bytes.ptr + whole.bytes.len - rest.bytes.len);
        drop(&whole);
        drop(&rest);
        strbuf_release(&file);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_java),
        cmocka_unit_test(test_python),
        cmocka_unit_test(test_other_languages),
        cmocka_unit_test(test_databases),
        cmocka_unit_test(test_lines_without_a_time),
        cmocka_unit_test(test_lines_within_lines),
        cmocka_unit_test(test_text_of_joined_lines),
        cmocka_unit_test(test_what_is_held_is_bounded),
        cmocka_unit_test(test_the_sink_ends_it),
        cmocka_unit_test(test_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
