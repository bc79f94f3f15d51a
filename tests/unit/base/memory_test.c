/*
 * Memory that is there or ends the program: what is cleared, what grows, and that sizes which no
 * machine has end it with a message.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the five above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

static void
what_is_made_is_cleared(void **state)
{
    (void)state;
    static const char nothing[64];
    char *some = memory_calloc(8, 8);
    assert_memory_equal(some, nothing, sizeof(nothing));
    free(some);
    free(memory_calloc(0, 8));
    free(memory_calloc(8, 0));
}

static void
texts_are_copies(void **state)
{
    (void)state;
    char *copy = memory_copy("text"), *made = memory_format("%s/%d", copy, 7);
    assert_string_equal(copy, "text");
    assert_string_equal(made, "text/7");
    assert_null(memory_copy(NULL));
    free(copy);
    free(made);
}

static void
what_grows_keeps_its_items(void **state)
{
    (void)state;
    int *items = NULL;
    size_t room = 0;
    for (size_t count = 0; count < 1000; count++) {
        int *before = items;
        size_t had = room;
        items = memory_grow(items, &room, count + 1, sizeof(*items));
        assert_true(room > count && (had > count ? items == before : room >= 2 * had));
        assert_int_equal(items[count], 0);
        assert_int_equal(items[room - 1], 0);
        items[count] = (int)count + 1;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i + 1);
    items = memory_resize(items, 2, sizeof(*items));
    assert_int_equal(items[1], 2);
    free(items);
}

/* ---- the end ---- */

static void
ask_for_much(void)
{
    free(memory_calloc(SIZE_MAX / 2, 3));
}

static void
resize_to_much(void)
{
    free(memory_resize(NULL, SIZE_MAX / 4, 5));
}

static void
grow_to_much(void)
{
    size_t room = 0;
    free(memory_grow(NULL, &room, SIZE_MAX / 2, 8));
}

static void
grow_beyond_all(void)
{
    size_t room = 0;
    free(memory_grow(NULL, &room, SIZE_MAX, 1));
}

static void
need_what_is_not(void)
{
    memory_need(NULL);
}

static void
need_end(void (*ask)(void))
{
    char said[256] = "";
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        ask();
        _exit(0);
    }
    close(ends[1]);
    assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(said, "hindcast: out of memory"));
}

static void
too_much_ends_the_program(void **state)
{
    (void)state;
    need_end(ask_for_much);
    need_end(resize_to_much);
    need_end(grow_to_much);
    need_end(grow_beyond_all);
    need_end(need_what_is_not);
    memory_need("");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_is_cleared),
        cmocka_unit_test(texts_are_copies),
        cmocka_unit_test(what_grows_keeps_its_items),
        cmocka_unit_test(too_much_ends_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
