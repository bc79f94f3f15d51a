/*
 * Text of records inside Markdown.
 */
#ifndef REPORT_RENDER_MARKDOWN_TEXT_H
#define REPORT_RENDER_MARKDOWN_TEXT_H

#include "base/strbuf.h"

/* As one line of Markdown that shows the bytes and does nothing else. */
void markdown_text(struct strbuf *out, struct sv text);

#endif
