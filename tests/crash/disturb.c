/*
 * The disturbances of a run: see crash.h. Main thread.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/crash.h"
#include "tests/lib/kafkatest.h"

void
replace_if_none(struct run *run)
{
    if (process_alive(run) == 0)
        process_start(run, NULL, false);
}

/* True when the armed process died of its failpoint; false when there is nothing left to do. */
static bool
wait_struck(struct run *run, struct process *process)
{
    int64_t until = clock_monotonic_ns() + WAIT_NS;
    while (process_look(run, process)) {
        if (database_committed(run) >= run->allowed)
            return false;
        if (clock_monotonic_ns() > until)
            fail_run(run, "stuck: an armed worker neither dies nor finishes");
        nanosleep(&(struct timespec){0, 2 * NS_PER_MS}, NULL);
    }
    return true;
}

static bool
at_release(const struct action *action)
{
    return strncmp(action->name, "release", 7) == 0;
}

static void
recreate(struct run *run, const struct action *action)
{
    const struct life *life = &run->plan.lives[run->life];
    feed_allow(run, life->count);
    feed_wait(run, life->count);
    run->cut_short[run->life] = action->choice >= 50;
    if (run->cut_short[run->life])
        database_wait(run,
                      "SELECT count(*) FROM evidence.stream WHERE topic = $1 AND next_offset > 0",
                      run->plan.partitions, "every partition has records");
    else
        database_wait_committed(run, life->count);
    if (action->choice % 2 == 0 || strncmp(action->name, "renew", 5) == 0)
        end_others(run, NULL, action->choice % 4 == 0);
    feed_stop(run);
    tell(run, "the topic is deleted and created again%s",
         run->cut_short[run->life] ? ", before all of it was read" : "");
    kafkatest_delete_topic(run->topic);
    run->life++;
    tell(run, "it had %d partitions and has %d", (int)run->plan.partitions,
         (int)run->plan.lives[run->life].topic_partitions);
    kafkatest_create_topic(run->topic, run->plan.lives[run->life].topic_partitions);
    feed_start(run);
    /*
     * Workers that go on notice by an offset that is beyond the end; one that finds more records
     * than before takes the topic for the old one (docs/delivery.md). Whoever starts looks at the
     * tail.
     */
    if (process_alive(run) > 0) {
        feed_allow(run, run->plan.lives[run->life].topic_partitions);
        database_wait_committed(run, run->plan.lives[run->life].topic_partitions);
    }
    feed_allow(run, run->plan.lives[run->life].count / 2);
    replace_if_none(run);
}

/* A topic that is made anew meets the failpoints of a new incarnation. */
static void
recreate_first(struct run *run, const struct action *action)
{
    struct action plain = *action;
    plain.name = "renew";
    process_start(run, NULL, false);
    database_wait_committed(run, 1);
    recreate(run, &plain);
    end_others(run, NULL, true);
    struct process *process = start_armed(run, action, false);
    if (!wait_struck(run, process))
        fail_run(run, "%s was not met", action->name);
}

void
disturb_first(struct run *run, const struct action *action)
{
    feed_allow(run, action->upto);
    if (action->kind == ACTION_RECREATE) {
        recreate_first(run, action);
        return;
    }
    feed_wait(run, run->plan.steady ? 0 : run->allowed);
    struct process *process = start_armed(run, action, false);
    if (at_release(action)) {
        database_wait_committed(run, 1);
        process_stop(run, process);
    } else if (!wait_struck(run, process)) {
        fail_run(run, "failpoint %s:%d was not met", action->name, action->nth);
    }
    tell(run, "%s struck", action->name);
}

static void
kill_at_failpoint(struct run *run, const struct action *action)
{
    if (action->choice < 60)
        end_others(run, NULL, action->choice < 40);
    struct process *process = start_armed(run, action, false);
    wait_for_partitions(run, process, action);
    if (wait_struck(run, process)) {
        tell(run, "%s struck", action->name);
        return;
    }
    tell(run, "%s was not met", action->name);
    process_kill(run, process);
}

