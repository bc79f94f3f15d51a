/*
 * Awaiting answers, and asking who is in the way: see waiting.h. A second connection asks, because
 * the first one waits; it is opened when an answer is late and closed again.
 */
#include "store/pg/waiting.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define SLICE_MS 100
/* Before the lock_timeout of DDL (2 s), so that its failure can name the holder. */
#define ASK_AFTER_NS NS_PER_S
#define ASK_AGAIN_NS (10 * NS_PER_S)
/* A lock that is given back soon shall not spoil the last commit of a program that ends. */
#define STOP_GRACE_NS (2 * NS_PER_S)

struct wait {
    int64_t since_ns, asked_ns, stop_ns; /* 0: not yet */
    bool told, cancelled;
};

static void
cancel(struct store *store, struct wait *wait)
{
    char ignored[256];
    PGcancel *request = PQgetCancel(store->pg);
    wait->cancelled = request != NULL && PQcancel(request, ignored, sizeof(ignored)) != 0;
    PQfreeCancel(request);
}

static bool
stopping(const struct store *store)
{
    return store->patience.stopping != NULL && store->patience.stopping(store->patience.opaque);
}

int64_t
store_until(struct store *store, int64_t until_ns)
{
    if (store->give_up_ns == 0 && stopping(store))
        store->give_up_ns = clock_after(STORE_GIVE_UP_NS);
    return store->give_up_ns != 0 && store->give_up_ns < until_ns ? store->give_up_ns : until_ns;
}

/* No answer for a while: looks who is in the way. */
static void
look(struct store *store, struct wait *wait)
{
    char holder[sizeof(store->holder)];
    int64_t now = clock_monotonic_ns();
    if (store->asker) {
        if (now - wait->since_ns > STORE_ASKER_NS)
            store_interrupt(store);
        return;
    }
    if (now >= store_until(store, INT64_MAX)) {
        store_interrupt(
            store); /* nobody in the way, or one that stays there: a server that hangs */
        return;
    }
    if (wait->stop_ns == 0 && stopping(store))
        wait->stop_ns = now;
    bool give_up = !wait->cancelled && wait->stop_ns != 0 && now - wait->stop_ns >= STOP_GRACE_NS;
    bool due = wait->asked_ns == 0 ? now - wait->since_ns >= ASK_AFTER_NS
                                   : now - wait->asked_ns >= ASK_AGAIN_NS;
    due = due && wait->stop_ns == 0; /* asking takes time, too */
    if (!due && !(give_up && now - wait->asked_ns >= ASK_AFTER_NS))
        return;
    store->ask_holder(store, holder, sizeof(holder));
    wait->asked_ns = clock_monotonic_ns();
    if (holder[0] == '\0')
        return;
    if (strcmp(holder, store->holder) != 0 && store->patience.tell != NULL) {
        store->patience.tell(store->patience.opaque, holder);
        wait->told = true;
    }
    snprintf(store->holder, sizeof(store->holder), "%s", holder);
    if (give_up)
        cancel(store, wait);
}

/* Until PQgetResult() need not wait. */
static void
await(struct store *store, struct wait *wait)
{
    while (PQisBusy(store->pg) != 0) {
        struct pollfd readable = {.fd = PQsocket(store->pg), .events = POLLIN};
        if (readable.fd < 0)
            return;
        if (poll(&readable, 1, SLICE_MS) > 0) {
            if (PQconsumeInput(store->pg) == 0)
                return;
        } else {
            look(store, wait);
        }
    }
}

static PGresult *
next_result(struct store *store, struct wait *wait)
{
    await(store, wait);
    if (wait->told)
        store->patience.tell(store->patience.opaque, NULL);
    wait->told = false;
    return PQgetResult(store->pg);
}

PGresult *
store_next_result(struct store *store)
{
    struct wait wait = {.since_ns = clock_monotonic_ns()};
    return next_result(store, &wait);
}

/* The last result, as PQexec() gives it; a COPY is left open. */
static PGresult *
answer(struct store *store, int sent)
{
    struct wait wait = {.since_ns = clock_monotonic_ns()};
    PGresult *last = NULL, *next;
    if (sent == 0)
        return NULL;
    while ((next = next_result(store, &wait)) != NULL) {
        PQclear(last);
        last = next;
        if (PQresultStatus(next) == PGRES_COPY_IN || PQstatus(store->pg) == CONNECTION_BAD)
            break;
    }
    return last;
}

PGresult *
store_exec(struct store *store, const char *sql)
{
    store->holder[0] = '\0';
    return answer(store, PQsendQuery(store->pg, sql));
}

PGresult *
store_exec_prepared(struct store *store, const char *id, const char *const *values, int count,
                    int format)
{
    store->holder[0] = '\0';
    return answer(store, PQsendQueryPrepared(store->pg, id, count, values, NULL, NULL, format));
}

PGresult *
store_prepare(struct store *store, const char *id, const char *sql)
{
    store->holder[0] = '\0';
    return answer(store, PQsendPrepare(store->pg, id, sql, 0, NULL));
}
