/*
 * SHA-256: see sha256.h. Safe on any thread: each has a digest context of its own.
 */
#include "base/sha256.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Making a context and finding the algorithm cost more than hashing a short record: both are done
 * once a thread. NULL: not available.
 */
static EVP_MD_CTX *
context(void)
{
    static _Thread_local EVP_MD_CTX *own;
    if (own != NULL)
        return EVP_DigestInit_ex2(own, NULL, NULL) == 1 ? own : NULL;
    EVP_MD *algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    own = EVP_MD_CTX_new();
    if (algorithm == NULL || own == NULL || EVP_DigestInit_ex2(own, algorithm, NULL) != 1)
        return NULL;
    return own;
}

void
sha256_of(const void *ptr, size_t len, struct sha256 *ret_digest)
{
    struct sha256_part part = {ptr, len};
    sha256_of_parts(&part, 1, ret_digest);
}

void
sha256_of_parts(const struct sha256_part *parts, size_t count, struct sha256 *ret_digest)
{
    EVP_MD_CTX *ctx = context();
    int good = ctx != NULL;
    for (size_t i = 0; good && i < count; i++)
        if (parts[i].len > 0)
            good = EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len) == 1;
    if (!good || EVP_DigestFinal_ex(ctx, ret_digest->bytes, NULL) != 1) {
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
