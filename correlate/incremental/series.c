/*
 * Episodes by what changed: see series.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/group/episodes.h"
#include "correlate/incremental/series_work.h"

static int
spot_order(const void *left, const void *right)
{
    const struct spot_change *a = left, *b = right;
    int order = record_series_cmp(a->record, b->record);
    return order != 0 ? order : (int)a->comes - (int)b->comes;
}

/* -------------------------------------------------------------------- reading */

static void
take_before(void *taker, size_t spot, const struct work_record *record)
{
    struct applying *applying = taker;
    struct work_record *copy = ARENA_NEW(applying->by->arena, struct work_record);
    *copy = *record;
    applying->spots[spot].before = copy;
}

static void
take_after(void *taker, size_t spot, const struct work_record *record)
{
    struct applying *applying = taker;
    struct work_record *copy = ARENA_NEW(applying->by->arena, struct work_record);
    *copy = *record;
    applying->spots[spot].after = copy;
}

/* Nearest first: those before lie in front of those that came already. */
static void
take_node_before(void *taker, size_t spot, const struct work_node *node)
{
    struct spot_change *change = &((struct applying *)taker)->spots[spot];
    memmove(change->near + 1, change->near, change->near_count * sizeof(*change->near));
    change->near[0] = node;
    change->near_count++;
    change->near_before++;
}

static void
take_node_after(void *taker, size_t spot, const struct work_node *node)
{
    struct spot_change *change = &((struct applying *)taker)->spots[spot];
    change->near[change->near_count++] = node;
}

static void
read_around(struct applying *applying)
{
    const struct series *by = applying->by;
    const struct series_store *store = by->store;
    size_t limit = (size_t)by->config->familiar_count + 2;
    const struct work_record **spots =
        ARENA_ARRAY(by->arena, const struct work_record *, applying->count + 1);
    for (size_t i = 0; i < applying->count; i++) {
        spots[i] = applying->spots[i].record;
        applying->spots[i].near = ARENA_ARRAY(by->arena, const struct work_node *, 2 * limit);
    }
    store->nodes(store->context, spots, applying->count, STORE_BEFORE, limit, take_node_before,
                 applying);
    store->nodes(store->context, spots, applying->count, STORE_AFTER, limit, take_node_after,
                 applying);
    store->beside(store->context, spots, applying->count, STORE_BEFORE, take_before, applying);
    store->beside(store->context, spots, applying->count, STORE_AFTER, take_after, applying);
}

/* -------------------------------------------------------------------- chunks */

/* Both are in order; what is in both is there once. */
static void
add_near(struct chunk *chunk, const struct spot_change *spot)
{
    for (size_t i = 0; i < spot->near_count; i++) {
        size_t at = chunk->old_count;
        while (at > 0 && chunk->old[at - 1]->first_ms > spot->near[i]->first_ms)
            at--;
        if (at > 0 && chunk->old[at - 1]->first_ms == spot->near[i]->first_ms)
            continue;
        memmove(chunk->old + at + 1, chunk->old + at,
                (chunk->old_count - at) * sizeof(*chunk->old));
        chunk->old[at] = spot->near[i];
        chunk->old_count++;
    }
}

static bool
shares(const struct chunk *chunk, const struct spot_change *spot)
{
    if (!record_same_series(chunk->spots[0].record, spot->record))
        return false;
    if (chunk->old_count == 0 || spot->near_count == 0)
        return true; /* the series has no node, or just begins */
    return spot->near[0]->first_ms <= chunk->old[chunk->old_count - 1]->first_ms;
}

/* -------------------------------------------------------------------- familiar */

static const struct work_node *
with_familiar(const struct series *by, const struct work_node *node, bool familiar)
{
    struct grouping grouping = {.arena = by->arena, .config = by->config, .graph = by->graph};
    struct work_node *other = ARENA_NEW(by->arena, struct work_node);
    *other = *node;
    node_set_familiar(&grouping, other, familiar);
    return other;
}

/* Of the nodes of regions, and of as many behind them as count. */
static void
look_familiar(const struct series *by, struct chunk *chunk)
{
    size_t count = (size_t)by->config->familiar_count, since = SIZE_MAX;
    const struct work_node **now = memory_calloc(chunk->now_count, sizeof(*now));
    for (size_t i = 0; i < chunk->now_count; i++) {
        const struct work_node *node = now[i] = chunk->now[i];
        since = chunk->near[i] ? 0 : since == SIZE_MAX ? SIZE_MAX : since + 1;
        if (since > count || (i < count && !chunk->begins))
            continue;
        bool familiar = count > 0 && i >= count &&
                        node->first_ms - chunk->now[i - count]->first_ms <= by->config->familiar_ms;
        if (node->role == NODE_ALERT || chunk->near[i])
            now[i] = with_familiar(by, node, familiar);
    }
    free(chunk->now);
    chunk->now = now;
}

/* -------------------------------------------------------------------- changes */

static bool
same_keys(const struct node_key *a, size_t a_count, const struct node_key *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t k = 0; same && k < a_count; k++)
        same = node_key_cmp(&a[k], &b[k]) == 0;
    return same;
}

