/*
 * The system's zone files (TZif, RFC 9636) as a list of changes. Used by zone.c alone.
 */
#ifndef BASE_ZONE_ZONEINFO_H
#define BASE_ZONE_ZONEINFO_H

#include "base/zone/zone.h"

/* All of a file's changes until the end of 2100, on the heap, or NULL: not a zone file. */
struct zone *zoneinfo_read(struct sv bytes);
/* What the last line of such a file says for the time after its last change: "CET-1CEST,M3...".
 * Adds what comes after the last change of the list, of which there is one. False: not understood.
 */
bool zone_rule_expand(struct sv rule, struct zone **zone, size_t *room);
/* Adds a change at the end of the list. */
void zone_add(struct zone **zone, size_t *room, int64_t at_s, int32_t offset_s, struct sv name);

#endif
