/*
 * Reads one input file: opens it, and decides between archive, packed file and plain content.
 * Called by load and draft; one thread.
 */
#include "ingest/source/file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "ingest/source/file/ahead.h"
#include "ingest/source/file/archive.h"
#include "ingest/source/file/content.h"
#include "ingest/source/file/packed.h"

#define SLICE_MS 100

struct plain_stream {
    int fd;
    int64_t bytes;
    const struct file_sink *sink;
};

/*
 * read() that a stop ends: a pipe may have nothing to say for hours. A signal that comes before the
 * call would be lost on a blocking one, so the waiting is done in slices.
 */
static ssize_t
read_some(const struct plain_stream *stream, void *buffer, size_t size)
{
    struct pollfd input = {.fd = stream->fd, .events = POLLIN};
    for (;;) {
        if (file_stopped(stream->sink)) {
            errno = EINTR;
            return -1;
        }
        int ready = poll(&input, 1, SLICE_MS);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            continue;
        ssize_t got = read(stream->fd, buffer, size);
        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
    }
}

static ssize_t
read_plain(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct plain_stream *stream = opaque;
    ssize_t got = read_some(stream, buffer, size);
    if (got < 0) {
        *ret_reason = strerror(errno);
        return -1;
    }
    stream->bytes += got;
    if (stream->sink->progress != NULL)
        stream->sink->progress(stream->sink->opaque, stream->bytes);
    return got;
}

/* A file on disk is read a second time by places, which leaves the first reading where it is. */
struct second_reading {
    int fd;
    int64_t at;
    const struct file_sink *sink;
};

static ssize_t
read_placed(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct second_reading *second = opaque;
    ssize_t got = -1;
    errno = EINTR;
    while (got < 0 && errno == EINTR && !file_stopped(second->sink))
        got = pread(second->fd, buffer, size, second->at);
    if (got < 0)
        *ret_reason = strerror(errno);
    else
        second->at += got;
    return got;
}

static bool
plain_again(void *opaque, struct byte_stream *ret_stream)
{
    const struct plain_stream *plain = opaque;
    struct second_reading *second = memory_calloc(1, sizeof(*second));
    *second = (struct second_reading){.fd = plain->fd, .sink = plain->sink};
    *ret_stream = (struct byte_stream){.opaque = second, .read = read_placed, .close = free};
    return true;
}

static int
read_open(struct file_reading *reading, const struct input_file *file, struct plain_stream *plain,
          struct err *err)
{
    struct stat status;
    struct ahead ahead;
    bool on_disk = fstat(plain->fd, &status) == 0 && S_ISREG(status.st_mode);
    bool twice = on_disk && plain->fd != STDIN_FILENO; /* that may be read from the middle on */
    struct sv start = ahead_init(&ahead, (struct byte_stream){.opaque = plain,
                                                              .read = read_plain,
                                                              .again = twice ? plain_again : NULL,
                                                              .again_opaque = plain});
    if (file_stopped(plain->sink))
        return FILE_STOPPED;
    enum packing packing = packing_of(start);
    struct byte_stream stream = ahead_stream(&ahead);
    if (packing != PACKING_NONE)
        return file_packed(reading, file, plain->fd, stream, packing,
                           on_disk ? (int64_t)status.st_size : -1, err);
    bool zip = archive_is_zip(start);
    if (!zip && !archive_is_tar(start))
        return file_content(reading, file->name, &stream, err);
    if (on_disk)
        return file_archive(reading, file, plain->fd,
                            zip ? ARCHIVE_ZIP_WITH_DIRECTORY : ARCHIVE_TAR, PACKING_NONE, err);
    /* It is read twice, and in places. */
    file_problem(reading, file->name, "an archive that is not a file on disk");
    return 0;
}

int
file_read(const struct input_file *file, int64_t skip_records, const struct file_sink *sink,
          struct err *err)
{
    struct file_reading reading = {.sink = sink,
                                   .users = file->users,
                                   .zones = file->zones,
                                   .dates = file->dates,
                                   .skip_records = skip_records,
                                   .mtime_ns = file->mtime_ns};
    bool is_stdin = strcmp(file->path, "-") == 0;
    struct plain_stream plain = {.sink = sink};
    /* O_NONBLOCK: opening a pipe without a writer would wait as reading it does. */
    plain.fd =
        is_stdin ? STDIN_FILENO : open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (plain.fd < 0) {
        file_problem(&reading, file->name, strerror(errno));
        return 0;
    }
    arena_init(&reading.arena, 0);
    int status = read_open(&reading, file, &plain, err);
    if (!is_stdin)
        close(plain.fd);
    arena_release(&reading.arena);
    return status;
}
