/*
 * Settling: definitions 5 to 7. From links to groups: connected components, taken apart while they
 * are too long, divided where they hold different explicit ids, joined where they hold the same.
 * Called by grouping_run().
 */
#include "correlate/group/settle.h"

#include <assert.h>
#include <stdlib.h>

#include "correlate/group/links.h"
#include "correlate/group/score.h"

struct settling {
    struct grouping *grouping;
    size_t *call; /* per node: number of the call that still has to visit it, 0 none */
    size_t calls;
};

static int
strength_order(const void *left, const void *right, void *context)
{
    return link_strength_cmp(*(struct node_link *const *)left, *(struct node_link *const *)right,
                             *(const int *)context);
}

static size_t
root_of(struct work_node *nodes, size_t n)
{
    while (nodes[n].group != n) {
        nodes[n].group = nodes[nodes[n].group].group;
        n = nodes[n].group;
    }
    return n;
}

/* Definition 6: strongest links first, never two different explicit ids in one group (Kruskal). */
static void
divide(struct grouping *grouping, const size_t *members, size_t count, struct node_link **links,
       size_t link_count, int level)
{
    struct work_node *nodes = grouping->nodes;
    int strength_level = level < grouping->config->levels ? level : grouping->config->levels;
    for (size_t i = 0; i < count; i++) {
        nodes[members[i]].group = members[i];
        nodes[members[i]].component = members[0]; /* they are sorted */
        nodes[members[i]].group_id = nodes[members[i]].explicit_id;
    }
    if (link_count > 1)
        qsort_r(links, link_count, sizeof(*links), strength_order, &strength_level);
    for (size_t i = 0; i < link_count; i++) {
        size_t a = root_of(nodes, links[i]->a), b = root_of(nodes, links[i]->b);
        size_t low = a < b ? a : b, high = a < b ? b : a;
        struct sv low_id = nodes[low].group_id, high_id = nodes[high].group_id;
        if (low == high || (low_id.len > 0 && high_id.len > 0 && !sv_eq(low_id, high_id)))
            continue;
        nodes[high].group = low;
        if (low_id.len == 0)
            nodes[low].group_id = high_id;
    }
    for (size_t i = 0; i < count; i++) {
        size_t root = root_of(nodes, members[i]);
        nodes[members[i]].group = root;
        nodes[members[i]].group_id = nodes[root].group_id;
    }
}

/* A component at this level, from `start`; its links once each. */
static size_t
component(struct settling *settling, size_t start, size_t call, int level, size_t *ret_members,
          struct node_link ***ret_links, size_t *ret_link_count)
{
    struct grouping *grouping = settling->grouping;
    size_t count = 1, links = 0, most = 0;
    assert(settling->call[start] == call);
    ret_members[0] = start;
    settling->call[start] = 0;
    for (size_t at = 0; at < count; at++) {
        size_t here = ret_members[at];
        for (size_t i = grouping->around_at[here]; i < grouping->around_at[here + 1]; i++) {
            const struct node_link *link = &grouping->links[grouping->around[i]];
            if (!link_holds(grouping, link, level))
                continue;
            most += link->a == here;
            size_t there = link->a == here ? link->b : link->a;
            if (settling->call[there] == call) {
                settling->call[there] = 0;
                ret_members[count++] = there;
            }
        }
    }
    *ret_links = ARENA_ARRAY(grouping->arena, struct node_link *, most + 1);
    for (size_t at = 0; at < count; at++)
        for (size_t i = grouping->around_at[ret_members[at]];
             i < grouping->around_at[ret_members[at] + 1]; i++) {
            struct node_link *link = &grouping->links[grouping->around[i]];
            if (link->a == ret_members[at] && link_holds(grouping, link, level))
                (*ret_links)[links++] = link;
        }
    *ret_link_count = links;
    return count;
}

