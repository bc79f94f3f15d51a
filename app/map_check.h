/*
 * Checking a map: what is wrong with it, what stands in its way, and what it makes of files. No
 * server is asked and nothing is written; the report goes to stdout. Main thread, before anything
 * else asks for a decoder.
 */
#ifndef APP_MAP_CHECK_H
#define APP_MAP_CHECK_H

#include "base/config/config.h"

struct map_check_request {
    const struct config *config;
    const char *map;
    char **paths; /* files that it should read; may be none */
    int path_count;
    const volatile bool *stop;
};

/* 0: it is fine. 1: it has errors, ties, or does not read all of the files. -1 with err: IO, CONFIG
 * and the like. */
int map_check_run(const struct map_check_request *request, struct err *err) MUST_CHECK;

#endif
