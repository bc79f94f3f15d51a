/*
 * A batch: what one transaction will write. The worker adds records in offset order per stream with
 * their outcome and events; the batch encodes rows at once in PostgreSQL's COPY BINARY form, cuts
 * evidence segments, and adds up the ledger, so that everything that can fail in a record has
 * failed before BEGIN. Nothing of the record is referenced after batch_add() returns: the message
 * can be given back to librdkafka.
 *
 * A batch is reused: fill, commit, clear. One thread at a time has it: the worker while it is
 * filled, the worker's writer while it is committed. It is bounded by rows, bytes and time;
 * batch_full() says when to commit.
 *
 * Every record has exactly one outcome; per stream and batch
 *     records = stored + condensed + empty + tombstones + quarantined
 *     next_offset - first_offset = records + holes + lost
 * hold, and batch_add() asserts that offsets only grow.
 *
 * Lives in store/ (the encoding is PostgreSQL's); filled by ingest/worker/records.c, written by
 * ingest/worker/writer.c.
 */
#ifndef HINDCAST_BATCH_H
#define HINDCAST_BATCH_H

#include "base/err.h"
#include "hindcast/decoder.h"

struct batch;

struct batch_limits {
    size_t rows;                   /* events; default 10000 */
    size_t bytes;                  /* encoded; default 16 MiB */
    int64_t age_ns;                /* since the first record; default 500 ms */
    bool evidence;                 /* write segments (default true) */
    const struct sha256 *decoders; /* that read the records, see decoders_digest(); NULL: unknown */
};

struct batch *batch_new(const struct batch_limits *limits);
/*
 * What time it is, in ns, on the clock by which retention tells the age of segments: the server's.
 * To be called where that may have changed; from then on it goes on by itself. Until then it is
 * that of this machine.
 */
void batch_set_clock(struct batch *batch, int64_t now_ns);
#define DECODING_ANY INT64_C(-1)
/*
 * With which decoding options its records will be decoded (hindcast/decoding.h; 0: none are
 * applied): store_commit() refuses the batch with OVERTAKEN where others count by then. The batch
 * is empty. Until it is said, DECODING_ANY, it is not asked.
 */
void batch_set_decoding(struct batch *batch, int64_t number);
void batch_free(struct batch *batch);
void batch_clear(struct batch *batch);

/* A stream as claimed: where its numbers stand. Filled in by store_claim(). */
struct stream {
    int64_t stream_id;
    int64_t epoch;
    int64_t next_offset; /* expected; -1: nothing stored yet */
    int64_t seq;         /* number of its last committed batch */
    int64_t tail_offset; /* last stored record, -1: none */
    struct sha256 tail_sha256;
    int64_t tail_time_ns; /* Kafka's timestamp of it; TIME_NONE: none, or not known */
    int32_t incarnation;
    int32_t partition;
    char topic[256];
};

/*
 * Add one record. `events`/`count` only with outcome stored. `holes`: offsets skipped before this
 * one that are known to hold no record; `lost`: skipped because retention took them. The first
 * record of a stream without next_offset sets first_offset.
 */
enum outcome {
    OUTCOME_STORED,
    OUTCOME_EMPTY,
    OUTCOME_TOMBSTONE,
    OUTCOME_QUARANTINED,
};
void batch_add(struct batch *batch, const struct stream *stream, const struct record *record,
               enum outcome outcome, const struct event *events, size_t count,
               const struct decode_result *result);
/*
 * Offsets [from, to) of the stream hold no record (holes) or were taken by retention (lost).
 * Moves the stream's next offset without a record.
 */
void batch_add_holes(struct batch *batch, const struct stream *stream, int64_t from, int64_t to);
void batch_add_lost(struct batch *batch, const struct stream *stream, int64_t from, int64_t to);

/* The record added last was not stored for its time alone: so many log lines. */
void batch_note_skipped(struct batch *batch, const struct stream *stream, size_t lines);

bool batch_empty(const struct batch *batch);
/* Large enough to be committed, or old enough as well. */
bool batch_large(const struct batch *batch);
bool batch_full(const struct batch *batch, int64_t now_monotonic_ns);
/* True if there is anything in it that correlation reads. */
bool batch_has_news(const struct batch *batch);
/* What a batch holds, of all streams or (batch_counts_of) of one. */
struct batch_counts {
    int64_t records, events, quarantined, tombstones, skipped_lines;
    int64_t value_bytes; /* of the records' values, as they came from Kafka */
};
struct batch_counts batch_counts(const struct batch *batch);
struct batch_counts batch_counts_of(const struct batch *batch, int64_t stream_id);
/* Drop what a stream added, because it was lost to another worker. */
void batch_drop_stream(struct batch *batch, int64_t stream_id);
/* The next offset the batch will leave behind for a stream, or -1 when it holds nothing of it. */
int64_t batch_next_offset(const struct batch *batch, int64_t stream_id);

#endif
