/*
 * Writers of documents: each turns the blocks of hindcast/document.h into one form with stable
 * bytes and escapes texts of records for that form. Pure but for the time zone in use
 * (time_zone_use()), which second time columns are in.
 */
#ifndef REPORT_RENDER_DOCUMENT_H
#define REPORT_RENDER_DOCUMENT_H

#include "hindcast/document.h"

/*
 * Markdown (GitHub's): a statement or row ends with the number of a footnote, "[^3]", which names
 * each of its entries by id, as short as they are unique in the incident, and where its record
 * lies. Text of records cannot look like a footnote: its brackets are escaped. Adds to `out`.
 */
void document_markdown(const struct document *document, struct strbuf *out);

#endif
