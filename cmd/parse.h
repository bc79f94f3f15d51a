/*
 * A command line while it is read: what options.c goes through, and option_value.c takes values
 * from. Main thread.
 */
#ifndef CMD_PARSE_H
#define CMD_PARSE_H

#include "cmd/command.h"

struct parse {
    const struct command *command; /* NULL: before the command's name */
    struct config *config;         /* NULL likewise */
    struct command_common *common;
    char *arguments; /* of the command */
    int argc, at;    /* the argument being read */
    char **argv;
    struct err *err;
};

/* Fills in USAGE: "COMMAND: WHAT ARGUMENT; see ...". Returns -1. */
int parse_misuse(const struct parse *in, const char *what, const char *argument, size_t length);
/* The same of an option that nobody knows, with the nearest as a hint. */
int parse_unknown(const struct parse *in, const char *name);

/*
 * An option of the command or of all: its value goes into its member of `arguments`. `equals`: the
 * '=' in the argument being read; NULL: there is none, and the value is the next argument.
 */
int parse_own(struct parse *in, const struct command_option *option, void *arguments,
              const char *equals) MUST_CHECK;
/* An option of the configuration, the first `length` bytes of `argument`. */
int parse_configuration(struct parse *in, const char *argument, size_t length,
                        const char *equals) MUST_CHECK;

#endif
