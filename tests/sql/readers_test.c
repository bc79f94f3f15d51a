/*
 * Readers beside a correlator, as processes: each command that reads sees one committed state of
 * everything, waits for nobody, and tells when it could not read to the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hindcast/casebook.h"
#include "hindcast/delivery.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"

#define INCIDENTS 60
#define RECORDS (4 * INCIDENTS)
#define FIRST_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00Z */
#define ROUNDS 6

static char folder[] = "/tmp/hindcast-readers.XXXXXX";
static const char *program;
static struct strbuf early, late; /* exports of the two states */

/* ---- records: an alert, two messages and its end, every two hours ---- */

static void
add_record(struct batch *batch, const struct stream *stream, int64_t at)
{
    static const char *const texts[] = {"answers with errors", "I look at it", "restarted it",
                                        "answers with errors"};
    int64_t place = at % 4, time = FIRST_NS + at / 4 * 2 * NS_PER_HOUR + place * NS_PER_MINUTE;
    bool alert = place == 0 || place == 3;
    char service[32], text[96], value[128];
    snprintf(service, sizeof(service), "service-%lld", (long long)(at / 4));
    snprintf(text, sizeof(text), "%s %s", service, texts[place]);
    snprintf(value, sizeof(value), "record %lld: %s", (long long)at, text);
    struct record record = {
        .topic = SV("readers"), .offset = at, .kafka_time_ns = time, .value = sv_from(value)};
    struct event event = {.scope = SV("default"),
                          .kind = alert ? EVENT_ALERT : EVENT_CHAT,
                          .record_kind = alert ? RECORD_ALERT : RECORD_CHAT,
                          .phase = place == 0 ? PHASE_TRIGGER
                                   : alert    ? PHASE_RESOLVE
                                              : PHASE_NONE,
                          .format = SV("test"),
                          .source = alert ? SV("monitor") : SV("chat:ops"),
                          .service = sv_from(service),
                          .fingerprint = alert ? sv_from(service) : SV_NONE,
                          .channel = alert ? SV_NONE : SV("ops"),
                          .severity = alert ? SEVERITY_FATAL : SEVERITY_UNSET,
                          .title = sv_from(text),
                          .event_time_ns = time,
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .identified = true};
    event.uid[0] = (uint8_t)(at >> 8);
    event.uid[1] = (uint8_t)at;
    event.uid[2] = 1;
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, NULL);
}

static void
deliver(void)
{
    struct err err = {0};
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    struct stream stream;
    bool fenced;
    assert_int_equal(store_claim(store, "c", "readers", 0, "me", &stream, &err), 0);
    for (int64_t i = 0; i < RECORDS; i++)
        add_record(batch, &stream, i);
    if (store_commit(store, batch, &stream, 1, &fenced, &err) != 0)
        fail_msg("%s", err.message);
    batch_free(batch);
    store_close(store);
}

/* ---- processes ---- */

static pid_t
start(const char *out, const char *failpoint, const char *const *arguments)
{
    const char *argv[8] = {program};
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, out);
    for (size_t i = 0; arguments[i] != NULL; i++)
        argv[i + 1] = arguments[i];
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (failpoint != NULL)
            setenv("HINDCAST_FAILPOINT", failpoint, 1);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        execv(program, (char *const *)argv);
        _exit(127);
    }
    return child;
}

