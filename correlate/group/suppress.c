/*
 * Which alerts rules suppress: see suppress.h. Called by correlate_run() before episodes are cut.
 */
#include "correlate/group/suppress.h"

#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/episodes.h"

/* While an alert goes on that may inhibit others: until it is resolved, or nothing more is said. */
struct active {
    struct sv equal; /* its values of the labels that are to be equal */
    int64_t from_ms, to_ms;
    int64_t latest_ms; /* greatest to_ms of it and those before it with the same values */
    bool also_target;  /* what is both inhibits nothing that is both */
};

struct active_list {
    struct active *at;
    size_t count, size;
};

struct suppressing {
    struct arena *arena;
    const struct correlation_config *config;
    struct work_record **records; /* alerts, by series and time */
    size_t count;
    struct suppress_labels *labels; /* of each of them */
    struct arena scratch;           /* of one rule */
    size_t *starts;                 /* of flapping: room for as many as there are */
};

static int
series_order(const void *left, const void *right)
{
    return record_series_cmp(*(struct work_record *const *)left,
                             *(struct work_record *const *)right);
}

static void
suppress(struct suppressing *suppressing, size_t at, const struct suppress_rule *rule)
{
    static const char *const words[] = {"inhibit", "window", "flapping"};
    struct work_record *record = suppressing->records[at];
    if (record->quiet != QUIET_NOT)
        return;
    /* What another alert explains may be told with that one, planned work and flapping not. */
    record->quiet = rule->kind == SUPPRESS_INHIBIT ? QUIET_MINOR : QUIET_NO_TROUBLE;
    record->quiet_reason = arena_printf(suppressing->arena, "suppressed by " SV_FMT " (%s)",
                                        SV_ARG(rule->name), words[rule->kind]);
}

/* ---------------------------------------------------------------- inhibition */

static struct sv
equal_values(struct suppressing *suppressing, const struct suppress_rule *rule, size_t at)
{
    struct sv values = SV("");
    for (size_t i = 0; i < rule->equal_count; i++) {
        struct sv value = suppress_label(&suppressing->labels[at], rule->equal[i]);
        values = arena_printf(&suppressing->scratch, SV_FMT "%zu:" SV_FMT, SV_ARG(values),
                              value.len, SV_ARG(value));
    }
    return values;
}

static int
active_order(const void *left, const void *right)
{
    const struct active *a = left, *b = right;
    if (a->also_target != b->also_target)
        return a->also_target ? 1 : -1;
    int order = sv_cmp(a->equal, b->equal);
    if (order != 0)
        return order;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return a->to_ms < b->to_ms ? -1 : a->to_ms > b->to_ms;
}

static void
add_active(struct suppressing *suppressing, const struct suppress_rule *rule, size_t at,
           struct active_list *list)
{
    const struct work_record *record = suppressing->records[at];
    const struct work_record *next =
        at + 1 < suppressing->count ? suppressing->records[at + 1] : NULL;
    if (record->life == LIFE_RESOLVED || !suppress_matches(&rule->source, &suppressing->labels[at]))
        return;
    bool goes_on = next != NULL && record_same_series(record, next) &&
                   record_joined(suppressing->config, record, next);
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = (struct active){
        .equal = equal_values(suppressing, rule, at),
        .from_ms = record->ms,
        .to_ms = goes_on ? next->ms : record->ms + suppressing->config->episode_gap_ms,
        .also_target = suppress_matches(&rule->target, &suppressing->labels[at]),
    };
}

