/*
 * Evidence whose leaves have either version: segments and what retention keeps of them prove their
 * records; of version 2 the whole record, so that a changed key, header or time is noticed. The
 * digests that choose between deliveries are the same out of both, and an older schema's rows are
 * brought along.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "hindcast/delivery.h"
#include "hindcast/evidence.h"
#include "hindcast/retention.h"
#include "store/casebook/digest.h"
#include "store/evidence/segment_cache.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define OLD_NS ((INT64_C(10961) * 24 + 10) * NS_PER_HOUR) /* 10:00 on that day */
#define RECORDS 3

static struct err err;
static const struct header headers[] = {{SV("zone"), SV("UTC")}, {SV("none"), SV_NONE}};
static const struct header changed[] = {{SV("zone"), SV("CET")}, {SV("none"), SV_NONE}};

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* Offsets 0 to 2: with all parts; an empty value; a tombstone. */
static struct record
a_record(const struct stream *stream, int64_t offset)
{
    struct record record = {.topic = sv_from(stream->topic),
                            .incarnation = stream->incarnation,
                            .offset = offset,
                            .kafka_time_ns = OLD_NS + offset * NS_PER_MS,
                            .timestamp_type = TIMESTAMP_CREATE,
                            .key = offset == 0 ? SV("key") : SV_NONE,
                            .headers = headers,
                            .header_count = offset == 0 ? 2 : 0,
                            .value = offset == 0 ? SV("value") : SV("")};
    if (offset == 2)
        record.value = SV_NONE;
    return record;
}

static void
deliver(const char *topic, struct stream *stream)
{
    bool fenced;
    struct store *ingest = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    need(store_claim(ingest, "c", topic, 0, "me", stream, &err));
    for (int64_t offset = 0; offset < RECORDS; offset++) {
        struct record record = a_record(stream, offset);
        struct event event = {.scope = SV("default"),
                              .kind = EVENT_CHAT,
                              .record_kind = RECORD_CHAT,
                              .format = SV("test"),
                              .event_time_ns = OLD_NS,
                              .precision = PRECISION_SECOND,
                              .time_source = TIME_SOURCE_NATIVE,
                              .body = SV("body")};
        struct decode_result result = {.status = DECODE_OK};
        batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, &result);
    }
    need(store_commit(ingest, batch, stream, 1, &fenced, &err));
    batch_free(batch);
    store_close(ingest);
}

static void
put_hex(struct strbuf *out, struct sv bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        strbuf_addf(out, "%02x", (uint8_t)bytes.ptr[i]);
}

static void
set_segment(const char *column, struct sv bytes)
{
    struct strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_addf(&sql, "UPDATE evidence.segment SET %s = '\\x", column);
    put_hex(&sql, bytes);
    strbuf_add_text(&sql, "'");
    pgtest_run(sql.ptr);
    strbuf_release(&sql);
}

/* The only segment becomes one as an older program wrote it. */
static void
make_first_version(const struct stream *stream)
{
    struct sha256 leaves[RECORDS], root, value;
    for (int64_t offset = 0; offset < RECORDS; offset++) {
        struct record record = a_record(stream, offset);
        sha256_of(record.value.ptr, record.value.len, &value);
        leaf_of_record(1, &record, SV_NONE, &value, &leaves[offset]);
    }
    segment_root(leaves, RECORDS, &root);
    set_segment("root", sv_of((const char *)root.bytes, SHA256_BYTES));
    pgtest_run("UPDATE evidence.segment SET leaf_version = 1");
}

/* The stored bytes are those of records of which the first was changed, as ingest writes them. */
static void
store_changed(const struct stream *stream, const struct record *first)
{
    struct segment segment;
    struct strbuf row;
    const char *at;
    segment_init(&segment);
    strbuf_init(&row, 0);
    for (int64_t offset = 0; offset < RECORDS; offset++) {
        struct record record = a_record(stream, offset);
        segment_add(&segment, stream, offset == 0 ? first : &record);
    }
    segment_cut(&segment, stream->stream_id, 0, &row);
    at = memmem(row.ptr, row.len, "\x04\x22\x4d\x18", 4); /* where an LZ4 frame begins */
    assert_non_null(at);
    set_segment("data", sv_of(at, row.len - (size_t)(at - row.ptr)));
    strbuf_release(&row);
    segment_release(&segment);
}

static struct raw_record
read_record(struct arena *arena, int64_t stream_id, int64_t offset)
{
    struct raw_record raw;
    struct store *reader = pgtest_open("hindcast_correlate");
    need(store_read_record(reader, arena, stream_id, offset, &raw, &err));
    store_close(reader);
    assert_true(raw.found);
    return raw;
}

