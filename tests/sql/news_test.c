/*
 * What makes the correlator work: batches that hold nothing it reads make no scope stale, nothing
 * new means that no row is read of the log and no row version is written, and what it reads of log
 * lines it finds without the others. Counted, never timed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/applied.h"
#include "app/correlate_all.h"
#include "hindcast/delivery.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define TIME_2026 (INT64_C(1767225600) * NS_PER_S)
#define QUIET_LINES 20000

static struct err err;
static struct store *ingest;
static struct stream stream;
static struct batch *batch;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* A log line, or an alert where kind says so, in a record of its own. */
static void
add(const char *scope, enum event_kind kind, int severity, const char *format, bool identified)
{
    int64_t offset = batch_next_offset(batch, stream.stream_id);
    if (offset < 0)
        offset = stream.next_offset < 0 ? 0 : stream.next_offset;
    int64_t time_ns = TIME_2026 + offset * NS_PER_MS;
    const struct decode_result result = {.status = DECODE_OK};
    const struct record record = {.topic = sv_from(stream.topic),
                                  .offset = offset,
                                  .kafka_time_ns = time_ns,
                                  .value = SV("a record")};
    struct event event = {.scope = sv_from(scope),
                          .kind = kind,
                          .record_kind = kind == EVENT_LOG ? RECORD_LOG : RECORD_ALERT,
                          .phase = kind == EVENT_LOG ? PHASE_NONE : PHASE_TRIGGER,
                          .format = sv_from(format),
                          .source = SV("somebody"),
                          .event_time_ns = time_ns,
                          .precision = PRECISION_MILLISECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .severity = severity,
                          .service = SV("api"),
                          .title = SV("it happened"),
                          .body = SV("it happened"),
                          .identified = identified};
    memcpy(event.uid, &offset, sizeof(offset));
    batch_add(batch, &stream, &record, OUTCOME_STORED, &event, 1, &result);
}

static void
commit(void)
{
    bool fenced;
    need(store_commit(ingest, batch, &stream, 1, &fenced, &err));
    batch_clear(batch);
}

static void
commit_quiet(int lines)
{
    for (int i = 0; i < lines; i++)
        add("default", EVENT_LOG, SEVERITY_INFO, "text", false);
    commit();
}

static struct correlate_summary
correlate_with(const struct correlation_config *config)
{
    struct correlate_summary summary;
    struct store *store = pgtest_open("hindcast_correlate");
    need(correlate_all(store, config, CORRELATE_BEHIND, NULL, &summary, &err));
    char sql[128];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM pg_stat_activity WHERE pid = %d",
             PQbackendPID(store->pg));
    store_close(store);
    /* What a backend read is counted for others once it is gone. */
    while (pgtest_int(sql) != 0)
        continue;
    return summary;
}

static struct correlate_summary
correlate(void)
{
    struct correlation_config config;
    correlation_config_default(&config);
    return correlate_with(&config);
}

/* Rows of log lines that were looked at so far, by any plan. */
static int64_t
lines_read(void)
{
    return pgtest_int("SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)"
                      " FROM pg_stat_user_tables WHERE schemaname = 'ingest'"
                      " AND relname ~ '^log'");
}

/* Every row version of what a correlator may write, locks included. */
static char *
row_versions(void)
{
    return pgtest_value(
        "SELECT md5(string_agg(x, ' ' ORDER BY x)) FROM ("
        "SELECT 'e' || xmin || '/' || xmax || ctid AS x FROM correlate.entry UNION ALL "
        "SELECT 'i' || xmin || '/' || xmax || ctid FROM correlate.incident UNION ALL "
        "SELECT 'm' || xmin || '/' || xmax || ctid FROM correlate.milestone UNION ALL "
        "SELECT 'n' || xmin || '/' || xmax || ctid FROM correlate.node UNION ALL "
        "SELECT 'd' || xmin || '/' || xmax || ctid FROM correlate.delivery UNION ALL "
        "SELECT 'l' || xmin || '/' || xmax || ctid FROM correlate.lock UNION ALL "
        "SELECT 'c' || xmin || '/' || xmax || ctid FROM correlate.cursor) v");
}

static void
expect_nothing_done(void)
{
    int64_t read = lines_read();
    char *before = row_versions();
    assert_int_equal(correlate().scopes, 0);
    char *after = row_versions();
    assert_string_equal(before, after);
    /* The one line that names a scope, where there is one with an identity. */
    assert_in_range(lines_read() - read, 0, 2);
    free(before);
    free(after);
}

static void
expect_done(const char *what, size_t scopes)
{
    size_t done = correlate().scopes;
    if (done != scopes)
        fail_msg("%s: %zu scopes were correlated, not %zu", what, done, scopes);
    if (correlate().scopes != 0)
        fail_msg("%s: and again", what);
}

