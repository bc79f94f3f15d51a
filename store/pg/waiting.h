/*
 * Waiting for PostgreSQL's answers: the one place of store/ where a statement is sent and its
 * result awaited. Where the answer does not come because others hold a lock, this finds out who,
 * tells it (see struct store_patience), and gives the statement up when the program is to end; so
 * it does with a server that does not answer. Internal to store/; the thread of the connection.
 *
 * The results are those of PQexec(), PQexecPrepared() and PQprepare(): NULL when nothing could be
 * sent, else the last one, to be cleared by the caller. A statement that was given up has failed
 * with SQLSTATE 57014.
 */
#ifndef STORE_WAITING_H
#define STORE_WAITING_H

#include "store/pg/conn.h"

PGresult *store_exec(struct store *store, const char *sql);
PGresult *store_exec_prepared(struct store *store, const char *id, const char *const *values,
                              int count, int format);
PGresult *store_prepare(struct store *store, const char *id, const char *sql);
/* The next result of what was sent, as PQgetResult() gives it: NULL when there is none left. */
PGresult *store_next_result(struct store *store);
/* `until_ns` (monotonic), or sooner when the program is to stop. May become less meanwhile. */
int64_t store_until(struct store *store, int64_t until_ns);
#define STORE_SLICE_NS (100 * NS_PER_MS) /* between two looks at whether to stop */
#define STORE_ASKER_NS (2 * NS_PER_S)    /* what the question who holds a lock may take */

#endif
