/*
 * Walking over rows in PostgreSQL's COPY BINARY form, as batch.c encoded them: a count of fields,
 * then each as a length (-1: null) and its bytes. Internal to store/; pure. Views point into the
 * buffer that is walked.
 *
 * Rows of ingest.log and ingest.event begin with the same three fields: stream, offset of the
 * record, time of the event. Nothing else of a row needs to be known to take it out again.
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include <stdint.h>

#include "base/sv.h"

struct row {
    struct sv bytes; /* all of it, with the count of fields */
    int fields;
    int64_t stream_id, offset;
    int64_t event_ns; /* to the microsecond; TIME_NONE: the row has none */
};

/* The partition of ingest.log that takes a row of this time: a day since 1970, or DAY_UNTIMED. */
int32_t row_day(int64_t event_ns);

/* Takes one row from the front of `rest`. False: these bytes are not such a row; nothing changes.
 */
bool row_next(struct sv *rest, struct row *ret_row);
/* A field by its place, from 0; SV_NONE when it is null or not there. */
struct sv row_field(const struct row *row, int place);

#endif
