/*
 * Messages of Protocol Buffers as JSON: see proto.h. Called by workers, each on its thread. A field
 * that is repeated may stand anywhere in its message: for each field the message is gone through,
 * from where it was first seen.
 */
#include <string.h>

#include "base/clock.h"
#include "base/text/json_writer.h"
#include "hindcast/decoder.h"
#include "ingest/decode/schema/proto.h"
#include "ingest/parse/wire.h"

#define INDEXES_MAX 32
#define SCANNED_BYTES_MAX ((size_t)256 * 1024 * 1024) /* of one value, all passes together */

struct reading {
    struct json_output *out;
    size_t scanned;
};

static enum schema_result
put_message(struct reading *in, const struct proto_message *message, struct sv bytes);

static int64_t
zigzag(uint64_t bits)
{
    return (int64_t)(bits >> 1 ^ (~(bits & 1) + 1));
}

/* ---- one value ---- */

static void
put_word(struct json_output *out, const struct proto_enum *words, uint64_t value)
{
    for (size_t i = 0; i < words->count; i++)
        if (words->numbers[i] == (int64_t)value) {
            json_put_string(&out->text, words->names[i]);
            return;
        }
    json_output_int(out, (int64_t)value);
}

static void
put_scalar(struct json_output *out, const struct proto_field *field, uint64_t value)
{
    if (field->type == PROTO_DOUBLE)
        json_output_double(out, wire_double(value), 15);
    else if (field->type == PROTO_FLOAT)
        json_output_double(out, wire_float((uint32_t)value), 6);
    else if (field->type == PROTO_BOOL)
        strbuf_add_text(&out->text, value != 0 ? "true" : "false");
    else if (field->type == PROTO_ENUM)
        put_word(out, field->words, value);
    else if (field->type == PROTO_UINT64 || field->type == PROTO_FIXED64)
        json_output_unsigned(out, value);
    else if (field->type == PROTO_UINT32 || field->type == PROTO_FIXED32)
        json_output_unsigned(out, (uint32_t)value);
    else if (field->type == PROTO_INT32 || field->type == PROTO_SFIXED32)
        json_output_int(out, (int32_t)(uint32_t)value);
    else if (field->type == PROTO_SINT32 || field->type == PROTO_SINT64)
        json_output_int(out, zigzag(value));
    else
        json_output_int(out, (int64_t)value);
}

static enum wire_type
wire_type_of(enum proto_type type)
{
    if (type == PROTO_DOUBLE || type == PROTO_FIXED64 || type == PROTO_SFIXED64)
        return WIRE_FIXED64;
    if (type == PROTO_FLOAT || type == PROTO_FIXED32 || type == PROTO_SFIXED32)
        return WIRE_FIXED32;
    if (type == PROTO_STRING || type == PROTO_BYTES || type == PROTO_MESSAGE)
        return WIRE_BYTES;
    return WIRE_VARINT;
}

static enum schema_result
put_value(struct reading *in, const struct proto_field *field, const struct wire_field *value)
{
    if (!json_output_may(in->out))
        return SCHEMA_TOO_LARGE;
    if (field->type == PROTO_MESSAGE)
        return put_message(in, field->message, value->bytes);
    if (field->type == PROTO_STRING)
        json_put_string(&in->out->text, value->bytes);
    else if (field->type == PROTO_BYTES)
        json_output_bytes(in->out, value->bytes);
    else
        put_scalar(in->out, field, value->value);
    return SCHEMA_FINE;
}

/* Numbers that are repeated may lie in one field, one after the other. */
static enum schema_result
put_packed(struct reading *in, const struct proto_field *field, struct sv bytes)
{
    enum wire_type type = wire_type_of(field->type);
    uint64_t value;
    while (wire_packed(&bytes, type, &value)) {
        if (!json_output_may(in->out))
            return SCHEMA_TOO_LARGE;
        json_put_comma(&in->out->text);
        put_scalar(in->out, field, value);
    }
    return sv_empty(bytes) ? SCHEMA_FINE : SCHEMA_DAMAGED;
}

/* ---- fields ---- */

static const struct proto_field *
field_of(const struct proto_message *message, uint32_t number)
{
    /* Most messages are numbered without gaps. */
    if (number <= message->count && message->fields[number - 1].number == number)
        return &message->fields[number - 1];
    for (size_t i = 0; i < message->count; i++)
        if (message->fields[i].number == number)
            return &message->fields[i];
    return NULL;
}

static bool
fits(const struct proto_field *field, const struct wire_field *value)
{
    enum wire_type type = wire_type_of(field->type);
    return value->number == field->number &&
           (value->type == type ||
            (field->repeated && value->type == WIRE_BYTES && type != WIRE_BYTES));
}

