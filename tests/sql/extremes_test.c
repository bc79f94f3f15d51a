/*
 * What a role can write cannot stop others: for every role, each column that it may write by the
 * catalogue's word gets extreme values, in the rows that are there and in rows beside them; what
 * PostgreSQL takes lies there while correlate, rebuild and the reading commands run, which must all
 * succeed. Once the rows are gone again, everything is as it was. New tables, columns and rights
 * take part by themselves.
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

#include "base/strbuf.h"
#include "hindcast/delivery.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define TIME_2026 (INT64_C(1767225600) * NS_PER_S)
#define EXTREMES_MAX 16

static struct err err;
static char *baseline; /* what export prints of the sample */
static int serial;     /* makes keys that are not there yet */

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

/* ---- the values ---- */

struct extreme {
    const char *sql; /* an expression of type text; NULL ends a list */
};

static const struct {
    const char *type;
    struct extreme values[EXTREMES_MAX];
} extremes[] = {
    {"timestamp with time zone",
     {{"'infinity'"},
      {"'-infinity'"},
      {"'290000-06-01 00:00:00+00'"},
      {"'4000-01-01 00:00:00+00 BC'"},
      {"'1969-12-31 23:59:59.999999+00'"},
      {"'2100-01-01 00:00:00+00'"},
      {"'2262-04-12 00:00:00+00'"}}},
    {"date", {{"'infinity'"}, {"'-infinity'"}, {"'290000-06-01'"}, {"'4000-01-01 BC'"}}},
    {"smallint", {{"'-32768'"}, {"'32767'"}, {"'-1'"}, {"'0'"}}},
    {"integer", {{"'-2147483648'"}, {"'2147483647'"}, {"'-1'"}, {"'0'"}}},
    {"bigint",
     {{"'-9223372036854775808'"},
      {"'9223372036854775807'"},
      {"'-1'"},
      {"'0'"},
      {"'4611686018427387904'"}}},
    {"text",
     {{"''"},
      {"' '"},
      {"repeat('x', 1048576)"},
      {"(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 32768) n)"},
      {"(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 60) n)"},
      {"E'\\x01\\x1b[31m\\r\\n\\t\\x7f'"},
      {"E'a\\u202eb\\u2066c\\ufeff\\u0085'"},
      {"'9999-12-31T00:00:00Z'"},
      {"'INC-2026-0001'"},
      {"repeat('\"\\', 2000)"}}},
    {"bytea", {{"'\\x'"}, {"'\\x' || repeat('00', 1048576)"}, {"'\\xff'"}}},
    {"boolean", {{"'true'"}, {"'false'"}}},
    {"uuid",
     {{"'00000000-0000-0000-0000-000000000000'"}, {"'ffffffff-ffff-ffff-ffff-ffffffffffff'"}}},
    {"uuid[]",
     {{"'{}'"},
      {"'{NULL}'"},
      {"'{ffffffff-ffff-ffff-ffff-ffffffffffff}'"},
      {"array_fill('ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid, ARRAY[1001])::text"}}},
    {"jsonb",
     {{"'null'"},
      {"'{}'"},
      {"'[]'"},
      {"'[[]]'"},
      {"'[1e400]'"},
      {"'[{\"stream\": -1, \"offset\": 1e300, \"index\": \"x\", \"topic\": 7}]'"},
      {"'[[\"\", 99999999999999999999]]'"},
      {"repeat('[', 3000) || repeat(']', 3000)"},
      {"'\"' || repeat('x', 1048576) || '\"'"}}},
    {"text[]",
     {{"'{}'"},
      {"'{NULL}'"},
      {"'{{a,b},{c,d}}'"},
      {"'{\"\"}'"},
      {"'{' || repeat('x,', 20000) || 'y}'"}}},
    {"integer[]", {{"'{}'"}, {"'{NULL}'"}, {"'{-1}'"}, {"'{{1,2},{3,4}}'"}}},
    {"bigint[]", {{"'{}'"}, {"'{NULL}'"}, {"'{-1}'"}, {"'{9223372036854775807}'"}}},
    {"bytea[]", {{"'{}'"}, {"'{NULL}'"}}},
};

static const struct extreme *
extremes_of(const char *type)
{
    for (size_t i = 0; i < sizeof(extremes) / sizeof(extremes[0]); i++)
        if (strcmp(extremes[i].type, type) == 0)
            return extremes[i].values;
    fail_msg("say what is extreme of the type %s", type);
    return NULL;
}

