/*
 * Arena: see arena.h. A chain of blocks; a request larger than a block gets a block of its own.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define DEFAULT_BLOCK ((size_t)64 * 1024)
#define BLOCKS_KEPT_MAX 16

struct arena_block {
    struct arena_block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

void
arena_init(struct arena *arena, size_t block_bytes)
{
    *arena = (struct arena){.block_bytes = block_bytes == 0 ? DEFAULT_BLOCK : block_bytes};
}

void
arena_release(struct arena *arena)
{
    struct arena_block *block = arena->first;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena_init(arena, arena->block_bytes);
}

/*
 * Blocks of the usual size are kept, up to a number; one made for a large request would not fit the
 * next one that is a little larger, so keeping it would only pile up.
 */
void
arena_reset(struct arena *arena)
{
    struct arena_block **link = &arena->first;
    size_t kept = 0;
    while (*link != NULL) {
        struct arena_block *block = *link;
        if (block->size > arena->block_bytes || kept == BLOCKS_KEPT_MAX) {
            *link = block->next;
            free(block);
            continue;
        }
        block->used = 0;
        kept++;
        link = &block->next;
    }
    arena->current = arena->first;
    arena->used_bytes = 0;
}

static struct arena_block *
block_new(size_t size)
{
    struct arena_block *block = memory_resize(NULL, sizeof(*block) + size, 1);
    *block = (struct arena_block){.size = size};
    return block;
}

static struct arena_block *
block_with_room(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->current;
    while (block != NULL && block->size - block->used < size) {
        if (block->next == NULL)
            break;
        block = block->next;
    }
    if (block == NULL || block->size - block->used < size) {
        assert(arena->block_bytes > 0); /* arena_init() comes first */
        struct arena_block *fresh =
            block_new(size > arena->block_bytes ? size : arena->block_bytes);
        if (block == NULL)
            arena->first = fresh;
        else
            block->next = fresh;
        block = fresh;
    }
    arena->current = block;
    return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    size_t step = alignof(max_align_t);
    assert(size <= SIZE_MAX - step);
    size_t rounded = (size + step - 1) & ~(step - 1);
    if (rounded == 0)
        rounded = step;
    struct arena_block *block = block_with_room(arena, rounded);
    assert(block->used <= block->size && block->size - block->used >= rounded);
    void *result = block->bytes + block->used;
    block->used += rounded;
    arena->used_bytes += rounded;
    return result;
}

void *
arena_calloc(struct arena *arena, size_t count, size_t size)
{
    size_t total = 0;
    bool overflow = __builtin_mul_overflow(count, size, &total);
    assert(!overflow);
    (void)overflow;
    void *result = arena_alloc(arena, total);
    memset(result, 0, total);
    return result;
}

struct sv
arena_copy(struct arena *arena, struct sv view)
{
    if (view.ptr == NULL)
        return SV_NONE;
    return sv_of(arena_strdup(arena, view), view.len);
}

char *
arena_strdup(struct arena *arena, struct sv view)
{
    char *copy = arena_alloc(arena, view.len + 1);
    if (view.len > 0)
        memcpy(copy, view.ptr, view.len);
    copy[view.len] = '\0';
    return copy;
}

struct sv
arena_hex(struct arena *arena, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *from = bytes;
    char *to = arena_alloc(arena, 2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        to[2 * i] = digits[from[i] >> 4];
        to[2 * i + 1] = digits[from[i] & 15];
    }
    to[2 * len] = '\0';
    return sv_of(to, 2 * len);
}

struct sv
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return sv_of(text, (size_t)length);
}
