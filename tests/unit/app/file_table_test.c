/*
 * app/file_table: rows fit the terminal, files that are alike share a row where it is brief, and no
 * text from outside gets through.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/file_table.h"
#include "base/clock.h"
#include "base/text/utf8.h"
#include "tests/lib/attacks.h"

struct fixture {
    struct strbuf out;
    struct file_table table;
    struct input_file files[8];
    struct file_set set;
};

static void
begin(struct fixture *fixture, const char *const *names, size_t count, size_t columns, bool brief)
{
    memset(fixture, 0, sizeof(*fixture));
    strbuf_init(&fixture->out, 0);
    file_table_init(&fixture->table, &fixture->out);
    fixture->table.columns = columns;
    fixture->table.brief = brief;
    for (size_t i = 0; i < count; i++)
        fixture->files[i].name = (char *)(uintptr_t)names[i];
    fixture->set = (struct file_set){.files = fixture->files, .count = count};
    file_table_begin(&fixture->table, &fixture->set);
    file_table_early(&fixture->table);
}

static void
release(struct fixture *fixture)
{
    file_table_release(&fixture->table);
    strbuf_release(&fixture->out);
}

static void
add_event(struct fixture *fixture, const char *name, const char *format, int64_t ns)
{
    struct event event = {.format = sv_from(format),
                          .event_time_ns = ns,
                          .kind = EVENT_LOG,
                          .time_source = ns == TIME_NONE ? TIME_SOURCE_ABSENT : TIME_SOURCE_NATIVE};
    const struct file_record record = {
        .name = name, .line = 1, .value = SV("a line"), .events = &event, .event_count = 1};
    file_table_record(&fixture->table, &record);
}

static int
count_of(const struct fixture *fixture, const char *text)
{
    int count = 0;
    for (const char *at = fixture->out.ptr; (at = strstr(at, text)) != NULL; at++)
        count++;
    return count;
}

static void
every_line_fits(const struct fixture *fixture, size_t columns)
{
    struct sv rest = strbuf_view(&fixture->out), line;
    while (rest.len > 0 && sv_split(&rest, '\n', &line))
        assert_in_range(utf8_count(line), 0, columns);
}

static void
rows_fit_the_terminal(void **state)
{
    (void)state;
    static const char *const names[] = {"a/x", "b/a long folder/with another/in it/access.log"};
    for (size_t columns = 80; columns <= 160; columns += 10) {
        struct fixture fixture;
        begin(&fixture, names, 2, columns, false);
        add_event(&fixture, names[1], "a_format_with_a_long_name_of_its_own", 1);
        add_event(&fixture, names[1], "another", 1);
        for (int i = 0; i < 4; i++)
            add_event(&fixture, names[1], "text", TIME_NONE);
        file_table_skip(&fixture.table, names[0], 0,
                        "a reason that goes on for longer than any terminal that anybody has ever "
                        "seen in an office, or at home, or on a train that goes to the sea");
        file_table_end(&fixture.table);
        every_line_fits(&fixture, columns);
        assert_int_equal(count_of(&fixture, "access.log "), 1);
        release(&fixture);
    }
}

/* The first two have rows, and so has the last where it alone would be left. */
static void
files_that_are_alike_share_a_row(void **state)
{
    (void)state;
    for (int files = 2; files <= 5; files++) {
        struct fixture fixture;
        static const char *const names[] = {"in/a.log", "in/z"};
        begin(&fixture, names, 2, 100, true);
        for (int i = 1; i <= files; i++) {
            char name[16];
            snprintf(name, sizeof(name), "in/ops-%d.log", i * 50);
            add_event(&fixture, name, "text", i * NS_PER_DAY);
        }
        add_event(&fixture, "in/z", "text", NS_PER_DAY);
        file_table_end(&fixture.table);
        assert_int_equal(count_of(&fixture, "  ops-"), files == 3 ? 3 : 2);
        if (files == 5)
            assert_non_null(strstr(fixture.out.ptr, "    and 3 more like it: 3 records, 3 events, "
                                                    "1970-01-04 00:00 to 01-06 00:00\n"));
        assert_int_equal(count_of(&fixture, "more like it"), files > 3);
        assert_int_equal(count_of(&fixture, "  z "), 1);
        release(&fixture);
    }
}

