/*
 * Kept rows (hindcast/groups.h) that fail where the test says so: at which of its statements.
 */
#ifndef TESTS_LIB_FAILINGROWS_H
#define TESTS_LIB_FAILINGROWS_H

#include "hindcast/groups.h"

#define FAILING_MESSAGE "made to fail"

struct failing {
    struct group_rows rows;
    const struct group_rows *within;
    size_t calls, fails_at; /* 0: at none */
};

void failing_init(struct failing *failing, const struct group_rows *within, size_t fails_at);

#endif
