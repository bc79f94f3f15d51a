/*
 * Disturbances in which something stands still and others go on: see crash.h. Main thread.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/crash/crash.h"

void
end_others(struct run *run, const struct process *but, bool hard)
{
    for (int i = 0; i < run->process_count; i++) {
        struct process *process = &run->processes[i];
        if (process == but || process->pid == 0)
            continue;
        if (hard || process->stopped)
            process_kill(run, process);
        else
            process_stop(run, process);
    }
}

struct process *
start_armed(struct run *run, const struct action *action, bool stop)
{
    char failpoint[128];
    snprintf(failpoint, sizeof(failpoint), "%s:%d%s", action->name, action->nth,
             stop ? ":stop" : "");
    return process_start(run, failpoint, false);
}

/* There may be none for it: more members than partitions. Then the others do all the work. */
void
wait_for_partitions(struct run *run, struct process *process, const struct action *action)
{
    char sql[256];
    int64_t until = clock_monotonic_ns() + 3 * SESSION_MS * NS_PER_MS;
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM evidence.stream WHERE topic = $1 "
             "AND split_part(owner_name, ':', 2) = '%ld'",
             (long)process->pid);
    while (process_look(run, process) && !process->stopped && database_int(run, sql) == 0 &&
           clock_monotonic_ns() < until)
        nanosleep(&(struct timespec){0, 2 * NS_PER_MS}, NULL);
    feed_allow(run, action->upto);
}

static void
pause_for(int64_t ns)
{
    nanosleep(&(struct timespec){ns / NS_PER_S, ns % NS_PER_S}, NULL);
}

/* The owner's name is host:process:worker. */
static void
wait_until_taken_over(struct run *run, const struct process *process)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
             "SELECT (count(*) = 0)::integer FROM evidence.stream WHERE topic = $1 "
             "AND split_part(owner_name, ':', 2) = '%ld'",
             (long)process->pid);
    database_wait(run, sql, 1, "others do not take the partitions of a worker that stands still");
}

/* Its locks must be in nobody's way: the others have to be able to finish. */
static void
wake_up_late(struct run *run, struct process *process, const struct action *action)
{
    if (process_alive(run) == 0)
        process_start(run, NULL, false);
    wait_until_taken_over(run, process);
    tell(run, "others have all partitions of process %d", process->id);
    if (action->choice % 3 != 0) {
        feed_wait(run, run->allowed);
        database_wait_committed(run, run->allowed);
        tell(run, "others have committed all there is");
    }
    tell(run, "process %d goes on", process->id);
    process_signal(process, SIGCONT);
    pause_for(action->delay_us * NS_PER_US);
    if (action->choice % 2 == 0 && process_look(run, process))
        process_kill(run, process);
}

void
disturb_zombie(struct run *run, const struct action *action)
{
    if (action->choice < 50)
        end_others(run, NULL, action->choice < 40);
    struct process *process = start_armed(run, action, true);
    wait_for_partitions(run, process, action);
    if (!process_wait_stopped(run, process)) {
        tell(run, "%s was not met", action->name);
        process_kill(run, process);
        return;
    }
    tell(run, "process %d stands still", process->id);
    wake_up_late(run, process, action);
}

void
disturb_freeze(struct run *run, const struct action *action)
{
    struct rng rng = {(uint64_t)action->delay_us};
    struct process *process = process_pick(run, &rng);
    tell(run, "process %d is stopped", process->id);
    process_signal(process, SIGSTOP);
    if (action->choice < 70) {
        wake_up_late(run, process, action);
        return;
    }
    pause_for(10 * action->delay_us * NS_PER_US);
    tell(run, "process %d goes on soon", process->id);
    process_signal(process, SIGCONT);
}

#define INGESTING "application_name LIKE 'hindcast ingest%' AND datname = current_database()"

/* A worker that is stopped in mid-COPY loses its backend, and goes on at once. */
static void
terminate_stopped(struct run *run, const struct action *action)
{
    char sql[256];
    struct action in_copy = *action;
    if (strstr(action->name, "_in_copy_") == NULL)
        in_copy.name = "commit_in_copy_log";
    end_others(run, NULL, true);
    struct process *process = start_armed(run, &in_copy, true);
    if (!process_wait_stopped(run, process)) {
        process_kill(run, process);
        return;
    }
    snprintf(sql, sizeof(sql),
             "SELECT count(pg_terminate_backend(owner_pid)) FROM evidence.stream "
             "WHERE topic = $1 AND split_part(owner_name, ':', 2) = '%ld'",
             (long)process->pid);
    tell(run, "backends of process %d are ended at %s (%lld streams)", process->id, in_copy.name,
         (long long)database_int(run, sql));
    process_signal(process, SIGCONT);
}

void
disturb_terminate(struct run *run, const struct action *action)
{
    if (action->choice < 40) {
        terminate_stopped(run, action);
        return;
    }
    int64_t ended = 0;
    for (int times = 1 + action->choice % 3; times > 0; times--)
        for (int64_t before = ended; ended == before && database_committed(run) < run->allowed;) {
            (void)process_look(run, NULL);
            ended += database_int(run, "SELECT count(pg_terminate_backend(pid)) "
                                       "FROM pg_stat_activity WHERE $1 <> '' AND " INGESTING
                                       " AND state = 'active' AND query LIKE '%COPY %FROM STDIN%'");
        }
    tell(run, "%lld backends were ended in COPY", (long long)ended);
}

/* Readers of evidence.batch may go on; nobody can write to it. */
void
disturb_lock(struct run *run, const struct action *action)
{
    PGconn *second = database_second();
    PQclear(PQexec(second, "BEGIN; SET LOCAL lock_timeout = '20s'; "
                           "LOCK TABLE evidence.batch IN SHARE MODE"));
    if (PQtransactionStatus(second) != PQTRANS_INTRANS)
        fail_run(run, "evidence.batch cannot be locked: %s", PQerrorMessage(second));
    tell(run, "nobody can write to evidence.batch");
    if (action->choice < 60)
        process_start(run, NULL, false);
    int64_t until = clock_monotonic_ns() + 100 * action->delay_us * NS_PER_US;
    while (clock_monotonic_ns() < until) {
        (void)process_look(run, NULL);
        pause_for(5 * NS_PER_MS);
    }
    tell(run, "evidence.batch can be written to again");
    PQfinish(second);
}
