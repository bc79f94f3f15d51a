/*
 * Writing and reading evidence segments: see segment.h. The batch writes them on the worker's
 * thread, evidence.c reads them.
 */
#include "store/segment.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lz4frame.h>

#include "store/copy.h"

void
segment_init(struct segment *segment)
{
    segment->count = 0;
    strbuf_init(&segment->data, SEGMENT_BYTES_LIMIT);
}

void
segment_release(struct segment *segment)
{
    strbuf_release(&segment->data);
    segment->count = 0;
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
    return put_text(put_be32(at, (uint32_t)view.len), view);
}

static void
add_frame(struct strbuf *out, const struct record *record)
{
    char *at = strbuf_room(out, frame_size(record)), *from = at;
    if (at == NULL)
        return;
    *at++ = (char)record->timestamp_type;
    at = put_bytes(put_be64(at, (uint64_t)record->kafka_time_ns), record->key);
    at = put_be32(at, (uint32_t)record->header_count);
    for (size_t i = 0; i < record->header_count; i++)
        at = put_bytes(put_bytes(at, record->headers[i].name), record->headers[i].value);
    at = put_bytes(at, record->value);
    strbuf_wrote(out, (size_t)(at - from));
}

void
segment_add(struct segment *segment, const struct stream *stream, const struct record *record,
            const struct sha256 *value_digest)
{
    struct strbuf *out = &segment->data;
    size_t at = segment->count++;
    assert(at < SEGMENT_RECORDS_MAX);
    add_frame(out, record);
    segment->offsets[at] = record->offset;
    segment->ends[at] = (int32_t)out->len;
    segment_leaf(sv_from(stream->topic), stream->incarnation, stream->partition, record->offset,
                 value_digest, &segment->leaves[at]);
}

void
segment_leaf(struct sv topic, int32_t incarnation, int32_t partition, int64_t offset,
             const struct sha256 *value_digest, struct sha256 *ret_leaf)
{
    uint32_t length = __builtin_bswap32((uint32_t)topic.len);
    uint32_t numbers[2] = {__builtin_bswap32((uint32_t)incarnation),
                           __builtin_bswap32((uint32_t)partition)};
    uint64_t place = __builtin_bswap64((uint64_t)offset);
    struct sha256_part parts[] = {{"\0", 1},
                                  {&length, sizeof(length)},
                                  {topic.ptr, topic.len},
                                  {numbers, sizeof(numbers)},
                                  {&place, sizeof(place)},
                                  {value_digest->bytes, SHA256_BYTES}};
    sha256_of_parts(parts, sizeof(parts) / sizeof(parts[0]), ret_leaf);
}

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

/*
 * Level by level in place: pairing neighbours and passing an odd last one up gives the tree of
 * RFC 6962.
 */
void
segment_root(struct sha256 *leaves, size_t count, struct sha256 *ret_root)
{
    assert(count > 0);
    for (; count > 1; count = (count + 1) / 2) {
        for (size_t i = 0; i + 1 < count; i += 2) {
            struct sha256 both[2] = {leaves[i], leaves[i + 1]};
            struct sha256_part parts[] = {{"\1", 1}, {both, sizeof(both)}};
            sha256_of_parts(parts, 2, &leaves[i / 2]);
        }
        if (count % 2 == 1)
            leaves[count / 2] = leaves[count - 1];
    }
    *ret_root = leaves[0];
}

static void
add_compressed(struct strbuf *out, struct sv data)
{
    /* The root covers the values; the checksum covers keys, headers and timestamps as well. */
    LZ4F_preferences_t how = {.frameInfo = {.contentSize = data.len,
                                            .blockMode = LZ4F_blockIndependent,
                                            .contentChecksumFlag = LZ4F_contentChecksumEnabled}};
    size_t room = LZ4F_compressFrameBound(data.len, &how);
    char *packed = malloc(room);
    if (packed == NULL)
        abort();
    size_t size = LZ4F_compressFrame(packed, room, data.ptr, data.len, &how);
    assert(!LZ4F_isError(size));
    copy_bytes(out, sv_of(packed, size));
    free(packed);
}

