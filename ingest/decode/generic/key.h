/*
 * Keys of JSON as their writers spell them, made alike: "lastReceived", "last_received" and
 * "LastReceived" are the words "last received". Any thread.
 */
#ifndef INGEST_DECODE_GENERIC_KEY_H
#define INGEST_DECODE_GENERIC_KEY_H

#include "base/sv.h"

#define KEY_BYTES_MAX 64 /* longer keys mean nothing to us */
#define KEY_WORDS_MAX 8

struct key {
    char text[KEY_BYTES_MAX]; /* lower case letters and digits, the words one after the other */
    size_t len;
    uint8_t starts[KEY_WORDS_MAX + 1]; /* of the words, and the end */
    size_t words;
};

/* False for a key that is too long, has too many words or none. What is not ASCII is left out. */
bool key_read(struct sv text, struct key *ret_key);
/* Two keys as one: the parent's and the child's words. False when that is too long. */
bool key_join(const struct key *parent, const struct key *child, struct key *ret_key);
/* All of it; one word; the words before the nth, or from it on. */
struct sv key_all(const struct key *key);
struct sv key_word(const struct key *key, size_t number);
struct sv key_before(const struct key *key, size_t number);
struct sv key_from(const struct key *key, size_t number);

#endif
