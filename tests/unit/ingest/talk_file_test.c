/*
 * Talk in files: one record a message, and what a record read alone says is what the whole text
 * says. Days come from a divider, from the name of the file, from a person; never from the time of
 * the file alone.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "ingest/source/file/dates.h"
#include "ingest/source/file/file.h"
#include "tests/lib/fixtures.h"

#define FOLDER "/tmp/hindcast-talk.XXXXXX"

static const struct decode_options options = {0};
static char folder[64];

struct seen {
    struct strbuf text; /* a line an event */
    char skips[500];
    size_t records;
};

static int
set_up(void **state)
{
    snprintf(folder, sizeof(folder), "%s", FOLDER);
    assert_non_null(mkdtemp(folder));
    return fixtures_find(state);
}

static int
tear_down(void **state)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command) + fixtures_drop(state);
}

/* Without what differs between a record of a file and one of a topic: place and headers. */
static void
show(struct strbuf *out, const struct event *event)
{
    char time[TIME_TEXT] = "none";
    enum time_source source = event->time_source;
    if (source == TIME_SOURCE_KAFKA)
        source = TIME_SOURCE_ABSENT; /* of the record that holds the whole text */
    if (source != TIME_SOURCE_ABSENT)
        time_format(event->event_time_ns, time);
    strbuf_addf(out, SV_FMT "|%s|%s|" SV_FMT "|%s|%s|" SV_FMT "|%d|" SV_FMT "|" SV_FMT "\n",
                SV_ARG(event->format), time, time_source_word(source), SV_ARG(event->actor),
                actor_type_word(event->actor_type), event_phase_word(event->phase),
                SV_ARG(event->channel), event->marks, SV_ARG(event->attributes),
                SV_ARG(event->body));
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct seen *seen = opaque;
    (void)err;
    seen->records++;
    assert_int_equal(record->result.status, DECODE_OK);
    for (size_t i = 0; i < record->event_count; i++)
        show(&seen->text, &record->events[i]);
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct seen *seen = opaque;
    (void)name;
    snprintf(seen->skips, sizeof(seen->skips), "%lld:%s", (long long)line, reason);
}

