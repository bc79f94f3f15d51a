/*
 * What is wrong with a map: one line each, `FILE:LINE: text`. All of them are collected, so that a
 * person mends a file once. One thread.
 */
#ifndef INGEST_DECODE_MAPS_PROBLEMS_H
#define INGEST_DECODE_MAPS_PROBLEMS_H

#include "base/err.h"
#include "base/strbuf.h"

struct map_problems {
    struct strbuf *text; /* of whoever asked; not NULL */
    size_t errors;       /* a map with errors is not used */
    bool remarks;        /* what works and may not be meant is wanted, too */
};

void map_error(struct map_problems *problems, const char *file, int line, const char *format, ...)
    PRINTF_LIKE(4, 5);
void map_remark(struct map_problems *problems, const char *file, int line, const char *format, ...)
    PRINTF_LIKE(4, 5);

#endif
