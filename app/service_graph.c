/*
 * The service graph for people: see service_graph.h.
 */
#include "app/service_graph.h"

#include <stdio.h>

#include "app/applied.h"
#include "app/correlation_config.h"
#include "app/edges_file.h"
#include "app/open.h"
#include "app/output.h"
#include "base/text/escape.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "correlate/group/graph.h"
#include "hindcast/service_edges.h"

static void
tell_tally(const struct edges_tally *tally)
{
    if (tally->doubled > 0)
        visible_line(stderr, "%zu edges stand in the file more than once", tally->doubled);
    if (tally->to_itself > 0)
        visible_line(stderr, "%zu edges go from a service to itself: left out", tally->to_itself);
}

/* What is applied with another graph; where nothing is, what the files of this process say. */
static int
apply(struct store *store, const struct config *config, struct sv graph, bool *ret_news,
      struct err *err)
{
    struct stored_configuration stored;
    struct correlation_config next;
    struct strbuf texts;
    struct arena arena;
    arena_init(&arena, 0);
    int status = correlation_config_read(config, &texts, &next, err);
    if (status == 0)
        status = configuration_newest(store, &arena, &stored, err);
    if (status == 0 && stored.number > 0)
        status = correlation_config_parse(stored.content, &next, err);
    next.graph = graph;
    if (status == 0)
        status = applied_write(store, &next, ret_news, err);
    arena_release(&arena);
    strbuf_release(&texts);
    return status;
}

int
service_graph_load(const struct config *config, const char *path, const volatile bool *stop,
                   struct err *err)
{
    struct edges_tally tally;
    struct strbuf graph;
    struct store *store = NULL;
    bool news = false;
    strbuf_init(&graph, 0);
    int status = edges_file_read(path, &graph, &tally, err);
    if (status == 0)
        status = open_store(config, STORE_CORRELATE, stop, &store, err);
    if (status == 0)
        status = apply(store, config, strbuf_view(&graph), &news, err);
    if (status == 0) {
        tell_tally(&tally);
        visible_line(stdout,
                     news ? "applied a service graph of %zu edges; every scope is correlated anew"
                          : "a service graph of these %zu edges is applied already",
                     tally.edges);
    }
    store_close(store);
    strbuf_release(&graph);
    return status;
}

/* `seen` below 0: nobody counted. */
static void
put_edge(struct strbuf *out, bool json, struct sv from, struct sv to, int64_t seen)
{
    if (json) {
        strbuf_add_char(out, '{');
        json_put(out, "from", from);
        json_put(out, "to", to);
        if (seen >= 0)
            json_put_int(out, "seen", seen);
        strbuf_add_text(out, "}\n");
        return;
    }
    escape_csv(out, from);
    strbuf_add_char(out, ',');
    escape_csv(out, to);
    if (seen >= 0)
        strbuf_addf(out, ",%lld", (long long)seen);
    strbuf_add_text(out, "\r\n");
}

int
service_graph_show(const struct config *config, bool json, const volatile bool *stop,
                   struct err *err)
{
    struct stored_configuration stored = {.number = 0};
    struct correlation_config applied = {.graph = SV("")};
    struct service_graph graph;
    struct store *store;
    struct strbuf out;
    struct arena arena;
    if (open_reader(config, READ_DERIVED, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    int status = configuration_newest(store, &arena, &stored, err);
    store_close(store);
    if (status == 0 && stored.number > 0)
        status = correlation_config_parse(stored.content, &applied, err);
    if (status == 0)
        status = service_graph_read(&arena, applied.graph, &graph, err);
    if (status == 0) {
        strbuf_add_text(&out, json ? "" : "from,to\r\n");
        for (size_t i = 0; i < graph.edge_count; i++)
            put_edge(&out, json, graph.edges[i].from, graph.edges[i].to, -1);
        status = output_buffer(&out, "the service graph", err);
    }
    if (status == 0 && graph.edge_count == 0)
        visible_line(stderr, "no service graph is applied; 'hindcast graph load FILE' applies one");
    strbuf_release(&out);
    arena_release(&arena);
    return status;
}

static const struct edge_fields fields = {
#define CALLED(field) "," field
#define CALLER(field)
    .called = "{span.peer.service"
#include "app/dependency_fields.def"
              "}",
#undef CALLED
#undef CALLER
#define CALLED(field)
#define CALLER(field) "," field
    .caller = "{span.caller.service"
#include "app/dependency_fields.def"
              "}",
#undef CALLED
#undef CALLER
};

int
service_graph_derive(const struct config *config, const struct service_graph_derive *request,
                     const volatile bool *stop, struct err *err)
{
    struct counted_edge *edges = NULL;
    struct store *store;
    struct strbuf out;
    struct arena arena;
    size_t count = 0, left_out = 0;
    if (open_reader(config, READ_RECORDS, stop, &store, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    int status = store_service_edges(store, &arena, &fields, request->since_ns, request->until_ns,
                                     &edges, &count, err);
    store_close(store);
    strbuf_add_text(&out, request->json ? "" : "from,to,seen\r\n");
    for (size_t i = 0; status == 0 && i < count; i++) {
        struct sv from = sv_trim(edges[i].from), to = sv_trim(edges[i].to);
        if (service_name_fault(from) == NULL && service_name_fault(to) == NULL)
            put_edge(&out, request->json, from, to, edges[i].seen);
        else
            left_out++;
    }
    if (status == 0)
        status = output_buffer(&out, "the edges", err);
    if (status == 0)
        visible_line(stderr,
                     "%zu edges, %zu with names that no service can have left out; only what "
                     "'hindcast graph load' applies counts",
                     count - left_out, left_out);
    strbuf_release(&out);
    arena_release(&arena);
    return status;
}
