/*
 * Packed files: see packed.h. Called by file.c; one thread.
 */
#include "ingest/source/file/packed.h"

#include "ingest/source/file/ahead.h"
#include "ingest/source/file/archive.h"
#include "ingest/source/file/content.h"

struct packed {
    const struct file_sink *sink;
    struct byte_stream bytes;
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
    struct packed packed = {.sink = reading->sink, .bytes = bytes, .size = size};
    struct ahead ahead;
    struct byte_stream counted = {.opaque = &packed, .read = read_packed};
    struct unpack *unpack = unpack_new(packing, counted, count, &packed);
    struct sv start = ahead_init(&ahead, unpack_stream(unpack));
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
