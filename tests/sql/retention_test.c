/*
 * Retention step by step: what is kept comes back as it was, a broken segment stays, a closed
 * partition sends late lines elsewhere, and each role may what it should.
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
#include "hindcast/retention.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define OLD_NS ((INT64_C(10961) * 24 + 10) * NS_PER_HOUR) /* 10:00 on that day */

static struct err err;
static const struct header headers[] = {{SV("h"), SV("v")}, {SV("none"), SV_NONE}};

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* Offsets 3, 4, 6 and 9: an event, a line that nothing reads, a warning, a tombstone's event. */
static void
add(struct batch *batch, const struct stream *stream, int64_t offset, enum event_kind kind,
    int severity, struct sv value)
{
    struct record record = {.topic = sv_from(stream->topic),
                            .offset = offset,
                            .kafka_time_ns = OLD_NS + 5 * NS_PER_MS,
                            .timestamp_type = TIMESTAMP_APPEND,
                            .key = offset == 3 ? SV("") : SV_NONE,
                            .headers = headers,
                            .header_count = offset == 3 ? 2 : 0,
                            .value = value};
    struct event event = {.scope = SV("default"),
                          .kind = kind,
                          .record_kind = kind == EVENT_LOG ? RECORD_LOG : RECORD_CHAT,
                          .format = SV("test"),
                          .severity = severity,
                          .event_time_ns = OLD_NS,
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .body = SV("body")};
    struct decode_result result = {.status = DECODE_OK};
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, &result);
}

static void
deliver(struct store *store, struct stream *stream, const char *topic)
{
    bool fenced;
    struct batch *batch = batch_new(NULL);
    need(store_claim(store, "c", topic, 0, "me", stream, &err));
    add(batch, stream, 3, EVENT_CHAT, 0, SV("chat"));
    add(batch, stream, 4, EVENT_LOG, 9, SV("info"));
    batch_add_holes(batch, stream, 5, 6);
    add(batch, stream, 6, EVENT_LOG, 13, SV("warning"));
    batch_add_holes(batch, stream, 7, 9);
    add(batch, stream, 9, EVENT_CHAT, 0, SV_NONE);
    need(store_commit(store, batch, stream, 1, &fenced, &err));
    batch_free(batch);
}

/* The segments of today become those of a day long ago, each test's of another. */
static void
age(int days)
{
    char sql[256];
    snprintf(sql, sizeof(sql), "SELECT evidence.ensure_partitions('{}', ARRAY[current_date - %d])",
             days);
    pgtest_run(sql);
    snprintf(sql, sizeof(sql),
             "UPDATE evidence.segment SET day = current_date - %d WHERE day = current_date", days);
    pgtest_run(sql);
}

static void
remove_due(struct store *store, int log_days, int evidence_days, int expected)
{
    struct arena arena;
    struct partition_info *due;
    struct retention_limits limits = {log_days, evidence_days};
    size_t count;
    int64_t kept;
    int status = 0;
    arena_init(&arena, 0);
    need(retention_due(store, &arena, &limits, &due, &count, &err));
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++)
        status |= retention_remove(store, &due[i], NS_PER_S, NULL, &kept, &err);
    if (status != expected)
        fail_msg("gave %d: %s", status, err.message);
    arena_release(&arena);
}

