/*
 * Opening the store for a use case, see open.h.
 */
#include "app/open.h"

#include <stdio.h>

#include "base/stop.h"
#include "base/text/visible.h"

static bool
stopping(void *opaque)
{
    return stop_asked(opaque);
}

static void
tell(void *opaque, const char *holder)
{
    (void)opaque;
    if (holder != NULL)
        visible_line(stderr, "hindcast: waiting for a lock held by %s", holder);
}

struct store_patience
open_patience(const volatile bool *stop)
{
    /* Only read again, as what it is, by stopping(). */
    return (struct store_patience){.stopping = stopping, .tell = tell, .opaque = (void *)stop};
}

int
open_store(const struct config *config, enum store_role role, const volatile bool *stop,
           struct store **ret_store, struct err *err)
{
    struct store_options options = store_options_for(config, role, "hindcast");
    options.patience = open_patience(stop);
    return store_open(ret_store, &options, err);
}

int
open_reader(const struct config *config, enum store_reading what, const volatile bool *stop,
            struct store **ret_store, struct err *err)
{
    struct store *store;
    if (open_store(config, STORE_CORRELATE, stop, &store, err) != 0)
        return -1;
    if (store_read_begin(store, what, err) != 0) {
        store_close(store);
        return -1;
    }
    *ret_store = store;
    return 0;
}
