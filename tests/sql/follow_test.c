/*
 * A copy that follows `hindcast export --since` holds what a full export prints: over random
 * histories of records, late ones, other versions, declarations, configurations and rebuilds in
 * several scopes; with correlators that publish side by side and end in another order than they
 * began, or are killed anywhere. A database that went back is told from one that went on.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/applied.h"
#include "app/correlate_all.h"
#include "hindcast/changes.h"
#include "hindcast/delivery.h"
#include "tests/lib/follower.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/say.h"

#define FIRST_NS (INT64_C(1772359200) * NS_PER_S) /* 2026-03-01T10:00Z */
#define SEEDS 4
#define STEPS 12
#define UIDS 60 /* few, so that other versions of a record are common */

static const char *program;
static struct err err;
static uint64_t state_of_chance;
static int64_t next_offset;
static struct correlation_config usual, strict, silent;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

static uint32_t
chance(uint32_t below)
{
    state_of_chance = state_of_chance * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (uint32_t)(state_of_chance >> 33) % below;
}

/* -------------------------------------------------------------------- programs */

static void
follow(struct follower *follower)
{
    char arguments[2048];
    struct strbuf stream;
    strbuf_init(&stream, 0);
    snprintf(arguments, sizeof(arguments), "export --since '%s'", follower->cursor);
    assert_int_equal(say(arguments, &stream), 0);
    follower_apply(follower, strbuf_view(&stream));
    strbuf_release(&stream);
}

static void
assert_holds_all(struct follower *follower, const char *where)
{
    struct strbuf full, held;
    strbuf_init(&full, 0);
    strbuf_init(&held, 0);
    assert_int_equal(say("export", &full), 0);
    follower_print(follower, &held);
    if (!sv_eq(strbuf_view(&full), strbuf_view(&held)))
        fail_msg("%s: held %zu bytes, exported %zu:\n" SV_FMT "\n---\n" SV_FMT, where, held.len,
                 full.len, SV_ARG(strbuf_view(&held)), SV_ARG(strbuf_view(&full)));
    strbuf_release(&full);
    strbuf_release(&held);
}

static pid_t
start(const char *failpoint, const char *what)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
        if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
            _exit(126);
        execl(program, program, "correlate", what, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* -------------------------------------------------------------------- histories */

static void
add_event(struct batch *batch, const struct stream *stream, const char *scope, uint32_t number)
{
    static const char *const services[] = {"cart", "pay", "ship", "search"};
    static const char *const texts[] = {"answers with errors", "I look at it", "rolled back",
                                        "answers again"};
    uint32_t place = chance(4);
    bool alert = place == 0 || place == 3;
    const char *service = services[chance(4)];
    char value[64];
    int64_t time = FIRST_NS + chance(720) * NS_PER_MINUTE, offset = next_offset++;
    snprintf(value, sizeof(value), "record %lld", (long long)offset);
    struct record record = {
        .topic = SV("follow"), .offset = offset, .kafka_time_ns = time, .value = sv_from(value)};
    struct event event = {.scope = sv_from(scope),
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
                          .title = sv_from(texts[place]),
                          .event_time_ns = time,
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE,
                          .version = offset,
                          .identified = true};
    event.uid[0] = (uint8_t)number;
    event.uid[1] = 1;
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, NULL);
}

/* Some are new, some other versions of what was there before. */
static void
deliver(const char *scope, uint32_t count)
{
    bool fenced;
    struct store *store = pgtest_open("hindcast_ingest");
    struct batch *batch = batch_new(NULL);
    struct stream stream;
    need(store_claim(store, "c", "follow", 0, "me", &stream, &err));
    next_offset = stream.next_offset < 0 ? 0 : stream.next_offset;
    for (uint32_t i = 0; i < count; i++)
        add_event(batch, &stream, scope, chance(UIDS));
    need(store_commit(store, batch, &stream, 1, &fenced, &err));
    need(store_release(store, &stream, 1, &err));
    batch_free(batch);
    store_close(store);
}

