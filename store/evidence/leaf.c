/*
 * Leaves of a segment's Merkle tree: see leaf.h. The writer's side hashes two records at a time, on
 * the worker's thread; readers hash each alone, with OpenSSL.
 */
#include "store/evidence/leaf.h"

#include <assert.h>
#include <string.h>

#include "store/pg/copy.h"

/* Longer fronts are hashed one by one, where they lie. Headers of a kilobyte are rare. */
#define FRONT_MAX 1024
#define LEAF_MAX (LEAF_PREFIX_MAX + 8 + FRONT_MAX + SHA256_BYTES)

static size_t
put_prefix(char *out, int64_t version, struct sv topic, int32_t incarnation, int32_t partition)
{
    char *at = out;
    assert(topic.len <= LEAF_PREFIX_MAX - 13);
    *at++ = version == 1 ? '\0' : '\2';
    at = sv_put(put_be32(at, (uint32_t)topic.len), topic);
    at = put_be32(put_be32(at, (uint32_t)incarnation), (uint32_t)partition);
    return (size_t)(at - out);
}

size_t
leaf_put_prefix(char out[LEAF_PREFIX_MAX], struct sv topic, int32_t incarnation, int32_t partition)
{
    return put_prefix(out, LEAF_VERSION, topic, incarnation, partition);
}

/* What is hashed, put one after the other; the front is not too long for that. */
static struct sv
put_leaf(char *out, struct sv prefix, const struct leaf_source *source, const struct sha256 *value)
{
    char *at = put_be64(sv_put(out, prefix), (uint64_t)source->offset);
    at = sv_put(sv_put(at, source->front), sv_of((const char *)value->bytes, SHA256_BYTES));
    return sv_of(out, (size_t)(at - out));
}

static void
hash_leaf(struct sv prefix, const struct leaf_source *source, const struct sha256 *value,
          struct sha256 *ret_leaf)
{
    char offset[8];
    put_be64(offset, (uint64_t)source->offset);
    const struct sha256_part parts[] = {{prefix.ptr, prefix.len},
                                        {offset, sizeof(offset)},
                                        {source->front.ptr, source->front.len},
                                        {value->bytes, SHA256_BYTES}};
    sha256_of_parts(parts, 4, ret_leaf);
}

void
leaf_make(struct sv prefix, const struct leaf_source *source, struct sha256 *ret_value,
          struct sha256 *ret_leaf)
{
    sha256_of(source->value.ptr, source->value.len, ret_value);
    hash_leaf(prefix, source, ret_value, ret_leaf);
}

void
leaf_make_pair(struct sv prefix, const struct leaf_source sources[2], struct sha256 ret_values[2],
               struct sha256 ret_leaves[2])
{
    const struct leaf_source *a = &sources[0], *b = &sources[1];
    char texts[2][LEAF_MAX];
    sha256_pair(a->value, b->value, &ret_values[0], &ret_values[1]);
    if (a->front.len <= FRONT_MAX && b->front.len <= FRONT_MAX) {
        sha256_pair(put_leaf(texts[0], prefix, a, &ret_values[0]),
                    put_leaf(texts[1], prefix, b, &ret_values[1]), &ret_leaves[0], &ret_leaves[1]);
    } else {
        hash_leaf(prefix, a, &ret_values[0], &ret_leaves[0]);
        hash_leaf(prefix, b, &ret_values[1], &ret_leaves[1]);
    }
}

void
leaf_of_record(int64_t version, const struct record *record, struct sv front,
               const struct sha256 *value_digest, struct sha256 *ret_leaf)
{
    char prefix[LEAF_PREFIX_MAX];
    assert(version >= 1 && version <= LEAF_VERSION);
    size_t len = put_prefix(prefix, version, record->topic, record->incarnation, record->partition);
    const struct leaf_source source = {.offset = record->offset,
                                       .front = version == 1 ? SV_NONE : front};
    hash_leaf(sv_of(prefix, len), &source, value_digest, ret_leaf);
}
