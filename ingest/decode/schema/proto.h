/*
 * Protocol Buffers with their descriptors (https://protobuf.dev/programming-guides/encoding/): a
 * descriptor set, and messages of its last file as JSON. The well-known types are shown as what
 * they stand for: times in RFC 3339, wrappers as their values, structures as JSON.
 */
#ifndef INGEST_DECODE_SCHEMA_PROTO_H
#define INGEST_DECODE_SCHEMA_PROTO_H

#include "base/err.h"
#include "ingest/decode/schema/schema.h"
#include "ingest/decode/schema/writer.h"

/* Of a FieldDescriptorProto. */
enum proto_type {
    PROTO_DOUBLE = 1,
    PROTO_FLOAT = 2,
    PROTO_INT64 = 3,
    PROTO_UINT64 = 4,
    PROTO_INT32 = 5,
    PROTO_FIXED64 = 6,
    PROTO_FIXED32 = 7,
    PROTO_BOOL = 8,
    PROTO_STRING = 9,
    PROTO_GROUP = 10,
    PROTO_MESSAGE = 11,
    PROTO_BYTES = 12,
    PROTO_UINT32 = 13,
    PROTO_ENUM = 14,
    PROTO_SFIXED32 = 15,
    PROTO_SFIXED64 = 16,
    PROTO_SINT32 = 17,
    PROTO_SINT64 = 18,
};

/* How a message is shown. */
enum proto_shape {
    SHAPE_MESSAGE,
    SHAPE_MAP_ENTRY,
    SHAPE_TIMESTAMP,
    SHAPE_DURATION,
    SHAPE_VALUE, /* of one of its fields: a wrapper, google.protobuf.Value */
    SHAPE_LIST,  /* google.protobuf.ListValue */
    SHAPE_STRUCT /* google.protobuf.Struct */
};

struct proto_enum {
    struct sv name;
    struct sv *names;
    int64_t *numbers;
    size_t count;
};

struct proto_field {
    struct sv name, type_name;
    uint32_t number;
    enum proto_type type;
    bool repeated;
    const struct proto_message *message;
    const struct proto_enum *words;
};

struct proto_message {
    struct sv name; /* ".package.Outer.Inner" */
    enum proto_shape shape;
    struct proto_field *fields;
    size_t count;
    const struct proto_message **nested; /* in the order of the descriptor */
    size_t nested_count;
};

struct proto_file {
    const struct proto_message **messages; /* of the set's last file, at its top */
    size_t count;
};

/* `set`: a FileDescriptorSet with all that is imported. NULL with err. */
const struct proto_file *proto_compile(struct arena *arena, struct sv set, struct err *err);
/* Behind the frame: the indexes that name the message, then the message. */
enum schema_result
proto_read(const struct proto_file *file, struct sv bytes, struct json_output *output);

#endif
