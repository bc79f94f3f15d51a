/*
 * Talk that is judged by what it is about, by what changed: see reattach_work.h. It follows its
 * channel's episode before, and compares incidents, so more is looked at again than what has a
 * changed node among its candidates.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/episodes.h"
#include "correlate/group/topic.h"
#include "correlate/incremental/reattach_work.h"

bool
attach_judges(const struct reattach *re, const struct work_node *node)
{
    const struct grouping grouping = {.rules = re->phrases};
    return topic_is_judged(&grouping, node);
}

/* ---------------------------------------------------------------- the episode before */

const struct work_node *
attach_hangs_on(const struct reattach *re, const struct attach_state *state)
{
    const struct group_store *store = re->by->store;
    if (!state->attached)
        return NULL;
    return state->explicit_id.len > 0 ? store->head(store->context, state->explicit_id)
                                      : store->node(store->context, &state->to);
}

bool
attach_add_before(const struct reattach *re, const struct attach_list *again,
                  struct attach_list *seen)
{
    struct attach_list talk = {0}, before = {0};
    for (size_t i = 0; i < again->count; i++)
        if (attach_judges(re, again->at[i]))
            attach_list_add(&talk, again->at[i]);
    bool any = talk.count > 0;
    if (any)
        re->store->beside(re->store->context, talk.at, talk.count, STORE_BEFORE, attach_list_take,
                          &before);
    for (size_t i = 0; i < before.count; i++) {
        struct node_id id = node_id_of(before.at[i]);
        struct attach_state state;
        attach_list_add(seen, before.at[i]);
        if (attach_list_find(again, &id) != NULL ||
            !re->store->state(re->store->context, &id, &state))
            continue;
        const struct work_node *to = attach_hangs_on(re, &state);
        if (to != NULL)
            attach_list_add(seen, to);
    }
    attach_list_release(&talk);
    attach_list_release(&before);
    return any;
}

/* ------------------------------------------------------------------ the next episodes */

struct next_taker {
    const struct reattach *re;
    const struct attach_list *talk;
    struct attach_list *again;
};

static void
take_next(void *context, size_t spot, const struct work_node *node)
{
    const struct next_taker *taker = context;
    int64_t pause = node->first_ms - taker->talk->at[spot]->last_ms;
    if (pause <= taker->re->by->config->reach_ms && attach_judges(taker->re, node))
        attach_list_add(taker->again, node);
}

void
attach_add_next(const struct reattach *re, const struct attach_list *talk,
                struct attach_list *again)
{
    struct next_taker taker = {re, talk, again};
    if (re->phrases != NULL && talk->count > 0 && reattach_obeys(re, REATTACH_CHANNEL))
        re->store->beside(re->store->context, talk->at, talk->count, STORE_AFTER, take_next,
                          &taker);
}

/* As it ends later, before the change or after it. */
static const struct work_node *
longer(struct arena *arena, const struct regroup_change *change)
{
    struct work_node *node = ARENA_NEW(arena, struct work_node);
    *node = *change->is;
    if (change->was->last_ms > node->last_ms)
        node->last_ms = change->was->last_ms;
    return node;
}

void
attach_add_next_of_changes(const struct reattach *re, const struct regroup_change *changes,
                           size_t count, struct attach_list *again)
{
    struct attach_list talk = {0};
    for (size_t i = 0; i < count && re->phrases != NULL; i++) {
        const struct work_node *was = changes[i].was, *is = changes[i].is;
        if (was != NULL && is != NULL && record_same_series(was->records[0], is->records[0])) {
            attach_list_add(&talk, longer(re->by->arena, &changes[i]));
            continue;
        }
        if (was != NULL)
            attach_list_add(&talk, was);
        if (is != NULL)
            attach_list_add(&talk, is);
    }
    attach_add_next(re, &talk, again);
    attach_list_release(&talk);
}

/* ------------------------------------------------------------------ incidents */

static void
add_hung(const struct reattach *re, const struct regroup_result *groups, struct attach_list *again)
{
    struct attach_list hung = {0};
    struct next_taker taker = {re, &hung, again};
    re->store->hanging(re->store->context, groups->relabelled, groups->relabelled_count,
                       attach_list_take, &hung);
    if (hung.count > 0)
        re->store->beside(re->store->context, hung.at, hung.count, STORE_AFTER, take_next, &taker);
    attach_list_release(&hung);
}

