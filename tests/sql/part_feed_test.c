/*
 * What comes through ingest is correlated step by step as a whole is, against a real PostgreSQL:
 * random worlds (tests/lib/partworld.h) come in three partitions and are of two scopes; one
 * correlator, or several at once, compute what is behind after each batch, and the tables are those
 * of a run over all that is stored. Another order of the partitions, other batches and other
 * correlators leave the same. Days of lines and raw records go meanwhile in some worlds.
 */
#include <setjmp.h>
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
#include "hindcast/delivery.h"
#include "hindcast/retention.h"
#include "tests/lib/casetables.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/partworld.h"
#include "tests/lib/pgtest.h"

#define WORLDS 3
#define ORDERS 2
#define PARTITIONS 3
#define SCOPES 2
#define STEPS 6

/* One order of a world: `name` is its topic and begins its scopes. */
struct feed {
    char name[40];
    char scopes[SCOPES][48];
    uint64_t random;
    bool loses_days;
    struct stream streams[PARTITIONS];
    size_t next[PARTITIONS]; /* of the world's rows */
};

static struct partworld world;
static struct correlation_config config;
static struct store *writer;
static struct err err;
static size_t parts, scopes_computed, days_lost;

static void
need(int status)
{
    if (status != 0)
        fail_msg("%s: %s", err_name(err.code), err.message);
}

static uint64_t
below(struct feed *feed, uint64_t limit)
{
    return world_random(&feed->random) % limit;
}

/* ------------------------------------------------------------------ what comes */

/* A row has its partition whatever the order. */
static size_t
partition_of(size_t row)
{
    uint64_t mixed = row;
    return world_random(&mixed) % PARTITIONS;
}

/* Of the partition's rows the next one; the number of all where there is none. */
static size_t
next_row(const struct feed *feed, size_t partition)
{
    size_t row = feed->next[partition];
    while (row < world.all.count && partition_of(row) != partition)
        row++;
    return row;
}

static void
add_row(const struct feed *feed, struct batch *batch, const struct stream *stream, int64_t offset,
        size_t row)
{
    const struct observation *observation = &world.all.rows[row];
    struct event event = observation->event;
    char value[2 * SHA256_BYTES + 40];
    snprintf(value, sizeof(value), "%zu of %02x%02x%02x%02x", event.title.len,
             observation->sha256.bytes[0], observation->sha256.bytes[1],
             observation->sha256.bytes[2], observation->sha256.bytes[3]);
    event.scope = sv_from(feed->scopes[event.uid[1] % 4 == 0 ? 1 : 0]);
    event.time_source = TIME_SOURCE_NATIVE;
    const struct record record = {.topic = sv_from(feed->name),
                                  .offset = offset,
                                  .kafka_time_ns = event.event_time_ns,
                                  .timestamp_type = TIMESTAMP_CREATE,
                                  .value = sv_from(value)};
    batch_add(batch, stream, &record, OUTCOME_STORED, &event, 1, NULL);
}

/* Up to so many rows of one partition; false: it has none left. */
static bool
deliver(struct feed *feed, size_t partition, size_t count)
{
    struct stream *stream = &feed->streams[partition];
    struct batch *batch = batch_new(&(struct batch_limits){.evidence = true});
    bool fenced = false;
    int64_t offset = stream->next_offset < 0 ? 0 : stream->next_offset;
    size_t row, added = 0;
    while (added < count && (row = next_row(feed, partition)) < world.all.count) {
        add_row(feed, batch, stream, offset++, row);
        feed->next[partition] = row + 1;
        added++;
    }
    if (added > 0) {
        need(store_commit(writer, batch, stream, 1, &fenced, &err));
        assert_false(fenced);
        stream->next_offset = offset;
        stream->seq++;
    }
    batch_free(batch);
    return added > 0;
}

/* Some batches of some partitions; at the end of all that is left. */
static void
deliver_some(struct feed *feed, bool all)
{
    for (size_t n = 1 + below(feed, 4); n > 0; n--)
        deliver(feed, below(feed, PARTITIONS), 1 + below(feed, world.all.count / STEPS + 1));
    for (size_t p = 0; all && p < PARTITIONS; p++)
        while (deliver(feed, p, 1 + below(feed, 60)))
            continue;
}

