/*
 * Episodes: definitions 1 and 2. From records to nodes in order of their id. `records` is sorted in
 * place.
 */
#ifndef CORRELATE_GROUP_EPISODES_H
#define CORRELATE_GROUP_EPISODES_H

#include "correlate/group/grouping.h"

/* By series, then time; a total order. */
int record_series_cmp(const struct work_record *a, const struct work_record *b);
/* The same source tells the same thing. */
bool record_same_series(const struct work_record *a, const struct work_record *b);
/* Of one series, one behind the other: true if both are of one episode. */
bool record_joined(const struct correlation_config *config, const struct work_record *a,
                   const struct work_record *b);
/* The node of these records of one series, which are in their order; of `grouping` only the arena
 * and the graph are looked at. `piece` must outlive it. */
void node_of_records(struct grouping *grouping, struct work_node *node,
                     struct work_record *const *piece, size_t count, bool familiar);
/* Whether it is one of a series that comes often decides which of its keys count (`raw`). */
void node_set_familiar(struct grouping *grouping, struct work_node *node, bool familiar);
void episodes_build(struct grouping *grouping, struct work_record *records, size_t count);

#endif
