/*
 * kill -9 at every failpoint of claim and commit: afterwards the next owner finds all of a batch or
 * nothing of it, and the ledger adds up. The same at every failpoint of the correlator, and with a
 * statement that fails: readers find the old casebook or the new one.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "hindcast/delivery.h"
#include "hindcast/part.h"
#include "store/pg/conn.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

#define RECORDS 20

static struct err err;

/* Claims partition 0 of the topic and commits what is missing of its records. */
static int
deliver(const char *topic)
{
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    struct stream stream;
    bool fenced;
    if (store_claim(store, "c", topic, 0, "me", &stream, &err) != 0)
        return -1;
    for (int64_t i = stream.next_offset < 0 ? 0 : stream.next_offset; i < RECORDS; i++) {
        struct record record = {.topic = sv_from(topic),
                                .offset = i,
                                .kafka_time_ns = i * NS_PER_S,
                                .value = SV("value")};
        struct event event = {.scope = SV("default"),
                              .kind = i % 2 == 0 ? EVENT_LOG : EVENT_CHAT,
                              .record_kind = i % 2 == 0 ? RECORD_LOG : RECORD_CHAT,
                              .format = SV("test"),
                              .event_time_ns = i * NS_PER_S,
                              .precision = PRECISION_SECOND,
                              .time_source = TIME_SOURCE_NATIVE};
        struct decode_result result = {.status = DECODE_OK, .reason = QUARANTINE_SYNTAX};
        bool bad = i % 10 == 9;
        batch_add(batch, &stream, &record, bad ? OUTCOME_QUARANTINED : OUTCOME_STORED, &event,
                  bad ? 0 : 1, &result);
    }
    int status = store_commit(store, batch, &stream, 1, &fenced, &err);
    if (status == 0)
        status = store_release(store, &stream, 1, &err);
    batch_free(batch);
    store_close(store);
    return status;
}

static void
die_at(const char *failpoint, int (*body)(const char *topic))
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
        _exit(body(failpoint) == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("%s did not kill (status %d)", failpoint, status);
}

static void
a_killed_worker_leaves_all_or_nothing(void **state)
{
    static const char *const failpoints[] = {
#define FAILPOINT(name) #name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
    };
    (void)state;
    for (size_t i = 0; i < sizeof(failpoints) / sizeof(failpoints[0]); i++) {
        char sql[512];
        if (strncmp(failpoints[i], "correlate", 9) == 0 ||
            strncmp(failpoints[i], "retention", 9) == 0 ||
            strncmp(failpoints[i], "draft", 5) == 0 || strncmp(failpoints[i], "renew", 5) == 0 ||
            strncmp(failpoints[i], "redecode", 8) == 0 ||
            strncmp(failpoints[i], "rebuild", 7) == 0 || strncmp(failpoints[i], "decide", 6) == 0)
            continue;
        die_at(failpoints[i], deliver);
        if (deliver(failpoints[i]) != 0)
            fail_msg("after %s: %s", failpoints[i], err.message);
        snprintf(
            sql, sizeof(sql),
            "SELECT (SELECT count(*) FROM ingest.log WHERE stream_id = s.stream_id)"
            " + (SELECT count(*) FROM ingest.event WHERE stream_id = s.stream_id)"
            " + (SELECT count(*) FROM evidence.quarantine WHERE stream_id = s.stream_id)"
            " + 100 * (SELECT sum(records) FROM evidence.segment WHERE stream_id = s.stream_id)"
            " FROM evidence.stream s WHERE topic = '%s' AND next_offset = %d AND records = %d",
            failpoints[i], RECORDS, RECORDS);
        assert_int_equal(pgtest_int(sql), RECORDS * 101);
    }
    assert_int_equal(pgtest_counts_differ(), 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM analyst.ledger WHERE NOT adds_up"), 0);
}

static int
renew(const char *topic)
{
    struct store *store = pgtest_open("hindcast_ingest");
    struct stream stream;
    if (store_claim(store, "c", topic, 0, "me", &stream, &err) != 0)
        return -1;
    int status =
        stream.incarnation > 1 ? 0 : store_new_incarnation(store, &stream, "c", "me", &err);
    store_close(store);
    return status;
}

/* The gap is noted with the new incarnation, or neither is there. */
static void
a_killed_renewal_happened_once(void **state)
{
    static const char *const failpoints[] = {"renew_before_commit", "renew_after_commit"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char sql[256];
        assert_int_equal(deliver(failpoints[i]), 0);
        die_at(failpoints[i], renew);
        snprintf(sql, sizeof(sql),
                 "SELECT 10 * count(*) + (SELECT count(*) FROM evidence.source_gap JOIN "
                 "evidence.stream USING (stream_id) WHERE topic = '%s' AND kind = 'recreated') "
                 "FROM evidence.stream WHERE topic = '%s'",
                 failpoints[i], failpoints[i]);
        assert_int_equal(pgtest_int(sql), i == 0 ? 10 : 21);
        assert_int_equal(renew(failpoints[i]), 0);
        assert_int_equal(pgtest_int(sql), 21);
    }
}

/* Stopped between ending the old owner and taking the stream: by now somebody else may have it. */
static void
an_overtaken_claim_takes_nothing(void **state)
{
    (void)state;
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HINDCAST_FAILPOINT", "claim_after_end_owner:1:stop", 1);
        _exit(deliver("overtaken") == 0 ? 0 : err.code == ERR_DB_CONFLICT ? 10 : 1);
    }
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    assert_true(WIFSTOPPED(status));
    struct store *store = pgtest_open("hindcast_ingest");
    struct stream stream;
    assert_int_equal(store_claim(store, "c", "overtaken", 0, "me", &stream, &err), 0);
    kill(child, SIGCONT);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 10);
    assert_int_equal(pgtest_int("SELECT epoch FROM evidence.stream WHERE topic = 'overtaken'"),
                     stream.epoch);
    store_close(store);
}

