/*
 * Frames of records: see frame.h. Segments are written with it on the worker's thread; whoever
 * reads evidence computes digests with it.
 */
#include "store/evidence/frame.h"

#include "store/pg/copy.h"

#define STAMP 9 /* bytes of timestamp type and time */

size_t
frame_front_size(const struct record *record)
{
    size_t size = STAMP + 12 + record->key.len;
    for (size_t i = 0; i < record->header_count; i++)
        size += 8 + record->headers[i].name.len + record->headers[i].value.len;
    return size;
}

size_t
frame_size(const struct record *record)
{
    return frame_front_size(record) + record->value.len;
}

static char *
put_len(char *at, struct sv view)
{
    return put_be32(at, view.ptr == NULL ? UINT32_MAX : (uint32_t)view.len);
}

static char *
put_bytes(char *at, struct sv view)
{
    return sv_put(put_len(at, view), view);
}

char *
frame_put_front(char *at, const struct record *record)
{
    *at++ = (char)record->timestamp_type;
    at = put_bytes(put_be64(at, (uint64_t)record->kafka_time_ns), record->key);
    at = put_be32(at, (uint32_t)record->header_count);
    for (size_t i = 0; i < record->header_count; i++)
        at = put_bytes(put_bytes(at, record->headers[i].name), record->headers[i].value);
    return put_len(at, record->value);
}

char *
frame_put(char *at, const struct record *record)
{
    return sv_put(frame_put_front(at, record), record->value);
}

void
frame_digest(struct sv front, const struct sha256 *value_digest, struct sha256 *ret_digest)
{
    const struct sha256_part parts[] = {{front.ptr + STAMP, front.len - STAMP},
                                        {value_digest, SHA256_BYTES}};
    sha256_of_parts(parts, 2, ret_digest);
}
