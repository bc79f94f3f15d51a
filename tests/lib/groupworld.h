/*
 * Small worlds for grouping, by a seed: deliveries of records in the order in which they come, cut
 * into batches, with the settings that they are grouped by. They have what is hard to keep true
 * step by step: equal times, floods on one host, series that flap and become familiar, records that
 * come late, twice, or in a version that says something else, alerts that turn quiet, explicit ids
 * far apart, declarations with and without an end, and nodes of very many keys. Every other one
 * has words: alerts of services and hosts, and channels that talk of them or of something else, on
 * and on with pauses, with messages that are edited. Two of three have threads, whose answers come
 * before, after or without what they answer.
 */
#ifndef TESTS_LIB_GROUPWORLD_H
#define TESTS_LIB_GROUPWORLD_H

#include <stdio.h>

#include "base/arena.h"
#include "correlate/group/nodes.h"
#include "correlate/story/languages.h"

#define WORLD_DELIVERIES_MAX 240
#define WORLD_REATTACH_SHIFT 8 /* where rules of reattach() are among those of regroup() */

struct world_delivery {
    struct work_record record;
    int version; /* of deliveries of one uid the highest counts */
    bool ends_batch;
};

struct groupworld {
    struct correlation_config config;
    struct world_delivery deliveries[WORLD_DELIVERIES_MAX];
    size_t count;
};

/* The same for the same seed; memory is the arena's. */
void groupworld_make(struct groupworld *world, struct arena *arena, uint64_t seed);
/* Other orders and batches of the same deliveries. */
void groupworld_shuffle(struct groupworld *world, uint64_t seed);
/* Without some of its deliveries, as long as it still fails. */
void groupworld_shrink(struct groupworld *world, bool (*fails)(const struct groupworld *world));
/* What counts of the first `count` deliveries: one record for each uid. Returns how many. */
size_t groupworld_records(const struct groupworld *world, size_t count,
                          struct work_record ret_records[WORLD_DELIVERIES_MAX]);
/*
 * As a file, with the rules of regroup() and reattach() that it shows to be needed (0: none).
 * False: it cannot be read.
 */
void groupworld_write(const struct groupworld *world, unsigned left_out, FILE *out);
bool groupworld_read(struct groupworld *world, struct arena *arena, const char *path,
                     unsigned *ret_left_out);
/* The built-in ones, read once. */
const struct phrase_rules *groupworld_rules(void);
/* Kind, identity and time of a record's event; the words are there. */
void groupworld_name(struct observation *observation, const struct work_record *record);
/* splitmix64. */
uint64_t world_random(uint64_t *state);

#endif
