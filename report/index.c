/*
 * Finding entries by a text of theirs, and choosing which rows of a long list are shown: what keeps
 * a draft of a large incident short and its cost near n log n. Called by the sections.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "report/draft.h"

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

static struct sv (*const fields[])(const struct entry *entry) = {
    [BY_ID] = id_of, [BY_NODE] = node_of, [BY_SERVICE] = service_of, [BY_ACTOR] = actor_of};

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
    *ret_count = low - from;
    return index->at + from;
}

/* ---- lists ---- */

static int
by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int
by_place(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

size_t
list_best(struct ranked *rows, size_t count)
{
    if (count <= LIST_MAX)
        return count;
    qsort(rows, count, sizeof(*rows), by_rank);
    qsort(rows, LIST_MAX, sizeof(*rows), by_place);
    return LIST_MAX;
}

void
add_more(struct draft *draft, size_t count, size_t shown, const char *what)
{
    if (count <= shown)
        return;
    draft->left_out += count - shown;
    document_begin(draft->document, BLOCK_MORE);
    document_wordsf(draft->document, "%zu more %s are in the full timeline.", count - shown, what);
}
