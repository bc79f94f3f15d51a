/*
 * The check of promise 3 on a document: see document_check(). Called before a document is handed to
 * any writer.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "hindcast/document.h"

struct check {
    const struct document *document;
    bool *ambiguous; /* by entry: another one has the same id, or it has none */
    struct strbuf *problem;
    size_t problems;
};

static int64_t
day_of(int64_t ns)
{
    struct civil at;
    civil_from_ns(ns, &at);
    return civil_to_days(at.year, at.month, at.day);
}

static int
compare_ids(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
    return sv_cmp(x->entry_id, y->entry_id);
}

/* Whichever of two entries with one id a citation means, it does not say. */
static bool *
find_ambiguous(const struct incident *incident)
{
    size_t count = incident->entry_count;
    bool *ambiguous = memory_calloc(count, sizeof(*ambiguous));
    const struct entry **sorted = memory_calloc(count, sizeof(*sorted));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &incident->entries[i];
    qsort(sorted, count, sizeof(*sorted), compare_ids);
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && compare_ids(&sorted[i - 1], &sorted[i]) == 0;
        ambiguous[sorted[i] - incident->entries] = same || sv_empty(sorted[i]->entry_id);
        if (same)
            ambiguous[sorted[i - 1] - incident->entries] = true;
    }
    free(sorted);
    return ambiguous;
}

/* NULL when [first, first + count) proves what stands beside it. A copy of an entry proves nothing.
 */
static const char *
problem_of(const struct check *check, size_t first, size_t count)
{
    const struct incident *incident = check->document->incident;
    if (first + count > check->document->proof_count)
        return "cites past the end of the proofs";
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = check->document->proofs[first + i];
        if (entry < incident->entries || entry >= incident->entries + incident->entry_count)
            return "cites an entry that is not there";
        if (check->ambiguous[entry - incident->entries])
            return "cites an id that is not of one entry";
    }
    return count == 0 ? "cites nothing" : NULL;
}

static void
complain(struct check *check, const struct block *block, struct prose prose, const char *why)
{
    const struct document *document = check->document;
    if (check->problems++ > 0)
        return;
    strbuf_addf(check->problem, "section '" SV_FMT "', block %zu %s:", SV_ARG(block->section),
                (size_t)(block - document->blocks) + 1, why);
    for (size_t i = 0; i < prose.count && i < 4; i++)
        strbuf_addf(check->problem, " " SV_FMT,
                    SV_ARG(sv_slice(document->spans[prose.first + i].text, 0, 80)));
}

/* NULL when the row below is of the day that this one tells, and so is what proves that. */
static const char *
problem_of_day(const struct check *check, const struct block *block, const struct table_row *row)
{
    const struct table_row *end = &check->document->rows[block->first_row + block->rows];
    const struct table_row *below = row + 1;
    if (below >= end || below->human || below->day || below->proofs == 0)
        return "tells a day of which there is no row";
    const struct entry *entry = check->document->proofs[below->first_proof];
    return day_of(entry->time_ns) == day_of(row->day_ns) ? NULL : "tells another day than its rows";
}

static void
check_row(struct check *check, const struct block *block, const struct table_row *row)
{
    const char *why = problem_of(check, row->first_proof, row->proofs);
    struct prose prose = {0};
    if (row->human)
        return;
    if (row->day)
        why = problem_of_day(check, block, row);
    if (row->cells > 0)
        prose = check->document->cells[row->first_cell];
    if (!block->cites)
        why = "has a row of the tool, but no column for evidence";
    if (why != NULL)
        complain(check, block, prose, why);
}

static void
check_block(struct check *check, const struct block *block)
{
    if (block->kind == BLOCK_STATEMENT) {
        const char *why = problem_of(check, block->first_proof, block->proofs);
        if (why != NULL)
            complain(check, block, block->prose, why);
    }
    for (size_t i = 0; i < block->rows; i++)
        check_row(check, block, &check->document->rows[block->first_row + i]);
}

size_t
document_check(const struct document *document, struct strbuf *ret_problem)
{
    struct check check = {.document = document,
                          .ambiguous = find_ambiguous(document->incident),
                          .problem = ret_problem};
    for (size_t i = 0; i < document->block_count; i++)
        check_block(&check, &document->blocks[i]);
    free(check.ambiguous);
    return check.problems;
}
