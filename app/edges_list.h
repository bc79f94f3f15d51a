/*
 * Edges as they are read, with the line that each is told on: shared by edges_file.c and those who
 * read a form for it. Memory is the arena's.
 */
#ifndef APP_EDGES_LIST_H
#define APP_EDGES_LIST_H

#include "correlate/group/graph.h"

#define EDGES_TOLD_MAX (4 * GRAPH_EDGES_MAX) /* in a file, those that are told again included */

/* Which names people and tools have for the two ends of an edge. */
enum edge_end { EDGE_FROM, EDGE_TO, EDGE_NEITHER };
enum edge_end edge_end_of(struct sv word);

struct edges_list {
    struct arena *arena;
    struct service_edge *edges; /* EDGES_TOLD_MAX */
    size_t count;
};

/* BAD_RECORD with the line where one of the names cannot be a service's. */
int edges_list_add(struct edges_list *list, size_t line, struct sv from, struct sv to,
                   struct err *err) MUST_CHECK;
/* "line N: WHAT", BAD_RECORD. */
int edges_list_fail(size_t line, const char *what, struct err *err);
/* edges_json.c: the whole text is JSON, or a JSON object a line. */
int edges_read_json(struct edges_list *list, struct sv text, struct err *err) MUST_CHECK;

#endif
