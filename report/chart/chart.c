/*
 * A chart as a whole: which time it shows, flags, the band of impact, the axis. See chart.h. Lanes
 * are drawn first, into a buffer of their own: the band and the grid behind them are as high as
 * they became.
 */
#include "report/chart/chart.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/text/escape.h"
#include "report/chart/canvas.h"
#include "report/chart/picks.h"
#include "report/chart/width.h"

#define FLAG_HEIGHT 210
#define TICKS_MAX 12
#define NEAR_NS (30 * NS_PER_MINUTE) /* of key rows around an incident, at least */

/* ---- what is shown ---- */

static void
widen(struct canvas *canvas, int64_t ns)
{
    if (ns < canvas->from_ns)
        canvas->from_ns = ns;
    if (ns > canvas->to_ns)
        canvas->to_ns = ns;
}

/* The change shortly before, what was said when it was over; not a remark of the week after. */
static void
widen_to_key_rows(struct canvas *canvas)
{
    int64_t length = canvas->to_ns - canvas->from_ns;
    int64_t near = length / 2 > NEAR_NS ? length / 2 : NEAR_NS;
    int64_t from = canvas->from_ns - near, to = canvas->to_ns + near;
    for (size_t i = 0; i < canvas->incident->entry_count; i++) {
        const struct entry *entry = &canvas->incident->entries[i];
        if (pick_is_key(entry) && entry->time_ns >= from && entry->time_ns <= to)
            widen(canvas, entry->time_ns);
    }
}

static void
find_window(struct canvas *canvas)
{
    const struct incident *incident = canvas->incident;
    canvas->from_ns = incident->first_ns;
    canvas->to_ns = incident->last_ns;
    for (size_t i = 0; i < incident->milestone_count; i++)
        widen(canvas, incident->milestones[i].time_ns);
    widen_to_key_rows(canvas);
    int64_t length = canvas->to_ns - canvas->from_ns;
    int64_t margin = length / 20 > NS_PER_MINUTE ? length / 20 : NS_PER_MINUTE;
    canvas->from_ns -= margin;
    canvas->to_ns += margin;
}

void
chart_window(const struct incident *incident, int64_t *ret_from_ns, int64_t *ret_to_ns)
{
    struct canvas canvas = {.incident = incident};
    find_window(&canvas);
    *ret_from_ns = canvas.from_ns;
    *ret_to_ns = canvas.to_ns;
}

/* ---- flags ---- */

struct flag {
    const struct milestone_row *row;
    const char *words;
    int64_t x, from, wide; /* of its pole; of its box */
    int level;
};

/* In order of time, each in the first row where it covers nobody. */
static size_t
place_flags(const struct canvas *canvas, struct flag placed[CHART_FLAGS])
{
    size_t count = 0;
    for (size_t i = 0; i < CHART_FLAGS; i++) {
        const struct milestone_row *row = pick_first(canvas->incident, chart_flags[i].milestone);
        if (row == NULL)
            continue;
        size_t at = count++;
        for (; at > 0 && placed[at - 1].row->time_ns > row->time_ns; at--)
            placed[at] = placed[at - 1];
        placed[at] = (struct flag){.row = row, .words = chart_flags[i].words};
    }
    int64_t ends[CHART_FLAGS] = {0};
    for (size_t i = 0; i < count; i++) {
        struct flag *flag = &placed[i];
        flag->x = canvas_x(canvas, flag->row->time_ns);
        flag->wide = chart_width(sv_from(flag->words)) + 560;
        flag->from = flag->x + flag->wide > CHART_WIDTH ? flag->x - flag->wide : flag->x;
        while (flag->level < CHART_FLAGS - 1 && flag->from < ends[flag->level])
            flag->level++;
        if (flag->from + flag->wide + 30 > ends[flag->level])
            ends[flag->level] = flag->from + flag->wide + 30;
    }
    return count;
}

static int
levels_of(const struct flag *placed, size_t count)
{
    int levels = 0;
    for (size_t i = 0; i < count; i++)
        levels = placed[i].level + 1 > levels ? placed[i].level + 1 : levels;
    return levels;
}

static const struct entry *
entry_of(const struct incident *incident, const struct milestone_row *row)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (sv_eq(incident->entries[i].entry_id, row->entry_id))
            return &incident->entries[i];
    return NULL;
}

