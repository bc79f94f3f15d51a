/*
 * Heap memory or the end: see memory.h. Any thread.
 */
#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 16

void
memory_out(size_t bytes)
{
    fprintf(stderr, "hindcast: out of memory: %zu bytes were asked for\n", bytes);
    abort();
}

static size_t
bytes_of(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count == 0 ? 1 : count, size == 0 ? 1 : size, &bytes))
        memory_out(SIZE_MAX);
    return bytes;
}

void *
memory_calloc(size_t count, size_t size)
{
    size_t bytes = bytes_of(count, size);
    void *memory = calloc(1, bytes);
    if (memory == NULL)
        memory_out(bytes);
    return memory;
}

char *
memory_copy(const char *text)
{
    char *copy = text == NULL ? NULL : strdup(text);
    if (copy == NULL && text != NULL)
        memory_out(strlen(text) + 1);
    return copy;
}

void *
memory_resize(void *old, size_t count, size_t size)
{
    size_t bytes = bytes_of(count, size);
    void *memory = realloc(old, bytes);
    if (memory == NULL)
        memory_out(bytes);
    return memory;
}

char *
memory_vformat(const char *format, va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        memory_out(strlen(format));
    return text;
}

char *
memory_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = memory_vformat(format, arguments);
    va_end(arguments);
    return text;
}

void
memory_need(const void *made)
{
    if (made == NULL)
        memory_out(1);
}

void *
memory_grow(void *old, size_t *room, size_t needed, size_t size)
{
    size_t grown = *room == 0 ? ROOM_FIRST : *room;
    assert((old == NULL) == (*room == 0) && size > 0); /* both are its owner's, and go together */
    if (old != NULL && needed <= *room)
        return old;
    while (grown < needed && grown <= SIZE_MAX / 2)
        grown *= 2;
    if (grown < needed)
        memory_out(SIZE_MAX);
    void *memory = memory_resize(old, grown, size);
    memset((char *)memory + *room * size, 0, (grown - *room) * size);
    *room = grown;
    return memory;
}
