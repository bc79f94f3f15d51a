/*
 * `hindcast correlate`: builds incidents and timelines of every scope, once, again and again, or
 * from nothing (app/correlator.h). Main thread.
 */
#include "app/correlation_config.h"
#include "app/correlator.h"
#include "cmd/command.h"

struct correlate_arguments {
    bool once, follow, rebuild;
};

static const struct command_option own_options[] = {
    FLAG_AT("--once", "take in what is there and stop", struct correlate_arguments, once),
    FLAG_AT("--follow", "go on until SIGTERM", struct correlate_arguments, follow),
    FLAG_AT("--rebuild", "derive everything again, and replace what is there",
            struct correlate_arguments, rebuild),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct correlate_arguments *arguments = context->arguments;
    struct correlation_config correlation;
    struct strbuf rules;
    if (arguments->once + arguments->follow + arguments->rebuild != 1 || context->argc > 1)
        return err_set(err, ERR_USAGE, "correlate needs one of --once, --follow and --rebuild");
    if (arguments->follow)
        command_patience(0, COMMAND_PATIENCE_NS, NULL); /* a round is one transaction a scope */
    command_handle_signals();
    int status = correlation_config_read(context->config, &rules, &correlation, err);
    const struct correlator correlator = {context->config, &correlation, command_stop_flag()};
    if (status == 0)
        status = arguments->follow ? correlator_follow(&correlator, err)
                                   : correlator_once(&correlator, arguments->rebuild, err);
    strbuf_release(&rules);
    return status;
}

const struct command command_correlate = {
    .name = "correlate",
    .usage = "--once | --follow | --rebuild",
    .summary = "build incidents and timelines",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, HEEDS_BROKER, HEEDS_METRICS, OPT_correlate_interval,
                  HEEDS_CORRELATION),
    .heeds_section = HEEDS_GROUPING,
    .roles = "hindcast_correlate",
    .arguments_size = sizeof(struct correlate_arguments),
    .run = run,
};
