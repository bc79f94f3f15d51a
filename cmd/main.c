/*
 * Entry point: finds the sub-command, reads the configuration layers, prints an error once and
 * turns it into the documented exit code. Main thread only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/output.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "cmd/manual/manual.h"

extern char **environ;

static int
complain(const struct err *err)
{
    visible_line(stderr, "hindcast: %s", err->message);
    if (err->hint[0] != '\0')
        visible_line(stderr, "  %s", err->hint);
    return err_exit_code(err->code);
}

/* The whole of a command line's answer where it asks about the program, not of it. */
static int
inform(const struct command_common *common, const struct command *command, FILE *to)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    if (common->version)
        strbuf_addf(&out, "hindcast %s\n", HINDCAST_VERSION);
    else if (command != NULL)
        manual_text(command, &out);
    else
        manual_overview(&out);
    fwrite(out.ptr, 1, out.len, to);
    strbuf_release(&out);
    return 0;
}

/* The command line was read before the lower layers: what it set stays. */
static int
configure(const struct command *command, struct command_context *context, struct err *err)
{
    if (command->heeds_count == 0)
        return 0;
    if (config_read_file(context->config, context->common.config, err) != 0)
        return -1;
    return config_read_environment(context->config, environ, err);
}

static int
run(const struct command *command, struct command_context *context, struct err *err)
{
    void *arguments = calloc(1, command->arguments_size + 1);
    if (arguments == NULL)
        abort();
    int status = command_parse(command, context, arguments, err);
    if (status == 0 && (context->common.help || context->common.version))
        status = inform(&context->common, command, stdout);
    else if (status == 0 && (status = configure(command, context, err)) == 0)
        status = command->run(context, err);
    free(arguments);
    return status;
}

static int
dispatch(struct command_context *context, int argc, char **argv, struct err *err)
{
    int at;
    if (command_parse_common(&context->common, argc, argv, &at, err) != 0)
        return -1;
    if (context->common.version || (context->common.help && at == argc))
        return inform(&context->common, NULL, stdout);
    if (at == argc) {
        inform(&context->common, NULL, stderr);
        return err_exit_code(ERR_USAGE);
    }
    const struct command *command;
    if (command_find(argv[at], &command, err) != 0)
        return -1;
    context->argc = argc - at;
    context->argv = argv + at;
    return run(command, context, err);
}

int
main(int argc, char **argv)
{
    struct err err = {0};
    struct command_context context = {.config = config_new()};
    output_open();
    int status = dispatch(&context, argc, argv, &err);
    if (status < 0)
        status = complain(&err);
    config_free(context.config);
    return output_close(status);
}
