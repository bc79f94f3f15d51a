/*
 * Alerts beside those that changed: see advance_work.h. Each stretch of time between two of them is
 * asked for once, all in one question, however many there are.
 */
#include <stdlib.h>

#include "correlate/stored/advance_work.h"

static int
alert_order(const void *left, const void *right)
{
    return node_id_cmp(*(const struct work_node *const *)left,
                       *(const struct work_node *const *)right);
}

static bool
is_listed(const struct work_node *const *alerts, size_t count, const struct node_id *id)
{
    const struct work_node named = {.first_ms = id->first_ms, .source = id->source, .uid = id->uid};
    const struct work_node *key = &named;
    return bsearch(&key, alerts, count, sizeof(key), alert_order) != NULL;
}

struct beside {
    const struct work_node *const *alerts; /* that changed, in order */
    size_t count;
    bool before;                /* on the side of what is earlier */
    struct group_place *places; /* stretches that are still to be asked for */
    size_t *owners;             /* of each place: the alert */
    size_t asked;
    int64_t *at; /* of each alert: when the nearest other one begins */
    bool *found; /* there is one in its own stretch */
};

static void
add_stretch(struct beside *beside, size_t owner, int64_t from_ms, int64_t to_ms)
{
    if (from_ms > to_ms)
        return;
    beside->places[beside->asked] = (struct group_place){.from_ms = from_ms, .to_ms = to_ms};
    beside->owners[beside->asked++] = owner;
}

/* Of each alert the time up to the next of them on that side. */
static void
list_stretches(struct beside *beside, int64_t back_ms)
{
    const struct work_node *const *alerts = beside->alerts;
    for (size_t i = 0; i < beside->count; i++) {
        int64_t ms = alerts[i]->first_ms, from = ms - back_ms, to = ms + back_ms;
        if (i > 0 && alerts[i - 1]->first_ms >= from)
            from = alerts[i - 1]->first_ms + 1;
        if (i + 1 < beside->count && alerts[i + 1]->first_ms <= to)
            to = alerts[i + 1]->first_ms - 1;
        if (beside->before)
            add_stretch(beside, i, from, ms);
        else
            add_stretch(beside, i, ms, to);
    }
}

/* One of those that changed is passed over: what lies behind it is asked for again. */
static void
take_answers(struct beside *beside, const struct group_answer *answers, size_t count)
{
    beside->asked = 0;
    for (size_t i = 0; i < count; i++) {
        struct group_place place = beside->places[answers[i].place];
        size_t owner = beside->owners[answers[i].place];
        const struct node_id *id = &answers[i].row.id;
        if (!is_listed(beside->alerts, beside->count, id)) {
            beside->at[owner] = id->first_ms;
            beside->found[owner] = true;
        } else if (beside->before) {
            add_stretch(beside, owner, place.from_ms, id->first_ms - 1);
        } else {
            add_stretch(beside, owner, id->first_ms + 1, place.to_ms);
        }
    }
}

static void
ask_stretches(struct advance *advance, struct beside *beside)
{
    const struct group_rows *rows = advance->in->rows;
    enum group_question question = beside->before ? GROUP_ALERT_LAST : GROUP_ALERT_FIRST;
    while (beside->asked > 0 && !advance_failed(advance)) {
        struct group_answer *answers;
        struct err err;
        size_t found = 0;
        advance_note(advance,
                     rows->ask(rows->context, advance->arena, question, beside->places,
                               beside->asked, &answers, &found, &err),
                     &err);
        if (!advance_failed(advance))
            take_answers(beside, answers, found);
    }
}

/* Of each when the nearest other one begins on that side, or how far is looked. */
static const int64_t *
others_beside(struct advance *advance, const struct work_node *const *alerts, size_t count,
              bool before, int64_t back_ms)
{
    struct arena *arena = advance->arena;
    struct beside beside = {.alerts = alerts,
                            .count = count,
                            .before = before,
                            .places = ARENA_ARRAY(arena, struct group_place, count + 1),
                            .owners = ARENA_ARRAY(arena, size_t, count + 1),
                            .at = ARENA_ARRAY(arena, int64_t, count + 1),
                            .found = ARENA_ARRAY(arena, bool, count + 1)};
    list_stretches(&beside, back_ms);
    ask_stretches(advance, &beside);
    for (size_t k = 0; k < count; k++) {
        size_t i = before ? k : count - 1 - k;
        int64_t ms = alerts[i]->first_ms;
        if (beside.found[i])
            continue;
        beside.at[i] = before ? ms - back_ms : ms + back_ms;
        if (k > 0 && before && beside.at[i - 1] > beside.at[i])
            beside.at[i] = beside.at[i - 1];
        else if (k > 0 && !before && beside.at[i + 1] < beside.at[i])
            beside.at[i] = beside.at[i + 1];
    }
    return beside.at;
}

const struct time_range *
advance_beside(struct advance *advance, const struct work_node **alerts, size_t count,
               int64_t back_ms)
{
    struct time_range *ranges = ARENA_ARRAY(advance->arena, struct time_range, count + 1);
    if (count > 1)
        qsort(alerts, count, sizeof(*alerts), alert_order);
    const int64_t *before = others_beside(advance, alerts, count, true, back_ms);
    const int64_t *after = others_beside(advance, alerts, count, false, back_ms);
    for (size_t i = 0; i < count; i++)
        ranges[i] = (struct time_range){before[i], after[i]};
    return ranges;
}
