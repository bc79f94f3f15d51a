/*
 * Waiting for news: LISTEN, then the socket, in slices short enough to notice a stop. Called by
 * `correlate --follow` on its own thread.
 */
#include <errno.h>
#include <poll.h>

#include "hindcast/casebook.h"
#include "store/pg/conn.h"

#define SLICE_MS 200

static bool
announced(struct store *store)
{
    bool any = false;
    for (PGnotify *note; (note = PQnotifies(store->pg)) != NULL;) {
        PQfreemem(note);
        any = true;
    }
    return any;
}

int
casebook_wait(struct store *store, int64_t timeout_ns, const volatile bool *stop, struct err *err)
{
    int64_t until = clock_after(timeout_ns);
    /* Again on each call: a connection that was opened anew does not listen yet. */
    if (store_do(store, QUERY_casebook_listen, NULL, 0, NULL, err) != 0)
        return -1;
    while (!announced(store)) {
        int64_t left = until - clock_monotonic_ns();
        if (left <= 0 || (stop != NULL && *stop))
            return 0;
        int wait = left / NS_PER_MS < SLICE_MS ? (int)(left / NS_PER_MS) + 1 : SLICE_MS;
        struct pollfd readable = {.fd = PQsocket(store->pg), .events = POLLIN};
        if (poll(&readable, 1, wait) < 0 && errno != EINTR)
            return err_set_errno(err, ERR_INTERNAL, errno, "waiting for PostgreSQL");
        if (PQconsumeInput(store->pg) == 0)
            return err_set(err, ERR_DB_DOWN, "the connection to PostgreSQL was lost");
    }
    return 0;
}
