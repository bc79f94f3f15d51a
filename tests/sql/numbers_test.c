/*
 * Display numbers: one belongs to one incident of the whole database and goes on doing so when
 * records arrive late, incidents merge, scopes are added, or an older schema is brought along. And
 * what lookups, lists and saves read, counted in rows: PostgreSQL's own counters of a transaction.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/embedded.h"
#include "hindcast/casebook.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

#define BROUGHT_ALONG_BY "incident_numbers.sql"

static const struct cursor_position cursor[] = {{0, 0}};
static struct err err;

/* ---- rows of an older schema ---- */

/* All migrations up to the one that brings numbers along, or that one. */
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

/* Incidents k1 to k3 in two scopes, numbered 1 to 3 in each; k1 was merged with the third one. */
static const char old_rows[] =
    "INSERT INTO correlate.node SELECT s, 'k' || n, now(), now(), 1, 9, false, false, 'alert', "
    "'x', 'f', 'v', 'h', 't', 'k' || CASE n WHEN 3 THEN 1 ELSE n END, 'r' "
    "FROM unnest(ARRAY['one', 'two']) s, generate_series(1, 3) n;"
    "INSERT INTO correlate.incident SELECT s, 'k' || n, '2026-03-01', '2026-03-01', 1, 1, 1, 1, 9, "
    "true, false, '{}', 't', '' FROM unnest(ARRAY['one', 'two']) s, generate_series(1, 2) n;"
    "INSERT INTO correlate.number SELECT s, 'k' || n, 2026, n "
    "FROM unnest(ARRAY['two', 'one']) s, generate_series(1, 3) n;"
    "INSERT INTO correlate.number VALUES ('one', 'gone', 2025, 12345);"
    "INSERT INTO correlate.entry (scope, incident_key, position, entry_id, event_time, "
    "uncertainty_ms, occurrences, score, severity, order_established, kind, record_kind, "
    "significance, time_source, node_key, membership, text, milestones, reasons, evidence) "
    "SELECT 'one', 'k1', p, 'e' || p, now(), 0, 1, 0, 9, true, 'k', 'r', 'key', 'native', "
    "CASE p WHEN 2 THEN 'k3' ELSE 'k1' END, '', '', '{}', '[]', '[]' FROM generate_series(0, 2) p;";

static void
need(const char *sql, const char *expected)
{
    char *value = pgtest_value(sql);
    assert_string_equal(value == NULL ? "(null)" : value, expected);
    free(value);
}

static void
old_numbers_are_brought_along(void **state)
{
    (void)state;
    migrate_by_hand(false);
    pgtest_run(old_rows);
    migrate_by_hand(true);
    need("SELECT string_agg(scope || ':' || node_key || '=' || name, ' ' ORDER BY scope, node_key) "
         "FROM correlate.number",
         "one:gone=INC-2025-12345 one:k1=INC-2026-0001 one:k2=INC-2026-0002 one:k3=INC-2026-0003 "
         "two:k1=INC-2026-0004 two:k2=INC-2026-0005 two:k3=INC-2026-0006");
    need("SELECT string_agg(scope || ':' || incident_key || '=' || incident, ' ' "
         "ORDER BY scope, incident_key) FROM analyst.incidents",
         "one:k1=INC-2026-0001 one:k2=INC-2026-0002 two:k1=INC-2026-0004 two:k2=INC-2026-0005");
    need("SELECT string_agg(incident || '>' || shown_as, ' ' ORDER BY incident) "
         "FROM analyst.incident_numbers WHERE incident <> shown_as",
         "INC-2026-0003>INC-2026-0001 INC-2026-0006>INC-2026-0004");
    need("SELECT string_agg(entry_id, ' ' ORDER BY node_key) FROM correlate.number", "e0 e2");
    need("SELECT string_agg(year || ':' || last, ' ' ORDER BY year) FROM correlate.number_year",
         "2025:12345 2026:6");
    need("SELECT count(*) FROM pg_class WHERE relnamespace = 'correlate'::regnamespace "
         "AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)",
         "0");
}

/* ---- numbers given ---- */

static void
save(const struct correlation *correlation)
{
    struct store *store = pgtest_open("hindcast_correlate");
    if (casebook_save(store, correlation, cursor, 1, &err) != 0)
        fail_msg("%s", err.message);
    store_close(store);
}

