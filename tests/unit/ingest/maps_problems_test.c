/*
 * What is wrong with maps: each error has its file, its line and words that say what to write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/maptest.h"

#define SHAPE "[x]\nbid = 90\nwhen = on\nkind = alert\n" /* four lines */

static void
lines_that_ini_would_mend_or_cut(void **state)
{
    (void)state;
    char map[400] = SHAPE "title = ";
    memset(map + strlen(map), 'a', 250);
    expect_problems(map,
                    "x.map:5: the line has 258 bytes, 199 are the most; break it: lines that begin "
                    "with a blank continue the one before\n");
    expect_problems(SHAPE "title : a = b\n", "x.map:5: ':' before '=': a key is followed by '='\n");
    expect_problems(SHAPE "title\n",
                    "x.map:5: no '=': write [section], key = value, or begin the line "
                    "with a blank to continue\n");
    expect_problems(
        "  a = b\n" SHAPE,
        "x.map:1: the line begins with a blank, but there is nothing that it continues\n");
    expect_problems("[x\nkind = alert\n", "x.map:1: the section's ']' is missing\n"
                                          "x.map:1: '?': a name has letters, digits, - and _, and "
                                          "begins with a letter\n");
    expect_problems("kind = alert\n" SHAPE, "x.map:1: 'kind' stands before any [section]\n");
    expect_problems(SHAPE "= x\n", "x.map:5: no key before '='\n");
    expect_problems("[a2345678901234567890123456789012345678901234567890]\nkind = alert\n",
                    "x.map:1: a section's name has at most 49 bytes\n");
    expect_problems(SHAPE "a2345678901234567890123456789012345678901234567890 = x\n",
                    "x.map:5: a key has at most 49 bytes\n");
    expect_problems(SHAPE "title = \xff\n", "x.map:1: the file is not UTF-8 text\n");
}

static void
keys_and_words_that_nobody_knows(void **state)
{
    (void)state;
    expect_problems(SHAPE "titel = a\n", "x.map:5: unknown key titel (title?)\n");
    expect_problems(SHAPE "whatever = a\n", "x.map:5: unknown key whatever\n");
    expect_problems(SHAPE "time.resolv = a\n",
                    "x.map:5: time.resolv: resolv is not a phase (resolve?)\n");
    expect_problems(SHAPE "phase.ack = a\n",
                    "x.map:5: phase.ack: ack cannot stand behind this key\n");
    expect_problems(SHAPE "title = a\ntitle = b\n",
                    "x.map:6: title is there twice, first in line 5\n");
    expect_problems(SHAPE "open = a | b | c | .\nopen = d\n",
                    "x.map:6: open is there twice, first in line 5\n");
    expect_problems(SHAPE "drop = a, b, c\ndrop = d\n",
                    "x.map:6: drop is there twice, first in line 5\n");
    expect_problems(SHAPE "severity = a > statsu\n", "x.map:5: no table [words statsu]\n");
    expect_problems("[words s]\ntrigger = a\nresolv = b\n" SHAPE "phase = a > s\n",
                    "x.map:3: [words s]: resolv is not a phase (resolve?)\n");
    expect_problems("[words s]\ntrigger = ok\nresolve = OK, done\n" SHAPE,
                    "x.map:3: ok is both trigger and resolve\n");
    expect_problems("[words s]\ntrigger = ok, b, ok\n" SHAPE,
                    "x.map:2: remark: ok is there twice as trigger\n");
    expect_problems("[words s]\ntrigger =\n[words t]\n" SHAPE, "x.map:2: no words behind trigger\n"
                                                               "x.map:3: [words t] has no words\n");
}

