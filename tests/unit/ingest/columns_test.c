/*
 * Files of columns: which line names them and goes with the rows, rows that go on over the end of a
 * line, and lines of logs that are none of that.
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
#include "ingest/parse/csv.h"
#include "ingest/parse/flow_fields.h"
#include "ingest/source/file/columns.h"
#include "ingest/source/file/file.h"

/* What was read, one record a line: line|columns|value, newlines as '~'. */
static struct strbuf said;

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct sv columns = SV("");
    (void)opaque;
    (void)err;
    for (size_t i = 0; i < record->header_count; i++)
        if (sv_eq(record->headers[i].name, SV(HEADER_COLUMNS)))
            columns = record->headers[i].value;
    strbuf_addf(&said, "%lld|" SV_FMT "|", (long long)record->line, SV_ARG(columns));
    for (size_t i = 0; i < record->value.len; i++)
        strbuf_add_char(&said, record->value.ptr[i] == '\n' ? '~' : record->value.ptr[i]);
    strbuf_add_char(&said, '\n');
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    (void)opaque;
    fail_msg("%s:%lld: %s", name, (long long)line, reason);
}

static const char *
read_back(const char *name, const char *text)
{
    char folder[] = "/tmp/hindcast-columns.XXXXXX", path[200];
    struct err err = {0};
    const struct file_sink sink = {.record = on_record, .skip = on_skip};
    struct file_set set;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    strbuf_clear(&said);
    file_set_init(&set);
    assert_int_equal(file_set_add(&set, path, &sink, &err), 0);
    assert_int_equal(set.count, 1);
    assert_int_equal(file_read(&set.files[0], 0, &sink, &err), 0);
    file_set_release(&set);
    unlink(path);
    rmdir(folder);
    return said.ptr;
}

static void
the_first_line_names_the_columns(void **state)
{
    (void)state;
    assert_string_equal(
        read_back("a.csv", "time,level,msg\n1,warn,late\n2,info,\"one\ntwo\"\n3,,x\n"),
        "1|time,level,msg|time,level,msg\n"
        "2|time,level,msg|1,warn,late\n"
        "3|time,level,msg|2,info,\"one~two\"\n"
        "5|time,level,msg|3,,x\n");
    assert_string_equal(read_back("a.txt", "Zeit;Stufe;Dienst;Text\n1;warn;a;late\n"),
                        "1|Zeit;Stufe;Dienst;Text|Zeit;Stufe;Dienst;Text\n"
                        "2|Zeit;Stufe;Dienst;Text|1;warn;a;late\n");
}

static void
a_log_without_a_header_has_rows_all_the_same(void **state)
{
    static const char *const row =
        "2026-03-01 13:20:12.512 +03,\"a\",\"b\",1,\"c\",d,1,\"e\",f,g,0,LOG,"
        "00000,\"one\ntwo \"\"three\"\"\",,,,,,,,,\"\"\n";
    char two[400];
    (void)state;
    snprintf(two, sizeof(two), "%s%s", row, row);
    const char *got = read_back("postgresql.log", two);
    assert_non_null(strstr(got, "1||2026-03-01"));
    assert_non_null(strstr(got, "\n3||2026-03-01"));
    assert_non_null(strstr(got, "\"one~two \"\"three\"\"\""));
}

static void
quotes_that_do_not_close_are_letters(void **state)
{
    struct strbuf text;
    (void)state;
    strbuf_init(&text, 0);
    strbuf_add_text(&text, "a,b\n1,\"open\n");
    for (size_t i = 0; i < FILE_ROW_BYTES_MAX + 4096; i += 8)
        strbuf_add_text(&text, "2,plain\n");
    const char *got = read_back("broken.csv", text.ptr);
    assert_true(sv_starts(sv_from(got), SV("1|a,b|a,b\n2|a,b|1,\"open\n3|a,b|2,plain\n")));
    strbuf_release(&text);
}

