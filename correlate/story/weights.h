/*
 * A team's weights of reasons: lines of a text (correlate.weights, see docs/correlation.md, section
 * 5) that is part of the applied configuration. Each says how much of its documented worth a reason
 * has, in per cent. Pure; memory is the arena's, views are the text's.
 */
#ifndef CORRELATE_STORY_WEIGHTS_H
#define CORRELATE_STORY_WEIGHTS_H

#include "base/err.h"
#include "correlate/story/rows.h"

#define WEIGHT_PERCENT_MAX 1000

struct reason_weight {
    struct sv reason;
    int64_t percent;
};

struct reason_weights {
    const struct reason_weight *lines; /* in the order of the text */
    size_t count;
};

/*
 * CONFIG with the number of a line that cannot be read, or names what is no reason: `rules` are
 * those that count with the text. An absent text has no lines.
 */
int reason_weights_read(struct arena *arena, struct sv text, const struct phrase_rules *rules,
                        struct reason_weights *ret_weights, struct err *err) MUST_CHECK;
/* After all reasons but those that rest on scores (chain, milestone). */
void weigh_reasons(struct story *story, const struct reason_weights *weights);

#endif
