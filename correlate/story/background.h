/*
 * What a source logs when nothing is wrong: the log lines of a scope, so that a row of lines is
 * held against the hour before it. Built of records before they are grouped, then only read; memory
 * is the arena's.
 */
#ifndef CORRELATE_BACKGROUND_H
#define CORRELATE_BACKGROUND_H

#include "correlate/group/grouping.h"

struct logged_line {
    struct sv source, service;
    struct sv shape; /* of lines by their shape; absent in the list by source */
    int64_t ms;
};

struct background {
    const struct logged_line *by_source; /* WARN and worse, by (source, service, ms) */
    size_t source_count;
    const struct logged_line *by_shape; /* all, by (source, service, shape, ms) */
    size_t shape_count;
    int64_t known_from_ms; /* of a window: a line that begins before is not known to be new */
};

/* Of all of these that are log lines. */
void background_init(struct arena *arena, const struct work_record *records, size_t count,
                     struct background *ret_background);
/*
 * True if this line and those of the next minutes are more than its source's background: three
 * lines of WARN or worse at least, and three times as many as in as many minutes of the hour before
 * (rule `surge`).
 */
bool background_surge(const struct background *background, const struct observation *line);
/* True for an ERROR or worse of a source that logged none of that in the hour before, of a shape
 * that did not come for a day (rules `surge`, `new_line`); a line without a severity counts. */
bool background_new_line(const struct background *background, const struct work_node *node,
                         const struct observation *line);

#endif
