/*
 * How wide a text is in the chart, by a table of our own: no font is asked, so that the same chart
 * has the same bytes everywhere. Fonts differ by a tenth or so, for which the layout leaves room.
 * Pure.
 */
#ifndef REPORT_CHART_WIDTH_H
#define REPORT_CHART_WIDTH_H

#include "base/strbuf.h"

/* Tenths of a unit at 12 units a line. */
int64_t chart_width(struct sv text);
/* Adds the text, escaped for SVG, cut to at most `tenths`, with an ellipsis where it was cut. */
void chart_text(struct strbuf *out, struct sv text, int64_t tenths);

#endif
