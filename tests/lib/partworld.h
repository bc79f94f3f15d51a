/*
 * Worlds for correlating what is new: records in the order in which they come, with declarations
 * and decisions, cut into batches. By a seed they are those of tellworld.h or talkworld.h, and have
 * what is far or rare besides: records of weeks ago, alerts that resolve days later, quiet alerts,
 * threads, lines that a source repeats for hours, records that come again in another stream. Or
 * they are read from a file, which says which rule of advance.h they show to be needed.
 */
#ifndef TESTS_LIB_PARTWORLD_H
#define TESTS_LIB_PARTWORLD_H

#include <stdio.h>

#include "tests/lib/tellworld.h"

#define PARTWORLD_BEGIN_S INT64_C(1772100000) /* 2026-02-26T10:00:00Z */
#define PARTWORLD_STREAMS 2                   /* ids from 1 on */
#define PARTWORLD_STEPS_MAX 20

/* How much has come after a batch. */
struct partworld_step {
    size_t rows, declarations, decisions;
};

struct partworld {
    struct tellworld all;
    struct partworld_step steps[PARTWORLD_STEPS_MAX];
    size_t step_count;
    bool opens_candidates; /* else nothing opens one */
    unsigned left_out;     /* rules that it shows to be needed */
};

/* The same for the same seed; memory is the arena's. */
void partworld_make(struct partworld *world, struct arena *arena, uint64_t seed);
/* Other orders and batches of the same records. */
void partworld_shuffle(struct partworld *world, uint64_t seed);
/* Without some of its rows, declarations, decisions or batches, as long as it still fails. */
void partworld_shrink(struct partworld *world, bool (*fails)(const struct partworld *world));

/*
 * A line for each thing, fields parted by tabs: "left_out WORD...", "candidates none", "batch"
 * after each; a record begins with its kind (record_kind_word()), has "at=SECONDS" from the
 * beginning and "NAME=TEXT" of what it says. "#": a comment. False: it cannot be read, after a
 * message.
 */
bool partworld_read(struct partworld *world, struct arena *arena, const char *path);
void partworld_write(const struct partworld *world, FILE *out);
/* Of advance.h; "" of what is no single rule. */
const char *partworld_rule(unsigned rule);

#endif
