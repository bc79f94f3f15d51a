/*
 * The casebook against a real PostgreSQL: what is saved is what is read, saving again touches no
 * row, numbers stay, declarations are idempotent, and each role sees what it may.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/casetables.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

static const struct cursor_position cursor[] = {{0, 0}, {1, 5}};

static void
save(const struct correlation *correlation)
{
    struct err err = {0};
    struct store *store = pgtest_open("hindcast_correlate");
    if (casebook_save(store, correlation, cursor, 2, &err) != 0)
        fail_msg("%s", err.message);
    store_close(store);
}

static void
replace(const struct correlation *correlation, size_t cursor_count)
{
    struct err err = {0};
    struct store *store = pgtest_open("hindcast_correlate");
    if (casebook_replace(store, correlation, cursor, cursor_count, &err) != 0)
        fail_msg("%s", err.message);
    store_close(store);
}

static void
drop(void)
{
    const struct correlation nothing = {.scope = SV("default")};
    replace(&nothing, 0);
}

static void
read_canonical(struct strbuf *out)
{
    struct err err = {0};
    struct arena arena;
    struct correlation read;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    if (casebook_correlation(store, &arena, SV("default"), &read, &err) != 0)
        fail_msg("%s", err.message);
    casebook_canonical(&read, out);
    arena_release(&arena);
    store_close(store);
}

static void
assert_reads_as(const struct correlation *correlation)
{
    struct strbuf saved, read;
    strbuf_init(&saved, 0);
    strbuf_init(&read, 0);
    casebook_canonical(correlation, &saved);
    read_canonical(&read);
    assert_string_equal(saved.ptr, read.ptr);
    strbuf_release(&saved);
    strbuf_release(&read);
}

static char *
numbers(void)
{
    return pgtest_value("SELECT string_agg(incident || '=' || incident_key, ' ' ORDER BY incident) "
                        "FROM analyst.incidents");
}

static void
test_read_is_what_was_saved(void **state)
{
    (void)state;
    save(sample_correlation());
    assert_reads_as(sample_correlation());
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.cursor"), 2);
}

/* What entry.def describes is what the table holds, but for the columns that say where a row
 * stands, and those that analysts see of it. */
static void
test_every_column_of_an_entry_is_described(void **state)
{
    static const char *const described[] = {
#define ENTRY_FIELD(type, member, field, column, line, place) #column,
#define ENTRY_LIST(type, member, field, count, column, line, place) #column,
#define ENTRY_COLUMN(type, field, column) #column,
#include "hindcast/entry.def"
    };
    struct strbuf names;
    strbuf_init(&names, 0);
    for (size_t i = 0; i < sizeof(described) / sizeof(described[0]); i++)
        strbuf_addf(&names, "%s'%s'", i == 0 ? "" : ",", described[i]);
    const char *const differing =
        "SELECT string_agg(name, ' ') FROM (SELECT attname AS name FROM pg_attribute"
        " WHERE attrelid = 'correlate.entry'::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attname NOT IN ('scope', 'incident_no', 'event_ns', 'masked_text', 'masked_url')) c"
        " FULL JOIN unnest(ARRAY[%s]) AS described(name) USING (name)"
        " WHERE c IS NULL OR described IS NULL";
    char sql[2048];
    (void)state;
    assert_true((size_t)snprintf(sql, sizeof(sql), differing, names.ptr) < sizeof(sql));
    char *value = pgtest_value(sql);
    if (value != NULL)
        fail_msg("described or stored, not both: %s", value);
    strbuf_release(&names);
}

static void
test_saving_again_touches_nothing(void **state)
{
    (void)state;
    save(sample_correlation());
    char *before = casetables_versions(true);
    save(sample_correlation());
    char *after = casetables_versions(true);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void
test_only_the_changed_incident_is_written(void **state)
{
    struct correlation changed = *sample_correlation();
    struct incident incidents[2] = {changed.incidents[0], changed.incidents[1]};
    (void)state;
    save(sample_correlation());
    char *other = pgtest_value("SELECT xmin FROM correlate.entry WHERE entry_id = 'e-two'");
    incidents[0].title = SV("Another title");
    incidents[0].entry_count = 2;
    changed.incidents = incidents;
    save(&changed);
    assert_reads_as(&changed);
    char *now = pgtest_value("SELECT xmin FROM correlate.entry WHERE entry_id = 'e-two'");
    assert_string_equal(other, now);
    free(other);
    free(now);
}

static void
test_vanished_incidents_go(void **state)
{
    struct correlation less = *sample_correlation();
    (void)state;
    save(sample_correlation());
    less.incident_count = 1;
    less.node_count = 3;
    save(&less);
    assert_reads_as(&less);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.entry WHERE entry_id = 'e-two'"),
                     0);
}

