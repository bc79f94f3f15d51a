/*
 * SHA-256 (FIPS 180-4) by OpenSSL, one-shot and in parts, and the hex form people see.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"

#define SHA256_BYTES 32
#define SHA256_HEX 64

struct sha256 {
    uint8_t bytes[SHA256_BYTES];
};

/* One part of what is hashed. */
struct sha256_part {
    const void *ptr;
    size_t len;
};

void sha256_of(const void *ptr, size_t len, struct sha256 *ret_digest);
/* The digest of the parts put one after the other. */
void sha256_of_parts(const struct sha256_part *parts, size_t count, struct sha256 *ret_digest);
/* The digest of bytes that come one after the other: begin, add, end. */
struct sha256_stream {
    uint64_t room[16]; /* of OpenSSL's context, whose size sha256.c checks */
};
void sha256_begin(struct sha256_stream *stream);
void sha256_add(struct sha256_stream *stream, const void *ptr, size_t len);
void sha256_end(struct sha256_stream *stream, struct sha256 *ret_digest);
/*
 * The digests of two texts in little more time than one takes, best of equal length. The texts may
 * be absent, and the digests may lie where the texts do.
 */
void sha256_pair(struct sv a, struct sv b, struct sha256 *ret_a, struct sha256 *ret_b);
/* True if this processor has what that takes; else they are made one after the other. */
bool sha256_pairs(void);
/* Lower-case hex with terminator. */
void sha256_hex(const struct sha256 *digest, char ret_text[SHA256_HEX + 1]);

#endif
