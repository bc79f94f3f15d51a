/*
 * From a text to the things to do that it lists, with owner and date as said. Texts of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <string.h>

#include "report/todo_items.h"

static struct todo_item items[TODO_ITEMS_MAX];

static void
assert_item(size_t at, const char *text, const char *owner, const char *due)
{
    assert_true(sv_eq(items[at].text, sv_from(text)));
    assert_true(sv_eq(items[at].owner, sv_from(owner)));
    assert_true(sv_eq(items[at].due, sv_from(due)));
}

static void
numbers_bullets_and_marks_split(void **state)
{
    (void)state;
    assert_int_equal(todo_items(SV("action items: 1) test the port (@ana) 2) TODO: move the mirror "
                                   "(@ben), due Friday"),
                                items),
                     2);
    assert_item(0, "test the port (@ana)", "ana", "");
    assert_item(1, "TODO: move the mirror (@ben), due Friday", "ben", "Friday");
    assert_int_equal(
        todo_items(SV("next: - alert on the pool - owner: ida, page by 2026-04-01"), items), 2);
    assert_item(0, "alert on the pool", "", "");
    assert_item(1, "owner: ida, page by 2026-04-01", "ida", "2026-04-01");
    assert_int_equal(todo_items(SV("TODO: one thing TODO: another @jo.k"), items), 2);
    assert_item(1, "another @jo.k", "jo.k", "");
    assert_int_equal(todo_items(SV("(1) first (2) second (4) no third"), items), 2);
    assert_item(1, "second (4) no third", "", "");
}

static void
what_stands_before_a_task_is_left_out(void **state)
{
    (void)state;
    assert_int_equal(todo_items(SV("Resolved. Thanks all. Runbook tomorrow, I own it"), items), 1);
    assert_item(0, "Runbook tomorrow, I own it", "", "tomorrow");
    assert_true(items[0].speaker);
    assert_int_equal(todo_items(SV("All good. We need an alert on 1.5 %. Thanks"), items), 1);
    assert_item(0, "We need an alert on 1.5 %. Thanks", "", "");
    assert_int_equal(todo_items(SV("raise the quota. soon"), items), 1);
    assert_item(0, "raise the quota. soon", "", "");
    assert_int_equal(todo_items(SV("1) move the mirror (@Dan Okafor) 2) test (@ana now)"), items),
                     2);
    assert_item(0, "move the mirror (@Dan Okafor)", "Dan Okafor", "");
    assert_item(1, "test (@ana now)", "ana", "");
}

static void
other_texts_are_one_item(void **state)
{
    (void)state;
    assert_int_equal(todo_items(SV(" "), items), 0);
    assert_int_equal(todo_items(SV("we need to look at a-b and c@example.org"), items), 1);
    assert_item(0, "we need to look at a-b and c@example.org", "", "");
    assert_int_equal(todo_items(SV("TODO: raise the limit to 1.5 by hand"), items), 1);
    assert_item(0, "TODO: raise the limit to 1.5 by hand", "", "");
    assert_int_equal(todo_items(SV("TODO: @channel look at @here, @Everyone"), items), 1);
    assert_item(0, "TODO: @channel look at @here, @Everyone", "", "");
    assert_int_equal(todo_items(SV("TODO: @here ask @ida @"), items), 1);
    assert_item(0, "TODO: @here ask @ida @", "ida", "");
    char many[400] = "";
    for (size_t i = 0; i < 40; i++)
        memcpy(many + 4 * i, "- x ", 4);
    assert_int_equal(todo_items(sv_from(many), items), TODO_ITEMS_MAX);
    for (size_t cut = 0; cut < strlen(many); cut++) /* any end is safe */
        (void)todo_items(sv_of(many, cut), items);
}

/* Who else may own it, and which day is meant. */
static void
owners_are_named_in_many_ways(void **state)
{
    (void)state;
    assert_int_equal(todo_items(SV("TODO(bo): retry TODO(ana): alert by Friday"), items), 2);
    assert_item(0, "TODO(bo): retry", "bo", "");
    assert_item(1, "TODO(ana): alert by Friday", "ana", "Friday");
    assert_int_equal(items[1].day.weekday, 4);
    assert_int_equal(todo_items(SV("AI: Bo \xE2\x80\x93 fix the retry (due 12 March)"), items), 1);
    assert_item(0, "AI: Bo \xE2\x80\x93 fix the retry (due 12 March)", "Bo", "12 March");
    assert_int_equal(todo_items(SV("AI: fix the retry"), items), 1);
    assert_item(0, "AI: fix the retry", "", "");
    assert_int_equal(todo_items(SV("I'll write the runbook tomorrow"), items), 1);
    assert_item(0, "I'll write the runbook tomorrow", "", "tomorrow");
    assert_true(items[0].speaker);
    assert_int_equal(
        todo_items(SV("Action items: - Bo: fix it by Friday - Alerts: none yet"), items), 2);
    assert_item(0, "Bo: fix it by Friday", "", "Friday");
    assert_true(sv_eq(items[0].perhaps, SV("Bo")));
    assert_false(items[0].speaker);
    assert_int_equal(todo_items(SV("- Bo: test it"), items), 1);
    assert_item(0, "Bo: test it", "", "");
    assert_true(sv_eq(items[0].perhaps, SV("Bo")));
    assert_int_equal(todo_items(SV("Action items:"), items), 0);
    assert_int_equal(todo_items(SV("@jan legt bis Freitag einen Alarm an"), items), 1);
    assert_item(0, "@jan legt bis Freitag einen Alarm an", "jan", "Freitag");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_bullets_and_marks_split),
        cmocka_unit_test(what_stands_before_a_task_is_left_out),
        cmocka_unit_test(other_texts_are_one_item),
        cmocka_unit_test(owners_are_named_in_many_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
