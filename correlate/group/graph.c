/*
 * The service graph: see graph.h. Called by correlate_run(), and by those who load and show edges.
 */
#include "correlate/group/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/utf8.h"

const char *
service_name_fault(struct sv name)
{
    if (name.len == 0)
        return "a service has no name";
    if (name.len > GRAPH_NAME_MAX)
        return "the name of a service is longer than 200 bytes";
    if (!utf8_storable(name))
        return "the name of a service is not UTF-8, or holds U+0000";
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == '\x7f' || name.ptr[i] == '>')
            return "the name of a service holds '>' or a control character";
    return NULL;
}

static int
edge_order(const void *left, const void *right)
{
    const struct service_edge *a = left, *b = right;
    int order = sv_cmp(a->from, b->from);
    return order != 0 ? order : sv_cmp(a->to, b->to);
}

size_t
service_graph_write(struct service_edge *edges, size_t count, struct strbuf *out)
{
    size_t lines = 0;
    if (count > 1)
        qsort(edges, count, sizeof(*edges), edge_order);
    for (size_t i = 0; i < count; i++) {
        if (sv_eq(edges[i].from, edges[i].to) ||
            (i > 0 && edge_order(&edges[i - 1], &edges[i]) == 0))
            continue;
        strbuf_addf(out, SV_FMT "\t" SV_FMT "\n", SV_ARG(edges[i].from), SV_ARG(edges[i].to));
        lines++;
    }
    return lines;
}

static int
row_order(const void *left, const void *right)
{
    const struct graph_row *a = left, *b = right;
    int order = sv_cmp(a->service, b->service);
    return order != 0 ? order : sv_cmp(a->key, b->key);
}

static int
read_edges(struct arena *arena, struct sv text, struct service_graph *graph, struct err *err)
{
    size_t lines = 0;
    struct sv line, rest = text;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    if (lines > GRAPH_EDGES_MAX)
        return err_set(err, ERR_CONFIG, "the service graph has more than %d edges",
                       GRAPH_EDGES_MAX);
    struct service_edge *edges = ARENA_ARRAY(arena, struct service_edge, lines + 1);
    while (rest.len > 0 && sv_split(&rest, '\n', &line)) {
        struct service_edge *edge = &edges[graph->edge_count];
        struct sv to = line;
        const char *fault = NULL;
        if (graph->edge_count == lines || !sv_split(&to, '\t', &edge->from) || to.ptr == NULL)
            fault = "a line is not FROM<tab>TO";
        edge->to = to;
        if (fault == NULL)
            fault = service_name_fault(edge->from);
        if (fault == NULL)
            fault = service_name_fault(edge->to);
        if (fault == NULL && graph->edge_count > 0 && edge_order(edge - 1, edge) >= 0)
            fault = "the edges are not sorted, or one is there twice";
        if (fault != NULL)
            return err_set(err, ERR_CONFIG, "the service graph: %s", fault);
        graph->edge_count++;
    }
    graph->edges = edges;
    return 0;
}

/* Either way: an edge and the one back are one key. */
static void
make_rows(struct arena *arena, struct service_graph *graph)
{
    size_t count = 0;
    struct graph_row *rows = ARENA_ARRAY(arena, struct graph_row, 2 * graph->edge_count + 1);
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct service_edge *edge = &graph->edges[i];
        bool rises = sv_cmp(edge->from, edge->to) < 0;
        struct sv low = rises ? edge->from : edge->to, high = rises ? edge->to : edge->from;
        struct sv key = arena_printf(arena, SV_FMT ">" SV_FMT, SV_ARG(low), SV_ARG(high));
        rows[count++] = (struct graph_row){edge->from, key};
        rows[count++] = (struct graph_row){edge->to, key};
    }
    if (count > 1)
        qsort(rows, count, sizeof(*rows), row_order);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || row_order(&rows[graph->row_count - 1], &rows[i]) != 0)
            rows[graph->row_count++] = rows[i];
    graph->rows = rows;
}

int
service_graph_read(struct arena *arena, struct sv text, struct service_graph *ret_graph,
                   struct err *err)
{
    struct service_graph graph = {0};
    if (read_edges(arena, text, &graph, err) != 0)
        return -1;
    make_rows(arena, &graph);
    for (size_t from = 0, to; from < graph.row_count; from = to) {
        for (to = from + 1;
             to < graph.row_count && sv_eq(graph.rows[to].service, graph.rows[from].service);)
            to++;
        graph.service_count++;
        if (to - from <= GRAPH_NEIGHBOURS_MAX)
            continue;
        err_set(err, ERR_CONFIG,
                "the service graph: '" SV_FMT "' has %zu neighbours, at most %d are taken",
                SV_ARG(graph.rows[from].service), to - from, GRAPH_NEIGHBOURS_MAX);
        return err_hint(err,
                        "leave edges of such a hub out: it is near everything, and tells nothing");
    }
    *ret_graph = graph;
    return 0;
}

const struct graph_row *
service_graph_of(const struct service_graph *graph, struct sv service, size_t *ret_count)
{
    size_t low = 0, high = graph == NULL ? 0 : graph->row_count, count = 0;
    *ret_count = 0;
    if (graph == NULL)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(graph->rows[middle].service, service) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + count < graph->row_count && sv_eq(graph->rows[low + count].service, service))
        count++;
    *ret_count = count;
    return graph->rows + low;
}
