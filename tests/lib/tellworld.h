/*
 * Small worlds of records for telling, by a seed: a few days of a shop with alerts that flap and
 * repeat, log lines of few shapes, talk of people with several names, changes that are taken back,
 * an admin log, declarations, decisions, and records that came twice. Most of it lies near a few
 * moments, so that there are incidents with much around them. All of it is made up.
 */
#ifndef TESTS_LIB_TELLWORLD_H
#define TESTS_LIB_TELLWORLD_H

#include "base/arena.h"
#include "hindcast/correlation.h"

#define TELLWORLD_ROWS_MAX 400
#define TELLWORLD_DECISIONS_MAX 24
#define TELLWORLD_DECLARATIONS_MAX 3

struct tellworld {
    struct observation rows[TELLWORLD_ROWS_MAX];
    size_t count;
    struct decision decisions[TELLWORLD_DECISIONS_MAX];
    size_t decision_count;
    struct declaration declarations[TELLWORLD_DECLARATIONS_MAX];
    size_t declaration_count;
};

/* The same for the same seed; memory is the arena's. */
void tellworld_make(struct tellworld *world, struct arena *arena, uint64_t seed);
/* Its rows in another order. */
void tellworld_shuffle(struct tellworld *world, uint64_t seed);
/* All of it. */
struct correlation_input tellworld_input(const struct tellworld *world);

#endif
