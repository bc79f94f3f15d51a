/*
 * Threads of talk. Answers of one thread are a series of their own (definition 1), and belong where
 * what their thread said before belongs (definition 8): the message that it began with, where that
 * is among the records, else its talk before. An answer has two keys of the kind KEY_THREAD: the
 * series of its channel, in which the first message lies, and the uid of that message, where it is
 * known how the format names its messages. Pure; memory is the arena's.
 */
#ifndef CORRELATE_GROUP_THREAD_H
#define CORRELATE_GROUP_THREAD_H

#include "correlate/group/grouping.h"

/* Makes the record one of its thread where it answers; what begins a thread is its channel's. */
void thread_join(struct arena *arena, struct work_record *record);
bool record_answers(const struct work_record *record);
/* The uid in hex of the message that the thread of this node began with; absent: unknown. */
struct sv thread_first(const struct work_node *node);
/* The key that answers have of the channel of this node, in which their threads began. */
struct node_key thread_channel(struct arena *arena, const struct work_node *node);
/*
 * True if a node of talk follows this one in its thread: it lies before it and near enough, and is
 * the one that holds what its thread began with (`begins`), or else the one before it in its
 * series. NULL: false.
 */
bool thread_follows(struct arena *arena, const struct correlation_config *config,
                    const struct work_node *before, bool begins, const struct work_node *node);
/* Of each node what it follows in its thread (`thread`): needs all nodes with all their records. */
void threads_find(struct grouping *grouping);

#endif