static int
clear(void **state)
{
    (void)state;
    pgtest_run("TRUNCATE correlate.number, correlate.number_year, correlate.incident, "
               "correlate.node, correlate.entry, correlate.milestone, correlate.member, "
               "correlate.cursor");
    return 0;
}

static void
need_numbers(const char *expected)
{
    need("SELECT string_agg(scope || ':' || incident || '=' || left(incident_key, 13), ' ' "
         "ORDER BY scope, incident_key) FROM analyst.incidents",
         expected);
}

/* The key of the incident that the name leads to begins so. */
static void
need_found(const char *name, const char *scope, const char *key_start)
{
    struct arena arena;
    struct stored_incident stored;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    if (casebook_incident(store, &arena, name, &stored, &err) != 0)
        fail_msg("%s", err.message);
    assert_true(sv_eq(stored.scope, sv_from(scope)));
    assert_true(sv_starts(stored.incident.incident_key, sv_from(key_start)));
    arena_release(&arena);
    store_close(store);
}

static void
a_number_is_unique_in_the_database(void **state)
{
    struct correlation other = *sample_correlation();
    (void)state;
    save(sample_correlation());
    other.scope = SV("other");
    save(&other);
    need_numbers("default:INC-2026-0001=2026-03-01T10 default:INC-2026-0002=2026-03-01T12 "
                 "other:INC-2026-0003=2026-03-01T10 other:INC-2026-0004=2026-03-01T12");
    need_found("inc-2026-0002", "default", "2026-03-01T12");
    need_found("INC-2026-0004", "other", "2026-03-01T12");
}

/* Two correlators give numbers at the same time: one stands still before it commits. */
static int
save_scope(const char *scope, const char *failpoint)
{
    struct correlation correlation = *sample_correlation();
    correlation.scope = sv_from(scope);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (failpoint != NULL)
            setenv("HINDCAST_FAILPOINT", failpoint, 1);
        struct store *store = pgtest_open("hindcast_correlate");
        _exit(casebook_save(store, &correlation, cursor, 1, &err) == 0 ? 0 : 1);
    }
    return child;
}

