/*
 * Clock offsets: seeded runs with clocks whose offsets are known, which nearly all intervals must
 * hold; what appends alone can prove; contradictions; and the same intervals from any order. The
 * delays, and the calls that tell them, are made up here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "correlate/clock/offsets.h"

#define MS INT64_C(1000)
#define SECOND (1000 * MS)
#define RUNS 100
#define CALLED 8 /* clocks that call each other */
#define CLOCKS                                                                                     \
    11 /* beside them one that only appends, one that only calls, one that is only called */
#define SAMPLES 400
#define ALL ((CALLED + 2) * SAMPLES + (2 * CALLED + 3) * SAMPLES)

static struct arena arena;
static struct err err;
static uint64_t state_of_chance;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static int64_t
chance(int64_t below)
{
    state_of_chance =
        state_of_chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((state_of_chance >> 33) % (uint64_t)below);
}

/* Most are quick, some take a hundred times as long. */
static int64_t
delay(int64_t least)
{
    return least + 100 * MS / (1 + chance(200));
}

struct world {
    struct sv names[CLOCKS + 1]; /* the last is the broker's, without a name */
    int64_t offsets[CLOCKS + 1];
    struct clock_sample samples[ALL];
    size_t count;
};

/* `wrong`: in a thousand, the effect is told up to 5 ms before the cause. */
static void
observe(struct world *world, size_t from, size_t to, int64_t least, int wrong)
{
    for (int i = 0; i < SAMPLES; i++) {
        int64_t took = chance(1000) < wrong ? -chance(5 * MS) : delay(least);
        assert_true(world->count < ALL);
        world->samples[world->count++] = (struct clock_sample){
            world->names[from], world->names[to], took + world->offsets[to] - world->offsets[from]};
    }
}

static struct world *
world_of(uint64_t seed)
{
    static const char *const names[CLOCKS + 1] = {"node-0",  "node-1", "node-2", "node-3",
                                                  "node-4",  "node-5", "node-6", "node-7",
                                                  "appends", "calls",  "called", ""};
    struct world *world = ARENA_NEW(&arena, struct world);
    state_of_chance = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (size_t i = 0; i <= CLOCKS; i++) {
        world->names[i] = sv_from(names[i]);
        world->offsets[i] = i == CLOCKS ? 0 : chance(10 * SECOND) - 5 * SECOND;
    }
    for (size_t i = 0; i < CALLED + 2; i++)
        observe(world, i, CLOCKS, 2 * MS, 0);
    observe(world, CLOCKS, 0, MS, 2); /* one reads from the broker */
    for (size_t i = 1; i < CALLED; i++) {
        size_t other = (size_t)chance((int64_t)i);
        observe(world, other, i, MS / 3, 2);
        observe(world, i, other, MS / 3, 2);
    }
    observe(world, CALLED + 1, 0, MS / 3, 2);
    observe(world, 0, CALLED + 2, MS / 3, 2);
    return world;
}

static struct clock_offsets
solve(struct world *world)
{
    struct clock_offsets offsets;
    if (clock_offsets(&arena, world->samples, world->count, -1, &offsets, &err) != 0)
        fail_msg("%s", err.message);
    return offsets;
}

static const struct clock_interval *
interval(const struct clock_offsets *offsets, const char *name)
{
    const struct clock_interval *found = clock_offset_of(offsets, sv_from(name));
    assert_non_null(found);
    return found;
}

/* 95 in a hundred, and no correction makes a clock worse. */
static void
intervals_hold_the_truth(void **state)
{
    int held = 0, all = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct world *world = world_of(seed);
        struct clock_offsets offsets = solve(world);
        assert_int_equal(offsets.count, CLOCKS);
        for (size_t i = 0; i < CLOCKS; i++) {
            const struct clock_interval *got = clock_offset_of(&offsets, world->names[i]);
            int64_t truth = world->offsets[i];
            assert_non_null(got);
            held += got->lo_us <= truth && truth <= got->hi_us;
            all++;
            if (got->applies)
                assert_true(llabs(truth - got->correction_us) <= llabs(truth));
            /* What is bounded on both sides is known to some milliseconds. */
            if (i < CALLED)
                assert_true(got->hi_us - got->lo_us < 40 * MS);
        }
    }
    print_message("%d of %d intervals hold the true offset\n", held, all);
    assert_true(held * 100 >= all * 95);
}

