/*
 * From when to when an incident went: see hindcast/incident.h. Called by correlate_run() for what
 * is stored, and by a draft for the rows that prove it; any thread.
 */
#include "hindcast/incident.h"

/* Moments of a smaller confidence are told nowhere: see hindcast/confidence.def. */
enum {
#define CONFIDENCE(name, word, least, meaning) LEAST_##name = (least),
#include "hindcast/confidence.def"
};

static bool
has_reason(const struct entry *entry, struct sv name)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, name))
            return true;
    return false;
}

/* What lies outside the bounds that people declared, and is not said to belong to it. */
static bool
is_inside(const struct entry *entry)
{
    return !has_reason(entry, SV("outside_bounds")) &&
           !has_reason(entry, SV("talk_outside_bounds")) && !has_reason(entry, SV("before_bounds"));
}

static bool
is_key_inside(const struct entry *entry)
{
    return entry->significance == SIGNIFICANCE_KEY && is_inside(entry);
}

static bool
is_any(const struct entry *entry)
{
    (void)entry;
    return true;
}

/* The first and the last entry that passes; false where none does. */
static bool
find_ends(const struct incident *incident, bool (*test)(const struct entry *),
          struct span_rows *found)
{
    size_t first = 0, end = incident->entry_count;
    while (first < end && !test(&incident->entries[first]))
        first++;
    if (first == end)
        return false;
    while (!test(&incident->entries[end - 1]))
        end--;
    found->start = &incident->entries[first];
    found->end = &incident->entries[end - 1];
    return true;
}

/* From key row to key row, of those within declared bounds where there is one: what lies around
 * them may be anything. */
static void
find_rows(const struct incident *incident, struct span_rows *found)
{
    found->key_window = find_ends(incident, is_key_inside, found);
    if (!found->key_window && !find_ends(incident, is_inside, found) &&
        !find_ends(incident, is_any, found))
        return;
    found->span.start_by = found->key_window ? START_BY_KEY_ROW : START_BY_ROW;
    found->span.start_ns = found->start->time_ns;
}

static const struct entry *
entry_of(const struct incident *incident, const struct milestone_row *row)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (sv_eq(incident->entries[i].entry_id, row->entry_id))
            return &incident->entries[i];
    return NULL;
}

/* The first (the last) moment of the kind that is told and whose row is there. */
static const struct milestone_row *
moment(const struct incident *incident, enum milestone milestone, bool last,
       const struct entry **ret_entry)
{
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row =
            &incident->milestones[last ? incident->milestone_count - 1 - i : i];
        if (row->milestone == milestone && row->confidence >= LEAST_POSSIBLE &&
            (*ret_entry = entry_of(incident, row)) != NULL)
            return row;
    }
    return NULL;
}

static void
find_start(const struct incident *incident, struct span_rows *found)
{
    static const enum milestone starts[] = {MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED};
    static const enum span_mark marks[] = {START_BY_IMPACT, START_BY_DETECTED};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        const struct entry *entry;
        const struct milestone_row *row = moment(incident, starts[i], false, &entry);
        if (row == NULL)
            continue;
        found->start = entry;
        found->span.start_by = marks[i];
        found->span.start_ns = row->time_ns;
        return;
    }
}

static void
find_end(const struct incident *incident, int64_t declared_end_ns, struct span_rows *found)
{
    static const enum milestone ends[] = {MILESTONE_RECOVERED, MILESTONE_RESOLVED};
    struct incident_span *span = &found->span;
    span->end_ns = declared_end_ns;
    if (declared_end_ns != TIME_NONE)
        span->outcome = OUTCOME_OVER;
    for (size_t i = 2; i-- > 0;) {
        const struct entry *entry;
        const struct milestone_row *row = moment(incident, ends[i], true, &entry);
        if (row == NULL)
            continue;
        found->end = entry;
        span->end_ns = row->time_ns;
        if (i == 1 || span->outcome != OUTCOME_RESOLVED)
            span->outcome = i == 1 ? OUTCOME_RESOLVED : OUTCOME_RECOVERED;
    }
    span->outcome_ns = span->end_ns;
    if (span->outcome == OUTCOME_RESOLVED) {
        const struct entry *entry;
        span->outcome_ns = moment(incident, MILESTONE_RESOLVED, true, &entry)->time_ns;
    }
}

static void
reaches(struct span_rows *found, enum incident_outcome outcome, int64_t time_ns,
        const struct entry *entry)
{
    struct incident_span *span = &found->span;
    if (span->outcome_ns != TIME_NONE &&
        (time_ns < span->outcome_ns || (time_ns == span->outcome_ns && outcome < span->outcome)))
        return;
    span->outcome = outcome;
    span->outcome_ns = time_ns;
    found->told = entry;
}

/* How far an incident without an end came, by what is told last. */
static void
find_last_state(const struct incident *incident, struct span_rows *found)
{
    static const struct {
        enum milestone milestone;
        enum incident_outcome outcome;
    } states[] = {{MILESTONE_DETECTED, OUTCOME_DETECTED},
                  {MILESTONE_ACKNOWLEDGED, OUTCOME_ACKNOWLEDGED},
                  {MILESTONE_MITIGATED, OUTCOME_MITIGATED},
                  {MILESTONE_REOPENED, OUTCOME_REOPENED}};
    const struct entry *entry;
    found->span.outcome = OUTCOME_SEEN;
    found->told = found->end;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        const struct milestone_row *row = moment(incident, states[i].milestone, true, &entry);
        if (row != NULL)
            reaches(found, states[i].outcome, row->time_ns, entry);
    }
    for (size_t i = incident->entry_count; i-- > 0;) {
        entry = &incident->entries[i];
        if (entry->kind == ENTRY_ALERT_FIRING)
            reaches(found, OUTCOME_FIRING, entry->time_ns, entry);
        if (entry->kind == ENTRY_ALERT_FIRING || entry->kind == ENTRY_ALERT_RESOLVED)
            return;
    }
}

void
incident_span_find(const struct incident *incident, int64_t declared_end_ns,
                   struct span_rows *ret_found)
{
    struct span_rows found = {.span = {.start_ns = incident->first_ns,
                                       .start_by = START_BY_SIGN,
                                       .end_ns = TIME_NONE,
                                       .outcome_ns = TIME_NONE}};
    find_rows(incident, &found);
    find_start(incident, &found);
    find_end(incident, declared_end_ns, &found);
    if (found.span.end_ns == TIME_NONE)
        find_last_state(incident, &found);
    *ret_found = found;
}
