/*
 * Looking ahead: see ahead.h. Called by file.c, packed.c and archive.c.
 */
#include "ingest/source/file/ahead.h"

#include <string.h>

struct sv
ahead_init(struct ahead *ahead, struct byte_stream inner)
{
    *ahead = (struct ahead){.inner = inner};
    while (ahead->len < AHEAD_BYTES && !ahead->failed) {
        ssize_t got = inner.read(inner.opaque, ahead->start + ahead->len, AHEAD_BYTES - ahead->len,
                                 &ahead->reason);
        if (got == 0)
            break;
        ahead->failed = got < 0;
        ahead->len += got < 0 ? 0 : (size_t)got;
    }
    return sv_of(ahead->start, ahead->len);
}

static ssize_t
read_on(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct ahead *ahead = opaque;
    size_t left = ahead->len - ahead->used;
    if (left == 0 && ahead->failed) {
        *ret_reason = ahead->reason;
        return -1;
    }
    if (left == 0)
        return ahead->inner.read(ahead->inner.opaque, buffer, size, ret_reason);
    size_t got = left < size ? left : size;
    memcpy(buffer, ahead->start + ahead->used, got);
    ahead->used += got;
    return (ssize_t)got;
}

struct byte_stream
ahead_stream(struct ahead *ahead)
{
    return (struct byte_stream){.opaque = ahead,
                                .read = read_on,
                                .again = ahead->inner.again,
                                .again_opaque = ahead->inner.again_opaque};
}
