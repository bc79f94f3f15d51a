/*
 * What is said of a command line that cannot be: see parse.h and command.h. Main thread.
 */
#include <string.h>

#include "base/nearest.h"
#include "cmd/parse.h"

int
parse_misuse(const struct parse *in, const char *what, const char *argument, size_t length)
{
    const char *name = in->command == NULL ? "" : in->command->name;
    const char *blank = in->command == NULL ? "" : " ";
    return err_set(in->err, ERR_USAGE, "%s%s%s %.*s; see 'hindcast%s%s --help'", name,
                   in->command == NULL ? "" : ": ", what, (int)length, argument, blank, name);
}

int
parse_unknown(const struct parse *in, const char *name)
{
    struct nearest nearest;
    parse_misuse(in, "unknown option", name, strlen(name));
    nearest_begin(&nearest, name);
    for (size_t i = 0; in->command != NULL && i < in->command->option_count; i++)
        nearest_offer(&nearest, in->command->options[i].name);
    for (size_t i = 0; i < command_common_count; i++)
        nearest_offer(&nearest, command_common_options[i].name);
    for (enum option i = 0; in->config != NULL && i < OPTION_COUNT; i++)
        nearest_offer(&nearest, config_option_flag(i));
    return nearest.found == NULL ? -1 : err_hint(in->err, "did you mean %s?", nearest.found);
}