static void
correlate(enum correlate_mode mode)
{
    struct correlate_summary summary;
    struct store *store = pgtest_open("hindcast_correlate");
    need(correlate_all(store, &usual, mode, NULL, &summary, &err));
    store_close(store);
}

static void
configure(const struct correlation_config *config)
{
    bool news;
    struct store *store = pgtest_open("hindcast_correlate");
    need(applied_write(store, config, &news, &err));
    store_close(store);
}

static void
declare(const char *scope)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "INSERT INTO review.declaration (scope, declaration_id, title, from_time, to_time) "
             "SELECT '%s', md5('%u') || md5('%s'), 'declared', t, t + interval '20 minutes' FROM "
             "(SELECT '2026-03-01T10:00Z'::timestamptz + %u * interval '1 minute' AS t) x "
             "ON CONFLICT DO NOTHING",
             scope, chance(1000), scope, chance(720));
    pgtest_run(sql);
}

static void
empty(const char *scope)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
             "DELETE FROM ingest.event WHERE scope = '%s'; "
             "DELETE FROM review.declaration WHERE scope = '%s'",
             scope, scope);
    pgtest_run(sql);
    correlate(CORRELATE_ANEW);
}

static void
step(void)
{
    static const char *const scopes[] = {"shop", "a,b=c%", "\xc3\xa9toile"};
    const char *scope = scopes[chance(3)];
    uint32_t what = chance(16);
    if (what == 0)
        configure(chance(2) == 0 ? &usual : &strict);
    else if (what == 1)
        correlate(CORRELATE_ANEW);
    else if (what == 2)
        empty(scope);
    else if (what < 5)
        declare(scope);
    else
        deliver(scope, 1 + chance(8));
    correlate(CORRELATE_BEHIND);
}

/* -------------------------------------------------------------------- tests */

static void
nothing_more_comes(struct follower *follower)
{
    char *before = strdup(follower->cursor);
    follow(follower);
    assert_int_equal(follower->applied, 0);
    assert_string_equal(before, follower->cursor);
    free(before);
}

static void
followers_hold_what_is_exported(void **state)
{
    struct follower steady, late;
    char where[64];
    (void)state;
    follower_init(&steady);
    follower_init(&late);
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        state_of_chance = seed * 7919;
        for (unsigned i = 0; i < STEPS; i++) {
            snprintf(where, sizeof(where), "seed %u, step %u", seed, i);
            step();
            follow(&steady);
            assert_holds_all(&steady, where);
            if (chance(5) != 0)
                continue;
            follow(&late);
            assert_holds_all(&late, where);
        }
        nothing_more_comes(&steady);
    }
    assert_true(pgtest_int("SELECT count(*) FROM correlate.removed WHERE kind = 'incident'") > 0);
    assert_true(pgtest_int("SELECT count(*) FROM correlate.incident") > 5);
    follower_release(&steady);
    follower_release(&late);
}

/* What a late record makes one is sent as one, and those that it was are removed. */
static void
a_merge_is_told_with_the_keys_that_went(void **state)
{
    struct follower follower;
    (void)state;
    follower_init(&follower);
    state_of_chance = 3;
    for (int i = 0; i < 6; i++)
        deliver("merge", 2);
    correlate(CORRELATE_BEHIND);
    follow(&follower);
    int64_t before = pgtest_int("SELECT count(*) FROM correlate.incident WHERE scope = 'merge'");
    for (int i = 0; i < 12; i++)
        deliver("merge", 20);
    correlate(CORRELATE_BEHIND);
    assert_int_not_equal(
        pgtest_int("SELECT count(*) FROM correlate.incident WHERE scope = 'merge'"), before);
    assert_true(pgtest_int("SELECT count(*) FROM correlate.removed WHERE scope = 'merge'") > 0);
    follow(&follower);
    assert_holds_all(&follower, "merge");
    follower_release(&follower);
}

/*
 * The first correlator has counted its publication of a scope and stands before its commit, while
 * a second one publishes another scope and ends: its number is seen, the other's comes later.
 */
