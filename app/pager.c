/*
 * Starting and awaiting a pager: see pager.h.
 */
#include "app/pager.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

static pid_t pager; /* 0: none runs */

/* A plain word that no folder of PATH has would only lose the output: the shell decides the rest.
 */
static bool
installed(const char *command)
{
    size_t length = strcspn(command, " \t");
    const char *path = getenv("PATH");
    if (strpbrk(command, "/|&;<>()$`\\\"'*?[#~=%") != NULL || path == NULL)
        return true;
    while (*path != '\0') {
        char full[PATH_MAX];
        size_t folder = strcspn(path, ":");
        snprintf(full, sizeof(full), "%.*s/%.*s", (int)folder, path, (int)length, command);
        if (access(full, X_OK) == 0)
            return true;
        path += folder;
        path += *path == ':';
    }
    return false;
}

const char *
pager_choose(void)
{
    const char *command = getenv("HINDCAST_PAGER");
    if (command == NULL)
        command = getenv("PAGER");
    if (command == NULL)
        command = "less";
    if (command[0] == '\0' || strcmp(command, "cat") == 0 || !installed(command))
        return NULL;
    return command;
}

/* Its signals are the ordinary ones: this program ignores some, and a child would inherit that. */
static int
spawn(const char *command, int from, pid_t *ret_pid)
{
    char *arguments[] = {(char *)"sh", (char *)"-c", memory_copy(command), NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGXFSZ);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    int number = posix_spawn(ret_pid, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    free(arguments[2]);
    return number;
}

bool
pager_start(const char *command)
{
    int ends[2];
    pid_t pid;
    assert(pager == 0); /* one for all that is printed */
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    /* less: leave what fits on one screen, let colours through, do not clear the screen. */
    setenv("LESS", "FRX", 0);
    bool started = spawn(command, ends[0], &pid) == 0;
    if (started && dup2(ends[1], STDOUT_FILENO) >= 0) {
        pager = pid;
        signal(SIGINT, SIG_IGN);
        signal(SIGQUIT, SIG_IGN);
    }
    close(ends[0]);
    close(ends[1]);
    return pager != 0;
}

void
pager_wait(void)
{
    while (pager != 0 && waitpid(pager, NULL, 0) < 0 && errno == EINTR)
        continue;
    pager = 0;
}
