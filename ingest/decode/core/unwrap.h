/*
 * Envelopes that bridges put around a record: opened before decoders bid. See detect.h for how
 * detection and unwrapping call each other.
 */
#ifndef INGEST_DECODE_CORE_UNWRAP_H
#define INGEST_DECODE_CORE_UNWRAP_H

#include "ingest/decode/core/probe.h"

/* Makes known the fields that envelopes have. Before the first record, on one thread. */
void unwrap_register(void);
/* 1 handled, 0 not an envelope, -1 after decode_bad(). */
int unwrap_tape(const struct probe *probe, struct event_sink *sink, struct decode_result *result);
/* Give the events from `from` on what they lack and the envelope knows. */
void fill_from_envelope(struct event_sink *sink, size_t from, const struct event *envelope);

#endif
