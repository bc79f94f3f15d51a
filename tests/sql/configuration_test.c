/*
 * The configuration that counts: the first correlator applies its own, then what is applied counts,
 * whoever runs; rows are only added, by those who may; correlators with other files settle on one
 * result, and an older program derives nothing against a newer one.
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
#define ROWS "SELECT count(*) FROM review.configuration"

static struct err err;
static struct store *store;
static struct correlation_config mine, yours;
static char my_digest[SHA256_HEX + 1], your_digest[SHA256_HEX + 1];

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

static struct correlate_summary
correlate(const struct correlation_config *own)
{
    struct correlate_summary summary;
    need(correlate_all(store, own, CORRELATE_BEHIND, NULL, &summary, &err));
    return summary;
}

/* What the whole of the derived rows and cursors is stored as: a row written again is another. */
static char *
row_versions(void)
{
    return pgtest_value("SELECT md5(string_agg(x, ' ' ORDER BY x)) FROM ("
                        "SELECT 'i' || xmin || ctid AS x FROM correlate.incident UNION ALL "
                        "SELECT 'n' || xmin || ctid FROM correlate.node UNION ALL "
                        "SELECT 'e' || xmin || ctid FROM correlate.entry UNION ALL "
                        "SELECT 'c' || xmin || ctid FROM correlate.cursor) v");
}

static void
expect_text(const char *sql, const char *expected)
{
    char *value = pgtest_value(sql);
    assert_non_null(value);
    assert_string_equal(value, expected);
    free(value);
}

static void
the_first_correlator_applies_its_own(void **state)
{
    (void)state;
    struct arena arena;
    struct stored_configuration stored;
    arena_init(&arena, 0);
    need(configuration_newest(store, &arena, &stored, &err));
    assert_int_equal(stored.number, 0);
    struct correlate_summary summary = correlate(&mine);
    assert_int_equal(summary.scopes, 1);
    assert_false(summary.differs);
    assert_string_equal(summary.config_digest, my_digest);
    need(configuration_newest(store, &arena, &stored, &err));
    assert_int_equal(stored.number, 1);
    assert_int_equal(stored.derivation, CORRELATION_DERIVATION);
    assert_true(sv_eq(stored.digest, sv_from(my_digest)));
    arena_release(&arena);
    expect_text("SELECT (applied_by = session_user AND applied_at <= now())::text"
                " FROM review.configuration",
                "true");
    assert_int_equal(correlate(&mine).scopes, 0);
    assert_int_equal(pgtest_int(ROWS), 1);
}

static void
correlators_with_other_files_settle_on_one_result(void **state)
{
    (void)state;
    char *before = row_versions();
    for (int round = 0; round < 3; round++) {
        struct correlate_summary summary = correlate(&yours);
        assert_int_equal(summary.scopes, 0);
        assert_true(summary.differs);
        assert_string_equal(summary.config_digest, my_digest);
        assert_int_equal(correlate(&mine).scopes, 0);
    }
    char *after = row_versions();
    assert_string_equal(before, after);
    free(before);
    free(after);
    assert_int_equal(pgtest_int(ROWS), 1);
}

static void
what_is_applied_counts_for_everybody(void **state)
{
    (void)state;
    bool news = false;
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident WHERE raised"), 1);
    need(applied_write(store, &yours, &news, &err));
    assert_true(news);
    need(applied_write(store, &yours, &news, &err));
    assert_false(news);
    assert_int_equal(pgtest_int(ROWS), 2);
    struct correlate_summary summary = correlate(&mine);
    assert_int_equal(summary.scopes, 1);
    assert_true(summary.differs);
    assert_string_equal(summary.config_digest, your_digest);
    /* They ask for more records than the alert has. */
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident WHERE raised"), 0);
    assert_int_equal(correlate(&mine).scopes, 0);
    assert_int_equal(correlate(&yours).scopes, 0);
}

static void
a_rebuild_works_with_what_is_applied(void **state)
{
    (void)state;
    struct correlate_summary summary;
    need(correlate_all(store, &mine, CORRELATE_ANEW, NULL, &summary, &err));
    assert_string_equal(summary.config_digest, your_digest);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.incident WHERE raised"), 0);
}

