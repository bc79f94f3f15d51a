/*
 * Ingest against a real Kafka and a real PostgreSQL: the program is run, killed and run again, and
 * afterwards the ledger adds up and the rows are exactly those that were sent. One database for the
 * file, one topic for each test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "hindcast/producer.h"
#include "tests/lib/kafkatest.h"

#define PARTITIONS 4
#define WAIT_S 60
#define PRODUCE_TIMEOUT_NS (30 * NS_PER_S)

struct fixture {
    PGconn *conn;
    char database[64];
    char topic[64];
    int topics, groups;
};

static struct fixture fixture;

/* ---- database ---- */

static void
execute(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
}

static int64_t
number(const char *sql)
{
    const char *values[] = {fixture.topic};
    PGresult *result = PQexecParams(fixture.conn, sql, 1, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
        fail_msg("%s: %s", sql, PQerrorMessage(fixture.conn));
    int64_t value = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return value;
}

/* ---- the program ---- */

static pid_t
start(const char *failpoint, bool once, int group)
{
    char text[32];
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    snprintf(text, sizeof(text), "ingest-test-%ld-%d", (long)getppid(), group);
    setenv("HINDCAST_KAFKA_GROUP", text, 1);
    setenv("HINDCAST_KAFKA_TOPICS", fixture.topic, 1);
    setenv("HINDCAST_KAFKA_BROKERS", kafkatest_brokers(), 1);
    setenv("HINDCAST_INGEST_BATCH_ROWS", "200", 1);
    setenv("HINDCAST_RDKAFKA_SESSION_TIMEOUT_MS", "6000", 1);
    if (failpoint != NULL)
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
    const char *program = getenv("HINDCAST");
    int out = open("/dev/null", O_WRONLY);
    if (out >= 0)
        dup2(out, STDOUT_FILENO);
    execl(program, program, "ingest", once ? "--once" : NULL, (char *)NULL);
    _exit(127);
}

/* Status as waitpid() gives it; a program that hangs is killed and fails the test. */
static int
finish(pid_t pid)
{
    int status;
    int64_t until = clock_monotonic_ns() + WAIT_S * NS_PER_S;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (clock_monotonic_ns() > until) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            fail_msg("the program did not end within %d s", WAIT_S);
        }
        nanosleep(&(struct timespec){0, 10 * NS_PER_MS}, NULL);
    }
    return status;
}

