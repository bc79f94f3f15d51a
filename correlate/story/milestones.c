/*
 * Milestones: which rows prove that the impact began, was noticed, declared, taken, understood,
 * mitigated, over. Each has candidates with a worth; of all sets that break no constraint the one
 * worth most is chosen, of equals the one whose moments lie first (docs/correlation.md, section 7).
 * What is left out because it contradicts is noted at its row, for a question. Called by
 * correlate_run() after find_setbacks().
 */
#include "correlate/story/confidence.h"
#include "correlate/story/moments.h"

#include <assert.h>

#define PICKS_MAX 16  /* candidates of a milestone; of more the first in time */
#define WINDOWS_MAX 8 /* of impact; what comes back more often is told as one with the last */

#define FADES_MINUTES 60 /* an act loses no more after that */

struct pick {
    struct row *row;
    enum basis basis;
    int worth;
};

struct picks {
    struct pick at[PICKS_MAX];
    size_t count;
};

/* A time of impact, from trouble to the recovery from it. */
struct window {
    int64_t from_ns;
    struct row *trouble; /* that opened it again; NULL: the first */
    struct picks recoveries;
};

struct search {
    struct story *story;
    const struct milestone_settings *worths;
    struct row **live; /* inside the bounds and more than background */
    size_t live_count;
    int64_t from_ns; /* of the detection; TIME_NONE: there is none */
    int64_t begin_ns;
    struct window windows[WINDOWS_MAX];
    size_t window_count;
    const struct row *recovered; /* from the last */
    const struct row *mitigated;
    struct counter last_said; /* of each text: the time of the last row that has it */
};

static void
claim(const struct search *search, enum milestone milestone, struct row *row, enum basis basis)
{
    const struct story *story = search->story;
    if (row == NULL)
        return;
    assert(row->milestone_count <= MILESTONE_COUNT);
    if (row->milestone_count == 0)
        row_add(row, SV("milestone"), 100);
    for (size_t i = 0; i < row->milestone_count; i++)
        if (row->milestones[i] == milestone)
            return;
    assert(row->milestone_count < MILESTONE_COUNT); /* each once */
    row->bases[row->milestone_count] = basis;
    row_note(row, arena_printf(story->arena, "%s_by_%s%s", milestone_word(milestone),
                               basis_word(basis), story->is_long ? "_long" : ""));
    row->milestones[row->milestone_count++] = milestone;
}

static void
claim_pick(const struct search *search, enum milestone milestone, const struct pick *pick)
{
    if (pick != NULL)
        claim(search, milestone, pick->row, pick->basis);
}

static void
add_pick(struct picks *picks, struct row *row, enum basis basis, int worth)
{
    if (basis != BASES && picks->count < PICKS_MAX)
        picks->at[picks->count++] = (struct pick){row, basis, worth};
}

/* ------------------------------------------------------------- the beginning */

/* A change that is applied again later was taken back for other reasons: a decoy. */
static bool
applied_again(const struct search *search, const struct row *row)
{
    return *counter_find(&search->last_said, row->text) > row->time_ns;
}

/* The last time of each text, in order of rows. */
static void
note_last_said(struct search *search)
{
    const struct story *story = search->story;
    counter_init(&search->last_said, story->scratch);
    for (size_t i = 0; i < story->count; i++)
        *counter_at(&search->last_said, story->rows[i]->text, 0) = story->rows[i]->time_ns;
}

/* The last change before the first trouble that talk names or that is taken back for good. */
static struct row *
culprit(const struct search *search, int64_t trouble_ns)
{
    struct row *found = NULL;
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row_is_change(row) && !row_is_told_elsewhere(row) && row->time_ns <= trouble_ns &&
            row->time_ns >= trouble_ns - search->worths->culprit_ms * NS_PER_MS &&
            (row_has_reason(row, SV("named_in_chat")) ||
             (row_has_reason(row, SV("reverted_later")) && !applied_again(search, row))))
            found = row;
    }
    return found;
}

/* The first alert that is among the live rows; the moment before which talk cannot answer one. */
static int64_t
first_alert_ns(const struct search *search)
{
    for (size_t i = 0; i < search->live_count; i++)
        if (row_trouble(search->live[i]) == BASIS_ALERT)
            return search->live[i]->time_ns;
    return INT64_MIN;
}

/* The first sign of trouble that somebody can be at work for; TIME_NONE: there is none. */
static int64_t
first_trouble_ns(const struct search *search)
{
    for (size_t i = 0; i < search->live_count; i++) {
        enum basis trouble = row_trouble(search->live[i]);
        if (trouble != BASES && trouble != BASIS_LOG && trouble != BASIS_LINE)
            return search->live[i]->time_ns;
    }
    return TIME_NONE;
}

