/*
 * A batch that PostgreSQL itself refuses: only the records at fault are set aside, all others are
 * written, and what is nobody's fault stops as before. Constraints and triggers that tests add
 * stand for whatever refuses a row one day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hindcast/delivery.h"
#include "hindcast/evidence.h"
#include "store/delivery/bisect.h"
#include "tests/lib/pgtest.h"

#define TIME_2026 (INT64_C(1767225600) * NS_PER_S)
#define STREAMS 3

static struct err err;
static struct store *store;
static struct batch *batch;
static struct stream streams[STREAMS];
static bool fenced[STREAMS];

/* `poison` goes where the constraints of the tests look: into the body of logs, the title of
 * alerts. */
static void
add(int at, int64_t offset, enum event_kind kind, const char *poison)
{
    struct stream *stream = &streams[at];
    char text[64];
    snprintf(text, sizeof(text), "%s %d %d", poison == NULL ? "fine" : poison, at, (int)offset);
    struct event event = {.scope = SV("default"),
                          .kind = kind,
                          .record_kind = kind == EVENT_LOG ? RECORD_LOG : RECORD_ALERT,
                          .format = SV("test"),
                          .event_time_ns = TIME_2026 + (offset % 30) * NS_PER_DAY,
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .title = sv_from(text)};
    struct decode_result result = {.status = DECODE_OK};
    struct record record = {.topic = sv_from(stream->topic),
                            .partition = stream->partition,
                            .offset = offset,
                            .kafka_time_ns = TIME_2026,
                            .value = sv_from(text)};
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, &result);
}

static int
commit(void)
{
    return store_commit(store, batch, streams, STREAMS, fenced, &err);
}

static void
claim(const char *topic)
{
    for (int i = 0; i < STREAMS; i++)
        if (store_claim(store, "c", topic, i, "me", &streams[i], &err) != 0)
            fail_msg("%s", err.message);
}

static int64_t
count(const char *format, const char *topic)
{
    char sql[600];
    snprintf(sql, sizeof(sql), format, topic);
    return pgtest_int(sql);
}

#define OF " FROM evidence.stream WHERE topic = '%s'"
#define QUARANTINED                                                                                \
    " FROM evidence.quarantine JOIN evidence.stream USING (stream_id) WHERE topic = '%s'"
#define STORED                                                                                     \
    " FROM (SELECT stream_id, record_offset FROM ingest.log UNION ALL"                             \
    " SELECT stream_id, record_offset FROM ingest.event) r"                                        \
    " JOIN evidence.stream USING (stream_id) WHERE topic = '%s'"

/* Three poison records in a thousand, in both tables and in three streams. */
static void
three_in_a_thousand(void **state)
{
    struct arena arena;
    struct raw_record raw;
    (void)state;
    claim("three");
    pgtest_run("ALTER TABLE ingest.log ADD CONSTRAINT no_poison CHECK (body NOT LIKE 'poison%')");
    pgtest_run("ALTER TABLE ingest.event ADD CONSTRAINT no_venom CHECK (title NOT LIKE 'venom%')");
    for (int64_t i = 0; i < 1000; i++) {
        int at = (int)(i % STREAMS);
        enum event_kind kind = i / STREAMS % 2 == 0 ? EVENT_LOG : EVENT_ALERT;
        bool poison = i == 0 || i == 499 || i == 998;
        add(at, i / STREAMS, kind, !poison ? NULL : kind == EVENT_LOG ? "poison" : "venom");
    }
    if (commit() != 0)
        fail_msg("%s", err.message);
    pgtest_run("ALTER TABLE ingest.log DROP CONSTRAINT no_poison");
    pgtest_run("ALTER TABLE ingest.event DROP CONSTRAINT no_venom");
    assert_int_equal(count("SELECT sum(records)" OF, "three"), 1000);
    assert_int_equal(count("SELECT sum(stored)" OF, "three"), 997);
    assert_int_equal(count("SELECT sum(quarantined)" OF, "three"), 3);
    assert_int_equal(count("SELECT sum(events)" OF, "three"), 997);
    assert_int_equal(count("SELECT count(DISTINCT (stream_id, record_offset))" STORED, "three"),
                     997);
    assert_int_equal(count("SELECT sum(b.events) FROM evidence.batch b JOIN evidence.stream"
                           " USING (stream_id) WHERE topic = '%s'",
                           "three"),
                     997);
    assert_int_equal(count("SELECT count(*)" QUARANTINED
                           " AND reason = 'refused' AND format_guess ="
                           " 'test' AND detail LIKE '23514: %%violates check constraint%%'"
                           " AND (partition, record_offset) IN ((0, 0), (1, 166), (2, 332))",
                           "three"),
                     3);
    assert_int_equal(pgtest_int("SELECT count(*) FROM analyst.ledger WHERE NOT adds_up"), 0);
    assert_int_equal(pgtest_counts_differ(), 0);
    /* The bytes are evidence like any others'. */
    struct store *reader = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    assert_int_equal(store_read_record(reader, &arena, streams[1].stream_id, 166, &raw, &err), 0);
    store_close(reader);
    assert_true(raw.found && raw.root_matches);
    assert_non_null(memmem(raw.record.value.ptr, raw.record.value.len, " 1 166", 6));
    arena_release(&arena);
}

