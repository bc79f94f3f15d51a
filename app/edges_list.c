/*
 * Edges as they are read: see edges_list.h.
 */
#include "app/edges_list.h"

enum edge_end
edge_end_of(struct sv word)
{
    static const char *const words[][2] = {{"from", "to"},
                                           {"parent", "child"},
                                           {"source", "target"},
                                           {"caller", "callee"},
                                           {"client", "server"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (int end = 0; end < 2; end++)
            if (sv_eq_nocase(word, sv_from(words[i][end])))
                return end == 0 ? EDGE_FROM : EDGE_TO;
    return EDGE_NEITHER;
}

int
edges_list_fail(size_t line, const char *what, struct err *err)
{
    return err_set(err, ERR_BAD_RECORD, "line %zu: %s", line, what);
}

int
edges_list_add(struct edges_list *list, size_t line, struct sv from, struct sv to, struct err *err)
{
    struct service_edge edge = {sv_trim(from), sv_trim(to)};
    const char *fault = service_name_fault(edge.from);
    if (fault == NULL)
        fault = service_name_fault(edge.to);
    if (fault == NULL && list->count == EDGES_TOLD_MAX)
        fault = "a file tells at most 80000 edges";
    if (fault != NULL)
        return edges_list_fail(line, fault, err);
    list->edges[list->count++] = edge;
    return 0;
}
