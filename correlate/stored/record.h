/*
 * What grouping has to know of a record, as bytes and back: all of `struct work_record`, and of the
 * event behind it what nodes are made of (content.h) and what puts records of one time in order.
 * Pure; what is read points into the bytes, else memory is the arena's.
 */
#ifndef CORRELATE_STORED_RECORD_H
#define CORRELATE_STORED_RECORD_H

#include "base/strbuf.h"
#include "correlate/group/nodes.h"
#include "hindcast/groups.h"

void record_write(const struct work_record *record, struct strbuf *out);
/* False: the bytes are none of these. */
bool record_read(struct arena *arena, struct sv bytes, struct sv uid, int64_t ms,
                 struct work_record *ret_record);
/* Bytes that put records of one series and millisecond in order, see order.h. */
void record_place(const struct work_record *record, struct strbuf *out);

/* A log line that is background of others: WARN or worse (correlate/story/background.h). */
bool record_is_loud(const struct work_record *record);

#endif
