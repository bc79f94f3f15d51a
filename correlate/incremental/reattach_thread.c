/*
 * Threads by what changed: see reattach_work.h. What talk hangs on is asked by those that follow it
 * in a thread, so they are looked at again after it.
 */
#include "correlate/group/thread.h"
#include "correlate/incremental/reattach_work.h"

static void
take_one(void *taker, size_t spot, const struct work_node *node)
{
    (void)spot;
    *(const struct work_node **)taker = node;
}

const struct work_node *
attach_followed(const struct reattach *re, const struct work_node *node)
{
    const struct attach_store *store = re->store;
    const struct correlation_config *config = re->by->config;
    struct arena *arena = re->by->arena;
    struct sv uid = node->role == NODE_CHAT ? thread_first(node) : SV_NONE;
    const struct work_node *before = NULL;
    if (uid.len == 0)
        return NULL;
    const struct work_node *began = store->holding(store->context, uid);
    if (thread_follows(arena, config, began, true, node))
        return began;
    store->beside(store->context, &node, 1, STORE_BEFORE, take_one, &before);
    return thread_follows(arena, config, before, false, node) ? before : NULL;
}

/* ---------------------------------------------------------------- who follows */

struct follow_taker {
    const struct reattach *re;
    const struct attach_list *talk;
    struct attach_list *again;
};

static void
take_next(void *context, size_t spot, const struct work_node *node)
{
    const struct follow_taker *taker = context;
    const struct work_node *before = taker->talk->at[spot];
    if (node->first_ms - before->last_ms <= taker->re->by->config->gap_ms[KEY_THREAD] &&
        node->role == NODE_CHAT && thread_first(node).len > 0)
        attach_list_add(taker->again, node);
}

static void
add_next(const struct reattach *re, const struct attach_list *talk, struct attach_list *again)
{
    struct attach_list answers = {0};
    struct follow_taker taker = {re, &answers, again};
    for (size_t i = 0; i < talk->count; i++)
        if (talk->at[i]->role == NODE_CHAT && thread_first(talk->at[i]).len > 0)
            attach_list_add(&answers, talk->at[i]);
    if (answers.count > 0)
        re->store->beside(re->store->context, answers.at, answers.count, STORE_AFTER, take_next,
                          &taker);
    attach_list_release(&answers);
}

/* Threads begin in a channel, and go on in their own series. */
void
attach_add_answers(const struct reattach *re, const struct attach_list *talk,
                   struct attach_list *again)
{
    int64_t gap = re->by->config->gap_ms[KEY_THREAD];
    struct arena *arena = re->by->arena;
    struct node_key *keys = ARENA_ARRAY(arena, struct node_key, talk->count + 1);
    struct key_range *ranges = ARENA_ARRAY(arena, struct key_range, talk->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < talk->count && reattach_obeys(re, REATTACH_ANSWERS); i++) {
        const struct work_node *node = talk->at[i];
        if (node->role != NODE_CHAT)
            continue;
        keys[count] = thread_channel(arena, node);
        ranges[count] = (struct key_range){&keys[count], {node->first_ms, node->last_ms + gap}};
        count++;
    }
    if (count > 0)
        re->store->with_keys(re->store->context, ranges, count, attach_list_take, again);
    if (reattach_obeys(re, REATTACH_THREAD))
        add_next(re, talk, again);
}

/* As it was and as it is: what could follow the one may not follow the other. */
void
attach_add_answers_of_changes(const struct reattach *re, const struct regroup_change *changes,
                              size_t count, struct attach_list *again)
{
    struct attach_list talk = {0};
    for (size_t i = 0; i < count; i++) {
        if (changes[i].was != NULL)
            attach_list_add(&talk, changes[i].was);
        if (changes[i].is != NULL)
            attach_list_add(&talk, changes[i].is);
    }
    attach_add_answers(re, &talk, again);
    attach_list_release(&talk);
}
