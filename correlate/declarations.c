/*
 * Declarations as records of grouping: those with one id count once. Called by correlate_run().
 */
#include <stdlib.h>

#include "correlate/decide/decide.h"
#include "correlate/run.h"

static int
number_order(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* Declarations with one id count once; the smallest content of it. */
static int
declaration_order(const void *left, const void *right)
{
    const struct declaration *a = *(const struct declaration *const *)left;
    const struct declaration *b = *(const struct declaration *const *)right;
    int order = sv_cmp(a->id, b->id);
    if (order == 0)
        order = number_order(a->from_ns, b->from_ns);
    if (order == 0)
        order = number_order(a->to_ns, b->to_ns);
    const struct sv texts[][2] = {{a->title, b->title},
                                  {a->service, b->service},
                                  {a->channel, b->channel},
                                  {a->declared_by, b->declared_by}};
    for (size_t i = 0; order == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
        order = sv_cmp(texts[i][0], texts[i][1]);
    return order;
}

size_t
records_of_declarations(struct arena *arena, const struct correlation_input *input,
                        const struct deciding *deciding, struct work_record *ret_records)
{
    size_t count = 0, all = input->declaration_count;
    const struct declaration **sorted = ARENA_ARRAY(arena, const struct declaration *, all + 1);
    for (size_t i = 0; i < all; i++)
        sorted[i] = &input->declarations[i];
    if (all > 1)
        qsort(sorted, all, sizeof(*sorted), declaration_order);
    for (size_t i = 0; i < all; i++)
        if ((i == 0 || !sv_eq(sorted[i]->id, sorted[i - 1]->id)) &&
            !deciding_undeclared(deciding, sorted[i]->id))
            record_of_declaration(arena, sorted[i], input->scope, &ret_records[count++]);
    return count;
}
