/*
 * What became of decisions, in the rows of incidents. Internal to store/casebook/; one connection,
 * one thread.
 */
#ifndef STORE_CASEBOOK_DECIDED_H
#define STORE_CASEBOOK_DECIDED_H

#include "store/casebook/columns.h"
#include "store/failpoint.h"

/* The member "decisions" of the row of an incident. */
void casebook_put_decided(struct strbuf *out, const struct incident *incident);
/* Fills in the incident's, from a column that is null where there are none. */
void casebook_read_decided(struct arena *arena, const PGresult *result, int row, int column,
                           struct incident *incident);

#endif
