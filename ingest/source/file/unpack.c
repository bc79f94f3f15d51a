/*
 * Unpacking: see unpack.h. The libraries' stream interfaces are alike: each is asked for one step
 * at a time. libarchive would unpack as well, but drops what it unpacked last (up to 64 KiB) when
 * the bytes break off, which of a small file is all. Called by packed.c and archive.c.
 */
#include "ingest/source/file/unpack.h"

#include <bzlib.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/memory.h"

#define INPUT_BYTES ((size_t)128 * 1024)
#define MAGIC_BYTES 6
#define XZ_MEMORY_MAX ((uint64_t)256 * 1024 * 1024)

enum step { STEP_ON, STEP_MEMBER_ENDS, STEP_DAMAGED, STEP_TOO_LARGE };

struct unpack {
    enum packing packing;
    struct byte_stream packed;
    unpack_counts *counts;
    void *opaque;
    union {
        z_stream gzip;
        bz_stream bzip2;
        lzma_stream xz;
        ZSTD_DStream *zstd;
    } state;
    bool within;        /* a member has begun and not ended */
    enum step broken;   /* what it ended with for good, or STEP_ON */
    bool ended;         /* no more packed bytes */
    const char *failed; /* their reading failed */
    size_t from, to;    /* of `input`: not yet used */
    char input[INPUT_BYTES];
};

static const struct {
    enum packing packing;
    const char *bytes;
    size_t len;
} magics[] = {
    {PACKING_GZIP, "\x1f\x8b", 2},
    {PACKING_BZIP2, "BZh", 3},
    {PACKING_XZ,
     "\xfd"
     "7zXZ\0",
     6},
    {PACKING_ZSTD, "\x28\xb5\x2f\xfd", 4},
};

enum packing
packing_of(struct sv start)
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
        if (sv_starts(start, sv_of(magics[i].bytes, magics[i].len)))
            return magics[i].packing;
    return PACKING_NONE;
}

/* ---- a member: begin, step, end ---- */

static void
begin_member(struct unpack *unpack)
{
    bool fine = true;
    unpack->within = true;
    if (unpack->packing == PACKING_GZIP) {
        unpack->state.gzip = (z_stream){0};
        fine = inflateInit2(&unpack->state.gzip, 15 + 16) == Z_OK; /* 16: a gzip header */
    } else if (unpack->packing == PACKING_BZIP2) {
        unpack->state.bzip2 = (bz_stream){0};
        fine = BZ2_bzDecompressInit(&unpack->state.bzip2, 0, 0) == BZ_OK;
    } else if (unpack->packing == PACKING_XZ) {
        unpack->state.xz = (lzma_stream)LZMA_STREAM_INIT;
        fine = lzma_stream_decoder(&unpack->state.xz, XZ_MEMORY_MAX, 0) == LZMA_OK;
    } else {
        unpack->state.zstd = ZSTD_createDStream();
        fine = unpack->state.zstd != NULL;
    }
    memory_need(fine ? unpack : NULL);
}

static void
end_member(struct unpack *unpack)
{
    if (!unpack->within)
        return;
    unpack->within = false;
    if (unpack->packing == PACKING_GZIP)
        inflateEnd(&unpack->state.gzip);
    else if (unpack->packing == PACKING_BZIP2)
        BZ2_bzDecompressEnd(&unpack->state.bzip2);
    else if (unpack->packing == PACKING_XZ)
        lzma_end(&unpack->state.xz);
    else
        ZSTD_freeDStream(unpack->state.zstd);
}

static enum step
step_gzip(struct unpack *unpack, char *out, size_t size, size_t *ret_wrote)
{
    z_stream *gzip = &unpack->state.gzip;
    gzip->next_in = (unsigned char *)unpack->input + unpack->from;
    gzip->avail_in = (unsigned)(unpack->to - unpack->from);
    gzip->next_out = (unsigned char *)out;
    gzip->avail_out = (unsigned)size;
    int code = inflate(gzip, Z_NO_FLUSH);
    unpack->from = unpack->to - gzip->avail_in;
    *ret_wrote = size - gzip->avail_out;
    if (code == Z_STREAM_END)
        return STEP_MEMBER_ENDS;
    return code == Z_OK || code == Z_BUF_ERROR ? STEP_ON : STEP_DAMAGED;
}

static enum step
step_bzip2(struct unpack *unpack, char *out, size_t size, size_t *ret_wrote)
{
    bz_stream *bzip2 = &unpack->state.bzip2;
    bzip2->next_in = unpack->input + unpack->from;
    bzip2->avail_in = (unsigned)(unpack->to - unpack->from);
    bzip2->next_out = out;
    bzip2->avail_out = (unsigned)size;
    int code = BZ2_bzDecompress(bzip2);
    unpack->from = unpack->to - bzip2->avail_in;
    *ret_wrote = size - bzip2->avail_out;
    if (code == BZ_STREAM_END)
        return STEP_MEMBER_ENDS;
    return code == BZ_OK ? STEP_ON : STEP_DAMAGED;
}

static enum step
step_xz(struct unpack *unpack, char *out, size_t size, size_t *ret_wrote)
{
    lzma_stream *xz = &unpack->state.xz;
    xz->next_in = (const uint8_t *)unpack->input + unpack->from;
    xz->avail_in = unpack->to - unpack->from;
    xz->next_out = (uint8_t *)out;
    xz->avail_out = size;
    lzma_ret code = lzma_code(xz, LZMA_RUN);
    unpack->from = unpack->to - xz->avail_in;
    *ret_wrote = size - xz->avail_out;
    if (code == LZMA_STREAM_END)
        return STEP_MEMBER_ENDS;
    if (code == LZMA_MEMLIMIT_ERROR)
        return STEP_TOO_LARGE;
    return code == LZMA_OK || code == LZMA_BUF_ERROR ? STEP_ON : STEP_DAMAGED;
}

