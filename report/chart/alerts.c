/*
 * Alerts in a chart: a bar for each, from its first record to its last. See canvas.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text/escape.h"
#include "report/chart/canvas.h"
#include "report/chart/width.h"

#define BARS_MAX 14

static struct alert_episode *
find_alerts(const struct canvas *canvas, size_t *ret_count)
{
    const struct incident *incident = canvas->incident;
    struct alert_episode *alerts = memory_calloc(incident->node_count + 1, sizeof(*alerts));
    size_t found = alert_episodes(incident, alerts), count = 0;
    for (size_t i = 0; i < found; i++)
        if (alerts[i].last_ns >= canvas->from_ns && alerts[i].first_ns <= canvas->to_ns)
            alerts[count++] = alerts[i];
    *ret_count = count;
    return alerts;
}

/* The worst first, of equals the earliest. */
static int
by_weight(const void *left, const void *right)
{
    const struct alert_episode *a = left, *b = right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return sv_cmp(a->node->node_key, b->node->node_key);
}

static int
by_time(const void *left, const void *right)
{
    const struct alert_episode *a = left, *b = right;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return sv_cmp(a->node->node_key, b->node->node_key);
}

static const char *
grade(const struct alert_episode *alert)
{
    return alert->severity >= SEVERITY_FATAL   ? "critical"
           : alert->severity >= SEVERITY_ERROR ? "error"
                                               : "warning";
}

static void
draw_bar(struct canvas *canvas, const struct alert_episode *alert, int64_t middle)
{
    struct strbuf *out = canvas->out;
    const struct node *node = alert->node;
    int64_t from = canvas_x(canvas, alert->first_ns), to = canvas_x(canvas, alert->last_ns);
    int64_t wide = to - from < 40 ? 40 : to - from;
    canvas_row_name(canvas, sv_empty(node->service) ? node->host : node->service, middle);
    canvas_link(canvas, alert->first);
    strbuf_addf(out, "<rect class=\"alert %s%s\" height=\"18\" rx=\"3\"", grade(alert),
                alert->resolved ? "" : " unresolved");
    canvas_number(out, "x", from);
    canvas_number(out, "y", middle - 90);
    canvas_number(out, "width", wide);
    strbuf_add_text(out, "><title>");
    escape_html(out, node->title);
    strbuf_add_text(out, ", ");
    canvas_time(canvas, alert->first_ns);
    strbuf_add_text(out, " to ");
    canvas_time(canvas, alert->last_ns);
    strbuf_add_text(out, alert->resolved ? "" : ", no record says that it was resolved");
    strbuf_add_text(out, "</title></rect><text class=\"inside\"");
    bool inside = wide > 900, left = !inside && to > CHART_RIGHT - 2500;
    strbuf_add_text(out, left ? " text-anchor=\"end\"" : "");
    canvas_number(out, "x", inside ? from + 70 : left ? from - 60 : from + wide + 60);
    canvas_number(out, "y", middle + 40);
    strbuf_add_char(out, '>');
    chart_text(out, node->title,
               inside ? wide - 140
               : left ? from - CHART_LEFT - 60
                      : CHART_WIDTH - from - wide - 100);
    strbuf_add_text(out, "</text>");
    canvas_link_end(canvas, alert->first);
    strbuf_add_char(out, '\n');
}

void
chart_alerts(struct canvas *canvas)
{
    size_t count;
    struct alert_episode *alerts = find_alerts(canvas, &count);
    qsort(alerts, count, sizeof(*alerts), by_weight);
    size_t shown = count < BARS_MAX ? count : BARS_MAX;
    qsort(alerts, shown, sizeof(*alerts), by_time);
    if (shown > 0)
        canvas_lane(canvas, "Alerts");
    for (size_t i = 0; i < shown; i++)
        draw_bar(canvas, &alerts[i], canvas->y + 150 + (int64_t)i * CHART_ROW);
    canvas->y += shown > 0 ? 80 + (int64_t)shown * CHART_ROW : 0;
    canvas_more(canvas, count - shown);
    free(alerts);
}
