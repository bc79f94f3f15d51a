/*
 * The document's blocks in a page: see parts.h. The table of the timeline, and what counts the rows
 * that it leaves out, give way to the rows of rows.c, which say more.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "report/page/parts.h"
#include "report/render/spans.h"

bool
page_replaces(const struct block *block)
{
    return block->left_out ||
           (block->kind == BLOCK_TABLE && block->cites && sv_eq(block->section, SV("timeline")));
}

static void
add_span(struct page *page, const struct span *span)
{
    struct strbuf *out = page->out;
    switch (span->kind) {
    case SPAN_WORDS:
        escape_html(out, span->text);
        break;
    case SPAN_STRONG:
        strbuf_add_text(out, "<b>");
        escape_html(out, span->text);
        strbuf_add_text(out, "</b>");
        break;
    case SPAN_CODE:
        strbuf_add_text(out, "<code>");
        escape_html(out, span->text);
        strbuf_add_text(out, "</code>");
        break;
    case SPAN_TEXT:
        escape_html(out, span->text);
        break;
    case SPAN_QUOTE:
        strbuf_add_text(out, "“");
        escape_html(out, span->text);
        strbuf_add_text(out, "”");
        break;
    case SPAN_LINK:
        strbuf_add_text(out, "<a rel=\"noopener noreferrer\" href=\"");
        escape_html(out, span->text);
        strbuf_add_text(out, "\">");
        escape_html(out, span->text);
        strbuf_add_text(out, "</a>");
        break;
    case SPAN_TIME:
        page_time(out, span->ns, 0, 16);
        strbuf_add_text(out, " UTC");
        break;
    case SPAN_CLOCK:
        page_time(out, span->ns, 11, 16);
        break;
    case SPAN_INSTANT:
        page_time(out, span->ns, 0, 19);
        strbuf_add_text(out, " UTC");
        break;
    case SPAN_LOCAL:
    case SPAN_DURATION:
        span_put_time(out, span);
        break;
    }
}

static void
add_prose(struct page *page, struct prose prose)
{
    for (size_t i = 0; i < prose.count; i++)
        add_span(page, &page->document->spans[prose.first + i]);
}

void
page_proofs(struct page *page, const struct entry *const *proofs, size_t count)
{
    struct strbuf *out = page->out;
    strbuf_add_text(out, count > 0 ? "<sup>" : "");
    for (size_t i = 0; i < count; i++) {
        struct sv id = sv_slice(proofs[i]->entry_id, 0, page->id_length);
        uint32_t number = page->numbers[proofs[i] - page->incident->entries];
        strbuf_addf(out, "%s<a href=\"#e-" SV_FMT "\" title=\"evidence\">%" PRIu32 "</a>",
                    i == 0 ? "" : ", ", SV_ARG(id), number);
    }
    strbuf_add_text(out, count > 0 ? "</sup>" : "");
}

static void
add_proofs(struct page *page, size_t first, size_t count)
{
    page_proofs(page, page->document->proofs + first, count);
}

/* ---- tables ---- */

static void
add_day(struct page *page, int64_t ns, size_t columns)
{
    strbuf_addf(page->out, "<th scope=\"rowgroup\" colspan=\"%zu\">", columns);
    page_time(page->out, ns, 0, 10);
    strbuf_add_text(page->out, "</th>");
}

static void
add_table(struct page *page, const struct block *block)
{
    struct strbuf *out = page->out;
    struct sv rest = block->columns, column;
    size_t columns = 0;
    strbuf_add_text(out, "<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>");
    for (; sv_split(&rest, '|', &column); columns++) {
        strbuf_add_text(out, "<th scope=\"col\">");
        escape_html(out, sv_trim(column));
        strbuf_add_text(out, "</th>");
    }
    strbuf_add_text(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < block->rows; i++) {
        const struct table_row *row = &page->document->rows[block->first_row + i];
        strbuf_add_text(out, "<tr>");
        if (row->day)
            add_day(page, row->day_ns, columns);
        for (size_t k = 0; k < row->cells; k++) {
            struct prose cell = page->document->cells[row->first_cell + k];
            strbuf_add_text(out, "<td>");
            if (row->human && cell.count == 0)
                strbuf_add_text(out, "<span class=\"quiet\">to fill in</span>");
            add_prose(page, cell);
            strbuf_add_text(out, "</td>");
        }
        if (block->cites && !row->day) {
            strbuf_add_text(out, "<td>");
            add_proofs(page, row->first_proof, row->proofs);
            strbuf_add_text(out, "</td>");
        }
        strbuf_add_text(out, "</tr>\n");
    }
    strbuf_add_text(out, "</tbody></table></div>\n");
}

