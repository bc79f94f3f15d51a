/*
 * Writing evidence segments, and their trees: see segment.h. The batch calls it on the worker's
 * thread, and on the writer's for the end of a segment.
 */
#include "store/evidence/segment.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <lz4frame.h>

#include "base/memory.h"
#include "store/pg/copy.h"

void
segment_init(struct segment *segment)
{
    segment->count = segment->hashed = 0;
    strbuf_init(&segment->data, SEGMENT_BYTES_LIMIT);
}

void
segment_release(struct segment *segment)
{
    strbuf_release(&segment->data);
    segment->count = segment->hashed = 0;
}

bool
segment_fits(const struct segment *segment, const struct record *record)
{
    return segment->count == 0 || (segment->count < SEGMENT_RECORDS_MAX &&
                                   segment->data.len + frame_size(record) <= SEGMENT_BYTES_MAX);
}

/* False: the record does not fit into any segment. */
static bool
add_frame(struct strbuf *out, const struct record *record)
{
    char *at = strbuf_room(out, frame_size(record));
    if (at == NULL) {
        out->overflow = false; /* the next record may fit */
        return false;
    }
    strbuf_wrote(out, (size_t)(frame_put(at, record) - at));
    return true;
}

/* ---- leaves ---- */

static struct leaf_source
leaf_source(const struct segment *segment, size_t at)
{
    size_t from = at == 0 ? 0 : (size_t)segment->ends[at - 1], to = (size_t)segment->ends[at];
    size_t value_len = segment->value_lengths[at % 2];
    struct sv frame = sv_slice(strbuf_view(&segment->data), from, to);
    return (struct leaf_source){
        .offset = segment->offsets[at],
        .front = frame_front(frame, value_len),
        .value = sv_slice(frame, frame.len - value_len, frame.len),
    };
}

/* Of the last record or the last two. */
static void
make_leaves(struct segment *segment)
{
    struct sv prefix = sv_of(segment->prefix, segment->prefix_len);
    size_t at = segment->hashed, count = segment->count - at;
    assert(count == 1 || count == 2);
    struct leaf_source sources[2];
    struct sha256 values[2];
    for (size_t i = 0; i < count; i++)
        sources[i] = leaf_source(segment, at + i);
    if (count == 1)
        leaf_make(prefix, sources, values, &segment->leaves[at]);
    else
        leaf_make_pair(prefix, sources, values, &segment->leaves[at]);
    segment->last_value = values[count - 1];
    segment->hashed += count;
}

/* Of the last record, whose bytes the segment does not hold. */
static void
make_leaf_apart(struct segment *segment, const struct record *record)
{
    struct sv prefix = sv_of(segment->prefix, segment->prefix_len);
    size_t len = frame_front_size(record);
    char *front = memory_calloc(len, 1);
    frame_put_front(front, record);
    const struct leaf_source source = {
        .offset = record->offset, .front = sv_of(front, len), .value = record->value};
    leaf_make(prefix, &source, &segment->last_value, &segment->leaves[segment->hashed++]);
    free(front);
}

void
segment_add(struct segment *segment, const struct stream *stream, const struct record *record)
{
    struct strbuf *out = &segment->data;
    assert(segment->count == 0 || record->offset > segment->offsets[segment->count - 1]);
    if (segment->count == 0)
        segment->prefix_len = leaf_put_prefix(segment->prefix, sv_from(stream->topic),
                                              stream->incarnation, stream->partition);
    size_t at = segment->count;
    assert(at < SEGMENT_RECORDS_MAX);
    bool framed = add_frame(out, record);
    if (!framed && segment->hashed < at)
        make_leaves(segment);
    segment->count = at + 1;
    segment->offsets[at] = record->offset;
    segment->ends[at] = (int32_t)out->len;
    segment->value_lengths[at % 2] = record->value.len;
    if (!framed)
        make_leaf_apart(segment, record);
    else if (segment->count - segment->hashed == 2)
        make_leaves(segment);
}

/* ---- the tree ---- */

static void
inner_node(const struct sha256 *left, const struct sha256 *right, struct sha256 *ret_node)
{
    struct sha256_part parts[] = {{"\1", 1}, {left, sizeof(*left)}, {right, sizeof(*right)}};
    sha256_of_parts(parts, 3, ret_node);
}

void
merkle_tree_build(struct merkle_tree *ret_tree, const struct sha256 *leaves, size_t count)
{
    assert(count > 0 && count <= SEGMENT_RECORDS_MAX);
    struct sha256 *level = ret_tree->nodes;
    memcpy(level, leaves, count * sizeof(*leaves));
    ret_tree->leaves = count;
    while (count > 1) {
        struct sha256 *above = level + count;
        for (size_t i = 0; i + 1 < count; i += 2)
            inner_node(&level[i], &level[i + 1], &above[i / 2]);
        if (count % 2 == 1)
            above[count / 2] = level[count - 1];
        level = above;
        count = (count + 1) / 2;
    }
    ret_tree->count = (size_t)(level - ret_tree->nodes) + 1;
}