static void
order_does_not_matter(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct world *one = world_of(seed), *two = world_of(seed);
        state_of_chance = seed;
        for (size_t i = two->count - 1; i > 0; i--) {
            size_t other = (size_t)chance((int64_t)i + 1);
            struct clock_sample held = two->samples[i];
            two->samples[i] = two->samples[other];
            two->samples[other] = held;
        }
        struct clock_offsets first = solve(one), second = solve(two);
        assert_int_equal(first.count, second.count);
        for (size_t i = 0; i < first.count; i++) {
            assert_true(sv_eq(first.clocks[i].clock, second.clocks[i].clock));
            assert_true(first.clocks[i].lo_us == second.clocks[i].lo_us);
            assert_true(first.clocks[i].hi_us == second.clocks[i].hi_us);
            assert_true(first.clocks[i].samples == second.clocks[i].samples);
            assert_true(first.clocks[i].correction_us == second.clocks[i].correction_us);
        }
    }
}

/* Appends prove a clock ahead; that it is behind looks like a record that came late. */
static void
appends_bound_one_side(void **state)
{
    struct clock_sample samples[60];
    struct clock_offsets offsets;
    (void)state;
    for (int i = 0; i < 30; i++) {
        samples[i] = (struct clock_sample){SV("ahead"), SV(""), -700 * MS + i * MS};
        samples[30 + i] = (struct clock_sample){SV("behind"), SV(""), 700 * MS + i * MS};
    }
    assert_int_equal(clock_offsets(&arena, samples, 60, -1, &offsets, &err), 0);
    const struct clock_interval *ahead = interval(&offsets, "ahead");
    assert_true(ahead->lo_us == 700 * MS - CLOCK_SLACK_US);
    assert_true(ahead->hi_us == CLOCK_OPEN_US);
    assert_true(ahead->applies);
    assert_true(ahead->correction_us == ahead->lo_us);
    const struct clock_interval *behind = interval(&offsets, "behind");
    assert_false(behind->applies);
    assert_true(behind->hi_us == CLOCK_OPEN_US);
    /* Who knows that the quickest append took at most 10 ms knows more. */
    assert_int_equal(clock_offsets(&arena, samples, 60, 10 * MS, &offsets, &err), 0);
    behind = interval(&offsets, "behind");
    assert_true(behind->applies);
    assert_true(behind->lo_us < -690 * MS && behind->hi_us >= -690 * MS - MS);
    assert_true(behind->hi_us < -680 * MS);
}

static void
few_samples_prove_nothing(void **state)
{
    (void)state;
    for (size_t count = CLOCK_SAMPLES_LEAST - 1; count <= CLOCK_SAMPLES_LEAST; count++) {
        struct clock_sample samples[CLOCK_SAMPLES_LEAST];
        struct clock_offsets offsets;
        for (size_t i = 0; i < count; i++)
            samples[i] = (struct clock_sample){SV("a"), SV(""), -SECOND};
        assert_int_equal(clock_offsets(&arena, samples, count, -1, &offsets, &err), 0);
        assert_int_equal(interval(&offsets, "a")->applies, count == CLOCK_SAMPLES_LEAST);
        assert_int_equal(interval(&offsets, "a")->samples, count);
    }
}

/* Two bounds that cannot hold together: the one with fewer samples goes, nobody else is touched. */
static void
contradictions_are_named(void **state)
{
    (void)state;
    struct world *world = world_of(3);
    struct clock_sample *more = ARENA_ARRAY(&arena, struct clock_sample, world->count + 55);
    struct clock_offsets offsets, before = solve(world);
    memcpy(more, world->samples, world->count * sizeof(*more));
    for (size_t i = 0; i < 55; i++)
        more[world->count + i] = i < 25
                                     ? (struct clock_sample){SV("node-0"), SV("stepped"), 0}
                                     : (struct clock_sample){SV("stepped"), SV("node-0"), -SECOND};
    assert_int_equal(clock_offsets(&arena, more, world->count + 55, -1, &offsets, &err), 0);
    assert_int_equal(offsets.dropped, 1);
    for (size_t i = 0; i < offsets.count; i++) {
        const struct clock_interval *clock = &offsets.clocks[i];
        bool of_it = sv_eq(clock->clock, SV("stepped")) || sv_eq(clock->clock, SV("node-0"));
        assert_int_equal(clock->inconsistent, of_it);
        const struct clock_interval *was = clock_offset_of(&before, clock->clock);
        if (was != NULL)
            assert_true(was->lo_us == clock->lo_us && was->hi_us == clock->hi_us);
    }
    assert_true(interval(&offsets, "stepped")->hi_us == CLOCK_OPEN_US);
}