/* Where talk begins that has a node among its nearest of a key. */
struct near_range {
    struct time_range within;
    size_t early, late; /* neighbours that were seen */
};

struct near_list {
    const struct reattach *re;
    struct key_spot *spots;
    struct near_range *ranges;
    size_t count, spot_size, range_size;
};

static void
take_early(void *context, size_t spot, const struct work_node *node)
{
    const struct near_list *list = context;
    struct near_range *range = &list->ranges[spot];
    if (++range->early == (size_t)list->re->by->config->neighbours &&
        node->first_ms > range->within.from_ms)
        range->within.from_ms = node->first_ms;
}

static void
take_late(void *context, size_t spot, const struct work_node *node)
{
    const struct near_list *list = context;
    struct near_range *range = &list->ranges[spot];
    if (++range->late == (size_t)list->re->by->config->neighbours &&
        node->first_ms < range->within.to_ms)
        range->within.to_ms = node->first_ms;
}

/* All that talk shares with a node that it is compared with is the scope. */
static void
list_scopes(struct near_list *list, const struct work_node *node)
{
    const struct correlation_config *config = list->re->by->config;
    int64_t gap = config->gap_ms[KEY_SCOPE];
    size_t keys;
    const struct node_key *key = node_keys_of(node, KEY_SCOPE, &keys);
    for (size_t k = 0; k < keys; k++) {
        list->spots =
            memory_grow(list->spots, &list->spot_size, list->count + 1, sizeof(*list->spots));
        list->ranges =
            memory_grow(list->ranges, &list->range_size, list->count + 1, sizeof(*list->ranges));
        list->spots[list->count] = (struct key_spot){&key[k], node_id_of(node)};
        list->ranges[list->count++] = (struct near_range){
            .within = {node->first_ms - config->reach_ms - gap, node->last_ms + gap}};
    }
}

static void
take_judged(void *context, size_t spot, const struct work_node *node)
{
    const struct next_taker *taker = context;
    (void)spot;
    if (attach_judges(taker->re, node))
        attach_list_add(taker->again, node);
}

/* The nodes are in order: ranges of one key that meet are read once. */
static void
take_ranges(const struct near_list *list, struct attach_list *again)
{
    const struct reattach *re = list->re;
    struct next_taker taker = {.re = re, .again = again};
    for (size_t i = 0; i < list->count; i++) {
        struct time_range *within = &list->ranges[i].within;
        size_t next = i + 1;
        while (next < list->count && node_key_cmp(list->spots[next].key, list->spots[i].key) != 0)
            next++;
        if (next < list->count && list->ranges[next].within.from_ms <= within->to_ms) {
            struct time_range *wider = &list->ranges[next].within;
            wider->from_ms = within->from_ms < wider->from_ms ? within->from_ms : wider->from_ms;
            wider->to_ms = within->to_ms > wider->to_ms ? within->to_ms : wider->to_ms;
        } else {
            const struct key_range range = {list->spots[i].key, *within};
            re->store->with_keys(re->store->context, &range, 1, take_judged, &taker);
        }
    }
}

static void
add_near(const struct reattach *re, const struct regroup_result *groups, struct attach_list *again)
{
    const struct group_store *store = re->by->store;
    struct near_list list = {.re = re};
    size_t most = (size_t)re->by->config->neighbours;
    for (size_t i = 0; i < groups->relabelled_count; i++) {
        const struct work_node *node = store->node(store->context, &groups->relabelled[i]);
        if (node != NULL)
            list_scopes(&list, node);
    }
    store->nearest(store->context, list.spots, list.count, STORE_BEFORE, most, take_early, &list);
    store->nearest(store->context, list.spots, list.count, STORE_AFTER, most, take_late, &list);
    take_ranges(&list, again);
    free(list.spots);
    free(list.ranges);
}

void
attach_add_moved(const struct reattach *re, const struct regroup_result *groups,
                 struct attach_list *again)
{
    if (re->phrases == NULL || groups->relabelled_count == 0)
        return;
    if (reattach_obeys(re, REATTACH_HUNG))
        add_hung(re, groups, again);
    if (reattach_obeys(re, REATTACH_MOVED))
        add_near(re, groups, again);
}
