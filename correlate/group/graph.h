/*
 * The service graph: which services are neighbours. An edge goes from the service that calls to the
 * one that is called; grouping takes neighbours either way (docs/correlation.md, section 3). Its
 * text is part of the applied configuration: lines "FROM<tab>TO", sorted, each once. Pure; memory
 * is the arena's, views are those of the text.
 */
#ifndef CORRELATE_GROUP_GRAPH_H
#define CORRELATE_GROUP_GRAPH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"

#define GRAPH_EDGES_MAX 20000
/* Of one service: a hub of more links whatever happens near it, and costs for each of its alerts.
 */
#define GRAPH_NEIGHBOURS_MAX 200
#define GRAPH_NAME_MAX 200 /* bytes */

struct service_edge {
    struct sv from, to;
};

struct graph_row {
    struct sv service;
    struct sv key; /* "checkout>payments": both services of an edge, the smaller first */
};

struct service_graph {
    const struct service_edge *edges; /* by (from, to) */
    size_t edge_count;
    const struct graph_row *rows; /* by (service, key), once each */
    size_t row_count;
    size_t service_count;
};

/* Why this cannot be the name of a service, for people; NULL: it can be one. */
const char *service_name_fault(struct sv name);
/*
 * Sorts the edges and adds their text, each once; edges of a service to itself say nothing and are
 * left out. Returns how many lines that are.
 */
size_t service_graph_write(struct service_edge *edges, size_t count, struct strbuf *out);
/* CONFIG where the text is none, or larger than the limits above. */
int service_graph_read(struct arena *arena, struct sv text, struct service_graph *ret_graph,
                       struct err *err) MUST_CHECK;
/* The edges of this service as keys, sorted. `graph` may be NULL: there are none. */
const struct graph_row *
service_graph_of(const struct service_graph *graph, struct sv service, size_t *ret_count);

#endif
