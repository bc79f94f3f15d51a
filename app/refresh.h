/*
 * Refreshing a draft from the database: a newer draft of the same incident, found by what the last
 * one was made of, is merged with what people made of that. Main thread.
 */
#ifndef APP_REFRESH_H
#define APP_REFRESH_H

#include "hindcast/casebook.h"
#include "hindcast/report.h"

struct refresh_request {
    struct store *store;                     /* within a reading */
    const char *path;                        /* a draft, or the folder that `draft` made */
    const char *zone;                        /* of the second time column; NULL: as before */
    const struct report_template *templates; /* one for each document */
};

/* FAILED where it is a redacted copy; NOT_FOUND where there is no draft, no base beside it, or no
 * incident that holds its records. */
int refresh_run(const struct refresh_request *request, struct err *err) MUST_CHECK;

#endif
