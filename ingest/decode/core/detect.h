/*
 * Detection, again and again: bytes, a tree or JSON text found inside a record are unwrapped and
 * decoded like a record of their own. Called by what opens envelopes (unframe.c, unwrap.c, lists.c,
 * within.c, cloudevents.c, ingest/decode/envelope/), which detection itself calls: they recurse
 * into each other as envelopes are nested, UNWRAP_DEPTH_MAX deep.
 *
 * 0, or -1 after decode_bad().
 */
#ifndef INGEST_DECODE_CORE_DETECT_H
#define INGEST_DECODE_CORE_DETECT_H

#include "ingest/decode/core/probe.h"

int decode_bytes(const struct probe *outer, struct sv bytes, struct event_sink *sink,
                 struct decode_result *result);
/* A line inside a record: an object or text, never a list of records. */
int decode_line(const struct probe *outer, struct sv line, struct event_sink *sink,
                struct decode_result *result);
int decode_tree(const struct probe *outer, const json_t *tree, struct event_sink *sink,
                struct decode_result *result);
int decode_json(const struct probe *outer, struct sv text, struct event_sink *sink,
                struct decode_result *result);
/* What is bid at most on a JSON text, and by whom, if it were decoded; of a list on its first
 * object. 0 and NULL where it is neither, or lies too deep. For decoders that look into what they
 * bid on. */
int decode_would_bid(const struct probe *outer, struct sv json, const struct decoder **ret_decoder);

#endif
