/*
 * Which rows are key: best first, and a row near a better one loses worth the nearer it is, so that
 * the few key rows tell different things. Integers in units of 1 / (4 * NEAR_MS) hundredths. Called
 * by correlate_run() last.
 */
#include "correlate/story/rows.h"

#define NEAR_MS (NEAR_ROW_NS / NS_PER_MS)
#define UNIT (4 * NEAR_MS)
#define NEAR_ROW_WEIGHT 200
#define FURTHER_KEY_SCORE 200 /* of key rows beyond the least number of them */

/* How much a row takes from the worth of a neighbour, in quarters. */
static int64_t
likeness(const struct row *a, const struct row *b)
{
    bool same_family = row_is_change(a) == row_is_change(b) && row_is_signal(a) == row_is_signal(b);
    if (a->act == b->act && (same_family || a->act != ACT_NONE))
        return 4;
    if (a->record == RECORD_CHAT && b->record == RECORD_CHAT && sv_eq(a->actor, b->actor))
        return 4;
    return same_family ? 2 : 1;
}

static int64_t
worth(const struct row *row)
{
    return row->score * UNIT - NEAR_ROW_WEIGHT * row->redundancy;
}

static void
note_redundancy(struct story *story, const struct row *taken)
{
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        int64_t distance = (row->time_ns - taken->time_ns) / NS_PER_MS;
        distance = distance < 0 ? -distance : distance;
        if (distance >= NEAR_MS)
            continue;
        int64_t redundancy = likeness(row, taken) * (NEAR_MS - distance);
        if (redundancy > row->redundancy)
            row->redundancy = redundancy;
    }
}

void
choose_key(struct story *story)
{
    size_t candidates = 0, taken = 0;
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        row->significance =
            row->score >= STANDARD_SCORE ? SIGNIFICANCE_STANDARD : SIGNIFICANCE_FULL;
        candidates += row->score >= STANDARD_SCORE;
    }
    size_t least = (size_t)story->config->key_least, most = (size_t)story->config->key_most;
    size_t limit = least + (size_t)isqrt64(candidates);
    for (limit = limit < most ? limit : most; taken < limit; taken++) {
        struct row *best = NULL;
        for (size_t i = 0; i < story->count; i++)
            if (story->rows[i]->significance == SIGNIFICANCE_STANDARD &&
                !row_is_told_elsewhere(story->rows[i]) &&
                (best == NULL || worth(story->rows[i]) > worth(best)))
                best = story->rows[i];
        if (best == NULL ||
            worth(best) < (taken >= least ? FURTHER_KEY_SCORE : STANDARD_SCORE) * UNIT)
            break;
        best->significance = SIGNIFICANCE_KEY;
        note_redundancy(story, best);
    }
}
