/*
 * All that is kept of a scope that was grouped whole. Private to correlate/ and to who keeps it;
 * errors are those of stored_end().
 */
#ifndef CORRELATE_STORED_WHOLE_H
#define CORRELATE_STORED_WHOLE_H

#include "correlate/grouped.h"
#include "correlate/stored/stored.h"

/* Into rows that are empty. */
void stored_fill_whole(struct stored *stored, const struct grouped *grouped);

#endif