static void
run_once(void)
{
    int status = finish(start(NULL, true, ++fixture.groups));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void
wait_for(const char *sql, int64_t least)
{
    int64_t until = clock_monotonic_ns() + WAIT_S * NS_PER_S;
    while (number(sql) < least) {
        if (clock_monotonic_ns() > until)
            fail_msg("%s did not reach %lld", sql, (long long)least);
        nanosleep(&(struct timespec){0, 5 * NS_PER_MS}, NULL);
    }
}

/* ---- records: good ones, and every tenth of each bad kind ---- */

static void
produce(int64_t from, int64_t to)
{
    struct err err = {0};
    struct config *config = config_new();
    struct producer *producer = NULL;
    if (producer_open(&producer, config, kafkatest_brokers(), fixture.topic, &err) != 0)
        fail_msg("%s", err.message);
    for (int64_t i = from; i < to; i++) {
        char value[256], key[32];
        snprintf(key, sizeof(key), "key %lld", (long long)i);
        snprintf(value, sizeof(value),
                 "{\"time\":\"2026-03-01T10:%02d:%02dZ\",\"kind\":\"log\",\"service\":\"cart\","
                 "\"text\":\"line %lld\"}",
                 (int)(i / 60 % 60), (int)(i % 60), (long long)i);
        struct outgoing record = {.key = sv_from(key),
                                  .value = sv_from(value),
                                  .time_ns = TIME_NONE,
                                  .partition = (int32_t)(i % PARTITIONS)};
        if (i % 10 == 3)
            record.value.len = 25; /* broken JSON */
        else if (i % 10 == 5)
            record.value = SV_NONE; /* tombstone */
        else if (i % 10 == 7)
            record.value = SV(""); /* no bytes */
        if (producer_send(producer, &record, &err) != 0)
            fail_msg("%s", err.message);
    }
    if (producer_flush(producer, PRODUCE_TIMEOUT_NS, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(producer_delivered(producer), to - from);
    producer_close(producer);
    config_free(config);
}

#define OF_TOPIC " FROM evidence.stream WHERE topic = $1"
#define ROWS                                                                                       \
    "(SELECT stream_id, coalesce(body, '') AS text FROM ingest.log UNION ALL "                     \
    "SELECT stream_id, coalesce(title, body, '') FROM ingest.event) AS r JOIN evidence.stream "    \
    "USING (stream_id) WHERE topic = $1"

/* Rows are the oracle's multiset, and every offset is accounted for exactly once. */
static void
check_rows(int64_t sent)
{
    int64_t bad = (sent + 6) / 10, tombstones = (sent + 4) / 10, empty = (sent + 2) / 10;
    assert_int_equal(number("SELECT sum(records)" OF_TOPIC), sent);
    assert_int_equal(number("SELECT sum(next_offset)" OF_TOPIC), sent);
    assert_int_equal(number("SELECT sum(tombstones)" OF_TOPIC), tombstones);
    assert_int_equal(number("SELECT sum(quarantined)" OF_TOPIC), bad + empty);
    assert_int_equal(number("SELECT sum(stored)" OF_TOPIC), sent - bad - tombstones - empty);
    assert_int_equal(number("SELECT sum(holes + lost)" OF_TOPIC), 0);
    assert_int_equal(number("SELECT count(*) FROM evidence.quarantine JOIN evidence.stream "
                            "USING (stream_id) WHERE topic = $1 AND reason = 'empty_value'"),
                     empty);
    char sql[1024];
    snprintf(
        sql, sizeof(sql),
        "WITH want AS (SELECT 'line ' || i AS text FROM generate_series(0, %lld) AS i "
        "WHERE i %% 10 NOT IN (3, 5, 7)), have AS (SELECT text FROM " ROWS "), "
        "more AS (TABLE have EXCEPT ALL TABLE want), less AS (TABLE want EXCEPT ALL TABLE have) "
        "SELECT (SELECT count(*) FROM more) + (SELECT count(*) FROM less)",
        (long long)sent - 1);
    assert_int_equal(number(sql), 0);
    /* Batches follow one another without a gap, and add up to the stream. */
    assert_int_equal(number("SELECT count(*)" OF_TOPIC " AND records <> (SELECT sum(b.records) "
                            "FROM evidence.batch b WHERE b.stream_id = stream.stream_id)"),
                     0);
}

/* And batches are numbered without a gap, as long as nothing was read again. */
static void
check(int64_t sent)
{
    check_rows(sent);
    assert_int_equal(number("SELECT count(*)" OF_TOPIC " AND seq <> (SELECT count(*) "
                            "FROM evidence.batch b WHERE b.stream_id = stream.stream_id)"),
                     0);
}

/* ---- tests ---- */

static void
reads_everything_once(void **state)
{
    (void)state;
    produce(0, 4000);
    run_once();
    check(4000);
    int64_t batches = number("SELECT sum(seq)" OF_TOPIC);
    run_once();
    check(4000);
    assert_int_equal(number("SELECT sum(seq)" OF_TOPIC), batches);
    produce(4000, 4100);
    run_once();
    check(4100);
}

static void
survives_kill_at_every_failpoint(void **state)
{
    static const char *const points[] = {
        "claim_before",
        "claim_after",
        "commit_before_begin",
        "commit_after_begin",
        "commit_after_copy_batch:2",
        "commit_before_update",
        "commit_after_update",
        "commit_before_commit:3",
        "commit_after_commit",
        "commit_after_commit:2",
    };
    (void)state;
    produce(0, 6000);
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        int status = finish(start(points[i], true, ++fixture.groups));
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
            fail_msg("failpoint %s did not strike: status %x", points[i], (unsigned)status);
    }
    assert_true(number("SELECT coalesce(sum(records), 0)" OF_TOPIC) < 6000);
    run_once();
    check(6000);
}

static void
survives_kill_while_reading(void **state)
{
    (void)state;
    produce(0, 20000);
    for (int64_t at = 500; at < 9000; at += 2750) {
        pid_t pid = start(NULL, true, ++fixture.groups);
        wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, at);
        kill(pid, SIGKILL);
        finish(pid);
    }
    run_once();
    check(20000);
}

/* The worker reconnects, reads what became of its last COMMIT, and goes on with its epoch. */
static void
survives_lost_connections(void **state)
{
    (void)state;
    int64_t ended = 0;
    produce(0, 20000);
    pid_t pid = start(NULL, true, ++fixture.groups);
    for (int64_t at = 500; at < 12000; at += 2500) {
        wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, at);
        ended += number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                        "WHERE application_name LIKE 'hindcast ingest%' AND $1 <> '' "
                        "AND datname = current_database()");
    }
    int status = finish(pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(ended > 0);
    check(20000);
}

