/*
 * A draft names the files that were loaded and lie near its incident: what was read, what needs a
 * look, what was left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "hindcast/report.h"

#define AT(minute) (INT64_C(1772359200) * NS_PER_S + (minute)*NS_PER_MINUTE)

static const struct incident incident = {.first_ns = AT(0), .last_ns = AT(60)};

static void
render(const struct loaded_file *files, size_t count, struct strbuf *out)
{
    const struct report_context context = {.files = files, .file_count = count};
    struct err err = {0};
    size_t left_out;
    strbuf_init(out, 0);
    assert_int_equal(report_markdown(&incident, &context, out, &left_out, &err), 0);
}

static struct loaded_file
file_of(const char *name, const char *said, bool look, int64_t first_ns, int64_t last_ns)
{
    bool read = strstr(said, "not read") == NULL;
    return (struct loaded_file){.name = sv_from(name),
                                .said = sv_from(said),
                                .read = read,
                                .look = look,
                                .first_ns = first_ns,
                                .last_ns = last_ns,
                                .events = -1};
}

/* A folder of another year has its own incidents. */
static void
files_near_the_incident_are_named(void **state)
{
    (void)state;
    const int64_t old = 40 * NS_PER_DAY;
    const struct loaded_file files[] = {
        file_of("inc/api.log", "inc/api.log: read as text", false, AT(-5), AT(70)),
        file_of("inc/core", "inc/core: not read: a program", false, TIME_NONE, TIME_NONE),
        file_of("inc/local.log", "inc/local.log: read as text\ntimes: 2 without a time zone", true,
                AT(1), AT(2)),
        file_of("old/api.log", "old/api.log: read as text", true, AT(-5) - old, AT(0) - old),
        file_of("old/core", "old/core: not read: a program", false, TIME_NONE, TIME_NONE),
    };
    struct strbuf out;
    render(files, sizeof(files) / sizeof(files[0]), &out);
    assert_non_null(
        strstr(out.ptr, "\n> - files near this incident: 2 read (1 to look at), 1 not read\n"));
    assert_non_null(strstr(out.ptr, "\n> - inc/core: not read: a program\n"));
    assert_non_null(
        strstr(out.ptr, "\n> - inc/local.log: read as text; times: 2 without a time zone\n"));
    assert_non_null(strstr(out.ptr, "\n> - inc/api.log: read as text\n"));
    assert_null(strstr(out.ptr, "old/"));
    strbuf_release(&out);
}

/* Numbers are told where they are known: how many events, whose times, what no format fits. */
static void
numbers_of_files_are_told(void **state)
{
    (void)state;
    struct loaded_file files[] = {
        file_of("inc/a.log", "inc/a.log: read as logfmt", false, AT(0), AT(1)),
        file_of("inc/b.log", "inc/b.log: read as text, json\ntimes: 3 of their own", true, AT(0),
                AT(1)),
        file_of("inc/c.log", "inc/c.log: read as text", false, AT(0), AT(1)),
        file_of("old/d.log", "old/d.log: read as text", false, AT(0) - 40 * NS_PER_DAY,
                AT(0) - 40 * NS_PER_DAY),
    };
    files[0].events = files[0].times[TIME_SOURCE_NATIVE] = 20;
    files[1].events = 5;
    files[1].times[TIME_SOURCE_NATIVE] = 3;
    files[1].of_text = 3;
    files[1].of_json = 2;
    files[2].events = files[2].of_text = files[2].times[TIME_SOURCE_NATIVE] = 1;
    files[3].events = files[3].of_text = 90;
    struct strbuf out;
    render(files, 4, &out);
    assert_non_null(
        strstr(out.ptr, "\n> - inc/b.log: read as text, json; times: 3 of their own; 5 events\n"));
    assert_non_null(strstr(out.ptr,
                           "\n> - inc/a.log: read as logfmt; 20 events, all with a time of "
                           "their own\n> - inc/c.log: read as text; 1 event, with a time "
                           "of its own\n"));
    assert_non_null(strstr(out.ptr, "\n> - of no known format: 4 events read as lines of "
                                    "text, 2 events read as JSON by the words of its keys, in "
                                    "inc/b.log, inc/c.log\n"));
    strbuf_release(&out);
}

static void
render_readings(const struct topic_reading *readings, size_t count, struct strbuf *out)
{
    const struct report_context context = {.readings = readings, .reading_count = count};
    struct err err = {0};
    size_t left_out;
    strbuf_init(out, 0);
    assert_int_equal(report_markdown(&incident, &context, out, &left_out, &err), 0);
}