static void
declare(const struct feed *feed, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct declaration *declaration = &world.all.declarations[i];
        char sql[700], until[80] = "NULL";
        if (declaration->to_ns != TIME_NONE)
            snprintf(until, sizeof(until), "to_timestamp(%lld)",
                     (long long)(declaration->to_ns / NS_PER_S));
        snprintf(
            sql, sizeof(sql),
            "INSERT INTO review.declaration (scope, declaration_id, title, from_time, to_time) "
            "SELECT '%s', md5('" SV_FMT "') || md5('x'), '" SV_FMT "', to_timestamp(%lld), %s",
            feed->scopes[0], SV_ARG(declaration->id), SV_ARG(declaration->title),
            (long long)(declaration->from_ns / NS_PER_S), until);
        pgtest_run(sql);
    }
}

/* Lines and raw records of all days so far go, but what results rest on. */
static void
lose_days(struct feed *feed)
{
    struct arena arena;
    struct partition_info *due;
    const struct retention_limits limits = {(int)below(feed, 2) * 30, 30};
    size_t count;
    int64_t kept;
    struct store *owner = pgtest_open("hindcast_owner");
    arena_init(&arena, 0);
    pgtest_run("SELECT evidence.ensure_partitions('{}', ARRAY[current_date - 40])");
    pgtest_run("UPDATE evidence.segment SET day = current_date - 40 WHERE day = current_date");
    need(retention_begin(owner, &err));
    need(retention_due(owner, &arena, &limits, &due, &count, &err));
    for (size_t i = 0; i < count; i++)
        need(retention_remove(owner, &due[i], NS_PER_S, NULL, &kept, &err));
    days_lost += count;
    arena_release(&arena);
    store_close(owner);
    need(store_reconnect(writer, &err)); /* it knows partitions that are gone */
}

/* ------------------------------------------------------------------ who computes it */

static void
correlate(void)
{
    struct correlate_summary summary;
    struct store *store = pgtest_open("hindcast_correlate");
    need(correlate_all(store, &config, CORRELATE_SHARED, NULL, &summary, &err));
    parts += summary.parts;
    scopes_computed += summary.scopes;
    store_close(store);
}

