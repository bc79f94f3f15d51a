/*
 * Finding the entries of an incident by a text of theirs, so that the cost of a draft stays near
 * n log n. Read only once it is made; one thread at a time makes it.
 */
#ifndef REPORT_ENTRY_INDEX_H
#define REPORT_ENTRY_INDEX_H

#include "hindcast/incident.h"

/* The entries by a text of theirs, those of one text in the order of the incident. */
enum entry_field { BY_ID, BY_NODE, BY_SERVICE, BY_ACTOR, BY_CHAIN, ENTRY_FIELDS };

struct entry_index {
    enum entry_field field;
    const struct entry **at;
    size_t count;
};

/* Lives as long as the incident; released by its owner. */
void entry_index_init(struct entry_index *index, const struct incident *incident,
                      enum entry_field field);
void entry_index_release(struct entry_index *index);
/* The place of the first entry whose text is not less. */
size_t entry_index_from(const struct entry_index *index, struct sv text);
/* The entries with just this text, in their order. */
const struct entry *const *
entry_index_find(const struct entry_index *index, struct sv text, size_t *ret_count);

#endif
