/*
 * The store: every conversation with PostgreSQL. A `struct store` is one connection; it belongs to
 * one thread at a time, and its owner decides about retries: a call either succeeds, or fails with
 * an error whose code says whether waiting may help (err_retriable) and leaves the connection
 * either usable or closed (store_connected() tells). Nothing here logs and nothing here sleeps; the
 * waiting is in retry.h, in one place.
 *
 * SQL is in sql/queries/NAME.sql, embedded at build time, prepared once per connection on first
 * use.
 *
 * What is asked of a store stands in a header of its own for each subject: migrate.h, delivery.h,
 * evidence.h, casebook.h, retention.h.
 *
 * What can fail: everything. DB_DOWN, DB_AUTH, DB_SCHEMA, DB_QUERY, DB_CONFLICT, DB_FULL,
 * DB_READ_ONLY, DB_UNKNOWN, FENCED of errors.def.
 */
#ifndef HINDCAST_STORE_H
#define HINDCAST_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct store;

/*
 * What to do about locks that others hold. Where a statement waits for one for more than a second,
 * `tell` is given who holds it ("backend 4711 (role ana, psql, in a transaction since ...)", one
 * line of printable ASCII), again when that changes, and NULL once the wait is over; where
 * `stopping` says that the program is to end, the statement is given up two seconds later with
 * DB_CONFLICT; a server that does not answer, be it to a connection, is given up STORE_GIVE_UP_NS
 * later, as if it had gone. Both are called on the thread of the store and may be NULL; then the
 * wait has no end but that of the process.
 */
struct store_patience {
    bool (*stopping)(void *opaque);
    void (*tell)(void *opaque, const char *holder);
    void *opaque;
};

#define STORE_GIVE_UP_NS (INT64_C(4) * 1000 * 1000 * 1000)

struct store_options {
    const char *conninfo; /* libpq connection string; "" takes PG* variables */
    const char *role;     /* SET ROLE after connecting; NULL: none */
    const char *application_name;
    int64_t connect_timeout_ns;
    bool check_schema; /* refuse a schema that is missing, too old or too new */
    bool asker;        /* just to look: no answer is waited for longer than two seconds */
    struct store_patience patience;
};

/* Opens the connection; the error never shows the password. */
int store_open(struct store **ret_store, const struct store_options *options,
               struct err *err) MUST_CHECK;
void store_close(struct store *store);
bool store_connected(const struct store *store);
/* What time it is on the server, by what it said when it was connected to; TIME_NONE: never. */
int64_t store_now_ns(const struct store *store);
/* The same after a look at the socket: true if the server has gone while nobody asked it anything.
 */
bool store_hung_up(struct store *store);
/*
 * From any thread: breaks the connection under a call that another thread is waiting in, which then
 * fails as it does when the network goes. Only while that call is known to be going on.
 */
void store_interrupt(struct store *store);
/* Drop a broken connection and open it again with the same options. */
int store_reconnect(struct store *store, struct err *err) MUST_CHECK;

/*
 * Everything read between the two is of one moment, whatever others commit meanwhile, and nothing
 * can be written: one transaction, REPEATABLE READ and READ ONLY. It keeps nobody waiting, but
 * vacuum cannot remove what it may still see. A connection that is lost within fails each question
 * after it; an end without a failed question means that all was read.
 */
enum store_reading {
    READ_DERIVED, /* what is derived, and where streams stand */
    READ_RECORDS, /* also lines and raw records: retention takes none of their partitions away */
};
int store_read_begin(struct store *store, enum store_reading what, struct err *err) MUST_CHECK;
void store_read_end(struct store *store);

/*
 * Failpoints exist in builds with HINDCAST_FAILPOINTS only: HINDCAST_FAILPOINT=name[:nth[:stop]]
 * kills (or stops) the process there. Names: failpoints.def.
 */

#endif
