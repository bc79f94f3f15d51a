/*
 * What must hold for every table, partition, function and role of the schema, asked of PostgreSQL's
 * catalogue. Each rule comes with a change that breaks it: made in a transaction that is rolled
 * back, it must be reported, so that no rule can pass by asking the wrong question.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define OURS "('evidence', 'ingest', 'correlate', 'review', 'analyst', 'responder', 'hindcast')"
#define RELATIONS                                                                                  \
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND nspname IN " OURS          \
    " WHERE relkind IN ('r', 'p', 'v', 'm', 'f') "
#define RELATIONS_AND_COLUMNS                                                                      \
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND nspname IN " OURS          \
    " JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped"                   \
    " WHERE relkind IN ('r', 'p', 'v', 'm', 'f') "
#define RELATIONS_OF_ROLES                                                                         \
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND nspname IN " OURS          \
    " CROSS JOIN unnest(ARRAY['hindcast_ingest', 'hindcast_correlate', 'hindcast_responder',"      \
    " 'hindcast_scribe', 'hindcast_analyst', 'hindcast_public']) r WHERE relkind IN ('r', 'p', "   \
    "'v', 'm', 'f') "
#define FUNCTIONS                                                                                  \
    " FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace AND nspname IN " OURS " WHERE "
/* Any right at all of a role on a table or one of its columns. */
#define MAY(role, rights)                                                                          \
    "(has_table_privilege('" role "', c.oid, '" rights "')"                                        \
    " OR has_any_column_privilege('" role "', c.oid, replace('" rights                             \
    "', 'DELETE, TRUNCATE', 'INSERT')))"
#define ANY_RIGHT "SELECT, INSERT, UPDATE, DELETE, TRUNCATE"
#define WRITING "INSERT, UPDATE, DELETE, TRUNCATE"

struct rule {
    const char *name;
    const char *violations; /* rows of one text column: what breaks the rule */
    const char *breaks[3];  /* each must be reported */
};

