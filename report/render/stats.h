/*
 * How long incidents took (hindcast/stats.h), as a table with a small distribution, and as JSON
 * Lines. Pure.
 */
#ifndef REPORT_RENDER_STATS_H
#define REPORT_RENDER_STATS_H

#include "base/strbuf.h"
#include "hindcast/stats.h"

/* "time_to_detect": as the column of analyst.durations. */
const char *stats_measure_word(enum stats_measure measure);

/*
 * `by` is the head of the column of groups; NULL: there are none. Blocks, or digits where `ascii`:
 * the share of the row's incidents in each bin, the fullest is highest. Lines are cut to `columns`
 * characters; 0: never.
 */
void render_stats(const struct stats_row *rows, size_t count, const char *by, bool ascii,
                  size_t columns, struct strbuf *out);
/* An object for each row; what n 0 does not tell is null. */
void
render_stats_json(const struct stats_row *rows, size_t count, const char *by, struct strbuf *out);

#endif
