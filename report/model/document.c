/*
 * Building a document: see hindcast/document.h. Called by the sections of report/.
 */
#include "hindcast/document.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text/escape.h"

#define WORDS_MAX 512 /* bytes that one call of document_wordsf() may make */

void
document_init(struct document *document, const struct incident *incident)
{
    *document = (struct document){.incident = incident};
    arena_init(&document->arena, 0);
}

void
document_release(struct document *document)
{
    free(document->blocks);
    free(document->rows);
    free(document->cells);
    free(document->spans);
    free(document->proofs);
    arena_release(&document->arena);
    *document = (struct document){0};
}

/* ------------------------------------------------------------------- blocks */

void
document_section(struct document *document, struct sv id)
{
    assert(!document->in_table);
    document->section = arena_copy(&document->arena, id);
}

static struct block *
add_block(struct document *document, enum block_kind kind)
{
    assert(!document->in_table && !document->in_row);
    document->blocks = memory_grow(document->blocks, &document->block_room,
                                   document->block_count + 1, sizeof(*document->blocks));
    struct block *block = &document->blocks[document->block_count++];
    *block = (struct block){.kind = kind,
                            .section = document->section,
                            .prose = {document->span_count, 0},
                            .first_proof = document->proof_count,
                            .first_row = document->row_count};
    return block;
}

void
document_begin(struct document *document, enum block_kind kind)
{
    assert(kind != BLOCK_TABLE);
    add_block(document, kind);
}

void
document_left_out(struct document *document)
{
    assert(document->block_count > 0);
    document->blocks[document->block_count - 1].left_out = true;
}

/* Adds the entries, each once, and returns how many those are. */
static size_t
add_proofs(struct document *document, const struct entry *const *entries, size_t count)
{
    size_t first = document->proof_count;
    document->proofs = memory_grow(document->proofs, &document->proof_room,
                                   first + DOCUMENT_PROOFS_MAX, sizeof(const struct entry *));
    for (size_t i = 0; i < count && document->proof_count - first < DOCUMENT_PROOFS_MAX; i++) {
        bool seen = entries[i] == NULL;
        for (size_t j = first; j < document->proof_count; j++)
            seen = seen || document->proofs[j] == entries[i];
        if (!seen)
            document->proofs[document->proof_count++] = entries[i];
    }
    return document->proof_count - first;
}

void
document_prove(struct document *document, const struct entry *const *entries, size_t count)
{
    assert(document->block_count > 0 && !document->in_table);
    struct block *block = &document->blocks[document->block_count - 1];
    assert(block->kind == BLOCK_STATEMENT && block->proofs == 0);
    block->first_proof = document->proof_count;
    block->proofs = add_proofs(document, entries, count);
}

void
document_begin_table(struct document *document, struct sv columns, bool cites)
{
    struct block *block = add_block(document, BLOCK_TABLE);
    block->columns = columns;
    block->cites = cites;
    document->in_table = true;
}

void
document_row(struct document *document, bool human)
{
    assert(document->in_table);
    document->rows = memory_grow(document->rows, &document->row_room, document->row_count + 1,
                                 sizeof(*document->rows));
    document->rows[document->row_count++] = (struct table_row){
        .first_cell = document->cell_count, .first_proof = document->proof_count, .human = human};
    document->blocks[document->block_count - 1].rows++;
    document->in_row = false;
}

void
document_day(struct document *document, int64_t ns)
{
    document_row(document, false);
    struct table_row *row = &document->rows[document->row_count - 1];
    row->day = true;
    row->day_ns = ns;
}

void
document_cell(struct document *document)
{
    assert(document->in_table && document->row_count > 0);
    document->cells = memory_grow(document->cells, &document->cell_room, document->cell_count + 1,
                                  sizeof(*document->cells));
    document->cells[document->cell_count++] = (struct prose){document->span_count, 0};
    document->rows[document->row_count - 1].cells++;
    document->in_row = true;
}

