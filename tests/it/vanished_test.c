/*
 * Partitions that go away unread: of a topic made again with fewer, of one that was deleted, read
 * in part or not at all. Each leaves one row in evidence.source_gap where reading ended, `hindcast
 * status` tells it, and partitions that are there leave none. Against a real Kafka and PostgreSQL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/lib/ingestrun.h"
#include "tests/lib/kafkafeed.h"
#include "tests/lib/kafkatest.h"
#include "tests/lib/pgtest.h"

#define PARTITIONS 4
#define RECORDS 40

static const char *const settings[] = {"HINDCAST_INGEST_WORKERS", "2",
                                       "HINDCAST_RDKAFKA_TOPIC_METADATA_REFRESH_INTERVAL_MS", "300",
                                       NULL};
static char topic[64];

static int
new_topic(void **state)
{
    static int topics;
    (void)state;
    snprintf(topic, sizeof(topic), "vanished-%ld-%d", (long)getpid(), ++topics);
    kafkatest_create_topic(topic, PARTITIONS);
    kafkafeed_send(topic, PARTITIONS, 0, RECORDS, ingestrun_line, NULL, true);
    return 0;
}

/* Rows of this topic for which the condition holds. */
static const char *
gaps(const char *condition)
{
    static char sql[400];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM analyst.source_gaps WHERE topic = '%s' AND %s",
             topic, condition);
    return sql;
}

/* Exit code of `hindcast status`, what it prints in `ret`. */
static int
status(char *ret, size_t size)
{
    char line[400];
    snprintf(line, sizeof(line), "'%s' status --offline 2>&1", getenv("HINDCAST"));
    FILE *out = popen(line, "r");
    assert_non_null(out);
    size_t len = fread(ret, 1, size - 1, out);
    ret[len] = '\0';
    return WEXITSTATUS(pclose(out));
}

#define VANISHED "kind = 'vanished' AND from_offset = to_offset AND from_offset = 10"

static void
fewer_partitions_while_it_reads(void **state)
{
    static char page[1 << 16];
    char wanted[120];
    (void)state;
    pid_t pid = ingestrun_start(topic, topic, false, settings);
    ingestrun_wait_records(pid, topic, RECORDS);
    kafkatest_delete_topic(topic);
    kafkatest_create_topic(topic, 1);
    /* Fewer than were read before: a topic that is filled beyond that at once may pass for the old.
     */
    kafkafeed_send(topic, 1, RECORDS, RECORDS + 5, ingestrun_line, NULL, true);
    ingestrun_wait_records(pid, topic, RECORDS + 5);
    ingestrun_wait(pid, gaps(VANISHED " AND partition > 0"), PARTITIONS - 1);
    ingestrun_stop(pid);
    assert_int_equal(pgtest_int(gaps("partition > 0")), PARTITIONS - 1);
    assert_int_equal(pgtest_int(gaps("partition = 0 AND kind = 'recreated'")), 1);
    assert_int_equal(pgtest_int(gaps("partition = 0")), 1);
    assert_int_equal(status(page, sizeof(page)), 1);
    snprintf(wanted, sizeof(wanted), "all from offset 10 on, if any, vanished");
    if (strstr(page, wanted) == NULL)
        fail_msg("%s", page);
}

/* Records came that nobody read, and the partitions went while nobody looked. */
static void
fewer_partitions_while_nobody_reads(void **state)
{
    (void)state;
    ingestrun_finish(ingestrun_start(topic, topic, true, settings));
    kafkafeed_send(topic, PARTITIONS, RECORDS, 2 * RECORDS, ingestrun_line, NULL, true);
    kafkatest_delete_topic(topic);
    kafkatest_create_topic(topic, 2);
    kafkafeed_send(topic, 2, 0, RECORDS, ingestrun_line, NULL, true);
    ingestrun_finish(ingestrun_start(topic, topic, true, settings));
    assert_int_equal(pgtest_int(gaps(VANISHED " AND partition >= 2")), 2);
    assert_int_equal(pgtest_int(gaps("kind = 'vanished'")), 2);
    /* Once, however often somebody looks. */
    ingestrun_finish(ingestrun_start(topic, topic, true, settings));
    assert_int_equal(pgtest_int(gaps("kind = 'vanished'")), 2);
}

static void
a_topic_that_is_deleted(void **state)
{
    (void)state;
    pid_t pid = ingestrun_start(topic, topic, false, settings);
    ingestrun_wait_records(pid, topic, RECORDS);
    assert_int_equal(pgtest_int(gaps("true")), 0);
    kafkatest_delete_topic(topic);
    ingestrun_wait(pid, gaps(VANISHED), PARTITIONS);
    ingestrun_stop(pid);
    assert_int_equal(pgtest_int(gaps("true")), PARTITIONS);
}

/* Assigned, so that they are known, and nothing of them was read. */
static void
partitions_that_were_never_read(void **state)
{
    char sql[200];
    (void)state;
    ingestrun_finish(ingestrun_start(topic, topic, true, settings));
    snprintf(sql, sizeof(sql),
             "INSERT INTO evidence.stream (cluster_id, topic, partition) SELECT DISTINCT "
             "cluster_id, topic, 7 FROM evidence.stream WHERE topic = '%s'",
             topic);
    pgtest_run(sql);
    kafkafeed_send(topic, PARTITIONS, RECORDS, 2 * RECORDS, ingestrun_line, NULL, true);
    ingestrun_finish(ingestrun_start(topic, topic, true, settings));
    assert_int_equal(pgtest_int(gaps("kind = 'vanished' AND partition = 7 AND from_offset = 0")),
                     1);
    assert_int_equal(pgtest_int(gaps("true")), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(fewer_partitions_while_it_reads, new_topic),
        cmocka_unit_test_setup(fewer_partitions_while_nobody_reads, new_topic),
        cmocka_unit_test_setup(a_topic_that_is_deleted, new_topic),
        cmocka_unit_test_setup(partitions_that_were_never_read, new_topic),
    };
    if (kafkatest_brokers() == NULL || getenv("HINDCAST") == NULL) {
        printf("HINDCAST_KAFKA and HINDCAST are not set\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
