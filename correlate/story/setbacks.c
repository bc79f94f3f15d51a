/*
 * What counts as an act against the trouble, and which of them came to nothing: people say that it
 * failed or did not help, a pipeline says that it failed. Called by correlate_run() before
 * milestones are chosen (rule `came_to_nothing` of reads.def).
 */
#include "correlate/story/moments.h"

bool
row_failed(const struct row *row)
{
    enum event_phase phase = row->observation->event.phase;
    return row_is_change(row) && (phase == PHASE_FAILED || phase == PHASE_CANCELLED);
}

static bool
change_is_done(const struct row *row)
{
    enum event_phase phase = row->observation->event.phase;
    return phase != PHASE_QUEUED && phase != PHASE_STARTED && !row_failed(row);
}

int32_t
row_act_weight(const struct correlation_config *config, const struct row *row)
{
    int32_t weight = 0;
    if (row_has_reason(row, SV("routine_change")) || row_is_told_elsewhere(row))
        return 0;
    if (row_is_change(row))
        return !change_is_done(row)                       ? 0
               : row_has_reason(row, SV("reverts"))       ? config->milestone.revert
               : row_has_reason(row, SV("named_in_chat")) ? config->milestone.named
               : row->record == RECORD_DEPLOY             ? config->milestone.deploy
                                                          : 0;
    for (size_t i = 0; i < row->act_count && !row_is_signal(row); i++)
        if (row->acts[i] == ACT_ROLLBACK || (i == 0 && row->acts[i] == ACT_ACTION))
            weight = row->rules[i]->weight > weight ? row->rules[i]->weight : weight;
    return weight;
}

bool
row_recovers(const struct row *row)
{
    if (row->record == RECORD_ALERT)
        return row->clears;
    for (size_t i = 0; i < row->act_count; i++)
        if (row->acts[i] == ACT_RECOVERY && !row->rules[i]->expected)
            return true;
    return false;
}

/* The rule that finds a setback in this row; of a failed change the one of that. */
static const struct phrase_rule *
setback_of(const struct row *row)
{
    static const struct phrase_rule failed = {.act = ACT_SETBACK, .last = true};
    if (row_failed(row))
        return &failed;
    for (size_t i = 0; i < row->act_count && !row_is_signal(row); i++)
        if (row->acts[i] == ACT_SETBACK)
            return row->rules[i];
    return NULL;
}

static void
cancel(struct row *row)
{
    row->cancelled = true;
    row_note(row, SV("came_to_nothing"));
}

/* Acts before row `at` that its setback speaks of, back to a recovery, also one to come. */
static void
cancel_before(struct story *story, size_t at, const struct phrase_rule *setback)
{
    const struct milestone_settings *settings = &story->config->milestone;
    const struct row *row = story->rows[at];
    int64_t from_ns = row->time_ns - settings->setback_ms * NS_PER_MS;
    if (row->act == ACT_SETBACK && row_act_weight(story->config, row) > 0)
        cancel(story->rows[at]);
    for (size_t i = at; i-- > 0 && story->rows[i]->time_ns >= from_ns;) {
        struct row *act = story->rows[i];
        if (row_recovers(act) || row_has_act(act, ACT_RECOVERY))
            return;
        if (act->cancelled || row_act_weight(story->config, act) == 0 ||
            (setback->settles && row->time_ns - act->time_ns < settings->settle_ms * NS_PER_MS))
            continue;
        cancel(act);
        if (setback->last)
            return;
    }
}

/* A pipeline that fails says so of its own commit or merge (chain_told.c), and of no other act. */
static bool
fails_a_change(const struct row *row)
{
    for (size_t i = 0; row_failed(row) && row->chain != NULL && i < row->chain->count; i++)
        if (row->chain->rows[i]->record == RECORD_COMMIT ||
            row->chain->rows[i]->record == RECORD_MERGE)
            return true;
    return false;
}

void
find_setbacks(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        const struct phrase_rule *setback = setback_of(story->rows[i]);
        if (setback != NULL && !fails_a_change(story->rows[i]))
            cancel_before(story, i, setback);
    }
}
