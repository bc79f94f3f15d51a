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
    return (struct loaded_file){sv_from(name), sv_from(said), read, look, first_ns, last_ns};
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
    assert_non_null(strstr(
        out.ptr, "\n> - files near this incident: 2 read, 1 of them to look at, 1 not read\n"));
    assert_non_null(strstr(out.ptr, "\n> - inc/core: not read: a program\n"));
    assert_non_null(
        strstr(out.ptr, "\n> - inc/local.log: read as text; times: 2 without a time zone\n"));
    assert_non_null(strstr(out.ptr, "\n> - read, with nothing to look at: inc/api.log\n"));
    assert_null(strstr(out.ptr, "old/"));
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
    static char names[400][16], said[400][64];
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
    assert_non_null(strstr(out.ptr, "inc/198.log and 100 more\n"));
    assert_null(strstr(out.ptr, "inc/200.log"));
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_near_the_incident_are_named),
        cmocka_unit_test(without_files_nothing_is_said),
        cmocka_unit_test(long_lists_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
