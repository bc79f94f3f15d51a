/*
 * Delivery: streams are claimed, batches committed, gaps noted (store/delivery/claim.c,
 * store/delivery/commit.c). Called by the workers of ingest, each with a connection of its own.
 *
 * The contract (see docs/delivery.md): offsets and rows commit in one transaction; the update of
 * evidence.stream comes last and compares epoch and offset, so a worker that lost a partition
 * cannot write for it.
 */
#ifndef HINDCAST_DELIVERY_H
#define HINDCAST_DELIVERY_H

#include "hindcast/batch.h"
#include "hindcast/store.h"

/*
 * With which decoding options (hindcast/decoding.h; 0: none are applied) the streams are read that
 * are claimed from now on: for people to see, and for store_streams_taken().
 */
void store_set_decoding(struct store *store, int64_t number);
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
 * Reads without claiming where the row stands now. Where the epoch is still the stream's, its
 * `seq` and tail are brought up to date, so that a batch whose COMMIT had an unknown outcome can be
 * settled or sent again; next_offset is left for the caller to compare.
 */
int store_stream_read(struct store *store, struct stream *stream, int64_t *ret_epoch,
                      int64_t *ret_next_offset, struct err *err) MUST_CHECK;
/*
 * Which of the streams are not ours any more: another epoch, so somebody claimed them or wants them
 * read again. For who has nothing to write; who has learns it from store_commit(). OVERTAKEN: other
 * decoding options count than those told of by store_set_decoding().
 */
int store_streams_taken(struct store *store, const struct stream *streams, size_t count,
                        bool *ret_taken, struct err *err) MUST_CHECK;
/*
 * After a reconnect: ends the backend that held the stream for us before (it may still sit on rows,
 * unknown to itself that nobody listens) and has the row name this one, so that the next owner ends
 * the right one. Does nothing where the epoch is not the stream's any more.
 */
int store_own_again(struct store *store, const struct stream *stream, struct err *err) MUST_CHECK;
/* The tail check of this claim: true if the stored tail record was found unchanged. Shown to people
 * only.
 */
int store_tail_checked(struct store *store, const struct stream *stream, bool verified,
                       struct err *err) MUST_CHECK;
/* store_stream_read() by name, newest incarnation; -1 when it was never claimed or holds nothing
 * yet. */
int store_stream_find(struct store *store, const char *cluster_id, const char *topic,
                      int32_t partition, int64_t *ret_next_offset, struct err *err) MUST_CHECK;

struct stream_place {
    int64_t stream_id, next_offset; /* 0 where nothing was read */
};
/*
 * The newest incarnations of the topic's partitions from number `partitions` on: what was read of
 * those that it no longer has. *ret_places is the caller's to free().
 */
int store_streams_beyond(struct store *store, const char *cluster_id, const char *topic,
                         int32_t partitions, struct stream_place **ret_places, size_t *ret_count,
                         struct err *err) MUST_CHECK;

/*
 * Write the batch: BEGIN, COPY of every table, update of evidence.stream, COMMIT. On success the
 * `next_offset` and tail of each stream in `streams` are brought up to date. FENCED: rolled back;
 * `fenced` of those streams is set in ret_fenced (same order as streams). OVERTAKEN: rolled back,
 * as other decoding options count than those of the batch. DB_UNKNOWN: resolve with
 * store_stream_read() after store_reconnect().
 *
 * Records whose rows PostgreSQL refuses are found and set aside (store/delivery/bisect.h): the
 * batch counts them as quarantined when this returns, also when it fails later for another reason.
 */
int store_commit(struct store *store, struct batch *batch, struct stream *streams,
                 size_t stream_count, bool *ret_fenced, struct err *err) MUST_CHECK;
/* Tell correlators that there is something new (NOTIFY), outside any transaction. */
int store_wake_correlator(struct store *store, struct err *err) MUST_CHECK;

#endif