/* ---- blocks ---- */

static const char *
opening(enum block_kind kind)
{
    switch (kind) {
    case BLOCK_NOTE:
    case BLOCK_REMARK:
    case BLOCK_MORE:
        return "<p class=\"note\">";
    case BLOCK_PROMPT:
        return "<p class=\"ask\"><b>To answer:</b> ";
    case BLOCK_STATEMENT:
    case BLOCK_ABOUT:
        return "<li>";
    case BLOCK_TITLE:
    case BLOCK_HEADING:
    case BLOCK_TABLE:
        break;
    }
    return "";
}

static void
add_heading(struct page *page, const struct block *block, bool *in_section)
{
    struct strbuf *out = page->out;
    if (*in_section)
        strbuf_add_text(out, "</section>\n");
    *in_section = true;
    strbuf_addf(out, "<section aria-labelledby=\"s-" SV_FMT "\">\n<h2 id=\"s-" SV_FMT "\">",
                SV_ARG(block->section), SV_ARG(block->section));
    add_prose(page, block->prose);
    strbuf_add_text(out, "</h2>\n");
}

static void
add_block(struct page *page, const struct block *block)
{
    if (page_replaces(block)) {
        page_rows(page);
    } else if (block->kind == BLOCK_TABLE) {
        add_table(page, block);
    } else {
        strbuf_add_text(page->out, opening(block->kind));
        add_prose(page, block->prose);
        add_proofs(page, block->first_proof, block->proofs);
        bool item = block->kind == BLOCK_STATEMENT || block->kind == BLOCK_ABOUT;
        strbuf_add_text(page->out, item ? "</li>\n" : "</p>\n");
    }
}

/* Where a template, or records without a row of note, leave the timeline out: numbers lead there.
 */
static void
add_rows(struct page *page)
{
    if (page->shown_count == 0)
        return;
    strbuf_add_text(page->out,
                    "<section aria-labelledby=\"all-rows\">\n<h2 id=\"all-rows\">Rows</h2>\n");
    page_rows(page);
    strbuf_add_text(page->out, "</section>\n");
}

void
page_blocks(struct page *page)
{
    const struct document *document = page->document;
    bool in_list = false, in_section = false, rows = false;
    for (size_t i = 0; i < document->block_count; i++) {
        const struct block *block = &document->blocks[i];
        bool statement = block->kind == BLOCK_STATEMENT || block->kind == BLOCK_ABOUT;
        if (block->kind == BLOCK_TITLE || block->left_out)
            continue;
        rows = rows || page_replaces(block);
        if (statement != in_list)
            strbuf_add_text(page->out, statement ? "<ul>\n" : "</ul>\n");
        in_list = statement;
        if (block->kind == BLOCK_HEADING)
            add_heading(page, block, &in_section);
        else
            add_block(page, block);
    }
    strbuf_add_text(page->out, in_list ? "</ul>\n" : "");
    strbuf_add_text(page->out, in_section ? "</section>\n" : "");
    if (!rows)
        add_rows(page);
}

void
page_nav(struct page *page)
{
    struct strbuf *out = page->out;
    strbuf_add_text(out, "<nav aria-label=\"Sections\"><ul>\n");
    for (size_t i = 0; i < page->document->block_count; i++) {
        const struct block *block = &page->document->blocks[i];
        if (block->kind != BLOCK_HEADING)
            continue;
        strbuf_addf(out, "<li><a href=\"#s-" SV_FMT "\">", SV_ARG(block->section));
        add_prose(page, block->prose);
        strbuf_add_text(out, "</a></li>\n");
    }
    strbuf_add_text(out, "</ul></nav>\n");
}