static void
lines_of_logs_are_no_rows(void **state)
{
    (void)state;
    assert_string_equal(read_back("a.log", "say \"one\nsay, two\n"), "1||say \"one\n2||say, two\n");
    assert_string_equal(read_back("b.log", "ready, set, go, now\n\"one\ntwo\"\n"),
                        "1||ready, set, go, now\n2||\"one\n3||two\"\n");
}

static void
fields_of_w3c_change_on_the_way(void **state)
{
    (void)state;
    assert_string_equal(read_back("u_ex.log", "#Version: 1.0\n#Fields: a b\n1 2\n#Fields: c\n3\n"),
                        "1||#Version: 1.0\n2|#Fields: a b|#Fields: a b\n3|#Fields: a b|1 2\n"
                        "4|#Fields: c|#Fields: c\n5|#Fields: c|3\n");
}

static void
fields_of_flow_logs_are_named_by_a_line(void **state)
{
    (void)state;
    assert_string_equal(read_back("flow.log",
                                  "srcaddr dstaddr action\n10.0.0.1 10.0.0.2 ACCEPT\n"
                                  "end srcaddr log-status new-in-v12\n1 10.0.0.1 OK 7\n"),
                        "1|srcaddr dstaddr action|srcaddr dstaddr action\n"
                        "2|srcaddr dstaddr action|10.0.0.1 10.0.0.2 ACCEPT\n"
                        "3|end srcaddr log-status new-in-v12|end srcaddr log-status new-in-v12\n"
                        "4|end srcaddr log-status new-in-v12|1 10.0.0.1 OK 7\n");
    static const char *const others[] = {"start of the action: bytes end here",
                                         "start end action",
                                         "srcaddr dstaddr",
                                         "the srcaddr of some packets is lost",
                                         "srcaddr  dstaddr  action",
                                         "srcaddr,dstaddr,action"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (flow_fields_named(sv_from(others[i])))
            fail_msg("'%s' names fields", others[i]);
}

static void
an_entry_of_the_journal_is_one_record(void **state)
{
    (void)state;
    assert_string_equal(
        read_back("j.export", "__CURSOR=a\nMESSAGE=one\n\n__CURSOR=b\n_PID=2\n\n__CURSOR=c\n"),
        "1||__CURSOR=a~MESSAGE=one~\n4||__CURSOR=b~_PID=2~\n7||__CURSOR=c\n");
}

static void
cells(void **state)
{
    static const struct {
        const char *row;
        char separator;
        const char *cells;
    } cases[] = {
        {"a,b", ',', "a|b|"},
        {"", ',', "|"},
        {",", ',', "||"},
        {"\"a,b\",c", ',', "a,b|c|"},
        {"\"a\"\"b\"", ',', "a\"b|"},
        {"\"open,c", ',', "open,c|"},
        {"\"a\"x,c", ',', "a|c|"},
        {"a;\"b\nc\"", ';', "a|b\nc|"},
        {"a\"b,c", ',', "a\"b|c|"},
    };
    struct arena arena;
    struct strbuf got;
    (void)state;
    arena_init(&arena, 0);
    strbuf_init(&got, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct csv csv = csv_of(sv_from(cases[i].row), cases[i].separator);
        struct sv cell;
        strbuf_clear(&got);
        while (csv_next(&arena, &csv, &cell, NULL)) {
            strbuf_add_sv(&got, cell);
            strbuf_add_char(&got, '|');
        }
        assert_string_equal(got.ptr, cases[i].cells);
    }
    strbuf_release(&got);
    arena_release(&arena);
}

static int
begin(void **state)
{
    (void)state;
    strbuf_init(&said, 0);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    strbuf_release(&said);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_names_the_columns),
        cmocka_unit_test(a_log_without_a_header_has_rows_all_the_same),
        cmocka_unit_test(quotes_that_do_not_close_are_letters),
        cmocka_unit_test(lines_of_logs_are_no_rows),
        cmocka_unit_test(fields_of_w3c_change_on_the_way),
        cmocka_unit_test(fields_of_flow_logs_are_named_by_a_line),
        cmocka_unit_test(an_entry_of_the_journal_is_one_record),
        cmocka_unit_test(cells),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