static void
test_numbers_survive_a_rebuild(void **state)
{
    struct correlation late = *sample_correlation();
    (void)state;
    pgtest_run("TRUNCATE correlate.number, correlate.number_year; UPDATE correlate.incident SET "
               "number = NULL");
    drop();
    /* The later incident is seen first and keeps its number. */
    late.incidents = &late.incidents[1];
    late.incident_count = 1;
    save(&late);
    save(sample_correlation());
    char *before = numbers();
    assert_non_null(strstr(before, "INC-2026-0001=2026-03-01T12"));
    assert_non_null(strstr(before, "INC-2026-0002=2026-03-01T10"));
    drop();
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.node"), 0);
    save(sample_correlation());
    char *after = numbers();
    assert_string_equal(before, after);
    free(before);
    free(after);
}

/* Rows that were changed by hand, and rows that belong to nothing, are gone after a rebuild. */
static void
test_a_rebuild_trusts_no_row(void **state)
{
    (void)state;
    save(sample_correlation());
    pgtest_run("UPDATE correlate.entry SET text = 'changed'; "
               "UPDATE correlate.node SET title = 'changed'; "
               "DELETE FROM correlate.milestone; "
               "INSERT INTO correlate.cursor VALUES ('default', 99, 1); "
               "INSERT INTO correlate.milestone (scope, incident_no, milestone, entry_id, rank, "
               "event_time, confidence) VALUES ('default', 0, 'm', 'e', 0, now(), 1)");
    replace(sample_correlation(), 2);
    assert_reads_as(sample_correlation());
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.cursor"), 2);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.milestone WHERE incident_no = 0"),
                     0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM (SELECT text FROM correlate.entry UNION ALL "
                                "SELECT title FROM correlate.node) t WHERE text = 'changed'"),
                     0);
}

/* What only derived rows name is found when everything is to be replaced. */
static void
test_scopes_of_derived_rows(void **state)
{
    struct err err = {0};
    struct arena arena;
    struct sv *scopes;
    size_t count;
    (void)state;
    drop();
    pgtest_run("INSERT INTO correlate.milestone (scope, incident_no, milestone, entry_id, rank, "
               "event_time, confidence) VALUES ('lost', 0, 'm', 'e', 0, now(), 1)");
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    assert_int_equal(casebook_scopes(store, &arena, false, &scopes, &count, &err), 0);
    for (size_t i = 0; i < count; i++)
        assert_false(sv_eq(scopes[i], SV("lost")));
    bool found = false;
    assert_int_equal(casebook_scopes(store, &arena, true, &scopes, &count, &err), 0);
    for (size_t i = 0; i < count; i++)
        found = found || sv_eq(scopes[i], SV("lost"));
    assert_true(found);
    arena_release(&arena);
    store_close(store);
    pgtest_run("DELETE FROM correlate.milestone WHERE scope = 'lost'");
}

static void
find(const char *name, const char *key_start, enum err_code expected)
{
    struct err err = {0};
    struct arena arena;
    struct stored_incident stored;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    int status = casebook_incident(store, &arena, name, &stored, &err);
    if (expected == ERR_NONE && status != 0)
        fail_msg("%s: %s", name, err.message);
    if (status == 0)
        assert_true(sv_starts(stored.incident.incident_key, sv_from(key_start)));
    assert_int_equal(status == 0 ? ERR_NONE : err.code, expected);
    arena_release(&arena);
    store_close(store);
}

static void
test_names_of_incidents(void **state)
{
    (void)state;
    pgtest_run("TRUNCATE correlate.number, correlate.number_year; UPDATE correlate.incident SET "
               "number = NULL");
    drop();
    save(sample_correlation());
    find("INC-2026-0001", "2026-03-01T10", ERR_NONE);
    find("inc-2026-0002", "2026-03-01T12", ERR_NONE);
    find("latest", "2026-03-01T12", ERR_NONE);
    find("2026-03-01T10", "2026-03-01T10", ERR_NONE);
    find("2026-03-01T10:00:00.000Z/alertmanager/0a", "2026-03-01T10", ERR_NONE);
    find("2026-03-01T1", "", ERR_NOT_FOUND);
    find("INC-2026-0009", "", ERR_NOT_FOUND);
    find("", "", ERR_NOT_FOUND);
}

