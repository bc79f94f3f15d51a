/*
 * Counts around an incident, for its chart: what the store has, put in the steps that the chart
 * draws. The thread of the store, within a reading.
 */
#ifndef APP_ACTIVITY_H
#define APP_ACTIVITY_H

#include "hindcast/activity.h"
#include "hindcast/incident.h"
#include "hindcast/store.h"

/* In the arena. `nameless`: without names of topics, for the public. */
int activity_read(struct store *store, struct arena *arena, const struct stored_incident *stored,
                  bool nameless, struct activity *ret_activity, struct err *err) MUST_CHECK;

#endif
