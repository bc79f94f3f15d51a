/*
 * Links: see links.h. Called by grouping_run() after the episodes.
 */
#include "correlate/group/links.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/group/score.h"

/* -------------------------------------------------------------------- index */

static int
index_order(const void *left, const void *right)
{
    const struct key_row *a = left, *b = right;
    int order = node_key_cmp(a->key, b->key);
    return order != 0 ? order : a->node < b->node ? -1 : a->node > b->node;
}

static void
index_build(struct grouping *grouping)
{
    size_t total = 0;
    for (size_t n = 0; n < grouping->node_count; n++)
        total += node_opens(&grouping->nodes[n]) ? grouping->nodes[n].key_count : 0;
    grouping->index = ARENA_ARRAY(grouping->arena, struct key_row, total + 1);
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        for (size_t k = 0; node_opens(node) && k < node->key_count; k++)
            grouping->index[grouping->index_count++] = (struct key_row){&node->keys[k], n};
    }
    if (total > 1)
        qsort(grouping->index, total, sizeof(*grouping->index), index_order);
}

size_t
key_index_at(const struct grouping *grouping, const struct node_key *key, size_t node)
{
    struct key_row wanted = {key, node};
    size_t low = 0, high = grouping->index_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index_order(&grouping->index[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* -------------------------------------------------------------------- links */

struct link_list {
    struct node_link *at;
    size_t count, size;
};

static void
push_link(struct link_list *list, const struct node_link *link)
{
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = *link;
}

/* True if this is a declaration whose bounds hold the alert's start. */
static bool
inside_bounds(const struct work_node *declared, const struct work_node *alert)
{
    return declared->role == NODE_DECLARED && alert->role == NODE_ALERT && node_opens(alert) &&
           declared->declaration != NULL && alert->first_ms >= declared->first_ms &&
           alert->first_ms <= declared->last_ms &&
           declaration_accepts(declared->declaration, alert);
}

static void
evaluate(struct grouping *grouping, size_t a, size_t b, struct link_list *links)
{
    const struct correlation_config *config = grouping->config;
    const struct work_node *earlier = &grouping->nodes[a], *later = &grouping->nodes[b];
    struct node_link link = {.a = a, .b = b};
    assert(a < b && b < grouping->node_count);
    for (int level = 0; level <= config->levels; level++) {
        int64_t reach = earlier->first_ms + (config->reach_ms >> level);
        struct pair_score score;
        pair_score(config, earlier, later, earlier->last_ms < reach ? earlier->last_ms : reach,
                   level, -1, &score);
        link.scores[level] = score.total;
        if (level == 0)
            link.gap_ms = score.gap_ms;
    }
    if (link.scores[0] >= config->threshold)
        push_link(links, &link);
}

static int
size_order(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

struct candidates {
    size_t *at;
    size_t count, size;
};

static void
push_candidate(struct candidates *candidates, size_t node)
{
    candidates->at = memory_grow(candidates->at, &candidates->size, candidates->count + 1,
                                 sizeof(*candidates->at));
    candidates->at[candidates->count++] = node;
}

/* Sorts what was added from `from` on, and leaves each once. */
static void
make_distinct(struct candidates *candidates, size_t from)
{
    size_t kept = from;
    if (candidates->count - from > 1)
        qsort(candidates->at + from, candidates->count - from, sizeof(*candidates->at), size_order);
    for (size_t i = from; i < candidates->count; i++)
        if (kept == from || candidates->at[kept - 1] != candidates->at[i])
            candidates->at[kept++] = candidates->at[i];
    candidates->count = kept;
}

static void
add_nearest(const struct grouping *grouping, size_t n, const struct node_key *key,
            struct candidates *candidates)
{
    const struct correlation_config *config = grouping->config;
    int64_t since = grouping->nodes[n].first_ms - config->gap_ms[key->kind] - config->reach_ms;
    size_t at = key_index_at(grouping, key, n);
    for (size_t i = 0; i < (size_t)config->neighbours && at > 0; i++, at--) {
        const struct key_row *row = &grouping->index[at - 1];
        if (node_key_cmp(row->key, key) != 0 || grouping->nodes[row->node].first_ms < since)
            return;
        push_candidate(candidates, row->node);
    }
}

/*
 * Per key the nearest earlier nodes; of one kind of key CANDIDATE_KEYS times as many, the nearest,
 * so that a node of very many keys has not very many links. Kinds do not compete.
 */
static void
links_back(struct grouping *grouping, size_t n, struct candidates *candidates,
           struct link_list *links)
{
    const struct work_node *node = &grouping->nodes[n];
    size_t most = CANDIDATE_KEYS * (size_t)grouping->config->neighbours;
    candidates->count = 0;
    for (enum key_kind kind = 0; kind < KEY_KINDS; kind++) {
        size_t keys, from = candidates->count;
        const struct node_key *key = node_keys_of(node, kind, &keys);
        for (size_t k = 0; k < keys; k++)
            add_nearest(grouping, n, key + k, candidates);
        make_distinct(candidates, from);
        size_t found = candidates->count - from;
        if (found > most) {
            size_t *first = candidates->at + from;
            memmove(first, first + (found - most), most * sizeof(*first));
            candidates->count = from + most;
        }
    }
    make_distinct(candidates, 0);
    for (size_t i = 0; i < candidates->count; i++)
        evaluate(grouping, candidates->at[i], n, links);
}

/* Declared bounds: every alert inside is linked, at any distance and level. */
static void
links_by_bounds(struct grouping *grouping, size_t declared, struct link_list *links)
{
    for (size_t n = 0; n < grouping->node_count; n++) {
        if (!inside_bounds(&grouping->nodes[declared], &grouping->nodes[n]))
            continue;
        struct node_link link = {
            .a = declared < n ? declared : n, .b = declared < n ? n : declared, .by_bounds = true};
        for (int level = 0; level <= LEVELS_MAX; level++)
            link.scores[level] = 1000;
        push_link(links, &link);
    }
}

static void
around_build(struct grouping *grouping)
{
    size_t *at = ARENA_ARRAY(grouping->arena, size_t, grouping->node_count + 2);
    for (size_t i = 0; i < grouping->link_count; i++) {
        at[grouping->links[i].a + 1]++;
        at[grouping->links[i].b + 1]++;
    }
    for (size_t n = 0; n < grouping->node_count; n++)
        at[n + 1] += at[n];
    size_t *next = ARENA_ARRAY(grouping->arena, size_t, grouping->node_count + 1);
    memcpy(next, at, grouping->node_count * sizeof(*next));
    grouping->around = ARENA_ARRAY(grouping->arena, size_t, 2 * grouping->link_count + 1);
    for (size_t i = 0; i < grouping->link_count; i++) {
        grouping->around[next[grouping->links[i].a]++] = i;
        grouping->around[next[grouping->links[i].b]++] = i;
    }
    assert(at[grouping->node_count] == 2 * grouping->link_count);
    grouping->around_at = at;
}

void
links_build(struct grouping *grouping)
{
    assert(grouping->config->levels >= 0 && grouping->config->levels <= LEVELS_MAX);
    struct link_list links = {0};
    struct candidates candidates = {0};
    index_build(grouping);
    for (size_t n = 0; n < grouping->node_count; n++) {
        if (node_opens(&grouping->nodes[n]))
            links_back(grouping, n, &candidates, &links);
        if (grouping->nodes[n].role == NODE_DECLARED)
            links_by_bounds(grouping, n, &links);
    }
    grouping->links = ARENA_ARRAY(grouping->arena, struct node_link, links.count + 1);
    if (links.count > 0)
        memcpy(grouping->links, links.at, links.count * sizeof(*links.at));
    grouping->link_count = links.count;
    free(links.at);
    free(candidates.at);
    around_build(grouping);
}

bool
link_holds(const struct grouping *grouping, const struct node_link *link, int level)
{
    const struct correlation_config *config = grouping->config;
    if (link->by_bounds)
        return true;
    if (link->scores[level < config->levels ? level : config->levels] < config->threshold)
        return false;
    return level <= config->levels || grouping->nodes[link->a].first_ms / config->max_span_ms ==
                                          grouping->nodes[link->b].first_ms / config->max_span_ms;
}

int
link_strength_cmp(const struct node_link *a, const struct node_link *b, int level)
{
    assert(level >= 0 && level <= LEVELS_MAX);
    if (a->scores[level] != b->scores[level])
        return a->scores[level] > b->scores[level] ? -1 : 1;
    if (a->gap_ms != b->gap_ms)
        return a->gap_ms < b->gap_ms ? -1 : 1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}
