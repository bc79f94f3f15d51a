/*
 * The fixtures of the decoders: tests/fixtures/<kind>/<format>/<case>/ holds the value of one
 * record (input.*) and, where they matter, `headers` ("name: value" lines), `key` and `kafka_time`
 * (RFC 3339). Tests run in the root of the tree.
 */
#ifndef TESTS_FIXTURES_H
#define TESTS_FIXTURES_H

#include "hindcast/decoder.h"

#define FIXTURE_HEADERS_MAX 16

struct fixture {
    char path[300];
    struct sv input, key;
    struct header headers[FIXTURE_HEADERS_MAX];
    size_t header_count;
    int64_t kafka_time_ns;
};

extern struct fixture *fixtures; /* by path */
extern size_t fixture_count;
extern struct arena fixture_arena; /* of all of them */

/* Set-up and tear-down of a group of tests. */
int fixtures_find(void **state);
int fixtures_drop(void **state);
/* A file of a fixture; SV_NONE when there is none. */
struct sv fixture_file(struct arena *arena, const char *folder, const char *name);
/* The record, with this value. */
struct record fixture_record(const struct fixture *fixture, struct sv value);

#endif
