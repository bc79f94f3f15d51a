/*
 * What the lanes of a chart share: the scale of time, the lane's place, and drawing on it. Lengths
 * are tenths of a unit of the view box, so that all arithmetic is in whole numbers. Internal to
 * report/chart/.
 */
#ifndef REPORT_CHART_CANVAS_H
#define REPORT_CHART_CANVAS_H

#include "report/chart/chart.h"

#define CHART_WIDTH 11200
#define CHART_LEFT 1500 /* where time begins */
#define CHART_RIGHT 11000
#define CHART_ROW 220 /* height of a row in a lane */

struct canvas {
    const struct incident *incident;
    const struct chart_options *options;
    struct strbuf *out;
    int64_t from_ns, to_ns; /* what is shown */
    int64_t y;              /* of the top of the next lane */
};

/* Where a moment lies; those outside the window lie at its ends. */
int64_t canvas_x(const struct canvas *canvas, int64_t ns);
bool canvas_shows(const struct canvas *canvas, int64_t ns);
/* Adds ` name="12.3"`. */
void canvas_number(struct strbuf *out, const char *name, int64_t tenths);
/* Opens and closes what a reader can follow to the row of an entry; NULL: nothing. */
void canvas_link(struct canvas *canvas, const struct entry *entry);
void canvas_link_end(struct canvas *canvas, const struct entry *entry);
/* "14:04:30 UTC", with the date where the window is longer than a day. */
void canvas_time(const struct canvas *canvas, int64_t ns);
/* A lane's name at the left, with a line above it. */
void canvas_lane(struct canvas *canvas, const char *name);
/* A row's name, which ends where time begins. */
void canvas_row_name(struct canvas *canvas, struct sv name, int64_t middle);
/* Below a lane: how many rows it does not show, in a line of its own; nothing where that is 0. */
void canvas_more(struct canvas *canvas, size_t count);
/* <title>TIME WHO: TEXT</title>, and how many more lie there. */
void canvas_title(struct canvas *canvas, const struct entry *entry, size_t more);

/* ---- lanes: each draws itself and moves `y` ---- */

void chart_changes(struct canvas *canvas);
void chart_alerts(struct canvas *canvas);
void chart_updates(struct canvas *canvas);
void chart_people(struct canvas *canvas);
/* Where the chart knows what came from all sources. */
void chart_errors(struct canvas *canvas);
void chart_gaps(struct canvas *canvas);

#endif
