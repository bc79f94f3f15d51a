/*
 * Reading rows of correlate.entry: a column for each field of entry.def, found by its name.
 * Internal to the casebook's readers; one connection, one thread.
 */
#ifndef STORE_CASEBOOK_ENTRY_COLUMNS_H
#define STORE_CASEBOOK_ENTRY_COLUMNS_H

#include "store/casebook/columns.h"

/*
 * All rows of a result as entries in the arena. It must hold the columns of correlate.entry, and
 * its milestones again as JSON under the name milestone_list.
 */
const struct entry *entry_rows(struct arena *arena, const PGresult *result);
/* A column of that type, alone: the records that an entry rests on. */
const struct evidence *column_evidence(struct arena *arena, const PGresult *result, int row,
                                       int column, size_t *ret_count);

#endif