/* Somebody at work long before the first sign of trouble answers something else. */
static bool
answers_soon(const struct search *search, int64_t trouble_ns, const struct row *row)
{
    return trouble_ns == TIME_NONE ||
           trouble_ns - row->time_ns <= search->worths->answer_ms * NS_PER_MS;
}

static void
collect_signs(const struct search *search, struct picks *impact, struct picks *noticed)
{
    int64_t alert_ns = first_alert_ns(search), trouble_ns = first_trouble_ns(search);
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row_is_change(row))
            continue;
        enum basis trouble = row_trouble(row), notice = row_notices(row, alert_ns);
        if (notice == BASIS_RESPONSE && !answers_soon(search, trouble_ns, row))
            continue;
        add_pick(impact, row, trouble,
                 trouble == BASIS_LINE ? search->worths->line : search->worths->sign);
        add_pick(noticed, row, notice, search->worths->sign);
        if (trouble != BASES && notice == BASES)
            add_pick(noticed, row, trouble, search->worths->fallback);
        if (notice != BASES && trouble == BASES)
            add_pick(impact, row, notice, search->worths->fallback);
    }
}

/* What happens at the beginning: who took and who declared it follows from who noticed it. */
struct beginning {
    const struct pick *impact, *noticed;
    struct row *declared, *acknowledged;
    int worth;
};

static void
find_response(const struct search *search, struct beginning *beginning)
{
    const struct row *noticed = beginning->noticed->row;
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row->time_ns < noticed->time_ns)
            continue;
        if (beginning->declared == NULL && row->act == ACT_DECLARATION)
            beginning->declared = row;
        if (beginning->acknowledged == NULL &&
            (row->act == ACT_ACK || (row_responds(row) && !sv_eq(row->actor, noticed->actor))))
            beginning->acknowledged = row;
    }
    beginning->worth += (beginning->declared != NULL) + (beginning->acknowledged != NULL);
}

/*
 * Detection does not lie before the candidate of the impact, nor after what shows that somebody
 * knew; nothing else lies before detection.
 */
static struct beginning
choose_beginning(const struct search *search, const struct picks *impact,
                 const struct picks *noticed)
{
    struct beginning best = {.worth = 0};
    bool known = false;
    for (size_t d = 0; d < noticed->count && !known; d++) {
        known = noticed->at[d].worth > search->worths->fallback;
        struct beginning found = {.noticed = &noticed->at[d], .worth = noticed->at[d].worth};
        find_response(search, &found);
        int without = found.worth;
        for (size_t i = 0; i < impact->count; i++) {
            found.impact = &impact->at[i];
            found.worth = without + impact->at[i].worth;
            if (impact->at[i].row->time_ns <= noticed->at[d].row->time_ns &&
                found.worth > best.worth)
                best = found;
        }
    }
    return best;
}

/* What reads as an answer, and lies before anything was noticed. */
static void
note_early_answers(const struct search *search)
{
    for (size_t i = 0; i < search->live_count; i++)
        if (search->live[i]->time_ns < search->from_ns && search->live[i]->act == ACT_ACK)
            row_note(search->live[i], SV("before_detection"));
}

static void
find_beginning(struct search *search)
{
    struct picks impact = {.count = 0}, noticed = {.count = 0};
    collect_signs(search, &impact, &noticed);
    search->begin_ns = search->story->declared ? INT64_MIN : INT64_MAX;
    search->from_ns = TIME_NONE;
    if (noticed.count == 0)
        return;
    struct beginning best = choose_beginning(search, &impact, &noticed);
    if (best.noticed == NULL)
        return;
    search->from_ns = best.noticed->row->time_ns;
    search->begin_ns = best.impact->row->time_ns;
    struct row *change = culprit(search, best.impact->row->time_ns);
    if (change != NULL)
        claim(search, MILESTONE_IMPACT_STARTED, change, row_basis(change));
    else
        claim_pick(search, MILESTONE_IMPACT_STARTED, best.impact);
    claim_pick(search, MILESTONE_DETECTED, best.noticed);
    claim(search, MILESTONE_DECLARED, best.declared,
          best.declared ? row_basis(best.declared) : BASES);
    if (best.acknowledged != NULL)
        claim(search, MILESTONE_ACKNOWLEDGED, best.acknowledged,
              best.acknowledged->act == ACT_ACK ? row_basis(best.acknowledged) : BASIS_RESPONSE);
    note_early_answers(search);
}

