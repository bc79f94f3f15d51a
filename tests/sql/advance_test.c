/*
 * What comes is correlated by the groups that are kept, against a real PostgreSQL
 * (tests/lib/partreplay.h): kept worlds, then random ones, are after each batch what the whole
 * leaves; and no rule of advance.h can be left out without a kept world that notices.
 *
 * SEED and RUNS choose random worlds, REPLAY=FILE one that was kept. KEEP=FOLDER shrinks a world
 * that fails and writes it there; with LEFT_OUT=WORD one that notices that this rule is left out.
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

#include <glob.h>

#include "tests/lib/casetables.h"
#include "tests/lib/partreplay.h"
#include "tests/lib/pgtest.h"

#define WORLDS 6
#define ORDERS 2

static struct partreplay replay;
static struct partworld world;
static unsigned rules = ADVANCE_RULES;

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static bool
fails(const struct partworld *tried)
{
    size_t step;
    return partreplay_run(&replay, tried, rules, &step) != NULL;
}

static void
keep(uint64_t seed)
{
    char path[512];
    const char *folder = getenv("KEEP");
    if (folder == NULL)
        return;
    snprintf(path, sizeof(path), "%s/%llu%s.tsv", folder, (unsigned long long)seed,
             partworld_rule(ADVANCE_RULES & ~rules));
    partworld_shrink(&world, fails);
    world.left_out = ADVANCE_RULES & ~rules;
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    partworld_write(&world, out);
    assert_int_equal(fclose(out), 0);
    print_message("kept %s: %zu records in %zu batches\n", path, world.all.count, world.step_count);
}

static int
open_store(void **state)
{
    (void)state;
    replay = (struct partreplay){.store = pgtest_open("hindcast_correlate"),
                                 .tells = getenv("REPLAY") != NULL};
    casetables_stream();
    return 0;
}

static int
setup(void **state)
{
    return pgtest_setup(state) != 0 ? -1 : open_store(state);
}

static int
teardown(void **state)
{
    store_close(replay.store);
    return pgtest_teardown(state);
}

/* ------------------------------------------------------------------ worlds that are kept */

/* Of a world that shows that rules are needed each one alone. Returns which those are. */
static unsigned
run_kept(const char *path)
{
    struct arena arena;
    size_t step;
    arena_init(&arena, 0);
    if (!partworld_read(&world, &arena, path))
        fail_msg("%s cannot be read", path);
    const char *fault = partreplay_run(&replay, &world, ADVANCE_RULES, &step);
    if (fault != NULL)
        fail_msg("%s, batch %zu: %s", path, step, fault);
    for (unsigned rule = 1; rule <= ADVANCE_RULES; rule *= 2)
        if ((world.left_out & rule) != 0 &&
            partreplay_run(&replay, &world, ADVANCE_RULES & ~rule, &step) == NULL)
            fail_msg("%s does not notice that the rule \"%s\" is left out", path,
                     partworld_rule(rule));
    arena_release(&arena);
    return world.left_out;
}

static void
test_kept_worlds_notice_each_rule_that_is_left_out(void **state)
{
    (void)state;
    unsigned noticed = 0;
    glob_t found;
    assert_int_equal(glob("tests/fixtures/part_worlds/*.tsv", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        noticed |= run_kept(found.gl_pathv[i]);
    globfree(&found);
    for (unsigned rule = 1; rule <= ADVANCE_RULES; rule *= 2)
        if ((noticed & rule) == 0)
            fail_msg("no kept world notices that the rule \"%s\" is left out",
                     partworld_rule(rule));
}

/* ------------------------------------------------------------------ random worlds */

/* False: a step left something else than the whole does. */
static bool
run_random(uint64_t seed)
{
    struct arena arena;
    const char *fault = NULL;
    size_t step = 0;
    arena_init(&arena, 0);
    partworld_make(&world, &arena, seed);
    for (uint64_t order = 0; order < ORDERS && fault == NULL; order++) {
        if (order > 0)
            partworld_shuffle(&world, seed + (order << 32));
        fault = partreplay_run(&replay, &world, rules, &step);
    }
    if (fault != NULL) {
        print_message("SEED=%llu RUNS=1, batch %zu: %s\n", (unsigned long long)seed, step, fault);
        keep(seed);
    }
    arena_release(&arena);
    return fault == NULL;
}

static void
test_parts_leave_what_the_whole_leaves(void **state)
{
    (void)state;
    uint64_t seed = number_of("SEED", 1), end = seed + number_of("RUNS", WORLDS);
    size_t failed = 0;
    for (; seed < end; seed++)
        failed += run_random(seed) ? 0 : 1;
    print_message("%zu steps taken in parts, %zu whole; with new decisions %zu and %zu\n",
                  replay.parts, replay.wholes, replay.decided_parts, replay.decided_wholes);
    assert_int_equal(failed, 0);
    assert_true(replay.parts > replay.wholes && replay.decided_parts > 0);
    if (getenv("SEED") == NULL) /* candidates without a gap between them aside */
        assert_int_equal(replay.decided_wholes, 0);
}

/* ------------------------------------------------------------------ on demand */

static unsigned
rule_of(const char *word)
{
    for (unsigned rule = 1; rule <= ADVANCE_RULES; rule *= 2)
        if (strcmp(partworld_rule(rule), word) == 0)
            return rule;
    fail_msg("there is no rule \"%s\"", word);
    return 0;
}

/* The first random world that notices. */
static void
test_a_random_world_notices(void **state)
{
    (void)state;
    const char *word = getenv("LEFT_OUT");
    uint64_t seed = number_of("SEED", 1), end = seed + number_of("RUNS", WORLDS);
    rules = ADVANCE_RULES & ~rule_of(word);
    while (seed < end && run_random(seed))
        seed++;
    if (seed == end)
        fail_msg("no world notices that the rule \"%s\" is left out", word);
}

static void
test_a_kept_world(void **state)
{
    (void)state;
    run_kept(getenv("REPLAY"));
}

int
main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(test_kept_worlds_notice_each_rule_that_is_left_out),
        cmocka_unit_test(test_parts_leave_what_the_whole_leaves)};
    const struct CMUnitTest noticing[] = {cmocka_unit_test(test_a_random_world_notices)};
    const struct CMUnitTest one[] = {cmocka_unit_test(test_a_kept_world)};
    if (getenv("REPLAY") != NULL)
        return cmocka_run_group_tests(one, setup, teardown);
    if (getenv("LEFT_OUT") != NULL)
        return cmocka_run_group_tests(noticing, setup, teardown);
    return cmocka_run_group_tests(all, setup, teardown);
}
