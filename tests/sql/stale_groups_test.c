/*
 * Groups that are kept are never stale (hindcast/groups.h): whatever changes a scope but a step
 * that keeps them (a save of the whole, a scope that is forgotten, records that are decoded anew or
 * that retention takes away) says so in its own transaction, and whoever reads what is new is told
 * that it cannot be told. Each of it against a real PostgreSQL, with the roles of the programs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/delivery.h"
#include "hindcast/groups.h"
#include "hindcast/part.h"
#include "hindcast/redecode.h"
#include "hindcast/retention.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

#define OLD_NS ((INT64_C(10961) * 24 + 10) * NS_PER_HOUR) /* 10:00 on a day of 2000 */
#define CONFIG "0123456789abcdef"

static struct err err;
static struct store *correlator, *owner;
static uint8_t feed; /* no two feeds have a record in common */

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* ------------------------------------------------------------------ groups that are whole */

/* One node, and that they are whole. */
static int
write_groups(void *context, struct store *store, struct err *failure)
{
    const struct sv *scope = context;
    const struct group_row node = {.id = {.first_ms = 5, .source = SV("s"), .uid = SV("u")},
                                   .opens = true,
                                   .last_ms = 6,
                                   .content = SV("content")};
    struct arena arena;
    struct groups *groups;
    struct sv config;
    arena_init(&arena, 0);
    int status = groups_open(store, &arena, *scope, &groups, &config, failure);
    if (status == 0)
        status = groups_clear(groups, failure);
    if (status == 0) {
        const struct group_rows *rows = groups_rows(groups);
        status = rows->change(rows->context, GROUP_PUT_NODES, &node, 1, failure);
    }
    if (status == 0)
        status = groups_whole(groups, SV(CONFIG), failure);
    arena_release(&arena);
    return status;
}

static void
make_whole(const char *scope)
{
    struct sv name = sv_from(scope);
    need(store_begin(correlator, &err));
    need(write_groups(&name, correlator, &err));
    need(store_end(correlator, &err));
}

static bool
whole(const char *scope)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM correlate.group_scope WHERE scope = '%s' AND config_digest = "
             "'" CONFIG "'",
             scope);
    return pgtest_int(sql) == 1;
}

/* The scope as it is now is saved, with its groups. */
static void
save_with_groups(const char *scope)
{
    struct arena arena;
    struct correlation_input input;
    struct cursor_position *cursor;
    size_t count;
    struct sv name = sv_from(scope);
    const struct correlation nothing = {.scope = name};
    arena_init(&arena, 0);
    need(casebook_load(correlator, &arena, name, &input, &cursor, &count, &err));
    need(casebook_save_also(correlator, &nothing, cursor, count,
                            &(struct casebook_also){write_groups, &name}, &err));
    arena_release(&arena);
    assert_true(whole(scope));
}

/* Whether what is new can be told. */
static bool
known(const char *scope)
{
    struct arena arena;
    struct part *part;
    struct part_news news;
    arena_init(&arena, 0);
    need(part_open(correlator, &arena, sv_from(scope), &part, &err));
    need(part_news(part, 0, &news, &err));
    assert_true(news.known == (news.unknown == NULL));
    part_abort(part);
    arena_release(&arena);
    return news.known;
}

static bool
behind(const char *scope)
{
    bool is_behind;
    need(casebook_behind(correlator, sv_from(scope), 0, &is_behind, &err));
    return is_behind;
}

/* ------------------------------------------------------------------ saves */

static const struct cursor_position cursor[] = {{0, 0}};

static int
refuse(void *context, struct store *store, struct err *failure)
{
    (void)context;
    (void)store;
    return err_set(failure, ERR_LIMIT, "it does not fit");
}

static void
a_save_of_the_whole_says_so(void **state)
{
    (void)state;
    const struct correlation *sample = sample_correlation();
    struct sv scope = sample->scope;
    char *name = strndup(scope.ptr, scope.len);
    make_whole(name);
    make_whole("another");
    need(casebook_save(correlator, sample, cursor, 1, &err));
    assert_false(whole(name));
    make_whole(name);
    need(casebook_replace(correlator, sample, cursor, 1, &err));
    assert_false(whole(name));
    assert_true(whole("another"));
    free(name);
}