/* Records beside the known ones are told by their number. */
static bool
alike(const struct work_node *a, const struct work_node *b)
{
    return a->last_ms == b->last_ms && sv_eq(a->source, b->source) && sv_eq(a->uid, b->uid) &&
           a->role == b->role && a->severity == b->severity && a->familiar == b->familiar &&
           a->fires == b->fires && a->quiet == b->quiet &&
           sv_eq(a->quiet_reason, b->quiet_reason) && sv_eq(a->explicit_id, b->explicit_id) &&
           a->record_count == b->record_count &&
           same_keys(a->keys, a->key_count, b->keys, b->key_count) &&
           same_keys(a->raw, a->raw_count, b->raw, b->raw_count);
}

static void
add_change(struct applying *applying, const struct work_node *was, const struct work_node *is)
{
    applying->changes = memory_grow(applying->changes, &applying->change_size,
                                    applying->change_count + 1, sizeof(*applying->changes));
    applying->changes[applying->change_count++] = (struct regroup_change){was, is};
}

/* A region that was read again may hold other words in the same numbers: it counts as changed. */
static void
tell_changes(struct applying *applying, const struct chunk *chunk)
{
    size_t was_at = 0, is_at = 0;
    while (was_at < chunk->old_count || is_at < chunk->now_count) {
        const struct work_node *was = was_at < chunk->old_count ? chunk->old[was_at] : NULL;
        const struct work_node *is = is_at < chunk->now_count ? chunk->now[is_at] : NULL;
        int order = was == NULL ? 1 : is == NULL ? -1 : node_id_cmp(was, is);
        if (order != 0 || !alike(was, is) || (chunk->read && chunk->near[is_at]))
            add_change(applying, order <= 0 ? was : NULL, order >= 0 ? is : NULL);
        was_at += order <= 0;
        is_at += order >= 0;
    }
}

/* From this change on all that belong together; returns how many. */
static size_t
apply_chunk(struct applying *applying, struct spot_change *spots, size_t left)
{
    const struct series *by = applying->by;
    size_t limit = (size_t)by->config->familiar_count + 2, most = 1;
    while (most < left && record_same_series(spots[0].record, spots[most].record))
        most++;
    struct chunk chunk = {.spots = spots, .count = 1, .begins = spots[0].near_before < limit};
    chunk.old = ARENA_ARRAY(by->arena, const struct work_node *, most * 2 * limit + 1);
    add_near(&chunk, &spots[0]);
    while (chunk.count < most && shares(&chunk, &spots[chunk.count]))
        add_near(&chunk, &spots[chunk.count++]);
    series_settle(applying, &chunk);
    look_familiar(by, &chunk);
    tell_changes(applying, &chunk);
    free(chunk.now);
    free(chunk.near);
    return chunk.count;
}

static const struct work_node *
either(const struct regroup_change *change)
{
    return change->is != NULL ? change->is : change->was;
}

static int
change_order(const void *left, const void *right)
{
    return node_id_cmp(either(left), either(right));
}

/*
 * A record that became one of another series may be the first of its node in both: the node of the
 * one goes, that of the other comes, by one name.
 */
static size_t
join_changes(struct regroup_change *changes, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(changes, count, sizeof(*changes), change_order);
    for (size_t i = 0; i < count; i++) {
        struct regroup_change *last = kept > 0 ? &changes[kept - 1] : NULL;
        if (last == NULL || change_order(last, &changes[i]) != 0) {
            changes[kept++] = changes[i];
            continue;
        }
        last->was = changes[i].was != NULL ? changes[i].was : last->was;
        last->is = changes[i].is != NULL ? changes[i].is : last->is;
    }
    return kept;
}

/* What opens incidents and what attaches are told apart; a node may turn from one to the other. */
static const struct regroup_change *
changes_that(const struct applying *applying, bool open, size_t *ret_count)
{
    struct regroup_change *found =
        ARENA_ARRAY(applying->by->arena, struct regroup_change, applying->change_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < applying->change_count; i++) {
        const struct regroup_change *all = &applying->changes[i];
        const struct work_node *was =
            all->was != NULL && node_opens(all->was) == open ? all->was : NULL;
        const struct work_node *is =
            all->is != NULL && node_opens(all->is) == open ? all->is : NULL;
        if (was != NULL || is != NULL)
            found[count++] = (struct regroup_change){was, is};
    }
    *ret_count = join_changes(found, count);
    return found;
}

static void
write_records(struct applying *applying, const struct record_change *changes, size_t count)
{
    const struct series_store *store = applying->by->store;
    applying->spots = ARENA_ARRAY(applying->by->arena, struct spot_change, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        if (changes[i].was != NULL) {
            applying->spots[applying->count++].record = changes[i].was;
            store->drop(store->context, changes[i].was);
        }
        if (changes[i].is != NULL) {
            applying->spots[applying->count++] =
                (struct spot_change){.record = changes[i].is, .comes = true};
            store->put(store->context, changes[i].is);
        }
    }
}

void
series_apply(const struct series *series, const struct record_change *changes, size_t count,
             struct series_result *ret_result)
{
    struct applying applying = {.by = series};
    write_records(&applying, changes, count);
    if (applying.count > 1)
        qsort(applying.spots, applying.count, sizeof(*applying.spots), spot_order);
    read_around(&applying);
    for (size_t from = 0; from < applying.count;)
        from += apply_chunk(&applying, applying.spots + from, applying.count - from);
    *ret_result = (struct series_result){.added = applying.added, .read = applying.read};
    ret_result->opening = changes_that(&applying, true, &ret_result->opening_count);
    ret_result->attaching = changes_that(&applying, false, &ret_result->attaching_count);
    free(applying.changes);
}
