/*
 * `hindcast graph`: the service graph of the applied configuration loaded, shown, and proposed from
 * what is stored. Main thread; errors as in edges_file.h and applied.h.
 */
#ifndef APP_SERVICE_GRAPH_H
#define APP_SERVICE_GRAPH_H

#include "base/config/config.h"

/* Replaces the graph as a whole by the edges of the file ("-": standard input) and applies that. */
int service_graph_load(const struct config *config, const char *path, const volatile bool *stop,
                       struct err *err) MUST_CHECK;
/* The edges that are applied, as CSV that `load` takes, or JSON Lines. */
int service_graph_show(const struct config *config, bool json, const volatile bool *stop,
                       struct err *err) MUST_CHECK;
/* The same of the edges that records in [since, until) tell, and how many tell of each. */
struct service_graph_derive {
    int64_t since_ns, until_ns; /* TIME_NONE: no bound */
    bool json;
};
int service_graph_derive(const struct config *config, const struct service_graph_derive *request,
                         const volatile bool *stop, struct err *err) MUST_CHECK;

#endif
