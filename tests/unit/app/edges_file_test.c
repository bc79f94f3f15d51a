/*
 * Edges of services out of files: CSV and JSON as people and tools write them; a line that is no
 * edge is refused with its number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/edges_file.h"
#include "app/edges_list.h"

static struct err err;
static struct edges_tally tally;

static int
read_text(const char *text, struct strbuf *out)
{
    char path[] = "/tmp/hindcast-edges-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    err = (struct err){0};
    int status = edges_file_read(path, out, &tally, &err);
    unlink(path);
    return status;
}

static void
forms_of_one_graph_are_one_text(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "api,db\nweb,api\n",
        "web,api\r\napi,db",
        "\xef\xbb\xbf# ours\n\nFrom,To\napi,db\nweb, api \n",
        "calls;child;parent\n3;api;web\n7;db;api\n",
        "caller\tcallee\tseen\nweb\tapi\t1\napi\tdb\t2\n",
        "\"api\",\"db\"\n\"web\",api\n",
        "{\"from\":\"api\",\"to\":\"db\"}\n{\"to\":\"api\",\"from\":\"web\",\"seen\":3}\n",
        "[{\"parent\":\"api\",\"child\":\"db\",\"callCount\":2},\n "
        "{\"parent\":\"web\",\"child\":\"api\"}]",
        " {\"data\": "
        "[\n{\"source\":\"api\",\"target\":\"db\"},{\"source\":\"web\",\"target\":\"api\"}],"
        " \"total\": 2}",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct strbuf out;
        strbuf_init(&out, 0);
        if (read_text(texts[i], &out) != 0)
            fail_msg("%s: %s", texts[i], err.message);
        assert_string_equal(out.ptr, "api\tdb\nweb\tapi\n");
        assert_int_equal(tally.edges, 2);
        strbuf_release(&out);
    }
}

static void
what_says_nothing_is_counted(void **state)
{
    (void)state;
    struct strbuf out;
    strbuf_init(&out, 0);
    assert_int_equal(read_text("a,b\nb,a\na,b\nc,c\na,b\n", &out), 0);
    assert_string_equal(out.ptr, "a\tb\nb\ta\n");
    assert_int_equal(tally.edges, 2);
    assert_int_equal(tally.doubled, 2);
    assert_int_equal(tally.to_itself, 1);
    strbuf_clear(&out);
    assert_int_equal(read_text("", &out), 0);
    assert_int_equal(out.len, 0);
    assert_int_equal(read_text("[]", &out), 0);
    assert_int_equal(tally.edges, 0);
    strbuf_release(&out);
}

static void
a_bad_line_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a,b\nc\n", "line 2: not as many cells"},
        {"a,b\n\n# x\nc,d,e\n", "line 4: more than FROM,TO"},
        {"from,to\na,\n", "line 2: a service has no name"},
        {"from,to\na,b>c\n", "line 2: the name of a service holds '>'"},
        {"a,\"b\n", "line 1: a quote is not closed"},
        {"a,b\xff\n", "line 1: the name of a service is not UTF-8"},
        {"{\"from\":\"a\",\"to\":\"b\"}\n\n{\"from\":\"a\"}\n", "line 3: not an object with"},
        {"{\"from\":\"a\",\"to\":7}\n", "line 1: not an object with"},
        {"[\n{\"from\":\"a\",\"to\":\"b\"},\n7]", "line 3: "},
        {"[{\"from\":\"a\",\"to\":\"b\"}", "line 1: "},
        {"{\"from\":\"a\",\"to\":\"b\"}\n{\"from\":\n", "line 3: "},
        {"[{\"from\":\"a\",\"to\":\"b\"}] more", "line 1: "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct strbuf out;
        strbuf_init(&out, 0);
        if (read_text(cases[i].text, &out) == 0)
            fail_msg("taken: %s", cases[i].text);
        assert_int_equal(err.code, ERR_BAD_RECORD);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].text, err.message);
        strbuf_release(&out);
    }
}

/* A line more than a file may tell, and a byte more than it may have. */
static void
a_file_has_limits(void **state)
{
    (void)state;
    for (int over = 0; over < 2; over++) {
        struct strbuf out, text;
        strbuf_init(&out, 0);
        strbuf_init(&text, 0);
        for (int i = 0; i < EDGES_TOLD_MAX + over; i++)
            strbuf_add_text(&text, "a,b\n");
        assert_int_equal(read_text(text.ptr, &out), -over);
        assert_true(over == 0 ||
                    strstr(err.message, "line 80001: a file tells at most 80000") != NULL);
        strbuf_clear(&text);
        strbuf_add_text(&text, "a,b\n#");
        while (text.len < EDGES_FILE_MAX + (size_t)over)
            strbuf_add_char(&text, '.');
        assert_int_equal(read_text(text.ptr, &out), -over);
        assert_true(over == 0 || err.code == ERR_LIMIT);
        strbuf_release(&text);
        strbuf_release(&out);
    }
}

static void
files_that_are_not_there_are_errors(void **state)
{
    (void)state;
    struct strbuf out;
    strbuf_init(&out, 0);
    assert_int_equal(edges_file_read("/tmp/hindcast-no-such-file", &out, &tally, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_int_equal(edges_file_read("/tmp", &out, &tally, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_one_graph_are_one_text),
        cmocka_unit_test(what_says_nothing_is_counted),
        cmocka_unit_test(a_bad_line_is_named),
        cmocka_unit_test(a_file_has_limits),
        cmocka_unit_test(files_that_are_not_there_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
