/*
 * Fills a new topic with numbered records, for measurements. The key of a record is its number, so
 * that who reads it back knows which one it is. One thread.
 */
#ifndef TESTS_FILLTOPIC_H
#define TESTS_FILLTOPIC_H

#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

struct filltopic {
    const char *brokers, *topic;
    const char *codec; /* librdkafka's compression.codec: none, lz4, zstd ... */
    int32_t partitions;
    uint64_t count;
    /* Puts the value of a record into the empty buffer: a pure function of the number. */
    void (*make)(void *opaque, uint64_t number, struct strbuf *out);
    void *opaque;
};

/* ret_bytes: length of all values. 0, or -1 with an error. */
int filltopic(const struct filltopic *fill, uint64_t *ret_bytes, struct err *err) MUST_CHECK;

#endif
