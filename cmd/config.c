/*
 * `hindcast config`: the effective values and where each came from; with --markdown the text of
 * docs/configuration.md.
 */
#include <stdio.h>

#include "cmd/command.h"

int
cmd_config(struct command_context *context, struct err *err)
{
    bool markdown = false, help = false;
    const struct command_option options[] = {
        {"--markdown", NULL, "print docs/configuration.md", NULL, &markdown},
    };
    if (command_parse(context, options, 1, &help, err) < 0)
        return -1;
    if (help)
        return 0;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "config: unexpected '%s'; see 'hindcast config --help'",
                       context->argv[1]);
    if (markdown)
        config_print_markdown(stdout);
    else
        config_print(context->config, stdout);
    return 0;
}
