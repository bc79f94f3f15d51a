/*
 * `hindcast retention`: makes, freezes and removes partitions (app/retention_run.h). Main thread.
 */
#include "app/retention_run.h"
#include "cmd/command.h"

struct retention_arguments {
    const char *format;
    bool dry_run;
};

static const struct command_option own_options[] = {
    FORMAT_AT("text|jsonl", struct retention_arguments, format),
    FLAG_AT("--dry-run", "say what would be removed, and change nothing",
            struct retention_arguments, dry_run),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct retention_arguments *arguments = context->arguments;
    const struct retention_request request = {
        .config = context->config,
        .dry_run = arguments->dry_run,
        .json = command_word(arguments->format, "jsonl"),
        .stop = command_stop_flag(),
    };
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "retention takes no argument '%s'", context->argv[1]);
    command_handle_signals();
    return retention_run(&request, err);
}

const struct command command_retention = {
    .name = "retention",
    .usage = "[--dry-run]",
    .summary = "make, freeze and remove partitions; what results rest on stays",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_LOGIN, OPT_database_retention_role, OPT_retention_logs,
                  OPT_retention_evidence, OPT_retention_wait),
    .roles = "hindcast_owner",
    .arguments_size = sizeof(struct retention_arguments),
    .run = run,
};
