/*
 * Traces: what a line is by its own bytes, and what the whole is about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ingest/parse/trace.h"

static void
test_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum trace_line kind;
    } cases[] = {
        {"\tat harbour.Berth.take(Berth.java:41)", TRACE_FRAME},
        {"at harbour.Berth.take(Berth.java:41)", TRACE_FRAME},
        {"    at async take (/srv/berth.js:12:3)", TRACE_FRAME},
        {"    at /srv/berth.js:12:3", TRACE_FRAME},
        {"   at Harbour.Berth.Take(Int32 n) in /src/Berth.cs:line 12", TRACE_FRAME},
        {"\t... 14 more", TRACE_FRAME},
        {"\t... 3 common frames omitted", TRACE_FRAME},
        {"#0 /srv/berth.php(12): take()", TRACE_FRAME},
        {"#1 {main}", TRACE_FRAME},
        {"  File \"/srv/berth.py\", line 4, in take", TRACE_FRAME},
        {"goroutine 17 [running]:", TRACE_FRAME},
        {"/srv/berth.rb:12:in `take'", TRACE_FRAME},
        {"\tfrom /srv/berth.rb:3:in `<main>'", TRACE_FRAME},
        {"\x1b[31m\tat harbour.Berth.take(Berth.java:41)", TRACE_FRAME},
        {"Caused by: java.io.IOException: gone", TRACE_MORE},
        {"During handling of the above exception, another exception occurred:", TRACE_MORE},
        {"[stacktrace]", TRACE_MORE},
        {"   --- End of inner exception stack trace ---", TRACE_MORE},
        {"Traceback (most recent call last):", TRACE_BEGIN},
        {"java.io.IOException: gone", TRACE_EXCEPTION},
        {"KeyError: 'total'", TRACE_EXCEPTION},
        {"harbour.errors.BerthError", TRACE_EXCEPTION},
        {"RangeError [ERR_OUT_OF_RANGE]: no", TRACE_EXCEPTION},
        {"System.InvalidOperationException: no", TRACE_EXCEPTION},
        {"Exception in thread \"main\" java.lang.Error: x", TRACE_CRASH},
        {"panic: runtime error: index out of range [3]", TRACE_CRASH},
        {"thread 'main' panicked at src/berth.rs:4:5:", TRACE_CRASH},
        {"/srv/berth.js:12", TRACE_CRASH},
        {"/srv/berth.rb:3:in `take': full (RuntimeError)", TRACE_CRASH},
        {"}", TRACE_CLOSER},
        {"\"}", TRACE_CLOSER},
        {"\"", TRACE_NOT},
        {"at noon the gates open", TRACE_NOT},
        {"at 10:15 the gates open", TRACE_NOT},
        {"An Error occurred", TRACE_NOT},
        {"Error in berth 4", TRACE_NOT},
        {"error: no berth", TRACE_NOT},
        {"2026-03-01 10:00:00 ERROR x", TRACE_NOT},
        {"#12 is moored", TRACE_NOT},
        {"... and more", TRACE_NOT},
        {"", TRACE_NOT},
        {"   ", TRACE_NOT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (trace_line(sv_from(cases[i].line)) != cases[i].kind)
            fail_msg("'%s' is %d, not %d", cases[i].line, (int)trace_line(sv_from(cases[i].line)),
                     (int)cases[i].kind);
}

static void
check_title(const char *head, const char *text, const char *expected)
{
    struct trace_told told;
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(trace_read(sv_from(text), &told));
    struct sv title = trace_title(&arena, sv_from(head), &told);
    if (!sv_eq(title, sv_from(expected)))
        fail_msg("'" SV_FMT "', not '%s'", SV_ARG(title), expected);
    arena_release(&arena);
}

static void
test_titles(void **state)
{
    (void)state;
    check_title("berth 4 is lost",
                "berth 4 is lost\njava.lang.IllegalStateException: full\n\tat a.B.c(B.java:1)\n"
                "Caused by: java.io.IOException: gone\n\t... 3 more",
                "berth 4 is lost: java.lang.IllegalStateException: full; caused by "
                "java.io.IOException: gone");
    check_title("Traceback (most recent call last):",
                "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n"
                "KeyError: 'tide'\n\nDuring handling of the above exception, another exception "
                "occurred:\n\nTraceback (most recent call last):\n  File \"a.py\", line 2\n"
                "harbour.Full: no berth",
                "harbour.Full: no berth");
    check_title("root: Traceback (most recent call last):",
                "root: Traceback (most recent call last):\n  File \"a.py\", line 1\nOSError: x",
                "root: OSError: x");
    check_title("Exception in thread \"main\" java.lang.Error: x",
                "Exception in thread \"main\" java.lang.Error: x\n\tat a.B.c(B.java:1)",
                "Exception in thread \"main\" java.lang.Error: x");
    check_title("", "panic: no berth\n\ngoroutine 1 [running]:", "panic: no berth");
    check_title("System.Exception: a", "System.Exception: a\n ---> System.TimeoutException: b",
                "System.Exception: a; caused by System.TimeoutException: b");
}

static void
test_nothing_is_told_where_there_is_no_trace(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n", "one\ntwo", "Caused by: nothing before it",
                                        "Traceback (most recent call last):\n  File \"a\", line 1"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct trace_told told;
        assert_false(trace_read(sv_from(texts[i]), &told));
    }
}

/* Cut at every byte, in a buffer of exactly that size so that a sanitizer sees each step beyond. */
static void
test_cut_anywhere(void **state)
{
    (void)state;
    static const char text[] =
        "\x1b[31mException in thread \"main\" java.lang.Error: x\n\tat a.B.c(B.java:1)\n"
        "Caused by: b.C: d\n#0 {main}\n/a.rb:1:in `b': c (D)\nthread 'a' panicked at b:1:2:\n"
        "goroutine 1 [running]:\nmain.run(0x1)\n}\n";
    for (size_t len = 0; len < sizeof(text); len++) {
        char *copy = malloc(len + 1);
        struct trace_told told;
        memcpy(copy, text, len);
        for (size_t from = 0; from < len; from++) {
            (void)trace_line(sv_of(copy + from, len - from));
            (void)trace_go_call(sv_of(copy + from, len - from));
        }
        (void)trace_read(sv_of(copy, len), &told);
        free(copy);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_nothing_is_told_where_there_is_no_trace),
        cmocka_unit_test(test_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