void
segment_cut(struct segment *segment, int64_t stream_id, int32_t day, struct strbuf *out)
{
    size_t count = segment->count;
    struct sha256 root;
    if (count == 0)
        return;
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
    add_compressed(out, strbuf_view(&segment->data));
    segment->count = 0;
    strbuf_clear(&segment->data);
}

static int
broken(struct err *err, const char *what)
{
    return err_set(err, ERR_BROKEN_EVIDENCE, "a segment cannot be read: %s", what);
}

int
segment_unpack(struct sv data, struct arena *arena, struct sv *ret_bytes, struct err *err)
{
    LZ4F_dctx *context = NULL;
    LZ4F_frameInfo_t info;
    size_t used = data.len;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        return err_set(err, ERR_MEMORY, "no memory to unpack a segment");
    size_t left = LZ4F_getFrameInfo(context, &info, data.ptr, &used);
    if (LZ4F_isError(left) || info.contentSize == 0 || info.contentSize > SEGMENT_BYTES_LIMIT) {
        LZ4F_freeDecompressionContext(context);
        return broken(err, "it is no LZ4 frame");
    }
    char *bytes = arena_alloc(arena, info.contentSize);
    size_t at = used, made = 0;
    do {
        size_t in = data.len - at, out = info.contentSize - made;
        left = LZ4F_decompress(context, bytes + made, &out, data.ptr + at, &in, NULL);
        at += in;
        made += out;
        if (in == 0 && out == 0)
            break;
    } while (!LZ4F_isError(left) && left != 0);
    LZ4F_freeDecompressionContext(context);
    if (left != 0 || made != info.contentSize)
        return broken(err, "the LZ4 frame is damaged");
    *ret_bytes = sv_of(bytes, made);
    return 0;
}

static bool
take(struct sv *rest, void *ret_bytes, size_t len)
{
    if (rest->len < len)
        return false;
    memcpy(ret_bytes, rest->ptr, len);
    *rest = sv_slice(*rest, len, rest->len);
    return true;
}

static bool
take_be32(struct sv *rest, uint32_t *ret_value)
{
    if (!take(rest, ret_value, 4))
        return false;
    *ret_value = __builtin_bswap32(*ret_value);
    return true;
}

static bool
take_bytes(struct sv *rest, struct sv *ret_view)
{
    uint32_t len;
    if (!take_be32(rest, &len))
        return false;
    *ret_view = SV_NONE;
    if (len == UINT32_MAX)
        return true;
    if (rest->len < len)
        return false;
    *ret_view = sv_of(rest->ptr, len);
    *rest = sv_of(rest->ptr + len, rest->len - len);
    return true;
}

int
segment_read(struct sv frame, struct arena *arena, struct record *ret_record, struct err *err)
{
    struct record record = {0};
    uint64_t time;
    uint8_t type;
    uint32_t count;
    if (!take(&frame, &type, 1) || !take(&frame, &time, 8) || !take_bytes(&frame, &record.key) ||
        !take_be32(&frame, &count) || count > frame.len / 8 + 1)
        return broken(err, "the frame of a record is damaged");
    record.timestamp_type = type;
    record.kafka_time_ns = (int64_t)__builtin_bswap64(time);
    struct header *headers = ARENA_ARRAY(arena, struct header, count + 1);
    for (uint32_t i = 0; i < count; i++)
        if (!take_bytes(&frame, &headers[i].name) || !take_bytes(&frame, &headers[i].value))
            return broken(err, "the headers of a record are damaged");
    if (!take_bytes(&frame, &record.value) || frame.len != 0)
        return broken(err, "the frame of a record is damaged");
    record.headers = headers;
    record.header_count = count;
    *ret_record = record;
    return 0;
}