/* A record with several events goes whole; a constraint that waits for COMMIT is found as well. */
static void
constraints_that_wait_for_commit(void **state)
{
    (void)state;
    claim("later");
    pgtest_run("CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
               " IF NEW.title LIKE 'late%' THEN RAISE EXCEPTION 'too late for %', NEW.title;"
               " END IF; RETURN NULL; END $$");
    pgtest_run("CREATE CONSTRAINT TRIGGER later AFTER INSERT ON ingest.event DEFERRABLE INITIALLY"
               " DEFERRED FOR EACH ROW EXECUTE FUNCTION public.refuse()");
    for (int64_t i = 0; i < 50; i++)
        add(0, i, EVENT_ALERT, i == 49 ? "late" : NULL);
    if (commit() != 0)
        fail_msg("%s", err.message);
    pgtest_run("DROP TRIGGER later ON ingest.event");
    assert_int_equal(count("SELECT sum(stored)" OF, "later"), 49);
    assert_int_equal(count("SELECT count(*)" QUARANTINED
                           " AND record_offset = 49 AND detail LIKE 'P0001: %%too late for%%'",
                           "later"),
                     1);
}

/* Two records of which only one may be there: the later one is set aside. */
static void
records_that_exclude_each_other(void **state)
{
    (void)state;
    claim("pair");
    pgtest_run("ALTER TABLE ingest.event ADD CONSTRAINT one_of_a_kind"
               " EXCLUDE (title WITH =) WHERE (title LIKE 'twin%')");
    for (int64_t i = 0; i < 20; i++)
        add(0, i, EVENT_ALERT, NULL);
    for (int64_t i = 20; i < 22; i++) {
        struct event event = {.scope = SV("default"),
                              .kind = EVENT_ALERT,
                              .record_kind = RECORD_ALERT,
                              .format = SV("test"),
                              .event_time_ns = TIME_2026,
                              .precision = PRECISION_SECOND,
                              .time_source = TIME_SOURCE_NATIVE,
                              .title = SV("twin")};
        struct decode_result result = {.status = DECODE_OK};
        struct record record = {.topic = SV("pair"), .offset = i, .value = SV("twin")};
        batch_add(batch, &streams[0], &record, OUTCOME_STORED, &event, 1, &result);
    }
    if (commit() != 0)
        fail_msg("%s", err.message);
    pgtest_run("ALTER TABLE ingest.event DROP CONSTRAINT one_of_a_kind");
    assert_int_equal(count("SELECT sum(stored)" OF, "pair"), 21);
    assert_int_equal(count("SELECT min(record_offset)" QUARANTINED, "pair"), 21);
}

static void
poison(const char *topic, int bad)
{
    claim(topic);
    pgtest_run("ALTER TABLE ingest.log ADD CONSTRAINT no_poison CHECK (body NOT LIKE 'poison%')");
    for (int64_t i = 0; i < 400; i++)
        add((int)(i % STREAMS), i / STREAMS, EVENT_LOG, i < bad ? "poison" : NULL);
}

static void
as_many_as_the_limit_are_set_aside(void **state)
{
    (void)state;
    poison("limit", REFUSED_PER_BATCH_MAX);
    int status = commit();
    pgtest_run("ALTER TABLE ingest.log DROP CONSTRAINT no_poison");
    if (status != 0)
        fail_msg("%s", err.message);
    assert_int_equal(count("SELECT sum(quarantined)" OF, "limit"), REFUSED_PER_BATCH_MAX);
    assert_int_equal(count("SELECT count(*)" STORED, "limit"), 400 - REFUSED_PER_BATCH_MAX);
}

