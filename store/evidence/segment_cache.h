/*
 * A segment read back and unpacked, with the tree over its records. Internal to store/: record.c
 * reads records through it, retention/keep.c copies them out. Memory belongs to the segment; one
 * thread, that of the connection.
 */
#ifndef STORE_EVIDENCE_SEGMENT_CACHE_H
#define STORE_EVIDENCE_SEGMENT_CACHE_H

#include <libpq-fe.h>

#include "hindcast/evidence.h"
#include "store/evidence/segment.h"

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
/* NULL is allowed. */
void segment_cache_free(struct segment_cache *cache);
/* Place of the record in the segment, or SIZE_MAX. */
size_t segment_cache_at(const struct segment_cache *cache, int64_t stream_id, int64_t offset);
/* The record at that place, copied into the arena. */
int segment_cache_record(const struct segment_cache *cache, size_t at, struct arena *arena,
                         struct raw_record *ret_record, struct err *err) MUST_CHECK;

#endif
