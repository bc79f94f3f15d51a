/*
 * How the records of each topic are decoded is one set for all workers, and the set that counts is
 * in the database: review.decoding, whose rows are only added and whose newest one counts. The set
 * itself, as a text, is made and read by ingest/decoding_set.h; here it is kept. Its digest is
 * apart from that of configuration.h: another one makes no result stale. One connection, one
 * thread; errors as in store.h.
 */
#ifndef HINDCAST_DECODING_H
#define HINDCAST_DECODING_H

#include "base/arena.h"
#include "base/sv.h"
#include "hindcast/store.h"

#define DECODING_BYTES_MAX ((size_t)64 * 1024 * 1024) /* of a set as a text; as in the table */

struct stored_decoding {
    int64_t number;    /* order of being applied, from 1; 0: none was applied */
    struct sv digest;  /* SHA-256 of the content, hex */
    struct sv content; /* as decoding_set_write() wrote it */
    int64_t applied_ns;
    struct sv applied_by; /* login */
};

/* The one that counts; lives in the arena. */
int decoding_newest(struct store *store, struct arena *arena, struct stored_decoding *ret_decoding,
                    struct err *err) MUST_CHECK;
/* Its digest alone, hex; absent: none was applied. Whoever may read `analyst`. */
int decoding_digest(struct store *store, struct arena *arena, struct sv *ret_digest,
                    struct err *err) MUST_CHECK;
/*
 * Makes this one count: writes a row, unless the newest row says the same. *ret_number is the
 * newest row's number afterwards. Batches that were decoded otherwise are not committed any more
 * when it returns.
 */
int decoding_apply(struct store *store, struct sv content, int64_t *ret_number,
                   struct err *err) MUST_CHECK;
/*
 * Makes this one count where none does; the login of a worker may. *ret_number is 1, or 0 where
 * somebody else was first.
 */
int decoding_begin(struct store *store, struct sv content, int64_t *ret_number,
                   struct err *err) MUST_CHECK;
/*
 * Makes the set `after` count on with another program: `program` is the line that stands in its
 * text instead. *ret_number is the new row's, or 0 where another set than `after` counts by now.
 */
int decoding_take_over(struct store *store, const char *program, int64_t after, int64_t *ret_number,
                       struct err *err) MUST_CHECK;

#endif