static int64_t
top_of(const struct flag *flag)
{
    return 20 + flag->level * FLAG_HEIGHT;
}

/* Before all flags, whose boxes it may pass behind. */
static void
draw_pole(struct canvas *canvas, const struct flag *flag, int64_t bottom)
{
    struct strbuf *out = canvas->out;
    strbuf_addf(out, "<line class=\"pole%s\"",
                flag->row->confidence < CHART_SURE ? " possible" : "");
    canvas_number(out, "x1", flag->x);
    canvas_number(out, "x2", flag->x);
    canvas_number(out, "y1", top_of(flag) + 180);
    canvas_number(out, "y2", bottom);
    strbuf_add_text(out, "/>\n");
}

static void
draw_flag(struct canvas *canvas, const struct flag *flag)
{
    struct strbuf *out = canvas->out;
    const struct entry *entry = entry_of(canvas->incident, flag->row);
    int64_t top = top_of(flag);
    char time[TIME_TEXT];
    time_format(flag->row->time_ns, time);
    strbuf_addf(out, "<g class=\"flag%s\">", flag->row->confidence < CHART_SURE ? " possible" : "");
    canvas_link(canvas, entry);
    strbuf_add_text(out, "<rect height=\"18\" rx=\"3\"");
    canvas_number(out, "x", flag->from);
    canvas_number(out, "y", top);
    canvas_number(out, "width", flag->wide);
    strbuf_addf(out, "><title>%s, ", flag->words);
    canvas_time(canvas, flag->row->time_ns);
    strbuf_addf(out, ", %s%s",
                flag->row->confidence < CHART_SURE         ? "only possible"
                : flag->row->confidence == SAID_CONFIDENCE ? "said by a person"
                                                           : "likely",
                entry == NULL ? "" : ": ");
    if (entry != NULL)
        escape_html(out, entry->text);
    strbuf_add_text(out, "</title></rect><text");
    canvas_number(out, "x", flag->from + 50);
    canvas_number(out, "y", top + 130);
    strbuf_addf(out, ">%s <tspan class=\"when\">%.5s</tspan></text>", flag->words, time + 11);
    canvas_link_end(canvas, entry);
    strbuf_add_text(out, "</g>\n");
}

/* ---- behind all ---- */

static void
draw_impact(struct canvas *canvas, int64_t top, int64_t bottom)
{
    int64_t from_ns, to_ns;
    bool open;
    if (!pick_impact(canvas->incident, &from_ns, &to_ns, &open))
        return;
    int64_t from = canvas_x(canvas, from_ns), to = canvas_x(canvas, to_ns);
    strbuf_addf(canvas->out, "<rect class=\"impact%s\"", open ? " open" : "");
    canvas_number(canvas->out, "x", from);
    canvas_number(canvas->out, "y", top);
    canvas_number(canvas->out, "width", to - from);
    canvas_number(canvas->out, "height", bottom - top);
    strbuf_addf(canvas->out, "><title>impact%s</title></rect>\n",
                open ? ", of which no record tells the end" : "");
}

static void
draw_axis(struct canvas *canvas, int64_t top, int64_t bottom)
{
    struct strbuf *out = canvas->out;
    int64_t step = pick_tick_ns(canvas->to_ns - canvas->from_ns, TICKS_MAX);
    char text[TIME_TEXT];
    time_format(canvas->from_ns, text);
    strbuf_addf(out, "<text class=\"small\" x=\"8\"");
    canvas_number(out, "y", bottom + 160);
    strbuf_addf(out, ">%.10s UTC</text>\n", text);
    for (int64_t ns = (canvas->from_ns / step + 1) * step; ns < canvas->to_ns; ns += step) {
        int64_t x = canvas_x(canvas, ns);
        strbuf_add_text(out, "<line class=\"grid\"");
        canvas_number(out, "x1", x);
        canvas_number(out, "x2", x);
        canvas_number(out, "y1", top);
        canvas_number(out, "y2", bottom);
        strbuf_add_text(out, "/><text class=\"small\" text-anchor=\"middle\"");
        canvas_number(out, "x", x);
        canvas_number(out, "y", bottom + 160);
        time_format(ns, text);
        bool midnight = memcmp(text + 11, "00:00", 5) == 0;
        if (step >= NS_PER_DAY || (midnight && canvas->to_ns - canvas->from_ns > NS_PER_DAY))
            strbuf_addf(out, ">%.5s</text>\n", text + 5);
        else
            strbuf_addf(out, ">%.5s</text>\n", text + 11);
    }
}

