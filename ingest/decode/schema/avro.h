/*
 * Avro (https://avro.apache.org/docs/1.11.1/specification/): schemas, and the binary encoding of
 * one value. Names, references to them and logical types are understood; aliases, defaults and
 * order are not needed to read what was written.
 */
#ifndef INGEST_DECODE_SCHEMA_AVRO_H
#define INGEST_DECODE_SCHEMA_AVRO_H

#include <jansson.h>

#include "base/err.h"
#include "ingest/decode/schema/schema.h"
#include "ingest/decode/schema/writer.h"

enum avro_kind {
    AVRO_NULL,
    AVRO_BOOLEAN,
    AVRO_INT,
    AVRO_LONG,
    AVRO_FLOAT,
    AVRO_DOUBLE,
    AVRO_BYTES,
    AVRO_STRING,
    AVRO_RECORD,
    AVRO_ENUM,
    AVRO_ARRAY,
    AVRO_MAP,
    AVRO_UNION,
    AVRO_FIXED,
};

enum avro_logical { AVRO_PLAIN, AVRO_DECIMAL, AVRO_DATE };

struct avro_field {
    struct sv name;
    const struct avro_type *type;
};

struct avro_type {
    enum avro_kind kind;
    enum avro_logical logical;
    struct sv name;                 /* of a record, enum or fixed: with its namespace */
    struct avro_field *fields;      /* of a record; branches of a union, without names */
    struct sv *symbols;             /* of an enum */
    size_t count;                   /* of fields, branches or symbols */
    const struct avro_type *inside; /* of an array or map */
    size_t size;                    /* of a fixed */
    int scale;                      /* of a decimal */
};

/* The schema in the arena, whose memory outlives it; NULL with err. */
const struct avro_type *avro_compile(struct arena *arena, const json_t *schema, struct err *err);
enum schema_result
avro_read(const struct avro_type *type, struct sv bytes, struct json_output *output);

#endif
