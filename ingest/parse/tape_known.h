/*
 * Keys that are known already: most records of a topic hold the same keys in the same order, so the
 * nth key is guessed to be the nth of the last text: a comparison instead of a scan and a look-up.
 * What a key leads to changes only where more fields are registered: then all guesses are
 * forgotten. So a guess can be wrong (and costs a little) but never misleads. Private to
 * tape_scan.c, whose texts are padded; each thread has its own.
 */
#ifndef INGEST_PARSE_TAPE_KNOWN_H
#define INGEST_PARSE_TAPE_KNOWN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define KNOWN_KEYS 64
#define KNOWN_BYTES 32 /* with the quotes and the colon */

struct known_key {
    char text[KNOWN_BYTES];
    uint32_t mask; /* a bit for each byte of the text; 0: nothing known */
    int32_t parent, field;
};

static _Thread_local struct known_key known_keys[KNOWN_KEYS];
static _Thread_local size_t known_edges; /* when they were guessed */

/* Before a text: `edges` are those of tape_edge_count(). */
static inline void
known_keys_check(size_t edges)
{
    if (known_edges == edges)
        return;
    memset(known_keys, 0, sizeof(known_keys));
    known_edges = edges;
}

/* Where the key that is known ends behind its colon; NULL when another one stands at `at`. */
static inline const char *
known_key_end(const struct known_key *known, const char *at, int parent)
{
    uint32_t mask = known->mask;
    if (mask == 0 || known->parent != parent)
        return NULL;
#ifdef __SSE2__
    const __m128i *here = (const __m128i *)(const void *)at;
    const __m128i *there = (const __m128i *)(const void *)known->text;
    __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(here), _mm_loadu_si128(there));
    __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(here + 1), _mm_loadu_si128(there + 1));
    uint32_t same = (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
    return (~same & mask) == 0 ? at + 32 - __builtin_clz(mask) : NULL;
#else
    size_t len = 32 - (size_t)__builtin_clz(mask);
    return memcmp(at, known->text, len) == 0 ? at + len : NULL;
#endif
}

/* A key without escapes from its quote to behind its colon. */
static void
know_key(struct known_key *known, const char *from, const char *to, int parent, int field)
{
    size_t len = (size_t)(to - from);
    if (len > KNOWN_BYTES)
        return;
    memcpy(known->text, from, KNOWN_BYTES); /* the text is padded */
    known->mask = UINT32_MAX >> (KNOWN_BYTES - len);
    known->parent = parent;
    known->field = field;
}

#endif
