/*
 * Names of the services of an incident: names that differ in case and punctuation only ("Edge
 * Proxy", "edge-proxy") are one service, called as its records write it most often, of equals by
 * the smallest name. Reads the records of the incident alone; lives in the arena given.
 */
#ifndef CORRELATE_STORY_SERVICES_H
#define CORRELATE_STORY_SERVICES_H

#include "correlate/story/rows.h"

struct service_names {
    struct arena *arena;
    struct counter records; /* of each name as written */
    struct counter places;  /* by what is left of a name without case and punctuation: place + 1 */
    struct sv *shown;
    size_t count;
};

void service_names_init(struct service_names *names, struct arena *arena, size_t most);
/* A record of this service; up to `most` different names. */
void service_names_add(struct service_names *names, struct sv service);
/* The name of its service; of one that has no record, as it is. */
struct sv service_shown(const struct service_names *names, struct sv service);

#endif