static void
what_is_written_also_is_of_the_same_transaction(void **state)
{
    (void)state;
    const struct correlation *sample = sample_correlation();
    struct sv scope = sample->scope;
    const struct casebook_also also = {write_groups, &scope}, refusing = {refuse, NULL};
    char *name = strndup(scope.ptr, scope.len);
    need(casebook_save(correlator, sample, cursor, 1, &err));
    need(casebook_save_also(correlator, sample, cursor, 1, &also, &err));
    assert_true(whole(name));
    need(casebook_replace_also(correlator, sample, cursor, 1, &also, &err));
    assert_true(whole(name));
    struct correlation changed = *sample;
    changed.incident_count = changed.node_count = 0;
    assert_int_equal(casebook_save_also(correlator, &changed, cursor, 1, &refusing, &err), -1);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_true(whole(name));
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident"),
                     (int64_t)sample->incident_count);
    free(name);
}

/* What is left of a scope that is no more tells nothing of its records. */
static void
a_scope_that_is_forgotten_keeps_no_groups(void **state)
{
    (void)state;
    make_whole("gone");
    make_whole("another");
    need(casebook_forget(correlator, SV("gone"), cursor, 1, &err));
    assert_false(whole("gone"));
    assert_true(whole("another"));
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.group_node JOIN "
                                "correlate.group_scope USING (scope_no) WHERE scope = 'gone'"),
                     0);
    assert_true(pgtest_int("SELECT count(*) FROM correlate.group_node") > 0);
}

static void
a_part_keeps_them(void **state)
{
    (void)state;
    const struct correlation *sample = sample_correlation();
    const struct casebook_part changed = {.correlation = sample};
    char *name = strndup(sample->scope.ptr, sample->scope.len);
    struct arena arena;
    struct part *part;
    arena_init(&arena, 0);
    make_whole(name);
    need(part_open(correlator, &arena, sample->scope, &part, &err));
    need(part_save(part, &changed, cursor, 1, &err));
    need(part_commit(part, &err));
    assert_true(whole(name));
    arena_release(&arena);
    free(name);
}

/* ------------------------------------------------------------------ records */

static struct event
line(const char *scope, int64_t offset, int severity, int64_t time_ns)
{
    struct event event = {.scope = sv_from(scope),
                          .kind = EVENT_LOG,
                          .record_kind = RECORD_LOG,
                          .format = SV("test"),
                          .severity = severity,
                          .event_time_ns = time_ns,
                          .precision = time_ns == TIME_NONE ? PRECISION_NONE : PRECISION_SECOND,
                          .time_source =
                              time_ns == TIME_NONE ? TIME_SOURCE_ABSENT : TIME_SOURCE_NATIVE,
                          .identified = true,
                          .body = SV("body")};
    event.uid[0] = (uint8_t)offset;
    event.uid[1] = feed;
    return event;
}

static void
put(struct batch *batch, const struct stream *stream, int64_t offset, const struct event *event)
{
    struct decode_result result = {.status = DECODE_OK};
    struct record record = {.topic = sv_from(stream->topic),
                            .offset = offset,
                            .kafka_time_ns = OLD_NS,
                            .timestamp_type = TIMESTAMP_CREATE,
                            .value = SV("value")};
    batch_add(batch, stream, &record, OUTCOME_STORED, event, 1, &result);
}

/* Four lines with an identity: of two scopes one each that nobody reads and one that is notable. */
static struct stream
deliver(const char *topic, int64_t time_ns)
{
    struct stream stream;
    bool fenced;
    struct batch *batch = batch_new(&(struct batch_limits){.evidence = true});
    struct store *ingest = pgtest_open("hindcast_ingest");
    feed++;
    need(store_claim(ingest, "c", topic, 0, "me", &stream, &err));
    for (int64_t i = 0; i < 4; i++) {
        struct event event = line(i % 2 == 0 ? "shop" : "other", i, i < 2 ? 9 : 17, time_ns);
        put(batch, &stream, i, &event);
    }
    need(store_commit(ingest, batch, &stream, 1, &fenced, &err));
    assert_false(fenced);
    batch_free(batch);
    store_close(ingest);
    return stream;
}