static void
publications_that_end_in_another_order_are_not_lost(void **state)
{
    struct follower follower;
    int status;
    (void)state;
    follower_init(&follower);
    state_of_chance = 17;
    configure(&silent); /* display numbers are given one transaction after the other */
    correlate(CORRELATE_BEHIND);
    follow(&follower);
    deliver("first", 8);
    pid_t slow = start("correlate_before_commit:1:stop", "--once");
    assert_int_equal(waitpid(slow, &status, WUNTRACED), slow);
    assert_true(WIFSTOPPED(status));
    deliver("second", 8);
    /* It would wait for the lock of the first scope: it looks at the second alone. */
    pgtest_run("CREATE TABLE public.aside AS SELECT * FROM ingest.event WHERE scope = 'first'; "
               "DELETE FROM ingest.event WHERE scope = 'first'");
    correlate(CORRELATE_BEHIND);
    pgtest_run("INSERT INTO ingest.event SELECT * FROM public.aside; DROP TABLE public.aside");
    follow(&follower);
    assert_holds_all(&follower, "while one is under way");
    assert_null(strstr(follower.cursor, "first="));
    assert_non_null(strstr(follower.cursor, "second="));
    kill(slow, SIGCONT);
    assert_int_equal(waitpid(slow, &status, 0), slow);
    follow(&follower);
    assert_non_null(strstr(follower.cursor, "first="));
    assert_true(follower.applied > 0);
    assert_holds_all(&follower, "after both");
    nothing_more_comes(&follower);
    configure(&usual);
    follower_release(&follower);
}

/* What comes next to the scope is computed by what is new, or whole. */
static void
keep_groups(bool kept)
{
    for (int i = 0; i < 2 && kept; i++) { /* the first one may be of a part */
        deliver("killed", 1);
        correlate(CORRELATE_BEHIND);
    }
    if (!kept)
        pgtest_run("UPDATE correlate.group_scope SET config_digest = NULL");
}

static void
a_killed_correlator_publishes_all_or_nothing(void **state)
{
    static const char *const failpoints[] = {
#define FAILPOINT(name) #name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
    };
    struct follower follower;
    (void)state;
    follower_init(&follower);
    state_of_chance = 23;
    for (size_t i = 0; i < sizeof(failpoints) / sizeof(failpoints[0]); i++) {
        int status;
        if (strncmp(failpoints[i], "correlate", 9) != 0)
            continue;
        keep_groups(strncmp(failpoints[i], "correlate_part_", 15) == 0);
        deliver("killed", 6);
        bool anew = strcmp(failpoints[i], "correlate_after_drop") == 0;
        pid_t child = start(failpoints[i], anew ? "--rebuild" : "--once");
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        follow(&follower);
        assert_holds_all(&follower, failpoints[i]);
        correlate(CORRELATE_BEHIND);
        follow(&follower);
        assert_holds_all(&follower, failpoints[i]);
    }
    follower_release(&follower);
}

/* Writers of two scopes and a follower side by side: what it holds in the end is all. */
static void
a_follower_beside_correlators_misses_nothing(void **state)
{
    struct follower follower;
    int status, rounds = 0;
    (void)state;
    follower_init(&follower);
    pid_t writers[2];
    for (int w = 0; w < 2; w++) {
        state_of_chance = 31 + (uint64_t)w;
        writers[w] = fork();
        assert_true(writers[w] >= 0);
        if (writers[w] != 0)
            continue;
        for (int i = 0; i < 8; i++) {
            char line[1024];
            snprintf(line, sizeof(line),
                     "psql -qX -v ON_ERROR_STOP=1 -c \"UPDATE ingest.event SET event_time = "
                     "event_time + interval '%d minutes' WHERE scope = '%s'\" && '%s' correlate "
                     "--rebuild >/dev/null 2>&1",
                     i % 2 == 0 ? 1 : -1, w == 0 ? "shop" : "merge", program);
            (void)system(line);
        }
        _exit(0);
    }
    for (int w = 0; w < 2; w++)
        while (waitpid(writers[w], &status, WNOHANG) == 0) {
            follow(&follower);
            rounds++;
        }
    assert_true(rounds > 2);
    correlate(CORRELATE_ANEW);
    follow(&follower);
    assert_holds_all(&follower, "beside correlators");
    follower_release(&follower);
}

