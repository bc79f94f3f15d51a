/*
 * `hindcast curate INCIDENT|FOLDER`: correcting an incident in an editor. Main thread.
 */
#include "app/curate.h"
#include "cmd/command.h"

struct curate_arguments {
    const char *by, *why, *file;
    bool print, dry_run;
};

static const struct command_option own_options[] = {
    VALUE_AT("--file", "FILE", "take an edited text from here; -: standard input",
             struct curate_arguments, file),
    FLAG_AT("--print", "print the text, to be edited elsewhere", struct curate_arguments, print),
    FLAG_AT("--dry-run", "show what would be decided, and decide nothing", struct curate_arguments,
            dry_run),
    VALUE_AT("--why", "TEXT", "the reason, kept with each decision", struct curate_arguments, why),
    VALUE_AT("--by", "NAME", "who decides; default: $USER, or the login", struct curate_arguments,
             by),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct curate_arguments *arguments = context->arguments;
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "curate needs one incident, or the folder of a draft");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (arguments->print && arguments->file != NULL)
        return err_set(err, ERR_USAGE, "--print and --file are two steps");
    const struct curate_request request = {
        .config = context->config,
        .incident = context->argv[1],
        .by = arguments->by,
        .why = arguments->why,
        .file = arguments->file,
        .print = arguments->print,
        .dry_run = arguments->dry_run,
        .stop = command_stop_flag(),
    };
    if (time_zone_use("UTC", err) != 0) /* as the text says */
        return -1;
    return curate_run(&request, err);
}

const struct command command_curate = {
    .name = "curate",
    .usage = "INCIDENT|FOLDER",
    .summary = "correct an incident in your editor",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER),
    .roles = "hindcast_responder, for notes and marks hindcast_scribe",
    .arguments_size = sizeof(struct curate_arguments),
    .run = run,
};
