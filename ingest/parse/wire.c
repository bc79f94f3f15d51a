/*
 * The wire format of Protocol Buffers: see wire.h. Pure functions, called by decoders.
 */
#include "ingest/parse/wire.h"

#define FIELD_NUMBER_MAX ((UINT64_C(1) << 29) - 1)

/* Seven bits a byte, the lowest first, ten bytes at most; what does not fit 64 bits is cut off as
 * every reader does. */
static bool
varint(struct wire *wire, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (size_t at = 0; at < wire->rest.len && at < 10; at++) {
        uint8_t byte = (uint8_t)wire->rest.ptr[at];
        value |= (uint64_t)(byte & 0x7f) << (7 * at);
        if (byte < 0x80) {
            wire->rest = sv_slice(wire->rest, at + 1, wire->rest.len);
            *ret_value = value;
            return true;
        }
    }
    return false;
}

/* Little endian. */
static bool
fixed(struct wire *wire, size_t bytes, uint64_t *ret_value)
{
    uint64_t value = 0;
    if (wire->rest.len < bytes)
        return false;
    for (size_t i = bytes; i > 0; i--)
        value = value << 8 | (uint8_t)wire->rest.ptr[i - 1];
    wire->rest = sv_slice(wire->rest, bytes, wire->rest.len);
    *ret_value = value;
    return true;
}

static bool
bytes_of(struct wire *wire, struct sv *ret_bytes)
{
    uint64_t length;
    if (!varint(wire, &length) || length > wire->rest.len)
        return false;
    *ret_bytes = sv_slice(wire->rest, 0, (size_t)length);
    wire->rest = sv_slice(wire->rest, (size_t)length, wire->rest.len);
    return true;
}

static bool
read_field(struct wire *wire, struct wire_field *field)
{
    uint64_t tag;
    if (!varint(wire, &tag) || tag >> 3 == 0 || tag >> 3 > FIELD_NUMBER_MAX)
        return false;
    field->number = (uint32_t)(tag >> 3);
    field->value = 0;
    field->bytes = SV("");
    switch (tag & 7) {
    case WIRE_VARINT:
        field->type = WIRE_VARINT;
        return varint(wire, &field->value);
    case WIRE_FIXED64:
        field->type = WIRE_FIXED64;
        return fixed(wire, 8, &field->value);
    case WIRE_BYTES:
        field->type = WIRE_BYTES;
        return bytes_of(wire, &field->bytes);
    case WIRE_FIXED32:
        field->type = WIRE_FIXED32;
        return fixed(wire, 4, &field->value);
    default:
        return false;
    }
}

bool
wire_next(struct wire *wire, struct wire_field *ret_field)
{
    struct wire_field field;
    if (wire->broken || wire->rest.len == 0)
        return false;
    if (!read_field(wire, &field)) {
        wire->broken = true;
        return false;
    }
    *ret_field = field;
    return true;
}

bool
wire_find(struct wire *wire, uint32_t number, enum wire_type type, struct wire_field *ret_field)
{
    struct wire_field field;
    while (wire_next(wire, &field))
        if (field.number == number && field.type == type) {
            *ret_field = field;
            return true;
        }
    return false;
}

bool
wire_packed(struct sv *rest, enum wire_type type, uint64_t *ret_value)
{
    struct wire wire = wire_of(*rest);
    bool read = type == WIRE_VARINT  ? varint(&wire, ret_value)
                : type == WIRE_BYTES ? false
                                     : fixed(&wire, type == WIRE_FIXED64 ? 8 : 4, ret_value);
    if (read)
        *rest = wire.rest;
    return read;
}

double
wire_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

double
wire_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}
