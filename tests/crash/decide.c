/*
 * Two people decide while workers commit and a rebuild runs, see crash.h: one of them is killed at
 * a failpoint between two rows, before the commit or after it. All of what somebody decided is
 * there, or nothing; carried over again it is there once. Main thread.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/crash/crash.h"

#define LINES 5     /* decisions of each of the two */
#define OVERTAKEN 4 /* exit code */

static const struct {
    const char *name;
    int rows; /* that are there when it is killed */
} strikes[] = {
    {"decide_between:3", 0}, {"decide_before_commit", 0}, {"decide_after_commit", LINES}};

static void
file_path(const struct run *run, const char *who, char *out, size_t size)
{
    char name[64];
    snprintf(name, sizeof(name), "%s.jsonl", who);
    run_path(run, name, out, size);
}

/* About incidents that are not there, so that what the records give has no part in it. */
static void
write_file(struct run *run, const char *who)
{
    char path[512];
    file_path(run, who, path, sizeof(path));
    FILE *file = fopen(path, "we");
    if (file == NULL)
        fail_run(run, "%s: %s", path, strerror(errno));
    for (int i = 0; i < LINES; i++)
        fprintf(file,
                "{\"at\":\"2026-03-01T10:00:0%dZ\",\"author\":\"%s\",\"incident\":\"%032x\","
                "\"value\":\"%s\",\"verb\":\"title\"}\n",
                i, who, (unsigned)i, run->topic);
    fclose(file);
}

static pid_t
start(struct run *run, const char *who, const char *failpoint)
{
    char path[512];
    const char *program = getenv("HINDCAST");
    pid_t child = fork();
    if (child < 0)
        fail_run(run, "fork: %s", strerror(errno));
    if (child > 0)
        return child;
    if (failpoint != NULL)
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
    if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
        _exit(127);
    file_path(run, who, path, sizeof(path));
    if (who[0] == '\0')
        execl(program, program, "correlate", "--rebuild", (char *)NULL);
    else
        execl(program, program, "decide", "--file", path, (char *)NULL);
    _exit(127);
}

static int
end_of(struct run *run, pid_t child)
{
    int status;
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (clock_monotonic_ns() > until) {
            kill(child, SIGKILL);
            (void)waitpid(child, NULL, 0);
            fail_run(run, "somebody who decides does not end");
        }
        nanosleep(&(struct timespec){0, 2 * NS_PER_MS}, NULL);
    }
    return status;
}

static void
must_end_well(struct run *run, pid_t child, const char *what)
{
    int status = end_of(run, child);
    if (status != 0)
        fail_run(run, "%s ended with wait status %x", what, (unsigned)status);
}

static void
must_have(struct run *run, const char *who, int64_t rows, const char *when)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM review.decision WHERE content::jsonb ->> 'value' = $1"
             " AND content::jsonb ->> 'author' = '%s'",
             who);
    int64_t found = database_int(run, sql);
    if (found != rows)
        fail_run(run, "%s %lld decisions of %s are there, not %lld", when, (long long)found, who,
                 (long long)rows);
}

void
decide_beside(struct run *run)
{
    size_t at = run->plan.seed % (sizeof(strikes) / sizeof(strikes[0]));
    tell(run, "two decide beside a rebuild; one is killed at %s", strikes[at].name);
    write_file(run, "ana");
    write_file(run, "ben");
    pid_t rebuild = start(run, "", NULL);
    pid_t ana = start(run, "ana", strikes[at].name), ben = start(run, "ben", NULL);
    int status = end_of(run, ana);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_run(run, "%s was not met: wait status %x", strikes[at].name, (unsigned)status);
    must_have(run, "ana", strikes[at].rows, "after the kill");
    must_end_well(run, ben, "who decides beside it");
    must_have(run, "ben", LINES, "beside the kill");
    must_end_well(run, start(run, "ana", NULL), "who decides again");
    must_have(run, "ana", LINES, "carried over again,");
    /* Correlators that follow may save something newer before it, again and again. */
    status = end_of(run, rebuild);
    if (status != 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == OVERTAKEN))
        fail_run(run, "the rebuild meanwhile ended with wait status %x", (unsigned)status);
}

void
decide_check(struct run *run)
{
    static const char *const people[] = {"ana", "ben"};
    char path[512];
    int64_t told = database_int(run, "SELECT count(*) FROM correlate.node WHERE source = 'decided'"
                                     " AND title = 'title: ' || $1");
    if (told != (int64_t)2 * LINES)
        fail_run(run, "%lld decisions are told of, not %d", (long long)told, 2 * LINES);
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        file_path(run, people[i], path, sizeof(path));
        (void)unlink(path);
    }
}
