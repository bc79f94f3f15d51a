/*
 * The options ingest.maps and ingest.schemas: read once for every command that heeds them. Main
 * thread.
 */
#ifndef CMD_MAPS_OPTION_H
#define CMD_MAPS_OPTION_H

#include "cmd/command.h"

/* Adds what the folders hold; what is wrong with it goes to stderr, a line each. */
int maps_option_read(const struct command *command, const struct config *config,
                     struct err *err) MUST_CHECK;

#endif
