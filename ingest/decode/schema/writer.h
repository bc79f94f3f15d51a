/*
 * JSON that is made out of values in another encoding, with limits on its size, depth and number of
 * values. One thread.
 */
#ifndef INGEST_DECODE_SCHEMA_WRITER_H
#define INGEST_DECODE_SCHEMA_WRITER_H

#include "base/strbuf.h"
#include "base/sv.h"

#define JSON_OUTPUT_VALUES_MAX 1000000

struct json_output {
    struct strbuf text;
    int depth;
    size_t values;
};

void json_output_init(struct json_output *output);
void json_output_release(struct json_output *output);
/* Counts a value, and is false beyond the limits. */
bool json_output_may(struct json_output *output);
/* A comma where one is needed, and "name": in an object. */
void json_output_name(struct json_output *output, struct sv name);
void json_output_int(struct json_output *output, int64_t value);
void json_output_unsigned(struct json_output *output, uint64_t value);
/* The shortest text that reads back as the same; what is not a number is a text ("NaN"). */
void json_output_double(struct json_output *output, double value, int digits);
/* Bytes as text where they are one, else in base64. */
void json_output_bytes(struct json_output *output, struct sv bytes);

#endif
