/*
 * A small correlation made by hand, for tests of what keeps and shows incidents: two incidents,
 * four nodes, four entries. It models a bad deploy told by an alert, a chat and a deployment
 * system.
 */
#ifndef TESTS_LIB_SAMPLE_INCIDENT_H
#define TESTS_LIB_SAMPLE_INCIDENT_H

#include "hindcast/casebook.h"

/* Static data; the evidence names stream 1. */
const struct correlation *sample_correlation(void);
struct stored_incident sample_stored(void);

#endif
