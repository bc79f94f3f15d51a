/*
 * `hindcast correlate`: builds incidents and timelines of every scope, once, again and again, or
 * from nothing (app/correlator.h). Main thread.
 */
#include "app/correlation_config.h"
#include "app/correlator.h"
#include "app/what_if.h"
#include "base/clock.h"
#include "cmd/command.h"

struct correlate_arguments {
    bool once, follow, rebuild;
    const char *what_if, *since, *format;
};

static const struct command_option own_options[] = {
    FLAG_AT("--once", "take in what is there and stop", struct correlate_arguments, once),
    FLAG_AT("--follow", "go on until SIGTERM", struct correlate_arguments, follow),
    FLAG_AT("--rebuild", "derive everything again, and replace what is there",
            struct correlate_arguments, rebuild),
    VALUE_AT("--what-if", "FILE", "tell what this configuration would change; changes nothing",
             struct correlate_arguments, what_if),
    VALUE_AT("--since", "TIME", "with --what-if: incidents whose last sign is not before",
             struct correlate_arguments, since),
    VALUE_AT("--format", "text|jsonl", "with --what-if", struct correlate_arguments, format),
};

static int
run_what_if(const struct config *config, const struct correlate_arguments *arguments,
            struct err *err)
{
    struct what_if_request request = {.path = arguments->what_if,
                                      .since_ns = TIME_NONE,
                                      .json = command_word(arguments->format, "jsonl")};
    if (arguments->since != NULL &&
        time_parse_arg("--since", arguments->since, &request.since_ns, err) != 0)
        return -1;
    command_handle_signals();
    return what_if(config, &request, command_stop_flag(), err);
}

static int
run(struct command_context *context, struct err *err)
{
    const struct correlate_arguments *arguments = context->arguments;
    struct correlation_config correlation;
    struct strbuf rules;
    if (arguments->once + arguments->follow + arguments->rebuild + (arguments->what_if != NULL) !=
            1 ||
        context->argc > 1)
        return err_set(err, ERR_USAGE,
                       "correlate needs one of --once, --follow, --rebuild and --what-if");
    if (arguments->what_if == NULL && (arguments->since != NULL || arguments->format != NULL))
        return err_set(err, ERR_USAGE, "--since and --format are for --what-if");
    if (arguments->what_if != NULL)
        return run_what_if(context->config, arguments, err);
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
    .usage = "--once | --follow | --rebuild | ...",
    .summary = "build incidents and timelines",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, HEEDS_BROKER, HEEDS_METRICS, OPT_correlate_interval,
                  HEEDS_CORRELATION),
    .heeds_section = HEEDS_GROUPING,
    .roles = "hindcast_correlate",
    .arguments_size = sizeof(struct correlate_arguments),
    .run = run,
};
