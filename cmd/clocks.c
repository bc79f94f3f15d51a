/*
 * `hindcast clocks`: how far clocks of hosts and sources are off (app/clocks.h). Main thread.
 */
#include "app/clocks.h"
#include "cmd/command.h"

struct clocks_arguments {
    const char *format, *since, *until;
};

static const struct command_option own_options[] = {
    VALUE_AT("--since", "TIME", "records whose time is not before", struct clocks_arguments, since),
    VALUE_AT("--until", "TIME", "records whose time is before", struct clocks_arguments, until),
    FORMAT_AT("text|jsonl", struct clocks_arguments, format),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct clocks_arguments *arguments = context->arguments;
    struct clocks_request request = {.json = command_word(arguments->format, "jsonl")};
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "clocks takes no argument '%s'", context->argv[1]);
    if (command_times(arguments->since, arguments->until, &request.since_ns, &request.until_ns,
                      err) != 0)
        return -1;
    return clocks_show(context->config, &request, command_stop_flag(), err);
}

const struct command command_clocks = {
    .name = "clocks",
    .usage = "",
    .summary = "show how far clocks of hosts and sources are off, as intervals",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_clocks_max_append_delay),
    .roles = "hindcast_correlate",
    .arguments_size = sizeof(struct clocks_arguments),
    .pages = true,
    .run = run,
};
