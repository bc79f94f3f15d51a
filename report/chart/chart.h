/*
 * The chart: an incident over time as SVG, with a lane for each kind of thing that happens: impact
 * as a band through all of them, changes, alerts of each service as bars, errors a minute, updates
 * to users, people, gaps in the records.
 * Milestones are flags in rows of their own, which never cover each other, dashed where they are
 * only likely. Every mark has a title, and in a page a link to its row.
 *
 * Pure; same incident, same bytes. Readable with five rows and with 100,000: marks that would lie
 * on each other are one, with their number in its title, and lanes have a limited number of rows.
 */
#ifndef REPORT_CHART_CHART_H
#define REPORT_CHART_CHART_H

#include "base/strbuf.h"
#include "hindcast/activity.h"
#include "hindcast/incident.h"

struct chart_options {
    struct sv name;     /* of the incident, for the title; may be empty */
    size_t id_length;   /* marks link to "#e-" and so many digits of an entry's id; 0: no links */
    const bool *linked; /* by entry: those that have a row to link to; NULL: all */
    bool alone;         /* a document of its own: with its style */
    const struct activity *activity; /* what came from all sources; NULL: not known */
};

/*
 * The stretch of time that a chart of the incident shows: from its first alert or milestone to its
 * last, with key rows that lie at most half as long, or 30 minutes, outside.
 */
void chart_window(const struct incident *incident, int64_t *ret_from_ns, int64_t *ret_to_ns);
/* Length of a step of counts in a chart of this stretch: whole minutes, so that steps stay few. */
int64_t chart_step_ns(int64_t from_ns, int64_t to_ns);
/* Adds the SVG. An incident without entries gets an empty chart that says so. */
void
chart_svg(const struct incident *incident, const struct chart_options *options, struct strbuf *out);

#endif