static const struct rule rules[] = {
    {"partitions carry no grant",
     "SELECT c.oid::regclass::text" RELATIONS "AND relispartition AND (relacl IS NOT NULL OR EXISTS"
     " (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL))",
     {"GRANT SELECT ON ingest.log_untimed TO hindcast_analyst",
      "GRANT UPDATE (body) ON ingest.log_untimed TO hindcast_correlate",
      "DO $$ BEGIN EXECUTE format('GRANT INSERT ON %s TO hindcast_ingest', (SELECT min(name) FROM"
      " evidence.partition WHERE parent = 'evidence.segment')); END $$"}},
    {"everybody has no right on tables, apart from the schema's version",
     "SELECT c.oid::regclass::text" RELATIONS "AND nspname <> 'hindcast' AND EXISTS (SELECT FROM"
     " aclexplode(relacl) WHERE grantee = 0)",
     {"GRANT SELECT ON evidence.batch TO PUBLIC", "GRANT INSERT ON ingest.log TO PUBLIC"}},
    {"everybody may only read the schema's version",
     "SELECT c.oid::regclass::text" RELATIONS "AND nspname = 'hindcast' AND EXISTS (SELECT FROM"
     " aclexplode(relacl) WHERE grantee = 0 AND privilege_type <> 'SELECT')",
     {"GRANT UPDATE ON hindcast.schema_version TO PUBLIC"}},
    {"everybody has no right on the schemas",
     "SELECT nspname::text FROM pg_namespace WHERE nspname IN " OURS
     " AND EXISTS (SELECT FROM aclexplode(nspacl) WHERE grantee = 0"
     " AND NOT (nspname = 'hindcast' AND privilege_type = 'USAGE'))",
     {"GRANT USAGE ON SCHEMA ingest TO PUBLIC", "GRANT CREATE ON SCHEMA hindcast TO PUBLIC"}},
    {"SECURITY DEFINER functions have a fixed search path",
     "SELECT p.oid::regprocedure::text" FUNCTIONS "prosecdef AND NOT coalesce("
     "'search_path=pg_catalog, pg_temp' = ANY (proconfig), false)",
     {"ALTER FUNCTION evidence.ensure_partitions(date[], date[]) RESET search_path",
      "ALTER FUNCTION evidence.ensure_partitions(date[], date[]) SET search_path = public",
      "ALTER FUNCTION evidence.create_partition(regclass, text, date, date) SECURITY DEFINER RESET"
      " search_path"}},
    {"SECURITY DEFINER functions are not for everybody",
     "SELECT p.oid::regprocedure::text" FUNCTIONS "prosecdef AND (proacl IS NULL OR EXISTS"
     " (SELECT FROM aclexplode(proacl) WHERE grantee = 0))",
     {"GRANT EXECUTE ON FUNCTION evidence.ensure_partitions(date[], date[]) TO PUBLIC"}},
    {"nobody calls create_partition",
     "SELECT rolname::text FROM pg_roles WHERE NOT rolsuper AND rolname <> 'hindcast_owner'"
     " AND rolname ~ '^hindcast_' AND has_function_privilege(rolname,"
     " 'evidence.create_partition(regclass, text, date, date)', 'EXECUTE')",
     {"GRANT EXECUTE ON FUNCTION evidence.create_partition(regclass, text, date, date) TO"
      " hindcast_ingest"}},
    {"tables and views carry a comment",
     "SELECT c.oid::regclass::text" RELATIONS "AND obj_description(c.oid, 'pg_class') IS NULL",
     {"COMMENT ON TABLE evidence.batch IS NULL", "CREATE TABLE review.more ()"}},
    {"columns carry a comment",
     "SELECT c.oid::regclass || '.' || attname FROM pg_class c"
     " JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid"
     " WHERE nspname IN " OURS " AND relkind IN ('r', 'p', 'v') AND NOT relispartition"
     " AND attnum > 0 AND NOT attisdropped AND col_description(c.oid, attnum) IS NULL",
     {"COMMENT ON COLUMN evidence.batch.seq IS NULL",
      "ALTER TABLE correlate.entry ADD COLUMN more text",
      "COMMENT ON COLUMN analyst.durations.time_to_detect IS NULL"}},
    {"functions carry a comment",
     "SELECT p.oid::regprocedure::text" FUNCTIONS "obj_description(p.oid, 'pg_proc') IS NULL",
     {"COMMENT ON FUNCTION evidence.ensure_partitions(date[], date[]) IS NULL"}},
    {"no row-level security where COPY writes",
     "SELECT c.oid::regclass::text" RELATIONS
     "AND nspname IN ('ingest', 'evidence') AND relrowsecurity",
     {"ALTER TABLE evidence.batch ENABLE ROW LEVEL SECURITY",
      "ALTER TABLE ingest.log_untimed ENABLE ROW LEVEL SECURITY"}},
    {"forced row-level security on what is derived and decided",
     "SELECT c.oid::regclass::text" RELATIONS "AND nspname IN ('correlate', 'review')"
     " AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)",
     {"ALTER TABLE correlate.entry NO FORCE ROW LEVEL SECURITY",
      "ALTER TABLE review.declaration DISABLE ROW LEVEL SECURITY", "CREATE TABLE review.more ()"}},
    {"views respect row-level security or are a barrier",
     "SELECT c.oid::regclass::text" RELATIONS "AND relkind = 'v' AND NOT coalesce(reloptions &&"
     " ARRAY['security_invoker=true', 'security_barrier=true'], false)",
     {"CREATE VIEW analyst.more AS SELECT 1 AS one",
      "ALTER VIEW analyst.ledger RESET (security_barrier)"}},
    {"the owner owns all, apart from the schema's version",
     "SELECT c.oid::regclass::text" RELATIONS "AND nspname <> 'hindcast'"
     " AND relowner <> 'hindcast_owner'::regrole",
     {"DO $$ BEGIN EXECUTE format('ALTER TABLE evidence.batch OWNER TO %I', session_user); END "
      "$$"}},
    {"the roles are plain and cannot log in",
     "SELECT rolname::text FROM pg_roles WHERE rolname IN ('hindcast_owner', 'hindcast_ingest',"
     " 'hindcast_correlate', 'hindcast_responder', 'hindcast_scribe', 'hindcast_analyst') AND "
     "(rolcanlogin OR rolsuper"
     " OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
     {"ALTER ROLE hindcast_ingest LOGIN", "ALTER ROLE hindcast_correlate BYPASSRLS"}},
    {"no role is a member of another",
     "SELECT roleid::regrole || ' in ' || member::regrole FROM pg_auth_members"
     " WHERE roleid::regrole::text ~ '^hindcast_' AND member::regrole::text IN"
     " ('hindcast_ingest', 'hindcast_correlate', 'hindcast_responder', 'hindcast_scribe',"
     " 'hindcast_analyst')",
     {"GRANT hindcast_owner TO hindcast_ingest", "GRANT hindcast_correlate TO hindcast_analyst"}},
    {"ingest deletes nothing, and beyond ingest and evidence only reads what analysts read",
     "SELECT c.oid::regclass::text" RELATIONS "AND CASE WHEN nspname IN ('ingest', 'evidence') THEN"
     " has_table_privilege('hindcast_ingest', c.oid, 'DELETE, TRUNCATE')"
     " WHEN nspname IN ('hindcast', 'analyst') THEN " MAY("hindcast_ingest", WRITING) " ELSE " MAY(
         "hindcast_ingest", ANY_RIGHT) " END",
     {"GRANT DELETE ON ingest.log TO hindcast_ingest",
      "GRANT SELECT ON correlate.entry TO hindcast_ingest",
      "GRANT INSERT (scope) ON review.declaration TO hindcast_ingest"}},
    {"ingest reads and changes only where streams stand and what is quarantined",
     "SELECT c.oid::regclass::text" RELATIONS "AND nspname IN ('ingest', 'evidence')"
     " AND c.oid NOT IN ('evidence.stream'::regclass, 'evidence.quarantine'::regclass)"
     " AND " MAY("hindcast_ingest", "SELECT, UPDATE"),
     {"GRANT SELECT ON evidence.segment TO hindcast_ingest",
      "GRANT SELECT (body) ON ingest.log TO hindcast_ingest",
      "GRANT UPDATE ON evidence.batch TO hindcast_ingest"}},
    {"correlate writes nothing of ingest's or people's, apart from kept evidence and revisions",
     "SELECT c.oid::regclass::text" RELATIONS "AND nspname NOT IN ('correlate')"
     " AND CASE WHEN c.oid IN (to_regclass('evidence.kept'), to_regclass('review.revision'),"
     " to_regclass('review.revision_entry')) THEN"
     " has_table_privilege('hindcast_correlate', c.oid, 'UPDATE, DELETE, TRUNCATE')"
     " ELSE " MAY("hindcast_correlate", WRITING) " END",
     {"GRANT INSERT ON ingest.event TO hindcast_correlate",
      "GRANT DELETE ON review.revision TO hindcast_correlate",
      "GRANT DELETE ON review.declaration TO hindcast_correlate"}},
    {"no function takes an advisory lock, which anybody may hold",
     "SELECT p.oid::regprocedure::text" FUNCTIONS "prosrc ~ 'advisory'",
     {"CREATE FUNCTION evidence.more() RETURNS void LANGUAGE sql AS 'SELECT"
      " pg_advisory_xact_lock(1)'"}},
    {"nobody but the owner locks a table against others, apart from what the correlator derives",
     "SELECT c.oid::regclass || ' ' || r" RELATIONS_OF_ROLES
     "AND has_table_privilege(r, c.oid, 'UPDATE, DELETE, TRUNCATE')"
     " AND NOT (r = 'hindcast_correlate' AND nspname = 'correlate')",
     {"GRANT UPDATE ON evidence.stream TO hindcast_ingest",
      "GRANT DELETE ON review.declaration TO hindcast_responder",
      "GRANT TRUNCATE ON correlate.lock TO hindcast_analyst"}},
    {"rows that are locked are nobody's but those who do the work",
     "SELECT c.oid::regclass || ' ' || r" RELATIONS_OF_ROLES "AND relname = 'lock'"
     " AND NOT (r = 'hindcast_correlate' AND nspname = 'correlate')"
     " AND (has_table_privilege(r, c.oid, '" ANY_RIGHT "') OR has_any_column_privilege(r, c.oid,"
     " 'SELECT, INSERT, UPDATE'))",
     {"GRANT SELECT ON evidence.lock TO hindcast_ingest",
      "GRANT UPDATE (scope) ON correlate.lock TO hindcast_responder"}},
    {"what a role may write has bounds; log lines have those of their partitions",
     "SELECT DISTINCT c.oid::regclass::text" RELATIONS_OF_ROLES
     "AND r <> 'hindcast_owner' AND NOT relispartition AND c.oid <> 'ingest.log'::regclass"
     " AND has_any_column_privilege(r, c.oid, 'INSERT, UPDATE') AND NOT EXISTS"
     " (SELECT FROM pg_constraint WHERE conrelid = c.oid AND conname IN ('plausible', 'sound'))",
     {"ALTER TABLE review.declaration DROP CONSTRAINT sound",
      "ALTER TABLE evidence.batch DROP CONSTRAINT plausible",
      "GRANT UPDATE (name) ON evidence.partition TO hindcast_ingest"}},
    {"people who read have no right on ingest and evidence",
     "SELECT c.oid::regclass::text" RELATIONS "AND nspname IN ('ingest', 'evidence') AND"
     " (" MAY("hindcast_analyst", ANY_RIGHT) " OR " MAY("hindcast_responder", ANY_RIGHT) " OR " MAY(
         "hindcast_scribe", ANY_RIGHT) ")",
     {"GRANT SELECT ON ingest.event TO hindcast_analyst",
      "GRANT SELECT (topic) ON evidence.stream TO hindcast_responder",
      "GRANT SELECT ON evidence.segment TO hindcast_scribe"}},
    {"analysts have no right on columns with text",
     "SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class c ON c.oid ="
     " attrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('correlate', "
     "'review')"
     " AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND attname IN ('title',"
     " 'text', 'url', 'body', 'detail', 'attributes', 'source_time_text')"
     " AND has_column_privilege('hindcast_analyst', attrelid, attnum, 'SELECT')",
     {"GRANT SELECT ON correlate.entry TO hindcast_analyst",
      "GRANT SELECT (title) ON correlate.node TO hindcast_analyst"}},
    {"scribes write decisions alone, and whole ones",
     "SELECT c.oid::regclass::text" RELATIONS
     "AND (" MAY("hindcast_scribe", WRITING) " AND c.oid <> 'review.decision'::regclass OR "
                                             "has_table_privilege('hindcast_scribe', c.oid,"
                                             " '" WRITING "'))",
     {"GRANT INSERT (scope) ON review.declaration TO hindcast_scribe",
      "GRANT INSERT ON review.decision TO hindcast_scribe"}},
    {"scribes read what responders and analysts read",
     "SELECT attrelid::regclass || '.' || attname" RELATIONS_AND_COLUMNS
     "AND (has_column_privilege('hindcast_responder', attrelid, attnum, 'SELECT')"
     " OR has_column_privilege('hindcast_analyst', attrelid, attnum, 'SELECT'))"
     " AND NOT has_column_privilege('hindcast_scribe', attrelid, attnum, 'SELECT')",
     {"CREATE VIEW analyst.more AS SELECT 1 AS one;"
      " GRANT SELECT ON analyst.more TO hindcast_analyst",
      "CREATE TABLE review.more (one integer);"
      " GRANT SELECT (one) ON review.more TO hindcast_responder",
      "REVOKE SELECT ON correlate.entry FROM hindcast_scribe"}},
    {"and see the same rows",
     "SELECT c.oid::regclass::text" RELATIONS
     "AND relrowsecurity AND has_any_column_privilege('hindcast_scribe', c.oid, 'SELECT')"
     " AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND polcmd IN ('r', '*')"
     " AND 'hindcast_scribe'::regrole = ANY (polroles))",
     {"DROP POLICY scribe ON correlate.entry",
      "ALTER POLICY scribe ON correlate.node TO hindcast_responder"}},
    {"scribes call what responders call, apart from what checks a declaration",
     "SELECT p.oid::regprocedure::text" FUNCTIONS "proname <> 'is_sound'"
     " AND has_function_privilege('hindcast_responder', p.oid, 'EXECUTE')"
     " AND NOT has_function_privilege('hindcast_scribe', p.oid, 'EXECUTE')",
     {"REVOKE EXECUTE ON FUNCTION ingest.change_key(text, text, text, uuid) FROM hindcast_scribe",
      "CREATE FUNCTION responder.more() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
      " REVOKE ALL ON FUNCTION responder.more() FROM PUBLIC;"
      " GRANT EXECUTE ON FUNCTION responder.more() TO hindcast_responder"}},
    {"people who read write only declarations, decisions, and that a document was written",
     "SELECT c.oid::regclass::text" RELATIONS "AND NOT c.oid = ANY"
     " (ARRAY['review.declaration', 'review.decision', 'review.document']::regclass[]) AND"
     " (" MAY("hindcast_analyst", WRITING) " OR " MAY("hindcast_responder", WRITING) ")",
     {"GRANT UPDATE ON correlate.entry TO hindcast_responder",
      "GRANT INSERT (scope) ON correlate.incident TO hindcast_analyst"}},
};