/* Several at once; what another one computes may be left for the next time. */
static void
correlate_beside_each_other(int count)
{
    for (int i = 0; i < count; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child > 0)
            continue;
        const char *program = getenv("HINDCAST");
        if (freopen("/dev/null", "w", stdout) == NULL || freopen("/dev/null", "w", stderr) == NULL)
            _exit(126);
        execl(program, program, "correlate", "--once", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < count; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    correlate();
}

/* ------------------------------------------------------------------ what it left */

/* The whole of a scope, out of what is stored, under another name where one is told. */
static void
compute(struct store *reader, struct arena *arena, const char *scope, const char *topic,
        const char *scope_name, struct correlation *ret_whole, bool *ret_any)
{
    struct correlation_input input;
    struct cursor_position *cursor;
    size_t count;
    need(casebook_load(reader, arena, sv_from(scope), &input, &cursor, &count, &err));
    struct observation *rows = ARENA_ARRAY(arena, struct observation, input.count + 1);
    for (size_t i = 0; i < input.count; i++) {
        rows[i] = input.observations[i];
        rows[i].event.scope = sv_from(scope_name);
        rows[i].topic = sv_from(topic);
    }
    input.scope = sv_from(scope_name);
    input.observations = rows;
    *ret_any = input.count + input.declaration_count > 0;
    need(correlate_run(arena, &input, &config, ret_whole, &err));
}

/* The tables hold what a run of the whole gives. */
static void
compare(const struct feed *feed, const char *scope, size_t step)
{
    struct arena arena;
    struct correlation whole;
    char digest[SHA256_HEX + 1];
    bool any;
    struct store *reader = pgtest_open("hindcast_correlate");
    arena_init(&arena, 0);
    compute(reader, &arena, scope, feed->name, scope, &whole, &any);
    correlation_config_digest(&config, digest);
    whole.config_digest = sv_from(digest);
    const char *difference = any ? casetables_hold(reader, &whole) : NULL;
    if (difference != NULL)
        fail_msg("%s, step %zu, scope %s: %s", feed->name, step, scope, difference);
    arena_release(&arena);
    store_close(reader);
}

/* All that there is at the end, as if it were of the feed `as`. */
static void
write_end(const struct feed *feed, const struct feed *as, struct strbuf *out)
{
    struct store *reader = pgtest_open("hindcast_correlate");
    struct arena arena;
    bool any;
    arena_init(&arena, 0);
    for (int s = 0; s < SCOPES; s++) {
        struct correlation whole;
        compute(reader, &arena, feed->scopes[s], as->name, as->scopes[s], &whole, &any);
        casebook_canonical(&whole, out);
    }
    strbuf_add_char(out, '\n');
    arena_release(&arena);
    store_close(reader);
}

static void
begin_feed(struct feed *feed, uint64_t seed, uint64_t order)
{
    *feed = (struct feed){.random = seed + (order << 32), .loses_days = seed % 3 == 2};
    snprintf(feed->name, sizeof(feed->name), "feed%llu-%c", (unsigned long long)seed,
             (char)('a' + order));
    for (int s = 0; s < SCOPES; s++)
        snprintf(feed->scopes[s], sizeof(feed->scopes[s]), "%s-%d", feed->name, s);
    for (int32_t p = 0; p < PARTITIONS; p++)
        need(store_claim(writer, "c", feed->name, p, "me", &feed->streams[p], &err));
}

static void
run_feed(struct feed *feed)
{
    size_t declared = 0;
    for (size_t step = 1; step <= STEPS; step++) {
        size_t declarations = world.all.declaration_count * step / STEPS;
        deliver_some(feed, step == STEPS);
        declare(feed, declared, declarations);
        declared = declarations;
        if (feed->loses_days && step % 3 == 0)
            lose_days(feed);
        if (below(feed, 4) == 0)
            correlate_beside_each_other(2 + (int)below(feed, 2));
        else
            correlate();
        for (int s = 0; s < SCOPES; s++)
            compare(feed, feed->scopes[s], step);
    }
    need(store_release(writer, feed->streams, PARTITIONS, &err));
}

static void
run_world(uint64_t seed)
{
    struct arena arena;
    struct feed feeds[ORDERS];
    struct strbuf ends[ORDERS];
    arena_init(&arena, 0);
    partworld_make(&world, &arena, seed);
    for (uint64_t order = 0; order < ORDERS; order++) {
        strbuf_init(&ends[order], 0);
        begin_feed(&feeds[order], seed, order);
        run_feed(&feeds[order]);
        write_end(&feeds[order], &feeds[0], &ends[order]);
    }
    const char *difference = casetables_difference(ends[1].ptr, ends[0].ptr);
    if (difference != NULL && !feeds[0].loses_days)
        fail_msg("%s, another order: %s", feeds[0].name, difference);
    for (uint64_t order = 0; order < ORDERS; order++)
        strbuf_release(&ends[order]);
    arena_release(&arena);
}

static void
worlds_are_those_of_the_whole_in_any_order(void **state)
{
    const char *first = getenv("SEED"), *runs = getenv("RUNS");
    uint64_t seed = first == NULL ? 1 : strtoull(first, NULL, 10);
    uint64_t end = seed + (runs == NULL ? WORLDS : strtoull(runs, NULL, 10));
    (void)state;
    correlation_config_default(&config);
    writer = pgtest_open("hindcast_ingest");
    for (; seed < end; seed++)
        run_world(seed);
    print_message("%zu of %zu scopes computed in parts, %zu days lost\n", parts, scopes_computed,
                  days_lost);
    assert_true(parts > scopes_computed / 3 && days_lost > 0);
    store_close(writer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds_are_those_of_the_whole_in_any_order)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
