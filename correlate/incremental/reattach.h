/*
 * Attachment (definition 8) by what changed: which opening node, or incident of an explicit id, a
 * change, log pattern, note, chat episode or quiet alert hangs on, as attach_nodes() gives it for
 * the whole set. Looks once before regroup() of the same change and once after it. Pure but for the
 * stores; memory is the arena's.
 *
 * Talk that is judged by what it is about (correlate/group/topic.h) reads itself, the opening nodes
 * that it may hang on and the incidents that these are in, and of the channel's episode before when
 * it ended, what it hangs on, and in which incident that is.
 */
#ifndef CORRELATE_INCREMENTAL_REATTACH_H
#define CORRELATE_INCREMENTAL_REATTACH_H

#include "correlate/incremental/regroup.h"

/* What an attaching node hangs on. */
struct attach_state {
    bool attached;
    struct sv explicit_id; /* the incident of this id; absent: on the node `to` */
    struct node_id to;
    struct sv reason;
};

/* Where to look: at nodes that have this key. */
struct key_range {
    const struct node_key *key;
    struct time_range within;
};

/* Attaching nodes, as struct group_store has those that open; spots are 0. */
struct attach_store {
    void *context;
    /* That have the key of one of these ranges and begin within; each range by itself. */
    void (*with_keys)(void *context, const struct key_range *ranges, size_t count, store_take *take,
                      void *taker);
    /* That begin before the end, and end after the begin. */
    void (*alive)(void *context, int64_t from_ms, int64_t to_ms, store_take *take, void *taker);
    void (*naming)(void *context, struct sv explicit_id, store_take *take, void *taker);
    /* That hang on one of these nodes themselves. */
    void (*hanging)(void *context, const struct node_id *ids, size_t count, store_take *take,
                    void *taker);
    /* Of each node's series the nearest one on that side, itself not; the spot is its place. */
    void (*beside)(void *context, const struct work_node *const *nodes, size_t count,
                   enum store_side side, store_take *take, void *taker);
    /* The one of talk that has this record; NULL: none. */
    const struct work_node *(*holding)(void *context, struct sv uid);
    const struct work_node *(*node)(void *context, const struct node_id *id);
    bool (*state)(void *context, const struct node_id *id, struct attach_state *ret_state);
    void (*put_node)(void *context, const struct work_node *node);
    void (*drop_node)(void *context, const struct node_id *id);
    void (*put_state)(void *context, const struct node_id *id, const struct attach_state *state);
};

enum reattach_rule {
    REATTACH_KEYS = 1,   /* what could hang on an opening node that came, went or changed */
    REATTACH_BOUNDS = 2, /* what lies within bounds that came, went or changed */
    REATTACH_NAMED = 4,  /* what names an explicit id that an incident got or lost */
    REATTACH_BEFORE = 8, /* who reached what changed, and is kept from it by what came with it */
    REATTACH_CHANNEL =
        16,              /* the channel's next episode, where talk came, went or hangs elsewhere */
    REATTACH_MOVED = 32, /* talk that could hang on what came into another incident */
    REATTACH_HUNG = 64,  /* the channel's next episode, where talk hangs on such a node */
    REATTACH_BOTH = 128, /* of two that come, or go, in one batch the one may hide from the other
                            whom it takes the place of: its place counts before and after */
    REATTACH_ANSWERS = 256, /* what answers talk that came, went, changed or hangs elsewhere */
    REATTACH_THREAD = 512,  /* the thread's next episode behind such talk */
    REATTACH_RULES = 1023
};

struct reattach {
    const struct regroup *by;
    const struct attach_store *store;
    unsigned rules;                     /* REATTACH_RULES */
    const struct phrase_rules *phrases; /* that talk is judged by; NULL: none is judged */
};

/* Attaching nodes that are to be looked at again. */
struct attach_list {
    const struct work_node **at;
    size_t count, size;
};

/*
 * Before regroup(): who had one of the nodes that change, as they were, among its candidates. Frees
 * nothing; `ret_list` is empty before the first call.
 */
void reattach_before(const struct reattach *reattach, const struct regroup_change *opening,
                     size_t opening_count, struct attach_list *ret_list);
/*
 * After regroup() of `opening`, which gave `groups`: writes the attaching nodes that changed, and
 * what all that are concerned hang on now. Takes the list of before, and frees it. Returns how many
 * nodes were looked at again.
 */
size_t
reattach(const struct reattach *reattach, const struct regroup_change *opening,
         size_t opening_count, const struct regroup_result *groups,
         const struct regroup_change *attaching, size_t attaching_count, struct attach_list *list);

#endif