static enum step
step_zstd(struct unpack *unpack, char *out, size_t size, size_t *ret_wrote)
{
    ZSTD_inBuffer in = {unpack->input, unpack->to, unpack->from};
    ZSTD_outBuffer to = {out, size, 0};
    size_t code = ZSTD_decompressStream(unpack->state.zstd, &to, &in);
    unpack->from = in.pos;
    *ret_wrote = to.pos;
    if (ZSTD_isError(code))
        return strstr(ZSTD_getErrorName(code), "memory") != NULL ? STEP_TOO_LARGE : STEP_DAMAGED;
    return code == 0 ? STEP_MEMBER_ENDS : STEP_ON;
}

static enum step
step(struct unpack *unpack, char *out, size_t size, size_t *ret_wrote)
{
    if (unpack->packing == PACKING_GZIP)
        return step_gzip(unpack, out, size, ret_wrote);
    if (unpack->packing == PACKING_BZIP2)
        return step_bzip2(unpack, out, size, ret_wrote);
    if (unpack->packing == PACKING_XZ)
        return step_xz(unpack, out, size, ret_wrote);
    return step_zstd(unpack, out, size, ret_wrote);
}

/* ---- the stream ---- */

/* False at the end of the packed bytes, or where their reading fails. */
static bool
more_input(struct unpack *unpack)
{
    if (unpack->ended)
        return false;
    memmove(unpack->input, unpack->input + unpack->from, unpack->to - unpack->from);
    unpack->to -= unpack->from;
    unpack->from = 0;
    ssize_t got = unpack->packed.read(unpack->packed.opaque, unpack->input + unpack->to,
                                      INPUT_BYTES - unpack->to, &unpack->failed);
    unpack->ended = got <= 0;
    unpack->to += got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* Between two members. NULL: goes on, or *ret_end; else why not. Zeros fill up the blocks of tapes.
 */
static const char *
next_member(struct unpack *unpack, bool *ret_end)
{
    for (;;) {
        while (unpack->from < unpack->to && unpack->input[unpack->from] == '\0')
            unpack->from++;
        if (unpack->to - unpack->from >= MAGIC_BYTES || !more_input(unpack))
            break;
    }
    *ret_end = unpack->from == unpack->to;
    if (*ret_end)
        return unpack->failed;
    struct sv rest = sv_of(unpack->input + unpack->from, unpack->to - unpack->from);
    if (packing_of(rest) != unpack->packing)
        return "other bytes follow the packed ones; they are not read";
    begin_member(unpack);
    return NULL;
}

static const char *
reason_of(enum step step)
{
    return step == STEP_TOO_LARGE ? "needs more memory to unpack than the limit"
                                  : "the packed bytes are damaged; what is before that is read";
}

/* A step that makes no headway would be asked for again for ever. */
static enum step
checked_step(struct unpack *unpack, char *out, size_t size, size_t *ret_wrote)
{
    size_t from = unpack->from;
    *ret_wrote = 0;
    if (unpack->broken != STEP_ON)
        return unpack->broken;
    enum step done = step(unpack, out, size, ret_wrote);
    bool stuck = done == STEP_ON && *ret_wrote == 0 && unpack->from == from && from < unpack->to;
    if (done == STEP_TOO_LARGE || done == STEP_DAMAGED || stuck)
        unpack->broken = stuck ? STEP_DAMAGED : done;
    return done;
}

/* Reads at least a byte unless it is the end. */
static ssize_t
read_unpacked(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct unpack *unpack = opaque;
    for (;;) {
        bool end = false;
        size_t wrote = 0;
        *ret_reason = unpack->within ? NULL : next_member(unpack, &end);
        if (*ret_reason != NULL || end)
            return *ret_reason != NULL ? -1 : 0;
        enum step done = checked_step(unpack, buffer, size, &wrote);
        *ret_reason = unpack->counts(unpack->opaque, (int64_t)wrote);
        if (done == STEP_MEMBER_ENDS)
            end_member(unpack);
        if (*ret_reason != NULL)
            return -1;
        if (wrote > 0)
            return (ssize_t)wrote;
        if (done == STEP_DAMAGED || done == STEP_TOO_LARGE) {
            *ret_reason = reason_of(done);
            return -1;
        }
        if (done == STEP_ON && unpack->from == unpack->to && !more_input(unpack)) {
            *ret_reason = unpack->failed != NULL
                              ? unpack->failed
                              : "the packed bytes break off; what is before that is read";
            return -1;
        }
    }
}

struct unpack *
unpack_new(enum packing packing, struct byte_stream packed, unpack_counts *counts, void *opaque)
{
    struct unpack *unpack = memory_calloc(1, sizeof(*unpack));
    unpack->packing = packing;
    unpack->packed = packed;
    unpack->counts = counts;
    unpack->opaque = opaque;
    begin_member(unpack);
    return unpack;
}

void
unpack_free(struct unpack *unpack)
{
    if (unpack == NULL)
        return;
    end_member(unpack);
    free(unpack);
}

struct byte_stream
unpack_stream(struct unpack *unpack)
{
    return (struct byte_stream){.opaque = unpack, .read = read_unpacked};
}
