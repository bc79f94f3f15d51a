/*
 * What is undone, and what an undo is about in the end: whatever the clocks say, in any order, and
 * at the cost of what there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/decide/decide.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define CHAIN ((size_t)20000)

static struct arena arena;
static struct deciding deciding;
static struct err err;

static struct decision
sealed(struct decision decision, size_t second)
{
    decision.at_ns = BEGIN_NS + (int64_t)second * NS_PER_S;
    decision.author = SV("mara");
    decision.time_ns = TIME_NONE;
    assert_int_equal(decision_seal(&arena, &decision, &err), 0);
    return decision;
}

static struct decision
title(size_t second)
{
    return sealed((struct decision){.verb = DECISION_TITLE,
                                    .incident = SV("00112233445566778899aabbccddeeff"),
                                    .value = SV("checkout slow")},
                  second);
}

static struct decision
undo(size_t second, const struct decision *other)
{
    return sealed((struct decision){.verb = DECISION_UNDO, .target = other->id}, second);
}

static const struct deciding_one *
of(const struct decision *decision)
{
    return deciding_with(&deciding, decision->id);
}

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Who takes something back names it, and so knew of it: clocks of people may differ. */
static void
an_undo_counts_whatever_the_clocks_say(void **state)
{
    (void)state;
    struct decision all[4];
    all[0] = title(5);
    all[1] = undo(9, &all[0]);
    all[2] = undo(3, &all[1]);
    deciding_init(&arena, all, 3, &deciding);
    assert_true(sv_empty(of(&all[0])->undone_by));
    assert_true(sv_eq(of(&all[1])->undone_by, all[2].id));
    all[3] = undo(1, &all[2]);
    deciding_init(&arena, all, 4, &deciding);
    assert_true(sv_eq(of(&all[0])->undone_by, all[1].id));
    assert_true(sv_empty(of(&all[1])->undone_by));
}

static void
of_several_undos_the_last_is_told(void **state)
{
    (void)state;
    struct decision all[4];
    all[0] = title(1);
    all[1] = undo(2, &all[0]);
    all[2] = undo(3, &all[0]);
    deciding_init(&arena, all, 3, &deciding);
    assert_true(sv_eq(of(&all[0])->undone_by, all[2].id));
    all[3] = undo(4, &all[2]);
    deciding_init(&arena, all, 4, &deciding);
    assert_true(sv_eq(of(&all[0])->undone_by, all[1].id));
}

static void
what_is_not_there_is_not_undone(void **state)
{
    (void)state;
    struct decision all[2], gone = title(1);
    all[0] = undo(2, &gone);
    all[1] = undo(3, &all[0]);
    deciding_init(&arena, all, 2, &deciding);
    assert_null(of(&all[0])->about);
    assert_null(of(&all[1])->about);
    assert_true(sv_eq(of(&all[0])->undone_by, all[1].id));
    deciding_init(&arena, NULL, 0, &deciding);
    assert_int_equal(deciding.count, 0);
}

/* Anybody may take back what they took back, again and again. */
static void
a_long_chain_costs_what_it_is_long(void **state)
{
    (void)state;
    struct decision *chain = ARENA_ARRAY(&arena, struct decision, CHAIN);
    chain[0] = title(0);
    for (size_t i = 1; i < CHAIN; i++)
        chain[i] = undo(i, &chain[i - 1]);
    deciding_init(&arena, chain, CHAIN, &deciding);
    for (size_t i = 0; i < CHAIN; i++) {
        assert_int_equal(sv_empty(deciding.all[i].undone_by), (CHAIN - i) % 2);
        assert_ptr_equal(deciding.all[i].about, &deciding.all[0]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_undo_counts_whatever_the_clocks_say, begin, end),
        cmocka_unit_test_setup_teardown(of_several_undos_the_last_is_told, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_not_undone, begin, end),
        cmocka_unit_test_setup_teardown(a_long_chain_costs_what_it_is_long, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
