/*
 * Attachment by what changed: see reattach.h. Who is looked at again; what they hang on then
 * attach_choose() tells.
 */
#include "correlate/incremental/reattach.h"

#include "correlate/incremental/reattach_work.h"

/* -------------------------------------------------------- who is looked at again */

static int64_t
widest_gap(const struct correlation_config *config, const struct work_node *node, int64_t gap)
{
    for (size_t k = 0; node != NULL && k < node->key_count; k++)
        if (config->gap_ms[node->keys[k].kind] > gap)
            gap = config->gap_ms[node->keys[k].kind];
    return gap;
}

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/*
 * Who has this node among its nearest of this key, as the store stands: between its fourth
 * neighbours, as far as it or whom it takes the place of can reach. What is found by one key may
 * score by another, so the widest gap of all of them counts.
 */
static void
add_around(const struct reattach *re, const struct work_node *node, const struct node_key *key,
           struct attach_list *again)
{
    const struct correlation_config *config = re->by->config;
    const struct group_store *store = re->by->store;
    struct attach_list early = {0}, late = {0};
    struct key_spot spot = {key, node_id_of(node)};
    size_t most = (size_t)config->neighbours;
    store->nearest(store->context, &spot, 1, STORE_BEFORE, most, attach_list_take, &early);
    store->nearest(store->context, &spot, 1, STORE_AFTER, most, attach_list_take, &late);
    int64_t gap = widest_gap(config, node, 0), last = node->last_ms;
    for (size_t i = 0; i < early.count; i++) {
        gap = widest_gap(config, early.at[i], gap);
        last = later(last, early.at[i]->last_ms);
    }
    for (size_t i = 0; i < late.count; i++)
        gap = widest_gap(config, late.at[i], gap);
    int64_t from = node->first_ms - config->reach_ms - later(gap, config->look_back_ms);
    int64_t to = last + gap;
    if (early.count == most)
        from = later(from, early.at[most - 1]->first_ms);
    if (late.count == most && late.at[most - 1]->first_ms < to)
        to = late.at[most - 1]->first_ms;
    if (from <= to)
        re->store->with_key(re->store->context, key, from, to, attach_list_take, again);
    attach_list_release(&early);
    attach_list_release(&late);
}

static void
add_within_bounds(const struct reattach *re, const struct work_node *declared,
                  struct attach_list *again)
{
    const struct correlation_config *config = re->by->config;
    if (declared == NULL || declared->declaration == NULL || !reattach_obeys(re, REATTACH_BOUNDS))
        return;
    int64_t after = later(config->bounds_after_ms, config->bounds_after_change_ms);
    int64_t to = declared->declaration->to_ns == TIME_NONE
                     ? declared->first_ms + config->bounds_open_ms
                     : declared->last_ms + after;
    re->store->alive(re->store->context, declared->first_ms - config->bounds_before_ms, to,
                     attach_list_take, again);
}

static void
add_all_around(const struct reattach *re, const struct work_node *node, struct attach_list *again)
{
    bool keys = node != NULL && reattach_obeys(re, REATTACH_KEYS);
    for (size_t k = 0; keys && k < node->key_count; k++)
        add_around(re, node, &node->keys[k], again);
    add_within_bounds(re, node, again);
}

void
reattach_before(const struct reattach *re, const struct regroup_change *opening,
                size_t opening_count, struct attach_list *ret_list)
{
    bool looks = reattach_obeys(re, REATTACH_BEFORE);
    bool both = opening_count > 1 && reattach_obeys(re, REATTACH_BOTH);
    for (size_t i = 0; looks && i < opening_count; i++)
        add_all_around(re, opening[i].was, ret_list);
    for (size_t i = 0; both && i < opening_count; i++)
        add_all_around(re, opening[i].is, ret_list);
}

static void
write_nodes(const struct reattach *re, const struct regroup_change *attaching, size_t count,
            struct attach_list *again)
{
    for (size_t i = 0; i < count; i++) {
        if (attaching[i].is != NULL) {
            re->store->put_node(re->store->context, attaching[i].is);
            attach_list_add(again, attaching[i].is);
        } else if (attaching[i].was != NULL) {
            struct node_id id = node_id_of(attaching[i].was);
            re->store->drop_node(re->store->context, &id);
        }
    }
}

/* As they are now, where they are still there. */
static void
add_still_there(const struct reattach *re, const struct attach_list *list,
                struct attach_list *again)
{
    for (size_t i = 0; i < list->count; i++) {
        struct node_id id = node_id_of(list->at[i]);
        const struct work_node *node = re->store->node(re->store->context, &id);
        if (node != NULL)
            attach_list_add(again, node);
    }
}

/*
 * What talk hangs on the channel's next episode looks at: on and on, until no more hangs elsewhere.
 * Nodes only follow later ones, so this ends.
 */
static size_t
choose_on(const struct reattach *re, struct attach_list *again)
{
    size_t looked_at = 0;
    while (again->count > 0) {
        struct attach_list changed = {0};
        attach_list_sort(again);
        looked_at += again->count;
        attach_choose(re, again, &changed);
        again->count = 0;
        attach_add_next(re, &changed, again);
        attach_add_answers(re, &changed, again);
        attach_list_release(&changed);
    }
    return looked_at;
}

size_t
reattach(const struct reattach *re, const struct regroup_change *opening, size_t opening_count,
         const struct regroup_result *groups, const struct regroup_change *attaching,
         size_t attaching_count, struct attach_list *list)
{
    struct attach_list again = {0};
    write_nodes(re, attaching, attaching_count, &again);
    add_still_there(re, list, &again);
    bool both = opening_count > 1 && reattach_obeys(re, REATTACH_BOTH);
    for (size_t i = 0; i < opening_count; i++)
        add_all_around(re, opening[i].is, &again);
    for (size_t i = 0; both && i < opening_count; i++)
        add_all_around(re, opening[i].was, &again);
    for (size_t i = 0; i < groups->label_count && reattach_obeys(re, REATTACH_NAMED); i++)
        re->store->naming(re->store->context, groups->labels[i], attach_list_take, &again);
    attach_add_next_of_changes(re, attaching, attaching_count, &again);
    attach_add_answers_of_changes(re, attaching, attaching_count, &again);
    attach_add_moved(re, groups, &again);
    size_t looked_at = choose_on(re, &again);
    attach_list_release(&again);
    attach_list_release(list);
    return looked_at;
}
