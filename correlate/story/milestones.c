/*
 * Milestones: which row proves that the impact began, was noticed, named, taken, understood,
 * mitigated, over. A row may prove several; only rows inside the bounds that are more than
 * background count; changes alone prove nothing. Called by correlate_run() after the scores.
 */
#include "correlate/story/rows.h"

#include <assert.h>

struct search {
    struct story *story;
    struct row **live; /* inside the bounds and more than background */
    size_t live_count;
    size_t after; /* first live row of the time in question; live_count: none */
    int64_t begin_ns;
    struct row *detected;
};

static void
claim(enum milestone milestone, struct row *row)
{
    if (row == NULL)
        return;
    assert(row->milestone_count <= MILESTONE_COUNT);
    if (row->milestone_count == 0)
        row_add(row, SV("milestone"), 100);
    for (size_t i = 0; i < row->milestone_count; i++)
        if (row->milestones[i] == milestone)
            return;
    assert(row->milestone_count < MILESTONE_COUNT); /* each once */
    row->milestones[row->milestone_count++] = milestone;
}

static bool
troubled(const struct row *row)
{
    return ((row->record == RECORD_ALERT || row->record == RECORD_LOG) && !row->clears) ||
           row->act == ACT_SYMPTOM || row->act == ACT_REPORT || row->act == ACT_DETECTION;
}

static bool
is_action(enum act act)
{
    return act == ACT_ACTION || act == ACT_ROLLBACK;
}

static bool
responds(const struct row *row)
{
    return row->record == RECORD_CHAT && !row->bot &&
           (row->act == ACT_STATUS || row->act == ACT_HYPOTHESIS || row->act == ACT_FINDING ||
            is_action(row->act));
}

static bool
has_act(const struct row *row, enum act act)
{
    for (size_t i = 0; i < row->act_count; i++)
        if (row->acts[i] == act)
            return true;
    return false;
}

/* ------------------------------------------------------------- the beginning */

/* A change that is applied again later was taken back for other reasons: a decoy. */
static bool
applied_again(const struct story *story, const struct row *row)
{
    for (size_t i = 0; i < story->count; i++)
        if (story->rows[i]->time_ns > row->time_ns && sv_eq(story->rows[i]->text, row->text))
            return true;
    return false;
}

static struct row *
culprit(const struct search *search)
{
    struct row *found = NULL;
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row_is_change(row) && row->time_ns <= search->begin_ns &&
            row->time_ns >= search->begin_ns - CHANGE_BEFORE_NS &&
            (row_has_reason(row, SV("named_in_chat")) ||
             (row_has_reason(row, SV("reverted_later")) && !applied_again(search->story, row))))
            found = row;
    }
    return found;
}

/* The first alert that is among the live rows; the moment before which talk cannot answer one. */
static int64_t
first_alert_ns(const struct search *search)
{
    for (size_t i = 0; i < search->live_count; i++)
        if (search->live[i]->record == RECORD_ALERT)
            return search->live[i]->time_ns;
    return INT64_MIN;
}

/*
 * "Deploying 2.41" is an action and no answer to the alerts that follow it: where there are alerts,
 * an action that somebody reports before the first of them does not mean that trouble was noticed.
 */
static bool
notices(const struct row *row, int64_t alert_ns)
{
    return (troubled(row) && row->record != RECORD_LOG) || row->record == RECORD_INCIDENT_EVENT ||
           (responds(row) && !(is_action(row->act) && row->time_ns < alert_ns));
}

static void
find_begin(struct search *search)
{
    struct row *symptom = NULL, *detected = NULL;
    int64_t alert_ns = first_alert_ns(search);
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row_is_change(row))
            continue;
        if (symptom == NULL && troubled(row))
            symptom = row;
        if (detected == NULL && notices(row, alert_ns))
            detected = row;
    }
    if (detected == NULL)
        detected = symptom;
    search->detected = detected;
    search->after = search->story->declared ? 0 : search->live_count;
    if (detected == NULL)
        return;
    struct row *earliest =
        symptom != NULL && symptom->time_ns <= detected->time_ns ? symptom : detected;
    search->begin_ns = earliest->time_ns;
    struct row *change = culprit(search);
    claim(MILESTONE_IMPACT_STARTED, change != NULL ? change : earliest);
    claim(MILESTONE_DETECTED, detected);
    search->after = 0;
    while (search->after < search->live_count &&
           search->live[search->after]->time_ns < search->begin_ns)
        search->after++;
}

