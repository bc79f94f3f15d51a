/*
 * The processes beside a run: started before its first record, looked after while it goes on, ended
 * with it. See beside.h; main thread of the harness, but for what the companions themselves call.
 */
#include "tests/crash/beside.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
    const char *name;
    void (*run)(struct run *run);
} kinds[COMPANIONS] = {{"correlators", correlators_main}, {"reader", reader_main}};

volatile bool beside_stop;

/* What all runs together had of it; names are those that companions tell. */
static struct total {
    char name[64];
    int64_t count;
} totals[64];

static void
stop(int number)
{
    (void)number;
    beside_stop = true;
}

static void
story_path(const struct run *run, const char *name, char *out, size_t size)
{
    char file[64];
    snprintf(file, sizeof(file), "%s.txt", name);
    run_path(run, file, out, size);
}

/* Its story, and as the last line why it failed. */
static void
write_story(const struct run *run, const char *name)
{
    char path[512];
    story_path(run, name, path, sizeof(path));
    FILE *file = fopen(path, "we");
    if (file == NULL)
        return;
    fwrite(run->story.ptr, 1, run->story.len, file);
    if (run->why[0] != '\0') {
        for (const char *at = run->why; *at != '\0'; at++)
            fputc(*at == '\n' ? ' ' : *at, file);
        fputc('\n', file);
    }
    fclose(file);
}

/* It must not outlive the harness, and touches nothing of what it had from it but the plan. */
static void
become(const struct run *of, size_t kind)
{
    struct run *run = calloc(1, sizeof(*run));
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTERM, stop);
    run->plan = of->plan;
    memcpy(run->topic, of->topic, sizeof(run->topic));
    strbuf_init(&run->story, 0);
    if (setjmp(run->failed) == 0)
        kinds[kind].run(run);
    write_story(run, kinds[kind].name);
    _exit(run->why[0] == '\0' ? 0 : 1);
}

void
beside_start(struct run *run)
{
    for (size_t i = 0; i < COMPANIONS; i++) {
        struct companion *companion = &run->companions[i];
        fflush(stdout);
        pid_t pid = fork();
        if (pid < 0)
            fail_run(run, "fork: %s", strerror(errno));
        if (pid == 0)
            become(run, i);
        *companion = (struct companion){pid, kinds[i].name};
    }
}

/* "count NAME N": what is added up; other lines are told where a run is. */
static void
take_line(struct run *run, const char *name, char *line, char *last, size_t size)
{
    char word[64];
    long long count;
    line[strcspn(line, "\n")] = '\0';
    if (sscanf(line, "# %*s count %63s %lld", word, &count) != 2) {
        snprintf(last, size, "%s", line);
        if (line[0] == '#')
            tell(run, "%s: %s", name, line + 2);
        return;
    }
    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
        if (totals[i].name[0] == '\0' || strcmp(totals[i].name, word) == 0) {
            memcpy(totals[i].name, word, sizeof(word));
            totals[i].count += count;
            return;
        }
}

static void
read_story(struct run *run, const char *name, char *last, size_t size)
{
    char path[512], line[1200];
    story_path(run, name, path, sizeof(path));
    FILE *file = fopen(path, "re");
    snprintf(last, size, "nothing is told");
    if (file == NULL)
        return;
    while (fgets(line, sizeof(line), file) != NULL)
        take_line(run, name, line, last, size);
    fclose(file);
    (void)unlink(path);
}

static void
ended(struct run *run, struct companion *companion, int status)
{
    char last[1000];
    companion->pid = 0;
    read_story(run, companion->name, last, sizeof(last));
    if (status != 0)
        fail_run(run, "%s beside (wait status %x): %s", companion->name, (unsigned)status, last);
}

void
beside_look(struct run *run)
{
    int status;
    for (size_t i = 0; i < COMPANIONS; i++)
        if (run->companions[i].pid > 0 &&
            waitpid(run->companions[i].pid, &status, WNOHANG) == run->companions[i].pid) {
            ended(run, &run->companions[i], status);
            fail_run(run, "%s beside ended by itself", run->companions[i].name);
        }
}

/* In their order: whoever reads sees the end of the others. */
void
beside_finish(struct run *run)
{
    for (size_t i = 0; i < COMPANIONS; i++) {
        struct companion *companion = &run->companions[i];
        int status;
        int64_t until = clock_monotonic_ns() + 3 * WAIT_NS;
        kill(companion->pid, SIGTERM);
        while (waitpid(companion->pid, &status, WNOHANG) == 0) {
            if (clock_monotonic_ns() > until)
                fail_run(run, "%s beside does not end", companion->name);
            nanosleep(&(struct timespec){0, 2 * NS_PER_MS}, NULL);
        }
        ended(run, companion, status);
    }
}

/* Those that they started end with them. */
void
beside_kill(struct run *run)
{
    char ignored[16];
    for (size_t i = 0; i < COMPANIONS; i++) {
        if (run->companions[i].pid <= 0)
            continue;
        kill(run->companions[i].pid, SIGKILL);
        (void)waitpid(run->companions[i].pid, NULL, 0);
        run->companions[i].pid = 0;
        read_story(run, run->companions[i].name, ignored, sizeof(ignored));
    }
}

void
beside_summary(void)
{
    printf("# beside them:");
    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]) && totals[i].name[0] != '\0'; i++)
        printf(" %s %lld", totals[i].name, (long long)totals[i].count);
    printf("\n");
}
