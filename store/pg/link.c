/*
 * Is the connection there, and breaking it from outside: see hindcast/store.h. store_interrupt() is
 * called on any thread, the others on the connection's.
 */
#include "store/pg/conn.h"

#include <poll.h>
#include <sys/socket.h>

bool
store_connected(const struct store *store)
{
    return store->pg != NULL && !store->broken && PQstatus(store->pg) == CONNECTION_OK;
}

int64_t
store_now_ns(const struct store *store)
{
    return store->clock_ns == TIME_NONE ? TIME_NONE : store->clock_ns + clock_elapsed_ns();
}

bool
store_hung_up(struct store *store)
{
    if (!store_connected(store))
        return true;
    struct pollfd look = {.fd = PQsocket(store->pg), .events = POLLIN};
    /* An idle server says nothing but that it goes away. */
    if (poll(&look, 1, 0) > 0)
        (void)PQconsumeInput(store->pg);
    return !store_connected(store);
}

void
store_interrupt(struct store *store)
{
    if (store->socket >= 0)
        (void)shutdown(store->socket, SHUT_RDWR);
}