static void
run(struct store *store, const char *sql)
{
    PGresult *result = PQexec(store->pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(store->pg));
    PQclear(result);
}

/* The violations on one line, nothing when there is none. */
static void
violations(struct store *store, const struct rule *rule, char *ret_text, size_t size)
{
    PGresult *result = PQexec(store->pg, rule->violations);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", rule->name, PQerrorMessage(store->pg));
    size_t used = 0;
    ret_text[0] = '\0';
    for (int i = 0; i < PQntuples(result) && used < size; i++)
        used += (size_t)snprintf(ret_text + used, size - used, " %s", PQgetvalue(result, i, 0));
    PQclear(result);
}

static void
the_schema_keeps_the_rules(void **state)
{
    (void)state;
    char found[1024];
    struct store *store = pgtest_open(NULL);
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        violations(store, &rules[i], found, sizeof(found));
        if (found[0] != '\0')
            fail_msg("%s:%s", rules[i].name, found);
    }
    store_close(store);
}

static void
each_rule_can_fail(void **state)
{
    (void)state;
    char found[1024];
    struct store *store = pgtest_open(NULL);
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        assert_non_null(rules[i].breaks[0]);
        for (size_t k = 0; k < 3 && rules[i].breaks[k] != NULL; k++) {
            run(store, "BEGIN");
            run(store, rules[i].breaks[k]);
            violations(store, &rules[i], found, sizeof(found));
            if (found[0] == '\0')
                fail_msg("%s: not seen: %s", rules[i].name, rules[i].breaks[k]);
            run(store, "ROLLBACK");
        }
    }
    store_close(store);
}

static int
with_partitions(void **state)
{
    pgtest_setup(state);
    struct store *store = pgtest_open("hindcast_ingest");
    PGresult *made = PQexec(
        store->pg, "SELECT evidence.ensure_partitions(ARRAY[current_date, current_date - 100,"
                   " '1999-05-05', current_date + 1], ARRAY[current_date])");
    int status = PQresultStatus(made) == PGRES_TUPLES_OK ? 0 : -1;
    PQclear(made);
    store_close(store);
    return status;
}

static void
there_are_partitions_to_look_at(void **state)
{
    (void)state;
    assert_true(
        pgtest_int("SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'") >= 6);
    /* asked again, and for days inside a month that exists, nothing is made */
    assert_int_equal(
        pgtest_int("SELECT evidence.ensure_partitions(ARRAY[current_date,"
                   " date_trunc('month', current_date - 100)::date], ARRAY[current_date])"),
        0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_partitions_to_look_at),
        cmocka_unit_test(the_schema_keeps_the_rules),
        cmocka_unit_test(each_rule_can_fail),
    };
    return cmocka_run_group_tests(tests, with_partitions, pgtest_teardown);
}
