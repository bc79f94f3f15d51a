/*
 * Which incidents deserve a look first, by the rank that each has. Pure.
 */
#ifndef APP_WORTH_H
#define APP_WORTH_H

#include "hindcast/incident.h"

/*
 * Puts those that are raised and worth a look first, in order of rank (then start, scope and key),
 * and returns how many they are; where none is, those that are raised. The others follow in the
 * same order.
 */
size_t worth_first(struct stored_incident *incidents, size_t count);

/* qsort: by rank, the highest first, then by start, scope, key. */
int worth_order(const void *left, const void *right);

#endif
