/*
 * Documents as Markdown: see document.h. The canonical form: same document, same bytes. Called when
 * a draft is written.
 */
#include <assert.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "report/render/cite.h"
#include "report/render/document.h"

struct writer {
    const struct document *document;
    struct strbuf *out;
    size_t cite_length;
    enum block_kind last;
    bool any; /* a block was written */
};

/* -------------------------------------------------------------------- spans */

static void
add_time(struct strbuf *out, int64_t ns)
{
    struct civil at;
    civil_from_ns(ns, &at);
    strbuf_addf(out, "%04d-%02d-%02d %02d:%02d UTC", at.year, at.month, at.day, at.hour, at.minute);
}

/* "2026-03-01 11:02:33 CET": the seconds go, as in add_time(). */
static void
add_local_time(struct strbuf *out, int64_t ns)
{
    char text[TIME_TEXT];
    time_format_zone(ns, text);
    struct sv local = sv_from(text);
    strbuf_addf(out, SV_FMT SV_FMT, SV_ARG(sv_slice(local, 0, 16)),
                SV_ARG(sv_slice(local, 19, local.len)));
}

static void
add_duration(struct strbuf *out, int64_t ns)
{
    char text[DURATION_TEXT];
    duration_format(ns, text);
    strbuf_add_text(out, text);
}

static void
add_instant(struct strbuf *out, int64_t ns)
{
    char text[TIME_TEXT];
    time_format(ns, text);
    strbuf_add_text(out, text);
}

static void
add_between(struct strbuf *out, const char *before, struct sv text, const char *after)
{
    strbuf_add_text(out, before);
    strbuf_add_sv(out, text);
    strbuf_add_text(out, after);
}

static void
add_span(struct strbuf *out, const struct span *span)
{
    switch (span->kind) {
    case SPAN_WORDS:
        strbuf_add_sv(out, span->text);
        break;
    case SPAN_STRONG:
        add_between(out, "**", span->text, "**");
        break;
    case SPAN_TEXT:
        escape_markdown(out, span->text);
        break;
    case SPAN_QUOTE:
        strbuf_add_text(out, "“");
        escape_markdown(out, span->text);
        strbuf_add_text(out, "”");
        break;
    case SPAN_LINK:
        add_between(out, "<", span->text, ">");
        break;
    case SPAN_TIME:
        add_time(out, span->ns);
        break;
    case SPAN_LOCAL:
        add_local_time(out, span->ns);
        break;
    case SPAN_INSTANT:
        add_instant(out, span->ns);
        break;
    case SPAN_DURATION:
        add_duration(out, span->ns);
        break;
    }
}

static void
add_prose(struct writer *writer, struct prose prose)
{
    assert(prose.first + prose.count <= writer->document->span_count);
    for (size_t i = 0; i < prose.count; i++)
        add_span(writer->out, &writer->document->spans[prose.first + i]);
}

static void
add_proofs(struct writer *writer, size_t first, size_t count)
{
    assert(first + count <= writer->document->proof_count);
    for (size_t i = 0; i < count; i++) {
        struct sv id = writer->document->proofs[first + i]->entry_id;
        add_between(writer->out, " [e:", sv_slice(id, 0, writer->cite_length), "]");
    }
}

/* ------------------------------------------------------------------- blocks */

static void
add_columns(struct strbuf *out, struct sv columns)
{
    struct sv rest = columns, column;
    size_t count = 0;
    for (; sv_split(&rest, '|', &column); count++)
        add_between(out, "| ", sv_trim(column), " ");
    strbuf_add_text(out, "|\n");
    for (size_t i = 0; i < count; i++)
        strbuf_add_text(out, "|---");
    strbuf_add_text(out, "|\n");
}

static void
add_row(struct writer *writer, const struct table_row *row, bool cites)
{
    struct strbuf *out = writer->out;
    assert(row->first_cell + row->cells <= writer->document->cell_count);
    for (size_t i = 0; i < row->cells; i++) {
        struct prose cell = writer->document->cells[row->first_cell + i];
        strbuf_add_text(out, i == 0 && row->human ? "| TODO(human) " : "| ");
        add_prose(writer, cell);
        strbuf_add_text(out, cell.count > 0 ? " " : "");
    }
    if (cites && row->human)
        strbuf_add_text(out, "| ");
    else if (cites) {
        strbuf_add_char(out, '|');
        add_proofs(writer, row->first_proof, row->proofs);
        strbuf_add_char(out, ' ');
    }
    strbuf_add_text(out, "|\n");
}

static void
add_table(struct writer *writer, const struct block *block)
{
    assert(block->first_row + block->rows <= writer->document->row_count);
    add_columns(writer->out, block->columns);
    for (size_t i = 0; i < block->rows; i++)
        add_row(writer, &writer->document->rows[block->first_row + i], block->cites);
}

static bool
is_list(enum block_kind kind)
{
    return kind == BLOCK_STATEMENT || kind == BLOCK_REMARK || kind == BLOCK_PREAMBLE;
}

/* Blocks stand apart, but the lines of a list and the remark that ends it. Each remark is a
 * paragraph of its own. */
static void
add_distance(struct writer *writer, enum block_kind kind)
{
    bool together = is_list(kind) && is_list(writer->last) &&
                    !(kind != BLOCK_PREAMBLE && writer->last == BLOCK_REMARK);
    if (writer->any && writer->last == BLOCK_PREAMBLE && kind != BLOCK_PREAMBLE)
        strbuf_add_text(writer->out,
                        "Every generated line ends with the ids of the entries that prove it: "
                        "[e:...];\nsection 17 says where their records lie. TODO(human) marks stay "
                        "until a person\nhas answered. The tool states no cause.\n-->\n");
    if (writer->any && !together)
        strbuf_add_char(writer->out, '\n');
}

static const char *
opening(enum block_kind kind)
{
    switch (kind) {
    case BLOCK_TITLE:
        return "# ";
    case BLOCK_HEADING:
        return "## ";
    case BLOCK_NOTE:
    case BLOCK_REMARK:
    case BLOCK_MORE:
        return "> ";
    case BLOCK_PROMPT:
        return "- TODO(human): ";
    case BLOCK_STATEMENT:
        return "- ";
    case BLOCK_PREAMBLE:
    case BLOCK_TABLE:
        break;
    }
    return "";
}

static void
add_block(struct writer *writer, const struct block *block)
{
    add_distance(writer, block->kind);
    if (block->kind == BLOCK_PREAMBLE && !writer->any)
        strbuf_add_text(writer->out, "<!--\n");
    if (block->kind == BLOCK_TABLE) {
        add_table(writer, block);
    } else {
        strbuf_add_text(writer->out, opening(block->kind));
        add_prose(writer, block->prose);
        add_proofs(writer, block->first_proof, block->proofs);
        strbuf_add_char(writer->out, '\n');
    }
    writer->last = block->kind;
    writer->any = true;
}

void
document_markdown(const struct document *document, struct strbuf *out)
{
    struct writer writer = {
        .document = document, .out = out, .cite_length = cite_length(document->incident)};
    assert(!document->in_table); /* it is made to its end */
    for (size_t i = 0; i < document->block_count; i++)
        add_block(&writer, &document->blocks[i]);
}
