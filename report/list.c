/*
 * Lists of a draft: see list.h.
 */
#include "report/list.h"

#include <stdlib.h>

#include "report/draft.h"

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
    document_wordsf(draft->document, "More %s in the full timeline: %zu.", what, count - shown);
}