static void
what_was_read_of_topics_is_told(void **state)
{
    (void)state;
    const struct topic_reading readings[] = {
        {.topic = SV("ops"),
         .format = SV("logfmt"),
         .events = {0, 20, 3, 2, 1, 4, 0, 5},
         .manifests = 2},
        {.topic = SV("ops"), .format = SV("te*xt"), .events = {0, 1}, .quarantined = 1},
        {.topic = SV("ops"), .others = true, .events = {0, 0, 0, 0, 0, 0, 7}},
        {.topic = SV("ops"), .quarantined = 2, .uncounted = 9},
        {.cluster_id = SV("b"), .topic = SV("ops"), .format = SV("json"), .quarantined = 3},
    };
    struct strbuf out;
    render_readings(readings, 5, &out);
    assert_non_null(strstr(out.ptr, "\n> - topic ops: 35 events as logfmt, 1 as te\\*xt, 7 "
                                    "as other formats; times: 21 of "
                                    "their own, 3 with an assumed zone, 2 with an assumed year, 1 "
                                    "with an assumed date, 4 of the line "
                                    "before, 7 of the Kafka record, 5 none, so in no timeline; in "
                                    "quarantine: 1 record that looks like "
                                    "te\\*xt, 2 records that look like no known format; records "
                                    "about loaded files: 2; "
                                    "9 events were not counted\n"));
    assert_non_null(strstr(out.ptr,
                           "\n> - topic ops: no event; in quarantine: 3 records that look like "
                           "json\n"));
    strbuf_release(&out);
    render_readings(NULL, 0, &out);
    assert_null(strstr(out.ptr, "> - topic"));
    strbuf_release(&out);
}

static void
skipped_lines_are_told(void **state)
{
    (void)state;
    struct report_context context = {.skipped = {3, AT(0), AT(60)}};
    struct err err = {0};
    struct strbuf out;
    size_t left_out;
    strbuf_init(&out, 0);
    assert_int_equal(report_markdown(&incident, &context, &out, &left_out, &err), 0);
    assert_non_null(strstr(out.ptr, "\n> - skipped: 3 log lines before "));
    assert_non_null(strstr(out.ptr, " or after "));
    context.skipped.to_ns = TIME_NONE;
    assert_int_equal(report_markdown(&incident, &context, &out, &left_out, &err), 0);
    assert_null(strstr(out.ptr, " or after "));
    context.skipped.count = 0;
    assert_int_equal(report_markdown(&incident, &context, &out, &left_out, &err), 0);
    assert_null(strstr(out.ptr, "skipped"));
    strbuf_release(&out);
}

static void
as_many_topics_as_a_list_has_rows(void **state)
{
    (void)state;
    static struct topic_reading readings[150];
    static char names[150][16];
    struct strbuf out;
    size_t told = 0;
    for (int i = 0; i < 150; i++) {
        snprintf(names[i], sizeof(names[i]), "t%03d", i);
        readings[i] =
            (struct topic_reading){.topic = sv_from(names[i]), .format = SV("x"), .events = {0, 1}};
    }
    render_readings(readings, 150, &out);
    for (const char *at = out.ptr; (at = strstr(at, "> - topic ")) != NULL; at++)
        told++;
    assert_int_equal(told, 100);
    assert_non_null(strstr(out.ptr, "50 more topics"));
    strbuf_release(&out);
}

static void
without_files_nothing_is_said(void **state)
{
    (void)state;
    struct strbuf out;
    render(NULL, 0, &out);
    assert_null(strstr(out.ptr, "files near"));
    strbuf_release(&out);
}

static void
long_lists_are_cut(void **state)
{
    (void)state;
    static struct loaded_file files[400];
    static char names[400][24], said[400][64];
    struct strbuf out;
    for (int i = 0; i < 400; i++) {
        snprintf(names[i], sizeof(names[i]), "inc/%03d.log", i);
        snprintf(said[i], sizeof(said[i]), "inc/%03d.log: %s", i,
                 i % 2 == 0 ? "read as text" : "not read: a picture");
        files[i] = file_of(names[i], said[i], false, i % 2 == 0 ? AT(0) : TIME_NONE,
                           i % 2 == 0 ? AT(1) : TIME_NONE);
    }
    render(files, 400, &out);
    size_t unread = 0;
    for (const char *at = out.ptr; (at = strstr(at, ": not read: a picture\n")) != NULL; at++)
        unread++;
    assert_int_equal(unread, 100);
    assert_non_null(strstr(out.ptr,
                           "\n> - inc/198.log: read as text\n> - 100 more files with nothing "
                           "to look at\n"));
    assert_null(strstr(out.ptr, "inc/200.log"));
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_near_the_incident_are_named),
        cmocka_unit_test(numbers_of_files_are_told),
        cmocka_unit_test(what_was_read_of_topics_is_told),
        cmocka_unit_test(skipped_lines_are_told),
        cmocka_unit_test(as_many_topics_as_a_list_has_rows),
        cmocka_unit_test(without_files_nothing_is_said),
        cmocka_unit_test(long_lists_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
