/*
 * Every process ends within ten seconds of the first SIGTERM, in the way it promises, whatever
 * becomes of what it waits for: a topic that is made again under it, a database or a broker that
 * accepts and says nothing. Against a real Kafka and a real PostgreSQL with a proxy in between.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "base/clock.h"
#include "tests/lib/ingestrun.h"
#include "tests/lib/kafkafeed.h"
#include "tests/lib/kafkatest.h"
#include "tests/lib/pgproxy.h"
#include "tests/lib/pgtest.h"

#define RECORDS 600
#define FRESH 20                /* a partition, after the topic was made again */
#define STOP_NS (10 * NS_PER_S) /* what is promised */
#define REFRESH_MS "300"

static char topic[64], port[16];
static struct pgproxy *proxy;
static char said[] = "/tmp/stop_test.XXXXXX"; /* standard error, where a test wants it */

static void
nap(void)
{
    nanosleep(&(struct timespec){0, 10 * NS_PER_MS}, NULL);
}

/* Ends it; exit code `code` in time, or 128 + the signal's number. */
static void
stop(pid_t pid, const char *what, int code)
{
    int status;
    int64_t began = clock_monotonic_ns();
    kill(pid, SIGTERM);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (clock_monotonic_ns() - began > 3 * STOP_NS) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            fail_msg("%s: SIGTERM does not end it", what);
        }
        nap();
    }
    int64_t took = clock_monotonic_ns() - began;
    int got = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (took > STOP_NS || got != code)
        fail_msg("%s: ended %d ms after SIGTERM with %d instead of %d", what,
                 (int)(took / NS_PER_MS), got, code);
}

/* ---- a topic that is made again ---- */

static void
wait_stored(pid_t pid, int incarnation, int64_t records)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
             "SELECT coalesce(sum(records), 0) FROM evidence.stream WHERE topic = '%s' "
             "AND incarnation = %d",
             topic, incarnation);
    ingestrun_wait(pid, sql, records);
}

static void
make_again(int32_t before, int32_t after, const char *workers)
{
    char what[80];
    const char *const settings[] = {"HINDCAST_INGEST_WORKERS", workers,
                                    "HINDCAST_RDKAFKA_TOPIC_METADATA_REFRESH_INTERVAL_MS",
                                    REFRESH_MS, NULL};
    static int topics;
    snprintf(topic, sizeof(topic), "stop-%ld-%d", (long)getpid(), ++topics);
    snprintf(what, sizeof(what), "%d partitions, then %d, %s workers", before, after, workers);
    kafkatest_create_topic(topic, before);
    kafkafeed_send(topic, before, 0, RECORDS, ingestrun_line, NULL, true);
    pid_t pid = ingestrun_start(topic, topic, false, settings);
    wait_stored(pid, 1, RECORDS);
    kafkatest_delete_topic(topic);
    kafkatest_create_topic(topic, after);
    /* Fewer than were read before: a topic that is filled beyond that at once may pass for the old.
     */
    kafkafeed_send(topic, after, RECORDS, RECORDS + FRESH * after, ingestrun_line, NULL, true);
    wait_stored(pid, 2, FRESH * (after < before ? after : before));
    stop(pid, what, 0);
    /* Everything it still had was given back, not only left to a time-out. */
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM evidence.stream WHERE owner_pid IS NOT NULL AND topic = '%s' "
             "AND incarnation = 2",
             topic);
    assert_int_equal(pgtest_int(sql), 0);
}

static void
a_topic_made_again_with_fewer_partitions(void **state)
{
    (void)state;
    make_again(6, 2, "1");
    make_again(6, 1, "3");
}

static void
a_topic_made_again_with_more_partitions(void **state)
{
    (void)state;
    make_again(2, 6, "2");
}

/* ---- servers that accept and say nothing ---- */