static void
add(struct run *run)
{
    char sql[400], of_life[160];
    struct process *process = process_start(run, NULL, false);
    database_of_life(run, of_life, sizeof(of_life));
    snprintf(sql, sizeof(sql),
             "SELECT (bool_or(split_part(owner_name, ':', 2) = '%ld') OR sum(next_offset) >= %lld)"
             "::integer FROM evidence.stream WHERE topic = $1 AND %s",
             (long)process->pid, (long long)run->allowed, of_life);
    database_wait(run, sql, 1, "a new worker gets no partition");
}

static void
stop_one(struct run *run, const struct action *action, const struct process *but)
{
    for (int i = 0; i < run->process_count; i++) {
        struct process *process = &run->processes[i];
        if (process == but || process->pid == 0 || process->stopped)
            continue;
        if (action->choice < 30)
            process_kill(run, process);
        else
            process_stop(run, process);
        return;
    }
}

/* What docs/delivery.md tells an operator to do, with workers running or not. */
static void
read_again(struct run *run, const struct action *action)
{
    char sql[320], of_life[160];
    if (action->choice % 2 == 0)
        end_others(run, NULL, true);
    database_of_life(run, of_life, sizeof(of_life));
    snprintf(sql, sizeof(sql),
             "SELECT stream_id FROM evidence.stream WHERE topic = $1 AND %s ORDER BY partition",
             of_life);
    PGresult *result = database_query(run, sql);
    int rows = PQntuples(result), count = action->choice < 50 ? rows : 1;
    for (int i = 0; i < count; i++) {
        int row = count == 1 ? action->choice % rows : i;
        int64_t stream_id = strtoll(PQgetvalue(result, row, 0), NULL, 10);
        tell(run, "stream %lld is to be read again", (long long)stream_id);
        database_script(run, "sql/operate/read_again.sql", stream_id);
    }
    PQclear(result);
}

/* As a correlator does it, beside batches that are being committed. */
static void
fold(struct run *run, const struct action *action)
{
    int64_t most = 1 + action->choice, folded = most;
    char sql[96];
    snprintf(sql, sizeof(sql), "SELECT evidence.fold_deltas(%d) WHERE $1 <> ''", (int)most);
    for (int i = 0; i < 20 && folded == most; i++)
        folded = database_int(run, sql);
    tell(run, "deltas were folded, %d at a time", (int)most);
}

static void
kill_one(struct run *run, const struct action *action)
{
    struct rng rng = {(uint64_t)action->delay_us};
    process_kill(run, process_pick(run, &rng));
}

static void
do_it(struct run *run, const struct action *action)
{
    switch (action->kind) {
    case ACTION_KILL:
        kill_one(run, action);
        return;
    case ACTION_FAILPOINT:
        kill_at_failpoint(run, action);
        return;
    case ACTION_ZOMBIE:
        disturb_zombie(run, action);
        return;
    case ACTION_FREEZE:
        disturb_freeze(run, action);
        return;
    case ACTION_TERMINATE:
        disturb_terminate(run, action);
        return;
    case ACTION_LOCK:
        disturb_lock(run, action);
        return;
    case ACTION_ADD:
        add(run);
        return;
    case ACTION_REMOVE:
        stop_one(run, action, NULL);
        return;
    case ACTION_SWAP:
        stop_one(run, action, process_start(run, NULL, false));
        return;
    case ACTION_POSTGRES:
        tell(run, "PostgreSQL is restarted");
        servers_restart_postgres(run);
        return;
    case ACTION_BROKER:
        tell(run, "the broker is restarted, by SIG%s", action->choice < 50 ? "KILL" : "TERM");
        servers_restart_broker(run, action->choice < 50);
        return;
    case ACTION_RESET:
        read_again(run, action);
        return;
    case ACTION_FOLD:
        fold(run, action);
        return;
    case ACTION_RECREATE:
        recreate(run, action);
        return;
    case ACTION_COUNT:
        abort();
    }
}

void
disturb(struct run *run, const struct action *action)
{
    replace_if_none(run);
    feed_allow(run, action->half);
    database_wait_committed(run, action->at);
    nanosleep(&(struct timespec){0, action->delay_us * (int64_t)1000}, NULL);
    (void)process_look(run, NULL);
    replace_if_none(run);
    tell(run, "-- %s", action_words[action->kind]);
    if (action->kind != ACTION_ZOMBIE && action->kind != ACTION_FAILPOINT)
        feed_allow(run, action->upto); /* those wait until the armed worker has partitions */
    do_it(run, action);
    replace_if_none(run);
}
