/*
 * Leaves of a segment's Merkle tree: what of a record the root covers. Internal to store/; pure.
 *
 * place = topic (length 4 and bytes), incarnation (4), partition (4), offset (8); network byte
 * order
 *
 * version 1   SHA-256(0x00, place, SHA-256(value)): key, headers and timestamp are not covered
 * version 2   SHA-256(0x02, place, front, SHA-256(value)): all is; front: the frame before the
 * value
 *
 * A segment and a kept record say which version their leaves have. The first byte differs, so that
 * a leaf of one version is none of the other; 0x01 is that of inner nodes.
 */
#ifndef STORE_LEAF_H
#define STORE_LEAF_H

#include "store/evidence/frame.h"

#define LEAF_VERSION 2 /* of what is written today; readers know all up to it */

/* Of a leaf before the offset. */
#define LEAF_PREFIX_MAX (1 + 4 + 256 + 4 + 4)

/* What all leaves of a stream begin with, as written today; returns its length. */
size_t
leaf_put_prefix(char out[LEAF_PREFIX_MAX], struct sv topic, int32_t incarnation, int32_t partition);

/* A record as its segment holds it. */
struct leaf_source {
    int64_t offset;
    struct sv front, value;
};

/* The digest of the value comes along. */
void leaf_make(struct sv prefix, const struct leaf_source *source, struct sha256 *ret_value,
               struct sha256 *ret_leaf);
/* The same of two neighbours, in little more time than one takes. */
void leaf_make_pair(struct sv prefix, const struct leaf_source sources[2],
                    struct sha256 ret_values[2], struct sha256 ret_leaves[2]);

/*
 * For readers: the leaf of a record with all its coordinates (topic, incarnation, partition,
 * offset). `version` is 1 to LEAF_VERSION; version 1 needs no front.
 */
void leaf_of_record(int64_t version, const struct record *record, struct sv front,
                    const struct sha256 *value_digest, struct sha256 *ret_leaf);

#endif