static enum schema_result
put_entry(struct reading *in, const struct proto_message *entry, struct sv bytes)
{
    struct wire wire = wire_of(bytes);
    struct wire_field value, last = {.bytes = SV("")};
    const struct proto_field *keys = field_of(entry, 1), *values = field_of(entry, 2);
    struct strbuf *text = &in->out->text;
    bool found = false;
    if (keys == NULL || values == NULL || !json_output_may(in->out))
        return SCHEMA_DAMAGED;
    struct wire_field key = {.bytes = SV("")};
    while (wire_next(&wire, &value)) {
        if (fits(keys, &value))
            key = value;
        if (fits(values, &value)) {
            last = value;
            found = true;
        }
    }
    json_put_comma(text);
    if (keys->type == PROTO_STRING) {
        json_put_string(text, key.bytes);
    } else {
        strbuf_add_char(text, '"');
        put_scalar(in->out, keys, key.value);
        strbuf_add_char(text, '"');
    }
    strbuf_add_char(text, ':');
    if (found || values->type != PROTO_MESSAGE)
        return wire.broken ? SCHEMA_DAMAGED : put_value(in, values, &last);
    strbuf_add_text(text, "{}");
    return SCHEMA_FINE;
}

/* All of a field that is repeated, from its first on. */
static enum schema_result
put_repeated(struct reading *in, const struct proto_field *field, struct wire_field first,
             struct wire rest)
{
    bool map = field->type == PROTO_MESSAGE && field->message->shape == SHAPE_MAP_ENTRY;
    enum schema_result result = SCHEMA_FINE;
    in->scanned += rest.rest.len;
    if (in->scanned > SCANNED_BYTES_MAX)
        return SCHEMA_TOO_LARGE;
    strbuf_add_char(&in->out->text, map ? '{' : '[');
    do {
        if (!fits(field, &first))
            continue;
        if (map) {
            result = put_entry(in, field->message, first.bytes);
        } else if (first.type == WIRE_BYTES && wire_type_of(field->type) != WIRE_BYTES) {
            result = put_packed(in, field, first.bytes);
        } else {
            json_put_comma(&in->out->text);
            result = put_value(in, field, &first);
        }
    } while (result == SCHEMA_FINE && wire_next(&rest, &first));
    strbuf_add_char(&in->out->text, map ? '}' : ']');
    return result;
}

/* Of a field that is not repeated the last one counts. */
static struct wire_field
last_of(struct reading *in, const struct proto_field *field, struct wire_field first,
        struct wire rest)
{
    struct wire_field value;
    in->scanned += rest.rest.len;
    while (in->scanned <= SCANNED_BYTES_MAX && wire_next(&rest, &value))
        if (fits(field, &value))
            first = value;
    return first;
}

static bool
was_seen(const struct proto_message *message, const struct proto_field *field, uint8_t *seen)
{
    size_t place = (size_t)(field - message->fields);
    bool before = (seen[place / 8] >> place % 8 & 1) != 0;
    seen[place / 8] |= (uint8_t)(1U << place % 8);
    return before;
}

static enum schema_result
put_fields(struct reading *in, const struct proto_message *message, struct sv bytes, uint8_t *seen)
{
    struct wire wire = wire_of(bytes);
    struct wire_field value;
    enum schema_result result = SCHEMA_FINE;
    while (result == SCHEMA_FINE && wire_next(&wire, &value)) {
        const struct proto_field *field = field_of(message, value.number);
        if (field == NULL || !fits(field, &value) || was_seen(message, field, seen))
            continue;
        json_output_name(in->out, field->name);
        if (field->repeated) {
            result = put_repeated(in, field, value, wire);
            continue;
        }
        value = last_of(in, field, value, wire);
        result = in->scanned > SCANNED_BYTES_MAX ? SCHEMA_TOO_LARGE : put_value(in, field, &value);
    }
    return wire.broken ? SCHEMA_DAMAGED : result;
}

#define FIELDS_MAX 2048

static enum schema_result
put_object(struct reading *in, const struct proto_message *message, struct sv bytes)
{
    uint8_t seen[FIELDS_MAX / 8] = {0};
    if (message->count > FIELDS_MAX)
        return SCHEMA_TOO_LARGE;
    strbuf_add_char(&in->out->text, '{');
    enum schema_result result = put_fields(in, message, bytes, seen);
    strbuf_add_char(&in->out->text, '}');
    return result;
}

/* ---- messages that stand for something ---- */

static void
read_time(struct sv bytes, int64_t *ret_seconds, int64_t *ret_nanos)
{
    struct wire wire = wire_of(bytes);
    struct wire_field field;
    *ret_seconds = *ret_nanos = 0;
    while (wire_next(&wire, &field)) {
        if (field.type == WIRE_VARINT && field.number == 1)
            *ret_seconds = (int64_t)field.value;
        if (field.type == WIRE_VARINT && field.number == 2)
            *ret_nanos = (int32_t)(uint32_t)field.value;
    }
}

