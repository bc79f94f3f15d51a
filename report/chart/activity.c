/*
 * What came from all sources in a chart: errors a minute as steps, and where nothing came or could
 * be read. See canvas.h; the counts are those of hindcast/activity.h.
 */
#include "hindcast/activity.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "report/chart/canvas.h"
#include "report/chart/picks.h"
#include "report/chart/width.h"

#define STEPS_MAX 240   /* of the window: a step is 4 units wide or more */
#define PLOT_HEIGHT 400 /* of the lane of errors */
#define LEAST_HEIGHT 10 /* of what is not 0 */

int64_t
chart_step_ns(int64_t from_ns, int64_t to_ns)
{
    static const int64_t minutes[] = {1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440, 2880, 10080};
    const size_t count = sizeof(minutes) / sizeof(minutes[0]);
    int64_t step = minutes[0];
    for (size_t i = 0; i < count && (to_ns - from_ns) / (step * NS_PER_MINUTE) >= STEPS_MAX; i++)
        step = minutes[i];
    while ((to_ns - from_ns) / (step * NS_PER_MINUTE) >= STEPS_MAX)
        step *= 2;
    return step * NS_PER_MINUTE;
}

/* ---- errors a minute ---- */

struct sums {
    int64_t lines, warnings, unset;
    int64_t most; /* warnings of a step */
};

static struct sums
add_up(const struct activity *activity)
{
    struct sums sums = {0, 0, 0, 0};
    for (size_t i = 0; i < activity->log_count; i++) {
        const struct minute_counts *at = &activity->logs[i];
        int64_t warnings = pick_lines(at, SEVERITY_WARN);
        sums.lines += pick_lines(at, SEVERITY_UNSET);
        sums.warnings += warnings;
        sums.unset += at->logs[SEVERITY_UNSET];
        sums.most = warnings > sums.most ? warnings : sums.most;
    }
    return sums;
}

/* "52", "0.4": of so many in a step, how many that is a minute. */
static void
add_rate(struct strbuf *out, const struct activity *activity, int64_t lines)
{
    int64_t minutes = activity->step_ns / NS_PER_MINUTE;
    int64_t tenths = (lines * 10 + minutes / 2) / minutes;
    if (tenths < 100 && tenths % 10 != 0)
        strbuf_addf(out, "%" PRId64 ".%d", tenths / 10, (int)(tenths % 10));
    else
        strbuf_addf(out, "%" PRId64, (tenths + 5) / 10);
}

/* "40 log lines of error or worse (8 a minute)" */
static void
add_lines(struct strbuf *out, const struct activity *activity, int64_t lines, const char *what)
{
    strbuf_addf(out, "%" PRId64 " log %s of %s or worse", lines, lines == 1 ? "line" : "lines",
                what);
    if (lines == 0 || activity->step_ns == NS_PER_MINUTE)
        return;
    strbuf_add_text(out, " (");
    add_rate(out, activity, lines);
    strbuf_add_text(out, " a minute)");
}

static void
draw_column(struct canvas *canvas, const char *class, int64_t from, int64_t to, int64_t lines,
            int64_t most, int64_t base)
{
    struct strbuf *out = canvas->out;
    int64_t height = (int64_t)((__int128)lines * PLOT_HEIGHT / most);
    if (lines == 0)
        return;
    height = height < LEAST_HEIGHT ? LEAST_HEIGHT : height;
    strbuf_addf(out, "<rect class=\"%s\"", class);
    canvas_number(out, "x", from);
    canvas_number(out, "y", base - height);
    canvas_number(out, "width", to - from < 10 ? 10 : to - from);
    canvas_number(out, "height", height);
    strbuf_add_text(out, "/>");
}

static void
draw_step(struct canvas *canvas, const struct minute_counts *at, int64_t most, int64_t base)
{
    const struct activity *activity = canvas->options->activity;
    struct strbuf *out = canvas->out;
    int64_t warnings = pick_lines(at, SEVERITY_WARN), errors = pick_lines(at, SEVERITY_ERROR);
    int64_t end = at->from_ns + activity->step_ns;
    if (warnings == 0 || end <= canvas->from_ns || at->from_ns >= canvas->to_ns)
        return;
    int64_t from = canvas_x(canvas, at->from_ns), to = canvas_x(canvas, end);
    strbuf_add_text(out, "<g><title>");
    canvas_time(canvas, at->from_ns);
    strbuf_add_text(out, " to ");
    canvas_time(canvas, end);
    strbuf_add_text(out, ": ");
    add_lines(out, activity, warnings, "warning");
    strbuf_add_text(out, ", ");
    add_lines(out, activity, errors, "error");
    strbuf_add_text(out, "</title>");
    draw_column(canvas, "warned", from, to, warnings, most, base);
    draw_column(canvas, "failed", from, to, errors, most, base);
    strbuf_add_text(out, "</g>\n");
}

static void
small_text(struct canvas *canvas, int64_t y)
{
    strbuf_add_text(canvas->out, "<text class=\"small\" x=\"8\"");
    canvas_number(canvas->out, "y", y);
    strbuf_add_char(canvas->out, '>');
}

