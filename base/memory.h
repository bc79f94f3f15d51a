/*
 * Memory from the heap that is there or ends the program: the one place that says what happens when
 * there is no more. What a sender controls is bounded elsewhere; a process that runs out of memory
 * within its bounds has nothing better to do than to stop with a message, and to be started again.
 * Any thread. free() gives it back.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

/* count * size bytes, cleared; one byte where that is nothing. */
void *memory_calloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* A copy; NULL stays NULL. */
char *memory_copy(const char *text) __attribute__((malloc));
/*
 * Room for `needed` items of `size` bytes: `old` where *room is enough, else moved, *room doubled
 * as often as it takes. The new items are cleared.
 */
void *memory_grow(void *old, size_t *room, size_t needed, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));
/* `old`, which may be NULL, moved to room for count * size bytes; what is new is not cleared. */
void *memory_resize(void *old, size_t count, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));
/* A text of its own, made as printf() does. */
char *memory_format(const char *format, ...)
    __attribute__((malloc, returns_nonnull, format(printf, 1, 2)));
char *memory_vformat(const char *format, va_list arguments)
    __attribute__((malloc, returns_nonnull, format(printf, 1, 0)));
/* What a library made, which is NULL only where it got no memory; ends the program then. */
void memory_need(const void *made);
/* Says how much was asked for, and aborts. */
void memory_out(size_t bytes) __attribute__((noreturn, cold));

#endif
