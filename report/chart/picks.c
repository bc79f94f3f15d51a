/*
 * What a chart shows: see picks.h.
 */
#include "report/chart/picks.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "report/facts.h"

#define SILENCE_MINUTES 5
#define SILENCE_PART 20 /* of the window: what is shorter is no gap */
#define ACTIVE_STEPS 20 /* with records: where there are fewer, silence says nothing */

/* ---- milestones ---- */

const struct chart_flag chart_flags[CHART_FLAGS] = {
    {MILESTONE_IMPACT_STARTED, "impact begins"},
    {MILESTONE_DETECTED, "detected"},
    {MILESTONE_ACKNOWLEDGED, "acknowledged"},
    {MILESTONE_DECLARED, "declared"},
    {MILESTONE_CAUSE_IDENTIFIED, "understood"},
    {MILESTONE_MITIGATED, "mitigated"},
    {MILESTONE_RECOVERED, "recovered"},
    {MILESTONE_REOPENED, "reopened"},
    {MILESTONE_RESOLVED, "resolved"},
};

const struct milestone_row *
pick_first(const struct incident *incident, enum milestone milestone)
{
    for (size_t i = 0; i < incident->milestone_count; i++)
        if (incident->milestones[i].milestone == milestone)
            return &incident->milestones[i];
    return NULL;
}

static const struct milestone_row *
last_of(const struct incident *incident, enum milestone milestone)
{
    const struct milestone_row *last = NULL;
    for (size_t i = 0; i < incident->milestone_count; i++)
        if (incident->milestones[i].milestone == milestone)
            last = &incident->milestones[i];
    return last;
}

bool
pick_impact(const struct incident *incident, int64_t *ret_from_ns, int64_t *ret_to_ns,
            bool *ret_open)
{
    const struct milestone_row *start = pick_first(incident, MILESTONE_IMPACT_STARTED);
    const struct milestone_row *end = last_of(incident, MILESTONE_RECOVERED);
    if (start == NULL)
        start = pick_first(incident, MILESTONE_DETECTED);
    if (end == NULL)
        end = last_of(incident, MILESTONE_RESOLVED);
    if (start == NULL || (end != NULL && end->time_ns < start->time_ns))
        return false;
    *ret_from_ns = start->time_ns;
    *ret_to_ns = end == NULL ? INT64_MAX : end->time_ns;
    *ret_open = end == NULL;
    return true;
}

/* ---- entries ---- */

bool
pick_is_change(const struct entry *entry)
{
    return entry->record_kind == RECORD_COMMIT || entry->record_kind == RECORD_MERGE ||
           entry->record_kind == RECORD_DEPLOY || entry->kind == ENTRY_CHANGE_STARTED ||
           entry->kind == ENTRY_CHANGE_FINISHED || entry->kind == ENTRY_CHANGE_REVERTED ||
           entry->kind == ENTRY_CHANGE_FAILED;
}

bool
pick_is_taken_back(const struct entry *entry)
{
    return is_rollback(entry);
}

bool
pick_is_update(const struct entry *entry)
{
    return entry->record_kind == RECORD_STATUS || entry->kind == ENTRY_STATUS_PAGE_UPDATE ||
           entry->act == ACT_COMMS || entry->kind == ENTRY_PAGE_SENT ||
           entry->kind == ENTRY_ESCALATION;
}

bool
pick_is_speech(const struct entry *entry)
{
    return !sv_empty(entry->actor) &&
           (entry->record_kind == RECORD_CHAT || entry->record_kind == RECORD_LINKED_MESSAGE ||
            entry->record_kind == RECORD_SAL || entry->record_kind == RECORD_NOTE ||
            entry->kind == ENTRY_ALERT_ACKNOWLEDGED);
}

bool
pick_is_key(const struct entry *entry)
{
    return entry->significance == SIGNIFICANCE_KEY;
}

/* ---- people ---- */

static int
by_name(const void *left, const void *right)
{
    const struct pick_person *a = left, *b = right;
    int order = sv_cmp(a->name, b->name);
    return order != 0 ? order : (a->first > b->first) - (a->first < b->first);
}

static int
by_number(const void *left, const void *right)
{
    const struct pick_person *a = left, *b = right;
    if (a->entries != b->entries)
        return a->entries > b->entries ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static int
by_first(const void *left, const void *right)
{
    const struct pick_person *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

size_t
pick_people(const struct incident *incident, int64_t from_ns, int64_t to_ns,
            struct pick_person ret_people[PICK_PEOPLE_MAX], size_t *ret_all)
{
    struct pick_person *people = memory_calloc(incident->entry_count + 1, sizeof(*people));
    size_t count = 0, merged = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        if (pick_is_speech(entry) && entry->time_ns >= from_ns && entry->time_ns <= to_ns)
            people[count++] = (struct pick_person){entry->actor, i, 1};
    }
    qsort(people, count, sizeof(*people), by_name);
    for (size_t i = 0; i < count; i++)
        if (merged > 0 && sv_eq(people[merged - 1].name, people[i].name))
            people[merged - 1].entries++;
        else
            people[merged++] = people[i];
    qsort(people, merged, sizeof(*people), by_number);
    size_t shown = merged < PICK_PEOPLE_MAX ? merged : PICK_PEOPLE_MAX;
    qsort(people, shown, sizeof(*people), by_first);
    for (size_t i = 0; i < shown; i++)
        ret_people[i] = people[i];
    free(people);
    *ret_all = merged;
    return shown;
}

/* ---- counts ---- */

int64_t
pick_lines(const struct minute_counts *minutes, int least)
{
    int64_t lines = 0;
    for (int severity = least; severity <= SEVERITY_MAX; severity++)
        lines += minutes->logs[severity];
    return lines;
}

bool
pick_silence(const struct activity *activity, int64_t from_ns, int64_t to_ns, size_t *at,
             int64_t *ret_since_ns, int64_t *ret_until_ns)
{
    int64_t least = (to_ns - from_ns) / SILENCE_PART;
    least = least < SILENCE_MINUTES * NS_PER_MINUTE ? SILENCE_MINUTES * NS_PER_MINUTE : least;
    if (activity->source_count < ACTIVE_STEPS)
        return false;
    while (*at <= activity->source_count) {
        size_t i = (*at)++;
        int64_t since = i == 0 ? from_ns : activity->sources[i - 1].from_ns + activity->step_ns;
        int64_t until = i == activity->source_count ? to_ns : activity->sources[i].from_ns;
        since = since < from_ns ? from_ns : since;
        if (until - since < least)
            continue;
        *ret_since_ns = since;
        *ret_until_ns = until;
        return true;
    }
    return false;
}

void
pick_lost(const struct record_gap *gap, int64_t *ret_from_ns, int64_t *ret_to_ns)
{
    int64_t after = gap->after_ns != TIME_NONE ? gap->after_ns : gap->before_ns;
    int64_t before = gap->before_ns != TIME_NONE ? gap->before_ns : gap->after_ns;
    *ret_from_ns = after < before ? after : before;
    *ret_to_ns = after < before ? before : after;
}

int64_t
pick_tick_ns(int64_t length_ns, int marks)
{
    static const int64_t minutes[] = {1,   2,   5,   10,   15,   30,    60,   120,
                                      180, 360, 720, 1440, 2880, 10080, 40320};
    for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++)
        if (length_ns / (minutes[i] * NS_PER_MINUTE) <= marks)
            return minutes[i] * NS_PER_MINUTE;
    return (length_ns / marks / NS_PER_DAY + 1) * NS_PER_DAY;
}
