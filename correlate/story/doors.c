/*
 * What one tool tells by two doors: the webhook and the log of the same incident, say. Both are
 * records of one thing that happened once: the first row of them counts and cites the other. Called
 * by tell() before rows are scored.
 */
#include "correlate/run.h"

#define SAME_MOMENT_NS (5 * NS_PER_S) /* what has no words of its own; notes: the rule's window */
#define DOORS_LOOKED_AT 64            /* rows before one */

static bool
may_be_one(struct sv a, struct sv b)
{
    return a.len == 0 || b.len == 0 || sv_eq_nocase(a, b);
}

/* Notes are their words; what else happened, its phase and moment. */
static bool
tells_the_same(const struct row *before, const struct row *row)
{
    const struct event *a = &before->observation->event, *b = &row->observation->event;
    int64_t apart = row->time_ns - before->time_ns;
    if (before->node != row->node || sv_eq(a->format, b->format) || a->phase != b->phase ||
        a->phase == PHASE_UPDATE || a->phase == PHASE_NONE ||
        !may_be_one(before->actor, row->actor))
        return false;
    return a->phase == PHASE_NOTE ? sv_eq(before->text, row->text) : apart <= SAME_MOMENT_NS;
}

/* Whom it pages is kept; two lists of them are two pages. */
static bool
take_pages(struct row *before, const struct row *row)
{
    if (row->page_count + row->given_count == 0)
        return true;
    if (before->page_count + before->given_count > 0)
        return false;
    before->pages = row->pages;
    before->page_count = row->page_count;
    before->given = row->given;
    before->given_count = row->given_count;
    return true;
}

static struct row *
told_before(struct row *const *rows, size_t count, const struct row *row)
{
    size_t from = count > DOORS_LOOKED_AT ? count - DOORS_LOOKED_AT : 0;
    for (size_t i = count; i > from; i--) {
        if (row->time_ns - rows[i - 1]->time_ns > reads_back(RULE_SAME_RECORD))
            return NULL;
        if (tells_the_same(rows[i - 1], row))
            return rows[i - 1];
    }
    return NULL;
}

void
fold_doors(struct story *story)
{
    size_t kept = 0;
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        struct row *before =
            row->node->role == NODE_ALERT ? told_before(story->rows, kept, row) : NULL;
        if (before == NULL || !take_pages(before, row)) {
            story->rows[kept++] = row;
            continue;
        }
        row_cite(story, before, row);
        row_note(before, SV("told_twice"));
    }
    story->count = kept;
}
