/*
 * Records and nodes of series in memory: see seriesstore.h.
 */
#include "tests/lib/seriesstore.h"

#include <assert.h>
#include <string.h>

#include "correlate/group/episodes.h"

static size_t
place_of(const struct seriesstore *store, const struct work_record *record)
{
    size_t at = 0;
    while (at < store->count && record_series_cmp(&store->records[at], record) < 0)
        at++;
    return at;
}

static void
beside(void *context, const struct work_record *const *spots, size_t count, enum store_side side,
       record_take *take, void *taker)
{
    struct seriesstore *store = context;
    for (size_t i = 0; i < count; i++) {
        size_t at = place_of(store, spots[i]);
        if (side == STORE_AFTER && at < store->count &&
            record_series_cmp(&store->records[at], spots[i]) == 0)
            at++;
        if (side == STORE_BEFORE ? at == 0 : at == store->count)
            continue;
        const struct work_record *found = &store->records[side == STORE_BEFORE ? at - 1 : at];
        if (!record_same_series(found, spots[i]))
            continue;
        store->rows++;
        take(taker, i, found);
    }
}

static void
within(void *context, const struct work_record *series, int64_t from_ms, int64_t to_ms,
       size_t limit, record_take *take, void *taker)
{
    struct seriesstore *store = context;
    for (size_t i = 0; i < store->count && limit > 0; i++) {
        const struct work_record *found = &store->records[i];
        if (!record_same_series(found, series) || found->ms < from_ms || found->ms > to_ms)
            continue;
        store->rows++;
        limit--;
        take(taker, 0, found);
    }
}

static void
put(void *context, const struct work_record *record)
{
    struct seriesstore *store = context;
    size_t at = place_of(store, record);
    assert(store->count < SERIES_RECORDS_MAX);
    memmove(store->records + at + 1, store->records + at,
            (store->count - at) * sizeof(*store->records));
    store->records[at] = *record;
    store->count++;
}

static void
drop(void *context, const struct work_record *record)
{
    struct seriesstore *store = context;
    size_t at = place_of(store, record);
    assert(at < store->count && record_series_cmp(&store->records[at], record) == 0);
    memmove(store->records + at, store->records + at + 1,
            (store->count - at - 1) * sizeof(*store->records));
    store->count--;
}

static bool
of_series(const struct work_node *node, const struct work_record *record)
{
    return sv_eq(node->source, record->source) &&
           sv_eq(node->records[0]->fingerprint, record->fingerprint);
}

static void
nodes(void *context, const struct work_record *const *spots, size_t count, enum store_side side,
      size_t limit, store_take *take, void *taker)
{
    struct seriesstore *store = context;
    for (size_t i = 0; i < count; i++) {
        size_t middle = 0, left = limit;
        while (middle < store->node_count && store->nodes[middle].first_ms <= spots[i]->ms)
            middle++;
        for (size_t n = middle; side == STORE_AFTER && n < store->node_count && left > 0; n++)
            if (of_series(&store->nodes[n], spots[i])) {
                take(taker, i, &store->nodes[n]);
                left--;
            }
        for (size_t n = middle; side == STORE_BEFORE && n-- > 0 && left > 0;)
            if (of_series(&store->nodes[n], spots[i])) {
                take(taker, i, &store->nodes[n]);
                left--;
            }
        store->rows += limit - left;
    }
}

void
seriesstore_init(struct seriesstore *store)
{
    *store = (struct seriesstore){.store = {.context = store,
                                            .beside = beside,
                                            .within = within,
                                            .put = put,
                                            .drop = drop,
                                            .nodes = nodes}};
}