/* ---- SQL ---- */

static PGresult *
query(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    return result;
}

static void __attribute__((format(printf, 2, 3))) run(PGconn *pg, const char *format, ...)
{
    char sql[8192];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(sql, sizeof(sql), format, args);
    va_end(args);
    assert_true(len > 0 && (size_t)len < sizeof(sql));
    PQclear(query(pg, sql));
}

/* Whether PostgreSQL takes it is its affair: what it takes must do no harm. */
static bool
try(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdTuples(result), "0") != 0;
    PQclear(result);
    return done;
}

/* ---- a sample to spoil ---- */

static void
add(struct batch *batch, const struct stream *stream, enum event_kind kind, int severity,
    const char *text, int identity)
{
    int64_t offset = batch_next_offset(batch, stream->stream_id);
    offset = offset < 0 ? 0 : offset;
    int64_t time_ns = TIME_2026 + offset * NS_PER_MINUTE;
    const struct decode_result result = {.status = DECODE_OK};
    const struct record record = {.topic = sv_from(stream->topic),
                                  .offset = offset,
                                  .kafka_time_ns = time_ns,
                                  .value = sv_from(text)};
    struct event event = {.scope = SV("default"),
                          .kind = kind,
                          .record_kind = kind == EVENT_LOG    ? RECORD_LOG
                                         : kind == EVENT_CHAT ? RECORD_CHAT
                                                              : RECORD_ALERT,
                          .phase = kind == EVENT_LOG    ? PHASE_NONE
                                   : kind == EVENT_CHAT ? PHASE_POST
                                                        : PHASE_TRIGGER,
                          .format = SV("test"),
                          .source = SV("somebody"),
                          .event_time_ns = time_ns,
                          .precision = PRECISION_MILLISECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .severity = severity,
                          .service = SV("api"),
                          .actor = SV("ana"),
                          .channel = SV("ops"),
                          .fingerprint = SV("api is down"),
                          .title = sv_from(text),
                          .body = sv_from(text),
                          .identified = identity != 0};
    memcpy(event.uid, &identity, sizeof(identity));
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, &result);
}

static void
make_sample(void)
{
    struct stream stream;
    bool fenced;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    need(store_claim(store, "c", "sample", 0, "me", &stream, &err));
    add(batch, &stream, EVENT_ALERT, SEVERITY_ERROR, "api is down", 1);
    add(batch, &stream, EVENT_LOG, SEVERITY_ERROR, "cannot connect", 0);
    add(batch, &stream, EVENT_CHAT, SEVERITY_UNSET, "rolling back the deploy", 2);
    add(batch, &stream, EVENT_CHAT, SEVERITY_UNSET, "rolling back the deploy", 2);
    add(batch, &stream, EVENT_LOG, SEVERITY_INFO, "listening", 0);
    struct decode_result bad = {.status = DECODE_BAD, .reason = QUARANTINE_SYNTAX};
    const struct record broken = {.topic = sv_from(stream.topic), .offset = 5, .value = SV("{")};
    batch_add(batch, &stream, &broken, OUTCOME_QUARANTINED, NULL, 0, &bad);
    need(store_commit(store, batch, &stream, 1, &fenced, &err));
    need(store_note_gap(store, &stream, 2, 3, "retention", &err));
    batch_free(batch);
    store_close(store);
    pgtest_run("INSERT INTO review.declaration (scope, declaration_id, title, from_time, to_time,"
               " declared_by) VALUES ('default', 'abc', 'The api was down', '2026-01-01 00:00+00',"
               " '2026-01-01 01:00+00', 'ana')");
}

/* ---- what must succeed ---- */

static char complaint[1024]; /* the last program's standard error */

