/*
 * What decisions make of an incident: which concern it, which of them count, and what they change.
 * See decide.h. Called by correlate_run() once the records have given the incident.
 */
#include "correlate/decide/decide.h"

#include <assert.h>

/* ------------------------------------------------------------------ which concern it */

static bool
is_here(const struct incident *incident, struct sv key)
{
    return !sv_empty(key) && sv_eq(key, incident->incident_key);
}

/* An undo is told where what it takes back is told. */
static bool
concerns(const struct replay *replay, const struct deciding_one *one)
{
    const struct incident *incident = replay->incident;
    one = one->about;
    if (one == NULL)
        return false;
    /* What moves an episode is told where it came from and where it went. */
    if (decision_about(one->decision.verb) == ABOUT_EPISODES)
        return is_here(incident, one->row_key) || is_here(incident, one->incident_key);
    if (!sv_empty(one->row_key))
        return is_here(incident, one->row_key);
    return is_here(incident, one->incident_key);
}

/* ------------------------------------------------------------------ what counts */

/* A later decision about the same: the earlier one is overruled. */
static void
take_slot(struct replay *replay, size_t *slot)
{
    if (*slot > 0) {
        struct decided *before = &replay->list[*slot - 1];
        before->state = DECIDED_OVERRULED;
        before->by = replay->list[replay->listed].decision.id;
    }
    *slot = replay->listed + 1;
}

static void
take_row(struct replay *replay, struct decided *decided, size_t at)
{
    static const int slots[DECISION_VERBS] = {
        [DECISION_RETIME] = SLOT_RETIME + 1, [DECISION_PIN] = SLOT_PIN + 1,
        [DECISION_KEY] = SLOT_KEY + 1,       [DECISION_UNKEY] = SLOT_KEY + 1,
        [DECISION_HIDE] = SLOT_HIDE + 1,
    };
    struct decided_entry *entry = &replay->entries[at];
    struct decided_row *row = ARENA_NEW(replay->deciding->arena, struct decided_row);
    enum decision_verb verb = decided->decision.verb;
    *row = (struct decided_row){entry->entry.entry_id, entry->entry.text, entry->entry.time_ns};
    decided->rows = row;
    decided->row_count = 1;
    if (slots[verb] > 0)
        take_slot(replay, &entry->slots[slots[verb] - 1]);
    if (verb == DECISION_ANNOTATE)
        strbuf_addf(&entry->marks, " [" SV_FMT ": " SV_FMT "]", SV_ARG(decided->decision.author),
                    SV_ARG(decided->decision.value));
}

/* A milestone without a row: none proves it. */
static void
take_milestone(struct replay *replay, struct decided *decided, size_t at)
{
    enum milestone milestone = milestone_read(decided->decision.value);
    take_slot(replay, &replay->milestones[milestone]);
    replay->milestone_rows[milestone] = at == SIZE_MAX ? 0 : at + 1;
    if (at != SIZE_MAX)
        take_row(replay, decided, at);
}

/* Done before there was an incident to tell: see regroup.c. */
static void
take_move(struct replay *replay, const struct deciding_one *one, struct decided *decided)
{
    const struct decision *decision = &decided->decision;
    struct decided_row *rows =
        ARENA_ARRAY(replay->deciding->arena, struct decided_row, decision->row_count + 1);
    decided->state = one->missing                   ? DECIDED_UNMATCHED
                     : !sv_empty(one->overruled_by) ? DECIDED_OVERRULED
                                                    : DECIDED_APPLIED;
    decided->by = one->overruled_by;
    for (size_t k = 0; k < decision->row_count; k++)
        rows[k] = (struct decided_row){SV(""), decision->rows[k].text, decision->rows[k].time_ns};
    decided->rows = rows;
    decided->row_count = decision->row_count;
}

static void
take_one(struct replay *replay, const struct deciding_one *one, struct decided *decided)
{
    const struct decision *decision = &decided->decision;
    size_t at = SIZE_MAX;
    if (!sv_empty(one->undone_by)) {
        decided->state = DECIDED_UNDONE;
        decided->by = one->undone_by;
        return;
    }
    if (decision_moves(decision->verb)) {
        take_move(replay, one, decided);
        return;
    }
    if (decision->row_count > 0) {
        at = replay_row(replay, one);
        if (at == SIZE_MAX) {
            decided->state = DECIDED_UNMATCHED;
            replay_nearest(replay, decision, decided);
            return;
        }
    }
    if (decision->verb == DECISION_MILESTONE)
        take_milestone(replay, decided, at);
    else if (at != SIZE_MAX)
        take_row(replay, decided, at);
    else if (decision->verb == DECISION_NOTE)
        replay_note(replay, decision);
    else if (decision_about(decision->verb) == ABOUT_INCIDENT)
        take_slot(replay, &replay->said[decision->verb]);
}

static void
take_all(struct replay *replay)
{
    struct deciding *deciding = replay->deciding;
    for (size_t i = 0; i < deciding->count; i++) {
        struct deciding_one *one = &deciding->all[i];
        if (!concerns(replay, one))
            continue;
        one->listed = true;
        replay->list[replay->listed] = (struct decided){.decision = one->decision};
        take_one(replay, one, &replay->list[replay->listed]);
        replay->listed++;
    }
}

/* ------------------------------------------------------------------ the incident itself */

/* What was said last of the incident, or NULL. */
static struct decided *
said(const struct replay *replay, enum decision_verb verb)
{
    return replay->said[verb] == 0 ? NULL : &replay->list[replay->said[verb] - 1];
}

static void
set_head(struct replay *replay)
{
    struct incident *incident = replay->incident;
    struct arena *arena = replay->deciding->arena;
    struct decided *title = said(replay, DECISION_TITLE);
    struct decided *severity = said(replay, DECISION_SEVERITY);
    if (title != NULL) {
        title->was = incident->title;
        incident->title = title->decision.value;
    }
    if (severity != NULL) {
        severity->was = arena_printf(arena, "%d", incident->severity);
        incident->severity = decision_severity(severity->decision.value);
    }
    if (said(replay, DECISION_NO_INCIDENT) != NULL)
        incident->raised = false;
}

/* ------------------------------------------------------------------ all of it */

static size_t
count_concerned(const struct replay *replay)
{
    size_t count = 0;
    for (size_t i = 0; i < replay->deciding->count; i++)
        count += concerns(replay, &replay->deciding->all[i]) ? 1 : 0;
    return count;
}

void
decide_incident(struct deciding *deciding, struct incident *incident)
{
    struct replay replay = {.deciding = deciding, .incident = incident};
    size_t count = count_concerned(&replay);
    if (count == 0)
        return;
    replay.record_count = replay.count = incident->entry_count;
    replay.entries =
        ARENA_ARRAY(deciding->arena, struct decided_entry, incident->entry_count + count + 1);
    for (size_t i = 0; i < incident->entry_count; i++) {
        replay.entries[i] = (struct decided_entry){.entry = incident->entries[i], .before = i + 1};
        strbuf_init(&replay.entries[i].marks, 0);
    }
    replay.list = ARENA_ARRAY(deciding->arena, struct decided, count + 1);
    take_all(&replay);
    assert(replay.listed == count);
    set_head(&replay);
    replay_rows(&replay);
    replay_milestones(&replay);
    replay_finish(&replay);
    incident->decisions = replay.list;
    incident->decision_count = replay.listed;
}
