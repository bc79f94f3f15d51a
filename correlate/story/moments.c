/*
 * What rows are to milestones: see moments.h. Pure.
 */
#include "correlate/story/moments.h"

static const char *const basis_words[] = {
#define BASIS(name, word, about) word,
#include "correlate/story/basis.def"
};

const char *
basis_word(enum basis basis)
{
    return basis_words[basis];
}

void
score_lines(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (row->node->role != NODE_LOG || row->record != RECORD_LOG)
            continue;
        row->surge = background_surge(story->background, row->observation);
        row->new_line = background_new_line(story->background, row->node, row->observation);
        if (row->surge || row->new_line)
            row_note(row, row->surge ? SV("surge") : SV("new_line"));
    }
}

enum basis
row_basis(const struct row *row)
{
    if (row_is_change(row))
        return row_has_reason(row, SV("reverts")) ? BASIS_REVERT : BASIS_CHANGE;
    switch (row->record) {
    case RECORD_ALERT:
        return BASIS_ALERT;
    case RECORD_INCIDENT_EVENT:
    case RECORD_STATUS:
        return BASIS_EVENT;
    case RECORD_LOG:
    case RECORD_METRIC:
        return row->new_line && !row->surge ? BASIS_LINE : BASIS_LOG;
    case RECORD_SAL:
        return BASIS_RECORD;
    case RECORD_NONE:
    case RECORD_CHAT:
    case RECORD_NOTE:
    case RECORD_MANIFEST:
    case RECORD_PERSON:
    case RECORD_COMMIT:
    case RECORD_MERGE:
    case RECORD_DEPLOY:
    case RECORD_LINKED_MESSAGE:
        break;
    }
    return BASIS_WORDS;
}

/* News below a warning are no trouble; what no severity is known of may be. */
static bool
is_mild(const struct row *row)
{
    int severity = row->observation->event.severity;
    return severity != SEVERITY_UNSET && severity < SEVERITY_WARN;
}

enum basis
row_trouble(const struct row *row)
{
    if (row->record == RECORD_LOG)
        return row->surge || row->new_line ? row_basis(row) : BASES;
    if (row->record == RECORD_ALERT)
        return row->clears || is_mild(row) ? BASES : BASIS_ALERT;
    return row->act == ACT_SYMPTOM || row->act == ACT_REPORT || row->act == ACT_DETECTION
               ? row_basis(row)
               : BASES;
}

bool
row_relapses(const struct row *row)
{
    if (row->record == RECORD_ALERT)
        return row_trouble(row) == BASIS_ALERT;
    if (row->act == ACT_SETBACK)
        return true;
    for (size_t i = 0; i < row->act_count; i++)
        if (row->rules[i] != NULL && row->rules[i]->relapse)
            return true;
    return false;
}

static bool
acts(const struct row *row)
{
    return row->act == ACT_ACTION || row->act == ACT_ROLLBACK;
}

/* An act that was only meant: a decision that a rule of acts found. */
static bool
means_to_act(const struct row *row)
{
    return row->act == ACT_DECISION && row->rules[0] != NULL &&
           (row->rules[0]->act == ACT_ACTION || row->rules[0]->act == ACT_ROLLBACK);
}

bool
row_responds(const struct row *row)
{
    return row->record == RECORD_CHAT && !row->bot &&
           (row->act == ACT_STATUS || row->act == ACT_HYPOTHESIS || row->act == ACT_FINDING ||
            acts(row) || means_to_act(row));
}

enum basis
row_notices(const struct row *row, int64_t alert_ns)
{
    enum basis trouble = row_trouble(row);
    if (trouble != BASES && row->record != RECORD_LOG)
        return trouble;
    if (row->record == RECORD_INCIDENT_EVENT || row->act == ACT_DECLARATION)
        return row_basis(row);
    return row_responds(row) && !((acts(row) || means_to_act(row)) && row->time_ns < alert_ns)
               ? BASIS_RESPONSE
               : BASES;
}

enum basis
row_resolves(const struct row *row)
{
    struct words start = {row->words.at, row->words.count < 6 ? row->words.count : 6};
    if (row->act == ACT_RESOLUTION)
        return row_basis(row);
    return row_is_signal(row) && row->record != RECORD_LOG &&
                   (words_have(start, SV("resolved")) ||
                    row->observation->event.phase == PHASE_RESOLVE)
               ? row_basis(row)
               : BASES;
}
