/*
 * How moments and durations of a document read, in every form.
 */
#ifndef REPORT_RENDER_SPANS_H
#define REPORT_RENDER_SPANS_H

#include "hindcast/document.h"

/* "2026-03-01 10:03 UTC", "10:03", "11:03 CET", "2026-03-01T10:03:00.5Z", "4 min"; ASCII, adds to
 * `out`. The span is one of a time or a duration. */
void span_put_time(struct strbuf *out, const struct span *span);
/* "2026-03-01", UTC. */
void span_put_day(struct strbuf *out, int64_t ns);

#endif
