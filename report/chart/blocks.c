/*
 * The chart of blocks as a whole: head, flags, axis, legend. See blocks.h; the lanes are in
 * blocks_lanes.c.
 */
#include "report/chart/blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "report/chart/chart.h"
#include "report/chart/grid.h"
#include "report/chart/picks.h"

#define NAMES_PART 4 /* of the columns, the names of rows have */
#define NAMES_MIN 17 /* "Errors a minute" */
#define NAMES_MAX 22
#define TICK_COLUMNS 10 /* between two times of the axis, at least */
#define FLAG_TEXT 32

/* ---- flags ---- */

struct flag {
    const struct milestone_row *row;
    char words[FLAG_TEXT]; /* "detected 14:07?" */
    size_t column, from, to;
    bool before; /* the words end at the column */
    int level;   /* of its row, from below */
};

static void
say_flag(const struct milestone_row *row, const char *words, struct flag *ret_flag)
{
    char time[TIME_TEXT];
    time_format(row->time_ns, time);
    snprintf(ret_flag->words, sizeof(ret_flag->words), "%s %.5s%s", words, time + 11,
             row->confidence < CHART_SURE ? "?" : "");
    ret_flag->row = row;
}

static size_t
find_flags(const struct grid *grid, struct flag ret_flags[CHART_FLAGS])
{
    size_t count = 0;
    for (size_t i = 0; i < CHART_FLAGS; i++) {
        const struct milestone_row *row = pick_first(grid->incident, chart_flags[i].milestone);
        if (row == NULL)
            continue;
        size_t at = count++;
        for (; at > 0 && ret_flags[at - 1].row->time_ns > row->time_ns; at--)
            ret_flags[at] = ret_flags[at - 1];
        memset(&ret_flags[at], 0, sizeof(ret_flags[at]));
        say_flag(row, chart_flags[i].words, &ret_flags[at]);
    }
    return count;
}

/* Words cover no words; `strict`: nor a pole, nor is theirs covered. */
static bool
has_room(const struct flag *flags, size_t at, int level, bool strict)
{
    for (size_t i = 0; i < at; i++) {
        const struct flag *other = &flags[i];
        bool crosses = other->level > level && other->column >= flags[at].from &&
                       other->column <= flags[at].to;
        bool covers =
            other->level == level && other->from <= flags[at].to && flags[at].from <= other->to;
        bool stands = other->level < level && flags[at].column >= other->from &&
                      flags[at].column <= other->to;
        if (covers || (strict && (crosses || stands)))
            return false;
    }
    return true;
}

/* Behind or before its column; false: it has no room in this row. */
static bool
try_level(const struct grid *grid, struct flag *flags, size_t at, int level, bool strict)
{
    struct flag *flag = &flags[at];
    size_t length = strlen(flag->words) + 1;
    for (int before = 0; before < 2; before++) {
        size_t end = flag->column + length;
        if (before == 0 ? end > grid->width : flag->column + 1 < length)
            continue;
        flag->before = before == 1;
        flag->from = flag->before ? flag->column + 1 - length : flag->column;
        flag->to = flag->before ? flag->column : end - 1;
        flag->to += flag->to + 1 < grid->width; /* a blank between two */
        if (has_room(flags, at, level, strict))
            return true;
    }
    return false;
}

/* In the lowest row where it covers nobody; where poles leave none, some poles are covered. */
static void
place_flag(const struct grid *grid, struct flag *flags, size_t at)
{
    flags[at].column = grid_column(grid, flags[at].row->time_ns);
    for (int strict = 1; strict >= 0; strict--)
        for (int level = 0; level <= CHART_FLAGS; level++)
            if (try_level(grid, flags, at, level, strict == 1)) {
                flags[at].level = level;
                return;
            }
}

static void
write_flag(struct grid *grid, const struct flag *flag)
{
    struct sv words = sv_from(flag->words);
    if (flag->before) {
        grid_words(grid, flag->from, words);
        grid_put(grid, flag->column, MARK_FLAG_END);
    } else {
        grid_put(grid, flag->column, MARK_FLAG);
        grid_words(grid, flag->column + 1, words);
    }
}

static void
write_flags(struct grid *grid)
{
    struct flag flags[CHART_FLAGS];
    size_t count = find_flags(grid, flags);
    struct sv name = SV("Milestones");
    int top = -1;
    for (size_t i = 0; i < count; i++) {
        place_flag(grid, flags, i);
        top = flags[i].level > top ? flags[i].level : top;
    }
    for (int level = top; level >= 0; level--) {
        bool any = false;
        grid_clear(grid);
        for (size_t i = 0; i < count; i++)
            if (flags[i].level > level)
                grid_put(grid, flags[i].column, MARK_POLE);
        for (size_t i = 0; i < count; i++)
            if (flags[i].level == level) {
                write_flag(grid, &flags[i]);
                any = true;
            }
        if (any) {
            grid_row(grid, name, false);
            name = SV("");
        }
    }
}

/* ---- axis ---- */

