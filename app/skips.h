/*
 * What was not read and why: counted by reason, with the first example of each. One thread.
 */
#ifndef APP_SKIPS_H
#define APP_SKIPS_H

#include <stdint.h>

#include "base/err.h"

#define SKIP_REASONS_MAX 32 /* the last one stands for all others where there are more */
#define SKIP_OTHER_REASONS "other reasons"

struct skip_row {
    char reason[160];
    char example[240];
    int64_t count;
};

struct skips {
    struct skip_row rows[SKIP_REASONS_MAX];
    int count;
    int64_t total;
};

void skips_add(struct skips *skips, const char *name, int64_t line, const char *reason);
/* One line a reason on stdout. */
void skips_print(const struct skips *skips);
/* Fills in what ends a command that could not read all it was given. Returns -1. */
int skips_fail(int64_t problems, struct err *err);

#endif
