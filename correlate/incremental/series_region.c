/*
 * Nodes of a chunk after the change: see series_work.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/episodes.h"
#include "correlate/incremental/series_work.h"

static size_t
place_in(const struct chunk *chunk, const struct work_node *node)
{
    size_t at = 0;
    while (chunk->old[at]->first_ms != node->first_ms)
        at++;
    return at;
}

/* The node at the change, the one before it and the one after: places from low up to high. */
static void
set_region(const struct chunk *chunk, struct spot_change *spot)
{
    size_t from = spot->near_before < 2 ? 0 : spot->near_before - 2;
    size_t to = spot->near_before < spot->near_count ? spot->near_before + 1 : spot->near_count;
    spot->low = spot->high = 0;
    if (from == to)
        return;
    spot->low = place_in(chunk, spot->near[from]);
    spot->high = place_in(chunk, spot->near[to - 1]) + 1;
}

static void
push(struct chunk *chunk, const struct work_node *node, bool near)
{
    chunk->now =
        memory_grow(chunk->now, &chunk->now_size, chunk->now_count + 1, sizeof(*chunk->now));
    chunk->near = memory_grow(chunk->near, &chunk->near_size, chunk->now_count + 1, sizeof(bool));
    chunk->now[chunk->now_count] = node;
    chunk->near[chunk->now_count++] = near;
}

/* In order of time among those that stay. */
static void
add_region(struct chunk *chunk, size_t low, size_t high, const struct work_node *const gone[2],
           const struct work_node *node)
{
    bool put = false;
    for (size_t i = low; i <= high; i++) {
        const struct work_node *old = i < high ? chunk->old[i] : NULL;
        if (!put && (old == NULL || old->first_ms > node->first_ms ||
                     (old->first_ms == node->first_ms && (old == gone[0] || old == gone[1])))) {
            push(chunk, node, true);
            put = true;
        }
        if (old != NULL && old != gone[0] && old != gone[1])
            push(chunk, old, true);
    }
}

/* Cuts the records of a region anew. */
static void
read_region(struct applying *applying, struct chunk *chunk, size_t low, size_t high,
            const struct spot_change *spots, size_t count)
{
    const struct series *by = applying->by;
    struct record_list head = {.arena = by->arena};
    int64_t from = spots[0].record->ms, to = spots[count - 1].record->ms;
    for (size_t i = low; i < high; i++) {
        from = chunk->old[i]->first_ms < from ? chunk->old[i]->first_ms : from;
        to = chunk->old[i]->last_ms > to ? chunk->old[i]->last_ms : to;
    }
    by->store->within(by->store->context, spots[0].record, from, to, SIZE_MAX, series_take_record,
                      &head);
    struct work_record *records = ARENA_ARRAY(by->arena, struct work_record, head.count + 1);
    for (size_t i = 0; i < head.count; i++)
        records[i] = *head.at[i];
    free(head.at);
    struct correlation_config config = *by->config;
    config.familiar_count = 0; /* that is seen with the nodes before them */
    struct grouping cut = {.arena = by->arena, .config = &config, .graph = by->graph};
    episodes_build(&cut, records, head.count);
    for (size_t n = 0; n < cut.node_count; n++)
        push(chunk, &cut.nodes[n], true);
    applying->read += cut.node_count;
    chunk->read = true;
}

static void
settle_region(struct applying *applying, struct chunk *chunk, size_t low, size_t high,
              const struct spot_change *spots, size_t count)
{
    const struct work_node *gone[2];
    struct work_node *node;
    if (count == 1 && spots[0].comes && series_add(applying->by, &spots[0], gone, &node)) {
        add_region(chunk, low, high, gone, node);
        applying->added++;
    } else {
        read_region(applying, chunk, low, high, spots, count);
    }
}

/* Regions that share a node are one; what lies between them stays. */
void
series_settle(struct applying *applying, struct chunk *chunk)
{
    size_t done = 0;
    for (size_t i = 0; i < chunk->count; i++)
        set_region(chunk, &chunk->spots[i]);
    for (size_t from = 0, to; from < chunk->count; from = to) {
        size_t low = chunk->spots[from].low, high = chunk->spots[from].high;
        for (to = from + 1; to < chunk->count && chunk->spots[to].low < high; to++)
            high = chunk->spots[to].high > high ? chunk->spots[to].high : high;
        if (chunk->old_count == 0)
            to = chunk->count;
        for (; done < low; done++)
            push(chunk, chunk->old[done], false);
        settle_region(applying, chunk, low, high, chunk->spots + from, to - from);
        done = high;
    }
    for (; done < chunk->old_count; done++)
        push(chunk, chunk->old[done], false);
}
