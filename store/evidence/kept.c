/*
 * Rows of evidence.kept, made and read: see kept.h. Pure, but for kept_read(), which asks the
 * database on the thread of its connection.
 */
#include "store/evidence/kept.h"

#include <assert.h>
#include <string.h>

#include "store/evidence/frame.h"
#include "store/pg/column.h"
#include "store/pg/copy.h"

#define KEPT_FIELDS 13
#define ARRAY_HEADER 20

static void
add_optional(struct strbuf *out, struct sv view)
{
    if (view.ptr == NULL)
        copy_null(out);
    else
        copy_bytes(out, view);
}

static void
add_headers(struct arena *arena, const struct record *record, struct strbuf *out)
{
    struct sv *flat = ARENA_ARRAY(arena, struct sv, 2 * record->header_count + 1);
    for (size_t i = 0; i < record->header_count; i++) {
        flat[2 * i] = record->headers[i].name;
        flat[2 * i + 1] = record->headers[i].value;
    }
    copy_bytes_array(out, flat, 2 * record->header_count);
}

int
kept_add(const struct segment_cache *cache, size_t at, struct strbuf *out, struct err *err)
{
    struct arena arena;
    struct raw_record raw;
    struct merkle_path path;
    assert(at < cache->count && cache->root_matches);
    arena_init(&arena, 0);
    if (segment_cache_record(cache, at, &arena, &raw, err) != 0) {
        arena_release(&arena);
        return -1;
    }
    merkle_tree_path(&cache->tree, at, &path);
    copy_row(out, KEPT_FIELDS);
    copy_int8(out, cache->stream_id);
    copy_int8(out, raw.record.offset);
    copy_time(out, raw.record.kafka_time_ns);
    copy_int4(out, (int32_t)at);
    copy_int4(out, (int32_t)cache->count);
    copy_int4(out, (int32_t)raw.record.timestamp_type);
    add_optional(out, raw.record.key);
    add_optional(out, raw.record.value);
    add_headers(&arena, &raw.record, out);
    copy_bytes(out, sv_of((const char *)raw.value_sha256.bytes, SHA256_BYTES));
    copy_bytes(out, sv_of((const char *)path.siblings, path.count * SHA256_BYTES));
    copy_bytes(out, sv_of((const char *)raw.root.bytes, SHA256_BYTES));
    copy_int2(out, (int)cache->leaf_version);
    arena_release(&arena);
    return 0;
}

static int
damaged(const char *what, struct err *err)
{
    return err_set(err, ERR_BROKEN_EVIDENCE, "a kept record cannot be read: %s", what);
}

static struct sv
copied(struct arena *arena, const PGresult *result, int column)
{
    struct sv view = column_view(result, 0, column);
    return view.ptr == NULL ? SV_NONE : arena_copy(arena, view);
}

/* bytea[] in binary form: 20 bytes of head (12 when empty), then each length (-1: null) and bytes.
 */
bool
kept_headers(struct arena *arena, struct sv array, struct record *record)
{
    if (array.len < 12)
        return false;
    if (big_endian(array.ptr, 4) == 0)
        return true;
    if (array.len < ARRAY_HEADER || big_endian(array.ptr, 4) != 1)
        return false;
    size_t count = (size_t)big_endian(array.ptr + 12, 4);
    if (count % 2 != 0 || count > array.len / 4)
        return false;
    struct header *headers = ARENA_ARRAY(arena, struct header, count / 2 + 1);
    struct sv rest = sv_slice(array, ARRAY_HEADER, array.len);
    for (size_t i = 0; i < count; i++) {
        struct sv *to = i % 2 == 0 ? &headers[i / 2].name : &headers[i / 2].value;
        if (rest.len < 4)
            return false;
        size_t len = (size_t)big_endian(rest.ptr, 4);
        rest = sv_slice(rest, 4, rest.len);
        *to = SV_NONE;
        if (len == UINT32_MAX)
            continue;
        if (rest.len < len)
            return false;
        *to = arena_copy(arena, sv_slice(rest, 0, len));
        rest = sv_slice(rest, len, rest.len);
    }
    record->headers = headers;
    record->header_count = count / 2;
    return rest.len == 0;
}