static void
save_both(void)
{
    save_with_groups("shop");
    save_with_groups("other");
    assert_true(known("shop") && known("other"));
    assert_false(behind("shop") || behind("other"));
}

static struct redecode_stream
find_stream(struct arena *arena, int64_t stream_id)
{
    struct redecode_stream *found;
    size_t count;
    need(redecode_streams(owner, arena, &found, &count, &err));
    for (size_t i = 0; i < count; i++)
        if (found[i].stream.stream_id == stream_id)
            return found[i];
    fail_msg("there is no stream %lld", (long long)stream_id);
    return found[0];
}

static void
records_that_are_decoded_anew_say_so(void **state)
{
    (void)state;
    struct arena arena;
    bool again;
    arena_init(&arena, 0);
    int64_t stream_id = deliver("anew", OLD_NS).stream_id;
    save_both();
    make_whole("another");
    struct redecode_stream stream = find_stream(&arena, stream_id);
    struct batch *batch = batch_new(&(struct batch_limits){.evidence = false});
    struct event event = line("shop", 0, 17, OLD_NS);
    const struct sv scopes[] = {SV("shop")};
    put(batch, &stream.stream, 0, &event);
    struct redecode_change change = {
        .first_offset = 0, .next_offset = 1, .rows = 1, .scopes = scopes, .scope_count = 1};
    need(redecode_commit(owner, batch, &stream, &change, &again, &err));
    if (again)
        fail_msg("somebody was quicker: %s", err.message);
    assert_false(whole("shop"));
    assert_false(known("shop"));
    assert_true(behind("shop"));
    assert_true(whole("other") && known("other") && whole("another"));
    batch_free(batch);
    arena_release(&arena);
}

/* What was rewritten while a whole scope was computed: its save does not make it whole again. */
static void
who_computed_meanwhile_is_told(void **state)
{
    (void)state;
    struct arena arena;
    struct correlation_input input;
    struct cursor_position *then;
    size_t count;
    struct sv scope = SV("shop");
    const struct correlation nothing = {.scope = scope};
    arena_init(&arena, 0);
    save_both();
    need(casebook_load(correlator, &arena, scope, &input, &then, &count, &err));
    const char *const scopes = "[\"shop\"]";
    need(store_do(owner, QUERY_redecode_rewritten, &scopes, 1, NULL, &err));
    need(casebook_save_also(correlator, &nothing, then, count,
                            &(struct casebook_also){write_groups, &scope}, &err));
    assert_false(known("shop"));
    assert_true(behind("shop"));
    save_both();
    /* and is overtaken by who saved what was rewritten */
    assert_int_equal(casebook_save(correlator, &nothing, then, count, &err), -1);
    assert_int_equal(err.code, ERR_OVERTAKEN);
    const char *const every = "null";
    need(store_do(owner, QUERY_redecode_rewritten, &every, 1, NULL, &err));
    assert_false(known("shop") || known("other") || whole("shop") || whole("other"));
    arena_release(&arena);
}

/* ------------------------------------------------------------------ retention */

static void
remove_due(int log_days, int evidence_days)
{
    struct arena arena;
    struct partition_info *due;
    struct retention_limits limits = {log_days, evidence_days};
    size_t count;
    int64_t kept;
    arena_init(&arena, 0);
    need(retention_due(owner, &arena, &limits, &due, &count, &err));
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++)
        need(retention_remove(owner, &due[i], NS_PER_S, NULL, &kept, &err));
    arena_release(&arena);
}

/* The correlator knows this line of "shop" as one that came again; retention did not when it
 * decided what is kept. */
static void
know_as_delivery(int64_t stream_id)
{
    char sql[500];
    snprintf(sql, sizeof(sql),
             "INSERT INTO correlate.delivery (stream_id, record_offset, event_time, version, idx, "
             "incarnation, partition, counts, uid, scope, topic, kind, format) "
             "SELECT stream_id, record_offset, event_time, 0, idx, 1, 0, true, uid, scope, 't', "
             "'log', format FROM ingest.log WHERE stream_id = %lld AND record_offset = 0",
             (long long)stream_id);
    pgtest_run(sql);
}

