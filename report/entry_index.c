/*
 * Entries by a text of theirs: see entry_index.h. Pure.
 */
#include "report/entry_index.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

static struct sv
id_of(const struct entry *entry)
{
    return entry->entry_id;
}

static struct sv
node_of(const struct entry *entry)
{
    return entry->node_key;
}

static struct sv
service_of(const struct entry *entry)
{
    return entry->service;
}

static struct sv
actor_of(const struct entry *entry)
{
    return entry->actor;
}

static struct sv
chain_of(const struct entry *entry)
{
    return entry->chain;
}

static struct sv (*const fields[])(const struct entry *entry) = {[BY_ID] = id_of,
                                                                 [BY_NODE] = node_of,
                                                                 [BY_SERVICE] = service_of,
                                                                 [BY_ACTOR] = actor_of,
                                                                 [BY_CHAIN] = chain_of};

static int
compare_entries(const void *a, const void *b, void *context)
{
    struct sv (*const field)(const struct entry *) = fields[*(const enum entry_field *)context];
    const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
    int order = sv_cmp(field(x), field(y));
    return order != 0 ? order : x < y ? -1 : x > y;
}

void
entry_index_init(struct entry_index *index, const struct incident *incident, enum entry_field field)
{
    *index = (struct entry_index){.field = field, .count = incident->entry_count};
    index->at = memory_calloc(index->count, sizeof(*index->at));
    for (size_t i = 0; i < index->count; i++)
        index->at[i] = &incident->entries[i];
    if (index->count > 1)
        qsort_r(index->at, index->count, sizeof(*index->at), compare_entries, &field);
}

void
entry_index_release(struct entry_index *index)
{
    free(index->at);
    *index = (struct entry_index){0};
}

size_t
entry_index_from(const struct entry_index *index, struct sv text)
{
    assert(index->at != NULL); /* made, and not released yet */
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(fields[index->field](index->at[middle]), text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct entry *const *
entry_index_find(const struct entry_index *index, struct sv text, size_t *ret_count)
{
    size_t from = entry_index_from(index, text), low = from, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(fields[index->field](index->at[middle]), text) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    assert(low >= from && low <= index->count);
    *ret_count = low - from;
    return index->at + from;
}
