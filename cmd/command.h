/*
 * Sub-commands: one file each in cmd/, one line in commands.def. A command gets the configuration
 * (file, environment and --section-key options already applied), its remaining arguments, and
 * returns the exit code; on failure it fills in `err`, which main prints once with its hint.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/config/config.h"
#include "base/err.h"

#define HINDCAST_VERSION "0.1.0"

struct command_context {
    struct config *config;
    int argc; /* argv[0] is the command's name */
    char **argv;
};

/* 0 or an exit code; -1 with err filled in. */
typedef int command_function(struct command_context *context, struct err *err);

#define COMMAND(name, usage, summary) command_function cmd_##name;
#include "cmd/commands.def"
#undef COMMAND

/*
 * Options of one command beside the configuration's. `value` NULL: a flag, *present set to true.
 * Unknown options are a usage error that names the command's --help.
 */
struct command_option {
    const char *name;        /* "--from" */
    const char *placeholder; /* "TIME"; NULL: a flag */
    const char *help;
    const char **value;
    bool *present;
};

/*
 * Parse context->argv: known command options and --section-key configuration options (applied);
 * "--" ends options; the rest are positional, moved to argv[1..] with argc set to fit.
 * --help prints usage, options and the given text to stdout and sets *ret_help.
 */
int command_parse(struct command_context *context, const struct command_option *options,
                  size_t count, bool *ret_help, struct err *err) MUST_CHECK;

/* SIGTERM and SIGINT: the first asks to stop, the second leaves at once. Call before threads start.
 */
void command_handle_signals(void);
bool command_stop_requested(void);
/* For code below cmd/ that polls: points at a flag that becomes true. */
const volatile bool *command_stop_flag(void);

#endif