/* ------------------------------------------------------------------- the end */

/* The first live row that is later than this. */
static size_t
first_after(const struct search *search, int64_t ns)
{
    size_t low = 0, high = search->live_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->live[middle]->time_ns <= ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct row *
trouble_between(const struct search *search, int64_t from_ns, int64_t to_ns, bool relapse)
{
    for (size_t i = first_after(search, from_ns);
         i < search->live_count && search->live[i]->time_ns < to_ns; i++) {
        struct row *row = search->live[i];
        if (row->score >= KEY_SCORE && (relapse ? row_relapses(row) : row_trouble(row) != BASES))
            return row;
    }
    return NULL;
}

/* Until when an alert goes on that fired by now and is resolved at all: the service is not well. */
static int64_t
fires_until(int64_t until_ns, const struct row *row)
{
    const struct work_node *node = row->node;
    if (row->record != RECORD_ALERT || row->clears || node->role != NODE_ALERT)
        return until_ns;
    const struct observation *last = node->records[node->record_count - 1]->observation;
    bool ends = last != NULL && last->event.phase == PHASE_RESOLVE;
    return ends && last->event.event_time_ns > until_ns ? last->event.event_time_ns : until_ns;
}

static void
open_window(struct search *search, int64_t from_ns, struct row *trouble)
{
    if (search->window_count < WINDOWS_MAX)
        search->windows[search->window_count++] =
            (struct window){.from_ns = from_ns, .trouble = trouble};
}

/*
 * Recoveries nearer than an hour are of one window, but for clear trouble between them; one that is
 * farther away opens another only if there was trouble, and counts for nothing else.
 */
static void
find_windows(struct search *search)
{
    int64_t last_ns = TIME_NONE, until_ns = INT64_MIN,
            relapse_ns = search->worths->relapse_ms * NS_PER_MS;
    int64_t clear_ns = INT64_MIN; /* far behind the last recovery: no trouble lies before this */
    open_window(search, search->from_ns != TIME_NONE ? search->from_ns : search->begin_ns, NULL);
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        bool expected = row_has_act(row, ACT_RECOVERY) && row->record != RECORD_ALERT;
        until_ns = fires_until(until_ns, row);
        if (row->time_ns < search->windows[0].from_ns || (!row_recovers(row) && !expected) ||
            (row->record == RECORD_ALERT && row->time_ns < until_ns))
            continue;
        bool far = last_ns != TIME_NONE && row->time_ns - last_ns > relapse_ns;
        int64_t looked_ns = far && clear_ns > last_ns ? clear_ns - 1 : last_ns;
        struct row *trouble =
            last_ns == TIME_NONE ? NULL : trouble_between(search, looked_ns, row->time_ns, !far);
        if (far && trouble == NULL) {
            clear_ns = row->time_ns;
            continue;
        }
        if (trouble != NULL)
            open_window(search, trouble->time_ns, trouble);
        add_pick(&search->windows[search->window_count - 1].recoveries, row,
                 row_recovers(row) ? row_basis(row) : BASIS_EXPECTED,
                 row_recovers(row) ? search->worths->sign : search->worths->expected);
        last_ns = row->time_ns;
    }
}

/* What the act is worth as the one that ended it; 0: it cannot be. */
static int64_t
credit_of(const struct search *search, const struct row *row, int64_t stop_ns)
{
    int64_t weight = row->cancelled ? 0 : row_act_weight(search->story->config, row);
    int64_t minutes = stop_ns == INT64_MAX ? 0 : (stop_ns - row->time_ns) / MINUTE_NS;
    /* Where nobody noticed anything, only what takes back tells of trouble at all. */
    if (weight == 0 || (search->from_ns == TIME_NONE && row_basis(row) != BASIS_REVERT))
        return 0;
    int64_t fades = search->worths->fade * (minutes < FADES_MINUTES ? minutes : FADES_MINUTES);
    return weight > fades ? weight - fades : 1;
}

/* The act between these times that is worth most; of equals the last. */
static struct row *
best_act(const struct search *search, int64_t from_ns, int64_t stop_ns)
{
    struct row *best = NULL;
    int64_t most = 0;
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row->time_ns < from_ns || row->time_ns > stop_ns)
            continue;
        int64_t credit = credit_of(search, row, stop_ns);
        if (credit > 0 && credit >= most) {
            best = row;
            most = credit;
        }
    }
    return best;
}

