/*
 * hindcast read: what files decode to (app/read.h). Main thread; touches no server.
 */
#include "app/read.h"
#include "cmd/command.h"

struct read_arguments {
    const char *format, *as, *topic, *zone;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "jsonl", "one JSON object for each event (default)", struct read_arguments,
             format),
    VALUE_AT("--zone", "ZONE", "zone of times that name none: +02:00 or 'PATTERN=+02:00'",
             struct read_arguments, zone),
    VALUE_AT("--as", "FORMAT", "read everything as this format ('hindcast formats' lists them)",
             struct read_arguments, as),
    VALUE_AT("--topic", "NAME", "read it as the records of this topic are read",
             struct read_arguments, topic),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct read_arguments *arguments = context->arguments;
    struct file_zones zones = {0};
    const struct read_request request = {
        .config = context->config,
        .paths = context->argv + 1,
        .path_count = context->argc - 1,
        .topic = arguments->topic,
        .format = arguments->as,
        .zones = &zones,
        .stop = command_stop_flag(),
    };
    if (request.path_count < 1) {
        err_set(err, ERR_USAGE, "read needs files, directories, zips, or '-' for standard input");
        return err_hint(err, "'hindcast read --help' tells more");
    }
    if (arguments->zone != NULL && file_zones_add(&zones, arguments->zone, err) != 0)
        return -1;
    command_handle_signals();
    int status = read_run(&request, err);
    file_zones_release(&zones);
    return status;
}

const struct command command_read = {
    .name = "read",
    .usage = "PATH...",
    .summary = "show what files decode to, without any server",
    .operand = "PATH...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_ingest_format, OPT_ingest_headers, OPT_ingest_scope, OPT_ingest_assumed_zone,
                  OPT_ingest_service, OPT_ingest_environment, OPT_ingest_dedup),
    .arguments_size = sizeof(struct read_arguments),
    .product = true,
    .run = run,
};