static void
what_is_kept_comes_back_as_it_was(void **state)
{
    (void)state;
    struct arena arena;
    struct raw_record before, after;
    struct stream stream;
    struct store *ingest = pgtest_open("hindcast_ingest"), *owner = pgtest_open("hindcast_owner");
    struct store *reader = pgtest_open("hindcast_correlate");
    static const int64_t kept[] = {3, 6, 9};
    arena_init(&arena, 0);
    deliver(ingest, &stream, "kept");
    age(40);
    need(store_read_record(reader, &arena, stream.stream_id, 3, &before, &err));
    assert_true(before.found && !before.kept);
    need(retention_begin(owner, &err));
    remove_due(owner, 30, 30, 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.segment"), 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.kept"), 3);
    need(store_reconnect(reader, &err));
    for (size_t i = 0; i < 3; i++) {
        need(store_read_record(reader, &arena, stream.stream_id, kept[i], &after, &err));
        assert_true(after.found && after.kept && after.value_matches && after.root_matches);
        assert_memory_equal(&after.root, &before.root, sizeof(after.root));
        assert_true(after.record.kafka_time_ns == before.record.kafka_time_ns);
        assert_int_equal(after.record.timestamp_type, TIMESTAMP_APPEND);
        assert_int_equal(after.record.offset, kept[i]);
    }
    assert_true(after.record.value.ptr == NULL && after.record.key.ptr == NULL);
    assert_int_equal(after.record.header_count, 0);
    need(store_read_record(reader, &arena, stream.stream_id, 3, &after, &err));
    assert_true(after.record.key.ptr != NULL && after.record.key.len == 0);
    assert_true(sv_eq(after.record.value, SV("chat")) && sv_eq(after.topic, SV("kept")));
    assert_memory_equal(&after.value_sha256, &before.value_sha256, sizeof(after.value_sha256));
    assert_int_equal(after.record.header_count, 2);
    assert_true(sv_eq(after.record.headers[0].value, SV("v")));
    assert_null(after.record.headers[1].value.ptr);
    /* one that nothing reads is gone, and that is known; one that never was is not */
    need(store_read_record(reader, &arena, stream.stream_id, 4, &after, &err));
    assert_true(!after.found && after.retired);
    need(store_read_record(reader, &arena, stream.stream_id, 10, &after, &err));
    assert_true(!after.found && !after.retired);
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.log"), 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.log_kept WHERE severity = 13"), 1);
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.log_kept"), 1);
    arena_release(&arena);
    store_close(ingest);
    store_close(owner);
    store_close(reader);
}

static void
a_broken_segment_stays(void **state)
{
    (void)state;
    struct stream stream;
    struct store *ingest = pgtest_open("hindcast_ingest"), *owner = pgtest_open("hindcast_owner");
    deliver(ingest, &stream, "broken");
    age(41);
    deliver(ingest, &stream, "sound");
    age(42);
    pgtest_run("UPDATE evidence.segment SET root = set_byte(root, 0, get_byte(root, 0) # 1)"
               " WHERE day = current_date - 41");
    need(retention_begin(owner, &err));
    remove_due(owner, 0, 30, -1);
    assert_int_equal(err.code, ERR_BROKEN_EVIDENCE);
    assert_non_null(strstr(err.message, "Merkle root"));
    assert_int_equal(pgtest_int("SELECT sum(current_date - day) FROM evidence.segment"), 41);
    /* mended, the next run takes it */
    pgtest_run("UPDATE evidence.segment SET root = set_byte(root, 0, get_byte(root, 0) # 1)");
    remove_due(owner, 0, 30, 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.segment"), 0);
    store_close(ingest);
    store_close(owner);
}

static void
a_closed_partition_sends_late_lines_elsewhere(void **state)
{
    (void)state;
    struct stream stream;
    bool fenced;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    deliver(store, &stream, "late");
    pgtest_run("CREATE TRIGGER retiring BEFORE INSERT ON ingest.log_y2000 FOR EACH ROW"
               " EXECUTE FUNCTION evidence.refuse_row()");
    pgtest_run("UPDATE evidence.partition SET retiring = true WHERE name = 'ingest.log_y2000'");
    add(batch, &stream, 10, EVENT_LOG, 9, SV("late"));
    /* the connection still believes that the day has a partition; then it asks again */
    assert_int_equal(store_commit(store, batch, &stream, 1, &fenced, &err), -1);
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    need(store_commit(store, batch, &stream, 1, &fenced, &err));
    batch_clear(batch);
    add(batch, &stream, 11, EVENT_LOG, 9, SV("later"));
    need(store_commit(store, batch, &stream, 1, &fenced, &err));
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.log_kept WHERE record_offset >= 10"),
                     2);
    assert_int_equal(pgtest_int("SELECT count(*) FROM analyst.ledger WHERE NOT adds_up"), 0);
    batch_free(batch);
    store_close(store);
}

