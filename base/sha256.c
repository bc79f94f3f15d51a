/*
 * SHA-256: see sha256.h. Pure functions, any thread.
 *
 * OpenSSL's EVP interface spends as long on finding its way as on hashing a short text, and a
 * record with evidence takes three hashes; the plain functions are deprecated, but part of
 * every 3.x.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

void
sha256_of(const void *ptr, size_t len, struct sha256 *ret_digest)
{
    struct sha256_part part = {ptr, len};
    sha256_of_parts(&part, 1, ret_digest);
}

static void
need(int good)
{
    if (good == 1)
        return;
    fprintf(stderr, "hindcast: SHA-256 is not available in this OpenSSL\n");
    abort();
}

void
sha256_of_parts(const struct sha256_part *parts, size_t count, struct sha256 *ret_digest)
{
    SHA256_CTX context;
    need(SHA256_Init(&context));
    for (size_t i = 0; i < count; i++)
        if (parts[i].len > 0)
            need(SHA256_Update(&context, parts[i].ptr, parts[i].len));
    need(SHA256_Final(ret_digest->bytes, &context));
}

static SHA256_CTX *
context_of(struct sha256_stream *stream)
{
    _Static_assert(sizeof(SHA256_CTX) <= sizeof(stream->room), "a context has its room");
    return (SHA256_CTX *)(void *)stream->room;
}

void
sha256_begin(struct sha256_stream *stream)
{
    need(SHA256_Init(context_of(stream)));
}

void
sha256_add(struct sha256_stream *stream, const void *ptr, size_t len)
{
    need(SHA256_Update(context_of(stream), ptr, len));
}

void
sha256_end(struct sha256_stream *stream, struct sha256 *ret_digest)
{
    need(SHA256_Final(ret_digest->bytes, context_of(stream)));
}

void
sha256_hex(const struct sha256 *digest, char ret_text[SHA256_HEX + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        ret_text[2 * i] = digits[digest->bytes[i] >> 4];
        ret_text[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    ret_text[SHA256_HEX] = '\0';
}
