/*
 * `hindcast completion SHELL`: a script that completes command lines of this program. Main thread;
 * touches no server.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/manual/manual.h"

static const struct {
    const char *shell;
    void (*write)(const struct command_set *all, struct strbuf *out);
} shells[] = {{"bash", manual_bash}, {"zsh", manual_zsh}, {"fish", manual_fish}};

static int
run(struct command_context *context, struct err *err)
{
    struct strbuf out;
    if (context->argc != 2)
        return err_set(err, ERR_USAGE, "completion needs one of bash, zsh and fish");
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        if (strcmp(shells[i].shell, context->argv[1]) != 0)
            continue;
        strbuf_init(&out, 0);
        shells[i].write(context->all, &out);
        fwrite(out.ptr, 1, out.len, stdout);
        strbuf_release(&out);
        return 0;
    }
    return err_set(err, ERR_USAGE, "no completion for '%s'; there are bash, zsh and fish",
                   context->argv[1]);
}

const struct command command_completion = {
    .name = "completion",
    .usage = "bash|zsh|fish",
    .summary = "print a script that completes command lines in a shell",
    .operand = "bash|zsh|fish",
    .product = true,
    .pages = true,
    .run = run,
};
