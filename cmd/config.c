/*
 * `hindcast config`: the effective values and where each came from, the digest of those that
 * results depend on, and which is applied; with --format md the text of docs/configuration.md.
 * `hindcast config apply`: applies them. Main thread.
 */
#include <stdio.h>
#include <string.h>

#include "app/configuration_use.h"
#include "app/team_template.h"
#include "base/clock.h"
#include "cmd/command.h"
#include "ingest/topics.h"

/* What bounds cannot say: what this prints, the other commands take. */
static int
check_names(const struct config *config, struct err *err)
{
    struct topics topics;
    if (topics_init(&topics, config, err) != 0)
        return -1;
    topics_release(&topics);
    if (time_zone_use(config_text(config, OPT_output_time_zone), err) != 0) {
        err->code = ERR_CONFIG;
        return err_prefix(err, "output.time_zone");
    }
    struct team_templates templates;
    if (team_templates_read(config, &templates, err) != 0) {
        err->code = ERR_CONFIG;
        return err_prefix(err, "report.templates");
    }
    team_templates_release(&templates);
    return 0;
}

struct config_arguments {
    const char *format;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|jsonl|md",
             "as a file (default), one JSON object a line, or docs/configuration.md",
             struct config_arguments, format),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct config_arguments *arguments = context->arguments;
    bool apply = context->argc == 2 && strcmp(context->argv[1], "apply") == 0;
    if (context->argc > 1 && !apply)
        return err_set(err, ERR_USAGE, "config: unexpected '%s'; see 'hindcast config --help'",
                       context->argv[1]);
    if (apply && arguments->format != NULL)
        return err_set(err, ERR_USAGE, "config apply prints no rows: it takes no --format");
    if (command_word(arguments->format, "md")) {
        config_print_markdown(stdout);
        return 0;
    }
    if (check_names(context->config, err) != 0)
        return -1;
    if (apply)
        return configuration_use_apply(context->config, command_stop_flag(), err);
    bool json = command_word(arguments->format, "jsonl");
    if (json)
        config_print_json(context->config, stdout);
    else
        config_print(context->config, stdout);
    configuration_use_print(context->config, command_stop_flag(), json, stdout);
    return 0;
}

static const enum option all[] = {
#define OPTION(name, ...) OPT_##name,
#include "base/config/options.def"
#undef OPTION
};

const struct command command_config = {
    .name = "config",
    .usage = "[apply]",
    .summary = "print the effective configuration, or apply what results depend on",
    .operand = "apply",
    COMMAND_OPTIONS(own_options),
    .heeds = all,
    .heeds_count = OPTION_COUNT,
    .roles = "hindcast_correlate, to apply",
    .arguments_size = sizeof(struct config_arguments),
    .pages = true,
    .run = run,
};