static struct sv
front_of(struct arena *arena, const struct record *record)
{
    size_t len = frame_front_size(record);
    char *front = arena_alloc(arena, len);
    frame_put_front(front, record);
    return sv_of(front, len);
}

/*
 * What was kept, against itself: value, SHA-256, path and root must fit one another. The leaf is
 * made with the SHA-256 that was kept, so that a changed value is named as such.
 */
static int
check(struct arena *arena, const PGresult *result, struct raw_record *raw, struct err *err)
{
    struct sv digest = column_view(result, 0, 10), siblings = column_view(result, 0, 11),
              root = column_view(result, 0, 12);
    struct sha256 kept, leaf;
    struct merkle_path path;
    int64_t index = column_binary_int(result, 3), count = column_binary_int(result, 4);
    int64_t version = column_binary_int(result, 13);
    if (version < 1 || version > LEAF_VERSION)
        return damaged("this program does not know the version of its leaf", err);
    if (digest.len != SHA256_BYTES || root.len != SHA256_BYTES)
        return damaged("its SHA-256 or its root is not one", err);
    if (siblings.len % SHA256_BYTES != 0 || siblings.len > sizeof(path.siblings) || index < 0 ||
        index >= count || count > SEGMENT_RECORDS_MAX)
        return damaged("its Merkle path cannot be read", err);
    memcpy(kept.bytes, digest.ptr, SHA256_BYTES);
    memcpy(raw->root.bytes, root.ptr, SHA256_BYTES);
    path.count = siblings.len / SHA256_BYTES;
    memcpy(path.siblings, siblings.ptr, siblings.len);
    sha256_of(raw->record.value.ptr, raw->record.value.len, &raw->value_sha256);
    raw->value_matches = memcmp(raw->value_sha256.bytes, kept.bytes, SHA256_BYTES) == 0;
    leaf_of_record(version, &raw->record, front_of(arena, &raw->record), &kept, &leaf);
    raw->root_matches = merkle_path_holds(&path, &leaf, (size_t)index, (size_t)count, &raw->root);
    return 0;
}

static int
read_row(struct arena *arena, const PGresult *result, int64_t offset, struct raw_record *ret_record,
         struct err *err)
{
    struct raw_record raw = {.topic = copied(arena, result, 0),
                             .incarnation = (int32_t)column_binary_int(result, 1),
                             .kept = true,
                             .found = true};
    struct record *record = &raw.record;
    record->topic = raw.topic;
    record->incarnation = raw.incarnation;
    record->partition = (int32_t)column_binary_int(result, 2);
    record->offset = offset;
    record->timestamp_type = (enum timestamp_type)column_binary_int(result, 5);
    record->kafka_time_ns = column_null(result, 0, 6)
                                ? TIME_NONE
                                : time_of_units_or_none(column_binary_int(result, 6), NS_PER_US, 0);
    record->key = copied(arena, result, 7);
    record->value = copied(arena, result, 8);
    if (!kept_headers(arena, column_view(result, 0, 9), record))
        return damaged("its headers cannot be read", err);
    if (check(arena, result, &raw, err) != 0)
        return -1;
    *ret_record = raw;
    return 0;
}

static int
find_retired(struct store *store, const char *const values[2], bool *ret_retired, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_retired_find, values, 2, &result, err) != 0)
        return -1;
    *ret_retired = column_bool(result, 0, 0);
    PQclear(result);
    return 0;
}

int
kept_read(struct store *store, struct arena *arena, int64_t stream_id, int64_t offset,
          struct raw_record *ret_record, struct err *err)
{
    PGresult *result;
    char id[INT_TEXT], place[INT_TEXT];
    const char *values[] = {int_text(stream_id, id), int_text(offset, place)};
    if (store_sql_binary(store, QUERY_kept_find, values, 2, &result, err) != 0)
        return -1;
    bool found = PQntuples(result) == 1;
    int status = found ? read_row(arena, result, offset, ret_record, err) : 0;
    PQclear(result);
    if (found || status != 0)
        return status;
    struct raw_record none = {.found = false};
    if (find_retired(store, values, &none.retired, err) != 0)
        return -1;
    *ret_record = none;
    return 0;
}