/* True if one of them with these values was going on when the alert told, or soon after. */
static bool
was_active(const struct active_list *list, bool also_target, struct sv equal, int64_t ms)
{
    size_t low = 0, high = list->count;
    const struct active wanted = {.equal = equal,
                                  .from_ms = ms + SUPPRESS_LEAD_MS,
                                  .to_ms = INT64_MAX,
                                  .also_target = also_target};
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (active_order(&list->at[middle], &wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct active *last = low > 0 ? &list->at[low - 1] : NULL;
    return last != NULL && last->also_target == also_target && sv_eq(last->equal, equal) &&
           last->latest_ms >= ms;
}

static void
inhibit(struct suppressing *suppressing, const struct suppress_rule *rule)
{
    struct active_list list = {0};
    for (size_t i = 0; i < suppressing->count; i++)
        add_active(suppressing, rule, i, &list);
    if (list.count > 1)
        qsort(list.at, list.count, sizeof(*list.at), active_order);
    for (size_t i = 0; i < list.count; i++) {
        struct active *at = &list.at[i];
        bool first =
            i == 0 || at[-1].also_target != at->also_target || !sv_eq(at[-1].equal, at->equal);
        at->latest_ms = first || at->to_ms > at[-1].latest_ms ? at->to_ms : at[-1].latest_ms;
    }
    for (size_t i = 0; i < suppressing->count && list.count > 0; i++) {
        const struct suppress_labels *labels = &suppressing->labels[i];
        int64_t ms = suppressing->records[i]->ms;
        if (!suppress_matches(&rule->target, labels))
            continue;
        struct sv equal = equal_values(suppressing, rule, i);
        if (was_active(&list, false, equal, ms) ||
            (!suppress_matches(&rule->source, labels) && was_active(&list, true, equal, ms)))
            suppress(suppressing, i, rule);
    }
    free(list.at);
}

/* ------------------------------------------------------- windows and flapping */

static void
close_window(struct suppressing *suppressing, const struct suppress_rule *rule)
{
    for (size_t i = 0; i < suppressing->count; i++)
        if (suppressing->records[i]->ms >= rule->from_ms &&
            suppressing->records[i]->ms < rule->to_ms &&
            suppress_matches(&rule->target, &suppressing->labels[i]))
            suppress(suppressing, i, rule);
}

/*
 * An alert that began `count` times within the time before it began again is flapping, and so is
 * what it says until it begins anew.
 */
static void
calm(struct suppressing *suppressing, const struct suppress_rule *rule)
{
    size_t *starts = suppressing->starts, begun = 0, count = (size_t)rule->count;
    for (size_t i = 0; i < suppressing->count; i++) {
        struct work_record *const *at = &suppressing->records[i];
        bool same = i > 0 && record_same_series(at[-1], at[0]);
        if (!same)
            begun = 0;
        if (!same || !record_joined(suppressing->config, at[-1], at[0]) ||
            (at[-1]->life == LIFE_RESOLVED && at[0]->life == LIFE_FIRING))
            starts[begun++] = i;
        const struct work_record *own = suppressing->records[starts[begun - 1]];
        if (begun > count &&
            own->ms - suppressing->records[starts[begun - 1 - count]]->ms <= rule->within_ms &&
            suppress_matches(&rule->target, &suppressing->labels[i]))
            suppress(suppressing, i, rule);
    }
}

void
suppress_records(struct arena *arena, const struct suppress_rules *rules,
                 const struct correlation_config *config, struct work_record *records, size_t count)
{
    struct suppressing suppressing = {.arena = arena, .config = config};
    if (rules->count == 0)
        return;
    suppressing.records = ARENA_ARRAY(arena, struct work_record *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (records[i].role == NODE_ALERT && records[i].observation != NULL)
            suppressing.records[suppressing.count++] = &records[i];
    if (suppressing.count > 1)
        qsort(suppressing.records, suppressing.count, sizeof(struct work_record *), series_order);
    suppressing.labels = ARENA_ARRAY(arena, struct suppress_labels, suppressing.count + 1);
    for (size_t i = 0; i < suppressing.count; i++)
        suppress_labels_open(arena, &suppressing.records[i]->observation->event,
                             &suppressing.labels[i]);
    suppressing.starts = ARENA_ARRAY(arena, size_t, suppressing.count + 1);
    arena_init(&suppressing.scratch, 0);
    for (size_t i = 0; i < rules->count; i++) {
        arena_reset(&suppressing.scratch);
        if (rules->rules[i].kind == SUPPRESS_INHIBIT)
            inhibit(&suppressing, &rules->rules[i]);
        else if (rules->rules[i].kind == SUPPRESS_WINDOW)
            close_window(&suppressing, &rules->rules[i]);
        else
            calm(&suppressing, &rules->rules[i]);
    }
    for (size_t i = 0; i < suppressing.count; i++)
        suppress_labels_close(&suppressing.labels[i]);
    arena_release(&suppressing.scratch);
}
