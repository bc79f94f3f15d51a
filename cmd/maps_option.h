/*
 * The option ingest.maps: read once for every command that heeds it. Main thread.
 */
#ifndef CMD_MAPS_OPTION_H
#define CMD_MAPS_OPTION_H

#include "cmd/command.h"

/* Adds the maps of the folder; what is wrong with them goes to stderr, a line each. */
int maps_option_read(const struct command *command, const struct config *config,
                     struct err *err) MUST_CHECK;

#endif
