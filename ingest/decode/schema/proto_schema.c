/*
 * Descriptor sets: see proto.h. Compiled when the program starts, on one thread: first all types of
 * all files are found, then the fields' names of types become the types.
 */
#include "ingest/decode/schema/proto.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ingest/parse/wire.h"

#define TYPES_MAX 20000
#define DEPTH_MAX 32

struct compiling {
    struct arena *arena;
    struct proto_message **messages;
    struct proto_enum **enums;
    size_t message_count, message_room, enum_count, enum_room;
    struct err *err;
};

static size_t
count_of(struct sv message, uint32_t number)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    size_t count = 0;
    while (wire_find(&wire, number, WIRE_BYTES, &field))
        count++;
    return count;
}

static struct sv
bytes_of(struct sv message, uint32_t number)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    return wire_find(&wire, number, WIRE_BYTES, &field) ? field.bytes : SV_NONE;
}

static uint64_t
number_of(struct sv message, uint32_t number)
{
    struct wire wire = wire_of(message);
    struct wire_field field;
    return wire_find(&wire, number, WIRE_VARINT, &field) ? field.value : 0;
}

static struct sv
name_below(struct arena *arena, struct sv scope, struct sv name)
{
    return arena_printf(arena, SV_FMT "." SV_FMT, SV_ARG(scope), SV_ARG(name));
}

static enum proto_shape
shape_of(struct sv name, struct sv descriptor)
{
    static const char *const wrappers[] = {
        ".google.protobuf.Value",       ".google.protobuf.DoubleValue",
        ".google.protobuf.FloatValue",  ".google.protobuf.Int64Value",
        ".google.protobuf.UInt64Value", ".google.protobuf.Int32Value",
        ".google.protobuf.UInt32Value", ".google.protobuf.BoolValue",
        ".google.protobuf.StringValue", ".google.protobuf.BytesValue"};
    if (number_of(bytes_of(descriptor, 7), 7) != 0) /* options.map_entry */
        return SHAPE_MAP_ENTRY;
    if (sv_eq(name, SV(".google.protobuf.Timestamp")))
        return SHAPE_TIMESTAMP;
    if (sv_eq(name, SV(".google.protobuf.Duration")))
        return SHAPE_DURATION;
    if (sv_eq(name, SV(".google.protobuf.Struct")))
        return SHAPE_STRUCT;
    if (sv_eq(name, SV(".google.protobuf.ListValue")))
        return SHAPE_LIST;
    for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
        if (sv_eq(name, sv_from(wrappers[i])))
            return SHAPE_VALUE;
    return SHAPE_MESSAGE;
}

static void
add_enum(struct compiling *in, struct sv descriptor, struct sv scope)
{
    struct proto_enum *words = ARENA_NEW(in->arena, struct proto_enum);
    struct wire wire = wire_of(descriptor);
    struct wire_field field;
    size_t count = count_of(descriptor, 2);
    words->name = name_below(in->arena, scope, bytes_of(descriptor, 1));
    words->names = ARENA_ARRAY(in->arena, struct sv, count + 1);
    words->numbers = ARENA_ARRAY(in->arena, int64_t, count + 1);
    while (words->count < count && wire_find(&wire, 2, WIRE_BYTES, &field)) {
        words->names[words->count] = arena_copy(in->arena, bytes_of(field.bytes, 1));
        words->numbers[words->count++] = (int64_t)number_of(field.bytes, 2);
    }
    in->enums = memory_grow(in->enums, &in->enum_room, in->enum_count + 1, sizeof(*in->enums));
    in->enums[in->enum_count++] = words;
}

static void
add_fields(struct compiling *in, struct sv descriptor, struct proto_message *message)
{
    struct wire wire = wire_of(descriptor);
    struct wire_field field;
    size_t count = count_of(descriptor, 2);
    message->fields = ARENA_ARRAY(in->arena, struct proto_field, count + 1);
    while (message->count < count && wire_find(&wire, 2, WIRE_BYTES, &field))
        message->fields[message->count++] = (struct proto_field){
            .name = arena_copy(in->arena, bytes_of(field.bytes, 1)),
            .type_name = arena_copy(in->arena, bytes_of(field.bytes, 6)),
            .number = (uint32_t)number_of(field.bytes, 3),
            .repeated = number_of(field.bytes, 4) == 3,
            .type = (enum proto_type)number_of(field.bytes, 5),
        };
}

