/*
 * Programs beside a run, started and looked after: see beside.h. Called by correlators.c on the
 * only thread of its process.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/crash/beside.h"

static const char *const words[] = {"follow", "rebuild", "decide"};

void
hand_log(const struct hands *hands, const struct hand *hand, char *out, size_t size)
{
    char name[64];
    snprintf(name, sizeof(name), "%s-%d.log", words[hand->kind], hand->id);
    run_path(hands->run, name, out, size);
}

static void
become(const struct hands *hands, const struct hand *hand, const char *incident)
{
    char path[512], title[96];
    const char *program = getenv("HINDCAST");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    hand_log(hands, hand, path, sizeof(path));
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (hand->armed)
        setenv("HINDCAST_FAILPOINT", hand->failpoint, 1);
    /* Its backends are told by it, as those of workers are. */
    snprintf(title, sizeof(title), "-c crash.process=hand-%d", hand->id);
    setenv("PGOPTIONS", title, 1);
    snprintf(title, sizeof(title), "%s of %d", hands->run->topic, hand->id);
    if (hand->kind == HAND_FOLLOWS)
        execl(program, program, "correlate", "--follow", "--correlate-interval", "200ms",
              (char *)NULL);
    else if (hand->kind == HAND_REBUILDS)
        execl(program, program, "correlate", "--rebuild", (char *)NULL);
    else
        execl(program, program, "decide", "title", incident, title, (char *)NULL);
    _exit(127);
}

void
hand_start(struct hands *hands, struct hand *hand, const char *failpoint, const char *incident)
{
    hand->id = ++hands->last_id;
    hand->armed = failpoint != NULL;
    snprintf(hand->failpoint, sizeof(hand->failpoint), "%s", failpoint == NULL ? "" : failpoint);
    hand->killed = hand->terminated = hand->stopped = hand->anywhere = false;
    tell(hands->run, "%s %d starts%s%s", words[hand->kind], hand->id,
         hand->armed ? ", armed with " : "", hand->failpoint);
    hand->pid = fork();
    if (hand->pid < 0)
        fail_run(hands->run, "fork: %s", strerror(errno));
    if (hand->pid == 0)
        become(hands, hand, incident);
}

/* Whether its log says so. */
static bool
says(const struct hands *hands, const struct hand *hand, const char *text)
{
    char path[512], line[1024];
    bool found = false;
    hand_log(hands, hand, path, sizeof(path));
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    while (!found && fgets(line, sizeof(line), file) != NULL)
        found = strstr(line, text) != NULL;
    fclose(file);
    return found;
}

/* The server is restarted in some runs: who does something once says then that it was not there. */
static bool
server_went(const struct run *run)
{
    for (int i = 0; i < run->plan.action_count; i++)
        if (run->plan.actions[i].kind == ACTION_POSTGRES)
            return true;
    return false;
}

/* What may come of a run that does something once, beside others that do the same. */
static bool
may_end_so(struct hands *hands, const struct hand *hand, int code)
{
    if (hand->terminated || (code == 4 && server_went(hands->run)))
        return true;
    if (hand->kind == HAND_DECIDES)
        return code == 1 && says(hands, hand, "no incident");
    bool overtaken = hand->kind == HAND_REBUILDS && says(hands, hand, "another correlator saved");
    hands->overtaken += overtaken;
    return overtaken;
}

/* One that was so new that it did not listen to signals yet ends by the signal. */
static bool
ended_as_told(struct hands *hands, const struct hand *hand, int status)
{
    if (WIFSIGNALED(status))
        return hand->terminated && WTERMSIG(status) == SIGTERM;
    if (hand->kind == HAND_FOLLOWS)
        return hand->terminated && WEXITSTATUS(status) == 0;
    return WEXITSTATUS(status) == 0 || may_end_so(hands, hand, WEXITSTATUS(status));
}

static void
ended(struct hands *hands, struct hand *hand, int status)
{
    char path[512];
    hand->pid = 0;
    bool dead = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    bool struck = dead && hand->armed && !hand->killed;
    if (struck)
        tell(hands->run, "%s %d: %s struck", words[hand->kind], hand->id, hand->failpoint);
    else if (!(dead && hand->killed) && !ended_as_told(hands, hand, status))
        fail_run(hands->run, "%s %d ended by itself, wait status %x", words[hand->kind], hand->id,
                 (unsigned)status);
    hands->strikes += struck;
    hands->decided += hand->kind == HAND_DECIDES && status == 0;
    hands->rebuilds += hand->kind == HAND_REBUILDS && status == 0;
    hand_log(hands, hand, path, sizeof(path));
    if (hand->kind != HAND_FOLLOWS)
        (void)unlink(path); /* those of others are read at the end */
}

void
hands_look(struct hands *hands)
{
    for (size_t i = 0; i < sizeof(hands->all) / sizeof(hands->all[0]); i++) {
        struct hand *hand = &hands->all[i];
        int status;
        if (hand->pid == 0 || waitpid(hand->pid, &status, WNOHANG | WUNTRACED) <= 0)
            continue;
        if (!WIFSTOPPED(status)) {
            ended(hands, hand, status);
            continue;
        }
        hand->stopped = true;
        bool at_failpoint = hand->armed && !hand->anywhere;
        hands->strikes += at_failpoint;
        tell(hands->run, "%s %d stands still%s%s", words[hand->kind], hand->id,
             at_failpoint ? " at " : "", at_failpoint ? hand->failpoint : "");
    }
}
