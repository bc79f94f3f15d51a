/*
 * Reading heads, nodes, entries and milestones by several queries that give the same columns.
 * Internal to store/casebook/; one connection, one thread. What is read lives in the arena.
 */
#ifndef STORE_CASEBOOK_READING_H
#define STORE_CASEBOOK_READING_H

#include "store/casebook/columns.h"

struct reading {
    enum query query;
    const char *const *values;
    int count;
};

/* Columns as casebook_heads.sql has them. */
int reading_heads(struct store *store, struct arena *arena, const struct reading *reading,
                  struct stored_incident **ret_incidents, size_t *ret_count,
                  struct err *err) MUST_CHECK;
/* Columns as casebook_nodes.sql has them; `key` of the incident that all belong to, or none. */
int reading_nodes(struct store *store, struct arena *arena, const struct reading *reading,
                  struct sv key, struct node **ret_nodes, size_t *ret_count,
                  struct err *err) MUST_CHECK;
/* Columns as casebook_entries.sql has them, into the incident. */
int reading_entries(struct store *store, struct arena *arena, const struct reading *reading,
                    struct incident *incident, struct err *err) MUST_CHECK;
/* Columns as casebook_milestones.sql has them, into the incident. */
int reading_milestones(struct store *store, struct arena *arena, const struct reading *reading,
                       struct incident *incident, struct err *err) MUST_CHECK;

#endif
