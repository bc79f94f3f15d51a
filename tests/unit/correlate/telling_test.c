/*
 * An incident told from its own nodes and what lies around them is told as in its whole scope: over
 * random worlds, byte for byte, and of the context nothing can be left out that no world notices.
 * RUNS and SEED: how many worlds, and the first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdlib.h>

#include "base/strbuf.h"
#include "hindcast/casebook.h"
#include "tests/lib/narrowed.h"
#include "tests/lib/tellworld.h"

static struct arena arena;
static struct tellworld world;
static struct correlation_input input;
static struct correlation_config config;
static struct teller teller;
static struct grouped grouped;
static struct told whole;
static struct err err;

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

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

static void
tell_whole(uint64_t seed)
{
    struct tell_input all;
    arena_reset(&arena);
    correlation_config_default(&config);
    if (seed % 2 == 1)
        config.people = SV("Mia Roth\tlead\tmroth | ola\n");
    tellworld_make(&world, &arena, seed);
    input = tellworld_input(&world);
    assert_int_equal(teller_init(&arena, &config, input.scope, &teller, &err), 0);
    assert_int_equal(grouped_make(&arena, &teller, &input, &grouped, &err), 0);
    grouped_input(&arena, &grouped, &all);
    tell_incidents(&arena, &teller, &all, &whole);
}

/* The export of an incident, with its members and nodes. */
static void
write(const struct incident *incident, struct strbuf *out)
{
    strbuf_clear(out);
    casebook_canonical_incident(input.scope, incident, out);
    for (size_t i = 0; i < incident->member_count; i++)
        strbuf_addf(out, SV_FMT "\n", SV_ARG(incident->member_uids[i]));
    for (size_t i = 0; i < incident->node_count; i++)
        casebook_canonical_node(input.scope, incident->nodes[i], out);
}

static size_t
name_of(const struct incident *incident)
{
    for (size_t n = 0; n < grouped.grouping.node_count; n++)
        if (sv_eq(incident->incident_key, node_key_text(&arena, &grouped.grouping.nodes[n])))
            return n;
    fail_msg("no node names the incident");
    return 0;
}

/* True if it is told as in the whole. */
static bool
told_alike(const struct incident *incident, enum narrowed_part without)
{
    struct given given;
    struct tell_input narrow;
    struct told told;
    struct strbuf one, other;
    narrowed_make(&arena, &input, &grouped, name_of(incident), without, &given);
    if (given_input(&arena, &teller, &given, &narrow, &err) != 0)
        return false;
    tell_incidents(&arena, &teller, &narrow, &told);
    assert_int_equal(told.incident_count, 1);
    strbuf_init(&one, 0);
    strbuf_init(&other, 0);
    write(incident, &one);
    write(&told.incidents[0], &other);
    bool alike = sv_eq(strbuf_view(&one), strbuf_view(&other));
    if (!alike && without == NARROWED_NOTHING) {
        size_t at = 0;
        while (at < one.len && at < other.len && one.ptr[at] == other.ptr[at])
            at++;
        size_t from = at > 300 ? at - 300 : 0;
        print_message("whole: %.500s\nalone: %.500s\n", one.ptr + from, other.ptr + from);
    }
    strbuf_release(&one);
    strbuf_release(&other);
    return alike;
}

static void
an_incident_alone_is_told_as_in_the_whole(void **state)
{
    (void)state;
    uint64_t seed = number_of("SEED", 1), runs = number_of("RUNS", 80);
    size_t incidents = 0, opened[5] = {0};
    for (uint64_t end = seed + runs; seed < end; seed++) {
        tell_whole(seed);
        for (size_t i = 0; i < whole.incident_count; i++, incidents++) {
            opened[whole.incidents[i].opened]++;
            if (!told_alike(&whole.incidents[i], NARROWED_NOTHING))
                fail_msg("world %llu, incident %zu", (unsigned long long)seed, i);
        }
    }
    for (size_t i = 0; i < sizeof(opened) / sizeof(opened[0]); i++)
        assert_true(opened[i] > 0); /* there is some of each sort */
    print_message("%zu incidents: %zu of alerts, %zu declared, %zu of talk, %zu of changes, %zu of "
                  "lines\n",
                  incidents, opened[0], opened[1], opened[2], opened[3], opened[4]);
}

static bool
is_noticed(enum narrowed_part part, uint64_t seed)
{
    tell_whole(seed);
    for (size_t i = 0; i < whole.incident_count; i++)
        if (!told_alike(&whole.incidents[i], part)) {
            print_message("without %s: world %llu tells otherwise\n", narrowed_word(part),
                          (unsigned long long)seed);
            return true;
        }
    return false;
}

static void
nothing_of_the_context_can_be_left_out(void **state)
{
    (void)state;
    for (int part = 0; part < NARROWED_COUNT; part++) {
        uint64_t seed = 1;
        while (seed <= 200 && !is_noticed((enum narrowed_part)part, seed))
            seed++;
        if (seed > 200)
            fail_msg("no world needs: %s", narrowed_word((enum narrowed_part)part));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_incident_alone_is_told_as_in_the_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_of_the_context_can_be_left_out, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