static void
one_run_at_a_time_and_only_by_the_owner(void **state)
{
    (void)state;
    struct store *first = pgtest_open("hindcast_owner"), *second = pgtest_open("hindcast_owner");
    struct store *ingest = pgtest_open("hindcast_ingest");
    need(retention_begin(first, &err));
    assert_int_equal(retention_begin(second, &err), -1);
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    assert_int_equal(retention_begin(ingest, &err), -1);
    assert_int_equal(err.code, ERR_DB_QUERY);
    assert_non_null(strstr(err.hint, "GRANT hindcast_owner"));
    store_close(first);
    store_close(second);
    store_close(ingest);
}

static void
rights_and_columns_are_as_written(void **state)
{
    (void)state;
    char *rights = pgtest_value(
        "SELECT string_agg(grantee || ' ' || what, ', ' ORDER BY grantee, what) FROM ("
        "SELECT a.grantee::regrole::text AS grantee, relname || ' ' || privilege_type AS what"
        " FROM pg_class c, aclexplode(relacl) a WHERE a.grantee <> relowner"
        " AND relname IN ('kept', 'retired', 'log_kept')) g");
    assert_string_equal(rights,
                        "hindcast_correlate kept INSERT, hindcast_correlate kept SELECT, "
                        "hindcast_correlate log_kept SELECT, hindcast_correlate retired SELECT, "
                        "hindcast_ingest log_kept INSERT");
    free(rights);
    /* rows move from one to the other as they are */
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM (SELECT attrelid, attname, atttypid, attnotnull,"
                   " row_number() OVER (PARTITION BY attrelid ORDER BY attnum) AS place"
                   " FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
                   " AND attrelid IN ('ingest.log'::regclass, 'ingest.log_kept'::regclass)) a"
                   " GROUP BY attname, atttypid, attnotnull, place HAVING count(*) <> 2"
                   " UNION ALL SELECT 0 LIMIT 1"),
        0);
}

/* Which of several deliveries counts may make the difference, so all of them are read. */
static void
lines_that_came_again_stay(void **state)
{
    (void)state;
    struct stream stream;
    bool fenced;
    struct store *ingest = pgtest_open("hindcast_ingest"), *owner = pgtest_open("hindcast_owner");
    struct batch *batch = batch_new(NULL);
    need(store_claim(ingest, "c", "again", 0, "me", &stream, &err));
    for (int64_t i = 0; i < 4; i++)
        add(batch, &stream, i, EVENT_LOG, 9, SV("info"));
    need(store_commit(ingest, batch, &stream, 1, &fenced, &err));
    batch_free(batch);
    pgtest_run("UPDATE ingest.log SET uid = CASE record_offset"
               " WHEN 2 THEN '00000000-0000-0000-0000-000000000002'"
               " ELSE '00000000-0000-0000-0000-000000000001' END::uuid"
               " FROM evidence.stream s WHERE log.stream_id = s.stream_id AND topic = 'again'"
               " AND record_offset < 3");
    age(50);
    need(retention_begin(owner, &err));
    remove_due(owner, 30, 30, 0);
    assert_int_equal(pgtest_int("SELECT sum(1 << record_offset::int) FROM ingest.log_kept"
                                " JOIN evidence.stream USING (stream_id) WHERE topic = 'again'"),
                     1 + 2);
    assert_int_equal(pgtest_int("SELECT sum(1 << record_offset::int) FROM evidence.kept"
                                " JOIN evidence.stream USING (stream_id) WHERE topic = 'again'"),
                     1 + 2);
    pgtest_run("TRUNCATE ingest.log_kept, evidence.kept, evidence.retired");
    store_close(ingest);
    store_close(owner);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_came_again_stay),
        cmocka_unit_test(what_is_kept_comes_back_as_it_was),
        cmocka_unit_test(a_broken_segment_stays),
        cmocka_unit_test(a_closed_partition_sends_late_lines_elsewhere),
        cmocka_unit_test(one_run_at_a_time_and_only_by_the_owner),
        cmocka_unit_test(rights_and_columns_are_as_written),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