static void
find_response(struct search *search)
{
    struct row *declared = NULL, *acknowledged = NULL;
    for (size_t i = search->after; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (declared == NULL && row->act == ACT_DECLARATION)
            declared = row;
        if (acknowledged == NULL &&
            (row->act == ACT_ACK || (search->detected != NULL && responds(row) &&
                                     !sv_eq(row->actor, search->detected->actor))))
            acknowledged = row;
    }
    claim(MILESTONE_DECLARED, declared);
    claim(MILESTONE_ACKNOWLEDGED, acknowledged);
}

/* ------------------------------------------------------------------- the end */

static bool
is_recovery(const struct row *row)
{
    return has_act(row, ACT_RECOVERY) || (row->record == RECORD_ALERT && row->clears);
}

static struct row *
trouble_between(const struct search *search, int64_t from_ns, int64_t to_ns)
{
    for (size_t i = search->after; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row->time_ns > from_ns && row->time_ns < to_ns && troubled(row) &&
            row->score >= KEY_SCORE)
            return row;
    }
    return NULL;
}

/*
 * Recoveries less than RELAPSE_NS apart are one spell; a later spell counts only if clear trouble
 * lies between. Returns the first row of the spell that counts last.
 */
static struct row *
find_recovery(const struct search *search)
{
    struct row *begin = NULL, *spell = NULL;
    int64_t end_ns = 0, counted_end_ns = 0;
    bool counted = false;
    for (size_t i = search->after; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (!is_recovery(row))
            continue;
        if (spell == NULL || row->time_ns - end_ns > RELAPSE_NS) {
            spell = row;
            struct row *trouble =
                begin == NULL ? NULL : trouble_between(search, counted_end_ns, row->time_ns);
            claim(MILESTONE_REOPENED, trouble);
            counted = begin == NULL || trouble != NULL;
            if (counted)
                begin = row;
        }
        end_ns = row->time_ns;
        if (counted)
            counted_end_ns = end_ns;
    }
    return begin;
}

static bool
is_resolution(const struct row *row)
{
    if (row->act == ACT_RESOLUTION)
        return true;
    struct words start = {row->words.at, row->words.count < 6 ? row->words.count : 6};
    return row_is_signal(row) &&
           (words_have(start, SV("resolved")) || row->observation->event.phase == PHASE_RESOLVE);
}

static bool
is_mitigation(const struct row *row)
{
    if (row_has_reason(row, SV("routine_change")))
        return false;
    if (row_is_change(row)
            ? row_has_reason(row, SV("reverts")) || row_has_reason(row, SV("named_in_chat"))
            : row->act_count > 0 && is_action(row->acts[0]))
        return true;
    return has_act(row, ACT_ROLLBACK);
}

/* The last cause that was named before the end; a finding or a named change before a guess. */
static struct row *
find_cause(const struct search *search, int64_t limit_ns)
{
    struct row *best = NULL;
    bool best_sure = false;
    for (size_t i = search->after; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row->time_ns > limit_ns || (row->act != ACT_FINDING && row->act != ACT_HYPOTHESIS))
            continue;
        bool sure = row->act == ACT_FINDING || row_has_reason(row, SV("names_change"));
        if (best == NULL || (sure && !best_sure) ||
            (sure == best_sure && row->time_ns > best->time_ns)) {
            best = row;
            best_sure = sure;
        }
    }
    return best;
}

void
set_milestones(struct story *story)
{
    struct search search = {.story = story};
    search.live = ARENA_ARRAY(story->scratch, struct row *, story->count + 1);
    for (size_t i = 0; i < story->count; i++)
        if (story->rows[i]->score >= STANDARD_SCORE && !story->rows[i]->outside)
            search.live[search.live_count++] = story->rows[i];
    find_begin(&search);
    find_response(&search);
    struct row *recovered = find_recovery(&search), *resolved = NULL, *mitigated = NULL;
    for (size_t i = search.after; i < search.live_count; i++)
        if (is_resolution(search.live[i]))
            resolved = search.live[i];
    claim(MILESTONE_RECOVERED, recovered);
    claim(MILESTONE_RESOLVED, resolved);
    int64_t stop = recovered != NULL  ? recovered->time_ns
                   : resolved != NULL ? resolved->time_ns
                                      : INT64_MAX;
    for (size_t i = search.after; i < search.live_count; i++)
        if (search.live[i]->time_ns <= stop && is_mitigation(search.live[i]))
            mitigated = search.live[i];
    claim(MILESTONE_MITIGATED, mitigated);
    claim(MILESTONE_CAUSE_IDENTIFIED,
          find_cause(&search, mitigated != NULL ? mitigated->time_ns : stop));
}
