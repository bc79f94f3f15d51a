/*
 * The row of an incident that a person names: by its id or the beginning of that, by the file and
 * line or the place in Kafka of its record, by its time as printed. Main thread.
 */
#ifndef APP_ROW_NAMED_H
#define APP_ROW_NAMED_H

#include "base/err.h"
#include "hindcast/incident.h"

/* USAGE: the name fits several, which are listed on stderr; NOT_FOUND: it fits none. */
int row_named(const struct incident *incident, const char *name, size_t *ret_place,
              struct err *err) MUST_CHECK;

#endif
