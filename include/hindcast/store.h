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
 * Delivery contract (see docs/delivery.md): offsets and rows commit in one transaction; the update
 * of evidence.stream comes last and compares epoch and offset, so a worker that lost a partition
 * cannot write for it.
 *
 * What can fail: everything. DB_DOWN, DB_AUTH, DB_SCHEMA, DB_QUERY, DB_CONFLICT, DB_FULL,
 * DB_READ_ONLY, DB_UNKNOWN, FENCED of errors.def.
 */
#ifndef HINDCAST_STORE_H
#define HINDCAST_STORE_H

#include "base/err.h"
#include "hindcast/batch.h"

struct store;

struct store_options {
    const char *conninfo; /* libpq connection string; "" takes PG* variables */
    const char *role;     /* SET ROLE after connecting; NULL: none */
    const char *application_name;
    int64_t connect_timeout_ns;
    bool check_schema; /* refuse a schema that is missing, too old or too new */
};

/* Opens the connection; the error never shows the password. */
int store_open(struct store **ret_store, const struct store_options *options,
               struct err *err) MUST_CHECK;
void store_close(struct store *store);
bool store_connected(const struct store *store);
/* The same after a look at the socket: has the server gone while nobody asked it anything? */
bool store_hung_up(struct store *store);
/*
 * From any thread: breaks the connection under a call that another thread is waiting in, which then
 * fails as it does when the network goes. Only while that call is known to be going on.
 */
void store_interrupt(struct store *store);
/* Drop a broken connection and open it again with the same options. */
int store_reconnect(struct store *store, struct err *err) MUST_CHECK;

/* ---- migrations (store/migrate.c) ---- */

struct migrate_result {
    int before, after; /* schema versions; 0 = empty database */
    int applied;
};
/* Apply all missing migrations under an advisory lock; checks the checksums of those applied. */
int
store_migrate(struct store *store, struct migrate_result *ret_result, struct err *err) MUST_CHECK;

/* ---- delivery (store/claim.c, store/commit.c) ---- */

/*
 * Claim a stream for this connection (rebalance: assigned): terminates the backend that holds it,
 * raises its epoch, reads where it stands; creates the row on first sight.
 */
int store_claim(struct store *store, const char *cluster_id, const char *topic, int32_t partition,
                const char *owner, struct stream *ret_stream, struct err *err) MUST_CHECK;
/* The topic was deleted and created again: begin a new incarnation, note the gap, claim it. */
int store_new_incarnation(struct store *store, struct stream *stream, const char *cluster_id,
                          const char *owner, struct err *err) MUST_CHECK;
/* Records that retention took, truncation, overflow: one row of evidence.source_gap. */
int store_note_gap(struct store *store, const struct stream *stream, int64_t from, int64_t to,
                   const char *kind, struct err *err) MUST_CHECK;
/* Rebalance: revoked. Clears the owner where it is still this connection. */
int store_release(struct store *store, const struct stream *streams, size_t count,
                  struct err *err) MUST_CHECK;
/*
 * Read without claiming: where does the row stand now? Where the epoch is still the stream's, its
 * `seq` and tail are brought up to date, so that a batch whose COMMIT had an unknown outcome can be
 * settled or sent again; next_offset is left for the caller to compare.
 */
int store_stream_read(struct store *store, struct stream *stream, int64_t *ret_epoch,
                      int64_t *ret_next_offset, struct err *err) MUST_CHECK;
/*
 * Which of the streams are not ours any more: another epoch, so somebody claimed them or wants them
 * read again. For who has nothing to write; who has learns it from store_commit().
 */
int store_streams_taken(struct store *store, const struct stream *streams, size_t count,
                        bool *ret_taken, struct err *err) MUST_CHECK;
/*
 * After a reconnect: ends the backend that held the stream for us before (it may still sit on rows,
 * unknown to itself that nobody listens) and has the row name this one, so that the next owner ends
 * the right one. Does nothing where the epoch is not the stream's any more.
 */
int store_own_again(struct store *store, const struct stream *stream, struct err *err) MUST_CHECK;
/* The tail check of this claim: was the stored tail record found unchanged? Shown to people only.
 */
int store_tail_checked(struct store *store, const struct stream *stream, bool verified,
                       struct err *err) MUST_CHECK;
/* store_stream_read() by name, newest incarnation; -1 when it was never claimed or holds nothing
 * yet. */
int store_stream_find(struct store *store, const char *cluster_id, const char *topic,
                      int32_t partition, int64_t *ret_next_offset, struct err *err) MUST_CHECK;

/*
 * Write the batch: BEGIN, COPY of every table, update of evidence.stream, COMMIT. On success the
 * `next_offset` and tail of each stream in `streams` are brought up to date. FENCED: rolled back;
 * `fenced` of those streams is set in ret_fenced (same order as streams). DB_UNKNOWN: resolve with
 * store_stream_read() after store_reconnect().
 *
 * Records whose rows PostgreSQL refuses are found and set aside (store/bisect.h): the batch counts
 * them as quarantined when this returns, also when it fails later for another reason.
 */
int store_commit(struct store *store, struct batch *batch, struct stream *streams,
                 size_t stream_count, bool *ret_fenced, struct err *err) MUST_CHECK;
/* Tell correlators that there is something new (NOTIFY), outside any transaction. */
int store_wake_correlator(struct store *store, struct err *err) MUST_CHECK;

/* ---- evidence (store/evidence.c) ---- */

struct coordinates {
    int64_t stream_id;
    int64_t offset;
    int32_t index; /* of the event in its record */
};

/* The raw record, out of its segment or, where retention took that, out of evidence.kept. */
struct raw_record {
    struct sv topic;
    int32_t incarnation;
    struct record record;       /* views into the arena */
    struct sha256 value_sha256; /* computed from the bytes read */
    struct sha256 root;         /* as stored */
    bool value_matches;         /* kept: the value still has the SHA-256 it was kept with */
    bool root_matches;          /* segment: the root of all its records is the one stored;
                                   kept: the Merkle path leads from that SHA-256 to the root */
    bool kept;                  /* out of evidence.kept */
    bool found;
    bool retired; /* not found, and retention removed the segment that held it */
};
int store_read_record(struct store *store, struct arena *arena, int64_t stream_id, int64_t offset,
                      struct raw_record *ret_record, struct err *err) MUST_CHECK;

/*
 * Failpoints exist in builds with HINDCAST_FAILPOINTS only: HINDCAST_FAILPOINT=name[:nth[:stop]]
 * kills (or stops) the process there. Names: failpoints.def.
 */

#endif