static void
expect_refused(const char *cursor, int code)
{
    char arguments[2048];
    struct strbuf out;
    strbuf_init(&out, 0);
    snprintf(arguments, sizeof(arguments), "export --since '%s'", cursor);
    assert_int_equal(say(arguments, &out), code);
    assert_int_equal(out.len, 0);
    strbuf_release(&out);
}

#define LINEAGES "SELECT count(*) FROM correlate.lineage WHERE scope = 'shop'"

/* As after a failover to a standby that was behind: the numbers after it were given before. */
static void
a_database_that_went_back_is_told(void **state)
{
    struct follower follower;
    (void)state;
    follower_init(&follower);
    follow(&follower);
    int64_t lineages = pgtest_int(LINEAGES);
    expect_refused("shop=1.0123456789ab", 1);
    expect_refused("nowhere=1.0123456789ab", 1);
    pgtest_run("CREATE TABLE public.kept AS SELECT * FROM correlate.publication");
    deliver("shop", 4);
    correlate(CORRELATE_BEHIND);
    follow(&follower);
    pgtest_run("UPDATE correlate.publication p SET last = k.last FROM public.kept k "
               "WHERE k.scope = p.scope; DROP TABLE public.kept; "
               "UPDATE correlate.lineage SET server_start = server_start - interval '1 day'");
    expect_refused(follower.cursor, 1); /* a number that was never given */
    for (int i = 0; i < 3; i++) {
        deliver("shop", 4);
        correlate(CORRELATE_BEHIND);
        expect_refused(follower.cursor, 1); /* given again, for something else */
    }
    assert_int_equal(pgtest_int(LINEAGES), lineages + 1);
    follower_release(&follower);
    follower_init(&follower);
    follow(&follower);
    assert_holds_all(&follower, "begun anew");
    follower_release(&follower);
}

/* A cursor from before a restart of the server is good: nothing went back. */
static void
a_restart_makes_no_cursor_old(void **state)
{
    struct follower follower;
    (void)state;
    follower_init(&follower);
    follow(&follower);
    pgtest_run("UPDATE correlate.lineage SET server_start = server_start - interval '1 day'");
    deliver("shop", 4);
    correlate(CORRELATE_BEHIND);
    follow(&follower);
    assert_holds_all(&follower, "after a restart");
    follower_release(&follower);
}

/* Of the keys that were removed the newest are kept; who has not seen the others begins anew. */
static void
what_is_forgotten_makes_a_cursor_old(void **state)
{
    struct follower early, recent;
    char sql[512];
    (void)state;
    follower_init(&early);
    follower_init(&recent);
    follow(&early);
    deliver("shop", 4);
    correlate(CORRELATE_BEHIND);
    follow(&recent);
    snprintf(sql, sizeof(sql),
             "INSERT INTO correlate.removed SELECT 'shop', 'node', 'old ' || n, p.last "
             "FROM correlate.publication p, generate_series(1, %lld) n WHERE p.scope = 'shop'",
             (long long)CHANGES_REMOVED_KEPT + 1);
    pgtest_run(sql);
    deliver("shop", 4);
    correlate(CORRELATE_BEHIND);
    assert_true(pgtest_int("SELECT count(*) FROM correlate.removed WHERE scope = 'shop'") <=
                CHANGES_REMOVED_KEPT);
    expect_refused(early.cursor, 1);
    follow(&recent);
    assert_holds_all(&recent, "the recent one");
    follower_release(&early);
    follower_release(&recent);
}

