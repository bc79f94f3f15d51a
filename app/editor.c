/*
 * A person's editor: see editor.h.
 */
#include "app/editor.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

bool
editor_has_terminal(void)
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

static const char *
choose(void)
{
    const char *command = getenv("VISUAL");
    if (command == NULL || command[0] == '\0')
        command = getenv("EDITOR");
    return command == NULL || command[0] == '\0' ? "vi" : command;
}

/* What the terminal sends on ^C and ^\ is for the editor: we wait for it, as a shell does. */
static int
spawn(char *const arguments[], pid_t *ret_pid)
{
    posix_spawnattr_t attributes;
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGQUIT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int number = posix_spawn(ret_pid, "/bin/sh", NULL, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    return number;
}

int
editor_edit(const char *path, struct err *err)
{
    /* The shell takes the command apart, which may have options; the path stays one word. */
    char *script = memory_copy("eval \"$0 \\\"\\$1\\\"\"");
    char *command = memory_copy(choose()), *file = memory_copy(path);
    char *arguments[] = {(char *)"sh", (char *)"-c", script, command, file, NULL};
    pid_t pid;
    struct sigaction ignored = {.sa_handler = SIG_IGN}, interrupt, quit;
    sigaction(SIGINT, &ignored, &interrupt);
    sigaction(SIGQUIT, &ignored, &quit);
    int status = 0, number = spawn(arguments, &pid);
    while (number == 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    if (number != 0)
        err_set_errno(err, ERR_FAILED, number, "cannot run the editor");
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        number = err_set(err, ERR_FAILED, "the editor '%s' ended with an error", command);
    free(script);
    free(command);
    free(file);
    return number == 0 ? 0 : -1;
}

char
editor_ask(const char *question)
{
    char answer[64];
    fputs(question, stdout);
    fflush(stdout);
    if (fgets(answer, sizeof(answer), stdin) == NULL)
        return 'n';
    return answer[0];
}