static void
what_is_not_read_makes_nothing_stale(void **state)
{
    (void)state;
    add("default", EVENT_ALERT, SEVERITY_ERROR, "alertmanager", true);
    commit();
    expect_done("an alert", 1);
    commit_quiet(QUIET_LINES);
    pgtest_run("ANALYZE ingest.log");
    assert_int_equal(pgtest_int("SELECT cardinality(scopes) FROM evidence.batch"
                                " ORDER BY seq DESC LIMIT 1"),
                     0);
    expect_nothing_done();
    batch_add_lost(batch, &stream, stream.next_offset, stream.next_offset + 5);
    commit();
    expect_nothing_done();
    assert_int_equal(pgtest_int("SELECT batches_behind FROM analyst.watermark"), 0);
}

static void
each_thing_that_is_read_makes_its_scope_stale(void **state)
{
    (void)state;
    add("default", EVENT_LOG, SEVERITY_WARN, "text", false);
    commit();
    assert_int_equal(pgtest_int("SELECT batches_behind FROM analyst.watermark"), 1);
    expect_done("a warning", 1);
    assert_int_equal(pgtest_int("SELECT batches_behind FROM analyst.watermark"), 0);
    add("default", EVENT_LOG, SEVERITY_INFO, "hindcast", false);
    commit();
    expect_done("a line written by hand", 1);
    add("default", EVENT_LOG, SEVERITY_INFO, "text", true);
    commit();
    expect_done("a line with an identity", 1);
    add("default", EVENT_CHANGE, SEVERITY_UNSET, "github_deployment", true);
    commit();
    expect_done("a change", 1);
    pgtest_run("INSERT INTO review.declaration (scope, declaration_id, title, from_time)"
               " VALUES ('default', 'abc', 'It was slow', '2026-01-01 00:00+00')");
    expect_done("a declaration", 1);
}

/* Lines that have no name but their place, too: they are found again by it. */
static void
what_is_new_is_correlated_alone(void **state)
{
    struct correlate_summary summary = {0};
    (void)state;
    add("default", EVENT_ALERT, SEVERITY_ERROR, "alertmanager", true);
    for (int round = 0; round < 3; round++) { /* the first ones may keep the groups */
        add("default", EVENT_LOG, SEVERITY_WARN, "text", false);
        commit();
        summary = correlate();
    }
    assert_int_equal(summary.scopes, 1);
    assert_int_equal(summary.parts, 1);
    assert_int_equal(summary.events, 1);
}

static void
a_scope_is_stale_by_what_it_got(void **state)
{
    (void)state;
    add("other", EVENT_ALERT, SEVERITY_ERROR, "alertmanager", true);
    commit();
    expect_done("the first alert of another scope", 1);
    add("other", EVENT_ALERT, SEVERITY_ERROR, "alertmanager", true);
    add("other", EVENT_LOG, SEVERITY_ERROR, "text", false);
    commit();
    assert_int_equal(pgtest_int("SELECT batches_behind FROM analyst.watermark"
                                " WHERE scope = 'default'"),
                     0);
    expect_done("one scope of two", 1);
    add("default", EVENT_ALERT, SEVERITY_ERROR, "alertmanager", true);
    add("other", EVENT_ALERT, SEVERITY_ERROR, "alertmanager", true);
    commit();
    expect_done("both", 2);
}

static void
a_batch_that_does_not_say_makes_every_scope_stale(void **state)
{
    (void)state;
    commit_quiet(1);
    pgtest_run("UPDATE evidence.batch SET scopes = NULL WHERE seq = (SELECT max(seq) FROM"
               " evidence.batch)");
    expect_done("a batch of an older program", 2);
    /* More scopes than a batch names. */
    for (int i = 0; i < 70; i++) {
        char scope[32];
        snprintf(scope, sizeof(scope), "scope %d", i);
        add(scope, EVENT_LOG, SEVERITY_ERROR, "text", false);
    }
    commit();
    assert_int_equal(pgtest_int("SELECT count(*) FROM evidence.batch WHERE scopes IS NULL"), 2);
    expect_done("a batch of 70 scopes", 2);
}

static void
apply(const struct correlation_config *config)
{
    bool news;
    struct store *store = pgtest_open("hindcast_correlate");
    need(applied_write(store, config, &news, &err));
    assert_true(news);
    store_close(store);
}

static void
another_configuration_makes_every_scope_stale(void **state)
{
    (void)state;
    struct correlation_config config;
    correlation_config_default(&config);
    config.least_records = 2;
    expect_nothing_done();
    apply(&config);
    expect_done("another configuration", 2);
    correlation_config_default(&config);
    apply(&config);
    expect_done("the configuration of before", 2);
}

