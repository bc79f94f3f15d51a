/*
 * Drawing on a chart: see canvas.h.
 */
#include "report/chart/canvas.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "report/chart/width.h"

int64_t
canvas_x(const struct canvas *canvas, int64_t ns)
{
    if (ns <= canvas->from_ns)
        return CHART_LEFT;
    if (ns >= canvas->to_ns)
        return CHART_RIGHT;
    __int128 along = (__int128)(ns - canvas->from_ns) * (CHART_RIGHT - CHART_LEFT);
    return CHART_LEFT + (int64_t)(along / (canvas->to_ns - canvas->from_ns));
}

bool
canvas_shows(const struct canvas *canvas, int64_t ns)
{
    return ns >= canvas->from_ns && ns <= canvas->to_ns;
}

void
canvas_number(struct strbuf *out, const char *name, int64_t tenths)
{
    strbuf_addf(out, " %s=\"%" PRId64 ".%d\"", name, tenths / 10, (int)(tenths % 10));
}

static bool
has_row(const struct canvas *canvas, const struct entry *entry)
{
    const bool *linked = canvas->options->linked;
    return entry != NULL && canvas->options->id_length > 0 &&
           (linked == NULL || linked[entry - canvas->incident->entries]);
}

void
canvas_link(struct canvas *canvas, const struct entry *entry)
{
    if (!has_row(canvas, entry))
        return;
    struct sv id = sv_slice(entry->entry_id, 0, canvas->options->id_length);
    strbuf_addf(canvas->out, "<a href=\"#e-" SV_FMT "\">", SV_ARG(id));
}

void
canvas_link_end(struct canvas *canvas, const struct entry *entry)
{
    if (has_row(canvas, entry))
        strbuf_add_text(canvas->out, "</a>");
}

void
canvas_time(const struct canvas *canvas, int64_t ns)
{
    char text[TIME_TEXT];
    time_format(ns, text); /* 2026-03-01T14:04:30... */
    if (canvas->to_ns - canvas->from_ns > NS_PER_DAY)
        strbuf_addf(canvas->out, "%.10s ", text);
    strbuf_addf(canvas->out, "%.8s UTC", text + 11);
}

void
canvas_lane(struct canvas *canvas, const char *name)
{
    struct strbuf *out = canvas->out;
    strbuf_add_text(out, "<line class=\"edge\" x1=\"0\" x2=\"1120\"");
    canvas_number(out, "y1", canvas->y);
    canvas_number(out, "y2", canvas->y);
    strbuf_add_text(out, "/><text class=\"lane\" x=\"8\"");
    canvas_number(out, "y", canvas->y + 190);
    strbuf_addf(out, ">%s</text>\n", name);
}

void
canvas_row_name(struct canvas *canvas, struct sv name, int64_t middle)
{
    struct strbuf *out = canvas->out;
    strbuf_add_text(out, "<text class=\"row\" x=\"142\" text-anchor=\"end\"");
    canvas_number(out, "y", middle + 40);
    strbuf_add_char(out, '>');
    chart_text(out, name, 820);
    strbuf_add_text(out, "</text>\n");
}

static struct sv
who(const struct entry *entry)
{
    if (!sv_empty(entry->actor))
        return entry->actor;
    return sv_empty(entry->service) ? entry->source : entry->service;
}

void
canvas_title(struct canvas *canvas, const struct entry *entry, size_t more)
{
    struct strbuf *out = canvas->out;
    strbuf_add_text(out, "<title>");
    canvas_time(canvas, entry->time_ns);
    strbuf_add_char(out, ' ');
    if (!sv_empty(who(entry))) {
        escape_html(out, who(entry));
        strbuf_add_text(out, ": ");
    }
    escape_html(out, entry->text);
    if (!entry->order_established)
        strbuf_add_text(out, " (order against the row before not established)");
    if (more > 0)
        strbuf_addf(out, " (and %zu more here)", more);
    strbuf_add_text(out, "</title>");
}

void
canvas_more(struct canvas *canvas, size_t count)
{
    if (count == 0)
        return;
    canvas->y += CHART_ROW / 2;
    strbuf_add_text(canvas->out, "<text class=\"small\" x=\"8\"");
    canvas_number(canvas->out, "y", canvas->y - 60);
    strbuf_addf(canvas->out, ">and %zu more</text>\n", count);
}
