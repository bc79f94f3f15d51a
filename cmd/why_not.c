/*
 * `hindcast why-not RECORD`: what became of a record that somebody misses. Main thread.
 */
#include "app/why_not.h"
#include "base/clock.h"
#include "cmd/command.h"

struct why_not_arguments {
    const char *format, *zone;
};

static const struct command_option own_options[] = {
    FORMAT_AT("text|jsonl", struct why_not_arguments, format),
    VALUE_AT("--tz", "ZONE", "time zone for people; default: output.time_zone",
             struct why_not_arguments, zone),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct why_not_arguments *arguments = context->arguments;
    const char *zone = arguments->zone != NULL ? arguments->zone
                                               : config_text(context->config, OPT_output_time_zone);
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "why-not needs one record");
        return err_hint(err, "by its uid, as FILE:LINE, or as TOPIC/PARTITION/OFFSET");
    }
    if (time_zone_use(zone, err) != 0)
        return -1;
    return why_not(context->config, context->argv[1], command_word(arguments->format, "jsonl"),
                   command_stop_flag(), err);
}

const struct command command_why_not = {
    .name = "why-not",
    .usage = "RECORD",
    .summary = "say what became of a record that you miss",
    .operand = "RECORD",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = "hindcast_correlate",
    .arguments_size = sizeof(struct why_not_arguments),
    .pages = true,
    .run = run,
};
