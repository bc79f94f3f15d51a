/*
 * Decisions that no incident tells of: nothing is dropped, so each is a node of its own. See
 * decide.h.
 */
#include "correlate/decide/decide.h"

static struct sv
reason_of(struct arena *arena, const struct deciding_one *one)
{
    const struct decision *decision = &one->decision;
    if (!sv_empty(one->undone_by))
        return arena_printf(arena, "undone by " SV_FMT, SV_ARG(one->undone_by));
    if (decision->verb == DECISION_UNDECLARE)
        return arena_printf(arena, "takes declaration " SV_FMT " back, by " SV_FMT,
                            SV_ARG(decision->target), SV_ARG(decision->author));
    if (decision->verb == DECISION_UNDO)
        return arena_printf(arena, "unmatched: no incident has decision " SV_FMT,
                            SV_ARG(decision->target));
    return arena_printf(arena, "unmatched: no incident holds record " SV_FMT " any more",
                        SV_ARG(decision->incident));
}

static struct sv
title_of(struct arena *arena, const struct decision *decision)
{
    struct sv what = !sv_empty(decision->value)    ? decision->value
                     : decision->row_count > 0     ? decision->rows[0].text
                     : !sv_empty(decision->target) ? decision->target
                                                   : SV("");
    return arena_printf(arena, "%s: " SV_FMT, decision_word(decision->verb), SV_ARG(what));
}

struct sv
decide_loose_key(struct arena *arena, const struct deciding_one *one)
{
    char at[TIME_TEXT];
    time_format(one->decision.at_ns, at);
    return arena_printf(arena, "%s/decided/" SV_FMT, at, SV_ARG(one->decision.id));
}

size_t
decide_loose(struct deciding *deciding, struct node *ret_nodes)
{
    struct arena *arena = deciding->arena;
    size_t count = 0;
    for (size_t i = 0; i < deciding->count; i++) {
        const struct deciding_one *one = &deciding->all[i];
        if (one->listed)
            continue;
        ret_nodes[count++] = (struct node){
            .node_key = decide_loose_key(arena, one),
            .kind = EVENT_NOTE,
            .declared = true,
            .first_ns = one->decision.at_ns,
            .last_ns = one->decision.at_ns,
            .title = title_of(arena, &one->decision),
            .source = SV("decided"),
            .fingerprint = one->decision.id,
            .reason = reason_of(arena, one),
        };
    }
    return count;
}
