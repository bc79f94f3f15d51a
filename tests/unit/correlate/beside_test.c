/*
 * Alerts beside those that changed (correlate/stored/advance_work.h): random alerts, some of which
 * changed, against what looking at all of them tells; and how often is asked for many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "correlate/stored/advance_work.h"

#define ALERTS_MAX 60
#define BACK_MS 40
#define RUNS 3000

/* All alerts in order; the changed ones are among them, or gone. */
static struct work_node alerts[ALERTS_MAX];
static bool kept[ALERTS_MAX];
static size_t alert_count, questions;
static uint64_t chance_state = 7;

static unsigned
chance(unsigned below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(chance_state >> 33) % below;
}

static int
ask(void *context, struct arena *arena, enum group_question question,
    const struct group_place *places, size_t count, struct group_answer **ret_answers,
    size_t *ret_count, struct err *err)
{
    struct group_answer *answers = ARENA_ARRAY(arena, struct group_answer, count + 1);
    (void)context;
    (void)err;
    questions++;
    *ret_count = 0;
    for (size_t p = 0; p < count; p++) {
        const struct work_node *found = NULL;
        assert_true(places[p].from_ms <= places[p].to_ms);
        for (size_t i = 0; i < alert_count; i++) {
            const struct work_node *alert = &alerts[i];
            if (kept[i] && alert->first_ms >= places[p].from_ms &&
                alert->first_ms <= places[p].to_ms &&
                (found == NULL || question == GROUP_ALERT_LAST))
                found = alert;
        }
        if (found != NULL)
            answers[(*ret_count)++] =
                (struct group_answer){.place = p, .row = {.id = node_id_of(found)}};
    }
    *ret_answers = answers;
    return 0;
}

/* In order of time and uid; of one time there may be several. */
static void
make_alerts(struct arena *arena)
{
    int64_t ms = 1000;
    alert_count = chance(ALERTS_MAX);
    for (size_t i = 0; i < alert_count; i++) {
        ms += (int64_t)chance(3) * chance(20);
        alerts[i] = (struct work_node){.first_ms = ms,
                                       .source = SV("monitor"),
                                       .uid = arena_printf(arena, "%02zu", i),
                                       .role = NODE_ALERT};
    }
}

static const struct work_node *
nearest(const bool *changed, size_t of, bool before)
{
    const struct work_node *found = NULL;
    for (size_t i = 0; i < alert_count; i++) {
        if (changed[i])
            continue;
        if (before && alerts[i].first_ms <= alerts[of].first_ms)
            found = &alerts[i];
        if (!before && alerts[i].first_ms >= alerts[of].first_ms && found == NULL)
            found = &alerts[i];
    }
    return found;
}

/* Where one that changed begins at the same time, the nearest one may be passed over: no nearer
 * one than there is may be told. */
static bool
is_alone(const bool *changed, const struct work_node *node)
{
    for (size_t i = 0; i < alert_count; i++)
        if (changed[i] && alerts[i].first_ms == node->first_ms)
            return false;
    return true;
}

static void
check_side(const bool *changed, size_t of, bool before, int64_t told)
{
    const struct work_node *found = nearest(changed, of, before);
    int64_t ms = alerts[of].first_ms, end = before ? ms - BACK_MS : ms + BACK_MS;
    int64_t expected = found == NULL ? end : found->first_ms;
    if (before ? expected < end : expected > end)
        expected = end;
    if (found == NULL || is_alone(changed, found))
        assert_int_equal(told, expected);
    else
        assert_true(before ? told <= expected && told >= end : told >= expected && told <= end);
}

static void
the_nearest_others_are_found(void **state)
{
    const struct group_rows rows = {.ask = ask};
    const struct advancing in = {.rows = &rows};
    size_t most = 0;
    (void)state;
    for (int run = 0; run < RUNS; run++) {
        struct arena arena;
        struct advance advance = {.in = &in, .arena = &arena};
        const struct work_node *list[2 * ALERTS_MAX];
        bool changed[ALERTS_MAX] = {false};
        size_t count = 0;
        unsigned rarely = 1 + chance(4);
        arena_init(&arena, 0);
        make_alerts(&arena);
        for (size_t i = alert_count; i-- > 0;) {
            changed[i] = chance(rarely) == 0;
            kept[i] = !changed[i] || chance(3) != 0;
            for (unsigned times = changed[i] ? 1 + chance(2) : 0; times > 0; times--)
                list[count++] = &alerts[i]; /* as it was, and as it is */
        }
        questions = 0;
        const struct time_range *ranges = advance_beside(&advance, list, count, BACK_MS);
        most = questions > most ? questions : most;
        for (size_t i = 0; i < count; i++) {
            size_t of = (size_t)(list[i] - alerts);
            check_side(changed, of, true, ranges[i].from_ms);
            check_side(changed, of, false, ranges[i].to_ms);
        }
        arena_release(&arena);
    }
    assert_true(most > 2 && most <= 4); /* twice on each side */
}

static void
an_error_is_kept(void **state)
{
    (void)state;
    struct arena arena;
    const struct advancing in = {0};
    struct advance advance = {.in = &in, .arena = &arena, .failed = true};
    const struct work_node *list[] = {&alerts[0]};
    arena_init(&arena, 0);
    advance_beside(&advance, list, 1, BACK_MS); /* asks nothing more */
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_nearest_others_are_found),
                                       cmocka_unit_test(an_error_is_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
