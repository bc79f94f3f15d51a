/*
 * A chart of blocks in the making: rows of cells over time, each with a name before it. What stands
 * in a cell is one column wide. Text from outside is made harmless for a terminal and cut. Internal
 * to report/chart/.
 */
#ifndef REPORT_CHART_GRID_H
#define REPORT_CHART_GRID_H

#include "report/chart/blocks.h"

/* Marks, by the style; which character each is stands in grid.c. */
enum mark {
    MARK_BLANK,
    MARK_IMPACT,
    MARK_IMPACT_OPEN, /* no record tells its end */
    MARK_FLAG,        /* where a flag's words begin */
    MARK_FLAG_END,    /* where they end, when they stand before it */
    MARK_POLE,
    MARK_CHANGE,
    MARK_BACK,
    MARK_CRITICAL,
    MARK_ERROR,
    MARK_WARNING,
    MARK_UNRESOLVED,
    MARK_TOLD,
    MARK_SAID,
    MARK_KEY,
    MARK_SILENT,
    MARK_LOST,
    MARK_TICK,
    MARK_LINE,
    MARK_STEP, /* the first of MARK_STEPS heights */
    MARKS = MARK_STEP + 8,
};
#define MARK_STEPS 8

struct grid {
    const struct incident *incident;
    const struct blocks_options *options;
    struct strbuf *out;
    size_t names, width;    /* columns of the names; of the time */
    int64_t from_ns, to_ns; /* what is shown */
    bool used[MARKS];       /* for the legend */
    unsigned char *cells;   /* of the row in the making: an enum mark, or MARKS + a character */
};

/* The column of a moment; those outside the window lie at its ends. */
size_t grid_column(const struct grid *grid, int64_t ns);
bool grid_shows(const struct grid *grid, int64_t ns);
/* When a column begins. */
int64_t grid_time(const struct grid *grid, size_t column);

void grid_clear(struct grid *grid);
void grid_put(struct grid *grid, size_t column, enum mark mark);
enum mark grid_at(const struct grid *grid, size_t column);
/* From one moment to another, at least one column. */
void grid_span(struct grid *grid, int64_t from_ns, int64_t to_ns, enum mark mark);
/* ASCII, from a column on; what does not fit is left out. */
void grid_words(struct grid *grid, size_t column, struct sv words);
/* Writes the row; `inner`: its name is of a part of a lane. */
void grid_row(struct grid *grid, struct sv name, bool inner);
/* Adds text from outside, `columns` wide at most; returns how wide it is. */
size_t grid_text(const struct grid *grid, struct sv text, size_t columns);
const char *grid_mark(const struct grid *grid, enum mark mark);

/* ---- lanes: each writes its rows, where it has any ---- */

void blocks_impact(struct grid *grid);
void blocks_errors(struct grid *grid);
void blocks_changes(struct grid *grid);
void blocks_alerts(struct grid *grid);
void blocks_updates(struct grid *grid);
void blocks_people(struct grid *grid);
void blocks_gaps(struct grid *grid);

#endif
