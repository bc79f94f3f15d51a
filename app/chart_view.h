/*
 * The chart of blocks as this terminal can show it: how wide, and whether with more than ASCII.
 * Main thread.
 */
#ifndef APP_CHART_VIEW_H
#define APP_CHART_VIEW_H

#include "base/err.h"
#include "report/chart/blocks.h"

/*
 * Width: COLUMNS where that is a number within the limits of a chart, else that of the terminal,
 * else CHART_VIEW_COLUMNS. `style`: "blocks", "ascii", or NULL: ASCII where the locale (LC_ALL,
 * LC_CTYPE, LANG: the first that is set) is not one of UTF-8. USAGE: another word.
 */
int
chart_view_read(const char *style, struct blocks_options *ret_options, struct err *err) MUST_CHECK;
#define CHART_VIEW_COLUMNS 80

#endif
