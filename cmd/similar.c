/*
 * `hindcast similar INCIDENT`: earlier incidents that are like it, and why. Main thread.
 */
#include "app/search_show.h"
#include "cmd/command.h"

struct similar_arguments {
    const char *format, *limit, *zone;
};

static const struct command_option own_options[] = {
    VALUE_AT("--limit", "N", "incidents to show, 1 to 100; default 10", struct similar_arguments,
             limit),
    VALUE_AT("--format", "table|jsonl", "for people (default), or one JSON object an incident",
             struct similar_arguments, format),
    VALUE_AT("--tz", "ZONE", "time zone for people; default: output.time_zone",
             struct similar_arguments, zone),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct similar_arguments *arguments = context->arguments;
    const char *zone = arguments->zone != NULL ? arguments->zone
                                               : config_text(context->config, OPT_output_time_zone);
    int most = SEARCH_INCIDENTS_SHOWN;
    if (context->argc != 2) {
        err_set(err, ERR_USAGE, "similar needs one incident");
        return err_hint(err, "'hindcast incidents' lists them");
    }
    if (search_limit(arguments->limit, &most, err) != 0 || time_zone_use(zone, err) != 0)
        return -1;
    return similar_show(context->config, context->argv[1], most,
                        command_word(arguments->format, "jsonl"), command_stop_flag(), err);
}

const struct command command_similar = {
    .name = "similar",
    .usage = "INCIDENT",
    .summary = "find earlier incidents that are like one, and say why",
    .operand = "INCIDENT",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, OPT_output_time_zone),
    .roles = ROLES_ANALYST,
    .arguments_size = sizeof(struct similar_arguments),
    .pages = true,
    .run = run,
};
