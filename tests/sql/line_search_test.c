/*
 * Log lines by words and trace ids: the index that retention makes on partitions that are over, and
 * what responder.search_lines() finds with it and without. Rows are written by hand, on two days:
 * one that is over, and today.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "hindcast/retention.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

static struct err err;

#define LINE(offset, day, trace, body)                                                             \
    "INSERT INTO ingest.log (stream_id, record_offset, event_time, idx, scope, precision, "        \
    "time_source, record_kind, format, service, host, trace_id, uid, body) VALUES (1, " offset     \
    ", (current_date - " day ")::timestamp AT TIME ZONE 'UTC' + " offset                           \
    " % 80000 * interval '1 second',"                                                              \
    " 0, 'default', 's', 'native', 'log', 'test', 'checkout-api', 'web-1', " trace                 \
    ", md5('" offset "')::uuid, '" body "');"

static const char lines[] =
    "SET timezone = 'UTC';"
    "INSERT INTO evidence.stream (stream_id, cluster_id, topic, partition, first_offset, "
    "next_offset, records, empty) VALUES (1, 'c', 'app', 0, 0, 100000, 100000, 100000);"
    "SELECT evidence.ensure_partitions(ARRAY[current_date - 5, current_date], '{}');" LINE(
        "10", "5", "'4bf92f3577b34da6'", "connection pool exhausted")
        LINE("11", "5", "NULL", "pool of connection leaks") LINE("12", "5", "NULL", "all is well")
            LINE("99990", "0", "'4bf92f3577b34da6'", "connection pool exhausted again")
                LINE("20", "0", "NULL", "an older connection");

static int
set_up(void **state)
{
    if (pgtest_setup(state) != 0)
        return -1;
    pgtest_run(lines);
    return 0;
}

static void
need(const char *sql, const char *expected)
{
    char *value = pgtest_value(sql);
    if (strcmp(value == NULL ? "" : value, expected) != 0)
        fail_msg("%s gives %s, not %s", sql, value, expected);
    free(value);
}

#define FOUND(arguments)                                                                           \
    "SELECT string_agg(state || ' ' || coalesce(record_offset::text, '-'), ', ') "                 \
    "FROM responder.search_lines(" arguments ")"
#define INDEXES                                                                                    \
    "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "                     \
    "WHERE c.relname ~ '_words$' AND i.indisvalid AND i.indrelid IN "                              \
    "(SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ingest.log'::regclass)"

#define COVERED                                                                                    \
    "SELECT closed || ' ' || unindexed || ' ' || coalesce((since = current_date - 5)::text, '-') " \
    "FROM analyst.lines_indexed()"

static void
run_index(int expected)
{
    int indexed;
    struct store *store = pgtest_open("hindcast_owner");
    if (retention_begin(store, &err) != 0 ||
        retention_index(store, NS_PER_MINUTE, NULL, &indexed, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(indexed, expected);
    store_close(store);
}

static void
partitions_that_are_over_get_an_index(void **state)
{
    (void)state;
    run_index(0);
    need(INDEXES, "0");
    need(COVERED, "1 1 true");
    need("SELECT count(*) FROM responder.line_days() WHERE indexed", "0");
    pgtest_run("UPDATE evidence.partition SET frozen = true WHERE hi < current_date");
    /* As if an earlier run had ended before it noted the index, which need not be whole. */
    char *name = pgtest_value("SELECT name FROM evidence.partition WHERE parent = 'ingest.log' "
                              "AND frozen");
    struct strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_addf(&sql, "SET ROLE hindcast_owner; CREATE INDEX %s_words ON %s (service)",
                strchr(name, '.') + 1, name);
    pgtest_run(sql.ptr);
    strbuf_release(&sql);
    free(name);
    run_index(1);
    need(INDEXES " AND pg_get_indexdef(c.oid) ~ 'USING gin'", "1");
    need("SELECT count(*) FROM responder.line_days() WHERE indexed", "1");
    need(COVERED, "1 0 -");
    run_index(0);
}