static void
draw_scale(struct canvas *canvas, const struct activity *activity, int64_t most, int64_t base)
{
    struct strbuf *out = canvas->out;
    strbuf_add_text(out, "<line class=\"there\" x1=\"150\" x2=\"1100\"");
    canvas_number(out, "y1", base);
    canvas_number(out, "y2", base);
    strbuf_add_text(out, "/>\n<text class=\"small\" x=\"146\" text-anchor=\"end\"");
    canvas_number(out, "y", base - PLOT_HEIGHT + 100);
    strbuf_add_char(out, '>');
    add_rate(out, activity, most);
    strbuf_add_text(out, "</text><text class=\"small\" x=\"146\" text-anchor=\"end\"");
    canvas_number(out, "y", base);
    strbuf_add_text(out, ">0</text>\n");
}

/* What the steps are made of, below the name of the lane. */
static void
draw_legend(struct canvas *canvas, const struct activity *activity, const struct sums *sums)
{
    struct strbuf *out = canvas->out;
    small_text(canvas, canvas->y + 330);
    strbuf_addf(out, "of %" PRId64 " log %s", sums->lines, sums->lines == 1 ? "line" : "lines");
    strbuf_addf(out, "<title>log lines of %s%s",
                activity->of_services ? "its services" : "all services",
                sums->unset > 0 ? "" : ", all with a severity");
    if (sums->unset > 0)
        strbuf_addf(out, ", %" PRId64 " of them without a severity", sums->unset);
    if (activity->duplicates > 0)
        strbuf_addf(out, "; %" PRId64 " lines of all services came again and count twice",
                    activity->duplicates);
    strbuf_add_text(out, "</title></text>");
    small_text(canvas, canvas->y + 450);
    strbuf_add_text(out,
                    sums->warnings > 0 ? "light: warnings</text>\n" : "none is a warning</text>\n");
}

void
chart_errors(struct canvas *canvas)
{
    const struct activity *activity = canvas->options->activity;
    if (activity == NULL)
        return;
    struct sums sums = add_up(activity);
    if (sums.lines == 0)
        return;
    int64_t base = canvas->y + 60 + PLOT_HEIGHT;
    canvas_lane(canvas, "Errors a minute");
    draw_legend(canvas, activity, &sums);
    if (sums.most > 0)
        draw_scale(canvas, activity, sums.most, base);
    for (size_t i = 0; i < activity->log_count && sums.most > 0; i++)
        draw_step(canvas, &activity->logs[i], sums.most, base);
    canvas->y = base + 60;
}

/* ---- gaps ---- */

static void
draw_gap(struct canvas *canvas, const char *class, int64_t from_ns, int64_t to_ns, int64_t middle)
{
    struct strbuf *out = canvas->out;
    int64_t from = canvas_x(canvas, from_ns), to = canvas_x(canvas, to_ns);
    strbuf_addf(out, "<rect class=\"%s\" height=\"14\" rx=\"2\"", class);
    canvas_number(out, "x", from);
    canvas_number(out, "y", middle - 70);
    canvas_number(out, "width", to - from < 40 ? 40 : to - from);
    strbuf_add_text(out, "><title>");
}

static void
draw_silence(struct canvas *canvas, int64_t from_ns, int64_t to_ns, int64_t middle)
{
    char text[DURATION_TEXT];
    draw_gap(canvas, "silent", from_ns, to_ns, middle);
    duration_format(to_ns - from_ns, text);
    strbuf_addf(canvas->out, "no record of any source for %s, from ", text);
    canvas_time(canvas, from_ns);
    strbuf_add_text(canvas->out, " to ");
    canvas_time(canvas, to_ns);
    strbuf_add_text(canvas->out, "</title></rect>\n");
}

static void
draw_lost(struct canvas *canvas, const struct record_gap *gap, int64_t middle)
{
    struct strbuf *out = canvas->out;
    int64_t from, to;
    pick_lost(gap, &from, &to);
    draw_gap(canvas, "lost", from, to, middle);
    if (gap->to > gap->from)
        strbuf_addf(out, "%" PRId64 " %s", gap->to - gap->from,
                    gap->to - gap->from == 1 ? "offset" : "offsets");
    else
        strbuf_add_text(out, "offsets, nobody knows how many,");
    if (!sv_empty(gap->topic)) {
        strbuf_add_text(out, " of topic ");
        escape_html(out, gap->topic);
        strbuf_addf(out, ", partition %d, from %" PRId64 " on,", (int)gap->partition, gap->from);
    }
    strbuf_add_text(out, " could not be read (");
    escape_html(out, gap->kind);
    strbuf_add_text(out, "); around them lie ");
    canvas_time(canvas, from);
    strbuf_add_text(out, " and ");
    canvas_time(canvas, to);
    strbuf_add_text(out, "</title></rect>\n");
}

void
chart_gaps(struct canvas *canvas)
{
    const struct activity *activity = canvas->options->activity;
    int64_t since, until, middle = canvas->y + 150;
    size_t at = 0;
    if (activity == NULL)
        return;
    bool silent = pick_silence(activity, canvas->from_ns, canvas->to_ns, &at, &since, &until);
    if (!silent && activity->gap_count == 0)
        return;
    canvas_lane(canvas, "Gaps in the records");
    while (silent) {
        draw_silence(canvas, since, until, middle);
        silent = pick_silence(activity, canvas->from_ns, canvas->to_ns, &at, &since, &until);
    }
    for (size_t i = 0; i < activity->gap_count; i++)
        draw_lost(canvas, &activity->gaps[i], middle);
    canvas->y += 80 + CHART_ROW;
}