/* Standard output; fails the test with what it says on standard error. */
static char *
hindcast(const char *arguments, const char *what)
{
    char line[512];
    struct strbuf out;
    const char *program = getenv("HINDCAST");
    assert_non_null(program);
    char errors[] = "/tmp/extremes.XXXXXX";
    int file = mkstemp(errors);
    assert_true(file >= 0);
    snprintf(line, sizeof(line), "%s %s 2>%s", program, arguments, errors);
    FILE *pipe = popen(line, "r");
    strbuf_init(&out, 0);
    char piece[4096];
    size_t got;
    while ((got = fread(piece, 1, sizeof(piece), pipe)) > 0)
        strbuf_add(&out, piece, got);
    int status = pclose(pipe);
    ssize_t said = read(file, complaint, sizeof(complaint) - 1);
    complaint[said < 0 ? 0 : said] = '\0';
    close(file);
    unlink(errors);
    if (status != 0)
        fail_msg("%s: '%s' ended with %d: %s", what, arguments, WEXITSTATUS(status), complaint);
    char *text = strdup(out.ptr == NULL ? "" : out.ptr);
    strbuf_release(&out);
    return text;
}

static void
expect_success(const char *what)
{
    static const char *const commands[] = {
        "correlate --once", "export",    "incidents --all", "duplicates",    "correlate --rebuild",
        "export",           "incidents", "timeline latest", "report latest", "correlate --once"};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        free(hindcast(commands[i], what));
}

/* ---- one table of one role ---- */

struct table {
    char name[128];     /* with its schema */
    char columns[2048]; /* that can be written at all, separated by commas */
    char *row;          /* as JSON, to be varied */
};