static void
test_declaring_twice_changes_nothing(void **state)
{
    struct err err = {0};
    struct arena arena;
    struct sv one, two, three;
    struct declaration declaration = {.title = SV("Slow checkout"),
                                      .from_ns = INT64_C(1772359200) * NS_PER_S,
                                      .to_ns = TIME_NONE,
                                      .service = SV("checkout"),
                                      .declared_by = SV("ana")};
    bool behind = false;
    (void)state;
    arena_init(&arena, 0);
    struct store *store = pgtest_open("hindcast_responder");
    assert_int_equal(casebook_declare(store, &arena, SV("default"), &declaration, &one, &err), 0);
    declaration.declared_by = SV("ben");
    assert_int_equal(casebook_declare(store, &arena, SV("default"), &declaration, &two, &err), 0);
    assert_true(sv_eq(one, two));
    declaration.service = SV_NONE;
    assert_int_equal(casebook_declare(store, &arena, SV("default"), &declaration, &three, &err), 0);
    assert_false(sv_eq(one, three));
    assert_int_equal(pgtest_int("SELECT count(*) FROM review.declaration"), 2);
    store_close(store);
    store = pgtest_open("hindcast_correlate");
    assert_int_equal(casebook_behind(store, SV("default"), 0, &behind, &err), 0);
    assert_true(behind);
    store_close(store);
    arena_release(&arena);
}

static void
refuse(struct declaration declaration, const char *scope, const char *words)
{
    struct err err = {0};
    struct arena arena;
    struct sv id;
    arena_init(&arena, 0);
    struct store *store = pgtest_open("hindcast_responder");
    assert_int_equal(casebook_declare(store, &arena, sv_from(scope), &declaration, &id, &err), -1);
    assert_int_equal(err.code, ERR_USAGE);
    if (strstr(err.message, words) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, words);
    store_close(store);
    arena_release(&arena);
}

static void
test_what_cannot_be_declared_is_refused_in_words(void **state)
{
    (void)state;
    static char long_text[2000];
    memset(long_text, 'x', sizeof(long_text) - 1);
    const struct declaration good = {
        .title = SV("Slow"), .from_ns = INT64_C(1772359200) * NS_PER_S, .to_ns = TIME_NONE};
    struct declaration bad = good;
    bad.title = SV("  ");
    refuse(bad, "default", "title");
    bad.title = sv_from(long_text);
    refuse(bad, "default", "the title has 1999 bytes");
    bad.title = SV("a\x1b[31mb");
    refuse(bad, "default", "the title holds a character that is not shown, at byte 1");
    bad.title = SV("a\xe2\x80\xae"
                   "b");
    refuse(bad, "default", "at byte 1");
    bad = good;
    bad.service = SV("a\nb");
    refuse(bad, "default", "service");
    bad = good;
    bad.from_ns = TIME_MAX_NS + 1;
    refuse(bad, "default", "1970 and 2099");
    bad.from_ns = -1;
    refuse(bad, "default", "1970 and 2099");
    bad = good;
    bad.to_ns = INT64_MAX;
    refuse(bad, "default", "1970 and 2099");
    refuse(good, "a\tb", "scope");

    struct err err = {0};
    struct arena arena;
    struct sv id;
    struct declaration family = good;
    family.title = SV("caf\xc3\xa9 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb");
    family.service = SV("");
    arena_init(&arena, 0);
    struct store *store = pgtest_open("hindcast_responder");
    if (casebook_declare(store, &arena, SV("default"), &family, &id, &err) != 0)
        fail_msg("%s", err.message);
    store_close(store);
    arena_release(&arena);
}

/* Three deliveries of one event at offsets 7, 8 and 9; `counts` says which. */
static void
save_deliveries(size_t counts, size_t count)
{
    static struct observation observations[3];
    struct delivery deliveries[3];
    struct correlation correlation = *sample_correlation();
    for (size_t i = 0; i < 3; i++) {
        observations[i] = (struct observation){
            .topic = SV("ops"), .partition = 2, .at = {.stream_id = 1, .offset = (int64_t)(7 + i)}};
        observations[i].event.kind = EVENT_CHAT;
        observations[i].event.format = SV("slack");
        observations[i].event.event_time_ns = INT64_C(1772359200123456789);
        observations[i].event.uid[0] = 0xAB;
        observations[i].sha256.bytes[31] = (uint8_t)(i % 2); /* all zero: not kept */
        deliveries[i] =
            (struct delivery){&observations[i], i == counts ? DELIVERY_COUNTS : BY_SHA256};
    }
    correlation.deliveries = deliveries;
    correlation.delivery_count = count;
    save(&correlation);
}