static void
write_axis(struct grid *grid)
{
    int64_t step = pick_tick_ns(grid->to_ns - grid->from_ns, (int)(grid->width / TICK_COLUMNS));
    int64_t first = grid->from_ns - grid->from_ns % step; /* before 1970 it rounds the other way */
    char text[TIME_TEXT];
    grid_clear(grid);
    for (size_t i = 0; i < grid->width; i++)
        grid_put(grid, i, MARK_LINE);
    for (int64_t ns = first; ns < grid->to_ns; ns += step)
        if (ns > grid->from_ns)
            grid_put(grid, grid_column(grid, ns), MARK_TICK);
    grid_row(grid, SV(""), false);
    grid_clear(grid);
    size_t free_from = 0;
    for (int64_t ns = first; ns < grid->to_ns; ns += step) {
        size_t column = grid_column(grid, ns);
        time_format(ns, text);
        bool midnight = memcmp(text + 11, "00:00", 5) == 0 && step < NS_PER_DAY;
        bool day = step >= NS_PER_DAY || (midnight && grid->to_ns - grid->from_ns > NS_PER_DAY);
        size_t from = column < 2 ? 0 : column - 2;
        if (ns <= grid->from_ns || from < free_from || from + 5 > grid->width)
            continue;
        grid_words(grid, from, sv_of(text + (day ? 5 : 11), 5));
        free_from = from + 6;
    }
    grid_row(grid, SV("UTC"), false);
}

/* ---- head and legend ---- */

static void
write_head(struct grid *grid)
{
    const struct incident *incident = grid->incident;
    size_t columns = grid->names + grid->width, used = 0;
    char from[TIME_TEXT], to[TIME_TEXT], column[DURATION_TEXT], line[2 * TIME_TEXT + 16];
    if (!sv_empty(grid->options->name)) {
        used = grid_text(grid, grid->options->name, columns / 2) + 2;
        strbuf_add_text(grid->out, "  ");
    }
    grid_text(grid, incident->title, columns - used);
    time_format(grid->from_ns, from);
    time_format(grid->to_ns, to);
    duration_format((grid_time(grid, 1) - grid->from_ns) / NS_PER_S * NS_PER_S, column);
    bool same_day = memcmp(from, to, 10) == 0;
    snprintf(line, sizeof(line), "%.10s %.5s to %.10s%s%.5s UTC,", from, from + 11,
             same_day ? "" : to, same_day ? "" : " ", to + 11);
    const char *said = "a column is ";
    bool fits = strlen(line) + 1 + strlen(said) + strlen(column) <= columns;
    strbuf_addf(grid->out, "\n%s%s%s%s\n\n", line, fits ? " " : "\n", said, column);
}

static const struct {
    enum mark mark;
    const char *words;
} legend[] = {
    {MARK_IMPACT, "impact"},       {MARK_CHANGE, "change"},
    {MARK_BACK, "taken back"},     {MARK_CRITICAL, "critical"},
    {MARK_ERROR, "error"},         {MARK_WARNING, "warning"},
    {MARK_UNRESOLVED, "end open"}, {MARK_TOLD, "page, update"},
    {MARK_KEY, "key row"},         {MARK_SAID, "row"},
    {MARK_SILENT, "no record"},    {MARK_LOST, "lost"},
};

/* Only what is there; a mark that stands for two things is named by its lane. */
static void
write_legend(struct grid *grid)
{
    struct strbuf *out = grid->out;
    size_t columns = grid->names + grid->width, used = 0;
    for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++) {
        size_t length = strlen(legend[i].words) + 2;
        if (!grid->used[legend[i].mark] || legend[i].mark == MARK_IMPACT)
            continue;
        if (used > 0 && used + 2 + length > columns) {
            strbuf_add_char(out, '\n');
            used = 0;
        }
        strbuf_addf(out, "%s%s %s", used > 0 ? "  " : "", grid_mark(grid, legend[i].mark),
                    legend[i].words);
        used += (used > 0 ? 2 : 0) + length;
    }
    strbuf_add_text(out, used > 0 ? "\n" : "");
}

static void
write_outside(const struct grid *grid)
{
    size_t before = 0, after = 0;
    for (size_t i = 0; i < grid->incident->entry_count; i++) {
        before += grid->incident->entries[i].time_ns < grid->from_ns;
        after += grid->incident->entries[i].time_ns > grid->to_ns;
    }
    if (before + after > 0)
        strbuf_addf(grid->out, "not shown: %zu %s before, %zu after\n", before,
                    before == 1 ? "row" : "rows", after);
}

/* ---- all ---- */

static size_t
columns_of(const struct blocks_options *options)
{
    return options->columns < BLOCKS_COLUMNS_MIN   ? BLOCKS_COLUMNS_MIN
           : options->columns > BLOCKS_COLUMNS_MAX ? BLOCKS_COLUMNS_MAX
                                                   : options->columns;
}

void
chart_blocks(const struct incident *incident, const struct blocks_options *options,
             struct strbuf *out)
{
    struct grid grid = {.incident = incident, .options = options, .out = out};
    size_t columns = columns_of(options);
    if (incident->entry_count == 0) {
        strbuf_add_text(out, "Nothing to show: no entry belongs to this incident.\n");
        return;
    }
    grid.names = columns / NAMES_PART;
    grid.names = grid.names < NAMES_MIN ? NAMES_MIN : grid.names;
    grid.names = grid.names > NAMES_MAX ? NAMES_MAX : grid.names;
    grid.width = columns - grid.names;
    grid.cells = memory_calloc(grid.width, 1);
    chart_window(incident, &grid.from_ns, &grid.to_ns);
    write_head(&grid);
    write_flags(&grid);
    blocks_impact(&grid);
    blocks_errors(&grid);
    blocks_changes(&grid);
    blocks_alerts(&grid);
    blocks_updates(&grid);
    blocks_people(&grid);
    blocks_gaps(&grid);
    write_axis(&grid);
    write_legend(&grid);
    write_outside(&grid);
    free(grid.cells);
}
