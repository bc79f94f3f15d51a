/*
 * Alerts that open no incident: of a known severity below warning, and those that tell of no
 * trouble whatever their severity (watchdogs, heartbeats, test pages, inhibitors), which are known
 * by words of a data file (correlate/rules/quiet_alerts.tsv). Read once a run; pure; memory is the
 * arena's, views are those of the text.
 */
#ifndef CORRELATE_GROUP_QUIET_H
#define CORRELATE_GROUP_QUIET_H

#include "base/arena.h"
#include "base/err.h"
#include "correlate/group/nodes.h"

enum quiet_where { QUIET_NAME, QUIET_TITLE, QUIET_TEXT };

struct quiet_line {
    struct sv kind, words;
    enum quiet_where where;
};

struct quiet_alerts {
    const struct quiet_line *lines;
    size_t count;
};

/* CONFIG with the number of a line that cannot be read. */
int quiet_alerts_read(struct arena *arena, struct sv text, struct quiet_alerts *ret_alerts,
                      struct err *err) MUST_CHECK;
/*
 * Why this alert opens nothing, and the words for it; QUIET_NOT where it may open an incident. An
 * alert that names the incident of a paging tool is not quiet because of its severity.
 */
enum quiet
quiet_of(const struct quiet_alerts *alerts, const struct event *event, struct sv *ret_reason);

#endif