static void
what_is_not_a_cursor_is_refused(void **state)
{
    static const char texts[] =
        "1\0shop\0shop=1\0shop=1.xyz\0shop=0.0123456789ab\0shop=-1.0123456789ab\0"
        "=1.0123456789ab\0shop=99999999999999999999.0123456789ab\0"
        "shop=1.0123456789ab,shop=1.0123456789ab\0shop=1.0123456789ab,a=1.0123456789ab\0"
        "s%0=1.0123456789ab\0s%00=1.0123456789ab\0s%FF=1.0123456789ab\0@/dev/null\0{\0"
        "{\"line\":\"cursor\"}\0{\"cursor\":1,\"line\":\"cursor\"}\0"
        "{\"cursor\":\"shop\",\"line\":\"cursor\"}\0shop=1.0123456789ab,\0";
    (void)state;
    expect_refused("", 2);
    for (const char *text = texts; text[0] != '\0'; text += strlen(text) + 1)
        expect_refused(text, 2);
    expect_refused("@/nowhere/at/all", 1);
}

/* An export that was killed leaves a file without its last line, or without any. */
static void
what_was_cut_short_is_told(void **state)
{
    static const char *const cuts[] = {"sed '$d'", "head -c 99", "head -c 0"};
    char path[] = "/tmp/hindcast-follow.XXXXXX", arguments[512];
    struct strbuf out;
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    strbuf_init(&out, 0);
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
        snprintf(arguments, sizeof(arguments),
                 "export --since 0 | %s >%s; '%s' export --since @%s 2>&1 | grep -c 'cut short'",
                 cuts[i], path, program, path);
        assert_int_equal(say(arguments, &out), 0);
        assert_string_equal(strbuf_view(&out).ptr, "1\n");
    }
    close(file);
    unlink(path);
    strbuf_release(&out);
}

/* The cursor is the last line of what was printed before: a file of it is enough. */
static void
a_file_of_the_export_before_is_a_cursor(void **state)
{
    char path[] = "/tmp/hindcast-follow.XXXXXX", arguments[128];
    struct strbuf out;
    struct follower follower;
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    strbuf_init(&out, 0);
    follower_init(&follower);
    snprintf(arguments, sizeof(arguments), "export --since 0 >%s", path);
    assert_int_equal(say(arguments, &out), 0);
    snprintf(arguments, sizeof(arguments), "export --since @%s", path);
    assert_int_equal(say(arguments, &out), 0);
    follower_apply(&follower, strbuf_view(&out));
    assert_int_equal(follower.applied, 0);
    snprintf(arguments, sizeof(arguments), "export --since \"$(tail -n 1 %s)\"", path);
    assert_int_equal(say(arguments, &out), 0);
    follower_apply(&follower, strbuf_view(&out));
    assert_int_equal(follower.applied, 0);
    snprintf(arguments, sizeof(arguments), "export --since @%s", path);
    FILE *alone = fopen(path, "we");
    assert_non_null(alone);
    fprintf(alone, "%s\n\n", follower.cursor);
    fclose(alone);
    assert_int_equal(say(arguments, &out), 0);
    close(file);
    unlink(path);
    strbuf_release(&out);
    follower_release(&follower);
}

static int
set_up(void **state)
{
    program = getenv("HINDCAST");
    correlation_config_default(&usual);
    correlation_config_default(&strict);
    correlation_config_default(&silent);
    strict.least_records = 3;
    silent.least_records = 1000;
    return program == NULL ? -1 : pgtest_setup(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(followers_hold_what_is_exported),
        cmocka_unit_test(a_merge_is_told_with_the_keys_that_went),
        cmocka_unit_test(publications_that_end_in_another_order_are_not_lost),
        cmocka_unit_test(a_killed_correlator_publishes_all_or_nothing),
        cmocka_unit_test(a_follower_beside_correlators_misses_nothing),
        cmocka_unit_test(a_restart_makes_no_cursor_old),
        cmocka_unit_test(what_is_forgotten_makes_a_cursor_old),
        cmocka_unit_test(a_database_that_went_back_is_told),
        cmocka_unit_test(what_is_not_a_cursor_is_refused),
        cmocka_unit_test(what_was_cut_short_is_told),
        cmocka_unit_test(a_file_of_the_export_before_is_a_cursor),
    };
    return cmocka_run_group_tests(tests, set_up, pgtest_teardown);
}
