/*
 * A scope is rebuilt in pieces, against a real PostgreSQL: random worlds come through ingest, with
 * records that come twice and declarations, while pieces are read, the rebuild is killed at each of
 * its failpoints, and others take in what is new meanwhile. What it publishes is what computing the
 * scope whole gives, which writes no row afterwards; until then readers see what was there.
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
/* cmocka wants the first four. */
#include <cmocka.h>

#include "app/correlate_all.h"
#include "app/correlate_rebuild.h"
#include "correlate/grouped.h"
#include "hindcast/delivery.h"
#include "hindcast/rebuild.h"
#include "tests/lib/casetables.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/tellworld.h"

#define WORLDS 4
#define STREAMS 3
#define PIECE 9
#define BATCH 4

static struct tellworld world;
static struct correlation_config config;
static struct store *store, *writer;
static struct stream streams[STREAMS];
static struct err err;
static uint64_t chance;
static char scope[32];

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

static void
assert_none(const char *difference)
{
    if (difference != NULL)
        fail_msg("%s", difference);
}

static size_t
below(size_t limit)
{
    return (size_t)(world_random(&chance) % limit);
}

/* ------------------------------------------------------------------ what comes */

static void
claim_all(void)
{
    static const char *const topics[STREAMS] = {"one", "two", "three"};
    writer = pgtest_open("hindcast_ingest");
    for (size_t i = 0; i < STREAMS; i++)
        need(store_claim(writer, "c", topics[i], 0, "me", &streams[i], &err));
}

static void
put(struct batch *batch, struct stream *stream, int64_t offset, size_t n)
{
    char value[32];
    struct event event = world.rows[n].event;
    event.scope = sv_from(scope);
    event.time_source = event.event_time_ns == TIME_NONE ? TIME_SOURCE_ABSENT : TIME_SOURCE_NATIVE;
    event.uid[UID_BYTES - 1] = (uint8_t)scope[5]; /* they are unique in all scopes */
    if (below(20) == 0)
        event.version++;
    snprintf(value, sizeof(value), "record %zu", n + below(2));
    struct record record = {.topic = sv_from(stream->topic),
                            .offset = offset,
                            .kafka_time_ns = INT64_C(1772359200) * NS_PER_S,
                            .value = sv_from(value)};
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, NULL);
}

/* Rows [from, to) of the world, some of them a second time. */
static void
deliver(size_t from, size_t to)
{
    while (from < to) {
        struct batch *batch = batch_new(&(struct batch_limits){.evidence = true});
        struct stream *stream = &streams[below(STREAMS)];
        int64_t offset = stream->next_offset < 0 ? 0 : stream->next_offset;
        bool fenced = false;
        for (size_t i = 1 + below(12); i > 0 && from < to; i--)
            put(batch, stream, offset++, from++);
        if (from > 0 && below(3) == 0)
            put(batch, stream, offset++, below(from));
        need(store_commit(writer, batch, stream, 1, &fenced, &err));
        assert_false(fenced);
        stream->next_offset = offset;
        stream->seq++;
        batch_free(batch);
    }
}

static void
declare(size_t n)
{
    struct arena arena;
    struct sv id;
    struct store *responder = pgtest_open("hindcast_responder");
    arena_init(&arena, 0);
    need(casebook_declare(responder, &arena, sv_from(scope), &world.declarations[n], &id, &err));
    arena_release(&arena);
    store_close(responder);
}

static void
take_in(enum correlate_mode mode)
{
    struct correlate_summary summary;
    need(correlate_all(store, &config, mode, NULL, &summary, &err));
}

/* ------------------------------------------------------------------ the rebuild */

static int
rebuild(struct store *by, struct rebuilt *ret_rebuilt)
{
    struct arena arena;
    struct applied applied;
    arena_init(&arena, 0);
    need(applied_read(by, &arena, &config, &applied, &err));
    const struct rebuilding rebuilding = {.store = by,
                                          .applied = &applied,
                                          .scope = sv_from(scope),
                                          .anew = true,
                                          .piece = PIECE,
                                          .batch = BATCH};
    int status = correlate_rebuild(&rebuilding, ret_rebuilt, &err);
    arena_release(&arena);
    return status;
}