/* ---- the casebook ---- */

static const struct cursor_position cursor[] = {{0, 0}, {1, 5}};

/* The sample without its second incident, and its first with another title: what is there before.
 */
static int
save_before(const char *unused)
{
    struct correlation before = *sample_correlation();
    struct incident first = before.incidents[0];
    struct store *store = pgtest_open("hindcast_correlate");
    (void)unused;
    first.title = SV("As it was before");
    before.incidents = &first;
    before.incident_count = 1;
    before.node_count = 3;
    int status = casebook_save(store, &before, cursor, 1, &err);
    store_close(store);
    return status;
}

static int
save_after(const char *unused)
{
    struct store *store = pgtest_open("hindcast_correlate");
    (void)unused;
    int status = casebook_save(store, sample_correlation(), cursor, 2, &err);
    store_close(store);
    return status;
}

static int
rebuild_after(const char *unused)
{
    struct store *store = pgtest_open("hindcast_correlate");
    (void)unused;
    int status = casebook_replace(store, sample_correlation(), cursor, 2, &err);
    store_close(store);
    return status;
}

static int
part_after(const char *unused)
{
    const struct correlation *sample = sample_correlation();
    struct sv keys[] = {sample->incidents[0].incident_key};
    const struct casebook_part changed = {.correlation = sample, .keys = keys, .key_count = 1};
    struct store *store = pgtest_open("hindcast_correlate");
    struct arena arena;
    struct part *part;
    (void)unused;
    arena_init(&arena, 0);
    int status = part_open(store, &arena, sample->scope, &part, &err);
    if (status == 0)
        status = part_save(part, &changed, cursor, 2, &err);
    if (status == 0)
        status = part_commit(part, &err);
    arena_release(&arena);
    store_close(store);
    return status;
}

/* Every derived row, whatever version of it; numbers of incidents and publications count what was
 * tried. */