static int
size_order(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

static void
settle(struct settling *settling, const size_t *members, size_t count, int level)
{
    struct grouping *grouping = settling->grouping;
    const struct correlation_config *config = grouping->config;
    int64_t soft =
        config->soft_span_ms < config->max_span_ms ? config->soft_span_ms : config->max_span_ms;
    int64_t span = level < config->levels ? soft : config->max_span_ms;
    size_t call = ++settling->calls;
    assert(level <= config->levels + 1);
    for (size_t i = 0; i < count; i++)
        settling->call[members[i]] = call;
    size_t *found = ARENA_ARRAY(grouping->arena, size_t, count + 1), used = 0;
    for (size_t i = 0; i < count; i++) {
        if (settling->call[members[i]] != call)
            continue;
        struct node_link **links;
        size_t link_count, *part = found + used;
        size_t size = component(settling, members[i], call, level, part, &links, &link_count);
        used += size;
        qsort(part, size, sizeof(*part), size_order);
        int64_t length =
            grouping->nodes[part[size - 1]].first_ms - grouping->nodes[part[0]].first_ms;
        /* Past the last level only declared bounds can be as long as that, and they hold. */
        if (length > span && level <= config->levels)
            settle(settling, part, size, level + 1);
        else
            divide(grouping, part, size, links, link_count, level);
    }
}

static int
explicit_order(const void *left, const void *right)
{
    const struct work_node *a = *(const struct work_node *const *)left;
    const struct work_node *b = *(const struct work_node *const *)right;
    int order = sv_cmp(a->group_id, b->group_id);
    return order != 0 ? order : a < b ? -1 : a > b;
}

/* Groups with one explicit id are one incident; its id is its smallest node. */
static void
name_incidents(struct grouping *grouping)
{
    size_t count = 0;
    struct work_node **named =
        ARENA_ARRAY(grouping->arena, struct work_node *, grouping->node_count + 1);
    for (size_t n = 0; n < grouping->node_count; n++) {
        struct work_node *node = &grouping->nodes[n];
        if (!node_opens(node))
            continue;
        assert(node->group != NO_NODE);
        node->incident = node->group;
        if (node->group_id.len > 0)
            named[count++] = node;
    }
    if (count > 1)
        qsort(named, count, sizeof(struct work_node *), explicit_order);
    for (size_t i = 0, first = 0; i < count; i++) {
        if (!sv_eq(named[i]->group_id, named[first]->group_id))
            first = i;
        named[i]->incident = (size_t)(named[first] - grouping->nodes);
    }
    grouping->named = named;
    grouping->named_count = count;
}

static const struct node_link *
strongest_link(const struct grouping *grouping, size_t n)
{
    const struct node_link *best = NULL;
    bool best_back = false;
    for (size_t i = grouping->around_at[n]; i < grouping->around_at[n + 1]; i++) {
        const struct node_link *link = &grouping->links[grouping->around[i]];
        if (grouping->nodes[link->a].incident != grouping->nodes[link->b].incident)
            continue;
        bool back = link->b == n;
        if (best == NULL || (back && !best_back) ||
            (back == best_back && link_strength_cmp(link, best, 0) < 0)) {
            best = link;
            best_back = back;
        }
    }
    return best;
}

struct sv
settle_reason(const struct grouping *grouping, size_t n)
{
    const struct work_node *node = &grouping->nodes[n];
    if (node->explicit_id.len > 0)
        return arena_printf(grouping->arena, "explicit " SV_FMT, SV_ARG(node->explicit_id));
    if (node->incident == n)
        return node->role == NODE_DECLARED ? SV("opens, declared by a person") : SV("opens");
    const struct node_link *link = strongest_link(grouping, n);
    if (link == NULL)
        return SV("joined through its group");
    const struct work_node *other = &grouping->nodes[link->a == n ? link->b : link->a];
    if (link->by_bounds) {
        struct sv key = node_key_text(grouping->arena, other);
        return arena_printf(grouping->arena, "declared bounds (1000), 0 ms from " SV_FMT,
                            SV_ARG(key));
    }
    const struct work_node *earlier = &grouping->nodes[link->a];
    int64_t reach = earlier->first_ms + grouping->config->reach_ms;
    struct pair_score score;
    pair_score(grouping->config, earlier, &grouping->nodes[link->b],
               earlier->last_ms < reach ? earlier->last_ms : reach, 0, -1, &score);
    return pair_score_text(grouping->arena, &score, other);
}

void
settle_groups(struct grouping *grouping)
{
    struct settling settling = {.grouping = grouping};
    assert(grouping->around_at != NULL); /* links_build() was called */
    settling.call = ARENA_ARRAY(grouping->arena, size_t, grouping->node_count + 1);
    size_t *opening = ARENA_ARRAY(grouping->arena, size_t, grouping->node_count + 1), count = 0;
    for (size_t n = 0; n < grouping->node_count; n++)
        if (node_opens(&grouping->nodes[n]))
            opening[count++] = n;
    settle(&settling, opening, count, 0);
    name_incidents(grouping);
    for (size_t i = 0; i < count; i++)
        grouping->nodes[opening[i]].reason = settle_reason(grouping, opening[i]);
}
