/*
 * What a batch holds of one stream: encoded rows, the open segment, its share of the ledger.
 * Internal to store/: filled by batch.c, written by commit.c, both on the worker's thread.
 */
#ifndef STORE_PART_H
#define STORE_PART_H

#include "hindcast/batch.h"
#include "store/delivery/news.h"
#include "store/delivery/tally.h"
#include "store/evidence/segment.h"

#define DECODER_VERSION 2

/* Of rows without a time: they have a partition of their own, which is always there. */
#define DAY_UNTIMED (-1)

/* Where one encoded row of ingest.log lies: rows are sorted by day when a batch touches many. */
struct log_row {
    int32_t day; /* since 1970, or DAY_UNTIMED */
    size_t at, len;
};

struct part {
    int64_t stream_id;
    int64_t first_offset, next_offset;
    int64_t records, stored, empty, tombstones, quarantined, holes, lost, events;
    int64_t untimed;                    /* of the events */
    int64_t skipped_lines;              /* see batch_note_skipped() */
    int64_t min_event_ns, max_event_ns; /* TIME_NONE: no event */
    int64_t tail_offset;                /* -1: no record in this batch */
    int64_t tail_time_ns;               /* Kafka's timestamp of the tail, or TIME_NONE */
    int64_t value_bytes;                /* of the records */
    struct sha256 tail_sha256;          /* of the tail, once batch_seal() was called */
    struct strbuf tail_value;           /* without evidence: its bytes until then, */
    bool tail_hashed;                   /* unless they were hashed at once */
    struct strbuf log, event, quarantine, segments;
    struct news news;
    struct tally tally;
    struct log_row *log_rows;
    size_t log_count, log_size;
    struct segment open;
};

struct batch {
    struct batch_limits limits;
    struct part **parts; /* in order of first appearance */
    size_t count, size;
    struct part **spare; /* emptied parts: their buffers serve the next batch */
    size_t spare_count, spare_size;
    size_t bytes; /* encoded, of all parts */
    size_t records, events;
    int64_t began_ns; /* monotonic; 0: empty */
    int64_t clock_ns; /* the time when clock_elapsed_ns() was 0 */
    int32_t day;      /* of the segments; set by the first record */
    int64_t decoding; /* see batch_set_decoding(); DECODING_ANY: whatever counts */
};

/* Closes the open segments, so that everything lies encoded. Can be called again. */
void batch_seal(const struct batch *batch);

/* rows.c: one row of ingest.log or ingest.event, and which fields of it are what is counted. */
#define LOG_SEVERITY_PLACE 6
#define LOG_SCOPE_PLACE 7
#define LOG_TIME_SOURCE_PLACE 9
#define LOG_RECORD_KIND_PLACE 10
#define LOG_FORMAT_PLACE 11
#define LOG_SERVICE_PLACE 14
#define EVENT_SEVERITY_PLACE 8
#define EVENT_SCOPE_PLACE 9
#define EVENT_KIND_PLACE 10
#define EVENT_RECORD_KIND_PLACE 11
#define EVENT_TIME_SOURCE_PLACE 14
#define EVENT_FORMAT_PLACE 15
#define EVENT_SERVICE_PLACE 18
void
rows_add_log(struct part *part, const struct record *record, const struct event *event, int index);
void rows_add_event(struct part *part, const struct record *record, const struct event *event,
                    int index);
/* The row, and its count in the part's tally. */
void rows_add_quarantine(struct part *part, const struct record *record,
                         const struct decode_result *result);

#endif
