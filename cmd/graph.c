/*
 * `hindcast graph`: the service graph that grouping works with (app/service_graph.h). Main thread.
 */
#include <string.h>

#include "app/service_graph.h"
#include "cmd/command.h"

struct graph_arguments {
    const char *format, *since, *until;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "csv|jsonl", "show, derive: a line for each edge (default), or JSON Lines",
             struct graph_arguments, format),
    VALUE_AT("--since", "TIME", "derive: records whose time is not before", struct graph_arguments,
             since),
    VALUE_AT("--until", "TIME", "derive: records whose time is before", struct graph_arguments,
             until),
};

static int
misuse(struct err *err)
{
    err_set(err, ERR_USAGE, "graph needs one of 'load FILE', 'show' and 'derive'");
    return err_hint(err, "'hindcast graph --help' tells more");
}

static int
derive(const struct command_context *context, struct err *err)
{
    const struct graph_arguments *arguments = context->arguments;
    struct service_graph_derive request = {.json = command_word(arguments->format, "jsonl")};
    if (command_times(arguments->since, arguments->until, &request.since_ns, &request.until_ns,
                      err) != 0)
        return -1;
    return service_graph_derive(context->config, &request, command_stop_flag(), err);
}

static int
run(struct command_context *context, struct err *err)
{
    const struct graph_arguments *arguments = context->arguments;
    const char *verb = context->argc > 1 ? context->argv[1] : "";
    bool load = strcmp(verb, "load") == 0, derives = strcmp(verb, "derive") == 0;
    if (context->argc != (load ? 3 : 2))
        return misuse(err);
    if (!derives && (arguments->since != NULL || arguments->until != NULL))
        return err_set(err, ERR_USAGE, "--since and --until go with 'graph derive'");
    if (load && arguments->format != NULL)
        return err_set(err, ERR_USAGE, "graph load prints no rows: it takes no --format");
    if (load)
        return service_graph_load(context->config, context->argv[2], command_stop_flag(), err);
    if (derives)
        return derive(context, err);
    if (strcmp(verb, "show") != 0)
        return misuse(err);
    return service_graph_show(context->config, command_word(arguments->format, "jsonl"),
                              command_stop_flag(), err);
}

const struct command command_graph = {
    .name = "graph",
    .usage = "load FILE | show | derive",
    .summary = "apply, show or derive which services are neighbours",
    .operand = "load|show|derive",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, HEEDS_CORRELATION),
    .heeds_section = HEEDS_GROUPING,
    .roles = "hindcast_correlate; hindcast_analyst or hindcast_responder, to show",
    .arguments_size = sizeof(struct graph_arguments),
    .run = run,
};
