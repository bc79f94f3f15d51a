/*
 * Unpacking values: see inflate.h. Called by detection on the thread of its worker. The bytes grow
 * in doubling pieces of the arena, so that a small value costs little and a bomb stops early.
 */
#include "ingest/parse/inflate.h"

#include <assert.h>
#include <zlib.h>

#include "base/memory.h"

#define PIECE_BYTES ((size_t)16 * 1024)

bool
inflate_is_gzip(struct sv bytes)
{
    return sv_starts(bytes, sv_of("\x1f\x8b\x08", 3));
}

bool
inflate_is_zlib(struct sv bytes)
{
    if (bytes.len < 8 || (bytes.ptr[0] & 0x0F) != 8 || ((unsigned char)bytes.ptr[0] >> 4) > 7)
        return false;
    unsigned both = (unsigned)(unsigned char)bytes.ptr[0] << 8 | (unsigned char)bytes.ptr[1];
    return both % 31 == 0 && (bytes.ptr[1] & 0x20) == 0; /* no dictionary */
}

struct output {
    struct arena *arena;
    char *bytes;
    size_t len, size, limit;
};

static void
make_room(struct output *output)
{
    if (output->len < output->size)
        return;
    size_t size = output->size == 0 ? PIECE_BYTES : output->size * 2;
    char *larger = arena_alloc(output->arena, size);
    if (output->len > 0)
        memcpy(larger, output->bytes, output->len);
    output->bytes = larger;
    output->size = size;
}

static int
inflate_member(z_stream *stream, struct output *output)
{
    int code = Z_OK;
    while (code == Z_OK && output->len <= output->limit) {
        make_room(output);
        stream->next_out = (unsigned char *)output->bytes + output->len;
        stream->avail_out = (unsigned)(output->size - output->len);
        code = inflate(stream, Z_NO_FLUSH);
        output->len = output->size - stream->avail_out;
    }
    return code;
}

enum inflate_result
inflate_bytes(struct arena *arena, struct sv packed, size_t max, struct sv *ret_bytes)
{
    assert(packed.ptr != NULL && packed.len < UINT32_MAX / INFLATE_RATIO_MAX);
    size_t ratio = packed.len * INFLATE_RATIO_MAX;
    size_t limit = ratio > INFLATE_FREE_BYTES ? ratio : INFLATE_FREE_BYTES;
    struct output output = {.arena = arena, .limit = limit < max ? limit : max};
    /* zlib does not write there, though its type says so. */
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)packed.ptr,
                       .avail_in = (unsigned)packed.len};
    memory_need(inflateInit2(&stream, 15 + 32) == Z_OK ? packed.ptr : NULL); /* 32: either header */
    int code = Z_STREAM_END;
    while (code == Z_STREAM_END && stream.avail_in > 0 && output.len <= output.limit) {
        code = inflate_member(&stream, &output);
        if (code == Z_STREAM_END)
            (void)inflateReset(&stream);
    }
    inflateEnd(&stream);
    if (output.len > output.limit)
        return INFLATE_TOO_MUCH;
    if (code != Z_STREAM_END)
        return INFLATE_DAMAGED;
    *ret_bytes = sv_of(output.bytes, output.len);
    return INFLATE_FINE;
}
