/*
 * Parts of a page: see page.h. Internal to report/page/.
 */
#ifndef REPORT_PAGE_PARTS_H
#define REPORT_PAGE_PARTS_H

#include "report/page/page.h"

struct page {
    const struct document *document;
    const struct page_options *options;
    const struct incident *incident;
    struct strbuf *out;
    size_t id_length;
    uint32_t *numbers; /* by entry: its number among those cited, from 1; 0: not cited */
    uint32_t cited;
    bool *shown; /* by entry: it has a row */
    size_t shown_count;
    struct arena arena; /* of one record */
};

/* head.c: everything up to the body, with styles and the policy that allows them alone. */
void page_head(struct strbuf *out, struct sv title);
/* "2026-03-01 14:04" and " UTC", as an element that programs can read. */
void page_time(struct strbuf *out, int64_t ns, size_t from, size_t to);
/* Tables that list entries: the rows of the page say the same and more. */
bool page_replaces(const struct block *block);
/* rows.c: which rows are shown, once all citations are numbered; the timeline. */
void page_choose(struct page *page);
void page_rows(struct page *page);
/* blocks.c: the document's sections; and links to what proves something. */
void page_nav(struct page *page);
void page_blocks(struct page *page);
void page_proofs(struct page *page, const struct entry *const *proofs, size_t count);

#endif