/* In a process that is killed there. */
static void
rebuild_until(const char *failpoint)
{
    int status;
    struct rebuilt rebuilt;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(126);
        rebuild(pgtest_open("hindcast_correlate"), &rebuilt);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("%s: was not reached", failpoint);
}

static void
rebuild_to_the_end(void)
{
    struct rebuilt rebuilt;
    need(rebuild(store, &rebuilt));
    if (rebuilt.part.whole != NULL)
        fail_msg("%s", rebuilt.part.whole);
    assert_true(rebuilt.pieces > 0 && rebuilt.batches > 1);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.rebuild"), 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.group_left"), 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.rebuild_again"), 0);
    assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.group_node WHERE scope_no NOT IN "
                                "(SELECT scope_no FROM correlate.group_scope)"),
                     0);
}

/* The casebook is what the whole gives; saving that writes nothing. */
static void
assert_whole(void)
{
    struct arena arena;
    struct correlation_input input;
    struct correlation correlation;
    struct cursor_position *cursor;
    size_t count;
    arena_init(&arena, 0);
    need(casebook_load(store, &arena, sv_from(scope), &input, &cursor, &count, &err));
    need(correlate_run(&arena, &input, &config, &correlation, &err));
    need(casebook_configuration(store, &arena, scope, &correlation.config_digest, &err));
    assert_none(casetables_hold(store, &correlation));
    char *before = casetables_versions(false);
    struct cursor_position *all = ARENA_ARRAY(&arena, struct cursor_position, count + 1);
    memcpy(all, cursor, count * sizeof(*cursor));
    all[count] = (struct cursor_position){
        CURSOR_CONFIGURATION, pgtest_int("SELECT max(configuration_no) FROM review.configuration")};
    need(casebook_save(store, &correlation, all, count + 1, &err));
    char *after = casetables_versions(false);
    assert_none(casetables_difference(after, before));
    free(before);
    free(after);
    arena_release(&arena);
}

/* ------------------------------------------------------------------ tests */

static void
begin_world(struct arena *arena, uint64_t seed)
{
    arena_init(arena, 0);
    chance = seed * 7919;
    snprintf(scope, sizeof(scope), "world%c", (char)('A' + seed % 26));
    tellworld_make(&world, arena, seed);
    tellworld_shuffle(&world, seed);
}

/* What a rebuild left is gone on from: nothing has to be computed whole. */
static void
go_on(size_t from, size_t to)
{
    struct correlate_summary summary;
    deliver(from, to);
    need(correlate_all(store, &config, CORRELATE_BEHIND, NULL, &summary, &err));
    assert_whole();
}

static void
a_rebuild_in_pieces_leaves_what_the_whole_leaves(void **state)
{
    const char *first = getenv("SEED"), *runs = getenv("RUNS");
    uint64_t seed = first == NULL ? 1 : strtoull(first, NULL, 10);
    uint64_t end = seed + (runs == NULL ? WORLDS : strtoull(runs, NULL, 10));
    (void)state;
    for (; seed < end; seed++) {
        struct arena arena;
        begin_world(&arena, seed);
        size_t some = world.count * (seed % 3) / 3, most = world.count * 5 / 6;
        deliver(0, some);
        if (seed % 2 == 0)
            take_in(CORRELATE_SHARED); /* a casebook is there, of a part of it */
        deliver(some, most);
        if (seed % 4 == 0)
            declare(0);
        rebuild_to_the_end();
        assert_whole();
        go_on(most, world.count);
        arena_release(&arena);
    }
}

static char *
exported(void)
{
    struct strbuf out;
    struct arena arena;
    struct correlation read;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    need(store_read_begin(store, READ_DERIVED, &err));
    need(casebook_correlation(store, &arena, sv_from(scope), &read, &err));
    store_read_end(store);
    casebook_canonical(&read, &out);
    strbuf_add_char(&out, '\n');
    char *text = strdup(out.ptr);
    strbuf_release(&out);
    arena_release(&arena);
    return text;
}

