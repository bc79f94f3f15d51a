/*
 * Retention: makes partitions ahead, freezes those that are over, removes those past their limits,
 * and says on stdout what it did. Main thread; one connection with the rights of the owner.
 */
#ifndef APP_RETENTION_RUN_H
#define APP_RETENTION_RUN_H

#include "base/config/config.h"

struct retention_request {
    const struct config *config; /* the limits of [retention] */
    bool dry_run;                /* say what would be removed, and change nothing */
    bool json;                   /* one object for each partition or act */
    const volatile bool *stop;
};

/* 0 also where it was stopped as asked: the next run goes on from there. */
int retention_run(const struct retention_request *request, struct err *err) MUST_CHECK;

#endif
