/*
 * What the steps of reattach() hand on to each other; private to correlate/incremental/.
 */
#ifndef CORRELATE_INCREMENTAL_REATTACH_WORK_H
#define CORRELATE_INCREMENTAL_REATTACH_WORK_H

#include "correlate/incremental/reattach.h"

/* attach_list.c */
void attach_list_add(struct attach_list *list, const struct work_node *node);
/* A store_take() of a list. */
void attach_list_take(void *list, size_t spot, const struct work_node *node);
/* In order, each once. */
void attach_list_sort(struct attach_list *list);
/* NULL: it is not in the sorted list. */
const struct work_node *const *
attach_list_find(const struct attach_list *list, const struct node_id *id);
void attach_list_release(struct attach_list *list);

static inline bool
reattach_obeys(const struct reattach *re, enum reattach_rule rule)
{
    return (re->rules & rule) != 0;
}

/*
 * reattach_choose.c: writes what these hang on now; `again` is sorted. Adds those that hang on
 * something else than before.
 */
void attach_choose(const struct reattach *re, const struct attach_list *again,
                   struct attach_list *ret_changed);

/* reattach_talk.c: all of it does nothing where no talk is judged. */
bool attach_judges(const struct reattach *re, const struct work_node *node);
/* The opening node; NULL: none. */
const struct work_node *
attach_hangs_on(const struct reattach *re, const struct attach_state *state);
/* The episodes before these in their channels, and what they hang on. False: none is talk. */
bool attach_add_before(const struct reattach *re, const struct attach_list *again,
                       struct attach_list *seen);
/* The channel's next episodes behind these, as far as they are reached. */
void attach_add_next(const struct reattach *re, const struct attach_list *talk,
                     struct attach_list *again);
/* The same behind nodes that came, went or changed. */
void attach_add_next_of_changes(const struct reattach *re, const struct regroup_change *changes,
                                size_t count, struct attach_list *again);
/* Talk that compares incidents one of which is another one now. */
void attach_add_moved(const struct reattach *re, const struct regroup_result *groups,
                      struct attach_list *again);

/* reattach_thread.c: what this node follows in its thread, as threads_find() has it; or NULL. */
const struct work_node *attach_followed(const struct reattach *re, const struct work_node *node);
/* What could follow these in a thread. */
void attach_add_answers(const struct reattach *re, const struct attach_list *talk,
                        struct attach_list *again);
/* The same of nodes that came, went or changed. */
void attach_add_answers_of_changes(const struct reattach *re, const struct regroup_change *changes,
                                   size_t count, struct attach_list *again);

#endif
