/*
 * Command lines: a command's own options, the configuration's --section-key options, --help.
 * Called by main before it runs a command, on the main thread.
 */
#include <string.h>

#include "cmd/parse.h"

static const struct command_option *
find(const struct command_option *options, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

static int
take_option(struct parse *in)
{
    const char *argument = in->argv[in->at];
    if (strcmp(argument, "-h") == 0 || strcmp(argument, "-V") == 0)
        argument = argument[1] == 'h' ? "--help" : "--version";
    const char *equals = strchr(argument, '=');
    size_t length = equals == NULL ? strlen(argument) : (size_t)(equals - argument);
    const struct command_option *option = NULL;
    if (in->command != NULL)
        option = find(in->command->options, in->command->option_count, argument, length);
    if (option != NULL)
        return parse_own(in, option, in->arguments, equals);
    option = find(command_common_options, command_common_count, argument, length);
    if (option != NULL)
        return parse_own(in, option, in->common, equals);
    if (in->config == NULL)
        return parse_unknown(in, argument);
    return parse_configuration(in, argument, length, equals);
}

int
command_parse(const struct command *command, struct command_context *context, void *arguments,
              struct err *err)
{
    struct parse in = {
        command, context->config, &context->common, arguments, context->argc, 1, context->argv,
        err};
    int kept = 1;
    bool ended = false;
    for (; in.at < in.argc; in.at++) {
        char *argument = in.argv[in.at];
        if (ended || argument[0] != '-' || argument[1] == '\0')
            in.argv[kept++] = argument;
        else if (strcmp(argument, "--") == 0)
            ended = true;
        else if (take_option(&in) < 0)
            return -1;
    }
    context->argc = kept;
    context->arguments = arguments;
    return 0;
}

int
command_parse_common(struct command_common *common, int argc, char **argv, int *ret_at,
                     struct err *err)
{
    struct parse in = {NULL, NULL, common, NULL, argc, 1, argv, err};
    for (; in.at < argc && argv[in.at][0] == '-'; in.at++)
        if (take_option(&in) < 0)
            return -1;
    *ret_at = in.at;
    return 0;
}
