/*
 * Arena: memory that is given back all at once. One arena belongs to one thread and mostly to one
 * batch: everything decoded from its records lives here and is dropped by arena_reset() after the
 * commit. Allocation never returns NULL: past `max_bytes` it fails through arena_alloc_or(), and a
 * program that runs out of memory inside its own limits stops with a clear message.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sv.h"

struct arena_block;

struct arena {
    struct arena_block *first;
    struct arena_block *current;
    size_t block_bytes;
    size_t used_bytes; /* handed out since the last reset */
};

/* `block_bytes`: how much is asked of malloc at a time; 0 takes 64 KiB. */
void arena_init(struct arena *arena, size_t block_bytes);
void arena_release(struct arena *arena);
/* Everything handed out becomes invalid; the blocks are kept for the next batch. */
void arena_reset(struct arena *arena);

/* `size` bytes, aligned for any type, not cleared. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
/* count * size bytes, cleared; asserts that the product does not overflow. */
void *arena_calloc(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));
struct sv arena_copy(struct arena *arena, struct sv view);
/* The bytes as lower-case hex. */
struct sv arena_hex(struct arena *arena, const void *bytes, size_t len);
/* A terminated copy. */
char *arena_strdup(struct arena *arena, struct sv view);
struct sv
arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, type) ((type *)arena_calloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_calloc((arena), (count), sizeof(type)))

#endif
