/*
 * What bytes are wrapped in before anybody can tell what they are: packed values, base64, the frame
 * of a schema registry, a byte order mark, a hole. See detect.h for how detection and unframing
 * call each other.
 */
#ifndef INGEST_DECODE_CORE_UNFRAME_H
#define INGEST_DECODE_CORE_UNFRAME_H

#include "ingest/decode/core/probe.h"

/* 1 handled, 0 with probe->body as it is to be read, -1 after decode_bad(). */
int unframe(struct probe *probe, struct event_sink *sink, struct decode_result *result);

#endif
