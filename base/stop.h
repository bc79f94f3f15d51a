/*
 * A flag with which one thread, or a signal, asks others to stop: false until it is asked for, then
 * true for good. Whoever loops looks at it with this; NULL is a flag that nobody ever raises.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>
#include <stddef.h>

static inline bool
stop_asked(const volatile bool *stop)
{
    return stop != NULL && __atomic_load_n(stop, __ATOMIC_SEQ_CST);
}

#endif
