/*
 * The bytes of an archive, for libarchive: see archive_input.h. Formats are named one by one, and
 * no filter is: libarchive's "all" include such as start programs it finds in PATH.
 */
#include "ingest/source/file/archive_input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define READ_BYTES ((size_t)128 * 1024)
#define STOPPED "stopped"

void
archive_input_init(struct archive_input *input, const struct input_file *file, int fd,
                   enum archive_kind kind, enum packing packing, const struct file_sink *sink)
{
    struct stat status;
    *input = (struct archive_input){
        .file = file,
        .sink = sink,
        .kind = kind,
        .packing = packing,
        .fd = fd,
        .packed = fstat(fd, &status) == 0 && status.st_size > 0 ? (int64_t)status.st_size : 1,
        .buffer = memory_resize(NULL, READ_BYTES, 1)};
}

void
archive_input_release(struct archive_input *input)
{
    unpack_free(input->unpack);
    input->unpack = NULL;
    free(input->buffer);
    input->buffer = NULL;
}

const char *
archive_reason(struct archive *archive)
{
    const char *reason = archive_error_string(archive);
    return reason == NULL ? "damaged" : reason;
}

/* A bomb shows itself by its ratio: log files rarely pass 100 : 1. */
const char *
archive_input_trouble(struct archive_input *input, struct archive *archive)
{
    if (file_stopped(input->sink))
        return STOPPED;
    if (input->over != NULL)
        return input->over;
    int64_t out = archive_filter_bytes(archive, 0);
    int64_t total = input->before + input->nested + (out > input->taken ? out : input->taken);
    if (total > FILE_ARCHIVE_FREE_BYTES && total / input->packed > FILE_ARCHIVE_RATIO_MAX)
        input->over = ARCHIVE_TOO_MUCH;
    return input->over;
}

static ssize_t
read_disk(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct archive_input *input = opaque;
    ssize_t got;
    do
        got = read(input->fd, buffer, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        *ret_reason = strerror(errno);
    else
        input->on_disk += got;
    return got;
}

/* libarchive counts what it is given. */
static const char *
heed_stop(void *opaque, int64_t bytes)
{
    const struct archive_input *input = opaque;
    (void)bytes;
    return file_stopped(input->sink) ? STOPPED : NULL;
}

static la_ssize_t
read_some(struct archive *archive, void *opaque, const void **ret_bytes)
{
    struct archive_input *input = opaque;
    const char *reason = archive_input_trouble(input, archive);
    ssize_t got = -1;
    if (reason == NULL && input->unpack != NULL) {
        struct byte_stream unpacked = unpack_stream(input->unpack);
        got = unpacked.read(unpacked.opaque, input->buffer, READ_BYTES, &reason);
    } else if (reason == NULL) {
        got = read_disk(input, input->buffer, READ_BYTES, &reason);
    }
    if (got < 0) {
        archive_set_error(archive, EIO, "%s", reason);
        return ARCHIVE_FATAL;
    }
    *ret_bytes = input->buffer;
    return got;
}

/* Not beyond the end: there, reading is to find that bytes are missing. */
static la_int64_t
skip_some(struct archive *archive, void *opaque, la_int64_t request)
{
    const struct archive_input *input = opaque;
    off_t at = lseek(input->fd, 0, SEEK_CUR);
    (void)archive;
    if (at < 0 || at >= input->packed)
        return 0;
    la_int64_t step = request < input->packed - at ? request : input->packed - at;
    return lseek(input->fd, step, SEEK_CUR) < 0 ? 0 : step;
}

static la_int64_t
seek_to(struct archive *archive, void *opaque, la_int64_t offset, int whence)
{
    const struct archive_input *input = opaque;
    off_t at = lseek(input->fd, offset, whence);
    if (at >= 0)
        return at;
    archive_set_error(archive, errno, "%s", strerror(errno));
    return ARCHIVE_FATAL;
}

static bool
support(struct archive *archive, enum archive_kind kind)
{
    if (kind == ARCHIVE_ZIP_WITH_DIRECTORY)
        return archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK;
    if (kind == ARCHIVE_ZIP_WITHOUT_DIRECTORY)
        return archive_read_support_format_zip_streamable(archive) == ARCHIVE_OK;
    return archive_read_support_format_tar(archive) == ARCHIVE_OK;
}

static void
set_callbacks(struct archive_input *input, struct archive *archive)
{
    archive_read_set_read_callback(archive, read_some);
    archive_read_set_callback_data(archive, input);
    input->on_disk = 0;
    unpack_free(input->unpack);
    input->unpack = NULL;
    if (input->packing != PACKING_NONE) {
        const struct byte_stream disk = {.opaque = input, .read = read_disk};
        input->unpack = unpack_new(input->packing, disk, heed_stop, input);
        return;
    }
    archive_read_set_skip_callback(archive, skip_some);
    archive_read_set_seek_callback(archive, seek_to);
}

static struct archive *
open_kind(struct archive_input *input, const char **ret_reason)
{
    static _Thread_local char reason[160];
    struct archive *archive = archive_read_new();
    memory_need(archive);
    *ret_reason = reason;
    if (!support(archive, input->kind)) {
        snprintf(reason, sizeof(reason), "libarchive lacks zip or tar");
    } else if (lseek(input->fd, 0, SEEK_SET) != 0) {
        snprintf(reason, sizeof(reason), "%s", strerror(errno));
    } else {
        set_callbacks(input, archive);
        if (archive_read_open1(archive) == ARCHIVE_OK)
            return archive;
        snprintf(reason, sizeof(reason), "%s", archive_reason(archive));
    }
    archive_read_free(archive);
    return NULL;
}

/* A zip whose directory, at its end, can be found: the entries are where it says. */
static bool
has_directory(struct archive_input *input)
{
    const char *reason;
    struct archive_entry *entry;
    struct archive *archive = open_kind(input, &reason);
    int code = archive == NULL ? ARCHIVE_FATAL : archive_read_next_header(archive, &entry);
    if (archive != NULL)
        archive_read_free(archive);
    return code >= ARCHIVE_WARN;
}

struct archive *
archive_input_open(struct archive_input *input, const char **ret_reason)
{
    input->taken = 0;
    if (input->kind == ARCHIVE_ZIP_WITH_DIRECTORY && !has_directory(input))
        input->kind = ARCHIVE_ZIP_WITHOUT_DIRECTORY;
    return open_kind(input, ret_reason);
}

int64_t
archive_input_progress(const struct archive_input *input, struct archive *archive)
{
    return input->packing != PACKING_NONE ? input->on_disk : archive_filter_bytes(archive, -1);
}

void
archive_input_end(struct archive_input *input, struct archive *archive)
{
    if (archive == NULL)
        return;
    int64_t out = archive_filter_bytes(archive, 0);
    input->before += out > input->taken ? out : input->taken;
    input->taken = 0;
    archive_read_free(archive);
}
