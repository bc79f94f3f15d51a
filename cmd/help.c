/*
 * `hindcast help [COMMAND]`: what --help prints. Main thread; touches no server.
 */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/manual/manual.h"

static int
run(struct command_context *context, struct err *err)
{
    struct strbuf out;
    const struct command *command = NULL;
    if (context->argc > 2)
        return err_set(err, ERR_USAGE, "help takes one command, not '%s'", context->argv[2]);
    if (context->argc == 2 && command_find(context->argv[1], &command, err) != 0)
        return -1;
    strbuf_init(&out, 0);
    if (command == NULL)
        manual_overview(&out);
    else
        manual_text(command, &out);
    fwrite(out.ptr, 1, out.len, stdout);
    strbuf_release(&out);
    return 0;
}

const struct command command_help = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "tell about a command",
    .operand = "COMMAND",
    .run = run,
};
