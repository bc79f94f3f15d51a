/*
 * What records in OpenTelemetry's JSON are made of. Private to otlp_json.c.
 *
 * 64 bit integers are strings there, ids hexadecimal, enums numbers; numbers, base64 and the names
 * of enums come as well.
 */
#ifndef INGEST_DECODE_LOG_OTLP_JSON_VALUES_H
#define INGEST_DECODE_LOG_OTLP_JSON_VALUES_H

#include "ingest/decode/log/otlp.h"
#include "ingest/parse/json_walk.h"

extern const struct otlp_form otlp_json_form;

/* True if it is this key in camelCase or snake_case. `name`: in lower case, without underscores. */
bool otlp_key_is(struct sv key, const char *name);
/* Each goes past the value that the walk is before. */
struct otlp_value otlp_json_value(struct arena *arena, struct json_walk *walk);
struct otlp_list otlp_json_list(struct json_walk *walk); /* where it lies, to be read later */
struct sv otlp_json_id(struct arena *arena, struct json_walk *walk, size_t bytes);
/* Of the text of a number, or of a string that holds one. */
struct otlp_value otlp_json_integer(struct arena *arena, struct sv text);
struct otlp_value otlp_json_double(struct arena *arena, struct sv text);

#endif
