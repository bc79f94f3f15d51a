/*
 * Printing the views for analysts: what `hindcast query` does. Main thread.
 */
#ifndef APP_QUERY_H
#define APP_QUERY_H

#include <stdint.h>

#include "base/config/config.h"
#include "base/err.h"

enum query_format { QUERY_TABLE, QUERY_CSV, QUERY_JSONL };

struct query_request {
    const char *view;            /* NULL: which views there are */
    bool columns;                /* what the columns mean instead of rows */
    int64_t since_ns, until_ns;  /* TIME_NONE: not asked for */
    const char *service, *scope; /* NULL: not asked for */
    const char *incident;        /* as views_incident() takes it; NULL: not asked for */
    enum query_format format;
};

/*
 * Rows are printed as they are read, in one snapshot; some hundred are in memory at a time, so the
 * columns of a table are as wide as the first of them need.
 */
int query_print(const struct config *config, const struct query_request *request,
                const volatile bool *stop, struct err *err) MUST_CHECK;

#endif