static pid_t
start(char *const *argv)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    setenv("PGHOST", "127.0.0.1", 1);
    setenv("PGPORT", port, 1);
    setenv("PGSSLMODE", "disable", 1);
    setenv("PGGSSENCMODE", "disable", 1);
    setenv("HINDCAST_KAFKA_TOPICS", topic, 1);
    setenv("HINDCAST_KAFKA_GROUP", topic, 1);
    setenv("HINDCAST_CORRELATE_INTERVAL", "100ms", 1);
    int out = open("/dev/null", O_WRONLY);
    if (out >= 0)
        dup2(out, STDOUT_FILENO);
    int err = open(said, O_WRONLY | O_APPEND);
    if (err >= 0)
        dup2(err, STDERR_FILENO);
    execv(getenv("HINDCAST"), argv);
    _exit(127);
}

static void
wait_connected(pid_t pid, const char *name)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
             "application_name = '%s'",
             name);
    ingestrun_wait(pid, sql, 1);
}

/* The connection stays, and a question is under way that nobody answers. */
static void
wait_stuck(const char *what)
{
    int64_t until = clock_monotonic_ns() + INGESTRUN_WAIT_S * NS_PER_S;
    while (pgproxy_waiting(proxy) == 0) {
        if (clock_monotonic_ns() > until)
            fail_msg("%s: asks the database nothing", what);
        nap();
    }
}

/* Lines of those that ended are cut. */
static void
clear_proxy(enum proxy_mode mode)
{
    pgproxy_set(proxy, PROXY_REFUSE);
    while (pgproxy_waiting(proxy) > 0)
        nap();
    pgproxy_set(proxy, mode);
}

#define PROGRAM ((char *)(uintptr_t) "hindcast")
#define WORD(text) ((char *)(uintptr_t)(text))

static void
a_database_that_does_not_answer(void **state)
{
    static char *const commands[][4] = {
        {PROGRAM, WORD("ingest"), NULL},
        {PROGRAM, WORD("correlate"), WORD("--follow"), NULL},
        {PROGRAM, WORD("status"), WORD("--watch"), NULL},
    };
    (void)state;
    snprintf(topic, sizeof(topic), "stop-%ld-stall", (long)getpid());
    kafkatest_create_topic(topic, 2);
    kafkafeed_send(topic, 2, 0, 10, ingestrun_line, NULL, true);
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        clear_proxy(PROXY_PASS);
        pid_t pid = start(commands[i]);
        if (i == 0)
            wait_stored(pid, 1, 10);
        else
            wait_connected(pid, "hindcast");
        pgproxy_set(proxy, PROXY_STALL);
        if (i == 0)
            kafkafeed_send(topic, 2, 10, 20, ingestrun_line, NULL, true);
        wait_stuck(commands[i][1]);
        stop(pid, commands[i][1], 0);
    }
    clear_proxy(PROXY_PASS);
    wait_stored(0, 1, 10);
    pid_t pid = ingestrun_start(topic, topic, false, NULL);
    wait_stored(pid, 1, 20);
    stop(pid, "the next ingest", 0);
    ingestrun_check(topic, 20, "true");
}