static void
read_table(PGconn *super, const char *name, struct table *ret_table)
{
    char sql[2048];
    snprintf(ret_table->name, sizeof(ret_table->name), "%s", name);
    snprintf(sql, sizeof(sql),
             "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
             " WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped"
             " AND attgenerated = '' AND attidentity <> 'a'",
             name);
    PGresult *result = query(super, sql);
    snprintf(ret_table->columns, sizeof(ret_table->columns), "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    /* A row of the table, or one made of what fits the types. */
    snprintf(sql, sizeof(sql),
             "SELECT coalesce((SELECT to_jsonb(t) FROM %s t LIMIT 1), (SELECT jsonb_object_agg("
             "attname, CASE format_type(atttypid, NULL) WHEN 'text' THEN to_jsonb('default'::text)"
             " WHEN 'timestamp with time zone' THEN to_jsonb('2026-01-01 00:00+00'::text)"
             " WHEN 'date' THEN to_jsonb('2026-01-01'::text) WHEN 'boolean' THEN 'true'"
             " WHEN 'bytea' THEN to_jsonb('\\x00'::text) WHEN 'uuid' THEN"
             " to_jsonb(gen_random_uuid()) WHEN 'jsonb' THEN '[]' WHEN 'text[]' THEN '[]'"
             " WHEN 'bytea[]' THEN '[]' WHEN 'integer[]' THEN '[1]' WHEN 'bigint[]' THEN '[1]'"
             " ELSE '1' END) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0"
             " AND NOT attisdropped AND attgenerated = ''))",
             name, name);
    result = query(super, sql);
    ret_table->row = strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
}

/* Keys that are not there yet, apart from what says where the row belongs. */
static void
fresh_keys(PGconn *super, struct table *table)
{
    char sql[2048];
    serial++;
    snprintf(sql, sizeof(sql),
             "SELECT coalesce(jsonb_object_agg(attname, CASE format_type(atttypid, NULL)"
             " WHEN 'text' THEN to_jsonb('key-%d'::text) WHEN 'uuid' THEN"
             " to_jsonb(gen_random_uuid()) ELSE to_jsonb(%d) END), '{}') FROM ("
             "SELECT DISTINCT attname, atttypid FROM pg_index JOIN pg_attribute ON"
             " attrelid = indrelid AND attnum = ANY (indkey) WHERE indrelid = '%s'::regclass"
             " AND indisunique AND attgenerated = '' AND attname NOT IN ('scope', 'stream_id',"
             " 'incident_key', 'event_time', 'day', 'year', 'topic', 'cluster_id', 'kind')) a",
             serial, 1000 + serial, table->name);
    PGresult *result = query(super, sql);
    struct strbuf both;
    strbuf_init(&both, 0);
    strbuf_addf(&both, "SELECT $j$%s$j$::jsonb || $j$%s$j$::jsonb", table->row,
                PQgetvalue(result, 0, 0));
    PQclear(result);
    result = query(super, both.ptr);
    strbuf_release(&both);
    free(table->row);
    table->row = strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
}

/* A row beside those that are there, as they are but for its keys and this column. */
static int
insert(PGconn *pg, PGconn *super, struct table *table, const char *column, const char *type,
       const char *value)
{
    struct strbuf sql;
    fresh_keys(super, table);
    strbuf_init(&sql, 0);
    /* Only the columns that the role may insert, or all when none is kept from it. */
    strbuf_addf(&sql,
                "DO $do$ DECLARE cols text; BEGIN"
                " SELECT string_agg(quote_ident(attname), ', ') INTO cols FROM pg_attribute"
                " WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped"
                " AND attgenerated = '' AND has_column_privilege(attrelid, attnum, 'INSERT');"
                " EXECUTE format('INSERT INTO %s (%%1$s) SELECT %%1$s FROM"
                " jsonb_populate_record(NULL::%s, $1)', cols) USING $j$%s$j$::jsonb ||"
                " jsonb_build_object('%s', ",
                table->name, table->name, table->name, table->row, column);
    if (strcmp(type, "jsonb") == 0 && value != NULL)
        strbuf_addf(&sql, "(%s)::jsonb", value);
    else if (value != NULL && strchr(type, '[') != NULL)
        strbuf_addf(&sql, "to_jsonb((%s)::%s)", value, type);
    else
        strbuf_addf(&sql, "(%s)::text", value == NULL ? "NULL" : value);
    strbuf_addf(&sql, "); END $do$");
    int taken = try(pg, sql.ptr) ? 1 : 0;
    strbuf_release(&sql);
    return taken;
}

/* The same in all rows that are there. */
static int
update(PGconn *pg, const struct table *table, const char *column, const char *type,
       const char *value)
{
    struct strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_addf(&sql, "UPDATE %s SET %s = ((%s)::text)::%s", table->name, column,
                value == NULL ? "NULL" : value, type);
    int taken = try(pg, sql.ptr) ? 1 : 0;
    strbuf_release(&sql);
    return taken;
}

static void
restore(PGconn *super, const struct table *table)
{
    run(super, "DELETE FROM %s", table->name);
    run(super, "INSERT INTO %s (%s) SELECT %s FROM saved", table->name, table->columns,
        table->columns);
    run(super, "DROP TABLE saved");
}

/*
 * First the rows of the sample (or one, where there are none), so that each column keeps the last
 * value that it takes; then a row for each value, which stays as it came.
 */
static int
spoil_rows(PGconn *pg, PGconn *super, struct table *table, const PGresult *columns)
{
    int taken = 0;
    insert(pg, super, table, "", "text", NULL);
    for (int of_all = 1; of_all >= 0; of_all--)
        for (int i = 0; i < PQntuples(columns); i++) {
            const char *column = PQgetvalue(columns, i, 0), *type = PQgetvalue(columns, i, 1);
            const struct extreme *value = extremes_of(type);
            for (const char *sql = NULL;; sql = (value++)->sql) {
                taken += of_all ? update(pg, table, column, type, sql)
                                : insert(pg, super, table, column, type, sql);
                if (value->sql == NULL)
                    break;
            }
        }
    return taken;
}

static void
spoil_table(PGconn *super, const char *role, const char *name)
{
    char sql[1024], what[256];
    struct table table;
    read_table(super, name, &table);
    run(super, "CREATE TABLE saved AS TABLE %s", name);
    PGconn *pg = PQconnectdb(pgtest_conninfo());
    run(pg, "SET ROLE %s", role);
    run(pg, "SET client_min_messages = error");
    snprintf(sql, sizeof(sql),
             "SELECT quote_ident(attname), format_type(atttypid, NULL) FROM pg_attribute"
             " WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped"
             " AND attgenerated = '' AND (has_column_privilege('%s', attrelid, attnum, 'INSERT')"
             " OR has_column_privilege('%s', attrelid, attnum, 'UPDATE')) ORDER BY attnum",
             name, role, role);
    PGresult *columns = query(super, sql);
    int taken = spoil_rows(pg, super, &table, columns);
    snprintf(what, sizeof(what), "%s wrote %d extreme values into %s", role, taken, name);
    printf("%s\n", what);
    PQclear(columns);
    PQfinish(pg);
    expect_success(what);
    restore(super, &table);
    free(table.row);
    free(hindcast("correlate --rebuild", what));
    char *now = hindcast("export", what);
    if (strcmp(now, baseline) != 0)
        fail_msg("%s: export is another one afterwards", what);
    free(now);
}

static void
what_a_role_can_write_stops_nobody(void **state)
{
    (void)state;
    make_sample();
    free(hindcast("correlate --once", "the sample"));
    baseline = hindcast("export", "the sample");
    assert_true(strstr(baseline, "The api was down") != NULL);
    PGconn *super = PQconnectdb(pgtest_conninfo());
    run(super, "SET client_min_messages = error");
    PGresult *tables = query(
        super, "SELECT rolname, c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid ="
               " relnamespace CROSS JOIN pg_roles WHERE rolname ~ '^hindcast_' AND rolname <>"
               " 'hindcast_owner' AND nspname IN ('evidence', 'ingest', 'correlate', 'review',"
               " 'analyst', 'hindcast') AND relkind IN ('r', 'p', 'v') AND NOT relispartition AND"
               " has_any_column_privilege(rolname, c.oid, 'INSERT, UPDATE') ORDER BY 1, 2");
    assert_true(PQntuples(tables) >= 18);
    for (int i = 0; i < PQntuples(tables); i++)
        spoil_table(super, PQgetvalue(tables, i, 0), PQgetvalue(tables, i, 1));
    PQclear(tables);
    PQfinish(super);
    free(baseline);
}

/* Rows of before the constraint: left out, with a word about it. */
static void
old_declarations_that_are_not_sound_are_left_out(void **state)
{
    (void)state;
    char *before = hindcast("export", "before");
    pgtest_run(
        "ALTER TABLE review.declaration DROP CONSTRAINT sound; INSERT INTO"
        " review.declaration (scope, declaration_id, title, from_time, to_time) VALUES"
        " ('default', 'i1', 'x', 'infinity', NULL), ('default', 'i2', 'x', '-infinity', NULL),"
        " ('default', 'i3', 'x', '2026-01-01', 'infinity'),"
        " ('default', 'i4', 'x', '290000-01-01', NULL),"
        " ('default', 'i5', repeat('x', 1048576), '2026-01-01', NULL),"
        " ('default', 'i6', E'a\nb', '2026-01-01', NULL)");
    free(hindcast("correlate --once", "old declarations"));
    assert_non_null(strstr(complaint, "scope default: left out 6 declarations"));
    free(hindcast("correlate --rebuild", "old declarations"));
    char *after = hindcast("export", "after");
    assert_string_equal(before, after);
    free(before);
    free(after);
    pgtest_run("DELETE FROM review.declaration WHERE declaration_id ~ '^i'");
}

static bool
may(PGconn *pg, const char *columns, const char *values)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "INSERT INTO review.declaration (scope, declaration_id, title, from_time%s) VALUES"
             " ('default', 'who%d', 'It was slow', '2026-01-01'%s)",
             columns, ++serial, values);
    return try(pg, sql);
}