static void
need_proof(const struct stream *stream, bool kept, bool holds)
{
    struct arena arena;
    arena_init(&arena, 0);
    for (int64_t offset = 0; offset < RECORDS; offset++) {
        struct raw_record raw = read_record(&arena, stream->stream_id, offset);
        assert_true(raw.kept == kept && raw.value_matches);
        assert_true(raw.root_matches == (holds || (kept && offset > 0)));
    }
    arena_release(&arena);
}

static void
retire(void)
{
    struct arena arena;
    struct partition_info *due;
    struct retention_limits limits = {0, 30};
    struct store *owner = pgtest_open("hindcast_owner");
    size_t count;
    int64_t kept;
    arena_init(&arena, 0);
    pgtest_run("SELECT evidence.ensure_partitions('{}', ARRAY[current_date - 40])");
    pgtest_run("UPDATE evidence.segment SET day = current_date - 40");
    need(retention_begin(owner, &err));
    need(retention_due(owner, &arena, &limits, &due, &count, &err));
    for (size_t i = 0; i < count; i++)
        need(retention_remove(owner, &due[i], NS_PER_S, NULL, &kept, &err));
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.segment"), 0);
    store_close(owner);
    arena_release(&arena);
}

static void
digests(const struct stream *stream, struct observation observations[RECORDS])
{
    struct store *reader = pgtest_open("hindcast_correlate");
    memset(observations, 0, RECORDS * sizeof(observations[0]));
    for (int64_t offset = 0; offset < RECORDS; offset++)
        observations[offset].at =
            (struct coordinates){.stream_id = stream->stream_id, .offset = offset};
    need(casebook_digests(reader, observations, RECORDS, &err));
    store_close(reader);
}

/* From the segment, and from what is kept of it, the digests are those of the record itself. */
static void
need_digests(const struct stream *stream)
{
    struct observation found[RECORDS];
    digests(stream, found);
    for (int64_t offset = 0; offset < RECORDS; offset++) {
        struct record record = a_record(stream, offset);
        char front[256];
        struct sha256 value, frame;
        size_t len = (size_t)(frame_put_front(front, &record) - front);
        sha256_of(record.value.ptr, record.value.len, &value);
        frame_digest(sv_of(front, len), &value, &frame);
        assert_memory_equal(&found[offset].sha256, &value, sizeof(value));
        assert_memory_equal(&found[offset].frame, &frame, sizeof(frame));
    }
    assert_memory_equal(&found[1].sha256, &found[2].sha256, SHA256_BYTES);
    assert_memory_not_equal(&found[1].frame, &found[2].frame, SHA256_BYTES);
}

/* Each part of the first record of `stream` changed in the stored bytes: noticed or not. */
static void
change_each_part(const struct stream *stream, bool noticed)
{
    struct record parts[5];
    for (size_t i = 0; i < 5; i++)
        parts[i] = a_record(stream, 0);
    parts[0].headers = changed;
    parts[1].key = SV("kex");
    parts[2].kafka_time_ns += NS_PER_MS;
    parts[3].timestamp_type = TIMESTAMP_APPEND;
    parts[4].value = SV("valuf");
    for (size_t i = 0; i < 5; i++) {
        store_changed(stream, &parts[i]);
        need_proof(stream, false, i < 4 && !noticed);
    }
    struct record same = a_record(stream, 0);
    store_changed(stream, &same);
    need_proof(stream, false, true);
}

static void
segments_of_either_version_are_verified(void **state)
{
    (void)state;
    struct stream stream;
    struct arena arena;
    struct raw_record raw;
    deliver("either", &stream);
    assert_int_equal(pgtest_int("SELECT leaf_version FROM evidence.segment"), LEAF_VERSION);
    need_proof(&stream, false, true);
    need_digests(&stream);
    change_each_part(&stream, true);
    /* A segment is of the version it was written with: none other fits its root. */
    pgtest_run("UPDATE evidence.segment SET leaf_version = 1");
    need_proof(&stream, false, false);
    make_first_version(&stream);
    need_proof(&stream, false, true);
    need_digests(&stream);
    change_each_part(&stream, false);
    pgtest_run("UPDATE evidence.segment SET leaf_version = 2");
    need_proof(&stream, false, false);
    /* Of a newer program: said, not guessed. */
    pgtest_run("UPDATE evidence.segment SET leaf_version = 3");
    struct store *reader = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    assert_int_equal(store_read_record(reader, &arena, stream.stream_id, 0, &raw, &err), -1);
    assert_int_equal(err.code, ERR_BROKEN_EVIDENCE);
    assert_non_null(strstr(err.message, "version"));
    arena_release(&arena);
    store_close(reader);
    pgtest_run("TRUNCATE evidence.segment, ingest.event");
}