static void
the_export_names_what_a_scope_was_correlated_with(void **state)
{
    (void)state;
    struct arena arena;
    struct strbuf out;
    struct correlation correlation;
    struct sv line;
    char expected[256];
    bool news;
    /* Applied, but not yet worked with. */
    need(applied_write(store, &mine, &news, &err));
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    need(casebook_correlation(store, &arena, SV("default"), &correlation, &err));
    casebook_canonical(&correlation, &out);
    struct sv rest = strbuf_view(&out);
    assert_true(sv_split(&rest, '\n', &line));
    snprintf(expected, sizeof(expected),
             "{\"config_digest\":\"%s\",\"line\":\"scope\",\"scope\":\"default\"}", your_digest);
    assert_true(sv_eq(line, sv_from(expected)));
    assert_true(rest.len > 0);
    strbuf_clear(&out);
    need(casebook_correlation(store, &arena, SV("never seen"), &correlation, &err));
    casebook_canonical(&correlation, &out);
    assert_int_equal(out.len, 0);
    strbuf_release(&out);
    arena_release(&arena);
}

static void
what_was_made_with_an_older_one_does_not_replace_what_was_made_with_a_newer(void **state)
{
    (void)state;
    struct arena arena;
    struct correlation_input input;
    struct correlation correlation;
    struct cursor_position *cursor;
    size_t count;
    int64_t newest = pgtest_int("SELECT max(configuration_no) FROM review.configuration");
    arena_init(&arena, 0);
    need(casebook_load(store, &arena, SV("default"), &input, &cursor, &count, &err));
    need(correlate_run(&arena, &input, &yours, &correlation, &err));
    struct cursor_position *with = ARENA_ARRAY(&arena, struct cursor_position, count + 1);
    memcpy(with, cursor, count * sizeof(*cursor));
    assert_int_equal(correlate(&mine).scopes, 1); /* the other one, meanwhile */
    with[count] = (struct cursor_position){CURSOR_CONFIGURATION, newest - 1};
    assert_int_equal(casebook_save(store, &correlation, with, count + 1, &err), -1);
    assert_int_equal(err.code, ERR_OVERTAKEN);
    with[count].seq = newest;
    need(casebook_save(store, &correlation, with, count + 1, &err));
    arena_release(&arena);
}

/* A row as another program would have written it. */
static void
apply_as(const char *derivation)
{
    char sql[512];
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO review.configuration (configuration_no, config_digest, derivation, content)"
        " SELECT configuration_no + 1, config_digest, %s, content FROM review.configuration"
        " ORDER BY configuration_no DESC LIMIT 1",
        derivation);
    pgtest_run(sql);
}

static void
a_newer_program_takes_over_what_an_older_one_applied(void **state)
{
    (void)state;
    apply_as("1");
    int64_t rows = pgtest_int(ROWS);
    struct correlate_summary summary = correlate(&yours);
    assert_int_equal(summary.scopes, 1);
    assert_string_equal(summary.config_digest, my_digest);
    assert_int_equal(pgtest_int(ROWS), rows + 1);
    assert_int_equal(pgtest_int("SELECT derivation FROM analyst.configuration WHERE counts"),
                     CORRELATION_DERIVATION);
    assert_int_equal(correlate(&mine).scopes, 0);
}

static void
an_older_program_derives_nothing_against_a_newer_one(void **state)
{
    (void)state;
    bool news;
    struct correlate_summary summary;
    apply_as("1000000");
    char *before = row_versions();
    int64_t rows = pgtest_int(ROWS);
    static const enum correlate_mode modes[] = {CORRELATE_ALL, CORRELATE_BEHIND, CORRELATE_ANEW};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(correlate_all(store, &mine, modes[i], NULL, &summary, &err), -1);
        assert_int_equal(err.code, ERR_DB_SCHEMA);
        assert_false(err_retriable(err.code));
        assert_non_null(strstr(err.message, "1000000"));
    }
    assert_int_equal(applied_write(store, &mine, &news, &err), -1);
    assert_int_equal(err.code, ERR_DB_SCHEMA);
    char *after = row_versions();
    assert_string_equal(before, after);
    free(before);
    free(after);
    assert_int_equal(pgtest_int(ROWS), rows);
}

/* Two who write their first row at once: one row, and both know it. */
static void
a_row_follows_the_one_that_was_read(void **state)
{
    (void)state;
    int64_t number = -1, rows = pgtest_int(ROWS);
    need(configuration_apply(store, SV("anything"), 1000000, rows - 1, &number, &err));
    assert_int_equal(number, rows);
    assert_int_equal(pgtest_int(ROWS), rows);
    assert_int_equal(configuration_apply(store, SV("anything"), 999999, rows, &number, &err), -1);
    need(configuration_apply(store, SV("anything"), 1000000, rows, &number, &err));
    assert_int_equal(number, rows + 1);
}