static void
who_declares_is_the_login(void **state)
{
    (void)state;
    PGconn *pg = PQconnectdb(pgtest_conninfo());
    run(pg, "SET client_min_messages = error; DROP ROLE IF EXISTS hindcast_test_ana");
    run(pg, "CREATE ROLE hindcast_test_ana IN ROLE hindcast_responder");
    run(pg, "SET SESSION AUTHORIZATION hindcast_test_ana");
    assert_true(may(pg, "", ""));
    assert_true(may(pg, ", declared_by", ", 'somebody else'"));
    assert_false(may(pg, ", author", ", 'somebody else'"));
    assert_false(may(pg, ", declared_at", ", '2020-01-01'"));
    run(pg, "RESET SESSION AUTHORIZATION");
    assert_int_equal(pgtest_int("SELECT count(*) FROM review.declaration WHERE"
                                " declaration_id ~ '^who' AND author = 'hindcast_test_ana'"),
                     2);
    /* Nor where somebody grants too much. */
    run(pg, "GRANT INSERT ON review.declaration TO hindcast_responder");
    run(pg, "SET SESSION AUTHORIZATION hindcast_test_ana");
    assert_false(may(pg, ", author", ", 'somebody else'"));
    run(pg, "RESET SESSION AUTHORIZATION");
    run(pg, "REVOKE INSERT ON review.declaration FROM hindcast_responder");
    run(pg, "DROP ROLE hindcast_test_ana");
    PQfinish(pg);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_role_can_write_stops_nobody),
        cmocka_unit_test(old_declarations_that_are_not_sound_are_left_out),
        cmocka_unit_test(who_declares_is_the_login),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
