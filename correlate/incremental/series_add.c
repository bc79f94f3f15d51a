/*
 * A record that comes to what is known of its episode: see series_work.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/episodes.h"
#include "correlate/incremental/series_work.h"

static struct work_node *
node_alone(const struct series *by, const struct work_record *record)
{
    struct grouping grouping = {.arena = by->arena, .config = by->config, .graph = by->graph};
    struct work_record *copy = ARENA_NEW(by->arena, struct work_record);
    struct work_record **place = ARENA_NEW(by->arena, struct work_record *);
    struct work_node *node = ARENA_NEW(by->arena, struct work_node);
    *copy = *record;
    *place = copy;
    node_of_records(&grouping, node, place, 1, false);
    return node;
}

void
series_take_record(void *taker, size_t spot, const struct work_record *record)
{
    struct record_list *list = taker;
    struct work_record *copy = ARENA_NEW(list->arena, struct work_record);
    (void)spot;
    *copy = *record;
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = copy;
}

/* Its first records, which the new one may be among. */
static void
read_head(const struct series *by, struct work_node *node)
{
    struct record_list head = {.arena = by->arena};
    by->store->within(by->store->context, node->records[0], node->first_ms, node->last_ms,
                      SERIES_HEAD, series_take_record, &head);
    const struct work_record **records =
        ARENA_ARRAY(by->arena, const struct work_record *, head.count + 1);
    for (size_t i = 0; i < head.count; i++)
        records[i] = head.at[i];
    free(head.at);
    if (head.count > 0) /* none: the store failed, and notes it */
        node->records = records;
}

/* The old node that a record beside a change is in. */
static const struct work_node *
node_with(const struct spot_change *spot, const struct work_record *record)
{
    for (size_t i = spot->near_count; record != NULL && i-- > 0;)
        if (spot->near[i]->first_ms <= record->ms)
            return spot->near[i];
    return NULL;
}

bool
series_add(const struct series *by, const struct spot_change *spot,
           const struct work_node *ret_gone[2], struct work_node **ret_node)
{
    const struct work_record *record = spot->record;
    const struct work_node *early = node_with(spot, spot->before),
                           *late = node_with(spot, spot->after);
    struct work_node *node = node_alone(by, record), *all = ARENA_NEW(by->arena, struct work_node);
    bool joins_early = early != NULL && record_joined(by->config, spot->before, record);
    bool joins_late = late != NULL && record_joined(by->config, record, spot->after);
    if (record->role == NODE_DECLARED || (joins_early && early->role != record->role) ||
        (joins_late && late->role != record->role))
        return false; /* what is known of a node is what its role needs */
    ret_gone[0] = ret_gone[1] = NULL;
    if (early != NULL && early == late) {
        if (!joins_early || !joins_late || !series_can_insert(early, node))
            return false;
        series_join(by, early, node, all);
        if (all->role == NODE_ALERT || all->role == NODE_CHAT)
            read_head(by, all);
        ret_gone[0] = early;
        *ret_node = all;
        return true;
    }
    *ret_node = node;
    if (joins_early) {
        series_join(by, early, node, all);
        *ret_node = all;
        ret_gone[0] = early;
    }
    if (joins_late) {
        struct work_node *both = ARENA_NEW(by->arena, struct work_node);
        series_join(by, *ret_node, late, both);
        *ret_node = both;
        ret_gone[1] = late;
    }
    return true;
}
