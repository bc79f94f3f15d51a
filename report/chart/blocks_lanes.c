/*
 * The lanes of a chart of blocks: see grid.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "report/chart/grid.h"
#include "report/chart/picks.h"

#define SERVICES_MAX 10
#define NOTE_TEXT 96

static void
say_more(struct grid *grid, size_t count, const char *what)
{
    char note[NOTE_TEXT];
    if (count == 0)
        return;
    snprintf(note, sizeof(note), "and %zu more %s", count, what);
    grid_clear(grid);
    grid_words(grid, 0, sv_from(note));
    grid_row(grid, SV(""), true);
}

void
blocks_impact(struct grid *grid)
{
    int64_t from, to;
    bool open;
    if (!pick_impact(grid->incident, &from, &to, &open))
        return;
    grid_clear(grid);
    grid_span(grid, from, to, MARK_IMPACT);
    if (open)
        grid_put(grid, grid->width - 1, MARK_IMPACT_OPEN);
    grid_row(grid, SV("Impact"), false);
}

/* ---- errors a minute ---- */

/* Of a column: the most lines of any step that it shares a moment with. */
static void
count_columns(const struct grid *grid, int least, int64_t *ret_lines, int64_t *ret_most)
{
    const struct activity *activity = grid->options->activity;
    *ret_most = 0;
    for (size_t i = 0; i < activity->log_count; i++) {
        const struct minute_counts *at = &activity->logs[i];
        int64_t lines = pick_lines(at, least), end = at->from_ns + activity->step_ns;
        if (lines == 0 || end <= grid->from_ns || at->from_ns >= grid->to_ns)
            continue;
        for (size_t c = grid_column(grid, at->from_ns); c <= grid_column(grid, end - 1); c++)
            ret_lines[c] = lines > ret_lines[c] ? lines : ret_lines[c];
        *ret_most = lines > *ret_most ? lines : *ret_most;
    }
}

/* "at most 52", "at most 0.4" a minute: of so many in a step. */
static void
say_most(struct grid *grid, int64_t most, const char *what)
{
    int64_t minutes = grid->options->activity->step_ns / NS_PER_MINUTE;
    int64_t tenths = (most * 10 + minutes / 2) / minutes;
    char note[NOTE_TEXT];
    if (tenths < 100 && tenths % 10 != 0)
        snprintf(note, sizeof(note), "at most %" PRId64 ".%d (%s)", tenths / 10, (int)(tenths % 10),
                 what);
    else
        snprintf(note, sizeof(note), "at most %" PRId64 " (%s)", (tenths + 5) / 10, what);
    grid_clear(grid);
    grid_words(grid, 0, sv_from(note));
    grid_row(grid, SV(""), false);
}

void
blocks_errors(struct grid *grid)
{
    int64_t most;
    if (grid->options->activity == NULL)
        return;
    int64_t *lines = memory_calloc(grid->width, sizeof(*lines));
    count_columns(grid, SEVERITY_ERROR, lines, &most);
    bool errors = most > 0;
    if (!errors)
        count_columns(grid, SEVERITY_WARN, lines, &most);
    grid_clear(grid);
    for (size_t i = 0; i < grid->width && most > 0; i++)
        if (lines[i] > 0)
            grid_put(grid, i,
                     MARK_STEP + (enum mark)(((__int128)lines[i] * MARK_STEPS - 1) / most));
    if (most > 0) {
        grid_row(grid, errors ? SV("Errors a minute") : SV("Warnings a minute"), false);
        say_most(grid, most, errors ? "log lines, error or worse" : "log lines, warning");
    }
    free(lines);
}

/* ---- marks in time ---- */

void
blocks_changes(struct grid *grid)
{
    bool any = false;
    grid_clear(grid);
    for (size_t i = 0; i < grid->incident->entry_count; i++) {
        const struct entry *entry = &grid->incident->entries[i];
        if (!pick_is_change(entry) || !grid_shows(grid, entry->time_ns))
            continue;
        grid_put(grid, grid_column(grid, entry->time_ns),
                 pick_is_taken_back(entry) ? MARK_BACK : MARK_CHANGE);
        any = true;
    }
    if (any)
        grid_row(grid, SV("Changes"), false);
}

void
blocks_updates(struct grid *grid)
{
    bool any = false;
    grid_clear(grid);
    for (size_t i = 0; i < grid->incident->entry_count; i++) {
        const struct entry *entry = &grid->incident->entries[i];
        if (!pick_is_update(entry) || !grid_shows(grid, entry->time_ns))
            continue;
        grid_put(grid, grid_column(grid, entry->time_ns), MARK_TOLD);
        any = true;
    }
    if (any)
        grid_row(grid, SV("Pages, updates"), false);
}

void
blocks_people(struct grid *grid)
{
    struct pick_person people[PICK_PEOPLE_MAX];
    size_t all, count = pick_people(grid->incident, grid->from_ns, grid->to_ns, people, &all);
    grid_clear(grid);
    if (count > 0)
        grid_row(grid, SV("People"), false);
    for (size_t p = 0; p < count; p++) {
        grid_clear(grid);
        for (size_t i = people[p].first; i < grid->incident->entry_count; i++) {
            const struct entry *entry = &grid->incident->entries[i];
            size_t column = grid_column(grid, entry->time_ns);
            if (!pick_is_speech(entry) || !grid_shows(grid, entry->time_ns) ||
                !sv_eq(entry->actor, people[p].name) || grid_at(grid, column) == MARK_KEY)
                continue;
            grid_put(grid, column, pick_is_key(entry) ? MARK_KEY : MARK_SAID);
        }
        grid_row(grid, people[p].name, true);
    }
    say_more(grid, all - count, "people");
}

