/*
 * The table of sub-commands, see command.h. Only main knows it, and hands it on. Any thread.
 */
#include "cmd/command.h"

static const struct command *const items[] = {
#define COMMAND(name) &command_##name,
#include "cmd/commands.def"
#undef COMMAND
};

const struct command_set command_set = {items, sizeof(items) / sizeof(items[0])};