static void
lines_are_found_newest_first(void **state)
{
    (void)state;
    need(FOUND("'connection pool'"), "newest 99990, indexed 11, indexed 10");
    need(FOUND("'\"connection pool\"'"), "newest 99990, indexed 10");
    need(FOUND("'pool -leaks'"), "newest 99990, indexed 10");
    need(FOUND("'4bf92f3577b34da6'"), "newest 99990, indexed 10");
    need(FOUND("'checkout-api leak*'"), "indexed 11");
    need(FOUND("'connection', most => 2"), "newest 99990, indexed 11");
    need(FOUND("'pool', until => current_date - 4"), "indexed 11, indexed 10");
    need(FOUND("'pool', since => current_date - 4"), "newest 99990");
    need(FOUND("'nowhere'"), "");
    /* Where there is no index only the newest records are read: not the one of offset 20. */
    need(FOUND("'older'"), "");
    struct store *store = pgtest_open("hindcast_responder");
    assert_int_equal(store_script(store, "SELECT responder.search_lines('-pool')", "", &err), -1);
    store_close(store);
}

static void
late_lines_are_found_too(void **state)
{
    (void)state;
    pgtest_run("SET ROLE hindcast_ingest;" LINE("30", "5", "NULL", "a late pool"));
    need(FOUND("'late'"), "indexed 30");
}

static void
too_many_lines_answer_with_none(void **state)
{
    (void)state;
    pgtest_run("CREATE OR REPLACE FUNCTION responder.line_limits(OUT lines integer, "
               "OUT newest integer, OUT returned integer) LANGUAGE sql IMMUTABLE PARALLEL SAFE "
               "AS 'SELECT 2, 20000, 1000'");
    need(FOUND("'pool'"), "newest 99990, too_many -");
    need(FOUND("'pool exhausted'"), "newest 99990, indexed 10");
}

/* Of the partition that is over the rows that the index names, of today's those of the window. */
static void
what_is_read_is_bounded(void **state)
{
    (void)state;
    pgtest_run(
        "SET timezone = 'UTC'; INSERT INTO ingest.log (stream_id, record_offset, event_time, "
        "idx, scope, precision, time_source, record_kind, format, uid, body) SELECT 1, n, "
        "(current_date - d)::timestamp AT TIME ZONE 'UTC' + interval '1 hour', 0, 'default', "
        "'s', 'native', 'log', 'test', md5(n::text)::uuid, 'filler' FROM "
        "generate_series(1000, 5999) n, unnest(ARRAY[0, 5]) d");
    struct store *store = pgtest_open("hindcast_responder");
    assert_int_equal(store_script(store, "BEGIN", "", &err), 0);
    PGresult *result =
        PQexec(store->pg, "SELECT count(*) FROM responder.search_lines('exhausted')");
    assert_string_equal(PQgetvalue(result, 0, 0), "2");
    PQclear(result);
    result = PQexec(store->pg, "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) <= 20 FROM "
                               "pg_stat_xact_user_tables WHERE schemaname = 'ingest'");
    assert_string_equal(PQgetvalue(result, 0, 0), "t");
    PQclear(result);
    store_close(store);
}

static void
only_who_reads_text_may_ask(void **state)
{
    static const char *const roles[] = {"hindcast_analyst", "hindcast_ingest"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct store *store = pgtest_open(roles[i]);
        assert_int_equal(store_script(store, "SELECT responder.search_lines('pool')", "", &err),
                         -1);
        store_close(store);
    }
    struct store *store = pgtest_open("hindcast_correlate");
    assert_int_equal(store_script(store, "SELECT responder.search_lines('pool')", "", &err), 0);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partitions_that_are_over_get_an_index),
        cmocka_unit_test(lines_are_found_newest_first),
        cmocka_unit_test(late_lines_are_found_too),
        cmocka_unit_test(only_who_reads_text_may_ask),
        cmocka_unit_test(what_is_read_is_bounded),
        cmocka_unit_test(too_many_lines_answer_with_none), /* last: it changes the limits */
    };
    return cmocka_run_group_tests(tests, set_up, pgtest_teardown);
}
