/*
 * What the store tells to a step of the correlator beside the groups, out of a part
 * (hindcast/part.h): between correlate/stored/advance.h, which asks, and store/casebook/. The
 * thread that owns the store.
 */
#ifndef APP_PART_READER_H
#define APP_PART_READER_H

#include "correlate/stored/advance.h"

struct part;

struct part_reading {
    struct part *part;
    struct sv scope;
};
/* `reading` must live as long. */
struct scope_reader part_reader(struct part_reading *reading);

#endif
