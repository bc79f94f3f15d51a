/*
 * Reading evidence segments: see segment.h. Called by record.c and casebook/digest.c.
 */
#include "store/evidence/segment.h"

#include <string.h>

#include <lz4frame.h>

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
        return broken(err, "it is not an LZ4 frame");
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
