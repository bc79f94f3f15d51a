/*
 * Stretches: see stretches.h. A sign opens with those of its channel, and with changes that are
 * taken back anywhere in the scope, at most a window before it; talk goes on while no pause is
 * longer than the gap and nobody says that it is over.
 */
#include "correlate/candidate/stretches.h"

#include <assert.h>
#include <stdlib.h>

#define TOGETHER_MAX 64 /* signs that are looked at for one that opens: enough for any score */

/* -------------------------------------------------------------- signs that open */

static bool
is_change(const struct grouping *grouping, const struct sign *sign)
{
    return grouping->nodes[sign->node].role != NODE_CHAT;
}

struct together {
    const struct grouping *grouping;
    struct sign *signs;
    size_t at[TOGETHER_MAX], count; /* that are counted */
    int score;
};

/* A person counts once for a sign, and a change once for all of its people. */
static bool
is_counted(const struct together *together, const struct sign *sign)
{
    for (size_t i = 0; i < together->count; i++) {
        const struct sign *other = &together->signs[together->at[i]];
        if (other->kind == sign->kind && sv_eq(other->who, sign->who))
            return true;
    }
    return false;
}

static void
count_in(struct together *together, size_t at)
{
    const struct sign *sign = &together->signs[at];
    if (together->count == TOGETHER_MAX || is_counted(together, sign))
        return;
    together->at[together->count++] = at;
    together->score += sign->weight;
}

/* Signs up to this one that stand together with it at this place; they open if they weigh enough.
 */
static void
open_together(const struct grouping *grouping, struct signs *signs, size_t last, struct sv place)
{
    struct together together = {.grouping = grouping, .signs = signs->at};
    int64_t from = signs->at[last].ns - reads_back(RULE_TOGETHER);
    count_in(&together, last);
    for (size_t i = last; i-- > 0 && signs->at[i].ns >= from;)
        if (sv_eq(signs->at[i].place, place) || is_change(grouping, &signs->at[i]))
            count_in(&together, i);
    if (together.score < grouping->config->candidate_score)
        return;
    for (size_t i = last + 1; i-- > 0 && signs->at[i].ns >= from;)
        if (sv_eq(signs->at[i].place, place) || is_change(grouping, &signs->at[i]))
            signs->at[i].opens = true;
}

/* A change stands together with talk of each channel near it. */
static void
find_opening(const struct grouping *grouping, struct signs *signs)
{
    for (size_t i = 0; i < signs->count; i++) {
        const struct sign *sign = &signs->at[i];
        open_together(grouping, signs, i, sign->place);
        if (!is_change(grouping, sign))
            continue;
        for (size_t k = i; k-- > 0 && signs->at[k].ns >= sign->ns - reads_back(RULE_TOGETHER);)
            if (!is_change(grouping, &signs->at[k]))
                open_together(grouping, signs, i, signs->at[k].place);
    }
}

/* ----------------------------------------------------------------------- stretches */

struct place_node {
    struct sv place;
    size_t node;
    size_t first_sign; /* of the node's that opens; SIZE_MAX: none does */
    int64_t from_ns;   /* of that */
};

static int
place_order(const void *left, const void *right)
{
    const struct place_node *a = left, *b = right;
    int order = sv_cmp(a->place, b->place);
    return order != 0 ? order : a->node < b->node ? -1 : a->node > b->node;
}

struct linking {
    struct arena *arena;
    const struct grouping *grouping;
    const struct signs *signs;
    struct stretches *stretches;
};

static int64_t
node_to_ns(const struct work_node *node)
{
    const struct work_record *last = node->records[node->record_count - 1];
    return last->observation->event.event_time_ns;
}

static bool
is_named(const struct signs *signs, const struct place_node *node)
{
    return signs->at[node->first_sign].kind == SIGN_NAMED_CHANNEL;
}

/* From a node that opens to where talk of its channel pauses or is said to be over. */
static size_t
talk_stretch(struct linking *linking, const struct place_node *nodes, size_t from, size_t count)
{
    const struct correlation_config *config = linking->grouping->config;
    const struct place_node *first = &nodes[from];
    struct stretch *stretch = &linking->stretches->at[linking->stretches->count++];
    size_t *members = ARENA_ARRAY(linking->arena, size_t, count - from + 1), used = 0, at = from;
    int64_t limit = first->from_ns + config->max_span_ms * NS_PER_MS;
    bool over = false;
    *stretch = (struct stretch){.place = first->place,
                                .talk = true,
                                .named = is_named(linking->signs, first),
                                .from_ns = first->from_ns,
                                .to_ns = first->from_ns,
                                .first_sign = first->first_sign,
                                .nodes = members};
    for (; at < count && sv_eq(nodes[at].place, first->place); at++) {
        const struct work_node *node = &linking->grouping->nodes[nodes[at].node];
        int64_t begins = node->first_ms * NS_PER_MS;
        bool opens = nodes[at].first_sign != SIZE_MAX;
        int64_t gap = config->talk_gap_ms * NS_PER_MS;
        if (opens && gap < reads_back(RULE_TOGETHER))
            gap = reads_back(RULE_TOGETHER); /* it opened together with what is so far back */
        if (at > from && (begins - stretch->to_ns > gap || begins > limit || (over && !opens)))
            break;
        members[used++] = nodes[at].node;
        if (node_to_ns(node) > stretch->to_ns)
            stretch->to_ns = node_to_ns(node);
        over = linking->signs->ends[nodes[at].node];
    }
    stretch->node_count = used;
    return at;
}

