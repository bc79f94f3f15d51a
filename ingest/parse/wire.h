/*
 * Protocol Buffers without a schema: the fields of one message, one after the other
 * (https://protobuf.dev/programming-guides/encoding/). A message inside is a field of bytes, read
 * by a reader of its own: how deep that goes is its caller's to limit. Groups, which nobody writes
 * any more, count as broken. Any bytes may come in: nothing outside of them is read.
 *
 * Ownership: fields point into the bytes of the message. One thread.
 */
#ifndef INGEST_PARSE_WIRE_H
#define INGEST_PARSE_WIRE_H

#include "base/sv.h"

enum wire_type {
    WIRE_VARINT = 0,
    WIRE_FIXED64 = 1,
    WIRE_BYTES = 2,
    WIRE_FIXED32 = 5,
};

struct wire {
    struct sv rest;
    bool broken; /* what followed is not a field: what was read before stands */
};

struct wire_field {
    uint32_t number; /* 1 to 2^29 - 1 */
    enum wire_type type;
    uint64_t value;  /* varint, fixed64 and fixed32 as they stand */
    struct sv bytes; /* of WIRE_BYTES; never absent */
};

static inline struct wire
wire_of(struct sv message)
{
    return (struct wire){message, false};
}

/* The next field; false at the end of the message, or where it is broken. */
bool wire_next(struct wire *wire, struct wire_field *ret_field);
/* The next field of this number and type, others passed over. */
bool
wire_find(struct wire *wire, uint32_t number, enum wire_type type, struct wire_field *ret_field);
/* The next of numbers that lie one after the other without tags (a packed field); false at their
 * end, and where they are broken, which leaves bytes over. */
bool wire_packed(struct sv *rest, enum wire_type type, uint64_t *ret_value);
/* The bits of a fixed64 as a double, of a fixed32 as a float. */
double wire_double(uint64_t bits);
double wire_float(uint32_t bits);

#endif