static int
finish(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define START(out, failpoint, ...) start(out, failpoint, (const char *const[]){__VA_ARGS__, NULL})
/* The exit code. */
#define RUN(out, ...) finish(START(out, NULL, __VA_ARGS__))

static void
read_file(const char *name, struct strbuf *out)
{
    char path[128], piece[8192];
    size_t got;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    strbuf_clear(out);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(out, piece, got);
    fclose(file);
}

/* Fails with what the command said. */
static void
need(int code, const char *out, const char *what)
{
    struct strbuf said;
    if (code == 0)
        return;
    strbuf_init(&said, 0);
    read_file(out, &said);
    fail_msg("%s ended with %d: %.*s", what, code, said.len < 2000 ? (int)said.len : 2000,
             said.ptr == NULL ? "" : said.ptr);
}

#define NEED(out, ...) need(RUN(out, __VA_ARGS__), out, #__VA_ARGS__)

static bool
same(const struct strbuf *a, const struct strbuf *b)
{
    return sv_eq(strbuf_view(a), strbuf_view(b));
}

static void
need_export(const struct strbuf *one, const struct strbuf *other)
{
    struct strbuf now;
    strbuf_init(&now, 0);
    NEED("export", "export");
    read_file("export", &now);
    if (!same(&now, one) && !same(&now, other))
        fail_msg("an export of %zu bytes is neither of %zu nor of %zu", now.len, one->len,
                 other->len);
    strbuf_release(&now);
}

/*
 * Everything happened a minute later: all keys are others, and every incident is replaced. Without
 * where it has read to the scope has news.
 */
static void
move_times(bool later)
{
    char sql[160];
    snprintf(sql, sizeof(sql),
             "UPDATE ingest.event SET event_time = event_time %c interval '1 minute'; "
             "DELETE FROM correlate.cursor WHERE stream_id >= 0",
             later ? '+' : '-');
    pgtest_run(sql);
}

static int
set_up(void **state)
{
    if (pgtest_setup(state) != 0 || mkdtemp(folder) == NULL)
        return -1;
    program = getenv("HINDCAST");
    assert_non_null(program);
    strbuf_init(&early, 0);
    strbuf_init(&late, 0);
    deliver();
    move_times(true);
    NEED("correlate", "correlate", "--once");
    NEED("export", "export");
    read_file("export", &late);
    move_times(false);
    NEED("correlate", "correlate", "--once");
    NEED("export", "export");
    read_file("export", &early);
    assert_true(early.len > 1000 && late.len > 1000 && !same(&early, &late));
    return 0;
}

static int
tear_down(void **state)
{
    static const char *const names[] = {"correlate", "export", "verify", "read"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
    strbuf_release(&early);
    strbuf_release(&late);
    return pgtest_teardown(state);
}

/* ---- tests ---- */

/* Goes to and fro between the two states, half of the way by rebuilding. */
static int
correlate_on(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        move_times(i % 2 == 0);
        if (RUN("correlate", "correlate", "--once") != 0 ||
            RUN("correlate", "correlate", "--rebuild") != 0)
            return 1;
    }
    return 0;
}

static void
readers_see_one_state(void **state)
{
    int status, reads = 0;
    (void)state;
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0)
        _exit(correlate_on());
    while (waitpid(writer, &status, WNOHANG) == 0) {
        NEED("verify", "verify", "--all");
        need_export(&early, &late);
        reads++;
    }
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(reads > 0);
    need_export(&early, &early);
}

/* Fails only once the connection is closed: what comes after must not wait for its locks. */
static void
add_canonical(struct store *store, struct strbuf *out, bool *ok)
{
    struct err err = {0};
    struct arena arena;
    struct correlation read;
    arena_init(&arena, 0);
    *ok = *ok && casebook_correlation(store, &arena, SV("default"), &read, &err) == 0;
    if (*ok)
        casebook_canonical(&read, out);
    arena_release(&arena);
}

/* What the functions of the store see, without a race: changed between two of their questions. */
static void
nothing_changes_while_reading(void **state)
{
    struct err err = {0};
    struct strbuf before, within, after;
    bool ok = true, written;
    (void)state;
    struct store *store = pgtest_open("hindcast_correlate");
    strbuf_init(&before, 0);
    strbuf_init(&within, 0);
    strbuf_init(&after, 0);
    ok = store_read_begin(store, READ_DERIVED, &err) == 0;
    add_canonical(store, &before, &ok);
    pgtest_run("DELETE FROM correlate.entry; UPDATE correlate.incident SET title = 'another'");
    add_canonical(store, &within, &ok);
    written = store_do(store, QUERY_casebook_drop, (const char *[]){"default"}, 1, NULL, &err) == 0;
    store_read_end(store);
    add_canonical(store, &after, &ok);
    store_close(store);
    assert_true(ok);
    assert_true(same(&before, &within));
    assert_false(same(&before, &after));
    assert_false(written);
    strbuf_release(&before);
    strbuf_release(&within);
    strbuf_release(&after);
    NEED("correlate", "correlate", "--rebuild");
    need_export(&early, &early);
}