static void
two_correlators_give_different_numbers(void **state)
{
    int status;
    (void)state;
    pid_t first = save_scope("one", "correlate_before_commit:1:stop");
    assert_int_equal(waitpid(first, &status, WUNTRACED), first);
    assert_true(WIFSTOPPED(status));
    pid_t second = save_scope("two", NULL);
    while (pgtest_int("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                      "AND datname = current_database()") == 0)
        assert_int_equal(waitpid(second, &status, WNOHANG), 0);
    kill(first, SIGCONT);
    assert_int_equal(waitpid(first, &status, 0), first);
    assert_int_equal(status, 0);
    assert_int_equal(waitpid(second, &status, 0), second);
    assert_int_equal(status, 0);
    need_numbers("one:INC-2026-0001=2026-03-01T10 one:INC-2026-0002=2026-03-01T12 "
                 "two:INC-2026-0003=2026-03-01T10 two:INC-2026-0004=2026-03-01T12");
}

#define EARLIER "2026-03-01T09:59:00.000Z/alertmanager/0f"

/* The sample whose first node has an earlier record, and so another key; it has the same entries.
 */
struct variant {
    struct correlation correlation;
    struct incident incidents[2];
    struct node nodes[4];
    struct entry entries[4];
    const struct node *members[4];
};

static void
rename_node(struct variant *variant, size_t at, struct sv key)
{
    struct sv old = variant->nodes[at].node_key;
    for (size_t i = 0; i < variant->incidents[0].entry_count; i++)
        if (sv_eq(variant->entries[i].node_key, old))
            variant->entries[i].node_key = key;
    for (size_t i = 0; i < 4; i++)
        if (sv_eq(variant->nodes[i].incident_key, old))
            variant->nodes[i].incident_key = key;
    if (sv_eq(variant->incidents[0].incident_key, old))
        variant->incidents[0].incident_key = key;
    variant->nodes[at].node_key = key;
}

static void
copy_sample(struct variant *ret)
{
    const struct correlation *sample = sample_correlation();
    *ret = (struct variant){.correlation = *sample};
    memcpy(ret->incidents, sample->incidents, sizeof(ret->incidents));
    memcpy(ret->nodes, sample->nodes, sizeof(ret->nodes));
    memcpy(ret->entries, sample->incidents[0].entries, 3 * sizeof(ret->entries[0]));
    ret->entries[3] = sample->incidents[1].entries[0];
    ret->incidents[0].entries = ret->entries;
    ret->correlation.incidents = ret->incidents;
    ret->correlation.nodes = ret->nodes;
}

static void
a_number_follows_its_incident_to_another_key(void **state)
{
    struct variant earlier;
    (void)state;
    save(sample_correlation());
    copy_sample(&earlier);
    rename_node(&earlier, 0, SV(EARLIER));
    save(&earlier.correlation);
    need_numbers("default:INC-2026-0001=2026-03-01T09 default:INC-2026-0002=2026-03-01T12");
    need_found("INC-2026-0001", "default", "2026-03-01T09");
    save(&earlier.correlation);
    struct store *store = pgtest_open("hindcast_correlate");
    assert_int_equal(casebook_replace(store, &earlier.correlation, cursor, 1, &err), 0);
    store_close(store);
    need_numbers("default:INC-2026-0001=2026-03-01T09 default:INC-2026-0002=2026-03-01T12");
    save(sample_correlation());
    need_numbers("default:INC-2026-0001=2026-03-01T10 default:INC-2026-0002=2026-03-01T12");
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.number"), 2);
}

/* One incident out of the two, in which the second one's node is part of the first one's or not. */
static void
merge(struct variant *ret, bool one_node)
{
    copy_sample(ret);
    ret->correlation.incident_count = 1;
    ret->incidents[0].entry_count = 4;
    ret->nodes[3].incident_key = ret->nodes[0].node_key;
    if (one_node) {
        ret->correlation.node_count = 3;
        ret->entries[3].node_key = ret->nodes[0].node_key;
    }
}

static void
merged_numbers_stay_as_aliases(void **state)
{
    struct variant merged;
    (void)state;
    for (int one_node = 0; one_node < 2; one_node++) {
        clear(NULL);
        save(sample_correlation());
        merge(&merged, one_node == 1);
        save(&merged.correlation);
        need_numbers("default:INC-2026-0001=2026-03-01T10");
        need_found("INC-2026-0002", "default", "2026-03-01T10");
        need("SELECT string_agg(incident || '>' || shown_as, ' ' ORDER BY incident) "
             "FROM analyst.incident_numbers",
             "INC-2026-0001>INC-2026-0001 INC-2026-0002>INC-2026-0001");
        save(sample_correlation());
        need_numbers("default:INC-2026-0001=2026-03-01T10 default:INC-2026-0002=2026-03-01T12");
    }
}

static void
large_numbers_are_shown_in_full(void **state)
{
    (void)state;
    pgtest_run("INSERT INTO correlate.number_year VALUES (2026, 9998)");
    save(sample_correlation());
    need_numbers("default:INC-2026-9999=2026-03-01T10 default:INC-2026-10000=2026-03-01T12");
    need_found("INC-2026-10000", "default", "2026-03-01T12");
}

/* ---- rows read ---- */

#define SCOPES 30
#define OF_A_SCOPE 100
#define ALL (SCOPES * OF_A_SCOPE)
#define A_FEW 60 /* an incident with all that belongs to it, and the pages of small tables */

/* Incidents of an hour each, with two nodes, three entries and a milestone. */
static const char many[] =
    "CREATE TEMP TABLE made AS SELECT 's' || (n - 1) / 100 AS scope, n, "
    "'2026-01-01Z'::timestamptz + n * interval '1 hour' AS at, 'k' || lpad(n::text, 6, '0') AS key "
    "FROM generate_series(1, 3000) n;"
    "INSERT INTO correlate.node (scope, node_key, first_time, last_time, records, severity, "
    "familiar, declared, kind, reason, incident_no, publication) SELECT scope, key || part, at, "
    "at, 1, 9, false, false, 'alert', 'r', n, 1 FROM made, unnest(ARRAY['a', 'b']) part;"
    "INSERT INTO correlate.member SELECT scope, md5(key || part)::uuid, n FROM made, "
    "unnest(ARRAY['a', 'b', 'c']) part;"
    "INSERT INTO correlate.incident (scope, incident_no, incident_key, first_time, last_time, "
    "nodes, alerts, records, entries, severity, raised, declared, services, title, digest, "
    "publication) SELECT scope, n, key || 'a', at, at, 2, 1, 3, 3, 9, n % 10 > 0, "
    "false, ARRAY['all', 'service-' || n], 't', '', 1 FROM made;"
    "INSERT INTO correlate.entry (scope, incident_no, tie, entry_id, event_time, "
    "uncertainty_ms, occurrences, score, severity, order_established, kind, record_kind, "
    "significance, time_source, node_key, membership, text, milestones, reasons, evidence) "
    "SELECT scope, n, int4send(p), md5(key || p), at, 0, 1, 0, 9, true, 'k', 'r', 'key', 'native', "
    "key || 'a', '', '', '{}', '[]', '[]' FROM made, generate_series(0, 2) p;"
    "INSERT INTO correlate.milestone (scope, incident_no, milestone, entry_id, rank, event_time, "
    "confidence) SELECT scope, n, 'm', md5(key || 0), 0, at, 90 FROM made;"
    "INSERT INTO correlate.number (scope, node_key, year, number, entry_id) "
    "SELECT scope, key || 'a', 2026, n, md5(key || 0) FROM made;"
    "INSERT INTO correlate.number_year VALUES (2026, 3000);"
    "UPDATE correlate.incident i SET number = n.name FROM correlate.number n "
    "WHERE n.scope = i.scope AND n.node_key = i.incident_key;"
    "VACUUM ANALYZE correlate.node, correlate.incident, correlate.entry, correlate.milestone, "
    "correlate.number, correlate.member;";

/* In statements of their own: VACUUM wants that. */
static void
run_each(const char *statements)
{
    char *copy = strdup(statements), *rest = NULL;
    struct store *store = pgtest_open(NULL);
    assert_non_null(copy);
    for (char *at = strtok_r(copy, ";", &rest); at != NULL; at = strtok_r(NULL, ";", &rest))
        if (store_script(store, at, at, &err) != 0)
            fail_msg("%s", err.message);
    store_close(store);
    free(copy);
}

static int64_t
rows_read(struct store *store)
{
    PGresult *result =
        PQexec(store->pg, "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) "
                          "FROM pg_stat_xact_user_tables WHERE schemaname = 'correlate'");
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    int64_t rows = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return rows;
}

static void
need_few(const char *what, int64_t rows, int64_t most)
{
    if (rows > most)
        fail_msg("%s read %lld rows, %lld are enough", what, (long long)rows, (long long)most);
}

static void
look_up(const char *name, int64_t most)
{
    struct arena arena;
    struct stored_incident stored;
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    assert_int_equal(store_read_begin(store, READ_DERIVED, &err), 0);
    if (casebook_incident(store, &arena, name, &stored, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(stored.incident.entry_count, 3);
    assert_int_equal(stored.incident.node_count, 2);
    need_few(name, rows_read(store), most);
    arena_release(&arena);
    store_close(store);
}

static void
a_lookup_reads_one_incident(void **state)
{
    (void)state;
    look_up("INC-2026-2000", A_FEW);
    look_up("k001234a", A_FEW);
    look_up("k001234", A_FEW);
    look_up("latest", A_FEW);
    char *uid = pgtest_value("SELECT md5('k001234c')");
    look_up(uid, A_FEW);
    uid[12] = '\0';
    look_up(uid, A_FEW);
    free(uid);
}

/* Often enough for PostgreSQL to plan without knowing the parameters. */
static void
lists_and_exports_read_each_row_once(void **state)
{
    struct store *store = pgtest_open("hindcast_correlate");
    struct stored_incident *heads;
    struct correlation read;
    size_t count;
    (void)state;
    assert_int_equal(store_read_begin(store, READ_DERIVED, &err), 0);
    int64_t before = 0;
    for (int i = 0; i < 12; i++) {
        struct arena arena;
        char scope[8];
        snprintf(scope, sizeof(scope), "s%d", i % SCOPES);
        arena_init(&arena, 0);
        assert_int_equal(casebook_incidents(store, &arena, true, &heads, &count, &err), 0);
        assert_int_equal(count, ALL);
        int64_t listed = rows_read(store);
        need_few("the list", listed - before, ALL + A_FEW);
        assert_int_equal(casebook_correlation(store, &arena, sv_from(scope), &read, &err), 0);
        assert_int_equal(read.incident_count, OF_A_SCOPE);
        before = rows_read(store);
        /* heads, 2 nodes, 3 entries, 1 milestone */
        need_few("an export", before - listed, OF_A_SCOPE * (1 + 2 + 3 + 1) + A_FEW);
        arena_release(&arena);
    }
    store_close(store);
}

static void
ask(const char *role, const char *sql, int64_t rows, int64_t most)
{
    struct store *store = pgtest_open(role);
    assert_int_equal(store_begin(store, &err), 0);
    PGresult *result = PQexec(store->pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(store->pg));
    assert_int_equal(PQntuples(result), rows);
    PQclear(result);
    need_few(sql, rows_read(store), most);
    store_close(store);
}

static void
analysts_read_what_they_ask_for(void **state)
{
    static const char *const roles[] = {"hindcast_analyst", "hindcast_responder",
                                        "hindcast_correlate"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        ask(roles[i], "SELECT * FROM analyst.incidents", ALL, ALL + A_FEW);
        ask(roles[i], "SELECT * FROM analyst.incidents WHERE incident = 'INC-2026-0042'", 1, A_FEW);
        ask(roles[i], "SELECT * FROM analyst.incidents WHERE first_time >= '2026-05-05 20:00Z'", 5,
            A_FEW);
        ask(roles[i], "SELECT * FROM analyst.incidents WHERE services @> ARRAY['service-77']", 1,
            A_FEW);
        ask(roles[i],
            "SELECT * FROM analyst.timeline WHERE incident = 'INC-2026-0042' ORDER BY position", 3,
            A_FEW);
        ask(roles[i], "SELECT * FROM analyst.milestones WHERE incident = 'INC-2026-0042'", 1,
            A_FEW);
        ask(roles[i], "SELECT * FROM analyst.incident_numbers WHERE incident = 'INC-2026-0042'", 1,
            A_FEW);
    }
}

/* What a save does about numbers follows the size of its scope. */
static void
numbers_of_a_scope_are_not_searched_for_one_by_one(void **state)
{
    static const enum query statements[] = {
        QUERY_casebook_move_numbers, QUERY_casebook_show_numbers, QUERY_casebook_put_numbers};
    const char *values[] = {"s1"};
    (void)state;
    /* A tenth of the incidents loses its key; another tenth is not numbered yet. */
    pgtest_run("UPDATE correlate.node SET node_key = 'j' || node_key WHERE node_key LIKE '%1a';"
               "UPDATE correlate.entry SET node_key = 'j' || node_key WHERE node_key LIKE '%1a';"
               "DELETE FROM correlate.number WHERE node_key LIKE '%2a';"
               "UPDATE correlate.incident SET number = NULL WHERE incident_key LIKE '%2a'");
    struct store *store = pgtest_open("hindcast_correlate");
    assert_int_equal(store_begin(store, &err), 0);
    int64_t before = 0, changed;
    for (size_t i = 0; i < 3; i++) {
        if (store_do(store, statements[i], values, 1, &changed, &err) != 0)
            fail_msg("%s", err.message);
        assert_int_equal(changed, i == 1 ? 0 : OF_A_SCOPE / 10);
        int64_t now = rows_read(store);
        need_few(store_query_name(statements[i]), now - before, 10 * OF_A_SCOPE);
        before = now;
    }
    store_rollback(store);
    store_close(store);
}

static int
set_up_many(void **state)
{
    if (pgtest_setup(state) != 0)
        return -1;
    run_each(many);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest old[] = {cmocka_unit_test(old_numbers_are_brought_along)};
    const struct CMUnitTest given[] = {
        cmocka_unit_test_setup(a_number_is_unique_in_the_database, clear),
        cmocka_unit_test_setup(two_correlators_give_different_numbers, clear),
        cmocka_unit_test_setup(a_number_follows_its_incident_to_another_key, clear),
        cmocka_unit_test_setup(merged_numbers_stay_as_aliases, clear),
        cmocka_unit_test_setup(large_numbers_are_shown_in_full, clear),
    };
    const struct CMUnitTest counted[] = {
        cmocka_unit_test(a_lookup_reads_one_incident),
        cmocka_unit_test(lists_and_exports_read_each_row_once),
        cmocka_unit_test(analysts_read_what_they_ask_for),
        cmocka_unit_test(numbers_of_a_scope_are_not_searched_for_one_by_one),
    };
    int failed = cmocka_run_group_tests(old, pgtest_setup_empty, pgtest_teardown);
    failed += cmocka_run_group_tests(given, pgtest_setup, pgtest_teardown);
    failed += cmocka_run_group_tests(counted, set_up_many, pgtest_teardown);
    return failed;
}
