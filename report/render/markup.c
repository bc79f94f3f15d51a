/*
 * The walk over a document: see markup.h.
 */
#include "report/render/markup.h"

#include <assert.h>

#include "report/render/spans.h"

#define NO_BLOCK (-1)

struct walk {
    const struct document *document;
    const struct markup *markup;
    const struct notes *notes;
    struct strbuf *out;
    size_t sections;
    int list; /* the kind of the last block */
    bool any; /* a block was written */
};

/* -------------------------------------------------------------------- spans */

static void
add_words(struct walk *walk, struct sv words)
{
    if (walk->markup->words != NULL)
        walk->markup->words(walk->out, words);
    else
        walk->markup->text(walk->out, words);
}

static void
add_around(struct walk *walk, struct around around, struct sv words)
{
    strbuf_add_text(walk->out, around.open);
    add_words(walk, words);
    strbuf_add_text(walk->out, around.close);
}

static void
add_span(struct walk *walk, const struct span *span)
{
    const struct markup *markup = walk->markup;
    switch (span->kind) {
    case SPAN_WORDS:
        add_words(walk, span->text);
        break;
    case SPAN_STRONG:
        add_around(walk, markup->strong, span->text);
        break;
    case SPAN_CODE:
        add_around(walk, markup->code, span->text);
        break;
    case SPAN_TEXT:
        markup->text(walk->out, span->text);
        break;
    case SPAN_QUOTE:
        strbuf_add_text(walk->out, "“");
        markup->text(walk->out, span->text);
        strbuf_add_text(walk->out, "”");
        break;
    case SPAN_LINK:
        markup->link(walk->out, span->text);
        break;
    case SPAN_TIME:
    case SPAN_CLOCK:
    case SPAN_LOCAL:
    case SPAN_INSTANT:
    case SPAN_DURATION:
        span_put_time(walk->out, span);
        break;
    }
}

static void
add_prose(struct walk *walk, struct prose prose)
{
    assert(prose.first + prose.count <= walk->document->span_count);
    for (size_t i = 0; i < prose.count; i++)
        add_span(walk, &walk->document->spans[prose.first + i]);
}

static void
add_cite(struct walk *walk, size_t first, size_t count)
{
    size_t number = notes_number(walk->notes, first, count);
    if (number > 0)
        walk->markup->cite(walk->out, number);
}

/* ------------------------------------------------------------------- tables */

static size_t
add_head(struct walk *walk, struct sv columns)
{
    size_t count = 0;
    struct sv rest = columns, column;
    strbuf_add_text(walk->out, walk->markup->head.open);
    for (; sv_split(&rest, '|', &column); count++)
        add_around(walk, walk->markup->head_cell, sv_trim(column));
    strbuf_add_text(walk->out, walk->markup->head.close);
    if (walk->markup->rule != NULL)
        walk->markup->rule(walk->out, count);
    return count;
}

static void
add_blanks(struct walk *walk, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_around(walk, walk->markup->blank, SV(""));
}

/* `asks`: a blank cell waits for people and says so. */
static void
add_cell(struct walk *walk, struct prose cell, bool asks)
{
    const struct markup *markup = walk->markup;
    if (cell.count == 0 && asks) {
        add_around(walk, markup->cell, SV(DOCUMENT_PROMPT));
    } else if (cell.count == 0) {
        add_blanks(walk, 1);
    } else {
        strbuf_add_text(walk->out, markup->cell.open);
        add_prose(walk, cell);
        strbuf_add_text(walk->out, markup->cell.close);
    }
}

static void
add_row(struct walk *walk, const struct block *block, const struct table_row *row, size_t columns)
{
    const struct markup *markup = walk->markup;
    assert(row->first_cell + row->cells <= walk->document->cell_count);
    strbuf_add_text(walk->out, markup->row.open);
    if (row->day) {
        strbuf_add_text(walk->out, markup->cell.open);
        strbuf_add_text(walk->out, markup->day.open);
        span_put_day(walk->out, row->day_ns);
        strbuf_add_text(walk->out, markup->day.close);
        strbuf_add_text(walk->out, markup->cell.close);
        add_blanks(walk, columns - 1);
    }
    for (size_t i = 0; i < row->cells; i++)
        add_cell(walk, walk->document->cells[row->first_cell + i], row->human && block->cites);
    if (block->cites && !row->day && row->proofs == 0) {
        add_blanks(walk, 1);
    } else if (block->cites && !row->day) {
        strbuf_add_text(walk->out, markup->cell.open);
        add_cite(walk, row->first_proof, row->proofs);
        strbuf_add_text(walk->out, markup->cell.close);
    }
    strbuf_add_text(walk->out, markup->row.close);
}

