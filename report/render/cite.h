/*
 * How short ids of entries may be where documents cite them. Pure.
 */
#ifndef REPORT_RENDER_CITE_H
#define REPORT_RENDER_CITE_H

#include "hindcast/incident.h"

#define CITE_MIN 12 /* hex digits of an id, more where 12 are not unique */

/* The shortest length, CITE_MIN or more, at which all ids of the incident differ. */
size_t cite_length(const struct incident *incident);

#endif
