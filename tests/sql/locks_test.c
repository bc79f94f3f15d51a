/*
 * Locks of others: nobody who only reads can make ingest, the correlator, retention or a migration
 * wait for what is theirs; where they do wait, they say for whom and end when they are asked to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "hindcast/migrate.h"
#include "hindcast/retention.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

static const struct cursor_position cursor[] = {{0, 0}};

static void
run(struct store *store, const char *sql)
{
    PGresult *result = PQexec(store->pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(store->pg));
    PQclear(result);
}

/* What a store with patience heard; it wants to end as soon as it was told whom it waits for. */
struct heard {
    char holder[256];
    int told, over;
};

static void
hear(void *opaque, const char *holder)
{
    struct heard *heard = opaque;
    if (holder == NULL) {
        heard->over++;
        return;
    }
    heard->told++;
    snprintf(heard->holder, sizeof(heard->holder), "%s", holder);
}

static bool
enough(void *opaque)
{
    return ((struct heard *)opaque)->told > 0;
}

static struct store *
open_patient(const char *role, struct heard *heard)
{
    struct store *store = NULL;
    struct err err = {0};
    struct store_options options = {
        .conninfo = pgtest_conninfo(),
        .role = role,
        .application_name = "patient",
        .patience = {.stopping = enough, .tell = hear, .opaque = heard}};
    if (store_open(&store, &options, &err) != 0)
        fail_msg("open: %s", err.message);
    return store;
}

static void
assert_names(const struct heard *heard, const struct err *err, struct store *holder)
{
    char pid[32];
    snprintf(pid, sizeof(pid), "backend %d (role ", PQbackendPID(holder->pg));
    assert_int_equal(heard->told, 1);
    assert_int_equal(heard->over, 1);
    assert_non_null(strstr(heard->holder, pid));
    assert_non_null(strstr(heard->holder, ", test, in a transaction since 20"));
    assert_int_equal(err->code, ERR_DB_CONFLICT);
    assert_non_null(strstr(err->hint, pid));
}

/* Every lock the program ever takes of that kind; lock_timeout tells a wait from none. */
static void
test_advisory_locks_of_others_stop_nobody(void **state)
{
    (void)state;
    struct err err = {0};
    struct migrate_result migrated;
    struct store *analyst = pgtest_open("hindcast_analyst");
    run(analyst, "SELECT pg_advisory_lock(7526483901), pg_advisory_lock(7526483902),"
                 " pg_advisory_lock(hashtext('hindcast partitions')),"
                 " pg_advisory_lock(hashtext('hindcast casebook'), hashtext('default'))");
    struct store *store = pgtest_open(NULL);
    run(store, "SET lock_timeout = '500ms'");
    if (store_migrate(store, &migrated, &err) != 0)
        fail_msg("migrate: %s", err.message);
    run(store, "SET ROLE hindcast_ingest");
    run(store, "SELECT evidence.ensure_partitions(ARRAY['2011-05-05'::date], ARRAY[]::date[])");
    run(store, "SELECT evidence.forget_dropped_partitions()");
    run(store, "SET ROLE hindcast_correlate");
    if (casebook_save(store, sample_correlation(), cursor, 1, &err) != 0)
        fail_msg("correlate: %s", err.message);
    run(store, "SET ROLE hindcast_owner");
    if (retention_begin(store, &err) != 0)
        fail_msg("retention: %s", err.message);
    store_close(store);
    store_close(analyst);
    for (const struct embedded_file *file = embedded_queries; file->name != NULL; file++)
        if (strstr(file->text, "pg_advisory") != NULL || strstr(file->text, "pg_try_adv") != NULL)
            fail_msg("%s takes an advisory lock", file->name);
}

/* The strongest lock each role may take on each relation that it sees, all at once. */
static void
lock_what_may_be_locked(struct store *store)
{
    run(store, "BEGIN");
    run(store,
        "DO $$ DECLARE target record; strength text; BEGIN FOR target IN SELECT c.oid::regclass AS"
        " name, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN"
        " ('evidence', 'ingest', 'correlate', 'review', 'analyst', 'responder', 'hindcast') AND "
        "relkind IN"
        " ('r', 'p', 'v') AND has_schema_privilege(nspname, 'USAGE')"
        " AND has_table_privilege(c.oid, 'SELECT, INSERT') LOOP"
        " FOREACH strength IN ARRAY ARRAY['ACCESS EXCLUSIVE', 'EXCLUSIVE', 'SHARE ROW EXCLUSIVE',"
        " 'SHARE', 'SHARE UPDATE EXCLUSIVE', 'ROW EXCLUSIVE', 'ROW SHARE', 'ACCESS SHARE'] LOOP"
        " BEGIN EXECUTE format('LOCK TABLE %s IN %s MODE NOWAIT', target.name, strength);"
        " EXCEPTION WHEN insufficient_privilege THEN NULL; END; END LOOP; END LOOP; END $$");
}