const struct sha256 *
merkle_tree_root(const struct merkle_tree *tree)
{
    assert(tree->count > 0);
    return &tree->nodes[tree->count - 1];
}

void
merkle_tree_path(const struct merkle_tree *tree, size_t index, struct merkle_path *ret_path)
{
    const struct sha256 *level = tree->nodes;
    assert(index < tree->leaves);
    ret_path->count = 0;
    for (size_t count = tree->leaves; count > 1; count = (count + 1) / 2, index /= 2) {
        size_t sibling = index ^ 1;
        if (sibling < count)
            ret_path->siblings[ret_path->count++] = level[sibling];
        level += count;
    }
}

bool
merkle_path_holds(const struct merkle_path *path, const struct sha256 *leaf, size_t index,
                  size_t count, const struct sha256 *root)
{
    struct sha256 node = *leaf;
    size_t used = 0;
    if (index >= count)
        return false;
    for (; count > 1; count = (count + 1) / 2, index /= 2) {
        if ((index ^ 1) >= count)
            continue;
        if (used == path->count)
            return false;
        const struct sha256 *sibling = &path->siblings[used++];
        struct sha256 below = node;
        inner_node(index % 2 == 0 ? &below : sibling, index % 2 == 0 ? sibling : &below, &node);
    }
    return used == path->count && memcmp(node.bytes, root->bytes, SHA256_BYTES) == 0;
}

#define NODE_BYTES (1 + 2 * SHA256_BYTES)

/* The text of the node above two neighbours. */
static struct sv
put_node(char out[NODE_BYTES], const struct sha256 *children)
{
    out[0] = '\1';
    memcpy(out + 1, children, 2 * SHA256_BYTES);
    return sv_of(out, NODE_BYTES);
}

/*
 * Level by level in place: pairing neighbours and passing an odd last one up gives the tree of
 * RFC 6962.
 */
void
segment_root(struct sha256 *leaves, size_t count, struct sha256 *ret_root)
{
    char texts[2][NODE_BYTES];
    assert(count > 0);
    for (; count > 1; count = (count + 1) / 2) {
        size_t i = 0;
        for (; i + 3 < count; i += 4)
            sha256_pair(put_node(texts[0], &leaves[i]), put_node(texts[1], &leaves[i + 2]),
                        &leaves[i / 2], &leaves[i / 2 + 1]);
        if (i + 1 < count)
            sha256_of(put_node(texts[0], &leaves[i]).ptr, NODE_BYTES, &leaves[i / 2]);
        if (count % 2 == 1)
            leaves[count / 2] = leaves[count - 1];
    }
    *ret_root = leaves[0];
}

/*
 * As one field, compressed where it is to lie. The checksums of the blocks are for readers that do
 * not compute the tree; that of a block is over the compressed bytes, which are fewer. Blocks that
 * change places show in the root.
 */
static void
add_compressed(struct strbuf *out, struct sv data)
{
    const LZ4F_preferences_t how = {.frameInfo = {.contentSize = data.len,
                                                  .blockSizeID = LZ4F_max64KB,
                                                  .blockMode = LZ4F_blockIndependent,
                                                  .blockChecksumFlag = LZ4F_blockChecksumEnabled}};
    size_t room = LZ4F_compressFrameBound(data.len, &how);
    char *at = strbuf_room(out, 4 + room);
    if (at == NULL)
        return;
    size_t size = LZ4F_compressFrame(at + 4, room, data.ptr, data.len, &how);
    assert(!LZ4F_isError(size));
    put_be32(at, (uint32_t)size);
    strbuf_wrote(out, 4 + size);
}

#define SEGMENT_FIELDS 9

void
segment_cut(struct segment *segment, int64_t stream_id, int32_t day, struct strbuf *out)
{
    size_t count = segment->count;
    struct sha256 root;
    if (count == 0)
        return;
    if (segment->hashed < count)
        make_leaves(segment);
    assert(segment->hashed == count && stream_id > 0);
    bool contiguous = segment->offsets[count - 1] - segment->offsets[0] == (int64_t)count - 1;
    segment_root(segment->leaves, count, &root);
    copy_row(out, SEGMENT_FIELDS);
    copy_int8(out, stream_id);
    copy_int8(out, segment->offsets[0]);
    copy_date(out, day);
    copy_int4(out, (int32_t)count);
    if (contiguous)
        copy_null(out);
    else
        copy_int8_array(out, segment->offsets, count);
    copy_int4_array(out, segment->ends, count);
    copy_bytes(out, sv_of((const char *)root.bytes, SHA256_BYTES));
    copy_int2(out, LEAF_VERSION);
    add_compressed(out, strbuf_view(&segment->data));
    segment->count = segment->hashed = 0;
    strbuf_clear(&segment->data);
}
