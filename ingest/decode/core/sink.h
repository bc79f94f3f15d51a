/*
 * Where decoders leave what they read: events, see event_sink_add() in hindcast/decoder.h, or why
 * the record is bad. No state.
 */
#ifndef INGEST_DECODE_CORE_SINK_H
#define INGEST_DECODE_CORE_SINK_H

#include "hindcast/decoder.h"

/* Fills in a bad result and returns -1. `detail` is static text. */
int decode_bad(struct decode_result *result, enum quarantine_reason reason, const char *detail);
/* The same with the detail that is there. */
int decode_bad_as(struct decode_result *result, enum quarantine_reason reason);
/* The sink is full: the same for what event_sink_add() refused. */
int decode_full(struct decode_result *result);

#endif
