/*
 * How a command's output is presented: colour and pager, for text that people read on a terminal.
 * Main thread.
 */
#ifndef CMD_PRESENTATION_H
#define CMD_PRESENTATION_H

#include "cmd/command.h"

/* Text for people, or a product for programs. `arguments`: the command's, parsed. */
bool presentation_is_text(const struct command *command, const void *arguments);
/* Before the first byte is printed. */
void presentation_begin(const struct command_common *common, bool text, bool pages);

#endif
