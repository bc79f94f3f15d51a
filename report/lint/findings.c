/*
 * What checks ask of a document, and how they tell what they find: see run.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "report/lint/run.h"

#define SHOWN_BYTES 80 /* of the words that a message repeats */

/* ---- what checks ask ---- */

bool
lint_applies(const struct lint_rule *rule, enum page_section section)
{
    uint32_t bit = UINT32_C(1) << section;
    return (rule->in == 0 || (rule->in & bit) != 0) && (rule->not_in & bit) == 0;
}

bool
lint_is_wording(const struct page_block *block)
{
    bool record = block->kind == PAGE_CELL && block->cited;
    return block->kind != PAGE_HEADING && !block->prompt && !record &&
           block->section != SECTION_data;
}

bool
lint_has_evidence(struct sv text)
{
    static const char *const signs[] = {"](",        "http://",     "https://",      "[^",
                                        "estimated", "measured by", "measured with", "according to",
                                        "source:",   "see the ",    "counted in",    "taken from"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (sv_contains(text, sv_from(signs[i])))
            return true;
    return false;
}

static bool
head_begins(struct sv head, const char *words)
{
    struct sv rest = sv_from(words), word;
    while (sv_split(&rest, '|', &word)) {
        for (size_t at = 0; at + word.len <= head.len; at++) {
            bool begins = at == 0 || sv_blank(head.ptr[at - 1]) || head.ptr[at - 1] == '(';
            if (begins && sv_starts_nocase(sv_slice(head, at, head.len), word))
                return true;
        }
    }
    return false;
}

const struct page_block *
lint_cell_under(const struct lint *lint, const struct page_row *row, const char *words)
{
    const struct page *page = &lint->page;
    const struct page_row *head = &page->rows[page->tables[row->table].first_row];
    for (size_t i = 0; i < head->cells; i++) {
        const struct page_block *cell = page_cell(page, head, i);
        if (head_begins(page_block_text(page, cell), words))
            return page_cell(page, row, i);
    }
    return NULL;
}

/* ---- findings ---- */

/* The words on one line, cut where they are long. */
static void
add_shown(struct strbuf *out, struct sv words)
{
    struct sv shown = utf8_cut(words, SHOWN_BYTES);
    strbuf_add_text(out, "“");
    for (size_t i = 0; i < shown.len; i++)
        if (!sv_blank(shown.ptr[i]))
            strbuf_add_char(out, shown.ptr[i]);
        else if (i == 0 || !sv_blank(shown.ptr[i - 1]))
            strbuf_add_char(out, ' ');
    strbuf_add_text(out, shown.len < words.len ? "…”: " : "”: ");
}

struct lint_finding *
lint_add(struct lint *lint, const struct lint_rule *rule, size_t from, size_t to,
         const char *format, ...)
{
    if (lint->count == LINT_FINDINGS_MAX) {
        lint->left_out++;
        return NULL;
    }
    struct strbuf out;
    strbuf_init(&out, 0);
    if (to > from)
        add_shown(&out, sv_slice(lint->text, from, to));
    strbuf_add_sv(&out, rule->message);
    if (format != NULL) {
        char more[512];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(more, sizeof(more), format, arguments);
        va_end(arguments);
        strbuf_addf(&out, " %s", more);
    }
    if (!sv_empty(rule->instead))
        strbuf_addf(&out, "; write " SV_FMT, SV_ARG(rule->instead));
    lint->items = memory_grow(lint->items, &lint->room, lint->count + 1, sizeof(*lint->items));
    struct lint_finding *finding = &lint->items[lint->count++];
    *finding = (struct lint_finding){.rule = (size_t)(rule - lint->rules->items),
                                     .level = rule->level,
                                     .from = from,
                                     .to = to > from ? to : from,
                                     .message = arena_copy(lint->arena, strbuf_view(&out))};
    strbuf_release(&out);
    return finding;
}
