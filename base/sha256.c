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

void
sha256_of_parts(const struct sha256_part *parts, size_t count, struct sha256 *ret_digest)
{
    SHA256_CTX context;
    int good = SHA256_Init(&context);
    for (size_t i = 0; good == 1 && i < count; i++)
        if (parts[i].len > 0)
            good = SHA256_Update(&context, parts[i].ptr, parts[i].len);
    if (good != 1 || SHA256_Final(ret_digest->bytes, &context) != 1) {
        fprintf(stderr, "hindcast: SHA-256 is not available in this OpenSSL\n");
        abort();
    }
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
