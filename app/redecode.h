/*
 * Reading stored records again with today's decoders, maps and configuration: what
 * `hindcast ingest --redecode` does: with the decoding options that are applied, and where others
 * are applied meanwhile, all of it once more with those. Main thread, with the rights of
 * hindcast_owner; ingest may run meanwhile. Stopped or killed it has done a part, whole batches of
 * it; run again it does the rest, and what was done already once more, with the same result.
 */
#ifndef APP_REDECODE_H
#define APP_REDECODE_H

#include "base/config/config.h"

struct redecode_request {
    const struct config *config;
    int64_t since_ns; /* only records that were stored on its day (UTC) or later; TIME_NONE: all */
    const volatile bool *stop;
};

/* 0; 1: stopped as asked; -1 with err, also BROKEN_EVIDENCE after the rest was read. */
int redecode_run(const struct redecode_request *request, struct err *err) MUST_CHECK;

#endif