static void
change_kept(const struct stream *stream, const char *change, bool noticed)
{
    char sql[256];
    pgtest_run("CREATE TABLE copy AS SELECT * FROM evidence.kept");
    snprintf(sql, sizeof(sql), "UPDATE evidence.kept SET %s WHERE record_offset = 0", change);
    pgtest_run(sql);
    need_proof(stream, true, !noticed);
    pgtest_run("DELETE FROM evidence.kept");
    pgtest_run("INSERT INTO evidence.kept SELECT * FROM copy");
    pgtest_run("DROP TABLE copy");
    need_proof(stream, true, true);
}

static void
kept_records_prove_what_their_version_covers(void **state)
{
    (void)state;
    for (int version = 1; version <= LEAF_VERSION; version++) {
        struct stream stream;
        deliver(version == 1 ? "kept-1" : "kept-2", &stream);
        if (version == 1)
            make_first_version(&stream);
        retire();
        assert_int_equal(pgtest_int("SELECT min(leaf_version) FROM evidence.kept"), version);
        assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.kept"), RECORDS);
        need_proof(&stream, true, true);
        need_digests(&stream);
        change_kept(&stream, "headers[2] = 'CET'", version > 1);
        change_kept(&stream, "key = 'kex'", version > 1);
        change_kept(&stream, "key = NULL", version > 1);
        change_kept(&stream, "kafka_time = kafka_time + interval '1 ms'", version > 1);
        change_kept(&stream, "timestamp_type = 2", version > 1);
        change_kept(&stream, "record_offset = record_offset, root = set_byte(root, 0, 1)", true);
        pgtest_run("TRUNCATE evidence.kept, ingest.event");
    }
}

/* ---- rows of an older schema ---- */

#define BROUGHT_ALONG_BY "leaf_version.sql"

static void
migrate_by_hand(bool last)
{
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++) {
        bool here = strstr(file->name, BROUGHT_ALONG_BY) != NULL;
        if (here == last) {
            struct strbuf script;
            strbuf_init(&script, 0);
            strbuf_addf(&script, "BEGIN; %s; COMMIT", file->text);
            pgtest_run(script.ptr);
            strbuf_release(&script);
        }
        if (here)
            return;
    }
    fail_msg("there is no migration " BROUGHT_ALONG_BY);
}

static void
old_rows_are_brought_along(void **state)
{
    (void)state;
    migrate_by_hand(false);
    pgtest_run("SELECT evidence.ensure_partitions('{}', ARRAY[current_date]);"
               "INSERT INTO evidence.segment VALUES (1, 0, current_date, 1, NULL, '{1}', 'r', 'd');"
               "INSERT INTO evidence.kept VALUES (1, 0, NULL, 0, 1, 0, NULL, 'v', '{}', 's', '', "
               "'r');"
               "INSERT INTO correlate.delivery SELECT 1, n, now(), 0, 0, 1, 0, rule IS NULL, "
               "md5('u')::uuid, 's', 't', 'alert', 'f', rule FROM unnest(ARRAY[NULL, 'sha256', "
               "'content', 'version', 'coordinates']) WITH ORDINALITY r(rule, n);"
               "INSERT INTO correlate.cursor VALUES ('s', -1, 4711), ('s', 1, 7)");
    migrate_by_hand(true);
    char *rules = pgtest_value("SELECT string_agg(decided_by, ' ' ORDER BY record_offset) "
                               "FROM correlate.delivery");
    assert_string_equal(rules, "sha256 content version coordinates");
    free(rules);
    assert_int_equal(pgtest_int("SELECT leaf_version FROM evidence.segment"), 1);
    assert_int_equal(pgtest_int("SELECT leaf_version FROM evidence.kept"), 1);
    /* A scope that was correlated with no known configuration is computed again. */
    assert_int_equal(pgtest_int("SELECT min(seq) FROM correlate.cursor WHERE stream_id = -1"), -1);
    assert_int_equal(pgtest_int("SELECT seq FROM correlate.cursor WHERE stream_id = 1"), 7);
    assert_int_equal(pgtest_int("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND "
                                "relnamespace = 'correlate'::regnamespace "
                                "AND NOT (relrowsecurity AND relforcerowsecurity)"),
                     0);
}

int
main(void)
{
    const struct CMUnitTest old[] = {cmocka_unit_test(old_rows_are_brought_along)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_of_either_version_are_verified),
        cmocka_unit_test(kept_records_prove_what_their_version_covers),
    };
    int failed = cmocka_run_group_tests(old, pgtest_setup_empty, pgtest_teardown);
    return failed + cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
