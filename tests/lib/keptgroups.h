/*
 * Worlds of groupworld.h over groups that are kept in PostgreSQL (correlate/stored/step.h): each
 * batch is a step in a transaction of its own, and what the tables hold afterwards is compared with
 * the whole. Errors that no test asks for fail the test.
 */
#ifndef TESTS_LIB_KEPTGROUPS_H
#define TESTS_LIB_KEPTGROUPS_H

#include "correlate/stored/step.h"
#include "hindcast/store.h"
#include "tests/lib/groupworld.h"

/* What counts, and the whole that is made of it. */
struct kept_state {
    struct work_record *records; /* in any order */
    size_t count;
    struct grouping whole;
};

struct kept_step {
    struct store *store;
    struct arena *arena; /* of one step */
    const struct correlation_config *config;
    const char *scope;
    unsigned left_out; /* rules, as in the files of worlds */
    size_t fails_at;   /* at this call of the rows; 0: nowhere */
    size_t calls;      /* set, like what follows */
    struct groups_count count;
    struct group_step_result result;
};

/* From what is stored of `before` to `now`. -1: it failed where it was to, and is rolled back. */
int kept_step_take(struct kept_step *step, const struct kept_state *before,
                   const struct kept_state *now);
/* What differs, read from the tables; NULL: nothing. */
const char *kept_step_compare(struct kept_step *step, const struct grouping *whole);

/*
 * Batch after batch, where some fail at a statement first; then once more where nothing differs,
 * and all at once as a rebuild does. NULL: it is as the whole.
 */
const char *kept_world_run(struct store *store, const struct groupworld *world, const char *scope,
                           uint64_t seed, unsigned left_out);

#endif
