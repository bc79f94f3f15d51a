/*
 * hindcast read: what files decode to (app/read.h). Main thread; touches no server.
 */
#include "app/read.h"
#include "cmd/command.h"

struct read_arguments {
    const char *format, *as, *topic, *undated;
    struct command_values zones, dates;
    bool explain;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "table|jsonl",
             "a row for each file (default), or jsonl: one JSON object for each event",
             struct read_arguments, format),
    FLAG_AT("--explain", "which formats bid for the records of each file, and which one won",
            struct read_arguments, explain),
    ZONES_AT(struct read_arguments, zones),
    DATES_AT(struct read_arguments, dates),
    UNDATED_AT(struct read_arguments, undated),
    VALUE_AT("--as", "FORMAT", "read everything as this format ('hindcast formats' lists them)",
             struct read_arguments, as),
    VALUE_AT("--topic", "NAME", "read it as the records of this topic are read",
             struct read_arguments, topic),
};

static int
check(const struct command_context *context, struct err *err)
{
    const struct read_arguments *arguments = context->arguments;
    if (context->argc < 2) {
        err_set(err, ERR_USAGE, "read needs files, directories, zips, or '-' for standard input");
        return err_hint(err, "'hindcast read --help' tells more");
    }
    if (arguments->explain && command_word(arguments->format, "jsonl"))
        return err_set(err, ERR_USAGE, "--explain goes with the table, not with --format jsonl");
    return 0;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct read_arguments *arguments = context->arguments;
    struct file_zones zones = {0};
    struct file_dates dates = {0};
    const struct read_request request = {
        .config = context->config,
        .paths = context->argv + 1,
        .path_count = context->argc - 1,
        .topic = arguments->topic,
        .format = arguments->as,
        .zones = &zones,
        .dates = &dates,
        .lines = command_word(arguments->format, "jsonl"),
        .explain = arguments->explain,
        .date_of_file = command_word(arguments->undated, "file"),
        .stop = command_stop_flag(),
    };
    if (check(context, err) != 0)
        return -1;
    int status = command_zones(&arguments->zones, &zones, err);
    if (status == 0)
        status = command_dates(&arguments->dates, &dates, err);
    command_handle_signals();
    if (status == 0)
        status = read_run(&request, err);
    file_zones_release(&zones);
    file_dates_release(&dates);
    return status;
}

const struct command command_read = {
    .name = "read",
    .usage = "PATH...",
    .summary = "show what files decode to, without any server",
    .operand = "PATH...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_ingest_format, OPT_ingest_maps, OPT_ingest_schemas, OPT_ingest_headers,
                  OPT_ingest_scope, OPT_ingest_scope_by, OPT_ingest_scopes, OPT_ingest_assumed_zone,
                  OPT_ingest_service, OPT_ingest_environment, OPT_ingest_dedup),
    .arguments_size = sizeof(struct read_arguments),
    .run = run,
};
