/*
 * One PostgreSQL connection, and running the statements of sql/queries/ on it. Internal to store/:
 * the only header that shows libpq. One thread at a time.
 *
 * Errors: codes come from SQLSTATE and the state of the connection (see conn_error.c); messages
 * name the host and user, never the password.
 */
#ifndef STORE_CONN_H
#define STORE_CONN_H

#include <libpq-fe.h>

#include "hindcast/store.h"
#include "store/pg/column.h"
#include "store/pg/query.h"

#define STORE_DAYS 47482 /* 1970-01-01 to 2099-12-31 */

/* Set of days since 1970. */
struct day_set {
    uint8_t bits[(STORE_DAYS + 7) / 8];
};

static inline bool
day_in(const struct day_set *set, int32_t day)
{
    return day >= 0 && (set->bits[day / 8] & 1U << (day % 8)) != 0;
}

struct segment_cache;

/* Streams of one reader whose last segment stays unpacked; each takes a few MiB at most. */
#define STORE_SEGMENTS_HELD 16

struct store {
    PGconn *pg; /* NULL: closed */
    int socket; /* a second descriptor of pg's connection, for store_interrupt(); -1: none */
    char *conninfo;
    char *role;
    char *application_name;
    int64_t connect_timeout_ns;
    int64_t give_up_ns; /* monotonic: nothing is waited for longer; 0: not stopping */
    bool check_schema;
    bool asker;
    struct store_patience patience;
    /* Asks by a connection of its own who holds the lock that this one waits for; "": nobody. */
    void (*ask_holder)(const struct store *store, char *ret_holder, size_t size);
    char holder[240];     /* of the lock that the last statement waited for; "": none known */
    const char *decoding; /* what a claim says of it, see store_set_decoding(); NULL: nothing */
    char decoding_text[24];
    int64_t decoding_no;
    bool in_transaction;
    bool no_partition;      /* why the last statement failed: no partition takes the row */
    bool broken;            /* libpq takes it for open, but the server hung up: see store_fail() */
    int64_t clock_ns;       /* the server's time when clock_elapsed_ns() was 0, or TIME_NONE */
    char backend_start[64]; /* of this connection, as PostgreSQL prints it */
    bool prepared[QUERY_COUNT];
    struct day_set log_days; /* partitions known to exist */
    struct day_set segment_days;
    struct day_set kept_days; /* of this batch: their partitions take no more rows */
    struct segment_cache
        *segments[STORE_SEGMENTS_HELD]; /* evidence/record.c: read last, by stream */
};

/*
 * Run a statement of sql/queries/, prepared on first use, with `count` text parameters (NULL:
 * null). The result is in text form; the caller clears it.
 */
int store_sql(struct store *store, enum query query, const char *const *values, int count,
              PGresult **ret_result, struct err *err) MUST_CHECK;
/* The same with results in binary form, for bytes and arrays. */
int store_sql_binary(struct store *store, enum query query, const char *const *values, int count,
                     PGresult **ret_result, struct err *err) MUST_CHECK;
/* The same where rows do not matter; `ret_rows` may be NULL. */
int store_do(struct store *store, enum query query, const char *const *values, int count,
             int64_t *ret_rows, struct err *err) MUST_CHECK;
/* Several statements at once, without parameters: scripts and migrations. `what` is for messages.
 */
int
store_script(struct store *store, const char *text, const char *what, struct err *err) MUST_CHECK;

/* Transactions. Rollback of a lost connection is a no-op; it never fails. */
int store_begin(struct store *store, struct err *err) MUST_CHECK;
/* A lost connection here is DB_UNKNOWN; any other failure has rolled back. */
int store_end(struct store *store, struct err *err) MUST_CHECK;
void store_rollback(struct store *store);

/*
 * COPY in binary form by such a statement: begin (sends the header), rows, end
 * (sends the trailer). What fails while rows are sent is told by store_copy_end().
 */
int store_copy_begin(struct store *store, enum query query, struct err *err) MUST_CHECK;
void store_copy_put(struct store *store, struct sv bytes);
int store_copy_end(struct store *store, enum query query, struct err *err) MUST_CHECK;

/* conn_error.c: fill in err from a failed result or a broken connection. Returns -1. */
int store_fail(struct store *store, const PGresult *result, const char *what, struct err *err);
int store_connect_fail(PGconn *pg, const char *reason, struct err *err);

/* migrate.c: true if the schema fits this program. */
int store_check_schema(struct store *store, struct err *err) MUST_CHECK;

#endif
