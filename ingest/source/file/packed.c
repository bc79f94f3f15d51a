/*
 * Packed files: see packed.h. Called by file.c; one thread.
 */
#include "ingest/source/file/packed.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ingest/source/file/ahead.h"
#include "ingest/source/file/archive.h"
#include "ingest/source/file/content.h"

struct packed {
    const struct file_sink *sink;
    struct byte_stream bytes;
    enum packing packing;
    int64_t size, read, unpacked;
};

static ssize_t
read_packed(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct packed *packed = opaque;
    ssize_t got = packed->bytes.read(packed->bytes.opaque, buffer, size, ret_reason);
    packed->read += got > 0 ? got : 0;
    return got;
}

/* A pipe's size is not known: what came out of it so far stands in. */
static const char *
count(void *opaque, int64_t bytes)
{
    struct packed *packed = opaque;
    int64_t size = packed->size >= 0 ? packed->size : packed->read;
    packed->unpacked += bytes;
    if (file_stopped(packed->sink))
        return "stopped";
    bool over = packed->unpacked > FILE_ARCHIVE_FREE_BYTES &&
                packed->unpacked / (size > 0 ? size : 1) > FILE_ARCHIVE_RATIO_MAX;
    return over || packed->unpacked > FILE_ENTRY_BYTES_MAX ? ARCHIVE_TOO_MUCH : NULL;
}

/* The file is unpacked once more. */
struct second_unpacking {
    struct packed packed;
    struct unpack *unpack;
    struct byte_stream inner;
};

static ssize_t
read_second(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct second_unpacking *second = opaque;
    struct byte_stream stream = unpack_stream(second->unpack);
    return stream.read(stream.opaque, buffer, size, ret_reason);
}

static void
close_second(void *opaque)
{
    struct second_unpacking *second = opaque;
    unpack_free(second->unpack);
    second->inner.close(second->inner.opaque);
    free(second);
}

static bool
packed_again(void *opaque, struct byte_stream *ret_stream)
{
    const struct packed *packed = opaque;
    struct byte_stream inner;
    if (packed->bytes.again == NULL || !packed->bytes.again(packed->bytes.again_opaque, &inner))
        return false;
    struct second_unpacking *second = memory_calloc(1, sizeof(*second));
    second->inner = inner;
    second->packed = (struct packed){
        .sink = packed->sink, .bytes = inner, .size = packed->size, .packing = packed->packing};
    struct byte_stream counted = {.opaque = &second->packed, .read = read_packed};
    second->unpack = unpack_new(packed->packing, counted, count, &second->packed);
    *ret_stream =
        (struct byte_stream){.opaque = second, .read = read_second, .close = close_second};
    return true;
}

static int
read_content(struct file_reading *reading, const char *name, struct ahead *ahead, struct sv start,
             struct err *err)
{
    struct byte_stream stream = ahead_stream(ahead);
    if (packing_of(start) != PACKING_NONE)
        file_problem(reading, name, "packed more than once");
    else if (archive_is_zip(start))
        file_skip(reading, name, 0, "an archive inside a packed file");
    else
        return file_content(reading, name, &stream, err);
    return 0;
}

int
file_packed(struct file_reading *reading, const struct input_file *file, int fd,
            struct byte_stream bytes, enum packing packing, int64_t size, struct err *err)
{
    struct packed packed = {
        .sink = reading->sink, .bytes = bytes, .packing = packing, .size = size};
    struct ahead ahead;
    struct byte_stream counted = {.opaque = &packed, .read = read_packed};
    struct unpack *unpack = unpack_new(packing, counted, count, &packed);
    struct byte_stream unpacked = unpack_stream(unpack);
    unpacked.again = packed_again;
    unpacked.again_opaque = &packed;
    struct sv start = ahead_init(&ahead, unpacked);
    bool tar = archive_is_tar(start);
    int status = 0;
    if (!tar)
        status = read_content(reading, file->name, &ahead, start, err);
    unpack_free(unpack);
    if (tar && size < 0)
        file_problem(reading, file->name, "an archive that is not a file on disk");
    else if (tar)
        status = file_archive(reading, file, fd, ARCHIVE_TAR, packing, err);
    return status;
}
