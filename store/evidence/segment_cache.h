/*
 * A segment read back and unpacked, with the tree over its records; and records that outlived
 * theirs. Internal to store/: record.c reads records through it, retention/keep.c copies them
 * out. Memory belongs to the segment; one thread, that of the connection.
 */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include "hindcast/evidence.h"
#include "store/evidence/segment.h"
#include "store/pg/conn.h"

struct segment_cache {
    struct arena arena;
    int64_t stream_id;
    struct sv topic;
    int32_t incarnation, partition;
    int64_t leaf_version;
    size_t count;
    int64_t *offsets;
    int32_t *ends;
    struct sv bytes;
    struct sha256 root; /* as stored */
    bool root_matches;  /* the tree's */
    struct merkle_tree tree;
};

/*
 * Unpack row 0 of a binary result with the columns of segment_find.sql and compute its tree.
 * BROKEN_EVIDENCE when it cannot be read. Freed with segment_cache_free().
 */
int segment_cache_read(int64_t stream_id, const PGresult *result, struct segment_cache **ret_cache,
                       struct err *err) MUST_CHECK;
/* Place of the record in the segment, or SIZE_MAX. */
size_t segment_cache_at(const struct segment_cache *cache, int64_t stream_id, int64_t offset);
/* The record at that place, copied into the arena. */
int segment_cache_record(const struct segment_cache *cache, size_t at, struct arena *arena,
                         struct raw_record *ret_record, struct err *err) MUST_CHECK;

/* Numbers of a binary result, 4 or 8 bytes wide; of row 0. */
int64_t binary_int(const PGresult *result, int column);
uint64_t big_endian(const char *bytes, size_t width);

/* ---- kept.c ---- */

/* Name and value of each header out of the column `headers` in binary form; false: damaged. */
bool kept_headers(struct arena *arena, struct sv array, struct record *record) MUST_CHECK;

/* One row of evidence.kept in COPY form: record `at` of the segment, with its path. */
int kept_add(const struct segment_cache *cache, size_t at, struct strbuf *out,
             struct err *err) MUST_CHECK;
/* Out of evidence.kept; `found` is false when it is not there, and `retired` tells why. */
int kept_read(struct store *store, struct arena *arena, int64_t stream_id, int64_t offset,
              struct raw_record *ret_record, struct err *err) MUST_CHECK;

#endif
