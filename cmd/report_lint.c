/*
 * `hindcast report lint FILE...`: what a postmortem says that it is better not to say, and what it
 * lacks (app/lint_run.h). Main thread; touches no server.
 */
#include <string.h>

#include "app/lint_run.h"
#include "cmd/command.h"

struct lint_arguments {
    const char *format, *level;
    bool fix, rules;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|json|sarif",
             "lines as compilers write them (default), one JSON object, or SARIF 2.1.0",
             struct lint_arguments, format),
    VALUE_AT("--level", "note|warning|error", "exit with 7 from this severity on; default: warning",
             struct lint_arguments, level),
    FLAG_AT("--fix", "mend what can be mended without changing what is said", struct lint_arguments,
            fix),
    FLAG_AT("--rules", "list the rules instead", struct lint_arguments, rules),
};

static int
check_operands(const struct command_context *context, const struct lint_arguments *arguments,
               struct err *err)
{
    if (arguments->rules && context->argc > 1)
        return err_set(err, ERR_USAGE, "report lint --rules takes no file");
    if (!arguments->rules && context->argc < 2) {
        err_set(err, ERR_USAGE, "report lint needs a file; see 'hindcast report lint --help'");
        return err_hint(err, "- is standard input");
    }
    int inputs = 0;
    for (int i = 1; i < context->argc; i++)
        inputs += strcmp(context->argv[i], "-") == 0;
    if (inputs > 1)
        return err_set(err, ERR_USAGE, "report lint reads standard input once");
    if (inputs > 0 && arguments->fix)
        return err_set(err, ERR_USAGE,
                       "report lint --fix writes files: it takes no standard input");
    return 0;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct lint_arguments *arguments = context->arguments;
    struct lint_request request = {
        .config = context->config,
        .paths = context->argv + 1,
        .count = (size_t)context->argc - 1,
        .least = LINT_WARNING,
        .fix = arguments->fix,
        .stop = command_stop_flag(),
    };
    if (check_operands(context, arguments, err) != 0)
        return -1;
    if (arguments->rules)
        return lint_print_rules(context->config, err);
    if (command_word(arguments->level, "note"))
        request.least = LINT_NOTE;
    else if (command_word(arguments->level, "error"))
        request.least = LINT_ERROR;
    if (command_word(arguments->format, "sarif"))
        request.form = LINT_SARIF;
    else if (command_word(arguments->format, "json"))
        request.form = LINT_JSON;
    command_handle_signals();
    return lint_run(&request, err);
}

const struct command command_report_lint = {
    .name = "report lint",
    .usage = "FILE...",
    .summary = "look for words that blame, for what is missing and for times that disagree",
    .operand = "FILE...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_report_lint_rules),
    .arguments_size = sizeof(struct lint_arguments),
    .product = true,
    .run = run,
};