/* The segments of today become those of a day long ago. */
static void
age_segments(void)
{
    pgtest_run("SELECT evidence.ensure_partitions('{}', ARRAY[current_date - 40])");
    pgtest_run("UPDATE evidence.segment SET day = current_date - 40 WHERE day = current_date");
}

static void
retention_that_keeps_what_is_read_says_nothing(void **state)
{
    (void)state;
    (void)deliver("kept", OLD_NS);
    save_both();
    age_segments();
    remove_due(30, 30);
    assert_true(whole("shop") && whole("other") && known("shop") && known("other"));
    assert_int_equal(pgtest_int("SELECT count(*) FROM ingest.log"), 0);
    assert_true(pgtest_int("SELECT count(*) FROM ingest.log_kept") > 0);
}

static void
lines_that_go_although_they_came_again_say_so(void **state)
{
    (void)state;
    int64_t stream_id = deliver("lines", OLD_NS).stream_id;
    know_as_delivery(stream_id);
    save_both();
    /* a save of nothing takes deliveries away */
    know_as_delivery(stream_id);
    remove_due(30, 0);
    assert_false(whole("shop") || known("shop"));
    assert_true(whole("other") && known("other"));
}

static void
raw_records_that_go_say_so(void **state)
{
    (void)state;
    int64_t stream_id = deliver("raw", OLD_NS).stream_id;
    save_both();
    know_as_delivery(stream_id);
    age_segments();
    remove_due(0, 30);
    assert_false(whole("shop") || known("shop"));
    assert_true(whole("other") && known("other"));
}

static void
late_lines_and_lines_without_a_time_say_so(void **state)
{
    (void)state;
    struct retention_limits limits = {30, 30};
    int64_t removed;
    char sql[300];
    int64_t stream_id = deliver("late", OLD_NS).stream_id;
    snprintf(sql, sizeof(sql),
             "INSERT INTO ingest.log_kept SELECT * FROM ingest.log WHERE stream_id = %lld AND "
             "record_offset = 0",
             (long long)stream_id);
    save_both();
    pgtest_run(sql);
    snprintf(sql, sizeof(sql),
             "DELETE FROM ingest.log WHERE stream_id = %lld AND record_offset = 0",
             (long long)stream_id);
    pgtest_run(sql);
    need(retention_sweep(owner, &limits, NS_PER_S, &err));
    assert_false(whole("shop") || known("shop"));
    assert_true(whole("other") && known("other"));
    stream_id = deliver("untimed", TIME_NONE).stream_id;
    save_both();
    need(retention_untimed(owner, &limits, NS_PER_S, &removed, &err));
    assert_int_equal(removed, 0);
    assert_true(whole("shop") && whole("other"));
    snprintf(sql, sizeof(sql),
             "UPDATE ingest.log_untimed SET ingest_time = ingest_time - interval '40 days' WHERE "
             "stream_id = %lld AND scope = 'shop'",
             (long long)stream_id);
    pgtest_run(sql);
    need(retention_untimed(owner, &limits, NS_PER_S, &removed, &err));
    assert_int_equal(removed, 1);
    assert_false(whole("shop") || known("shop"));
    assert_true(whole("other") && known("other"));
}

static int
setup(void **state)
{
    int status = pgtest_setup(state);
    correlator = pgtest_open("hindcast_correlate");
    owner = pgtest_open("hindcast_owner");
    need(retention_begin(owner, &err));
    return status;
}

static int
teardown(void **state)
{
    store_close(correlator);
    store_close(owner);
    return pgtest_teardown(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_save_of_the_whole_says_so),
        cmocka_unit_test(what_is_written_also_is_of_the_same_transaction),
        cmocka_unit_test(a_scope_that_is_forgotten_keeps_no_groups),
        cmocka_unit_test(a_part_keeps_them),
        cmocka_unit_test(records_that_are_decoded_anew_say_so),
        cmocka_unit_test(who_computed_meanwhile_is_told),
        cmocka_unit_test(retention_that_keeps_what_is_read_says_nothing),
        cmocka_unit_test(lines_that_go_although_they_came_again_say_so),
        cmocka_unit_test(raw_records_that_go_say_so),
        cmocka_unit_test(late_lines_and_lines_without_a_time_say_so),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
