/*
 * The options of every command: see command.h. Any thread.
 */
#include "cmd/command.h"

const struct command_option command_common_options[] = {
    VALUE_AT("--config", "FILE", "configuration file; default: ./hindcast.ini, /etc/hindcast.ini",
             struct command_common, config),
    VALUE_AT("--color", "auto|always|never",
             "colour of what people read; auto: on a terminal, unless NO_COLOR is set",
             struct command_common, color),
    FLAG_AT("--no-pager", "print at once, also on a terminal", struct command_common, no_pager),
    FLAG_AT("--help", "show this help (also -h)", struct command_common, help),
    FLAG_AT("--version", "print the version (also -V)", struct command_common, version),
};

const size_t command_common_count =
    sizeof(command_common_options) / sizeof(command_common_options[0]);
