/*
 * The table of sub-commands, see command.h. Any thread.
 */
#include <string.h>

#include "base/nearest.h"
#include "cmd/command.h"

const struct command *const command_table[] = {
#define COMMAND(name) &command_##name,
#include "cmd/commands.def"
#undef COMMAND
};

const size_t command_count = sizeof(command_table) / sizeof(command_table[0]);

int
command_find(const char *name, const struct command **ret_command, struct err *err)
{
    struct nearest nearest;
    nearest_begin(&nearest, name);
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i]->name, name) == 0) {
            *ret_command = command_table[i];
            return 0;
        }
        nearest_offer(&nearest, command_table[i]->name);
    }
    err_set(err, ERR_USAGE, "no command '%s'; 'hindcast --help' lists them", name);
    return nearest.found == NULL ? -1 : err_hint(err, "did you mean %s?", nearest.found);
}