/* From the start: connecting itself does not come back. */
static void
a_database_that_does_not_answer_at_first(void **state)
{
    static char *const commands[][5] = {
        {PROGRAM, WORD("ingest"), WORD("--database-connect-timeout"), WORD("1h"), NULL},
        {PROGRAM, WORD("correlate"), WORD("--follow"), WORD("--database-connect-timeout=1h"), NULL},
        {PROGRAM, WORD("status"), WORD("--watch"), WORD("--database-connect-timeout=1h"), NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        clear_proxy(PROXY_STALL);
        pid_t pid = start(commands[i]);
        wait_stuck(commands[i][1]);
        stop(pid, commands[i][1], 0);
    }
    clear_proxy(PROXY_PASS);
}

/* One that refuses is waited for, and a stop is not its failure. */
static void
a_database_that_is_away(void **state)
{
    static char *const commands[][4] = {
        {PROGRAM, WORD("ingest"), NULL},
        {PROGRAM, WORD("correlate"), WORD("--follow"), NULL},
        {PROGRAM, WORD("status"), WORD("--watch"), NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        pgproxy_set(proxy, PROXY_PASS);
        pid_t pid = start(commands[i]);
        wait_connected(pid, i == 0 ? "hindcast ingest" : "hindcast");
        pgproxy_set(proxy, PROXY_REFUSE);
        kafkafeed_send(topic, 2, 20, 30, ingestrun_line, NULL, true);
        stop(pid, commands[i][1], 0);
    }
    pgproxy_set(proxy, PROXY_PASS);
}

/* ---- locks of others ---- */

/* The program says for whom it waits; nothing else of it is looked at. */
static void
wait_said(pid_t pid, int holder, const char *what)
{
    char words[64], text[8192];
    int64_t until = clock_monotonic_ns() + INGESTRUN_WAIT_S * NS_PER_S;
    snprintf(words, sizeof(words), "for a lock held by backend %d (role ", holder);
    for (;;) {
        FILE *file = fopen(said, "re");
        size_t got = file == NULL ? 0 : fread(text, 1, sizeof(text) - 1, file);
        text[got] = '\0';
        if (file != NULL)
            fclose(file);
        if (strstr(text, words) != NULL)
            return;
        if (clock_monotonic_ns() > until || waitpid(pid, NULL, WNOHANG) != 0)
            fail_msg("%s: does not say '%s': %s", what, words, text);
        nap();
    }
}

static void
lock(PGconn *holder, const char *sql)
{
    PGresult *result = PQexec(holder, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(holder));
    PQclear(result);
}

static void
a_lock_that_somebody_holds(void **state)
{
    static const struct {
        char *const argv[4];
        const char *locks;
        int code;
    } cases[] = {
        {{PROGRAM, WORD("ingest"), NULL}, "LOCK TABLE ingest.log", 0},
        {{PROGRAM, WORD("correlate"), WORD("--follow"), NULL},
         "INSERT INTO correlate.lock VALUES ('default')",
         0},
        {{PROGRAM, WORD("correlate"), WORD("--rebuild"), NULL},
         "INSERT INTO correlate.lock VALUES ('default')",
         1},
    };
    (void)state;
    snprintf(topic, sizeof(topic), "stop-%ld-lock", (long)getpid());
    kafkatest_create_topic(topic, 2);
    kafkafeed_send(topic, 2, 0, 10, ingestrun_line, NULL, true);
    pgtest_run("INSERT INTO review.declaration (scope, declaration_id, title, from_time)"
               " VALUES ('default', 'x', 'It was slow', '2026-03-01 10:00+00');"
               " DELETE FROM correlate.cursor; DELETE FROM correlate.lock");
    int file = mkstemp(said);
    assert_true(file >= 0);
    close(file);
    PGconn *holder = PQconnectdb(pgtest_conninfo());
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *what = cases[i].argv[1];
        lock(holder, "BEGIN");
        lock(holder, cases[i].locks);
        assert_int_equal(truncate(said, 0), 0);
        pid_t pid = start(cases[i].argv);
        wait_said(pid, PQbackendPID(holder), what);
        stop(pid, what, cases[i].code);
        lock(holder, "ROLLBACK");
    }
    PQfinish(holder);
    unlink(said);
    pid_t pid = ingestrun_start(topic, topic, false, NULL);
    wait_stored(pid, 1, 10);
    stop(pid, "the next ingest", 0);
    ingestrun_check(topic, 10, "true");
}

static int
set_up(void **state)
{
    if (pgtest_setup(state) != 0)
        return -1;
    proxy = pgproxy_start();
    snprintf(port, sizeof(port), "%d", pgproxy_port(proxy));
    return 0;
}

static int
tear_down(void **state)
{
    pgproxy_stop(proxy);
    return pgtest_teardown(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_topic_made_again_with_fewer_partitions),
        cmocka_unit_test(a_topic_made_again_with_more_partitions),
        cmocka_unit_test(a_database_that_does_not_answer),
        cmocka_unit_test(a_database_that_does_not_answer_at_first),
        cmocka_unit_test(a_database_that_is_away),
        cmocka_unit_test(a_lock_that_somebody_holds),
    };
    if (kafkatest_brokers() == NULL || getenv("HINDCAST") == NULL) {
        printf("skipped: no Kafka, or no program (HINDCAST)\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