void
document_prove_row(struct document *document, const struct entry *const *entries, size_t count)
{
    assert(document->in_table && document->row_count > 0);
    struct table_row *row = &document->rows[document->row_count - 1];
    assert(!row->human && !row->day && row->proofs == 0);
    row->first_proof = document->proof_count;
    row->proofs = add_proofs(document, entries, count);
}

void
document_end_table(struct document *document)
{
    assert(document->in_table);
    document->in_table = document->in_row = false;
}

/* -------------------------------------------------------------------- spans */

static void
add_span(struct document *document, struct span span)
{
    assert(document->block_count > 0 && document->in_table == document->in_row);
    document->spans = memory_grow(document->spans, &document->span_room, document->span_count + 1,
                                  sizeof(*document->spans));
    document->spans[document->span_count++] = span;
    if (document->in_row)
        document->cells[document->cell_count - 1].count++;
    else
        document->blocks[document->block_count - 1].prose.count++;
}

void
document_span(struct document *document, struct span span)
{
    add_span(document, span);
}

void
document_words(struct document *document, const char *words)
{
    add_span(document, (struct span){.kind = SPAN_WORDS, .text = sv_from(words)});
}

static void
add_formatted(struct document *document, enum span_kind kind, const char *format, va_list arguments)
{
    char words[WORDS_MAX];
    int length = vsnprintf(words, sizeof(words), format, arguments);
    assert(length >= 0 && (size_t)length < sizeof(words));
    add_span(document,
             (struct span){.kind = kind, .text = arena_copy(&document->arena, sv_from(words))});
}

void
document_wordsf(struct document *document, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(document, SPAN_WORDS, format, arguments);
    va_end(arguments);
}

void
document_codef(struct document *document, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_formatted(document, SPAN_CODE, format, arguments);
    va_end(arguments);
}

void
document_prose(struct document *document, struct sv words)
{
    enum span_kind kind = SPAN_WORDS;
    struct sv part;
    words = arena_copy(&document->arena, words);
    while (words.len > 0 && sv_split(&words, '`', &part)) {
        if (part.len > 0)
            add_span(document, (struct span){.kind = kind, .text = part});
        kind = kind == SPAN_WORDS ? SPAN_CODE : SPAN_WORDS;
    }
}

void
document_say(struct document *document, enum block_kind kind, struct sv words)
{
    document_begin(document, kind);
    document_prose(document, words);
}

void
document_strong(struct document *document, const char *words)
{
    add_span(document, (struct span){.kind = SPAN_STRONG, .text = sv_from(words)});
}

void
document_text(struct document *document, struct sv text)
{
    add_span(document, (struct span){.kind = SPAN_TEXT, .text = text});
}

void
document_quote(struct document *document, struct sv text)
{
    add_span(document, (struct span){.kind = SPAN_QUOTE, .text = text});
}

void
document_link(struct document *document, const char *before, struct sv url)
{
    if (!escape_is_link(url))
        return;
    document_words(document, before);
    add_span(document, (struct span){.kind = SPAN_LINK, .text = url});
}

void
document_time(struct document *document, int64_t ns)
{
    add_span(document, (struct span){.kind = SPAN_TIME, .ns = ns});
}

void
document_clock(struct document *document, int64_t ns)
{
    add_span(document, (struct span){.kind = SPAN_CLOCK, .ns = ns});
}

void
document_local_time(struct document *document, int64_t ns)
{
    add_span(document, (struct span){.kind = SPAN_LOCAL, .ns = ns});
}

void
document_instant(struct document *document, int64_t ns)
{
    add_span(document, (struct span){.kind = SPAN_INSTANT, .ns = ns});
}

void
document_duration(struct document *document, int64_t ns)
{
    add_span(document, (struct span){.kind = SPAN_DURATION, .ns = ns < 0 ? 0 : ns});
}