static void
more_stop_and_nothing_is_lost(void **state)
{
    (void)state;
    poison("systematic", REFUSED_PER_BATCH_MAX + 1);
    int status = commit();
    pgtest_run("ALTER TABLE ingest.log DROP CONSTRAINT no_poison");
    assert_int_equal(status, -1);
    assert_int_equal(err.code, ERR_DB_QUERY);
    assert_non_null(strstr(err.message, "refuses more than 100 records of one batch"));
    assert_non_null(strstr(err.message, "no_poison"));
    assert_true(err.hint[0] != '\0');
    assert_int_equal(count("SELECT count(*)" STORED, "systematic"), 0);
    assert_int_equal(count("SELECT count(*)" QUARANTINED, "systematic"), 0);
    assert_int_equal(batch_counts(batch).quarantined, 0);
    /* Once the constraint is gone the same batch is written whole. */
    if (commit() != 0)
        fail_msg("%s", err.message);
    assert_int_equal(count("SELECT sum(stored)" OF, "systematic"), 400);
}

static void
what_is_no_records_fault_stops(void **state)
{
    (void)state;
    claim("segment");
    pgtest_run("ALTER TABLE evidence.segment ADD CONSTRAINT no_more CHECK (records < 0) NOT VALID");
    for (int64_t i = 0; i < 20; i++)
        add(0, i, EVENT_LOG, NULL);
    int status = commit();
    pgtest_run("ALTER TABLE evidence.segment DROP CONSTRAINT no_more");
    assert_int_equal(status, -1);
    assert_int_equal(err.code, ERR_DB_QUERY);
    assert_string_equal(err.sqlstate, "23514");
    assert_non_null(strstr(err.message, "copy_segment"));
    assert_int_equal(count("SELECT count(*)" QUARANTINED, "segment"), 0);
    assert_int_equal(batch_counts(batch).quarantined, 0);
}

/* A partition that was known is dropped: asked for again, and nobody's fault either. */
static void
a_dropped_partition_comes_back(void **state)
{
    (void)state;
    claim("dropped");
    add(0, 0, EVENT_LOG, NULL);
    if (commit() != 0)
        fail_msg("%s", err.message);
    batch_clear(batch);
    char *partition = pgtest_value("SELECT l.tableoid::regclass FROM ingest.log l JOIN"
                                   " evidence.stream USING (stream_id) WHERE topic = 'dropped'");
    char sql[200];
    snprintf(sql, sizeof(sql), "DROP TABLE %s", partition);
    pgtest_run(sql);
    free(partition);
    add(0, 1, EVENT_LOG, NULL);
    add(0, 2, EVENT_ALERT, NULL);
    batch_drop_stream(batch, streams[0].stream_id);
    for (int64_t i = 1; i <= 30; i++)
        add(0, i, EVENT_LOG, NULL);
    assert_int_equal(commit(), -1);
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    if (commit() != 0)
        fail_msg("%s", err.message);
    assert_int_equal(count("SELECT sum(stored)" OF, "dropped"), 31);
    assert_int_equal(count("SELECT count(*)" QUARANTINED, "dropped"), 0);
}

/* A person who cancels a statement stops nothing for good. */
static void
a_cancelled_statement_is_sent_again(void **state)
{
    (void)state;
    claim("cancelled");
    if (store_script(store, "SET statement_timeout = 1", "test", &err) != 0)
        fail_msg("%s", err.message);
    for (int64_t i = 0; i < 20000; i++)
        add(0, i, EVENT_LOG, NULL);
    assert_int_equal(commit(), -1);
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    if (store_script(store, "SET statement_timeout = 0", "test", &err) != 0 || commit() != 0)
        fail_msg("%s", err.message);
    assert_int_equal(count("SELECT sum(stored)" OF, "cancelled"), 20000);
}

static int
begin(void **state)
{
    (void)state;
    store = pgtest_open("hindcast_ingest");
    batch = batch_new(NULL);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    batch_free(batch);
    store_close(store);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(three_in_a_thousand, begin, end),
        cmocka_unit_test_setup_teardown(constraints_that_wait_for_commit, begin, end),
        cmocka_unit_test_setup_teardown(records_that_exclude_each_other, begin, end),
        cmocka_unit_test_setup_teardown(as_many_as_the_limit_are_set_aside, begin, end),
        cmocka_unit_test_setup_teardown(more_stop_and_nothing_is_lost, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_records_fault_stops, begin, end),
        cmocka_unit_test_setup_teardown(a_dropped_partition_comes_back, begin, end),
        cmocka_unit_test_setup_teardown(a_cancelled_statement_is_sent_again, begin, end),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
