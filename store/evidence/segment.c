/*
 * Writing evidence segments, and their trees: see segment.h. The batch calls it on the worker's
 * thread, and on the writer's for the end of a segment.
 */
#include "store/evidence/segment.h"

#include <assert.h>
#include <string.h>

#include <lz4frame.h>

#include "store/pg/copy.h"

void
segment_init(struct segment *segment)
{
    segment->count = segment->hashed = segment->value_bytes = 0;
    strbuf_init(&segment->data, SEGMENT_BYTES_LIMIT);
}

void
segment_release(struct segment *segment)
{
    strbuf_release(&segment->data);
    segment->count = segment->hashed = segment->value_bytes = 0;
}

static size_t
frame_size(const struct record *record)
{
    size_t size = 21 + record->key.len + record->value.len;
    for (size_t i = 0; i < record->header_count; i++)
        size += 8 + record->headers[i].name.len + record->headers[i].value.len;
    return size;
}

bool
segment_fits(const struct segment *segment, const struct record *record)
{
    return segment->count == 0 || (segment->count < SEGMENT_RECORDS_MAX &&
                                   segment->data.len + frame_size(record) <= SEGMENT_BYTES_MAX);
}

static char *
put_bytes(char *at, struct sv view)
{
    if (view.ptr == NULL)
        return put_be32(at, UINT32_MAX);
    return sv_put(put_be32(at, (uint32_t)view.len), view);
}

/* False: the record does not fit into any segment. */
static bool
add_frame(struct strbuf *out, const struct record *record)
{
    char *at = strbuf_room(out, frame_size(record)), *from = at;
    if (at == NULL) {
        out->overflow = false; /* the next record may fit */
        return false;
    }
    *at++ = (char)record->timestamp_type;
    at = put_bytes(put_be64(at, (uint64_t)record->kafka_time_ns), record->key);
    at = put_be32(at, (uint32_t)record->header_count);
    for (size_t i = 0; i < record->header_count; i++)
        at = put_bytes(put_bytes(at, record->headers[i].name), record->headers[i].value);
    at = put_bytes(at, record->value);
    strbuf_wrote(out, (size_t)(at - from));
    return true;
}

/* ---- leaves ---- */

#define LEAF_MAX (SEGMENT_PLACE_MAX + 8 + SHA256_BYTES)

/* What all leaves of a stream begin with. */
static size_t
put_leaf_place(char *out, struct sv topic, int32_t incarnation, int32_t partition)
{
    char *at = out;
    assert(topic.len <= SEGMENT_PLACE_MAX - 13);
    *at++ = '\0';
    at = sv_put(put_be32(at, (uint32_t)topic.len), topic);
    at = put_be32(put_be32(at, (uint32_t)incarnation), (uint32_t)partition);
    return (size_t)(at - out);
}

static struct sv
put_leaf(char *out, struct sv place, int64_t offset, const struct sha256 *value_digest)
{
    char *at = put_be64(sv_put(out, place), (uint64_t)offset);
    memcpy(at, value_digest->bytes, SHA256_BYTES);
    return sv_of(out, place.len + 8 + SHA256_BYTES);
}

void
segment_leaf(struct sv topic, int32_t incarnation, int32_t partition, int64_t offset,
             const struct sha256 *value_digest, struct sha256 *ret_leaf)
{
    char place[SEGMENT_PLACE_MAX], leaf[LEAF_MAX];
    size_t len = put_leaf_place(place, topic, incarnation, partition);
    struct sv text = put_leaf(leaf, sv_of(place, len), offset, value_digest);
    sha256_of(text.ptr, text.len, ret_leaf);
}

/* The value of a record is the last thing in its frame. */
static struct sv
value_of(const struct segment *segment, size_t at)
{
    size_t len = segment->value_lengths[at % 2];
    return sv_of(segment->data.ptr + (size_t)segment->ends[at] - len, len);
}

/* Of the last record, which is the only one without. */
static void
make_leaf(struct segment *segment, struct sv value)
{
    struct sv place = sv_of(segment->place, segment->place_len);
    size_t at = segment->hashed++;
    char text[LEAF_MAX];
    sha256_of(value.ptr, value.len, &segment->last_value);
    struct sv leaf = put_leaf(text, place, segment->offsets[at], &segment->last_value);
    sha256_of(leaf.ptr, leaf.len, &segment->leaves[at]);
}

/* Of the last record or the last two. */
static void
make_leaves(struct segment *segment)
{
    struct sv place = sv_of(segment->place, segment->place_len);
    size_t at = segment->hashed;
    struct sha256 digests[2];
    char texts[2][LEAF_MAX];
    if (segment->count - at == 1) {
        make_leaf(segment, value_of(segment, at));
        return;
    }
    sha256_pair(value_of(segment, at), value_of(segment, at + 1), &digests[0], &digests[1]);
    struct sv first = put_leaf(texts[0], place, segment->offsets[at], &digests[0]);
    struct sv second = put_leaf(texts[1], place, segment->offsets[at + 1], &digests[1]);
    sha256_pair(first, second, &segment->leaves[at], &segment->leaves[at + 1]);
    segment->last_value = digests[1];
    segment->hashed += 2;
}

void
segment_add(struct segment *segment, const struct stream *stream, const struct record *record)
{
    struct strbuf *out = &segment->data;
    if (segment->count == 0)
        segment->place_len = put_leaf_place(segment->place, sv_from(stream->topic),
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
    segment->value_bytes += framed ? record->value.len : 0;
    if (!framed)
        make_leaf(segment, record->value);
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

#define BLOCK_BYTES ((size_t)64 * 1024) /* LZ4F_max64KB */

/* As one field, compressed where it is to lie. `values`: how many of the bytes are of values. */
static void
add_compressed(struct strbuf *out, struct sv data, size_t values)
{
    /*
     * The root covers the values; the checksums cover keys, headers and timestamps as well. That
     * of a block is over the compressed bytes, which are fewer. Blocks that change places take
     * values with them, which the root notices, unless there is more than a block without any.
     */
    LZ4F_preferences_t how = {.frameInfo = {.contentSize = data.len,
                                            .blockSizeID = LZ4F_max64KB,
                                            .blockMode = LZ4F_blockIndependent,
                                            .blockChecksumFlag = LZ4F_blockChecksumEnabled}};
    if (data.len - values >= BLOCK_BYTES)
        how.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    size_t room = LZ4F_compressFrameBound(data.len, &how);
    char *at = strbuf_room(out, 4 + room);
    if (at == NULL)
        return;
    size_t size = LZ4F_compressFrame(at + 4, room, data.ptr, data.len, &how);
    assert(!LZ4F_isError(size));
    put_be32(at, (uint32_t)size);
    strbuf_wrote(out, 4 + size);
}

void
segment_cut(struct segment *segment, int64_t stream_id, int32_t day, struct strbuf *out)
{
    size_t count = segment->count;
    struct sha256 root;
    if (count == 0)
        return;
    if (segment->hashed < count)
        make_leaves(segment);
    bool contiguous = segment->offsets[count - 1] - segment->offsets[0] == (int64_t)count - 1;
    segment_root(segment->leaves, count, &root);
    copy_row(out, 8);
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
    add_compressed(out, strbuf_view(&segment->data), segment->value_bytes);
    segment->value_bytes = 0;
    segment->count = segment->hashed = 0;
    strbuf_clear(&segment->data);
}
