/*
 * Display numbers are given one transaction after the other, and a part does not see what came
 * after it began: others that give some meanwhile, each time, keep nobody from going on. Against a
 * real PostgreSQL.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/lib/pgtest.h"

/* One alert of the scope, an hour after the one before. */
static void
deliver(void)
{
    pgtest_run(
        "WITH s AS (UPDATE evidence.stream SET seq = seq + 1, next_offset = next_offset + 1 "
        "RETURNING stream_id, seq, next_offset - 1 AS at), b AS (INSERT INTO evidence.batch "
        "(stream_id, seq, first_offset, next_offset, records, events, decoder_version, kind, "
        "scopes) SELECT stream_id, seq, at, at + 1, 0, 0, 1, 'kafka', '{numbered}' FROM s) INSERT "
        "INTO ingest.event (stream_id, record_offset, idx, event_time, scope, kind, record_kind, "
        "phase, precision, time_source, format, source, service, fingerprint, title, severity, "
        "uid) SELECT stream_id, at, 0, '2026-03-01 00:00+00'::timestamptz + at * interval '1 "
        "hour', 'numbered', 'alert', 'alert', 'trigger', 's', 'native', 'test', 'mon', 'svc' || "
        "at, 'fp' || at, 'down', 21, md5(at::text)::uuid FROM s");
}

/* `hindcast correlate --once`, which stops at this failpoint, or nowhere. */
static pid_t
start(const char *failpoint)
{
    const char *program = getenv("HINDCAST");
    assert_non_null(program);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    setenv("HINDCAST_FAILPOINT", failpoint, 1);
    if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
        _exit(126);
    execl(program, program, "correlate", "--once", (char *)NULL);
    _exit(127);
}

static int
wait_for(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    return status;
}

static void
numbers_of_others_keep_nobody_from_saving(void **state)
{
    int stops = 0;
    (void)state;
    pgtest_run("INSERT INTO evidence.stream (cluster_id, topic, incarnation, partition, seq, "
               "next_offset) VALUES ('c', 'alerts', 1, 0, 0, 0)");
    for (int i = 0; i < 2; i++) { /* the groups are kept from the second time on */
        deliver();
        assert_int_equal(wait_for(start("")), 0);
    }
    deliver();
    pid_t child = start("correlate_part_before_save:0:stop");
    int status = wait_for(child);
    for (; WIFSTOPPED(status); stops++) {
        pgtest_run("UPDATE correlate.number_year SET last = last + 1");
        kill(child, SIGCONT);
        status = wait_for(child);
    }
    assert_true(stops > 1);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident WHERE number IS NULL"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_of_others_keep_nobody_from_saving)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