static void
shares_partitions_while_running(void **state)
{
    (void)state;
    int group = ++fixture.groups;
    produce(0, 3000);
    pid_t first = start(NULL, false, group);
    wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, 200);
    pid_t second = start(NULL, false, group);
    produce(3000, 12000);
    wait_for("SELECT count(DISTINCT split_part(owner_name, ':', 2))" OF_TOPIC, 2);
    kill(first, SIGTERM);
    produce(12000, 14000);
    int status = finish(first);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, 14000);
    kill(second, SIGTERM);
    status = finish(second);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(number("SELECT count(*)" OF_TOPIC " AND owner_pid IS NOT NULL"), 0);
    check(14000);
}

/* sql/operate/read_again.sql for every stream of the topic. */
static void
have_it_read_again(void)
{
    static const char variable[] = "= :stream_id";
    char text[8000];
    struct strbuf script;
    FILE *file = fopen("sql/operate/read_again.sql", "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    strbuf_init(&script, 0);
    for (const char *from = text, *at; from != NULL; from = at) {
        at = strstr(from, variable);
        strbuf_add(&script, from, at == NULL ? strlen(from) : (size_t)(at - from));
        if (at == NULL)
            break;
        strbuf_addf(&script, "IN (SELECT stream_id FROM evidence.stream WHERE topic = '%s')",
                    fixture.topic);
        at += strlen(variable);
    }
    execute(fixture.conn, script.ptr);
    strbuf_release(&script);
}

/* No new record will tell the worker: it has to ask. */
static void
an_idle_worker_notices_that_it_is_to_read_again(void **state)
{
    (void)state;
    produce(0, 400);
    pid_t pid = start(NULL, false, ++fixture.groups);
    wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, 400);
    have_it_read_again();
    assert_int_equal(number("SELECT coalesce(sum(records), 0)" OF_TOPIC), 0);
    wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, 400);
    kill(pid, SIGTERM);
    int status = finish(pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    check_rows(400);
}

/* It asks without ceasing to poll: a database that does not answer costs it no partition. */
static void
an_idle_worker_stays_while_the_database_is_silent(void **state)
{
    (void)state;
    produce(0, 400);
    setenv("HINDCAST_RDKAFKA_MAX_POLL_INTERVAL_MS", "6000", 1);
    pid_t pid = start(NULL, false, ++fixture.groups);
    unsetenv("HINDCAST_RDKAFKA_MAX_POLL_INTERVAL_MS");
    wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, 400);
    /* Both of its workers have theirs and read them: nothing is given back or checked any more. */
    wait_for("SELECT (count(DISTINCT owner_pid) = 2 AND count(owner_pid) = count(*))::int" OF_TOPIC,
             1);
    produce(400, 800);
    wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, 800);
    int64_t epochs = number("SELECT sum(epoch)" OF_TOPIC);
    execute(fixture.conn, "BEGIN; LOCK TABLE evidence.stream IN ACCESS EXCLUSIVE MODE");
    wait_for("SELECT count(*) FROM pg_locks WHERE NOT granted AND $1 <> '' "
             "AND relation = 'evidence.stream'::regclass AND database = "
             "(SELECT oid FROM pg_database WHERE datname = current_database())",
             1);
    wait_for("SELECT extract(epoch FROM clock_timestamp() - now())::bigint WHERE $1 <> ''", 20);
    execute(fixture.conn, "COMMIT");
    produce(800, 1200);
    wait_for("SELECT coalesce(sum(records), 0)" OF_TOPIC, 1200);
    assert_int_equal(number("SELECT sum(epoch)" OF_TOPIC), epochs);
    kill(pid, SIGTERM);
    int status = finish(pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    check(1200);
}