static void
shapes_that_cannot_work(void **state)
{
    (void)state;
    expect_problems("[x]\nbid = 90\nkind = alert\n", "x.map:2: bid without when\n");
    expect_problems("[x]\nwhen = a\nkind = alert\n", "x.map:2: when without bid\n");
    expect_problems("[x]\nbid = 90\nwhen = a\n", "x.map:1: [x] has no kind\n");
    expect_problems(SHAPE "also = y\n[y]\nwhen = b\nkind = note\n", "");
    expect_problems("[x]\nbid = 0\nwhen = a\nkind = alert\n",
                    "x.map:2: bid = 0: a number from 1 to 95\n"
                    "x.map:3: when without bid\n");
    expect_problems("[x]\nbid = 96\nwhen = a\nkind = alert\n",
                    "x.map:2: bid = 96: 95 is the most for a map of yours\n");
    expect_problems(
        "[x]\nbid = 90\nwhen = !a, *.b\nkind = alert\n",
        "x.map:3: the line needs a condition that names a key of the record, without !, * and "
        "[..] before it\n");
    expect_problems("[x]\nbid = 90\nopen = *.b\nwhen = a\nkind = alert\n",
                    "x.map:4: nothing before the * of open tells who is asked\n");
    expect_problems(SHAPE "open = a.0\n",
                    "x.map:5: open = a.0: write keys and *, without up, [..] and numbers\n");
    expect_problems(SHAPE "drop = up.a\n",
                    "x.map:5: drop = up.a: write keys and *, without up, [..] and numbers\n");
    expect_problems(SHAPE "also = y, x\n", "x.map:5: also = y: no such shape in this file\n");
    expect_problems("[y]\nlike = x\nkind = note\n" SHAPE,
                    "x.map:2: like = x: no such shape above\n");
    expect_problems(SHAPE SHAPE, "x.map:5: [x] is there twice, first in line 1\n");
    expect_problems("[x y]\nkind = alert\n",
                    "x.map:1: 'x y': a name has letters, digits, - and _, and "
                    "begins with a letter\n");
    expect_problems("# nothing\n", "x.map:1: neither a shape nor a table of words\n");
    expect_problems(SHAPE "id = a\n",
                    "x.map:1: remark: [x] has no namespace, so the file's name is one: write "
                    "namespace = x, and another name of the file changes nothing\n");
}

static void
paths_texts_and_regexes_that_cannot_be_read(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"a..b", "path a..b: two dots, or one at the start"},
        {".a", "path .a: two dots, or one at the start"},
        {"a.", "path a.: it ends with a dot"},
        {"a b", "path a b: write a name with blanks in 'quotes'"},
        {"a[0]", "[0]: write [key=value] or [tag:]"},
        {"a'b'", "path a'b': a dot is missing between two parts"},
        {"a[b=c]d", "path a[b=c]d: a dot is missing between two parts"},
        {"up", "path up: nothing follows 'up'"},
        {"header.a.b", "path header.a.b: write header.NAME, 'quoted' where the name has dots"},
        {"a.b.c.d.e.f.g.h.i.j.k.l.m", "path a.b.c.d.e.f.g.h.i.j.k.l.m: more than 12 parts"},
        {"a | | b", "an alternative is empty"},
        {"", "an alternative is empty"},
        {"a > ", "no table [words ]"},
        {"a > /(/", "/(/: missing closing parenthesis at 1"},
        {"a > //", "//: the /regex/ is empty or not closed"},
        {"a > /b", "a > /b: a quote, bracket or /regex/ is not closed"},
        {"\"a {b\"", "\"a {b\": a '{' is not closed"},
        {"\"a", "\"a: a quote, bracket or /regex/ is not closed"},
        {"\"{a b}\"", "{a b}: path a b: write a name with blanks in 'quotes'"},
        {"a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q", "17 alternatives, 16 are the most"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char map[200], expected[200];
        snprintf(map, sizeof(map), SHAPE "title = %s\n", rows[i][0]);
        snprintf(expected, sizeof(expected), "x.map:5: %s\n", rows[i][1]);
        expect_problems(map, expected);
    }
}

/* A person mends a file once. */
static void
all_problems_are_told(void **state)
{
    (void)state;
    expect_problems("[x]\nbid = x\ntitel = a\nphase = b > none\n[y]\nkind = alarm\n",
                    "x.map:2: bid = x: a number from 1 to 95\n"
                    "x.map:3: unknown key titel (title?)\n"
                    "x.map:4: no table [words none]\n"
                    "x.map:1: [x] has no kind\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_ini_would_mend_or_cut),
        cmocka_unit_test(keys_and_words_that_nobody_knows),
        cmocka_unit_test(shapes_that_cannot_work),
        cmocka_unit_test(paths_texts_and_regexes_that_cannot_be_read),
        cmocka_unit_test(all_problems_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
