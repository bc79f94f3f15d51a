/*
 * Incidents of very many records, against a real PostgreSQL: see tests/lib/floodreplay.h; random
 * worlds, and one by hand that no rule can be left out of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/store.h"
#include "tests/lib/casetables.h"
#include "tests/lib/floodreplay.h"
#include "tests/lib/pgtest.h"

#define WORLDS 3
#define STEPS 24
#define STALE_WORLD 101 /* in which one is stale */

static struct tellworld world;
static struct floodreplay replaying;

/* Only alerts in one of three worlds; no candidates and decisions in the others. */
static void
choose_rows(uint64_t seed)
{
    size_t kept = 0;
    for (size_t i = 0; i < world.count; i++)
        if (seed % 3 != 0 || world.rows[i].event.kind == EVENT_ALERT)
            world.rows[kept++] = world.rows[i];
    world.count = kept;
    world.decision_count = seed % 3 == 1 ? world.decision_count : 0;
    replaying.config.candidates = seed % 3 == 1 ? SV("# nothing opens one\n") : SV_NONE;
    /* Who has a neighbour in the graph does not share incidents by the scope alone, but is among
     * the nearest there. */
    replaying.config.graph = seed % 2 == 1 ? SV("checkout\tledger\n") : SV_NONE;
}

static bool
replay(uint64_t seed)
{
    size_t ends[STEPS];
    struct arena arena;
    arena_init(&arena, 0);
    tellworld_make(&world, &arena, seed);
    tellworld_shuffle(&world, seed);
    choose_rows(seed);
    replaying.random = seed;
    replaying.limits =
        (struct flood_limits){.records = 3, .growth = 1, .quiet_costs = 20, .wait_costs = 100};
    for (size_t i = 0; i < STEPS; i++)
        ends[i] = world.count * (i + 1) / STEPS;
    if (replaying.tells)
        print_message("SEED=%llu RUNS=1\n", (unsigned long long)seed);
    bool same = floodreplay_run(&replaying, ends, STEPS);
    arena_release(&arena);
    return same;
}

static void
begin(void)
{
    replaying = (struct floodreplay){.store = pgtest_open("hindcast_correlate"),
                                     .world = &world,
                                     .tells = getenv("TELL") != NULL};
    correlation_config_default(&replaying.config);
}

static void
test_what_waits_is_as_if_it_had_not_come(void **state)
{
    (void)state;
    begin();
    casetables_stream();
    const char *first = getenv("SEED"), *runs = getenv("RUNS");
    uint64_t seed = first == NULL ? 1 : strtoull(first, NULL, 10);
    uint64_t end = seed + (runs == NULL ? WORLDS : strtoull(runs, NULL, 10));
    for (; seed < end; seed++)
        assert_true(replay(seed));
    print_message(
        "%zu steps taken in parts, %zu whole; after %zu records waited, after %zu a flood "
        "was to be told, after %zu to be settled\n",
        replaying.parts, replaying.wholes, replaying.waited, replaying.stale, replaying.unsettled);
    assert_true(replaying.waited > 0 && replaying.stale > 0);
    store_close(replaying.store);
}

/* ------------------------------------------------------------------ a world by hand */

#define FLOOD_ALERTS 13
#define BEGIN_S INT64_C(1772100000)

static struct observation *
add_row(int second, int number)
{
    struct observation *row = &world.rows[world.count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at = (struct coordinates){.stream_id = 1, .offset = 100 + (int64_t)world.count};
    struct event *event = &row->event;
    event->kind = EVENT_ALERT;
    event->record_kind = RECORD_ALERT;
    event->phase = PHASE_TRIGGER;
    event->severity = SEVERITY_ERROR;
    event->event_time_ns = (BEGIN_S + second) * NS_PER_S;
    event->precision = PRECISION_SECOND;
    event->scope = SV("default");
    event->format = SV("made");
    event->source = SV("monitor");
    event->identified = true;
    event->uid[0] = (uint8_t)number;
    sha256_of(&world.count, sizeof(world.count), &row->sha256);
    world.count++;
    return row;
}

/* Alerts that share the scope and nothing else, a minute after each other. */
static struct event *
add_flooding(int number)
{
    static const char *const names[FLOOD_ALERTS] = {"a", "b", "c", "d", "e", "f", "g",
                                                    "h", "i", "j", "k", "l", "m"};
    struct event *event = &add_row(60 * number, number)->event;
    event->title = event->body = event->fingerprint = sv_from(names[number]);
    event->service = SV_NONE;
    return event;
}

/* Of a service that has neighbours in the graph: beside the flood, between two of its alerts. */
static void
add_beside(int number)
{
    struct event *event = &add_row(60 * 4 + 10 * number, 100 + number)->event;
    static const char *const marks[] = {"v", "w", "x", "y", "z"};
    event->title = event->body = SV("Orders fail");
    event->fingerprint = sv_from(marks[number]);
    event->service = SV("checkout");
}

static size_t steps[12], step_count;

static void
end_step(void)
{
    steps[step_count++] = world.count;
}

/*
 * An incident of 8, and one more, which makes it a flood; then one that waits, comes again and
 * waits; comes again with two others, so that the flood has grown enough; four beside it, which
 * part it; one of it in another version; another one; the end.
 */
static void
make_by_hand(void)
{
    world.count = world.decision_count = world.declaration_count = step_count = 0;
    for (int i = 0; i < 8; i++)
        add_flooding(i);
    end_step();
    add_flooding(8);
    end_step();
    add_flooding(9);
    end_step();
    add_flooding(9);
    end_step();
    add_flooding(9);
    add_flooding(10);
    add_flooding(11);
    end_step();
    for (int i = 1; i < 5; i++)
        add_beside(i);
    end_step();
    struct event *other = add_flooding(3);
    other->version = 1; /* which counts */
    other->severity = SEVERITY_FATAL;
    end_step();
    add_flooding(12);
    end_step();
    end_step();
}

static bool
replay_by_hand(void)
{
    make_by_hand();
    replaying.random = 1;
    replaying.config.graph = SV("checkout\tledger\n");
    replaying.config.candidates = SV("# nothing opens one\n");
    replaying.limits =
        (struct flood_limits){.records = 3, .growth = 4, .quiet_costs = 1000, .wait_costs = 1000};
    return floodreplay_run(&replaying, steps, step_count);
}

static void
test_others_are_told_beside_a_flood(void **state)
{
    (void)state;
    begin();
    assert_true(replay_by_hand());
    assert_true(replaying.waited > 0 && replaying.unsettled > 0);
    store_close(replaying.store);
}

static void
test_no_rule_can_be_left_out(void **state)
{
    static const enum flood_rule without[] = {FLOOD_UNSETTLED, FLOOD_FIRST,      FLOOD_SAME,
                                              FLOOD_LET_GO,    FLOOD_DELIVERIES, FLOOD_STALE};
    (void)state;
    begin();
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
        replaying.without = without[i];
        if (without[i] == FLOOD_STALE ? replay(STALE_WORLD) : replay_by_hand())
            fail_msg("without rule %u all is the same", without[i]);
    }
    store_close(replaying.store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_waits_is_as_if_it_had_not_come),
                                       cmocka_unit_test(test_others_are_told_beside_a_flood),
                                       cmocka_unit_test(test_no_rule_can_be_left_out)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
