/*
 * The page: a draft as one HTML file to look at, with the chart, every row of note, and the
 * evidence of each behind it. It works without scripts and has none, asks no network, and its
 * policy (CSP) lets nothing else in. Sentences lead to rows by numbered links, rows to their
 * records.
 *
 * Pure; same document, same bytes. Rows that are key or standard are shown, ROWS_MAX at most, and
 * those that a sentence cites; the others are counted and stand in the full timeline.
 */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

#include "hindcast/activity.h"
#include "hindcast/document.h"

#define PAGE_ROWS_MAX 2000
#define PAGE_RECORD_BYTES_MAX 2048 /* shown of a record */

struct page_options {
    const struct stored_incident *stored; /* whose document it is */
    struct sv rest_name;                  /* of the file with every row; absent: none */
    /*
     * The value of a record, whole or its first PAGE_RECORD_BYTES_MAX bytes, in the arena; false:
     * there is none. NULL: records are not shown.
     */
    bool (*record)(void *opaque, const struct evidence *evidence, struct arena *arena,
                   struct sv *ret_value);
    void *opaque;
    const struct activity *activity; /* for the chart; NULL: not known */
};

/* Adds the page. */
void
page_html(const struct document *document, const struct page_options *options, struct strbuf *out);

struct page_link {
    struct sv number, title;
    struct sv href;                  /* relative, made by us; absent: no page was written */
    const struct incident *incident; /* when, severity, alerts, records */
};
/* Adds a page that lists incidents, each with a link to its own page. */
void page_index(const struct page_link *links, size_t count, struct strbuf *out);

#endif
