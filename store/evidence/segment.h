/*
 * Evidence segments: up to 512 records or 256 KiB of one stream, framed, compressed as one LZ4
 * frame, with the Merkle root of their leaves. Internal to store/; pure apart from memory.
 *
 * Frames are those of frame.h, leaves those of leaf.h. Inner nodes: SHA-256 of 0x01, left, right;
 * the left half is the largest power of two below the count (RFC 6962).
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "hindcast/batch.h"
#include "store/evidence/leaf.h"

#define SEGMENT_RECORDS_MAX 512
#define SEGMENT_BYTES_MAX ((size_t)256 * 1024)
/*
 * One record may be larger than a whole segment, but not than this: of a still larger one (only a
 * compressed batch can bring it, and it is quarantined) the digest is kept, and not the bytes.
 */
#define SEGMENT_BYTES_LIMIT ((size_t)256 * 1024 * 1024)

/*
 * A segment being filled. Values are hashed two at a time: the last one waits for its partner, or
 * for the end of the segment.
 */
struct segment {
    size_t count;
    size_t hashed; /* leaves that are there: count or count - 1 */
    int64_t offsets[SEGMENT_RECORDS_MAX];
    int32_t ends[SEGMENT_RECORDS_MAX];
    struct sha256 leaves[SEGMENT_RECORDS_MAX];
    size_t value_lengths[2];      /* of the records at even and odd places */
    struct sha256 last_value;     /* digest of the last value that was hashed */
    char prefix[LEAF_PREFIX_MAX]; /* what all leaves begin with */
    size_t prefix_len;
    struct strbuf data;
};

void segment_init(struct segment *segment);
void segment_release(struct segment *segment);
/* True if there is room for this record, or it is the first. */
bool segment_fits(const struct segment *segment, const struct record *record);
void segment_add(struct segment *segment, const struct stream *stream, const struct record *record);
/* One row of evidence.segment in COPY form; the segment is empty afterwards. */
void segment_cut(struct segment *segment, int64_t stream_id, int32_t day, struct strbuf *out);

/* `leaves` are used up as scratch; count > 0. */
void segment_root(struct sha256 *leaves, size_t count, struct sha256 *ret_root);

/*
 * The Merkle path (RFC 6962 audit path) of one leaf: the siblings on its way to the root, from the
 * leaf up. With the leaf's index and the count it proves that the leaf is below that root, without
 * the other leaves.
 */
#define SEGMENT_PATH_MAX 9 /* of SEGMENT_RECORDS_MAX leaves */

struct merkle_path {
    size_t count;
    struct sha256 siblings[SEGMENT_PATH_MAX];
};

/* All nodes of the tree, level by level from the leaves up; the last one is the root. */
struct merkle_tree {
    size_t leaves, count;
    struct sha256 nodes[2 * SEGMENT_RECORDS_MAX + SEGMENT_PATH_MAX];
};

/* 0 < count <= SEGMENT_RECORDS_MAX. */
void merkle_tree_build(struct merkle_tree *ret_tree, const struct sha256 *leaves, size_t count);
const struct sha256 *merkle_tree_root(const struct merkle_tree *tree);
void merkle_tree_path(const struct merkle_tree *tree, size_t index, struct merkle_path *ret_path);
/* True if the path leads from the leaf at `index` of `count` to the root, with nothing left over.
 */
bool merkle_path_holds(const struct merkle_path *path, const struct sha256 *leaf, size_t index,
                       size_t count, const struct sha256 *root);

/* Uncompressed bytes, in the arena. */
int segment_unpack(struct sv data, struct arena *arena, struct sv *ret_bytes,
                   struct err *err) MUST_CHECK;
/* One framed record; views into `frame`, headers in the arena. */
int segment_read(struct sv frame, struct arena *arena, struct record *ret_record,
                 struct err *err) MUST_CHECK;

#endif