static void
test_table_locks_of_readers_stop_no_writer(void **state)
{
    (void)state;
    struct err err = {0};
    struct store *analyst = pgtest_open("hindcast_analyst");
    struct store *responder = pgtest_open("hindcast_responder");
    struct store *ingest = pgtest_open("hindcast_ingest");
    lock_what_may_be_locked(analyst);
    lock_what_may_be_locked(responder);
    lock_what_may_be_locked(ingest);
    /* More than the tables that one of them has: 8 of ingest, 6 of the other two. */
    assert_true(pgtest_int("SELECT count(DISTINCT relation) FROM pg_locks JOIN pg_class c"
                           " ON c.oid = relation JOIN pg_database d ON d.oid = database AND"
                           " datname = current_database()"
                           " WHERE relkind IN ('r', 'p') AND relnamespace IN"
                           " (SELECT oid FROM pg_namespace WHERE nspname IN"
                           " ('evidence', 'ingest', 'correlate', 'review'))") >= 14);
    struct store *store = pgtest_open("hindcast_correlate");
    run(store, "SET lock_timeout = '500ms'");
    struct arena arena;
    struct correlation_input input;
    struct cursor_position *at;
    size_t count;
    arena_init(&arena, 0);
    if (casebook_load(store, &arena, SV("default"), &input, &at, &count, &err) != 0 ||
        casebook_save(store, sample_correlation(), cursor, 1, &err) != 0 ||
        casebook_replace(store, sample_correlation(), cursor, 1, &err) != 0)
        fail_msg("correlate: %s", err.message);
    arena_release(&arena);
    run(store, "SET ROLE hindcast_ingest");
    run(store, "SELECT evidence.ensure_partitions(ARRAY['2012-05-05'::date], ARRAY[]::date[])");
    run(store, "INSERT INTO evidence.stream (cluster_id, topic, partition) VALUES ('c', 't', 0)");
    run(store, "UPDATE evidence.stream SET epoch = epoch + 1 WHERE topic = 't'");
    store_close(store);
    store_close(ingest);
    store_close(responder);
    store_close(analyst);
}

static void
test_a_scope_is_written_by_one_correlator(void **state)
{
    (void)state;
    struct err err = {0};
    struct heard heard = {0};
    struct store *first = pgtest_open("hindcast_correlate");
    run(first, "BEGIN");
    run(first, "INSERT INTO correlate.lock AS l VALUES ('default') ON CONFLICT (scope) DO UPDATE"
               " SET scope = l.scope WHERE false");
    struct store *second = open_patient("hindcast_correlate", &heard);
    assert_int_equal(casebook_save(second, sample_correlation(), cursor, 1, &err), -1);
    assert_names(&heard, &err, first);
    run(first, "COMMIT");
    if (casebook_save(second, sample_correlation(), cursor, 1, &err) != 0)
        fail_msg("%s", err.message);
    store_close(first);
    store_close(second);
}

static void
save_at(int64_t seq, const char *title, enum err_code expected, bool anew)
{
    struct err err = {0};
    struct correlation correlation = *sample_correlation();
    struct incident incidents[2] = {correlation.incidents[0], correlation.incidents[1]};
    const struct cursor_position at[] = {
        {0, 0}, {pgtest_int("SELECT stream_id FROM evidence.stream WHERE topic = 'news'"), seq}};
    struct store *store = pgtest_open("hindcast_correlate");
    incidents[0].title = sv_from(title);
    correlation.incidents = incidents;
    int status = anew ? casebook_replace(store, &correlation, at, 2, &err)
                      : casebook_save(store, &correlation, at, 2, &err);
    if (status != 0 && expected == ERR_NONE)
        fail_msg("%s", err.message);
    assert_int_equal(status == 0 ? ERR_NONE : err.code, expected);
    store_close(store);
}

static void
need_title(const char *expected)
{
    char *title = pgtest_value("SELECT title FROM responder.incidents WHERE scope = 'default' "
                               "ORDER BY first_time LIMIT 1");
    assert_string_equal(title, expected);
    free(title);
}

/* Who computed from an older state, however long ago it began, writes nothing over a newer one. */
static void
test_a_newer_state_is_never_replaced_by_an_older_one(void **state)
{
    (void)state;
    pgtest_run("INSERT INTO evidence.stream (cluster_id, topic, partition, seq) "
               "VALUES ('c', 'news', 0, 9)");
    save_at(5, "five", ERR_NONE, false);
    save_at(7, "seven", ERR_NONE, false);
    save_at(6, "six", ERR_OVERTAKEN, false);
    save_at(6, "six", ERR_OVERTAKEN, true);
    need_title("seven");
    struct err err = {0};
    struct store *store = pgtest_open("hindcast_correlate");
    assert_int_equal(casebook_forget(store, SV("default"), cursor, 1, &err), -1);
    assert_int_equal(err.code, ERR_OVERTAKEN);
    store_close(store);
    need_title("seven");
    save_at(7, "seven too", ERR_NONE, true);
    need_title("seven too");
    /* A state that no stream can have reached is no newer one: the database was set back. */
    pgtest_run("UPDATE evidence.stream SET seq = 4 WHERE topic = 'news'");
    save_at(4, "four", ERR_NONE, false);
    need_title("four");
    pgtest_run("DELETE FROM evidence.stream WHERE topic = 'news'");
}