static const struct proto_message *
add_message(struct compiling *in, struct sv descriptor, struct sv scope, int depth)
{
    struct wire wire = wire_of(descriptor);
    struct wire_field field;
    if (depth > DEPTH_MAX || in->message_count + in->enum_count > TYPES_MAX)
        return NULL;
    struct proto_message *message = ARENA_NEW(in->arena, struct proto_message);
    message->name = name_below(in->arena, scope, bytes_of(descriptor, 1));
    message->shape = shape_of(message->name, descriptor);
    in->messages = memory_grow(in->messages, &in->message_room, in->message_count + 1,
                               sizeof(struct proto_message *));
    in->messages[in->message_count++] = message;
    add_fields(in, descriptor, message);
    message->nested =
        ARENA_ARRAY(in->arena, const struct proto_message *, count_of(descriptor, 3) + 1);
    while (wire_next(&wire, &field)) {
        if (field.type == WIRE_BYTES && field.number == 4)
            add_enum(in, field.bytes, message->name);
        if (field.type != WIRE_BYTES || field.number != 3)
            continue;
        const struct proto_message *nested = add_message(in, field.bytes, message->name, depth + 1);
        if (nested == NULL)
            return NULL;
        message->nested[message->nested_count++] = nested;
    }
    return message;
}

/* The messages at the top of a file. */
static int
add_file(struct compiling *in, struct sv descriptor, struct proto_file *file)
{
    struct wire wire = wire_of(descriptor);
    struct wire_field field;
    struct sv package = bytes_of(descriptor, 2);
    struct sv scope = sv_empty(package) ? SV("") : name_below(in->arena, SV(""), package);
    file->messages =
        ARENA_ARRAY(in->arena, const struct proto_message *, count_of(descriptor, 4) + 1);
    file->count = 0;
    while (wire_next(&wire, &field)) {
        if (field.type == WIRE_BYTES && field.number == 5)
            add_enum(in, field.bytes, scope);
        if (field.type != WIRE_BYTES || field.number != 4)
            continue;
        const struct proto_message *message = add_message(in, field.bytes, scope, 0);
        if (message == NULL)
            return err_set(in->err, ERR_CONFIG, "more types, or nested deeper, than the limit");
        file->messages[file->count++] = message;
    }
    return wire.broken ? err_set(in->err, ERR_CONFIG, "the file is not a descriptor set") : 0;
}

static int
resolve_field(const struct compiling *in, struct proto_field *field)
{
    for (size_t i = 0; i < in->message_count && field->type == PROTO_MESSAGE; i++)
        if (sv_eq(in->messages[i]->name, field->type_name))
            field->message = in->messages[i];
    for (size_t i = 0; i < in->enum_count && field->type == PROTO_ENUM; i++)
        if (sv_eq(in->enums[i]->name, field->type_name))
            field->words = in->enums[i];
    bool lacks = (field->type == PROTO_MESSAGE && field->message == NULL) ||
                 (field->type == PROTO_ENUM && field->words == NULL);
    if (!lacks)
        return 0;
    err_set(in->err, ERR_CONFIG, "the set has no type '" SV_FMT "'", SV_ARG(field->type_name));
    return err_hint(in->err, "write it with protoc --include_imports --descriptor_set_out");
}

static int
resolve(const struct compiling *in)
{
    for (size_t i = 0; i < in->message_count; i++)
        for (size_t k = 0; k < in->messages[i]->count; k++)
            if (resolve_field(in, &in->messages[i]->fields[k]) != 0)
                return -1;
    return 0;
}

const struct proto_file *
proto_compile(struct arena *arena, struct sv set, struct err *err)
{
    struct compiling in = {.arena = arena, .err = err};
    struct proto_file *file = ARENA_NEW(arena, struct proto_file);
    struct wire wire = wire_of(set);
    struct wire_field field;
    int status = 0;
    /* What a file imports stands before it; the last one is what the set is about. */
    while (status == 0 && wire_find(&wire, 1, WIRE_BYTES, &field))
        status = add_file(&in, field.bytes, file);
    if (status == 0 && (wire.broken || file->count == 0))
        status = err_set(err, ERR_CONFIG, "the file is not a descriptor set with a message");
    if (status == 0)
        status = resolve(&in);
    free(in.messages);
    free(in.enums);
    return status == 0 ? file : NULL;
}