static void
expect_refused(const char *role, const char *sql)
{
    struct store *as = pgtest_open(role);
    PGresult *result = PQexec(as->pg, sql);
    if (PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK)
        fail_msg("%s may: %s", role == NULL ? "the login" : role, sql);
    PQclear(result);
    store_close(as);
}

static void
expect_taken(const char *role, const char *sql)
{
    struct store *as = pgtest_open(role);
    PGresult *result = PQexec(as->pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s may not: %s: %s", role, sql, PQerrorMessage(as->pg));
    PQclear(result);
    store_close(as);
}

static void
rows_are_only_added_and_by_those_who_may(void **state)
{
    (void)state;
    static const char apply[] = "SELECT review.apply_configuration('x', 1000000, NULL)";
    static const char *const changes[] = {
        "UPDATE review.configuration SET applied_at = '2026-01-01 00:00+00'",
        "DELETE FROM review.configuration",
        "TRUNCATE review.configuration",
        "INSERT INTO review.configuration (configuration_no, config_digest, derivation, content)"
        " VALUES (99, sha256('x'), 1000000, 'x')",
    };
    static const char *const roles[] = {"hindcast_ingest", "hindcast_correlate",
                                        "hindcast_responder", "hindcast_analyst"};
    int64_t rows = pgtest_int(ROWS);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++)
            expect_refused(roles[k], changes[i]);
    for (int i = 0; i < 3; i++) {
        expect_refused("hindcast_owner", changes[i]);
        expect_refused(NULL, changes[i]); /* a superuser */
    }
    for (int k = 0; k < 4; k++)
        if (k != 1)
            expect_refused(roles[k], apply);
    for (int k = 0; k < 4; k++)
        expect_taken(roles[k], "SELECT content, applied_by FROM analyst.configuration");
    expect_refused("hindcast_analyst", "SELECT FROM review.configuration");
    assert_int_equal(pgtest_int(ROWS), rows);
    expect_taken("hindcast_correlate", apply);
    assert_int_equal(pgtest_int(ROWS), rows + 1);
    expect_text("SELECT (applied_by = session_user)::text FROM analyst.configuration WHERE counts",
                "true");
}

static void
add_an_alert(void)
{
    struct stream stream;
    bool fenced;
    struct store *ingest = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    need(store_claim(ingest, "c", "alerts", 0, "me", &stream, &err));
    const struct decode_result result = {.status = DECODE_OK};
    const struct record record = {
        .topic = sv_from(stream.topic), .kafka_time_ns = TIME_2026, .value = SV("a record")};
    const struct event event = {.scope = SV("default"),
                                .kind = EVENT_ALERT,
                                .record_kind = RECORD_ALERT,
                                .phase = PHASE_TRIGGER,
                                .format = SV("test"),
                                .source = SV("somebody"),
                                .event_time_ns = TIME_2026,
                                .precision = PRECISION_MILLISECOND,
                                .time_source = TIME_SOURCE_NATIVE,
                                .severity = SEVERITY_ERROR,
                                .title = SV("api is down"),
                                .body = SV("api is down"),
                                .uid = {1},
                                .identified = true};
    batch_add(batch, &stream, &record, OUTCOME_STORED, &event, 1, &result);
    need(store_commit(ingest, batch, &stream, 1, &fenced, &err));
    batch_free(batch);
    store_close(ingest);
}

static int
set_up(void **state)
{
    pgtest_setup(state);
    correlation_config_default(&mine);
    correlation_config_default(&yours);
    yours.least_records = 2;
    correlation_config_digest(&mine, my_digest);
    correlation_config_digest(&yours, your_digest);
    add_an_alert();
    store = pgtest_open("hindcast_correlate");
    return 0;
}

static int
tear_down(void **state)
{
    store_close(store);
    return pgtest_teardown(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_correlator_applies_its_own),
        cmocka_unit_test(correlators_with_other_files_settle_on_one_result),
        cmocka_unit_test(what_is_applied_counts_for_everybody),
        cmocka_unit_test(a_rebuild_works_with_what_is_applied),
        cmocka_unit_test(the_export_names_what_a_scope_was_correlated_with),
        cmocka_unit_test(
            what_was_made_with_an_older_one_does_not_replace_what_was_made_with_a_newer),
        cmocka_unit_test(a_newer_program_takes_over_what_an_older_one_applied),
        cmocka_unit_test(an_older_program_derives_nothing_against_a_newer_one),
        cmocka_unit_test(a_row_follows_the_one_that_was_read),
        cmocka_unit_test(rows_are_only_added_and_by_those_who_may),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
