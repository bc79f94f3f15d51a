/*
 * Lists of records in one record: each element is detected and decoded by itself, so detection
 * recurses through here. 0, or -1 after decode_bad().
 */
#ifndef INGEST_DECODE_CORE_LISTS_H
#define INGEST_DECODE_CORE_LISTS_H

#include "ingest/decode/core/probe.h"

int decode_array(const struct probe *outer, const struct tape *tape, struct event_sink *sink,
                 struct decode_result *result);
/* An array that is deeper than the limit: some of its elements may not be. */
int decode_deep_array(const struct probe *outer, struct sv text, struct event_sink *sink,
                      struct decode_result *result);
/* True if the first line is a whole JSON object. One over many lines begins with less. */
bool are_json_lines(const struct probe *probe);
int
decode_json_lines(const struct probe *outer, struct event_sink *sink, struct decode_result *result);
/* JSON objects one after the other with nothing, blanks or commas between: true if the first one is
 * whole and another follows. */
bool are_json_values(const struct probe *probe);
int decode_json_values(const struct probe *outer, struct event_sink *sink,
                       struct decode_result *result);

#endif