/* Killed at each of its failpoints, in this order; between them others take in what came. */
static void
who_is_killed_goes_on(void **state)
{
    static const char *const failpoints[] = {
        "rebuild_after_commit:2", "rebuild_before_commit:3",      "rebuild_after_commit:4",
        "rebuild_before_flip",    "correlate_part_before_save:3", "correlate_part_before_commit"};
    (void)state;
    for (uint64_t seed = 11; seed < 13; seed++) {
        struct arena arena;
        begin_world(&arena, seed);
        size_t each = world.count / 12, come = world.count / 2;
        deliver(0, come);
        take_in(CORRELATE_SHARED);
        char *before = exported();
        for (size_t i = 0; i < sizeof(failpoints) / sizeof(failpoints[0]); i++) {
            int64_t done = pgtest_int("SELECT coalesce(sum(done), 0) FROM correlate.rebuild");
            rebuild_until(failpoints[i]);
            char *after = exported();
            assert_none(casetables_difference(after, before));
            free(before);
            free(after);
            assert_int_equal(pgtest_int("SELECT count(*) FROM correlate.rebuild"), 1);
            assert_true(pgtest_int("SELECT sum(done) FROM correlate.rebuild") >= done);
            deliver(come, come + each);
            come += each;
            take_in(CORRELATE_SHARED);
            assert_whole();
            before = exported();
        }
        free(before);
        rebuild_to_the_end();
        assert_whole();
        arena_release(&arena);
    }
}

/* Who reads while another one rebuilds sees what was there, and then all of what is new. */
static void
readers_see_the_old_one_or_the_new_one(void **state)
{
    struct arena arena;
    struct rebuilt rebuilt;
    size_t looks = 0, old = 0;
    int status;
    (void)state;
    begin_world(&arena, 16);
    deliver(0, world.count / 2);
    take_in(CORRELATE_SHARED);
    deliver(world.count / 2, world.count);
    char *before = exported(), *seen;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL)
            _exit(126);
        _exit(rebuild(pgtest_open("hindcast_correlate"), &rebuilt) == 0 ? 0 : 1);
    }
    char **all = calloc(100000, sizeof(char *));
    while (waitpid(child, &status, WNOHANG) == 0 && looks < 100000)
        all[looks++] = exported();
    assert_int_equal(status, 0);
    seen = exported();
    assert_string_not_equal(seen, before);
    assert_true(looks > 1);
    while (old < looks && strcmp(all[old], before) == 0)
        free(all[old++]);
    for (; old < looks; old++) {
        assert_none(casetables_difference(all[old], seen));
        free(all[old]);
    }
    assert_whole();
    free(all);
    free(seen);
    free(before);
    arena_release(&arena);
}

/* Alerts at a constant rate: what is in memory at once, and what is read of groups for each. */
static size_t
memory_of(int alerts)
{
    char sql[1400];
    struct rebuilt rebuilt;
    snprintf(scope, sizeof(scope), "history %d", alerts);
    snprintf(sql, sizeof(sql),
             "INSERT INTO ingest.event (stream_id, record_offset, event_time, idx, scope, kind, "
             "record_kind, precision, time_source, format, uid, source, service, host, severity, "
             "phase, fingerprint, title) SELECT stream_id, 1000000 * %d + n, "
             "'2020-01-01'::timestamptz + n * interval '20 min', 0, '%s', 'alert', 'alert', 's', "
             "'native', 'test', md5('%d-' || n)::uuid, 'am', 's' || n %% 24, 'h' || n %% 7, 21, "
             "'trigger', 'f' || n, 'errors' FROM evidence.stream, generate_series(1, %d) n "
             "WHERE topic = 'one'",
             alerts, scope, alerts, alerts);
    pgtest_run(sql);
    need(rebuild(store, &rebuilt));
    assert_null(rebuilt.part.whole);
    assert_int_equal(rebuilt.part.nodes, alerts);
    return rebuilt.most_bytes;
}

static void
memory_does_not_grow_with_history(void **state)
{
    (void)state;
    size_t few = memory_of(200), many = memory_of(1000);
    if (many > few + few / 5)
        fail_msg("%zu bytes at once of 200 alerts, %zu of 1,000", few, many);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rebuild_in_pieces_leaves_what_the_whole_leaves),
        cmocka_unit_test(who_is_killed_goes_on),
        cmocka_unit_test(readers_see_the_old_one_or_the_new_one),
        cmocka_unit_test(memory_does_not_grow_with_history),
    };
    if (pgtest_setup(NULL) != 0)
        return 1;
    correlation_config_default(&config);
    store = pgtest_open("hindcast_correlate");
    claim_all();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    store_close(writer);
    store_close(store);
    return pgtest_teardown(NULL) != 0 || failed != 0;
}
