/*
 * What the program does at a terminal (a pager, colour) and what it does not elsewhere. Runs it on
 * a pseudo-terminal with commands that need no server.
 */
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"

#define CONTROL "\033["

struct shown {
    struct strbuf text; /* what came to the terminal, or into the pipe */
    int code;           /* exit code; 128 + signal */
};

static const char *
program(void)
{
    const char *path = getenv("HINDCAST");
    return path == NULL ? "build/debug/hindcast" : path;
}

/* `command` is a shell's, with $H for the program; the environment is set in it. */
static void
execute(const char *command)
{
    static const char *const unset[] = {"PAGER", "HINDCAST_PAGER", "NO_COLOR", "LESS"};
    for (size_t i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
        unsetenv(unset[i]);
    setenv("H", program(), 1);
    setenv("TERM", "xterm", 1);
    alarm(60); /* something that waits for a key must not hold up the tests */
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static void
gather(int from, pid_t pid, struct shown *ret)
{
    char piece[4096];
    ssize_t got;
    int status;
    strbuf_init(&ret->text, 0);
    /* At the end of the other side Linux gives EIO. */
    while ((got = read(from, piece, sizeof(piece))) > 0)
        for (ssize_t i = 0; i < got; i++)
            if (piece[i] != '\r')
                strbuf_add_char(&ret->text, piece[i]);
    close(from);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    ret->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    strbuf_add_text(&ret->text, "");
}

static void
on_terminal(const char *command, struct shown *ret)
{
    struct winsize size = {.ws_row = 24, .ws_col = 100};
    int terminal;
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    assert_true(pid >= 0);
    if (pid == 0)
        execute(command);
    gather(terminal, pid, ret);
}

static void
in_pipe(const char *command, struct shown *ret)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execute(command);
    }
    close(ends[1]);
    gather(ends[0], pid, ret);
}

static bool
has(const struct shown *shown, const char *text)
{
    return shown->text.ptr != NULL && strstr(shown->text.ptr, text) != NULL;
}

#define ON_TERMINAL(command, has_what, wanted)                                                     \
    do {                                                                                           \
        struct shown shown_;                                                                       \
        on_terminal((command), &shown_);                                                           \
        if (has(&shown_, (has_what)) != (wanted) || shown_.code != 0)                              \
            fail_msg("%s\nended %d and showed\n%s", (command), shown_.code, shown_.text.ptr);      \
        strbuf_release(&shown_.text);                                                              \
    } while (0)

#define PAGED "paged:alertmanager"
#define MARK "'sed s/^/paged:/'"

static void
a_pager_shows_what_is_for_reading(void **state)
{
    (void)state;
    ON_TERMINAL("HINDCAST_PAGER=" MARK " $H formats", PAGED, true);
    ON_TERMINAL("PAGER=" MARK " $H formats", PAGED, true);
    ON_TERMINAL("PAGER=" MARK " $H --help", "paged:usage: hindcast", true);
    ON_TERMINAL("PAGER=" MARK " $H status --help", "paged:hindcast status:", true);
    /* less leaves what fits on a screen, and is told to by LESS. */
    ON_TERMINAL("PAGER='echo LESS is $LESS; cat' $H formats", "LESS is FRX", true);
    ON_TERMINAL("LESS=S PAGER='echo LESS is $LESS; cat' $H formats", "LESS is S\n", true);
}

static void
no_pager_where_none_is_wanted(void **state)
{
    (void)state;
    ON_TERMINAL("PAGER=" MARK " $H formats --no-pager", "paged:", false);
    ON_TERMINAL("PAGER=" MARK " $H --no-pager formats", "paged:", false);
    ON_TERMINAL("PAGER=" MARK " HINDCAST_PAGER= $H formats", "paged:", false);
    ON_TERMINAL("PAGER=" MARK " HINDCAST_PAGER=cat $H formats", "paged:", false);
    ON_TERMINAL("PAGER=" MARK " TERM=dumb $H formats", "paged:", false);
    /* One that is not installed would swallow the output. */
    ON_TERMINAL("PAGER=no-such-pager $H formats", "alertmanager", true);
    /* A version is no text for reading. */
    ON_TERMINAL("PAGER=" MARK " $H --version", "paged:", false);
}

static void
a_pager_changes_no_exit_code(void **state)
{
    (void)state;
    struct shown shown;
    ON_TERMINAL("PAGER='cat >/dev/null; exit 3' $H formats", "hindcast:", false);
    ON_TERMINAL("PAGER=true $H help --format md", "hindcast:", false);
    ON_TERMINAL("PAGER='head -n 1' $H help --format md", "hindcast:", false);
    on_terminal("PAGER=" MARK " $H config --config /nonexistent", &shown);
    assert_int_equal(shown.code, 3);
    assert_true(has(&shown, "hindcast: cannot read the configuration file"));
    assert_false(has(&shown, "paged:"));
    strbuf_release(&shown.text);
}

static void
elsewhere_there_is_neither_pager_nor_colour(void **state)
{
    (void)state;
    struct shown shown;
    in_pipe("PAGER=" MARK " $H formats", &shown);
    assert_int_equal(shown.code, 0);
    assert_true(has(&shown, "FORMAT "));
    assert_false(has(&shown, "paged:"));
    assert_false(has(&shown, CONTROL));
    strbuf_release(&shown.text);
    in_pipe("$H formats | true", &shown);
    assert_string_equal(shown.text.ptr, "");
    strbuf_release(&shown.text);
}

static void
colour_is_for_terminals_and_can_be_refused(void **state)
{
    (void)state;
    struct shown shown;
    ON_TERMINAL("PAGER=cat $H formats", CONTROL "1mFORMAT", true);
    ON_TERMINAL("PAGER=cat NO_COLOR= $H formats", CONTROL, true);
    ON_TERMINAL("PAGER=cat NO_COLOR=1 $H formats", CONTROL, false);
    ON_TERMINAL("PAGER=cat TERM=dumb $H formats", CONTROL, false);
    ON_TERMINAL("PAGER=cat $H formats --color never", CONTROL, false);
    ON_TERMINAL("PAGER=cat NO_COLOR=1 $H --color=always formats", CONTROL, true);
    ON_TERMINAL("PAGER=cat $H formats --format md", CONTROL, false);
    in_pipe("$H formats --color always", &shown);
    assert_true(has(&shown, CONTROL "1mFORMAT"));
    strbuf_release(&shown.text);
    in_pipe("$H formats --color sometimes", &shown);
    assert_int_equal(shown.code, 2);
    assert_string_equal(
        shown.text.ptr,
        "hindcast: formats: --color takes auto, always or never, not 'sometimes'\n");
    strbuf_release(&shown.text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pager_shows_what_is_for_reading),
        cmocka_unit_test(no_pager_where_none_is_wanted),
        cmocka_unit_test(a_pager_changes_no_exit_code),
        cmocka_unit_test(elsewhere_there_is_neither_pager_nor_colour),
        cmocka_unit_test(colour_is_for_terminals_and_can_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
