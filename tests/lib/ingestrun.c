/*
 * See ingestrun.h.
 */
#include "tests/lib/ingestrun.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/lib/kafkatest.h"
#include "tests/lib/pgtest.h"

int ingestrun_padding;

static void
nap(void)
{
    nanosleep(&(struct timespec){0, 10 * NS_PER_MS}, NULL);
}

pid_t
ingestrun_start(const char *topic, const char *group, bool once, const char *const *settings)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0)
        return pid;
    setenv("HINDCAST_KAFKA_GROUP", group, 1);
    setenv("HINDCAST_KAFKA_TOPICS", topic, 1);
    setenv("HINDCAST_KAFKA_BROKERS", kafkatest_brokers(), 1);
    setenv("HINDCAST_INGEST_BATCH_ROWS", "200", 1);
    setenv("HINDCAST_INGEST_WORKERS", "1", 1);
    for (size_t i = 0; settings != NULL && settings[i] != NULL; i += 2)
        setenv(settings[i], settings[i + 1], 1);
    const char *program = getenv("HINDCAST");
    if (freopen("/dev/null", "w", stdout) == NULL)
        _exit(126);
    execl(program, program, "ingest", once ? "--once" : NULL, (char *)NULL);
    _exit(127);
}

static void
want_success(int status)
{
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("the program ended with status %x", (unsigned)status);
}

void
ingestrun_finish(pid_t pid)
{
    int status;
    int64_t until = clock_monotonic_ns() + INGESTRUN_WAIT_S * NS_PER_S;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (clock_monotonic_ns() > until) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            fail_msg("the program did not end within %d s", INGESTRUN_WAIT_S);
        }
        nap();
    }
    want_success(status);
}

void
ingestrun_stop(pid_t pid)
{
    kill(pid, SIGTERM);
    ingestrun_finish(pid);
}

void
ingestrun_wait(pid_t pid, const char *sql, int64_t least)
{
    int status;
    int64_t until = clock_monotonic_ns() + INGESTRUN_WAIT_S * NS_PER_S;
    while (pgtest_int(sql) < least) {
        if (pid != 0 && waitpid(pid, &status, WNOHANG) == pid)
            fail_msg("the program ended with status %x while it was needed", (unsigned)status);
        if (clock_monotonic_ns() > until) {
            if (pid != 0)
                kill(pid, SIGKILL);
            fail_msg("%s did not reach %lld", sql, (long long)least);
        }
        nap();
    }
}

void
ingestrun_wait_records(pid_t pid, const char *topic, int64_t least)
{
    char sql[300];
    snprintf(sql, sizeof(sql),
             "SELECT coalesce(sum(records), 0) FROM evidence.stream WHERE topic = '%s'", topic);
    ingestrun_wait(pid, sql, least);
}

int64_t
ingestrun_memory(pid_t pid, const char *name)
{
    char path[64], line[256];
    int64_t kib = -1;
    snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            kib = strtoll(line + strlen(name) + 1, NULL, 10);
    fclose(file);
    assert_true(kib >= 0);
    return kib;
}

int64_t
ingestrun_line(int64_t i, char *ret_key, char *ret_value, int size)
{
    (void)ret_key;
    snprintf(ret_value, (size_t)size,
             "{\"time\":\"2026-03-01T%02d:%02d:%02dZ\",\"kind\":\"log\",\"service\":\"cart\","
             "\"text\":\"line %lld\",\"padding\":\"%*s\"}",
             (int)(i / 3600 % 24), (int)(i / 60 % 60), (int)(i % 60), (long long)i,
             ingestrun_padding, "");
    return 0;
}

void
ingestrun_check(const char *topic, int64_t sent, const char *wanted)
{
    char sql[1200];
    snprintf(sql, sizeof(sql),
             "WITH want AS (SELECT 'line ' || i AS text FROM generate_series(0, %lld) AS i WHERE "
             "%s), have AS (SELECT body AS text FROM ingest.log JOIN evidence.stream USING "
             "(stream_id) WHERE topic = '%s'), more AS (TABLE have EXCEPT ALL TABLE want), less AS "
             "(TABLE want EXCEPT ALL TABLE have) "
             "SELECT (SELECT count(*) FROM more) * 1000000 + (SELECT count(*) FROM less)",
             (long long)sent - 1, wanted, topic);
    assert_int_equal(pgtest_int(sql), 0);
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM analyst.ledger WHERE topic = '%s' AND adds_up",
             topic);
    int64_t partitions = pgtest_int(sql);
    assert_true(partitions > 0);
    /* Batches follow one another without a gap, and add up to the stream. */
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM evidence.stream s WHERE topic = '%s' AND seq = (SELECT count(*) "
             "FROM evidence.batch b WHERE b.stream_id = s.stream_id) AND records = (SELECT "
             "coalesce(sum(b.records), 0) FROM evidence.batch b WHERE b.stream_id = s.stream_id)",
             topic);
    assert_int_equal(pgtest_int(sql), partitions);
}