static void
test_retention_runs_once_and_names_the_other(void **state)
{
    (void)state;
    struct err err = {0};
    char pid[32];
    struct store *first = pgtest_open("hindcast_owner"), *second = pgtest_open("hindcast_owner");
    if (retention_begin(first, &err) != 0 || retention_begin(first, &err) != 0)
        fail_msg("%s", err.message);
    snprintf(pid, sizeof(pid), "backend %d ", PQbackendPID(first->pg));
    assert_int_equal(retention_begin(second, &err), -1);
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    assert_non_null(strstr(err.message, pid));
    char sql[96];
    snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 5000)", PQbackendPID(first->pg));
    pgtest_run(sql);
    if (retention_begin(second, &err) != 0)
        fail_msg("the backend is gone: %s", err.message);
    store_close(first);
    store_close(second);
}

/* As if never migrated; also where a test before this one failed in the midst of its locks. */
static void
drop_all(void)
{
    pgtest_run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
               " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    pgtest_run(
        "DROP SCHEMA analyst, responder, review, correlate, ingest, evidence, hindcast CASCADE");
}

/* A schema of before the last migrations. */
static void
migrate_to(int last)
{
    drop_all();
    struct err err = {0};
    struct store *store = pgtest_open(NULL);
    if (store_script(store, store_query_text(QUERY_migrate_prepare), "prepare", &err) != 0)
        fail_msg("%s", err.message);
    for (const struct embedded_file *file = embedded_migrations; file->name != NULL; file++) {
        char version[INT_TEXT], hex[SHA256_HEX + 1];
        struct sha256 digest;
        if (strtol(file->name, NULL, 10) > last)
            break;
        sha256_of(file->text, file->size, &digest);
        sha256_hex(&digest, hex);
        const char *values[] = {int_text(strtol(file->name, NULL, 10), version), file->name, hex,
                                NULL};
        if (store_begin(store, &err) != 0 ||
            store_script(store, file->text, file->name, &err) != 0 ||
            store_do(store, QUERY_migrate_record, values, 4, NULL, &err) != 0 ||
            store_end(store, &err) != 0)
            fail_msg("%s", err.message);
    }
    store_close(store);
}

static void
test_migrate_says_for_whom_it_waits(void **state)
{
    (void)state;
    struct err err = {0};
    struct heard heard = {0};
    struct migrate_result migrated;
    migrate_to(9);
    /* Another migration has the row. */
    struct store *other = pgtest_open(NULL);
    run(other, "BEGIN; SELECT FROM hindcast.schema_version FOR UPDATE");
    struct store *store = open_patient(NULL, &heard);
    assert_int_equal(store_migrate(store, &migrated, &err), -1);
    assert_names(&heard, &err, other);
    run(other, "ROLLBACK");
    store_close(store);
    /* A reader in a long transaction has what DDL must change. */
    run(other, "SET ROLE hindcast_owner; BEGIN; LOCK TABLE evidence.stream IN ACCESS SHARE MODE;"
               " LOCK TABLE evidence.partition IN ACCESS SHARE MODE;"
               " LOCK TABLE review.declaration IN ACCESS SHARE MODE");
    heard = (struct heard){0};
    store = open_patient(NULL, &heard);
    assert_int_equal(store_migrate(store, &migrated, &err), -1);
    assert_names(&heard, &err, other);
    run(other, "ROLLBACK");
    if (store_migrate(store, &migrated, &err) != 0)
        fail_msg("%s", err.message);
    store_close(store);
    store_close(other);
}

static pid_t
begin_migrate(void)
{
    const char *program = getenv("HINDCAST");
    assert_non_null(program);
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, "migrate", (char *)NULL);
        _exit(127);
    }
    return child;
}

static void
test_migrations_that_begin_at_once_all_succeed(void **state)
{
    (void)state;
    pid_t children[4];
    drop_all();
    for (size_t i = 0; i < 4; i++)
        children[i] = begin_migrate();
    for (size_t i = 0; i < 4; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(pgtest_int("SELECT count(*) - max(version) FROM hindcast.migration"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_advisory_locks_of_others_stop_nobody),
        cmocka_unit_test(test_table_locks_of_readers_stop_no_writer),
        cmocka_unit_test(test_a_scope_is_written_by_one_correlator),
        cmocka_unit_test(test_a_newer_state_is_never_replaced_by_an_older_one),
        cmocka_unit_test(test_retention_runs_once_and_names_the_other),
        cmocka_unit_test(test_migrate_says_for_whom_it_waits),
        cmocka_unit_test(test_migrations_that_begin_at_once_all_succeed),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
