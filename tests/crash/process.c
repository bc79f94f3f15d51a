/*
 * The workers of a run: real `hindcast ingest` processes, see crash.h. Main thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/crash/crash.h"
#include "tests/lib/kafkatest.h"

static const char *program, *folder;
static int last_id;

void
processes_init(const char *path, const char *logs)
{
    program = path;
    folder = logs;
}

void
run_path(const struct run *run, const char *name, char *out, size_t size)
{
    snprintf(out, size, "%s/seed-%llu-%s", folder, (unsigned long long)run->plan.seed, name);
}

static void
log_path(const struct run *run, const struct process *process, char *out, size_t size)
{
    char name[64];
    snprintf(name, sizeof(name), "process-%d.log", process->id);
    run_path(run, name, out, size);
}

static void
set_number(const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof(text), "%lld", (long long)value);
    setenv(name, text, 1);
}

/* Session and polls are as short as the broker allows, so that a run takes seconds. */
static void
set_environment(const struct run *run, const struct process *process, const char *failpoint)
{
    char options[64];
    snprintf(options, sizeof(options), "-c crash.process=%d", process->id);
    setenv("PGOPTIONS", options, 1);
    setenv("HINDCAST_KAFKA_GROUP", run->group, 1);
    setenv("HINDCAST_KAFKA_TOPICS", run->topic, 1);
    setenv("HINDCAST_INGEST_SCOPE_BY", "attribute:tenant", 1);
    setenv("HINDCAST_INGEST_SCOPES", "t0 t1 t2 t3", 1);
    setenv("HINDCAST_KAFKA_BROKERS", kafkatest_brokers(), 1);
    set_number("HINDCAST_INGEST_BATCH_ROWS", run->plan.batch_rows);
    setenv("HINDCAST_INGEST_BATCH_TIME", "100ms", 1);
    set_number("HINDCAST_INGEST_WORKERS", run->plan.threads);
    set_number("HINDCAST_RDKAFKA_SESSION_TIMEOUT_MS", SESSION_MS);
    set_number("HINDCAST_RDKAFKA_HEARTBEAT_INTERVAL_MS", SESSION_MS / 6);
    set_number("HINDCAST_RDKAFKA_MAX_POLL_INTERVAL_MS", 2 * SESSION_MS);
    setenv("HINDCAST_RDKAFKA_RECONNECT_BACKOFF_MAX_MS", "500", 1);
    setenv("HINDCAST_RDKAFKA_TOPIC_METADATA_REFRESH_INTERVAL_MS", "500", 1);
    if (failpoint != NULL)
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
}

static void
become_worker(const struct run *run, const struct process *process, const char *failpoint,
              bool once)
{
    char path[512];
    set_environment(run, process, failpoint);
    log_path(run, process, path, sizeof(path));
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644), in = open("/dev/null", O_RDONLY);
    if (out >= 0 && in >= 0) {
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execl(program, program, "ingest", once ? "--once" : NULL, (char *)NULL);
    }
    _exit(127);
}

struct process *
process_start(struct run *run, const char *failpoint, bool once)
{
    if (run->process_count == PROCESSES_MAX)
        fail_run(run, "the plan starts too many processes");
    struct process *process = &run->processes[run->process_count++];
    *process = (struct process){.id = ++last_id, .armed = failpoint != NULL};
    tell(run, "process %d starts%s%s%s", process->id, once ? " with --once" : "",
         failpoint == NULL ? "" : ", armed with ", failpoint == NULL ? "" : failpoint);
    pid_t pid = fork();
    if (pid < 0)
        fail_run(run, "fork: %s", strerror(errno));
    if (pid == 0)
        become_worker(run, process, failpoint, once);
    process->pid = pid;
    return process;
}

struct process *
process_pick(struct run *run, struct rng *rng)
{
    struct process *found[PROCESSES_MAX];
    int count = 0;
    for (int i = 0; i < run->process_count; i++)
        if (run->processes[i].pid != 0 && !run->processes[i].stopped)
            found[count++] = &run->processes[i];
    return count == 0 ? NULL : found[rng_below(rng, count)];
}