/* The recovery, and the act before it, that are worth most together. */
static void
choose_end(struct search *search, const struct window *window)
{
    const struct pick *best = NULL;
    struct row *act = NULL;
    int most = 0;
    for (size_t i = 0; i < window->recoveries.count; i++) {
        const struct pick *pick = &window->recoveries.at[i];
        struct row *before = best_act(search, window->from_ns, pick->row->time_ns);
        int worth = pick->worth + (before != NULL ? search->worths->act : 0);
        if (worth <= most)
            continue;
        best = pick;
        act = before;
        most = worth;
    }
    if (window->trouble != NULL)
        claim(search, MILESTONE_REOPENED, window->trouble, row_basis(window->trouble));
    claim_pick(search, MILESTONE_RECOVERED, best);
    claim(search, MILESTONE_MITIGATED, act, act != NULL ? row_basis(act) : BASES);
    if (best != NULL)
        search->recovered = best->row;
    if (act != NULL)
        search->mitigated = act;
}

/* What people and their tools say last counts; where they do not, the last alert that ends. */
static struct row *
find_resolution(struct search *search)
{
    struct row *best = NULL;
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        enum basis basis = row_resolves(row);
        if (basis == BASES || row->time_ns < search->windows[0].from_ns)
            continue;
        if (search->recovered != NULL && row->time_ns < search->recovered->time_ns) {
            if (basis != BASIS_ALERT)
                row_note(row, SV("before_recovery"));
            continue;
        }
        if (best == NULL || basis != BASIS_ALERT || row_resolves(best) == BASIS_ALERT)
            best = row;
    }
    claim(search, MILESTONE_RESOLVED, best, best != NULL ? row_resolves(best) : BASES);
    return best;
}

/* No record says that it worked again: that it was called over does, and a declared end; else the
 * act is asked about. */
static void
find_act_alone(struct search *search, const struct row *resolved)
{
    bool ended = search->story->declared && search->story->end_ns != TIME_NONE;
    struct row *act = best_act(search, search->windows[0].from_ns,
                               resolved != NULL ? resolved->time_ns : INT64_MAX);
    search->mitigated = act;
    if (act != NULL && (resolved != NULL || ended))
        claim(search, MILESTONE_MITIGATED, act, row_basis(act));
    else if (act != NULL)
        row_note(act, SV("no_recovery_after"));
}

/* The last cause that was named before the end; a finding or a named change before a guess. */
static void
find_cause(const struct search *search)
{
    struct row *best = NULL;
    bool best_sure = false;
    const struct row *last = search->mitigated != NULL ? search->mitigated : search->recovered;
    for (size_t i = 0; i < search->live_count; i++) {
        struct row *row = search->live[i];
        if (row->time_ns < search->begin_ns || (last != NULL && row->time_ns > last->time_ns) ||
            (row->act != ACT_FINDING && row->act != ACT_HYPOTHESIS))
            continue;
        bool sure = row->act == ACT_FINDING || row_has_reason(row, SV("names_change"));
        if (best == NULL || (sure && !best_sure) ||
            (sure == best_sure && row->time_ns > best->time_ns)) {
            best = row;
            best_sure = sure;
        }
    }
    claim(search, MILESTONE_CAUSE_IDENTIFIED, best, best_sure ? BASIS_WORDS : BASIS_EXPECTED);
}

/* From bound to bound where both are declared, else from the first live row to the last. */
static bool
is_long(const struct search *search)
{
    const struct story *story = search->story;
    if (search->live_count == 0)
        return false;
    bool bounded = story->declared && story->end_ns != TIME_NONE;
    int64_t from_ns = bounded ? story->start_ns : search->live[0]->time_ns;
    int64_t to_ns = bounded ? story->end_ns : search->live[search->live_count - 1]->time_ns;
    return to_ns - from_ns > story->confidence->long_ns;
}

void
set_milestones(struct story *story)
{
    struct search search = {.story = story, .worths = &story->config->milestone};
    search.live = ARENA_ARRAY(story->scratch, struct row *, story->count + 1);
    for (size_t i = 0; i < story->count; i++)
        if (story->rows[i]->score >= STANDARD_SCORE && !story->rows[i]->outside)
            search.live[search.live_count++] = story->rows[i];
    story->is_long = is_long(&search);
    note_last_said(&search);
    find_beginning(&search);
    if (search.begin_ns == INT64_MAX)
        return; /* neither a sign of trouble nor a declaration */
    find_windows(&search);
    for (size_t i = 0; i < search.window_count; i++)
        choose_end(&search, &search.windows[i]);
    struct row *resolved = find_resolution(&search);
    if (search.recovered == NULL)
        find_act_alone(&search, resolved);
    find_cause(&search);
}