/* ---- alerts ---- */

struct alerted {
    struct sv service;
    const struct alert_episode *alert;
};

static int
by_service(const void *left, const void *right)
{
    const struct alerted *a = left, *b = right;
    int order = sv_cmp(a->service, b->service);
    if (order != 0)
        return order;
    if (a->alert->first_ns != b->alert->first_ns)
        return a->alert->first_ns < b->alert->first_ns ? -1 : 1;
    return sv_cmp(a->alert->node->node_key, b->alert->node->node_key);
}

/* The nodes of one service, `count` from `first` on. */
struct service {
    const struct alerted *first;
    size_t count;
    int severity; /* the worst */
    int64_t first_ns;
};

/* Worst first, of equals the earliest. */
static int
by_weight(const void *left, const void *right)
{
    const struct service *a = left, *b = right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return sv_cmp(a->first->service, b->first->service);
}

static int
by_time(const void *left, const void *right)
{
    const struct service *a = left, *b = right;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return sv_cmp(a->first->service, b->first->service);
}

/* `episodes` has room for all nodes. */
static struct alerted *
find_alerts(const struct grid *grid, struct alert_episode *episodes, size_t *ret_count)
{
    const struct incident *incident = grid->incident;
    struct alerted *alerts = memory_calloc(incident->node_count + 1, sizeof(*alerts));
    size_t found = alert_episodes(incident, episodes), count = 0;
    for (size_t i = 0; i < found; i++) {
        const struct node *node = episodes[i].node;
        if (episodes[i].last_ns >= grid->from_ns && episodes[i].first_ns <= grid->to_ns)
            alerts[count++] = (struct alerted){sv_empty(node->service) ? node->host : node->service,
                                               &episodes[i]};
    }
    qsort(alerts, count, sizeof(*alerts), by_service);
    *ret_count = count;
    return alerts;
}

static struct service *
find_services(const struct alerted *alerts, size_t alert_count, size_t *ret_count)
{
    struct service *services = memory_calloc(alert_count + 1, sizeof(*services));
    size_t count = 0;
    for (size_t i = 0; i < alert_count; i++) {
        const struct alert_episode *alert = alerts[i].alert;
        struct service *last = count > 0 ? &services[count - 1] : NULL;
        if (last == NULL || !sv_eq(last->first->service, alerts[i].service)) {
            last = &services[count++];
            *last = (struct service){&alerts[i], 0, alert->severity, alert->first_ns};
        }
        last->count++;
        last->severity = alert->severity > last->severity ? alert->severity : last->severity;
    }
    *ret_count = count;
    return services;
}

static enum mark
grade(const struct alert_episode *alert)
{
    return alert->severity >= SEVERITY_FATAL   ? MARK_CRITICAL
           : alert->severity >= SEVERITY_ERROR ? MARK_ERROR
                                               : MARK_WARNING;
}

/* The worst is seen where bars overlap. */
static void
write_service(struct grid *grid, const struct service *service)
{
    const struct alert_episode *last = service->first->alert;
    grid_clear(grid);
    for (size_t i = 0; i < service->count; i++) {
        const struct alert_episode *alert = service->first[i].alert;
        size_t to = grid_column(grid, alert->last_ns);
        last = alert->last_ns > last->last_ns ? alert : last;
        for (size_t c = grid_column(grid, alert->first_ns); c <= to; c++)
            if (grid_at(grid, c) == MARK_BLANK || grid_at(grid, c) > grade(alert))
                grid_put(grid, c, grade(alert));
    }
    size_t end = grid_column(grid, last->last_ns);
    if (!last->resolved)
        grid_put(grid, end + 1 < grid->width ? end + 1 : end, MARK_UNRESOLVED);
    grid_row(grid, service->first->service, true);
}

void
blocks_alerts(struct grid *grid)
{
    size_t alert_count, count;
    struct alert_episode *episodes =
        memory_calloc(grid->incident->node_count + 1, sizeof(*episodes));
    struct alerted *alerts = find_alerts(grid, episodes, &alert_count);
    struct service *services = find_services(alerts, alert_count, &count);
    qsort(services, count, sizeof(*services), by_weight);
    size_t shown = count < SERVICES_MAX ? count : SERVICES_MAX;
    qsort(services, shown, sizeof(*services), by_time);
    grid_clear(grid);
    if (shown > 0)
        grid_row(grid, SV("Alerts"), false);
    for (size_t i = 0; i < shown; i++)
        write_service(grid, &services[i]);
    say_more(grid, count - shown, "services");
    free(services);
    free(alerts);
    free(episodes);
}

/* ---- gaps ---- */

void
blocks_gaps(struct grid *grid)
{
    const struct activity *activity = grid->options->activity;
    int64_t from, to;
    size_t at = 0;
    bool any = false;
    if (activity == NULL)
        return;
    grid_clear(grid);
    while (pick_silence(activity, grid->from_ns, grid->to_ns, &at, &from, &to)) {
        grid_span(grid, from, to - 1, MARK_SILENT);
        any = true;
    }
    for (size_t i = 0; i < activity->gap_count; i++) {
        pick_lost(&activity->gaps[i], &from, &to);
        if (to < grid->from_ns || from > grid->to_ns)
            continue;
        grid_span(grid, from, to, MARK_LOST);
        any = true;
    }
    if (any)
        grid_row(grid, SV("Gaps in records"), false);
}
