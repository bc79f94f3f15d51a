/*
 * How `hindcast timeline` shows an incident: what its options mean together. Main thread.
 */
#ifndef CMD_TIMELINE_VIEW_H
#define CMD_TIMELINE_VIEW_H

#include "app/chart_view.h"
#include "base/err.h"
#include "report/render/render.h"

struct timeline_arguments {
    const char *format, *width, *zone, *style, *revision, *as_of;
    bool chart, aligned;
};

struct view_options {
    enum view { VIEW_ROWS, VIEW_SVG, VIEW_BLOCKS } view;
    struct render_options rows;
    struct blocks_options blocks;
};

/* USAGE: words that are not known, or options that do not go together. */
int timeline_view_read(const struct timeline_arguments *arguments, struct view_options *ret_options,
                       struct err *err) MUST_CHECK;

#endif
