/*
 * Links: definitions 3 and 4. Which earlier nodes a node may be linked to, and how strongly.
 */
#ifndef CORRELATE_GROUP_LINKS_H
#define CORRELATE_GROUP_LINKS_H

#include "correlate/group/grouping.h"

#define CANDIDATE_KEYS 16 /* times `neighbours`: the most candidates of one kind of key */

/* Needs the nodes in order of their id; makes the index of keys, and the links of opening nodes. */
void links_build(struct grouping *grouping);
bool link_holds(const struct grouping *grouping, const struct node_link *link, int level);
/* Stronger links first: score of the level, then smaller gap, then ids. */
int link_strength_cmp(const struct node_link *a, const struct node_link *b, int level);
/* The first opening node with this key whose number is `node` or more, as place in the index. */
size_t key_index_at(const struct grouping *grouping, const struct node_key *key, size_t node);

#endif
