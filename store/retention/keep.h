/*
 * Copying out of a partition what outlives it. Internal to store/: called by retention.c on the
 * thread of the connection; each call is one transaction and can be made again.
 */
#ifndef STORE_RETENTION_KEEP_H
#define STORE_RETENTION_KEEP_H

#include "hindcast/retention.h"

/* Raw records of the segments of these days that an event or a kept line comes from. */
int keep_records(struct store *store, const struct partition_info *partition, int64_t *ret_kept,
                 struct err *err) MUST_CHECK;

#endif
