/*
 * Claims and numbers that lead nowhere. See run.h.
 */
#include "report/lint/pattern.h"
#include "report/lint/run.h"

/* A row without evidence in a table that has a column for it and where it is not a candidate. */
static bool
lacks_evidence(const struct lint *lint, const struct page_row *row)
{
    const struct page *page = &lint->page;
    const struct page_block *cell = lint_cell_under(lint, row, "evidence|data link|proof|source");
    size_t filled = 0;
    if (row->head || row->prompt || row->cited || cell == NULL || cell->to > cell->from)
        return false;
    for (size_t i = 0; i < row->cells; i++) {
        const struct page_block *one = &page->blocks[row->first_block + i];
        filled += one->to > one->from;
    }
    /* One cell alone is the day of the rows below it, or a head among them. */
    return filled > 1 && !lint_has_evidence(sv_slice(page->text, row->from, row->to));
}

int
check_claim(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    const struct page *page = &lint->page;
    (void)err;
    for (size_t i = 0; i < page->row_count; i++) {
        const struct page_row *row = &page->rows[i];
        enum page_section section = page->tables[row->table].section;
        if (section == SECTION_data || section == SECTION_people || !lacks_evidence(lint, row))
            continue;
        const struct page_block *first = &page->blocks[row->first_block];
        size_t last = row->first_block + row->cells - 1;
        lint_add(lint, rule, first->from, page->blocks[last].from, NULL);
    }
    return 0;
}

/* A quantity with its unit; times of the day are looked at in times.c. */
static const char number_pattern[] =
    "(?<![\\w.:/-])[~<>≈]? ?\\d[\\d,.]*(?: ?[kKM])? ?"
    "(?:%|‰|(?:per ?cent|percent|milliseconds?|ms|requests?|errors?|users?|customers?|accounts?|"
    "tickets?|orders?|jobs?|builds?|messages?|events?|records?|rows?|sessions?|tenants?|clients?|"
    "reports?|hosts?|nodes?|pods?|servers?|[KMGT]i?B|EUR|USD|dollars?|euros?)\\b)";

/* The sentence with what stands behind it before the next: a link, a footnote. */
static struct sv
with_evidence(const struct lint *lint, const struct plain *plain, struct sv sentence)
{
    struct sv text = sv_of(plain->text, plain->len);
    size_t start = (size_t)(sentence.ptr - plain->text), end = start + sentence.len;
    while (end < text.len && strchr(" ()[].,;\x01", text.ptr[end]) != NULL)
        end++;
    return sv_slice(lint->text, plain->at[start], plain->at[end]);
}

static int
check_sentence(struct lint *lint, const struct lint_rule *rule, const struct pattern *pattern,
               const struct plain *plain, struct sv sentence, struct err *err)
{
    size_t start = (size_t)(sentence.ptr - plain->text), at = 0, from, to;
    int found;
    while ((found = pattern_find(pattern, sentence, at, &from, &to, err)) > 0) {
        lint_add(lint, rule, plain->at[start + from], (size_t)plain->at[start + to - 1] + 1, NULL);
        at = to;
    }
    return found;
}

int
check_number(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    struct sv abbreviations = rules_list(lint->rules, SV("abbreviations")), sentence;
    struct pattern *pattern;
    int status = 0;
    if (pattern_new(lint->rules, sv_from(number_pattern), NULL, 0, &pattern, err) != 0)
        return -1;
    for (size_t i = 0; i < lint->page.block_count && status == 0; i++) {
        const struct page_block *block = &lint->page.blocks[i];
        const struct plain *plain = &lint->plains[i];
        bool here = block->section == SECTION_impact || block->section == SECTION_summary;
        if (plain->len == 0 || !here || block->cited || block->kind == PAGE_CELL)
            continue;
        for (size_t at = 0;
             plain_sentence(plain, at, abbreviations, &sentence, &at) && status == 0;)
            if (!lint_has_evidence(with_evidence(lint, plain, sentence)))
                status = check_sentence(lint, rule, pattern, plain, sentence, err);
    }
    pattern_free(pattern);
    return status;
}
