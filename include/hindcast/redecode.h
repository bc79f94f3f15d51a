/*
 * Reading again: records that are stored decode to other rows than they did, because decoders, maps
 * or the configuration changed. Segments are read in order of offsets, and what they decoded to is
 * replaced a few at a time, each time in one transaction with a batch of kind `redecode` that tells
 * correlators and with what changed in the ledger; readers see all of it or nothing. Raw records
 * never change (store/delivery/redecode.c).
 *
 * Called by app/redecode.c with the rights of hindcast_owner. Ingest may go on meanwhile: its next
 * batch of the stream finds a number taken and takes the next one.
 *
 * What can fail: DB_* and BROKEN_EVIDENCE of errors.def.
 */
#ifndef HINDCAST_REDECODE_H
#define HINDCAST_REDECODE_H

#include "hindcast/batch.h"
#include "hindcast/store.h"

struct redecode_stream {
    struct stream stream; /* id, topic, partition, incarnation; next_offset as it was */
    struct sv cluster_id;
};
/* All that hold records, in the arena. */
int redecode_streams(struct store *store, struct arena *arena, struct redecode_stream **ret_streams,
                     size_t *ret_count, struct err *err) MUST_CHECK;

struct redecode_segment {
    int64_t first_offset, next_offset; /* next: after its last record */
    struct record *records;            /* in order of offsets */
    size_t count;
    bool damaged; /* its root is not that of its records: they are not to be trusted */
};
/*
 * The first segment that begins at `from` or later and was written on `since_day` (days since 1970)
 * or later, in the arena; *ret_found false when there is none. BROKEN_EVIDENCE when it cannot be
 * unpacked; its first_offset is told all the same.
 */
int redecode_segment(struct store *store, struct arena *arena, const struct redecode_stream *stream,
                     int64_t from, int32_t since_day, struct redecode_segment *ret_segment,
                     bool *ret_found, struct err *err) MUST_CHECK;

/* What a record decoded to before. */
struct redecode_row {
    int64_t offset;
    int32_t index;   /* of the event; REDECODE_QUARANTINED, REDECODE_KEPT */
    struct sv scope; /* of the event; in quarantine: its state */
    struct sv uid;   /* 32 hex digits; absent where only the place names it */
    bool citable;    /* something may cite it: it has a uid, or is notable */
    bool untimed;
};
#define REDECODE_QUARANTINED (-1)
#define REDECODE_KEPT (-2) /* a line that outlived its partition: the record stays as it is */
struct redecode_rows {
    struct redecode_row *rows; /* by offset and index, in the arena */
    size_t count;
    size_t kept;           /* how many are REDECODE_KEPT */
    struct redecode_days { /* [from, to) days since 1970 that have a partition for log lines */
        int32_t from, to;
    } * days;
    size_t day_count;
};
int redecode_rows(struct store *store, struct arena *arena, int64_t stream_id, int64_t from,
                  int64_t to, struct redecode_rows *ret_rows, struct err *err) MUST_CHECK;
/* True if there is a partition for log lines of that day. Where not, retention has taken it. */
bool redecode_has_day(const struct redecode_rows *rows, int32_t day);

/* What changes beside the rows of the batch. */
struct redecode_change {
    int64_t first_offset, next_offset;
    int64_t stored, empty, quarantined, events,
        untimed; /* to be added to the ledger; may be negative */
    size_t rows; /* that are to be taken away */
    struct redecode_name {
        struct sv scope, former, uid;
    } * renamed;
    size_t renamed_count;
    const struct sv *scopes; /* of what was there */
    size_t scope_count;
    const int64_t *dismissed; /* offsets that people dismissed and that are in quarantine again */
    size_t dismissed_count;
};
/*
 * Replaces, in one transaction. `batch` holds the new rows of this one stream. *ret_again: the rows
 * are not those that were read before, or somebody else was quicker: nothing happened, read them
 * again. OVERTAKEN: nothing happened, as other decoding options count than those of the batch.
 */
int
redecode_commit(struct store *store, struct batch *batch, const struct redecode_stream *stream,
                const struct redecode_change *change, bool *ret_again, struct err *err) MUST_CHECK;

#endif
