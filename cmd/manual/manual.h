/*
 * What people and shells are told of the command line, from the tables of the commands
 * (cmd/command.h), of the options (base/config/options.def) and from the texts in cmd/help/. Pure:
 * each function adds to a buffer. Main thread.
 *
 * A text in cmd/help/ has paragraphs, lines that begin with "## " (heads) and lines that begin with
 * four blanks (taken as they are). Nothing else is markup.
 */
#ifndef CMD_MANUAL_H
#define CMD_MANUAL_H

#include "cmd/command.h"

/* `hindcast --help`: the list of commands. */
void manual_overview(struct strbuf *out);
/* `hindcast COMMAND --help`. */
void manual_text(const struct command *command, struct strbuf *out);

/* What stands in cmd/help/ of a command (NULL: of the program), with its more_help(). */
void manual_long_text(const struct command *command, struct strbuf *out);

#endif
