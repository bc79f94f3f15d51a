/*
 * The frame of a record: how a segment holds it, and the digest of what the producer handed over.
 * Internal to store/; pure.
 *
 * Numbers in network byte order: timestamp type (1 byte), time in ns (8), key, number of headers
 * (4), each header's name and value, value. Bytes are a length (4; -1: absent) and the bytes.
 *
 * The front of a frame is all before the bytes of the value: leaves cover it (leaf.h). The frame
 * digest chooses between deliveries: SHA-256 of the front after the time (key, headers, length of
 * the value) and of SHA-256(value). In both the value is hashed once, and "no value" and "no bytes"
 * differ by their length. The timestamp is not in the digest, because a broker may set it on
 * arrival.
 */
#ifndef STORE_FRAME_H
#define STORE_FRAME_H

#include "hindcast/record.h"

size_t frame_front_size(const struct record *record);
size_t frame_size(const struct record *record);
/* Both write as many bytes as their size says, and return where the next one goes. Of the value the
 * front needs the length only. */
char *frame_put_front(char *at, const struct record *record);
char *frame_put(char *at, const struct record *record);

/* The front within a whole frame whose value has this length. */
static inline struct sv
frame_front(struct sv frame, size_t value_len)
{
    return sv_slice(frame, 0, frame.len - value_len);
}

void frame_digest(struct sv front, const struct sha256 *value_digest, struct sha256 *ret_digest);

#endif