static char *
derived(void)
{
    return pgtest_value("SELECT string_agg(t || ':' || x, ' ' ORDER BY t, x COLLATE \"C\") FROM ("
                        "SELECT 'e' AS t, (to_jsonb(e) - 'incident_no')::text AS x "
                        "FROM correlate.entry e UNION ALL "
                        "SELECT 'i', (to_jsonb(i) - 'incident_no' - 'publication')::text "
                        "FROM correlate.incident i UNION ALL "
                        "SELECT 'm', (to_jsonb(m) - 'incident_no')::text "
                        "FROM correlate.milestone m UNION ALL "
                        "SELECT 'n', (to_jsonb(n) - 'incident_no' - 'publication')::text "
                        "FROM correlate.node n UNION ALL "
                        "SELECT 'r', u::text FROM analyst.members u UNION ALL "
                        "SELECT 'd', d::text FROM correlate.delivery d UNION ALL "
                        "SELECT 'c', c::text FROM correlate.cursor c) v");
}

/* Only a rebuild drops; a part is saved within the transaction in which its records were read. */
static bool
meets(int (*body)(const char *), const char *failpoint)
{
    bool rows = strcmp(failpoint, "correlate_after_incidents") == 0 ||
                strcmp(failpoint, "correlate_after_nodes") == 0;
    bool of_parts = strncmp(failpoint, "correlate_part_", 15) == 0;
    if (body == part_after)
        return rows || of_parts;
    return strncmp(failpoint, "correlate", 9) == 0 && !of_parts &&
           (body == rebuild_after || strcmp(failpoint, "correlate_after_drop") != 0);
}

static void
kill_everywhere(int (*body)(const char *), const char *before, const char *after)
{
    static const char *const failpoints[] = {
#define FAILPOINT(name) #name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
    };
    for (size_t i = 0; i < sizeof(failpoints) / sizeof(failpoints[0]); i++) {
        if (!meets(body, failpoints[i]))
            continue;
        assert_int_equal(save_before(NULL), 0);
        die_at(failpoints[i], body);
        bool done = strcmp(failpoints[i], "correlate_after_commit") == 0 ||
                    strcmp(failpoints[i], "correlate_part_after_commit") == 0;
        char *now = derived();
        if (now == NULL || strcmp(now, done ? after : before) != 0)
            fail_msg("after %s the casebook holds %s", failpoints[i], now);
        free(now);
        assert_int_equal(body(NULL), 0);
        now = derived();
        assert_string_equal(now, after);
        free(now);
    }
}

static void
a_killed_correlator_leaves_the_old_casebook_or_the_new(void **state)
{
    (void)state;
    /* Numbers once given stay: first both incidents get theirs. */
    assert_int_equal(save_after(NULL), 0);
    char *after = derived();
    assert_int_equal(save_before(NULL), 0);
    char *before = derived();
    kill_everywhere(save_after, before, after);
    kill_everywhere(rebuild_after, before, after);
    kill_everywhere(part_after, before, after);
    free(before);
    free(after);
}

/* Each table in turn refuses its rows. */
static void
a_correlator_that_fails_leaves_the_old_casebook(void **state)
{
    static const char *const tables[] = {"incident", "entry", "milestone", "node", "cursor"};
    (void)state;
    pgtest_run("CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS "
               "$$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END$$");
    assert_int_equal(save_before(NULL), 0);
    char *before = derived();
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        char sql[256];
        snprintf(sql, sizeof(sql),
                 "CREATE TRIGGER refuse BEFORE INSERT ON correlate.%s "
                 "FOR EACH ROW EXECUTE FUNCTION public.refuse()",
                 tables[i]);
        pgtest_run(sql);
        assert_int_equal(rebuild_after(NULL), -1);
        assert_int_equal(err.code, ERR_DB_FULL);
        char *now = derived();
        assert_string_equal(now, before);
        free(now);
        snprintf(sql, sizeof(sql), "DROP TRIGGER refuse ON correlate.%s", tables[i]);
        pgtest_run(sql);
    }
    assert_int_equal(rebuild_after(NULL), 0);
    free(before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_worker_leaves_all_or_nothing),
        cmocka_unit_test(a_killed_renewal_happened_once),
        cmocka_unit_test(an_overtaken_claim_takes_nothing),
        cmocka_unit_test(a_killed_correlator_leaves_the_old_casebook_or_the_new),
        cmocka_unit_test(a_correlator_that_fails_leaves_the_old_casebook),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