/* Without the broker the clock that most pairs have stands for it. */
static void
clocks_are_compared_without_a_broker(void **state)
{
    struct clock_sample samples[150];
    struct clock_offsets offsets;
    (void)state;
    for (int i = 0; i < 50; i++) {
        samples[i] = (struct clock_sample){SV("web"), SV("db"), 90 * SECOND + 5 * MS};
        samples[50 + i] = (struct clock_sample){SV("db"), SV("web"), -90 * SECOND + 5 * MS};
        samples[100 + i] = (struct clock_sample){SV("web"), SV("cache"), MS};
    }
    assert_int_equal(clock_offsets(&arena, samples, 150, -1, &offsets, &err), 0);
    assert_true(sv_eq(offsets.reference, SV("web")));
    assert_true(interval(&offsets, "web")->lo_us == 0 && interval(&offsets, "web")->hi_us == 0);
    const struct clock_interval *db = interval(&offsets, "db");
    assert_true(db->lo_us == 90 * SECOND - 5 * MS - CLOCK_SLACK_US);
    assert_true(db->hi_us == 90 * SECOND + 5 * MS + CLOCK_SLACK_US);
    assert_true(db->applies && db->correction_us == 90 * SECOND);
    assert_false(interval(&offsets, "cache")->applies);
}

/* Contradictions as wide as times can be: a circle is found before sums overflow. */
static void
the_widest_times_are_taken(void **state)
{
    enum { WIDE = 60 };
    const int64_t years = INT64_C(129) * 366 * 86400 * SECOND;
    struct clock_offsets offsets;
    struct clock_sample *samples =
        ARENA_ARRAY(&arena, struct clock_sample, (size_t)WIDE * CLOCK_SAMPLES_LEAST);
    size_t count = 0;
    (void)state;
    for (int i = 0; i < WIDE; i++) {
        struct sv from = arena_printf(&arena, "c%02d", i);
        struct sv to = arena_printf(&arena, "c%02d", (i + 1) % WIDE);
        for (int k = 0; k < CLOCK_SAMPLES_LEAST; k++)
            samples[count++] = (struct clock_sample){from, to, -years};
    }
    assert_int_equal(clock_offsets(&arena, samples, count, -1, &offsets, &err), 0);
    assert_int_equal(offsets.dropped, 1);
    assert_int_equal(offsets.count, WIDE);
}

static void
too_many_clocks_are_refused(void **state)
{
    struct clock_offsets offsets;
    struct clock_sample *samples = ARENA_ARRAY(&arena, struct clock_sample, CLOCKS_MAX + 1);
    (void)state;
    for (int i = 0; i <= CLOCKS_MAX; i++)
        samples[i] = (struct clock_sample){arena_printf(&arena, "c%d", i), SV(""), 0};
    assert_int_equal(clock_offsets(&arena, samples, CLOCKS_MAX, -1, &offsets, &err), 0);
    assert_int_equal(clock_offsets(&arena, samples, CLOCKS_MAX + 1, -1, &offsets, &err), -1);
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(clock_offsets(&arena, samples, 0, -1, &offsets, &err), 0);
    assert_int_equal(offsets.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(intervals_hold_the_truth, setup, teardown),
        cmocka_unit_test_setup_teardown(order_does_not_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(appends_bound_one_side, setup, teardown),
        cmocka_unit_test_setup_teardown(few_samples_prove_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(contradictions_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(clocks_are_compared_without_a_broker, setup, teardown),
        cmocka_unit_test_setup_teardown(the_widest_times_are_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_clocks_are_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