static void
test_deliveries_follow_the_correlation(void **state)
{
    (void)state;
    save_deliveries(0, 3);
    char *before = casetables_versions(true);
    save_deliveries(0, 3);
    char *after = casetables_versions(true);
    assert_string_equal(before, after);
    char *shown = pgtest_value("SELECT format('%s %s %s %s %s %s', kind, deliveries, duplicates, "
                               "contents, counts_at, others_at) FROM analyst.duplicates");
    assert_string_equal(shown, "chat 3 2 1 ops/0/2/7/0 {ops/0/2/8/0,ops/0/2/9/0}");
    free(shown);
    save_deliveries(1, 3); /* another one counts now */
    assert_int_equal(pgtest_int("SELECT record_offset FROM correlate.delivery WHERE counts"), 8);
    save_deliveries(0, 2);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.delivery"), 2);

    struct err err = {0};
    struct arena arena;
    struct stored_delivery *rows;
    size_t count;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    if (casebook_deliveries(store, &arena, &rows, &count, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(count, 2);
    assert_true(rows[0].counts && rows[0].offset == 7 && rows[0].sha256.ptr == NULL);
    assert_true(!rows[1].counts && sv_eq(rows[1].decided_by, SV("sha256")));
    assert_int_equal(rows[1].sha256.len, SHA256_HEX);
    assert_int_equal(rows[1].event_time_ns, INT64_C(1772359200123456000));
    arena_release(&arena);
    store_close(store);

    save(sample_correlation());
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.delivery"), 0);
    save_deliveries(0, 3);
    drop();
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.delivery"), 0);
    free(before);
    free(after);
}

/* A line that only its coordinates identify costs the index nothing. */
static void
test_only_identified_lines_are_indexed(void **state)
{
    (void)state;
    pgtest_run("SELECT evidence.ensure_partitions(ARRAY['2026-03-01'::date], ARRAY[]::date[])");
    const char *const insert =
        "INSERT INTO ingest.log (stream_id, record_offset, event_time, idx, event_ns, severity, "
        "scope, precision, time_source, record_kind, format, uid) SELECT 1, n, "
        "'2026-03-01 10:00+00', 0, 0, 0, 'quiet', 's', 'native', 'log', 'text', %s "
        "FROM generate_series(%d, %d) n";
    char sql[512];
    snprintf(sql, sizeof(sql), insert, "NULL", 1, 2000);
    pgtest_run(sql);
    const char *const size = "SELECT sum(pg_relation_size(indexrelid)) FROM pg_index "
                             "WHERE pg_get_indexdef(indexrelid) LIKE '%(scope, uid) WHERE%'";
    int64_t empty = pgtest_int(size);
    snprintf(sql, sizeof(sql), insert, "gen_random_uuid()", 2001, 4000);
    pgtest_run(sql);
    assert_true(empty > 0);
    assert_true(pgtest_int(size) >= empty + 2000 * 16);
    struct err err = {0};
    struct arena arena;
    struct sv *scopes;
    size_t count;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    assert_int_equal(casebook_scopes(store, &arena, false, &scopes, &count, &err), 0);
    assert_true(count > 0 && sv_eq(scopes[count - 1], SV("quiet")));
    arena_release(&arena);
    store_close(store);
}

static void
test_a_responder_cannot_derive_and_an_analyst_cannot_see_evidence(void **state)
{
    (void)state;
    save(sample_correlation());
    struct err err = {0};
    struct store *store = pgtest_open("hindcast_responder");
    assert_int_equal(casebook_save(store, sample_correlation(), cursor, 2, &err), -1);
    store_close(store);
    pgtest_run("SET ROLE hindcast_analyst; SELECT * FROM analyst.incidents; "
               "SELECT * FROM analyst.timeline; SELECT * FROM analyst.milestones; "
               "SELECT * FROM analyst.ledger; SELECT * FROM analyst.deliveries; "
               "SELECT * FROM analyst.duplicates");
    assert_int_equal(pgtest_int("SELECT count(*) FROM information_schema.role_table_grants WHERE "
                                "grantee = 'hindcast_analyst' AND table_schema IN "
                                "('evidence', 'ingest', 'review')"),
                     0);
    assert_int_equal(pgtest_int("SELECT has_schema_privilege('hindcast_analyst', 'evidence', "
                                "'USAGE')::int"),
                     0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_is_what_was_saved),
        cmocka_unit_test(test_every_column_of_an_entry_is_described),
        cmocka_unit_test(test_saving_again_touches_nothing),
        cmocka_unit_test(test_only_the_changed_incident_is_written),
        cmocka_unit_test(test_vanished_incidents_go),
        cmocka_unit_test(test_numbers_survive_a_rebuild),
        cmocka_unit_test(test_a_rebuild_trusts_no_row),
        cmocka_unit_test(test_scopes_of_derived_rows),
        cmocka_unit_test(test_names_of_incidents),
        cmocka_unit_test(test_declaring_twice_changes_nothing),
        cmocka_unit_test(test_what_cannot_be_declared_is_refused_in_words),
        cmocka_unit_test(test_deliveries_follow_the_correlation),
        cmocka_unit_test(test_only_identified_lines_are_indexed),
        cmocka_unit_test(test_a_responder_cannot_derive_and_an_analyst_cannot_see_evidence),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
