/*
 * `hindcast why INCIDENT [ROW]`: what holds an incident together, and why a row is in it, stands
 * where it does and proves what it proves. Main thread.
 */
#include "app/why_show.h"
#include "cmd/command.h"

struct why_arguments {
    const char *format, *zone;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|jsonl", "for people (default), or JSON Lines", struct why_arguments,
             format),
    VALUE_AT("--tz", "ZONE", "time zone for people; default: output.time_zone",
             struct why_arguments, zone),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct why_arguments *arguments = context->arguments;
    const char *zone = arguments->zone != NULL ? arguments->zone
                                               : config_text(context->config, OPT_output_time_zone);
    if (context->argc != 2 && context->argc != 3) {
        err_set(err, ERR_USAGE, "why needs an incident, and maybe one of its rows");
        return err_hint(err, "'hindcast incidents' lists incidents, 'hindcast timeline' rows");
    }
    if (time_zone_use(zone, err) != 0)
        return -1;
    return why_show(context->config, context->argv[1], context->argc == 3 ? context->argv[2] : NULL,
                    command_word(arguments->format, "jsonl"), command_stop_flag(), err);
}

const struct command command_why = {
    .name = "why",
    .usage = "INCIDENT [ROW]",
    .summary = "say why an incident, or a row of it, is what it is",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_READER,
    .arguments_size = sizeof(struct why_arguments),
    .pages = true,
    .run = run,
};
