/*
 * Entry point: finds the sub-command, reads the configuration layers, prints an error once and
 * turns it into the documented exit code. Main thread only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/output.h"
#include "base/memory.h"
#include "base/text/visible.h"
#include "base/thread.h"
#include "cmd/command.h"
#include "cmd/manual/manual.h"
#include "cmd/maps_option.h"
#include "cmd/presentation.h"

#define EXIT_STOPPED 1

static void
complain(const struct err *err)
{
    visible_line(stderr, "hindcast: %s", err->message);
    if (err->hint[0] != '\0')
        visible_line(stderr, "  %s", err->hint);
}

/* The whole of a command line's answer where it asks about the program, not of it. */
static int
inform(const struct command_context *context, const struct command *command, FILE *to)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    if (context->common.version)
        strbuf_addf(&out, "hindcast %s\n", HINDCAST_VERSION);
    else if (command != NULL)
        manual_text(command, &out);
    else
        manual_overview(context->all, &out);
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
    if (config_read_environment(context->config, environ, err) != 0)
        return -1;
    return maps_option_read(command, context->config, err);
}

/* The server says what was denied, not what would help. */
static void
name_role(const struct command *command, struct err *err)
{
    if (strcmp(err->sqlstate, "42501") == 0 && command->roles != NULL)
        err_hint(err, "%s needs the role %s: see docs/security.md", command->name, command->roles);
}

static int
run(const struct command *command, struct command_context *context, struct err *err)
{
    void *arguments = memory_calloc(1, command->arguments_size + 1);
    int status = command_parse(command, context, arguments, err);
    if (status == 0)
        presentation_begin(&context->common, presentation_is_text(command, arguments),
                           command->pages || context->common.help);
    if (status == 0 && (context->common.help || context->common.version))
        status = inform(context, command, stdout);
    else if (status == 0 && (status = configure(command, context, err)) == 0)
        status = command->run(context, err);
    if (status < 0)
        name_role(command, err);
    free(arguments);
    return status;
}

static int
dispatch(struct command_context *context, int argc, char **argv, struct err *err)
{
    int at;
    if (command_parse_common(&context->common, argc, argv, &at, err) != 0)
        return -1;
    if (context->common.version || (context->common.help && at == argc)) {
        presentation_begin(&context->common, true, context->common.help);
        return inform(context, NULL, stdout);
    }
    if (at == argc) {
        inform(context, NULL, stderr);
        return err_exit_code(ERR_USAGE);
    }
    const struct command *command;
    size_t words;
    if (command_find(context->all, (size_t)(argc - at), (const char *const *)argv + at, &command,
                     &words, err) != 0)
        return -1;
    at += (int)words - 1;
    context->argc = argc - at;
    context->argv = argv + at;
    return run(command, context, err);
}

int
main(int argc, char **argv)
{
    struct err err = {0};
    struct command_context context = {.all = &command_set, .config = config_new()};
    output_open();
    int status = dispatch(&context, argc, argv, &err);
    config_free(context.config);
    /* Told to stop while it waited for a server: that is what ended it, not the server. */
    bool stopped = status < 0 && command_stop_requested() && err_retriable(err.code);
    /* The pager is left first: an error below it would be wiped away. */
    int code = output_close(stopped ? EXIT_STOPPED : status < 0 ? err_exit_code(err.code) : status);
    if (stopped)
        visible_line(stderr, "hindcast: stopped before it was done");
    else if (status < 0)
        complain(&err);
    if (thread_left_behind())
        _exit(code);
    return code;
}
