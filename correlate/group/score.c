/*
 * The score of a pair of nodes: see score.h. Pure.
 */
#include "correlate/group/score.h"

#include <string.h>

static bool
has_kind(const struct work_node *node, enum key_kind kind)
{
    size_t count;
    node_keys_of(node, kind, &count);
    return count > 0;
}

/* The smallest shared key of each kind. The node with fewer keys asks the one with more. */
static void
shared_keys(const struct work_node *a, const struct work_node *b,
            const struct node_key *ret_shared[KEY_KINDS])
{
    const struct work_node *few = a->key_count <= b->key_count ? a : b, *many = few == a ? b : a;
    for (size_t i = 0; i < few->key_count; i++) {
        const struct node_key *key = &few->keys[i];
        if (ret_shared[key->kind] == NULL && node_has_key(many, key))
            ret_shared[key->kind] = key;
    }
    if (ret_shared[KEY_SERVICE] != NULL)
        ret_shared[KEY_EDGE] = NULL;
    if (has_kind(a, KEY_EDGE) || has_kind(b, KEY_EDGE))
        ret_shared[KEY_SCOPE] = NULL;
}

/* Strongest first; of equals the word further down the alphabet, so that the text is one. */
static void
show_key(struct pair_score *score, int weight, const struct node_key *key)
{
    size_t at = score->shown_count++;
    while (at > 0 && (score->shown[at - 1].weight < weight ||
                      (score->shown[at - 1].weight == weight &&
                       strcmp(key_kind_word(score->shown[at - 1].key->kind),
                              key_kind_word(key->kind)) < 0))) {
        score->shown[at] = score->shown[at - 1];
        at--;
    }
    score->shown[at].weight = weight;
    score->shown[at].key = key;
}

void
pair_score(const struct correlation_config *config, const struct work_node *earlier,
           const struct work_node *later, int64_t alive_ms, int level, int64_t limit_ms,
           struct pair_score *ret_score)
{
    const struct node_key *shared[KEY_KINDS] = {NULL};
    shared_keys(earlier, later, shared);
    *ret_score =
        (struct pair_score){.gap_ms = later->first_ms > alive_ms ? later->first_ms - alive_ms : 0};
    for (enum key_kind kind = 0; kind < KEY_KINDS; kind++) {
        if (shared[kind] == NULL)
            continue;
        int64_t limit = limit_ms >= 0 ? limit_ms : config->gap_ms[kind] >> level;
        int64_t gap = ret_score->gap_ms;
        int64_t weight = gap <= limit ? config->weight[kind] : 0;
        if (weight < config->threshold && limit > 0)
            weight = weight * (2 * limit - gap) / (2 * limit);
        if (weight <= 0)
            continue;
        ret_score->total += (int)weight;
        show_key(ret_score, (int)weight, shared[kind]);
    }
}

struct sv
pair_score_text(struct arena *arena, const struct pair_score *score, const struct work_node *to)
{
    struct sv text = SV("");
    for (size_t i = 0; i < score->shown_count; i++)
        text = arena_printf(arena, SV_FMT "%s%s " SV_FMT " (%d)", SV_ARG(text), i > 0 ? " + " : "",
                            key_kind_word(score->shown[i].key->kind),
                            SV_ARG(score->shown[i].key->value), score->shown[i].weight);
    if (score->said.len > 0)
        text = arena_printf(arena, SV_FMT " + " SV_FMT, SV_ARG(text), SV_ARG(score->said));
    struct sv key = node_key_text(arena, to);
    return arena_printf(arena, SV_FMT ", %lld ms from " SV_FMT, SV_ARG(text),
                        (long long)score->gap_ms, SV_ARG(key));
}