/* Nodes of talk by place, with the first sign of each that opens. */
static size_t
talk_nodes(struct linking *linking, struct place_node *ret_nodes)
{
    const struct grouping *grouping = linking->grouping;
    size_t *first = ARENA_ARRAY(linking->arena, size_t, grouping->node_count + 1), count = 0;
    for (size_t n = 0; n < grouping->node_count; n++)
        first[n] = SIZE_MAX;
    for (size_t i = linking->signs->count; i-- > 0;)
        if (linking->signs->at[i].opens)
            first[linking->signs->at[i].node] = i;
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        if (!node_is_loose(node) || node->role != NODE_CHAT)
            continue;
        ret_nodes[count++] =
            (struct place_node){node_place(linking->arena, node), n, first[n],
                                first[n] == SIZE_MAX ? 0 : linking->signs->at[first[n]].ns};
    }
    if (count > 1)
        qsort(ret_nodes, count, sizeof(*ret_nodes), place_order);
    return count;
}

/* A change that is taken back, and the change that it takes back. */
static void
change_stretch(struct linking *linking, size_t at)
{
    const struct sign *sign = &linking->signs->at[at];
    struct stretch *stretch = &linking->stretches->at[linking->stretches->count++];
    size_t *members = ARENA_ARRAY(linking->arena, size_t, 2), used = 0;
    if (sign->taken_back != NO_NODE && sign->taken_back != sign->node)
        members[used++] = sign->taken_back;
    members[used++] = sign->node;
    *stretch = (struct stretch){.place = sign->place,
                                .log = sign->kind == SIGN_NEW_LINE,
                                .wide = sign->kind == SIGN_REPORTED,
                                .from_ns = sign->since_ns,
                                .to_ns = sign->ns,
                                .first_sign = at,
                                .nodes = members,
                                .node_count = used};
}

/* A report opens where nobody talks: else it is about what they talk of. */
static void
drop_reports(struct stretches *stretches)
{
    size_t kept = 0;
    for (size_t c = 0; c < stretches->count; c++) {
        bool talked = false;
        for (size_t i = 0; stretches->at[c].wide && i < stretches->count && !talked; i++)
            talked = stretches->at[i].talk && stretches->at[i].from_ns <= stretches->at[c].to_ns &&
                     stretches->at[i].to_ns >= stretches->at[c].from_ns;
        if (talked)
            continue;
        stretches->at[kept++] = stretches->at[c];
    }
    stretches->count = kept;
}

static int
stretch_order(const void *left, const void *right)
{
    const struct stretch *a = left, *b = right;
    if (a->from_ns != b->from_ns)
        return a->from_ns < b->from_ns ? -1 : 1;
    if (a->first_sign != b->first_sign)
        return a->first_sign < b->first_sign ? -1 : 1;
    return sv_cmp(a->place, b->place);
}

void
stretches_find(struct arena *arena, struct grouping *grouping, struct signs *signs,
               struct stretches *ret_chains)
{
    struct linking linking = {arena, grouping, signs, ret_chains};
    *ret_chains = (struct stretches){
        ARENA_ARRAY(arena, struct stretch, signs->count + grouping->node_count + 1), 0};
    find_opening(grouping, signs);
    struct place_node *nodes = ARENA_ARRAY(arena, struct place_node, grouping->node_count + 1);
    size_t count = talk_nodes(&linking, nodes);
    for (size_t i = 0; i < count;)
        i = nodes[i].first_sign != SIZE_MAX ? talk_stretch(&linking, nodes, i, count) : i + 1;
    for (size_t i = 0; i < signs->count; i++)
        if (signs->at[i].opens && is_change(grouping, &signs->at[i]) &&
            (i == 0 || signs->at[i].node != signs->at[i - 1].node || !signs->at[i - 1].opens ||
             signs->at[i].kind == SIGN_SOON))
            change_stretch(&linking, i);
    drop_reports(ret_chains);
    if (ret_chains->count > 1)
        qsort(ret_chains->at, ret_chains->count, sizeof(struct stretch), stretch_order);
    assert(ret_chains->count <= signs->count + grouping->node_count);
}
