/*
 * Opening, closing and reopening the connection: see conn.h and store.h. The owner of the store
 * calls it, on its thread; waits at most the connect timeout.
 */
#include "store/pg/conn.h"

#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/evidence/segment_cache.h"
#include "store/pg/waiting.h"

#define DEFAULT_TIMEOUT_NS (10 * NS_PER_S)

static char *
copy(const char *text)
{
    return memory_copy(text == NULL ? "" : text);
}

static void
ignore_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

static void
disconnect(struct store *store)
{
    PQfinish(store->pg);
    store->pg = NULL;
    if (store->socket >= 0)
        close(store->socket);
    store->socket = -1;
    store->in_transaction = false;
    store->broken = false;
    for (size_t i = 0; i < STORE_SEGMENTS_HELD; i++) {
        segment_cache_free(store->segments[i]);
        store->segments[i] = NULL;
    }
    memset(store->prepared, 0, sizeof(store->prepared));
}

/* libpq's own timeout does not hold for the asynchronous form, which is needed for verbose errors.
 */
static int
wait_connected(struct store *store, PGconn *pg, struct err *err)
{
    int64_t until = clock_after(store->connect_timeout_ns);
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    for (;;) {
        int64_t left = store_until(store, until) - clock_monotonic_ns();
        if (left <= 0)
            return store_connect_fail(pg, "no answer within the connect timeout", err);
        if (left > STORE_SLICE_NS)
            left = STORE_SLICE_NS;
        struct pollfd wait = {.fd = PQsocket(pg),
                              .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        if (poll(&wait, 1, (int)(left / NS_PER_MS) + 1) <= 0)
            continue;
        state = PQconnectPoll(pg);
        if (state == PGRES_POLLING_OK)
            return 0;
        if (state == PGRES_POLLING_FAILED)
            return store_connect_fail(pg, NULL, err);
    }
}

/* A malformed connection string is not echoed: it may hold the password. */
static int
check_conninfo(const char *conninfo, struct err *err)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    if (options == NULL) {
        err_set(err, ERR_CONFIG, "database.conninfo is not a connection string");
        return err_hint(err,
                        "write \"host=... dbname=... user=...\" or postgresql://user@host/dbname");
    }
    PQconninfoFree(options);
    return 0;
}

static int
start(struct store *store, struct err *err)
{
    const char *keywords[] = {
        "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "dbname",          "application_name",    "client_encoding",  NULL};
    const char *values[] = {"30",
                            "10",
                            "3",
                            "60000",
                            store->conninfo[0] == '\0' ? NULL : store->conninfo,
                            store->application_name,
                            "UTF8",
                            NULL};
    if (check_conninfo(store->conninfo, err) != 0)
        return -1;
    store->pg = PQconnectStartParams(keywords, values, 1);
    if (store->pg == NULL)
        return err_set(err, ERR_MEMORY, "no memory for a connection");
    PQsetErrorVerbosity(store->pg, PQERRORS_VERBOSE);
    if (PQstatus(store->pg) == CONNECTION_BAD)
        return store_connect_fail(store->pg, NULL, err);
    if (wait_connected(store, store->pg, err) != 0)
        return -1;
    store->socket = fcntl(PQsocket(store->pg), F_DUPFD_CLOEXEC, 0);
    PQsetErrorVerbosity(store->pg, PQERRORS_DEFAULT);
    PQsetNoticeReceiver(store->pg, ignore_notice, NULL);
    if (PQserverVersion(store->pg) < 150000)
        return err_set(err, ERR_DB_SCHEMA, "PostgreSQL 15 or newer is needed, this is %d",
                       PQserverVersion(store->pg) / 10000);
    return 0;
}

static int
settle(struct store *store, struct err *err)
{
    PGresult *result;
    if (store_script(store, store_query_text(QUERY_session), "setting up the session", err) != 0)
        return -1;
    /* Before SET ROLE: the activity view hides the times of backends of other roles. */
    if (store_sql(store, QUERY_backend_start, NULL, 0, &result, err) != 0)
        return -1;
    snprintf(store->backend_start, sizeof(store->backend_start), "%s", PQgetvalue(result, 0, 0));
    store->clock_ns = column_int(result, 0, 1) * NS_PER_US - clock_elapsed_ns();
    PQclear(result);
    if (store->check_schema && store_check_schema(store, err) != 0)
        return -1;
    if (store->role[0] == '\0')
        return 0;
    return store_do(store, QUERY_set_role, (const char *[]){store->role}, 1, NULL, err);
}

static int
establish(struct store *store, struct err *err)
{
    if (start(store, err) == 0 && settle(store, err) == 0)
        return 0;
    disconnect(store);
    return -1;
}

static void ask_holder(const struct store *store, char *ret_holder, size_t size);

int
store_open(struct store **ret_store, const struct store_options *options, struct err *err)
{
    struct store *store = memory_calloc(1, sizeof(*store));
    store->socket = -1;
    store->clock_ns = TIME_NONE;
    store->conninfo = copy(options->conninfo);
    store->role = copy(options->role);
    store->application_name =
        copy(options->application_name == NULL ? "hindcast" : options->application_name);
    store->connect_timeout_ns =
        options->connect_timeout_ns > 0 ? options->connect_timeout_ns : DEFAULT_TIMEOUT_NS;
    store->check_schema = options->check_schema;
    store->asker = options->asker;
    store->patience = options->patience;
    store->ask_holder = ask_holder;
    if (establish(store, err) != 0) {
        store_close(store);
        return -1;
    }
    *ret_store = store;
    return 0;
}

void
store_close(struct store *store)
{
    if (store == NULL)
        return;
    disconnect(store);
    free(store->conninfo);
    free(store->role);
    free(store->application_name);
    free(store);
}

/* "" when nobody is in the way, or when it cannot be found out. */
static void
ask_holder(const struct store *store, char *ret_holder, size_t size)
{
    struct store_options options = {.conninfo = store->conninfo,
                                    .application_name = "hindcast lock question",
                                    .connect_timeout_ns = STORE_ASKER_NS,
                                    .asker = true};
    struct store *asker;
    struct err ignored;
    PGresult *result;
    char pid[INT_TEXT];
    const char *values[] = {int_text(PQbackendPID(store->pg), pid)};
    ret_holder[0] = '\0';
    if (store_open(&asker, &options, &ignored) != 0)
        return;
    if (store_sql(asker, QUERY_lock_holder, values, 1, &result, &ignored) == 0) {
        if (PQntuples(result) == 1)
            snprintf(ret_holder, size, "%s", PQgetvalue(result, 0, 0));
        PQclear(result);
    }
    store_close(asker);
}

int
store_reconnect(struct store *store, struct err *err)
{
    disconnect(store);
    memset(&store->log_days, 0, sizeof(store->log_days));
    memset(&store->segment_days, 0, sizeof(store->segment_days));
    return establish(store, err);
}
