/*
 * The chart of an incident for terminals, of blocks: the lanes of chart.h, one character for a
 * stretch of time. Milestones are flags that never cover each other, with a question mark where
 * they are only possible; what is resolved in no record is open at its end; a gap in the records is
 * shown as one.
 *
 * Pure; same incident, same bytes. Rows are limited whatever the incident holds; what is not shown
 * is counted.
 */
#ifndef REPORT_CHART_BLOCKS_H
#define REPORT_CHART_BLOCKS_H

#include "base/strbuf.h"
#include "hindcast/activity.h"
#include "hindcast/incident.h"

#define BLOCKS_COLUMNS_MIN 60
#define BLOCKS_COLUMNS_MAX 500

struct blocks_options {
    struct sv name; /* of the incident, may be empty */
    size_t columns; /* of the terminal; what lies outside the two limits is taken as the limit */
    bool ascii;     /* nothing but ASCII: characters of records that are not become '?' */
    const struct activity *activity; /* what came from all sources; NULL: not known */
};

/* Adds the chart, lines of at most so many columns. */
void chart_blocks(const struct incident *incident, const struct blocks_options *options,
                  struct strbuf *out);

#endif