int
process_alive(const struct run *run)
{
    int alive = 0;
    for (int i = 0; i < run->process_count; i++)
        alive += run->processes[i].pid != 0 && !run->processes[i].stopped;
    return alive;
}

void
process_signal(struct process *process, int number)
{
    kill(process->pid, number);
    if (number == SIGSTOP)
        process->stopped = true;
    if (number == SIGCONT)
        process->stopped = false;
}

/* Only what is expected to end may end: an armed worker by its failpoint, with SIGKILL. */
static void
ended(struct run *run, struct process *process, int status)
{
    process->pid = 0;
    process->stopped = false;
    if (process->armed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return;
    if (WIFSIGNALED(status))
        fail_run(run, "process %d ended by itself, with signal %d", process->id, WTERMSIG(status));
    fail_run(run, "process %d ended by itself, with exit code %d", process->id,
             WEXITSTATUS(status));
}

bool
process_look(struct run *run, struct process *wanted)
{
    beside_look(run);
    for (int i = 0; i < run->process_count; i++) {
        struct process *process = &run->processes[i];
        int status;
        if (process->pid == 0 || waitpid(process->pid, &status, WNOHANG | WUNTRACED) <= 0)
            continue;
        if (WIFSTOPPED(status))
            process->stopped = true;
        else
            ended(run, process, status);
    }
    return wanted != NULL && wanted->pid != 0;
}

int
process_finish(struct run *run, struct process *process)
{
    int status;
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (waitpid(process->pid, &status, WNOHANG) == 0) {
        if (clock_monotonic_ns() > until)
            fail_run(run, "process %d does not end", process->id);
        nanosleep(&(struct timespec){0, 2 * NS_PER_MS}, NULL);
    }
    process->pid = 0;
    process->stopped = false;
    return status;
}

void
process_stop(struct run *run, struct process *process)
{
    tell(run, "process %d gets SIGTERM", process->id);
    int64_t began = clock_monotonic_ns();
    process_signal(process, SIGTERM);
    int status = process_finish(run, process);
    if (clock_monotonic_ns() - began > STOP_NS)
        fail_run(run, "process %d ended %lld ms after SIGTERM", process->id,
                 (long long)((clock_monotonic_ns() - began) / NS_PER_MS));
    if (WIFSIGNALED(status) && (WTERMSIG(status) == (process->armed ? SIGKILL : SIGTERM)))
        return; /* its failpoint; or it was so new that it did not listen to signals yet */
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_run(run, "process %d did not stop well: wait status %x", process->id,
                 (unsigned)status);
}

void
process_kill(struct run *run, struct process *process)
{
    tell(run, "process %d gets SIGKILL", process->id);
    process_signal(process, SIGKILL);
    (void)process_finish(run, process);
}

bool
process_wait_stopped(struct run *run, struct process *process)
{
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (process_look(run, process) && !process->stopped) {
        if (database_committed(run) >= run->allowed)
            return false;
        if (clock_monotonic_ns() > until)
            fail_run(run, "the failpoint of process %d is never met", process->id);
        nanosleep(&(struct timespec){0, 2 * NS_PER_MS}, NULL);
    }
    return process->stopped;
}

void
process_kill_all(struct run *run)
{
    for (int i = 0; i < run->process_count; i++) {
        struct process *process = &run->processes[i];
        if (process->pid == 0)
            continue;
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        process->pid = 0;
    }
    if (run->rebuild > 0) {
        kill(run->rebuild, SIGKILL);
        (void)waitpid(run->rebuild, NULL, 0);
        run->rebuild = 0;
    }
}

void
process_logs(struct run *run, bool keep)
{
    for (int i = 0; i < run->process_count; i++) {
        char path[512];
        log_path(run, &run->processes[i], path, sizeof(path));
        if (!keep)
            (void)unlink(path);
    }
}