/* From here on each row that is read outside of such a transaction is an error. */
static const char guards[] =
    "CREATE FUNCTION public.in_snapshot() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN "
    "IF current_setting('transaction_isolation') <> 'repeatable read' "
    "OR current_setting('transaction_read_only') <> 'on' THEN "
    "RAISE 'read outside of a snapshot'; END IF; RETURN true; END$$;"
    "DO $$DECLARE t record; BEGIN FOR t IN SELECT c.oid::regclass AS name FROM pg_class c "
    "WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace IN "
    "('evidence'::regnamespace, 'ingest'::regnamespace, 'correlate'::regnamespace, "
    "'review'::regnamespace) LOOP "
    "EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY; "
    "CREATE POLICY guard_all ON %1$s TO hindcast_correlate, hindcast_owner USING (true); "
    "CREATE POLICY guard ON %1$s AS RESTRICTIVE FOR SELECT USING (public.in_snapshot())', t.name); "
    "END LOOP; END$$";
static void
every_command_reads_in_one_snapshot(void **state)
{
    struct err err = {0};
    struct arena arena;
    struct stored_incident *heads;
    size_t count;
    (void)state;
    pgtest_run(guards);
    struct store *store = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    assert_int_equal(casebook_incidents(store, &arena, true, &heads, &count, &err), -1);
    arena_release(&arena);
    store_close(store);
    NEED("read", "incidents", "--all");
    NEED("read", "timeline", "latest");
    NEED("read", "report", "latest");
    NEED("read", "report", "latest", "--clocks");
    NEED("read", "verify", "latest");
    NEED("verify", "verify", "--all");
    NEED("read", "duplicates");
    NEED("read", "search", "answers");
    NEED("read", "similar", "latest");
    NEED("read", "query", "timeline");
    NEED("read", "graph", "show");
    NEED("read", "graph", "derive");
    NEED("read", "clocks");
    NEED("read", "suppressed");
    NEED("read", "timeline", "latest", "--aligned");
    NEED("read", "decide", "list", "latest");
    NEED("read", "decide", "list");
    NEED("read", "curate", "latest", "--print");
    NEED("read", "export", "--since", "0");
    NEED("read", "status", "--offline");
    need_export(&early, &early);
}

/* A rebuild that stands still in the middle of its work is in nobody's way. */
static void
readers_do_not_wait_for_a_rebuild(void **state)
{
    int status;
    (void)state;
    pid_t child = START("correlate", "correlate_after_drop:1:stop", "correlate", "--rebuild");
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    need_export(&early, &early);
    NEED("verify", "verify", "--all");
    kill(child, SIGKILL);
    assert_int_equal(finish(child), 128 + SIGKILL);
    need_export(&early, &early);
}

/* The connection is lost after the first incidents were read. */
static void
a_lost_connection_is_told(void **state)
{
    static const char *const commands[][2] = {
        {"export", NULL}, {"timeline", "latest"}, {"report", "latest"}, {"verify", "--all"}};
    (void)state;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        struct err err = {0};
        int status;
        struct store *blocking = pgtest_open(NULL);
        assert_int_equal(store_script(blocking, "BEGIN; LOCK TABLE correlate.milestone", "", &err),
                         0);
        pid_t child = START("read", NULL, commands[i][0], commands[i][1]);
        while (pgtest_int("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                          "WHERE datname = current_database() AND wait_event_type = 'Lock' "
                          "AND application_name = 'hindcast'") == 0)
            assert_int_equal(waitpid(child, &status, WNOHANG), 0);
        store_close(blocking);
        assert_int_equal(finish(child), 4);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_see_one_state),
        cmocka_unit_test(nothing_changes_while_reading),
        cmocka_unit_test(readers_do_not_wait_for_a_rebuild),
        cmocka_unit_test(a_lost_connection_is_told),
        cmocka_unit_test(every_command_reads_in_one_snapshot), /* last: it leaves guards behind */
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