/* Another format, or something to look at, is told of each by itself. */
static void
what_differs_has_a_row(void **state)
{
    (void)state;
    static const char *const names[] = {"1", "2", "3", "4", "5"};
    struct fixture fixture;
    begin(&fixture, names, 5, 100, true);
    for (size_t i = 0; i < 5; i++)
        add_event(&fixture, names[i], i == 3 ? "json" : "text", i == 4 ? TIME_NONE : NS_PER_DAY);
    file_table_end(&fixture.table);
    for (size_t i = 0; i < 5; i++) {
        char row[8];
        snprintf(row, sizeof(row), "\n%c %s ", i == 4 ? '!' : ' ', names[i]);
        assert_int_equal(count_of(&fixture, row), 1);
    }
    assert_int_equal(count_of(&fixture, "times: 1 missing"), 1);
    release(&fixture);
}

/* Of any name: what is wrong with them is what they have in common. */
static void
what_is_skipped_shares_a_row(void **state)
{
    (void)state;
    static const char *const names[] = {"cat.png", "dog.png", "fish.jpeg", "owl.gif", "core"};
    struct fixture fixture;
    begin(&fixture, names, 5, 100, true);
    for (size_t i = 0; i < 5; i++)
        file_table_skip(&fixture.table, names[i], 0, i == 4 ? "a program" : "a picture");
    struct input_file known = {.name = (char *)(uintptr_t) "old.log"};
    file_table_known(&fixture.table, &known, 12);
    file_table_end(&fixture.table);
    assert_int_equal(count_of(&fixture, "not read: a picture\n"), 3);
    assert_int_equal(count_of(&fixture, "\n    and 2 more not read: a picture\n"), 1);
    assert_int_equal(count_of(&fixture, "- core "), 1);
    assert_int_equal(count_of(&fixture, "loaded before: 12 records\n"), 1);
    assert_int_equal(count_of(&fixture, "5 not read (-)\n"), 1);
    release(&fixture);
}

static void
names_and_reasons_are_harmless(void **state)
{
    (void)state;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    for (size_t i = 0; i < count; i++) {
        struct fixture fixture;
        char name[512];
        size_t lines[2];
        snprintf(name, sizeof(name), SV_FMT, SV_ARG(attacks[i].text));
        const char *const names[] = {name};
        begin(&fixture, names, 1, 160, false);
        lines[0] = attack_lines(strbuf_view(&fixture.out));
        add_event(&fixture, name, name, NS_PER_DAY);
        struct file_record bad = {.name = name,
                                  .line = 1,
                                  .value = SV("x"),
                                  .result = {.status = DECODE_BAD,
                                             .reason = QUARANTINE_SYNTAX,
                                             .detail = attacks[i].text}};
        file_table_record(&fixture.table, &bad);
        char other[600];
        snprintf(other, sizeof(other), "other %s", name);
        file_table_skip(&fixture.table, other, 0, name);
        const struct input_file file = {.name = other};
        file_table_file_end(&fixture.table, &file);
        lines[1] = attack_lines(strbuf_view(&fixture.out));
        assert_in_range(lines[1] - lines[0], 3, 4); /* a row, a remark in one line or two, a row */
        file_table_end(&fixture.table);
        const char *seen = attack_seen(strbuf_view(&fixture.out));
        if (seen != NULL)
            fail_msg("%s: something is seen at '%.20s'", attacks[i].name, seen);
        release(&fixture);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_fit_the_terminal),
        cmocka_unit_test(files_that_are_alike_share_a_row),
        cmocka_unit_test(what_differs_has_a_row),
        cmocka_unit_test(what_is_skipped_shares_a_row),
        cmocka_unit_test(names_and_reasons_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
