/*
 * The end of a section: see document_end_section(). Called by whoever walks a template.
 */
#include <assert.h>

#include "base/memory.h"
#include "hindcast/document.h"

static bool
says_something(const struct document *document, const struct block *block)
{
    if (block->kind != BLOCK_TABLE)
        return block->kind == BLOCK_STATEMENT || block->kind == BLOCK_ABOUT ||
               block->kind == BLOCK_MORE;
    for (size_t i = 0; i < block->rows; i++)
        if (!document->rows[block->first_row + i].human)
            return true;
    return false;
}

static bool
same(const struct document *document, struct prose a, struct prose b)
{
    for (size_t i = 0; i < a.count && a.count == b.count; i++)
        if (!sv_eq(document->spans[a.first + i].text, document->spans[b.first + i].text))
            return false;
    return a.count == b.count;
}

/* Joins the words of all blocks of the kind in [first, end), a blank between two; what is said
 * twice in a row stands there once. */
static void
join(struct document *document, size_t first, size_t end, enum block_kind kind)
{
    size_t joined = 0;
    struct prose last = {0};
    for (size_t i = first; i < end; i++) {
        struct prose prose = document->blocks[i].prose;
        if (document->blocks[i].kind != kind || (joined > 0 && same(document, prose, last)))
            continue;
        last = prose;
        if (joined++ > 0)
            document_words(document, " ");
        for (size_t k = 0; k < prose.count; k++)
            document_span(document, document->spans[prose.first + k]);
    }
}

static bool
has(const struct document *document, size_t first, size_t end, enum block_kind kind)
{
    for (size_t i = first; i < end; i++)
        if (document->blocks[i].kind == kind)
            return true;
    return false;
}

/* The blocks of an empty section as one, added behind them. */
static void
add_one(struct document *document, size_t first, size_t end)
{
    bool asks = has(document, first, end, BLOCK_PROMPT);
    bool remarks = has(document, first, end, BLOCK_REMARK);
    document_begin(document, asks ? BLOCK_PROMPT : BLOCK_REMARK);
    join(document, first, end, BLOCK_PROMPT);
    if (asks && remarks)
        document_words(document, " (");
    join(document, first, end, BLOCK_REMARK);
    if (asks && remarks)
        document_words(document, ")");
}

bool
document_says_something(const struct document *document, size_t first)
{
    for (size_t i = first; i < document->block_count; i++)
        if (says_something(document, &document->blocks[i]))
            return true;
    return false;
}

void
document_end_section(struct document *document, size_t first)
{
    size_t end = document->block_count, kept = first;
    assert(first <= end && !document->in_table);
    if (document_says_something(document, first))
        return;
    if (!has(document, first, end, BLOCK_PROMPT) && !has(document, first, end, BLOCK_REMARK))
        return;
    add_one(document, first, end);
    for (size_t i = first; i <= end; i++)
        if (i == end || document->blocks[i].kind == BLOCK_TABLE)
            document->blocks[kept++] = document->blocks[i];
    document->block_count = kept;
}
