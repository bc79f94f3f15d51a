/*
 * The crash harness: arguments, one run after the other, the summary. See crash.h; started by
 * tests/crash/run, which brings the servers. Prints one TAP line a run.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/crash/crash.h"
#include "tests/lib/kafkatest.h"

#define PORTIONS 8 /* of the last records of a run */

struct harness {
    uint64_t seed;
    int runs, only;
    bool verbose;
    int failed;
    int done[ACTION_COUNT];
};

void
tell(struct run *run, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    strbuf_addf(&run->story, "# %9.3f  %s\n",
                (double)(clock_monotonic_ns() % (1000 * NS_PER_S)) / (double)NS_PER_S, line);
}

void
fail_run(struct run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->why, sizeof(run->why), format, arguments);
    va_end(arguments);
    longjmp(run->failed, 1);
}

/* Workers look now and then whether partitions are gone; the last one of --once looks at its end.
 */
static void
wait_for_the_vanished(struct run *run)
{
    char sql[240];
    int32_t left = run->plan.lives[run->life].topic_partitions;
    if (run->life == 0 || left >= run->plan.partitions)
        return;
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM evidence.source_gap JOIN evidence.stream USING (stream_id) "
             "WHERE topic = $1 AND partition >= %d",
             (int)left);
    database_wait(run, sql, run->plan.partitions - left,
                  "nobody tells of partitions that are gone");
}

/* A batch at a time: correlators have something to take in again and again. */
static void
trickle(struct run *run, int64_t count)
{
    int64_t from = run->allowed;
    if (from >= count)
        return;
    replace_if_none(run);
    database_wait_committed(run, from);
    for (int i = 1; i <= PORTIONS; i++) {
        feed_allow(run, from + (count - from) * i / PORTIONS);
        database_wait_committed(run, run->allowed);
    }
}

static void
finish(struct run *run)
{
    const struct plan *plan = &run->plan;
    int64_t count = plan->lives[run->life].count;
    trickle(run, plan->once_at_end ? run->allowed + (count - run->allowed) / 2 : count);
    feed_allow(run, count);
    feed_wait(run, count);
    if (!plan->once_at_end) {
        replace_if_none(run);
        database_wait_committed(run, count);
        wait_for_the_vanished(run);
        end_others(run, NULL, false);
        return;
    }
    end_others(run, NULL, true);
    if (plan->fresh_group)
        snprintf(run->group, sizeof(run->group), "%s-last", run->topic);
    struct process *process = process_start(run, NULL, true);
    int status = process_finish(run, process);
    if (status != 0)
        fail_run(run, "the last ingest --once ended with wait status %x", (unsigned)status);
}

static void
do_run(struct run *run)
{
    const struct plan *plan = &run->plan;
    kafkatest_create_topic(run->topic, plan->partitions);
    beside_start(run);
    feed_start(run);
    disturb_first(run, &plan->actions[0]);
    for (int i = 1; i < plan->action_count; i++)
        disturb(run, &plan->actions[i]);
    decide_beside(run);
    finish(run);
    check_run(run);
    beside_finish(run);
    check_casebook(run);
}

static void
describe(const struct plan *plan, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "seed %llu: %s", (unsigned long long)plan->seed,
                                   plan->actions[0].name);
    for (int i = 1; i < plan->action_count && used < size; i++)
        used +=
            (size_t)snprintf(out + used, size - used, ", %s", action_words[plan->actions[i].kind]);
}

/* A run that failed keeps the output of its processes. */
static bool
one_run(struct harness *harness, uint64_t seed)
{
    struct run *run = calloc(1, sizeof(*run));
    char what[256];
    int64_t began = clock_monotonic_ns();
    plan_make(&run->plan, seed, harness->only);
    snprintf(run->topic, sizeof(run->topic), "crash-%ld-%llu", (long)getpid(),
             (unsigned long long)seed);
    memcpy(run->group, run->topic, sizeof(run->topic));
    strbuf_init(&run->story, 0);
    describe(&run->plan, what, sizeof(what));
    bool failed = setjmp(run->failed) != 0;
    if (!failed)
        do_run(run);
    if (failed)
        database_tell_streams(run);
    process_kill_all(run);
    beside_kill(run);
    feed_stop(run);
    double seconds = (double)(clock_monotonic_ns() - began) / (double)NS_PER_S;
    printf("%s - %s  (%.1f s)\n", failed ? "not ok" : "ok", what, seconds);
    if (failed)
        printf("# %s\n", run->why);
    if (failed || harness->verbose)
        printf("# topic %s, %d partitions at first, %d threads, batches of %d, %s production\n%.*s",
               run->topic, (int)run->plan.partitions, run->plan.threads, run->plan.batch_rows,
               run->plan.steady ? "steady" : "stepwise", (int)run->story.len, run->story.ptr);
    fflush(stdout);
    process_logs(run, failed);
    forget_casebook(run);
    if (!failed)
        kafkatest_delete_topic(run->topic);
    for (int i = 0; i < run->plan.action_count; i++)
        harness->done[run->plan.actions[i].kind]++;
    strbuf_release(&run->story);
    plan_release(&run->plan);
    free(run);
    return !failed;
}

static int
usage(void)
{
    fprintf(stderr, "usage: tests/crash/run PROGRAM-OF-TESTS [--runs N] [--seed S] "
                    "[--only ACTION] [--verbose]\n");
    return 2;
}

static int
action_named(const char *word)
{
    for (int i = 0; i < ACTION_COUNT; i++)
        if (strcmp(action_words[i], word) == 0)
            return i;
    return -2;
}

static bool
read_arguments(struct harness *harness, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        bool value = i + 1 < argc;
        if (strcmp(argv[i], "--verbose") == 0)
            harness->verbose = true;
        else if (strcmp(argv[i], "--runs") == 0 && value)
            harness->runs = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && value)
            harness->seed = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--only") == 0 && value)
            harness->only = action_named(argv[++i]);
        else
            return false;
    }
    return harness->runs > 0 && harness->only != -2;
}

static void
summary(const struct harness *harness)
{
    printf("# %d runs, %d failed; actions:", harness->runs, harness->failed);
    for (int i = 0; i < ACTION_COUNT; i++)
        printf(" %s %d", action_words[i], harness->done[i]);
    printf("\n");
    beside_summary();
    if (harness->failed == 0 && harness->runs >= (int)failpoint_count())
        printf("# each of %zu failpoints was met at least %d times\n", failpoint_count(),
               harness->runs / (int)failpoint_count());
}

int
main(int argc, char **argv)
{
    struct harness harness = {.seed = 1, .runs = 1, .only = -1};
    const char *program = getenv("HINDCAST"), *logs = getenv("CRASH_LOGS");
    if (!read_arguments(&harness, argc, argv))
        return usage();
    if (program == NULL || logs == NULL || kafkatest_brokers() == NULL) {
        fprintf(stderr, "crash: HINDCAST, CRASH_LOGS or HINDCAST_KAFKA is not set\n");
        return usage();
    }
    servers_init();
    processes_init(program, logs);
    database_init();
    for (int i = 0; i < harness.runs; i++)
        harness.failed += !one_run(&harness, harness.seed + (uint64_t)i);
    summary(&harness);
    return harness.failed == 0 ? 0 : 1;
}
