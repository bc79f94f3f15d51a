/*
 * Records as grouping sees them, and lists that the files of advance.h fill. See advance_work.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/record.h"

struct work_record *
advance_look(struct advance *advance, enum group_record_question question,
             const struct group_place *places, size_t asked, size_t *ret_count)
{
    const struct group_rows *rows = advance->in->rows;
    struct group_record_answer *answers = NULL;
    struct err err;
    size_t found = 0;
    *ret_count = 0;
    if (asked > 0 && !advance_failed(advance))
        advance_note(advance,
                     rows->look(rows->context, advance->arena, question, places, asked, &answers,
                                &found, &err),
                     &err);
    struct work_record *records = ARENA_ARRAY(advance->arena, struct work_record, found + 1);
    for (size_t i = 0; i < found && !advance_failed(advance); i++) {
        const struct group_record *row = &answers[i].record;
        if (!record_read(advance->arena, row->content, row->uid, row->ms, &records[(*ret_count)++]))
            advance_note(
                advance,
                err_set(&err, ERR_DB_SCHEMA, "a row of correlate.group_record cannot be read"),
                &err);
    }
    return records;
}

void
spots_add(struct spots *spots, enum node_role role, int64_t from_ms, int64_t to_ms)
{
    spots->at = memory_grow(spots->at, &spots->size, spots->count + 1, sizeof(*spots->at));
    spots->at[spots->count++] = (struct candidate_dirt){role, from_ms, to_ms};
}

void
told_again_add(struct advance *advance, const struct told_again *told)
{
    advance->told = memory_grow(advance->told, &advance->told_size, advance->told_count + 1,
                                sizeof(*advance->told));
    advance->told[advance->told_count++] = *told;
}

void
loose_add(struct advance *advance, const struct told_node *node)
{
    advance->loose = memory_grow(advance->loose, &advance->loose_size, advance->loose_count + 1,
                                 sizeof(*advance->loose));
    advance->loose[advance->loose_count++] = *node;
}

static int
text_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

size_t
advance_texts(struct sv *texts, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(texts, count, sizeof(*texts), text_order);
    for (size_t i = 0; i < count; i++)
        if (!sv_empty(texts[i]) && (kept == 0 || !sv_eq(texts[kept - 1], texts[i])))
            texts[kept++] = texts[i];
    return kept;
}

static bool
is_untold(const struct held *held)
{
    return held->node != NULL && !held->opens && !held->is.rooted && held->is.label.len == 0;
}

void
advance_untold(struct advance *advance)
{
    for (size_t i = 0; i < advance->stored.touched.node_count; i++) {
        const struct held *held = advance->stored.touched.nodes[i];
        if (is_untold(held) && held->node->role != NODE_ALERT)
            loose_add(advance, &(struct told_node){held->node, held->is.reason});
    }
}

void
advance_quiet(struct advance *advance)
{
    for (size_t i = 0; i < advance->stored.touched.node_count; i++) {
        const struct held *held = advance->stored.touched.nodes[i];
        if (is_untold(held) && held->node->role == NODE_ALERT)
            loose_add(advance, &(struct told_node){held->node, held->is.reason});
    }
}
