/*
 * When what waits is to be correlated: see flood_due.h.
 */
#include "app/flood_due.h"

#include "base/clock.h"
#include "correlate/stored/floods.h"

int64_t
flood_now_ms(void *context)
{
    (void)context;
    return clock_now_ns() / NS_PER_MS;
}

int
flood_due(struct store *store, struct sv scope, bool all, bool *ret_due, int64_t *wake_ms,
          struct err *err)
{
    struct arena arena;
    struct group_flood *floods;
    size_t count = 0;
    arena_init(&arena, 0);
    int status = floods_of_scope(store, &arena, scope, &floods, &count, err);
    int64_t now = flood_now_ms(NULL);
    *ret_due = false;
    for (size_t i = 0; status == 0 && i < count; i++) {
        int64_t due = flood_due_ms(&flood_limits_default, &floods[i]);
        if (all || flood_is_due(&flood_limits_default, &floods[i], now))
            *ret_due = true;
        else if (due < *wake_ms)
            *wake_ms = due;
    }
    arena_release(&arena);
    return status;
}