static void
add_table(struct walk *walk, const struct block *block)
{
    assert(block->first_row + block->rows <= walk->document->row_count);
    strbuf_add_text(walk->out, walk->markup->table.open);
    size_t columns = add_head(walk, block->columns);
    for (size_t i = 0; i < block->rows; i++)
        add_row(walk, block, &walk->document->rows[block->first_row + i], columns);
    strbuf_add_text(walk->out, walk->markup->table.close);
}

/* ------------------------------------------------------------------- blocks */

static const struct around *
around_of(const struct markup *markup, enum block_kind kind)
{
    switch (kind) {
    case BLOCK_TITLE:
        return &markup->title;
    case BLOCK_HEADING:
        return &markup->heading;
    case BLOCK_ABOUT:
        return &markup->about_item;
    case BLOCK_NOTE:
    case BLOCK_REMARK:
    case BLOCK_MORE:
        return &markup->remark;
    case BLOCK_PROMPT:
        return &markup->prompt;
    case BLOCK_STATEMENT:
        return &markup->item;
    case BLOCK_TABLE:
        break;
    }
    return NULL;
}

static const struct around *
list_of(const struct markup *markup, int kind)
{
    return kind == BLOCK_STATEMENT ? &markup->list : kind == BLOCK_ABOUT ? &markup->about : NULL;
}

/* Ends the list before and begins the next, where the kind of block changes. */
static void
change_list(struct walk *walk, int kind)
{
    const struct around *old = list_of(walk->markup, walk->list);
    const struct around *new = list_of(walk->markup, kind);
    if (new != NULL && kind == walk->list)
        return;
    if (old != NULL)
        strbuf_add_text(walk->out, old->close);
    if (walk->any && kind != NO_BLOCK)
        strbuf_add_text(walk->out, walk->markup->between);
    if (new != NULL)
        strbuf_add_text(walk->out, new->open);
    walk->list = kind;
}

static void
add_block(struct walk *walk, const struct block *block)
{
    const struct around *around = around_of(walk->markup, block->kind);
    change_list(walk, (int)block->kind);
    walk->any = true;
    if (around == NULL) {
        add_table(walk, block);
        return;
    }
    strbuf_add_text(walk->out, around->open);
    if (block->kind == BLOCK_HEADING)
        strbuf_addf(walk->out, "%zu. ", ++walk->sections);
    add_prose(walk, block->prose);
    add_cite(walk, block->first_proof, block->proofs);
    strbuf_add_text(walk->out, around->close);
}

/* ---------------------------------------------------------------- footnotes */

static void
add_note(struct walk *walk, size_t number)
{
    const struct note *note = &walk->notes->at[number - 1];
    struct strbuf parts[3];
    walk->markup->note(walk->out, number);
    for (size_t i = 0; i < note->count; i++) {
        for (size_t k = 0; k < 3; k++)
            strbuf_init(&parts[k], 0);
        notes_entry(walk->notes, walk->document->proofs[note->first + i], &parts[0], &parts[1],
                    &parts[2]);
        strbuf_add_text(walk->out, i == 0 ? "" : "; ");
        add_words(walk, strbuf_view(&parts[0]));
        walk->markup->text(walk->out, strbuf_view(&parts[1]));
        add_words(walk, strbuf_view(&parts[2]));
        for (size_t k = 0; k < 3; k++)
            strbuf_release(&parts[k]);
    }
    strbuf_add_text(walk->out, walk->markup->note_end);
}

void
document_markup(const struct document *document, const struct markup *markup, struct strbuf *out)
{
    struct notes notes;
    notes_init(&notes, document);
    struct walk walk = {
        .document = document, .markup = markup, .notes = &notes, .out = out, .list = NO_BLOCK};
    assert(!document->in_table); /* it is made to its end */
    strbuf_add_text(out, markup->whole.open);
    for (size_t i = 0; i < document->block_count; i++)
        add_block(&walk, &document->blocks[i]);
    change_list(&walk, NO_BLOCK);
    if (notes.count > 0)
        strbuf_add_text(out, markup->notes.open);
    for (size_t i = 1; i <= notes.count; i++)
        add_note(&walk, i);
    if (notes.count > 0)
        strbuf_add_text(out, markup->notes.close);
    strbuf_add_text(out, markup->whole.close);
    notes_release(&notes);
}
