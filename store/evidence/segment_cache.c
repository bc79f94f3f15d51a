/*
 * Segments unpacked, with the Merkle root recomputed from all of their records: see
 * segment_cache.h. Called by record.c and retention/keep.c, each on the thread of its connection.
 */
#include "store/evidence/segment_cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/evidence/segment.h"
#include "store/pg/column.h"

void
segment_cache_free(struct segment_cache *cache)
{
    if (cache == NULL)
        return;
    arena_release(&cache->arena);
    free(cache);
}

static int
damaged(const char *what, struct err *err)
{
    return err_set(err, ERR_BROKEN_EVIDENCE, "a segment cannot be read: %s", what);
}

/* An array of `count` integers of `width` bytes in binary form: 20 bytes of head, then the
 * elements. */
static bool
binary_array(struct sv array, size_t count, size_t width, int64_t *ret_values)
{
    if (array.len != 20 + count * (4 + width) || big_endian(array.ptr, 4) != 1 ||
        big_endian(array.ptr + 12, 4) != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *at = array.ptr + 20 + i * (4 + width);
        if (big_endian(at, 4) != width)
            return false;
        ret_values[i] = (int64_t)big_endian(at + 4, width);
    }
    return true;
}

static int
read_places(struct segment_cache *cache, const PGresult *result, struct err *err)
{
    int64_t records = column_binary_int(result, 4), first = column_binary_int(result, 3);
    if (records < 1 || records > SEGMENT_RECORDS_MAX)
        return damaged("its number of records is wrong", err);
    cache->count = (size_t)records;
    cache->offsets = ARENA_ARRAY(&cache->arena, int64_t, cache->count);
    cache->ends = ARENA_ARRAY(&cache->arena, int32_t, cache->count);
    int64_t *ends = ARENA_ARRAY(&cache->arena, int64_t, cache->count);
    if (!binary_array(column_view(result, 0, 6), cache->count, 4, ends))
        return damaged("its ends are wrong", err);
    if (column_null(result, 0, 5)) {
        for (size_t i = 0; i < cache->count; i++)
            cache->offsets[i] = first + (int64_t)i;
    } else if (!binary_array(column_view(result, 0, 5), cache->count, 8, cache->offsets)) {
        return damaged("its offsets are wrong", err);
    }
    for (size_t i = 0; i < cache->count; i++) {
        int64_t before = i == 0 ? 0 : ends[i - 1];
        if (ends[i] <= before || ends[i] > (int64_t)cache->bytes.len)
            return damaged("its ends are wrong", err);
        cache->ends[i] = (int32_t)ends[i];
    }
    return 0;
}

static struct sv
frame_of(const struct segment_cache *cache, size_t at)
{
    assert(at < cache->count);
    size_t from = at == 0 ? 0 : (size_t)cache->ends[at - 1];
    return sv_slice(cache->bytes, from, (size_t)cache->ends[at]);
}

static int
check_root(struct segment_cache *cache, struct err *err)
{
    struct sha256 *leaves = ARENA_ARRAY(&cache->arena, struct sha256, cache->count);
    for (size_t i = 0; i < cache->count; i++) {
        struct record record;
        struct sha256 digest;
        if (segment_read(frame_of(cache, i), &cache->arena, &record, err) != 0)
            return -1;
        record.topic = cache->topic;
        record.incarnation = cache->incarnation;
        record.partition = cache->partition;
        record.offset = cache->offsets[i];
        sha256_of(record.value.ptr, record.value.len, &digest);
        leaf_of_record(cache->leaf_version, &record,
                       frame_front(frame_of(cache, i), record.value.len), &digest, &leaves[i]);
    }
    merkle_tree_build(&cache->tree, leaves, cache->count);
    cache->root_matches =
        memcmp(merkle_tree_root(&cache->tree)->bytes, cache->root.bytes, SHA256_BYTES) == 0;
    return 0;
}

static int
fill_cache(struct segment_cache *cache, int64_t stream_id, const PGresult *result, struct err *err)
{
    struct sv root = column_view(result, 0, 7);
    cache->stream_id = stream_id;
    cache->topic = column_text(&cache->arena, result, 0, 0);
    cache->incarnation = (int32_t)column_binary_int(result, 1);
    cache->partition = (int32_t)column_binary_int(result, 2);
    cache->leaf_version = column_binary_int(result, 9);
    if (root.len != SHA256_BYTES)
        return damaged("its root is not a SHA-256", err);
    if (cache->leaf_version < 1 || cache->leaf_version > LEAF_VERSION)
        return damaged("this program does not know the version of its leaves", err);
    memcpy(cache->root.bytes, root.ptr, SHA256_BYTES);
    if (segment_unpack(column_view(result, 0, 8), &cache->arena, &cache->bytes, err) != 0 ||
        read_places(cache, result, err) != 0)
        return -1;
    return check_root(cache, err);
}

int
segment_cache_read(int64_t stream_id, const PGresult *result, struct segment_cache **ret_cache,
                   struct err *err)
{
    struct segment_cache *cache = memory_calloc(1, sizeof(*cache));
    arena_init(&cache->arena, 0);
    if (fill_cache(cache, stream_id, result, err) != 0) {
        segment_cache_free(cache);
        return -1;
    }
    *ret_cache = cache;
    return 0;
}

size_t
segment_cache_at(const struct segment_cache *cache, int64_t stream_id, int64_t offset)
{
    if (cache == NULL || cache->stream_id != stream_id)
        return SIZE_MAX;
    for (size_t low = 0, high = cache->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (cache->offsets[middle] == offset)
            return middle;
        if (cache->offsets[middle] < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

int
segment_cache_record(const struct segment_cache *cache, size_t at, struct arena *arena,
                     struct raw_record *ret_record, struct err *err)
{
    struct raw_record raw = {.incarnation = cache->incarnation,
                             .root = cache->root,
                             .value_matches = true,
                             .root_matches = cache->root_matches,
                             .found = true};
    struct sv frame = arena_copy(arena, frame_of(cache, at));
    if (segment_read(frame, arena, &raw.record, err) != 0)
        return -1;
    raw.topic = raw.record.topic = arena_copy(arena, cache->topic);
    raw.record.partition = cache->partition;
    raw.record.offset = cache->offsets[at];
    sha256_of(raw.record.value.ptr, raw.record.value.len, &raw.value_sha256);
    *ret_record = raw;
    return 0;
}
