/*
 * From when to when an incident went, as lines and tables for people say it (hindcast/incident.h).
 */
#ifndef REPORT_RENDER_LASTED_H
#define REPORT_RENDER_LASTED_H

#include "base/strbuf.h"
#include "hindcast/incident.h"

/*
 * "2026-03-03 14:04:30 UTC (start of impact) to 2026-03-03 14:30:15 UTC, 25 min 45 s, recovered",
 * or behind the start "not resolved in the records; last state: ...".
 */
void lasted_put(struct strbuf *out, const struct incident *incident);
/* "recovered"; "not resolved in the records; last state: an alert fires at 2026-03-03 14:32:00
 * UTC"; nothing where it is not known. */
void lasted_put_state(struct strbuf *out, const struct incident *incident);
/* "25 min 45 s", or "not resolved". */
void lasted_put_duration(struct strbuf *out, const struct incident *incident);

#endif
