/*
 * Time that is left, and waits that are told once for each state.
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

#include "app/progress.h"
#include "app/wait_notice.h"
#include "base/clock.h"

static void
left_is(const char *wanted, int64_t took_ns, int64_t done, int64_t left)
{
    char text[PROGRESS_LEFT_TEXT];
    progress_left(took_ns, done, left, text);
    assert_string_equal(text, wanted);
}

static void
time_left_follows_from_what_was_done(void **state)
{
    (void)state;
    left_is(", about 31 s left", 10 * NS_PER_S, 100, 300);
    left_is(", about 2 h 46 min left", 10 * NS_PER_S, 1, 1000);
    left_is(", about 1 s left", 10 * NS_PER_S, 1000, 1);
    /* Too early, nothing done, nothing left, a total that is not known, no end in sight. */
    left_is("", NS_PER_S, 100, 300);
    left_is("", 10 * NS_PER_S, 0, 300);
    left_is("", 10 * NS_PER_S, 300, 0);
    left_is("", 10 * NS_PER_S, 300, -300);
    left_is("", NS_PER_DAY, 1, INT64_MAX);
    left_is("", 10 * NS_PER_S, 1, INT64_MIN);
}

/* What came to stderr while `act` ran. */
static char *
told(void (*act)(void))
{
    char path[] = "/tmp/hindcast-told.XXXXXX", *text = calloc(1, 4096);
    int file = mkstemp(path), before = dup(STDERR_FILENO);
    assert_true(text != NULL && file >= 0 && before >= 0);
    unlink(path);
    fflush(stderr);
    dup2(file, STDERR_FILENO);
    act();
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    assert_true(pread(file, text, 4095, 0) >= 0);
    close(file);
    return text;
}

static void
wait_and_go_on(void)
{
    struct wait_notice notice = {.command = "ingest"};
    wait_notice_over(&notice);
    wait_notice_tell(&notice, "the database is away");
    wait_notice_tell(&notice, "the database is away");
    wait_notice_tell(&notice, "the database is away");
    wait_notice_tell(&notice, "the database starts");
    wait_notice_over(&notice);
    wait_notice_over(&notice);
    wait_notice_tell(&notice, "the database starts");
}

static void
a_wait_is_told_once_for_each_state(void **state)
{
    (void)state;
    static const char before[] = "hindcast ingest: waiting: the database is away\n"
                                 "hindcast ingest: waiting: the database starts\n"
                                 "hindcast ingest: goes on after ";
    char *text = told(wait_and_go_on);
    assert_memory_equal(text, before, sizeof(before) - 1);
    assert_string_equal(strchr(text + sizeof(before), '\n'),
                        "\nhindcast ingest: waiting: the database starts\n");
    free(text);
}

static void
wait_for_long_reasons(void)
{
    struct wait_notice notice = {.command = "status"};
    char reason[400];
    memset(reason, 'x', sizeof(reason) - 1);
    reason[sizeof(reason) - 1] = '\0';
    for (int i = 0; i < 3; i++) {
        reason[390] = (char)('0' + i); /* beyond what is kept */
        wait_notice_tell(&notice, reason);
    }
}

static void
a_reason_that_is_cut_is_told_once_too(void **state)
{
    (void)state;
    char *text = told(wait_for_long_reasons);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_left_follows_from_what_was_done),
        cmocka_unit_test(a_wait_is_told_once_for_each_state),
        cmocka_unit_test(a_reason_that_is_cut_is_told_once_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