static void
a_cursor_that_no_stream_can_have_reached_is_not_believed(void **state)
{
    (void)state;
    pgtest_run("UPDATE correlate.cursor SET seq = 9223372036854775807 WHERE scope = 'default'"
               " AND stream_id > 0");
    expect_done("a cursor ahead of its stream", 1);
}

/* Of 20,000 lines a handful is read; the rows of a scope are correlated whole, so only those. */
static void
notable_lines_are_found_without_the_others(void **state)
{
    (void)state;
    add("default", EVENT_LOG, SEVERITY_ERROR, "text", false);
    commit();
    int64_t read = lines_read();
    assert_int_equal(correlate().scopes, 1);
    read = lines_read() - read;
    assert_true(read > 0);
    if (read > 500)
        fail_msg("%lld rows were looked at for the few lines that count", (long long)read);
}

static void
batches_of_others_are_passed_after_a_while(void **state)
{
    (void)state;
    const char *const cursor = "SELECT s.seq - c.seq FROM correlate.cursor c JOIN evidence.stream s"
                               " USING (stream_id) WHERE c.scope = 'default'";
    for (int i = 0; i < 10; i++) {
        add("other", EVENT_LOG, SEVERITY_ERROR, "text", false);
        commit();
    }
    assert_int_equal(correlate().scopes, 1);
    assert_int_equal(pgtest_int(cursor), 10);
    for (int i = 0; i < 1000; i++) {
        add("other", EVENT_LOG, SEVERITY_ERROR, "text", false);
        commit();
    }
    assert_int_equal(correlate().scopes, 1);
    assert_int_equal(pgtest_int(cursor), 0);
    expect_nothing_done();
}

/* A stream that the scope has no cursor for, since it came after the scope was correlated last. */
static void
batches_of_others_are_passed_in_new_streams(void **state)
{
    (void)state;
    const struct stream before = stream;
    need(store_claim(ingest, "c", "news", 1, "me", &stream, &err));
    for (int i = 0; i < 1001; i++) {
        add("other", EVENT_LOG, SEVERITY_ERROR, "text", false);
        commit();
    }
    assert_int_equal(correlate().scopes, 1);
    assert_int_equal(
        pgtest_int("SELECT count(*) FROM evidence.stream s LEFT JOIN correlate.cursor c"
                   " ON c.stream_id = s.stream_id AND c.scope = 'default'"
                   " WHERE s.seq IS DISTINCT FROM c.seq"),
        0);
    stream = before;
}

/* What goes and does not come again is in no batch: all have to look. */
static void
a_stream_to_be_read_again_makes_every_scope_stale(void **state)
{
    (void)state;
    static const char variable[] = ":stream_id";
    char text[16384], number[32];
    struct strbuf script;
    FILE *file = fopen("sql/operate/read_again.sql", "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    add("default", EVENT_ALERT, SEVERITY_ERROR, "alertmanager", true);
    commit();
    (void)correlate();
    assert_true(pgtest_int("SELECT count(*) FROM correlate.entry WHERE scope = 'default'") > 0);
    snprintf(number, sizeof(number), "%lld", (long long)stream.stream_id);
    strbuf_init(&script, 0);
    for (const char *from = strstr(text, "BEGIN;"), *at; from != NULL; from = at) {
        at = strstr(from, variable);
        strbuf_add(&script, from, at == NULL ? strlen(from) : (size_t)(at - from));
        if (at == NULL)
            break;
        strbuf_add_text(&script, number);
        at += strlen(variable);
    }
    pgtest_run(script.ptr);
    strbuf_release(&script);
    (void)correlate();
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.entry WHERE scope = 'default'"), 0);
    assert_int_equal(pgtest_counts_differ(), 0);
}

static int
set_up(void **state)
{
    pgtest_setup(state);
    ingest = pgtest_open("hindcast_ingest");
    batch = batch_new(NULL);
    need(store_claim(ingest, "c", "news", 0, "me", &stream, &err));
    return 0;
}

static int
tear_down(void **state)
{
    batch_free(batch);
    store_close(ingest);
    return pgtest_teardown(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_read_makes_nothing_stale),
        cmocka_unit_test(each_thing_that_is_read_makes_its_scope_stale),
        cmocka_unit_test(what_is_new_is_correlated_alone),
        cmocka_unit_test(a_scope_is_stale_by_what_it_got),
        cmocka_unit_test(a_batch_that_does_not_say_makes_every_scope_stale),
        cmocka_unit_test(another_configuration_makes_every_scope_stale),
        cmocka_unit_test(a_cursor_that_no_stream_can_have_reached_is_not_believed),
        cmocka_unit_test(notable_lines_are_found_without_the_others),
        cmocka_unit_test(batches_of_others_are_passed_after_a_while),
        cmocka_unit_test(batches_of_others_are_passed_in_new_streams),
        cmocka_unit_test(a_stream_to_be_read_again_makes_every_scope_stale),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
