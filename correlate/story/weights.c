/*
 * A team's weights of reasons: see weights.h. Called by correlate_run().
 */
#include "correlate/story/weights.h"

#include <assert.h>

#include "base/embedded.h"

/* What a record is, which needs no words of `hindcast why`. */
static bool
is_kind(struct sv name)
{
    static const char *const kinds[] = {
        "alert", "incident-event", "status", "log", "linked_message", "sal", "deploy"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (sv_eq(name, sv_from(kinds[i])))
            return true;
    return false;
}

/* The reasons that `hindcast why` knows words for, but those that rest on scores or decisions. */
static bool
is_told(struct sv name)
{
    const struct embedded_file *file = embedded_find(embedded_reasons, "reasons.tsv");
    assert(file != NULL);
    struct sv line, rest = sv_of(file->text, file->size);
    if (sv_eq(name, SV("chain")) || sv_eq(name, SV("milestone")) || sv_ends(name, SV("_by_person")))
        return false;
    while (sv_split(&rest, '\n', &line)) {
        struct sv told = line, cell;
        if (sv_split(&told, '\t', &cell) && sv_eq(cell, name))
            return true;
    }
    return false;
}

static bool
is_reason(const struct phrase_rules *rules, struct sv name)
{
    for (; rules != NULL; rules = rules->next)
        for (size_t i = 0; i < rules->count; i++)
            if (sv_eq(rules->rules[i].name, name))
                return true;
    return is_kind(name) || is_told(name);
}

static bool
read_line(struct sv line, struct reason_weight *ret_weight)
{
    struct sv name, percent = line;
    if (!sv_split(&percent, '\t', &name) || percent.ptr == NULL)
        return false;
    ret_weight->reason = sv_trim(name);
    return ret_weight->reason.len > 0 && sv_to_int64(sv_trim(percent), &ret_weight->percent) &&
           ret_weight->percent >= 0 && ret_weight->percent <= WEIGHT_PERCENT_MAX;
}

static const struct reason_weight *
weight_of(const struct reason_weights *weights, struct sv reason)
{
    for (size_t i = 0; i < weights->count; i++)
        if (sv_eq(weights->lines[i].reason, reason))
            return &weights->lines[i];
    return NULL;
}

int
reason_weights_read(struct arena *arena, struct sv text, const struct phrase_rules *rules,
                    struct reason_weights *ret_weights, struct err *err)
{
    struct sv line, rest = text;
    size_t lines = 0;
    while (sv_split(&rest, '\n', &line))
        lines++;
    struct reason_weight *read = ARENA_ARRAY(arena, struct reason_weight, lines + 1);
    struct reason_weights weights = {.lines = read};
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        struct reason_weight *at = &read[weights.count];
        if (sv_trim(line).len == 0 || line.ptr[0] == '#')
            continue;
        if (!read_line(line, at))
            return err_set(err, ERR_CONFIG,
                           "weights, line %d: expected a reason and per cent (0 to %d), separated "
                           "by a tab",
                           number, WEIGHT_PERCENT_MAX);
        if (weight_of(&weights, at->reason) != NULL)
            return err_set(err, ERR_CONFIG, "weights, line %d: '" SV_FMT "' stands there twice",
                           number, SV_ARG(at->reason));
        if (!is_reason(rules, at->reason)) {
            err_set(err, ERR_CONFIG,
                    "weights, line %d: '" SV_FMT "' is not a reason that is weighed", number,
                    SV_ARG(at->reason));
            return err_hint(err, "docs/correlation.md, section 5, has the reasons of a score");
        }
        weights.count++;
    }
    *ret_weights = weights;
    return 0;
}

/* Toward zero, so that a half of -150 and of 150 are as far from it. */
void
weigh_reasons(struct story *story, const struct reason_weights *weights)
{
    for (size_t i = 0; i < story->count && weights->count > 0; i++) {
        struct row *row = story->rows[i];
        for (size_t k = 0; k < row->reason_count; k++) {
            struct reason *reason = &row->reasons[k];
            const struct reason_weight *weight = weight_of(weights, reason->name);
            if (weight == NULL)
                continue;
            int32_t weighed = (int32_t)(reason->hundredths * weight->percent / 100);
            row->score += weighed - reason->hundredths;
            reason->hundredths = weighed;
        }
    }
}
