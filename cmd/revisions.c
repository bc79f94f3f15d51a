/*
 * `hindcast revisions INCIDENT` lists how an incident came to be what it is; `hindcast diff
 * INCIDENT [N [M]]` compares two of its revisions. Main thread.
 */
#include "app/revisions_show.h"
#include "base/clock.h"
#include "cmd/command.h"

struct revisions_arguments {
    const char *format, *zone;
};

static const struct command_option own_options[] = {
    FORMAT_AT("text|jsonl", struct revisions_arguments, format),
    VALUE_AT("--tz", "ZONE", "time zone for people; default: output.time_zone",
             struct revisions_arguments, zone),
};

static int
use_zone(const struct command_context *context, struct err *err)
{
    const struct revisions_arguments *arguments = context->arguments;
    return time_zone_use(arguments->zone != NULL
                             ? arguments->zone
                             : config_text(context->config, OPT_output_time_zone),
                         err);
}

static int
run_revisions(struct command_context *context, struct err *err)
{
    const struct revisions_arguments *arguments = context->arguments;
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "revisions needs one incident");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (use_zone(context, err) != 0)
        return -1;
    return revisions_show(context->config, context->argv[1],
                          command_word(arguments->format, "jsonl"), command_stop_flag(), err);
}

static int
run_diff(struct command_context *context, struct err *err)
{
    const struct revisions_arguments *arguments = context->arguments;
    if (context->argc < 2 || context->argc > 4) {
        err_set(err, ERR_USAGE, "diff needs one incident, and at most two of its revisions");
        return err_hint(err, "'hindcast revisions INCIDENT' lists them");
    }
    if (use_zone(context, err) != 0)
        return -1;
    return revisions_compare(context->config, context->argv[1],
                             context->argc > 2 ? context->argv[2] : NULL,
                             context->argc > 3 ? context->argv[3] : NULL,
                             command_word(arguments->format, "jsonl"), command_stop_flag(), err);
}

const struct command command_revisions = {
    .name = "revisions",
    .usage = "INCIDENT",
    .summary = "list how an incident came to be what it is",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_READER,
    .arguments_size = sizeof(struct revisions_arguments),
    .pages = true,
    .run = run_revisions,
};

const struct command command_diff = {
    .name = "diff",
    .usage = "INCIDENT [N [M]]",
    .summary = "compare two revisions of an incident",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_READER,
    .arguments_size = sizeof(struct revisions_arguments),
    .pages = true,
    .run = run_diff,
};
