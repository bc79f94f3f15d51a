/*
 * What the files share that tell incidents: see tell.h. Private to correlate/.
 */
#ifndef CORRELATE_TELLING_H
#define CORRELATE_TELLING_H

#include "correlate/run.h"
#include "correlate/story/services.h"
#include "correlate/tell.h"

struct telling {
    struct arena *arena; /* of the result */
    const struct teller *teller;
    const struct tell_input *input;
    struct node *nodes;
    size_t *by_incident; /* node numbers, by (incident, number) */
    size_t member_count;
    struct arena around;   /* of rows of the context, released when all is told */
    struct row ***context; /* rows of each change, made when first needed */
    bool bare; /* nothing of the incident at hand opens one: people decided so, and all counts */
};

/* tell_nodes.c: all nodes; then, of each incident, the names of its services. */
void tell_nodes(struct telling *telling);
void tell_services(struct telling *telling, const size_t *members, size_t count,
                   struct service_names *ret_names);

/* tell_head.c: the incident without its timeline. */
void
tell_head(struct telling *telling, const size_t *members, size_t count, struct incident *incident);

/* tell_around.c: changes and hours around an incident, which has its head. */
void tell_around(struct telling *telling, size_t incident_node, const struct incident *incident,
                 struct story *story);

#endif