static void
put_time(struct json_output *out, struct sv bytes)
{
    int64_t seconds, nanos;
    read_time(bytes, &seconds, &nanos);
    int64_t ns = time_of_units_or_none(seconds, NS_PER_S, nanos);
    if (ns == TIME_NONE) {
        json_output_int(out, seconds);
        return;
    }
    char text[TIME_TEXT];
    time_format(ns, text);
    json_put_string(&out->text, sv_from(text));
}

static void
put_duration(struct json_output *out, struct sv bytes)
{
    int64_t seconds, nanos;
    read_time(bytes, &seconds, &nanos);
    bool minus = seconds < 0 || nanos < 0;
    uint64_t whole = seconds < 0 ? ~(uint64_t)seconds + 1 : (uint64_t)seconds;
    strbuf_addf(&out->text, "\"%s%llu", minus ? "-" : "", (unsigned long long)whole);
    if (nanos != 0)
        strbuf_addf(&out->text, ".%09lld", (long long)(nanos < 0 ? -nanos : nanos));
    strbuf_add_text(&out->text, "s\"");
}

/* The one field that a wrapper has, or a Value; without any it is the type's zero. */
static enum schema_result
put_wrapped(struct reading *in, const struct proto_message *message, struct sv bytes)
{
    struct wire wire = wire_of(bytes);
    struct wire_field value, last = {.bytes = SV("")};
    const struct proto_field *field = NULL;
    while (wire_next(&wire, &value)) {
        const struct proto_field *one = field_of(message, value.number);
        if (one == NULL || !fits(one, &value))
            continue;
        field = one;
        last = value;
    }
    if (wire.broken)
        return SCHEMA_DAMAGED;
    bool null = field == NULL || (field->type == PROTO_ENUM && message->count > 1);
    if (null && message->count == 1) {
        field = &message->fields[0];
        null = false;
    }
    if (!null)
        return put_value(in, field, &last);
    strbuf_add_text(&in->out->text, "null");
    return SCHEMA_FINE;
}

/* Struct and ListValue have one field, the map or the list. */
static enum schema_result
put_content(struct reading *in, const struct proto_message *message, struct sv bytes)
{
    struct wire wire = wire_of(bytes);
    struct wire_field value;
    while (message->count == 1 && wire_next(&wire, &value))
        if (fits(&message->fields[0], &value))
            return put_repeated(in, &message->fields[0], value, wire);
    strbuf_add_text(&in->out->text, message->shape == SHAPE_LIST ? "[]" : "{}");
    return wire.broken ? SCHEMA_DAMAGED : SCHEMA_FINE;
}

static enum schema_result
put_shape(struct reading *in, const struct proto_message *message, struct sv bytes)
{
    switch (message->shape) {
    case SHAPE_TIMESTAMP:
        put_time(in->out, bytes);
        return SCHEMA_FINE;
    case SHAPE_DURATION:
        put_duration(in->out, bytes);
        return SCHEMA_FINE;
    case SHAPE_VALUE:
        return put_wrapped(in, message, bytes);
    case SHAPE_LIST:
    case SHAPE_STRUCT:
        return put_content(in, message, bytes);
    case SHAPE_MAP_ENTRY:
    case SHAPE_MESSAGE:
        break;
    }
    return put_object(in, message, bytes);
}

static enum schema_result
put_message(struct reading *in, const struct proto_message *message, struct sv bytes)
{
    if (++in->out->depth > JSON_DEPTH_MAX / 2) /* lists between them count as well */
        return SCHEMA_TOO_DEEP;
    enum schema_result result = put_shape(in, message, bytes);
    in->out->depth--;
    return result;
}

/* ---- the frame's indexes ---- */

/* How many, and which of each level; a single zero stands for the first message. */
static const struct proto_message *
find_message(const struct proto_file *file, struct sv *bytes)
{
    uint64_t count, index = 0;
    if (!wire_packed(bytes, WIRE_VARINT, &count))
        return NULL;
    int64_t levels = zigzag(count);
    if (levels < 0 || levels > INDEXES_MAX)
        return NULL;
    const struct proto_message *message = levels == 0 && file->count > 0 ? file->messages[0] : NULL;
    for (int64_t i = 0; i < levels; i++) {
        if (!wire_packed(bytes, WIRE_VARINT, &index) || zigzag(index) < 0)
            return NULL;
        uint64_t place = (uint64_t)zigzag(index);
        if (place >= (i == 0 ? file->count : message->nested_count))
            return NULL;
        message = i == 0 ? file->messages[place] : message->nested[place];
    }
    return message;
}

enum schema_result
proto_read(const struct proto_file *file, struct sv bytes, struct json_output *output)
{
    struct reading in = {output, 0};
    const struct proto_message *message = find_message(file, &bytes);
    return message == NULL ? SCHEMA_DAMAGED : put_message(&in, message, bytes);
}
