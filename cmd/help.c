/*
 * `hindcast help [COMMAND]`: what --help prints, or the man page, or docs/commands.md. Main thread;
 * touches no server.
 */
#include <string.h>

#include "app/output.h"
#include "cmd/command.h"
#include "cmd/manual/manual.h"

struct help_arguments {
    const char *format;
    bool list;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|man|md", "for a terminal, as a man page, or docs/commands.md",
             struct help_arguments, format),
    FLAG_AT("--list", "only the names of the commands, those of verbs as report-lint",
            struct help_arguments, list),
};

static int
write_as(const char *format, const struct command_set *all, const struct command *command,
         struct strbuf *out, struct err *err)
{
    if (strcmp(format, "man") == 0)
        manual_man(all, command, out);
    else if (strcmp(format, "md") == 0 && command == NULL)
        manual_markdown(all, out);
    else if (strcmp(format, "text") != 0)
        return err_set(err, ERR_USAGE,
                       "no format '%s'; there are text, man and, of all commands, md", format);
    else if (command == NULL)
        manual_overview(all, out);
    else
        manual_text(command, out);
    return 0;
}

static int
run(struct command_context *context, struct err *err)
{
    const struct help_arguments *arguments = context->arguments;
    const struct command *command = NULL;
    struct strbuf out;
    size_t operands = (size_t)context->argc - 1, words = 0;
    if (operands > 0 && command_find(context->all, operands, (const char *const *)context->argv + 1,
                                     &command, &words, err) != 0)
        return -1;
    if (operands > words)
        return err_set(err, ERR_USAGE, "help takes one command, not '%s' too",
                       context->argv[1 + words]);
    strbuf_init(&out, 0);
    int status = 0;
    char name[MANUAL_NAME];
    if (arguments->list)
        for (size_t i = 0; i < context->all->count; i++)
            strbuf_addf(&out, "%s\n", manual_name(context->all->items[i], name));
    else
        status = write_as(arguments->format == NULL ? "text" : arguments->format, context->all,
                          command, &out, err);
    if (status == 0)
        status = output_buffer(&out, "the help", err);
    strbuf_release(&out);
    return status;
}

const struct command command_help = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "show the help of a command",
    .operand = "COMMAND",
    COMMAND_OPTIONS(own_options),
    .arguments_size = sizeof(struct help_arguments),
    .pages = true,
    .run = run,
};