static void
write_file(const char *name, struct sv text, int64_t mtime_ns)
{
    char path[200];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text.ptr, 1, text.len, out), text.len);
    fclose(out);
    const struct timespec times[2] = {{mtime_ns / NS_PER_S, 0}, {mtime_ns / NS_PER_S, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
read_file(const char *name, const char *date, struct seen *seen)
{
    char path[200];
    struct file_set set;
    struct file_dates dates = {0};
    struct err err = {0};
    const struct file_sink sink = {
        .opaque = seen, .decode = &options, .record = on_record, .skip = on_skip};
    *seen = (struct seen){0};
    strbuf_init(&seen->text, 0);
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file_set_init(&set);
    if (date != NULL)
        assert_int_equal(file_dates_add(&dates, date, &err), 0);
    set.dates = &dates;
    assert_int_equal(file_set_add(&set, path, &sink, &err), 0);
    assert_int_equal(set.count, 1);
    assert_int_equal(file_read(&set.files[0], 0, &sink, &err), 0);
    file_set_release(&set);
    file_dates_release(&dates);
}

/* 2026-06-01: a day that nothing may take for its own. */
#define POISON (INT64_C(1780272000) * NS_PER_S)

static void
expect(const char *name, const char *date, const char *text, const char *expected)
{
    struct seen seen;
    write_file(name, sv_from(text), POISON);
    read_file(name, date, &seen);
    assert_string_equal(seen.text.ptr == NULL ? "" : seen.text.ptr, expected);
    strbuf_release(&seen.text);
}

/* Every fixture of talk that is a whole text is cut into records and read again. */
static void
test_records_say_what_the_text_says(void **state)
{
    size_t tried = 0, cut = 0;
    (void)state;
    for (size_t i = 0; i < fixture_count; i++) {
        const struct fixture *fixture = &fixtures[i];
        struct arena arena;
        struct seen seen;
        struct strbuf whole;
        if (fixture->header_count > 0)
            continue;
        arena_init(&arena, 0);
        strbuf_init(&whole, 0);
        struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
        const struct record record = fixture_record(fixture, fixture->input);
        struct decode_result result = decode_record(&record, &options, &sink);
        bool talk = result.status == DECODE_OK && sink.count > 0 &&
                    sv_eq(sink.events[0].name_space, SV("chat-text"));
        for (size_t k = 0; talk && k < sink.count; k++)
            show(&whole, &sink.events[k]);
        if (talk) {
            write_file("whole.txt", fixture->input, fixture->kafka_time_ns);
            read_file("whole.txt", NULL, &seen);
            if (strcmp(seen.text.ptr, whole.ptr) != 0)
                fail_msg("%s\n--- whole:\n%s--- records:\n%s", fixture->path, whole.ptr,
                         seen.text.ptr);
            tried++;
            cut += seen.records;
            strbuf_release(&seen.text);
        }
        strbuf_release(&whole);
        arena_release(&arena);
    }
    assert_true(tried > 20 && cut > 2 * tried);
}

#define PASTE "Ada\n  10:02 AM\ncart is down\n10:03\nlooking\nBob\n  10:04 AM\nme too\n"

static void
test_days_of_a_paste(void **state)
{
    (void)state;
    expect("chat.txt", NULL, PASTE,
           "pasted_chat|none|none|Ada|human|post||0||cart is down\n"
           "pasted_chat|none|none|Ada|human|post||0||looking\n"
           "pasted_chat|none|none|Bob|human|post||0||me too\n");
    expect("chat-2026-03-10.txt", "2026-03-01", PASTE,
           "pasted_chat|2026-03-10T10:02:00Z|assumed_date|Ada|human|post||0||cart is down\n"
           "pasted_chat|2026-03-10T10:03:00Z|assumed_date|Ada|human|post||0||looking\n"
           "pasted_chat|2026-03-10T10:04:00Z|assumed_date|Bob|human|post||0||me too\n");
    expect("chat.txt", "2026-03-11", PASTE,
           "pasted_chat|2026-03-11T10:02:00Z|assumed_date|Ada|human|post||0||cart is down\n"
           "pasted_chat|2026-03-11T10:03:00Z|assumed_date|Ada|human|post||0||looking\n"
           "pasted_chat|2026-03-11T10:04:00Z|assumed_date|Bob|human|post||0||me too\n");
    expect("chat-2026-03-10.txt", "chat*=2026-03-12",
           "Ada\n  10:02 AM\ncart is down\nMarch 20, 2026\nBob\n  10:04 AM\nme too\n",
           "pasted_chat|2026-03-12T10:02:00Z|assumed_date|Ada|human|post||0||cart is down\n"
           "pasted_chat|2026-03-20T10:04:00Z|assumed_zone|Bob|human|post||0||me too\n");
}

static void
test_days_of_irc(void **state)
{
    (void)state;
    expect("x.log", NULL, "[22:11:09] <ada> one\n[00:00:09] <bob> two\n",
           "irc_znc_energymech|none|none|ada|human|post||0||one\n"
           "irc_znc_energymech|none|none|bob|human|post||0||two\n");
    expect("#ops_20260310.log", NULL, "[22:11:09] <ada> one\n[00:00:09] <bob> two\n",
           "irc_znc_energymech|2026-03-10T22:11:09Z|assumed_date|ada|human|post|ops|0||one\n"
           "irc_znc_energymech|2026-03-11T00:00:09Z|assumed_date|bob|human|post|ops|0||two\n");
}

#define CUES "WEBVTT\n\n1\n00:00:05.000 --> 00:00:06.000\n<v Ada Miller>down</v>\n"
#define OFFSET "{\"offset\":\"00:00:05.000\"}"

static void
test_starts_of_calls(void **state)
{
    (void)state;
    expect("x.vtt", NULL, CUES, "webvtt|none|none|Ada Miller|human|post||0|" OFFSET "|down\n");
    expect("x.vtt", "2026-03-10", CUES,
           "webvtt|none|none|Ada Miller|human|post||0|" OFFSET "|down\n");
    expect("x.vtt", "2026-03-10T10:02+01:00", CUES,
           "webvtt|2026-03-10T09:02:05Z|assumed_date|Ada Miller|human|post||0|" OFFSET "|down\n");
    expect("GMT20260310-100213_Recording.vtt", NULL, CUES,
           "webvtt|2026-03-10T10:02:18Z|assumed_date|Ada Miller|human|post||0|" OFFSET "|down\n");
    expect("Bridge (2026-03-10 at 10:02 GMT-1).vtt", NULL, CUES,
           "webvtt|2026-03-10T11:02:05Z|assumed_date|Ada Miller|human|post||0|" OFFSET "|down\n");
}

static void
test_group_of_a_messenger(void **state)
{
    (void)state;
    expect("WhatsApp Chat with Ops.txt", NULL, "13/3/26, 22:02 - Ada: one\r\ntwo\r\n\r\nthree\r\n",
           "whatsapp_export|2026-03-13T22:02:00Z|assumed_zone|Ada|human|post|Ops|0||"
           "one\ntwo\n\nthree\n");
}

/* Timelines that people wrote: days from a heading, the name, the line; a person, never the file.
 */
static void
test_notes(void **state)
{
    (void)state;
    expect(
        "notes.md", NULL,
        "# Outage of 2026-03-10\n\n- 14:02 alert fires\n  - of gate 2\n- **14:05 UTC** - Ada acks\n"
        "- 23:58\u2013 23:59 rollback\n- 00:10 errors gone\n\n## To do\n- fix the pool\n",
        "timeline_notes|2026-03-10T14:02:00Z|assumed_zone|||note||0||alert fires\n"
        "  - of gate 2\n"
        "timeline_notes|2026-03-10T14:05:00Z|native|||note||0||Ada acks\n"
        "timeline_notes|2026-03-10T23:58:00Z|assumed_zone|||note||0||rollback\n"
        "timeline_notes|2026-03-11T00:10:00Z|assumed_zone|||note||0||errors gone\n"
        "text|2026-03-11T00:10:00Z|inherited|||||0||- fix the pool\n");
    expect("table-2026-03-10.md", NULL,
           "| Time | Who | What |\n|---|---|---|\n| 14:02 | Ada | acks |\n| 2:05 PM | | done |\n",
           "timeline_notes|2026-03-10T14:02:00Z|assumed_date|||note||0||Ada: acks\n"
           "timeline_notes|2026-03-10T14:05:00Z|assumed_date|||note||0||done\n");
    expect("x.txt", NULL, "1. 2026-03-10 14:02: alert\n2. 2026-03-11, 9:05 AM gone\n",
           "timeline_notes|2026-03-10T14:02:00Z|assumed_zone|||note||0||alert\n"
           "timeline_notes|2026-03-11T09:05:00Z|assumed_zone|||note||0||gone\n");
    expect("y.txt", "2026-03-12", "* 14:02 alert\n* 14:05 gone\n",
           "timeline_notes|2026-03-12T14:02:00Z|assumed_date|||note||0||alert\n"
           "timeline_notes|2026-03-12T14:05:00Z|assumed_date|||note||0||gone\n");
    expect("y.txt", NULL, "* 14:02 alert\n* 14:05 gone\n",
           "timeline_notes|none|none|||note||0||alert\n"
           "timeline_notes|none|none|||note||0||gone\n");
    /* Lines of a program, and a list with one time in it, are neither. */
    expect("a-2026-03-10.log", NULL, "14:02:01 started\n14:02:02 ready\n",
           "text|2026-03-10T14:02:01Z|assumed_date|||||0||started\n"
           "text|2026-03-10T14:02:02Z|assumed_date|||||0||ready\n");
    expect("b.md", NULL, "# Plan\n- 14:02 lunch\n- walk\n- sleep\n",
           "text|none|none|||||0||# Plan\n"
           "text|none|none|||||0||- 14:02 lunch\n"
           "text|none|none|||||0||- walk\n"
           "text|none|none|||||0||- sleep\n");
}

/* Lines that no reader understands are lines, words in no message are told. */
static void
test_nothing_is_lost(void **state)
{
    struct seen seen;
    (void)state;
    write_file("a.txt", SV("rest of a message\n" PASTE), POISON);
    read_file("a.txt", NULL, &seen);
    assert_int_equal(seen.records, 3);
    assert_string_equal(seen.skips, "1:words that stand in no message of the chat");
    strbuf_release(&seen.text);
    write_file("b.log",
               SV("22:11 <ada> 1\n22:11 <ada> 2\n22:11 <ada> 3\n22:11 <ada> 4\n"
                  "22:11 <ada> 5\n22:11 <ada> 6\n22:11 <ada> 7\n22:11 <ada> 8\n"
                  "22:11 <ada> 9\n22:11 <ada> 10\n*** rotated ***\n22:11 <ada> 11\n"),
               POISON);
    read_file("b.log", NULL, &seen);
    assert_int_equal(seen.records, 12);
    assert_non_null(strstr(seen.text.ptr, "|10\ntext|"));
    strbuf_release(&seen.text);
}

static void
test_wrong_dates(void **state)
{
    static const char *const wrong[] = {"",   "tomorrow",    "2026-02-30",
                                        "x=", "=2026-03-10", "2026-03-10T25:00"};
    struct file_dates dates = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct err err = {0};
        assert_int_equal(file_dates_add(&dates, wrong[i], &err), -1);
        assert_int_equal(err.code, ERR_USAGE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_say_what_the_text_says),
        cmocka_unit_test(test_days_of_a_paste),
        cmocka_unit_test(test_days_of_irc),
        cmocka_unit_test(test_starts_of_calls),
        cmocka_unit_test(test_group_of_a_messenger),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_wrong_dates),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
