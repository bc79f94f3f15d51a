/*
 * Decoding a value as ingest does, in one call: for tests of detection and decoders. One thread.
 */
#ifndef TESTS_DECODETAKE_H
#define TESTS_DECODETAKE_H

#include "hindcast/decoder.h"

/* What became of the last value; views live until the next one, or until decoded_drop(). */
struct decoded {
    struct decode_result result;
    const struct event *events;
    size_t count;
};

/* Without headers, Kafka's time being 2026-03-01T10:00:00Z. */
struct decoded decode_value(struct sv value);
struct decoded decode_text(const char *value);
struct decoded decode_with(struct sv value, const struct decode_options *options,
                           const struct header *headers, size_t header_count);
void decoded_drop(void);

#endif
