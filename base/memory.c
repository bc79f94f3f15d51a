/*
 * Heap memory or the end: see memory.h. Any thread.
 */
#include "base/memory.h"

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

void *
memory_calloc(size_t count, size_t size)
{
    void *memory = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
    if (memory == NULL)
        memory_out(size != 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size);
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
memory_grow(void *old, size_t *room, size_t needed, size_t size)
{
    size_t grown = *room == 0 ? ROOM_FIRST : *room;
    if (old != NULL && needed <= *room)
        return old;
    while (grown < needed && grown <= SIZE_MAX / 2)
        grown *= 2;
    if (grown < needed || grown > SIZE_MAX / size)
        memory_out(SIZE_MAX);
    void *memory = reallocarray(old, grown, size);
    if (memory == NULL)
        memory_out(grown * size);
    memset((char *)memory + *room * size, 0, (grown - *room) * size);
    *room = grown;
    return memory;
}