/* Entries before and after what is shown, with their numbers; they are in the timeline. */
static void
draw_outside(struct canvas *canvas, int64_t bottom)
{
    size_t before = 0, after = 0;
    for (size_t i = 0; i < canvas->incident->entry_count; i++) {
        before += canvas->incident->entries[i].time_ns < canvas->from_ns;
        after += canvas->incident->entries[i].time_ns > canvas->to_ns;
    }
    if (before + after == 0)
        return;
    strbuf_add_text(canvas->out, "<text class=\"small\" x=\"1112\" text-anchor=\"end\"");
    canvas_number(canvas->out, "y", bottom + 330);
    strbuf_addf(canvas->out, ">not shown: %zu %s before, %zu after</text>\n", before,
                before == 1 ? "row" : "rows", after);
}

/* ---- all ---- */

static void
open_svg(const struct canvas *canvas, struct strbuf *out, int64_t height)
{
    const struct incident *incident = canvas->incident;
    strbuf_addf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 1120 %lld\" "
        "role=\"%s\" aria-labelledby=\"chart-title chart-text\" font-size=\"12\">"
        "<title id=\"chart-title\">",
        (long long)(height / 10), canvas->options->id_length > 0 ? "group" : "img");
    escape_html(out, canvas->options->name);
    strbuf_add_text(out, sv_empty(canvas->options->name) ? "" : ": ");
    escape_html(out, incident->title);
    strbuf_addf(out, " over time</title><desc id=\"chart-text\">%zu rows, %lld alerts.",
                incident->entry_count, (long long)incident->alert_count);
    for (size_t i = 0; i < CHART_FLAGS; i++) {
        const struct milestone_row *row = pick_first(incident, chart_flags[i].milestone);
        char time[TIME_TEXT];
        if (row == NULL)
            continue;
        time_format(row->time_ns, time);
        strbuf_addf(out, " %c%s %.10s %.5s UTC.", chart_flags[i].words[0] - 'a' + 'A',
                    chart_flags[i].words + 1, time, time + 11);
    }
    strbuf_add_text(out, "</desc>\n");
}

static void
add_style(struct strbuf *out)
{
    const struct embedded_file *style = embedded_find(embedded_pages, "chart.css");
    if (style != NULL)
        strbuf_addf(out,
                    "<style>\n%s</style>\n<rect class=\"paper\" width=\"100%%\" "
                    "height=\"100%%\"/>\n",
                    style->text);
}

void
chart_svg(const struct incident *incident, const struct chart_options *options, struct strbuf *out)
{
    struct canvas canvas = {.incident = incident, .options = options};
    struct flag placed[CHART_FLAGS];
    struct strbuf lanes;
    find_window(&canvas);
    size_t count = place_flags(&canvas, placed);
    int64_t top = 60 + levels_of(placed, count) * FLAG_HEIGHT;
    strbuf_init(&lanes, 0);
    canvas.out = &lanes;
    canvas.y = top;
    chart_changes(&canvas);
    chart_alerts(&canvas);
    chart_errors(&canvas);
    chart_updates(&canvas);
    chart_people(&canvas);
    chart_gaps(&canvas);
    int64_t bottom = canvas.y > top ? canvas.y : top + 400;
    canvas.out = out;
    open_svg(&canvas, out, bottom + 400);
    if (options->alone)
        add_style(out);
    draw_impact(&canvas, top, bottom);
    draw_axis(&canvas, top, bottom);
    if (canvas.y == top)
        strbuf_add_text(out, "<text class=\"small\" x=\"160\" y=\"40\">nothing to show</text>\n");
    for (size_t i = 0; i < count; i++)
        draw_pole(&canvas, &placed[i], bottom);
    for (size_t i = 0; i < count; i++)
        draw_flag(&canvas, &placed[i]);
    strbuf_add_sv(out, strbuf_view(&lanes));
    draw_outside(&canvas, bottom);
    strbuf_add_text(out, "</svg>\n");
    strbuf_release(&lanes);
}
