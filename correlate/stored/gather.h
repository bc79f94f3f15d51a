/*
 * Making the groups of a scope anew, piece by piece (../../app/correlate_rebuild.h): records come
 * into rows that hold those of earlier pieces; nothing is told. The order of pieces makes no
 * difference to what the rows are in the end.
 */
#ifndef CORRELATE_STORED_GATHER_H
#define CORRELATE_STORED_GATHER_H

#include "correlate/stored/advance.h"

struct gathered {
    const char *whole;        /* why the scope cannot be computed so; NULL: it can */
    size_t changed;           /* records */
    const struct sv *several; /* in hex: records of which several deliveries came */
    size_t several_count;
};

/* Of `advancing` counts what is known of the records; there is no reader. */
int gather(const struct advancing *advancing, struct gathered *ret_gathered,
           struct err *err) MUST_CHECK;
/* Which of these deliveries count, of records that came more than once. */
void gather_deliveries(struct arena *arena, const struct correlation_input *input,
                       struct correlation *correlation);

#endif