static void
counts_what_retention_took(void **state)
{
    (void)state;
    produce(0, 400);
    run_once();
    produce(400, 800);
    for (int32_t p = 0; p < PARTITIONS; p++)
        kafkatest_delete_records(fixture.topic, p, 150);
    run_once();
    assert_int_equal(number("SELECT sum(lost)" OF_TOPIC), PARTITIONS * 50);
    assert_int_equal(number("SELECT sum(next_offset)" OF_TOPIC), 800);
    assert_int_equal(number("SELECT count(*) FROM evidence.source_gap JOIN evidence.stream "
                            "USING (stream_id) WHERE topic = $1 AND kind = 'retention' "
                            "AND from_offset = 100 AND to_offset = 150"),
                     PARTITIONS);
}

/* Reads `sent` records, then a topic of the same name with those from `from` to `to`. */
static void
created_again(int64_t sent, int64_t from, int64_t to)
{
    produce(0, sent);
    run_once();
    kafkatest_delete_topic(fixture.topic);
    kafkatest_create_topic(fixture.topic, PARTITIONS);
    produce(from, to);
    run_once();
    assert_int_equal(number("SELECT max(incarnation)" OF_TOPIC), 2);
    assert_int_equal(number("SELECT sum(records)" OF_TOPIC " AND incarnation = 1"), sent);
    assert_int_equal(number("SELECT sum(records)" OF_TOPIC " AND incarnation = 2"), to - from);
}

/* Longer than before, with other tails: only their digests tell. */
static void
notices_a_topic_created_again(void **state)
{
    (void)state;
    created_again(400, 1004, 1804);
}

/* The values at the old tails are the same, tombstones among them: their times differ. */
static void
notices_a_topic_created_again_with_the_same_values(void **state)
{
    (void)state;
    created_again(396, 0, 800);
    run_once(); /* nothing changed: the same incarnation */
    assert_int_equal(number("SELECT max(incarnation)" OF_TOPIC), 2);
}

/* ---- set-up ---- */

static int
new_topic(void **state)
{
    (void)state;
    snprintf(fixture.topic, sizeof(fixture.topic), "ingest-test-%ld-%d", (long)getpid(),
             ++fixture.topics);
    kafkatest_create_topic(fixture.topic, PARTITIONS);
    return 0;
}

static int
set_up(void **state)
{
    (void)state;
    PGconn *admin = PQconnectdb("");
    if (PQstatus(admin) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(admin));
    char sql[128];
    snprintf(fixture.database, sizeof(fixture.database), "ingest_test_%ld", (long)getpid());
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s", fixture.database);
    execute(admin, sql);
    PQfinish(admin);
    setenv("PGDATABASE", fixture.database, 1);
    const char *arguments[] = {getenv("HINDCAST"), "migrate", NULL};
    pid_t pid = fork();
    if (pid == 0) {
        execv(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    assert_int_equal(finish(pid), 0);
    fixture.conn = PQconnectdb("");
    assert_int_equal(PQstatus(fixture.conn), CONNECTION_OK);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    PQfinish(fixture.conn);
    PGconn *admin = PQconnectdb("dbname=postgres");
    char sql[128];
    snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", fixture.database);
    execute(admin, sql);
    PQfinish(admin);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_everything_once, new_topic),
        cmocka_unit_test_setup(survives_kill_at_every_failpoint, new_topic),
        cmocka_unit_test_setup(survives_kill_while_reading, new_topic),
        cmocka_unit_test_setup(survives_lost_connections, new_topic),
        cmocka_unit_test_setup(shares_partitions_while_running, new_topic),
        cmocka_unit_test_setup(an_idle_worker_notices_that_it_is_to_read_again, new_topic),
        cmocka_unit_test_setup(an_idle_worker_stays_while_the_database_is_silent, new_topic),
        cmocka_unit_test_setup(counts_what_retention_took, new_topic),
        cmocka_unit_test_setup(notices_a_topic_created_again, new_topic),
        cmocka_unit_test_setup(notices_a_topic_created_again_with_the_same_values, new_topic),
    };
    if (kafkatest_brokers() == NULL || getenv("HINDCAST") == NULL) {
        print_message("HINDCAST_KAFKA and HINDCAST are not set\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
