/*
 * The Markdown of a draft in another form, as people edited it: what they wrote is kept, no record
 * and no database is asked. Headings, paragraphs, lists, quotations, tables, code, footnotes,
 * emphasis, links to http and https; anything else is text. Footnotes are numbered anew, in the
 * order of their use. Pure; same text, same bytes.
 */
#ifndef REPORT_RENDER_CONVERT_H
#define REPORT_RENDER_CONVERT_H

#include "report/render/writer.h"

/* False: this form is made from the records of an incident, and nothing was added. */
bool convert_markdown(struct sv text, const struct document_writer *writer, struct strbuf *out);

#endif
