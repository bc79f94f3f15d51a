/*
 * Alerts in a chart: a bar for each, from its first record to its last. See canvas.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text/escape.h"
#include "report/chart/canvas.h"
#include "report/chart/width.h"

#define BARS_MAX 14

static const struct node **
find_alerts(const struct canvas *canvas, size_t *ret_count)
{
    const struct incident *incident = canvas->incident;
    const struct node **nodes = memory_calloc(incident->node_count + 1, sizeof(*nodes));
    size_t count = 0;
    for (size_t i = 0; i < incident->node_count; i++)
        if (incident->nodes[i]->kind == EVENT_ALERT &&
            incident->nodes[i]->last_ns >= canvas->from_ns &&
            incident->nodes[i]->first_ns <= canvas->to_ns)
            nodes[count++] = incident->nodes[i];
    *ret_count = count;
    return nodes;
}

/* The worst first, of equals the earliest. */
static int
by_weight(const void *left, const void *right)
{
    const struct node *a = *(const struct node *const *)left;
    const struct node *b = *(const struct node *const *)right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return sv_cmp(a->node_key, b->node_key);
}

static int
by_time(const void *left, const void *right)
{
    const struct node *a = *(const struct node *const *)left;
    const struct node *b = *(const struct node *const *)right;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    return sv_cmp(a->node_key, b->node_key);
}

static bool
says_resolved(const struct entry *entry)
{
    bool resolved = entry->kind == ENTRY_ALERT_RESOLVED;
    for (size_t i = 0; i < entry->milestone_count; i++)
        resolved |= entry->milestones[i] == MILESTONE_RESOLVED;
    return resolved;
}

/* First entry of the node; *ret_resolved: was it resolved in the end? */
static const struct entry *
entry_of(const struct canvas *canvas, const struct node *node, bool *ret_resolved)
{
    const struct entry *first = NULL;
    *ret_resolved = false;
    for (size_t i = 0; i < canvas->incident->entry_count; i++) {
        const struct entry *entry = &canvas->incident->entries[i];
        if (!sv_eq(entry->node_key, node->node_key))
            continue;
        if (first == NULL)
            first = entry;
        *ret_resolved = says_resolved(entry);
    }
    return first;
}

static const char *
grade(const struct node *node)
{
    return node->severity >= SEVERITY_FATAL   ? "critical"
           : node->severity >= SEVERITY_ERROR ? "error"
                                              : "warning";
}

static void
draw_bar(struct canvas *canvas, const struct node *node, int64_t middle)
{
    struct strbuf *out = canvas->out;
    bool resolved;
    const struct entry *entry = entry_of(canvas, node, &resolved);
    int64_t from = canvas_x(canvas, node->first_ns), to = canvas_x(canvas, node->last_ns);
    int64_t wide = to - from < 40 ? 40 : to - from;
    canvas_row_name(canvas, sv_empty(node->service) ? node->host : node->service, middle);
    canvas_link(canvas, entry);
    strbuf_addf(out, "<rect class=\"alert %s%s\" height=\"18\" rx=\"3\"", grade(node),
                resolved ? "" : " unresolved");
    canvas_number(out, "x", from);
    canvas_number(out, "y", middle - 90);
    canvas_number(out, "width", wide);
    strbuf_add_text(out, "><title>");
    escape_html(out, node->title);
    strbuf_add_text(out, ", ");
    canvas_time(canvas, node->first_ns);
    strbuf_add_text(out, " to ");
    canvas_time(canvas, node->last_ns);
    strbuf_add_text(out, resolved ? "" : ", no record says that it was resolved");
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
    canvas_link_end(canvas, entry);
    strbuf_add_char(out, '\n');
}

void
chart_alerts(struct canvas *canvas)
{
    size_t count;
    const struct node **nodes = find_alerts(canvas, &count);
    qsort(nodes, count, sizeof(const struct node *), by_weight);
    size_t shown = count < BARS_MAX ? count : BARS_MAX;
    qsort(nodes, shown, sizeof(const struct node *), by_time);
    if (shown > 0)
        canvas_lane(canvas, "Alerts");
    for (size_t i = 0; i < shown; i++)
        draw_bar(canvas, nodes[i], canvas->y + 150 + (int64_t)i * CHART_ROW);
    canvas->y += shown > 0 ? 80 + (int64_t)shown * CHART_ROW : 0;
    canvas_more(canvas, count - shown);
    free(nodes);
}
