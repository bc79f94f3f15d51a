/*
 * Zips, tars and compressed files by libarchive, entry by entry, in memory only: names inside an
 * archive are never used as paths. Called by file.c; one thread.
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>

#include "ingest/source/file_private.h"

struct entry_stream {
    struct archive *archive;
    const struct input_file *file;
    const struct file_sink *sink;
    int64_t entry_bytes;
    int64_t *total_bytes;
};

bool
file_is_archive(struct sv start)
{
    return sv_starts(start, SV("PK\x03\x04")) || sv_starts(start, sv_of("\x1f\x8b", 2)) ||
           sv_starts(start, sv_of("\xfd"
                                  "7zXZ\0",
                                  6)) ||
           sv_starts(start, SV("BZh")) || sv_starts(start, sv_of("\x28\xb5\x2f\xfd", 4)) ||
           (start.len > 262 && memcmp(start.ptr + 257, "ustar", 5) == 0);
}

static struct archive *
open_archive(const struct input_file *file, const char **ret_reason)
{
    static _Thread_local char reason[160];
    struct archive *archive = archive_read_new();
    if (archive == NULL)
        abort();
    archive_read_support_filter_all(archive);
    archive_read_support_format_zip(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_format_raw(archive);
    if (archive_read_open_filename(archive, file->path, 128 * 1024) == ARCHIVE_OK)
        return archive;
    snprintf(reason, sizeof(reason), "%s", archive_error_string(archive));
    *ret_reason = reason;
    archive_read_free(archive);
    return NULL;
}

/* A bomb shows itself by its ratio: log files rarely pass 100 : 1. */
static bool
is_bomb(const struct entry_stream *stream)
{
    int64_t packed = stream->file->size < 1 ? 1 : stream->file->size;
    return *stream->total_bytes > FILE_ARCHIVE_FREE_BYTES &&
           *stream->total_bytes / packed > FILE_ARCHIVE_RATIO_MAX;
}

static ssize_t
read_entry(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct entry_stream *stream = opaque;
    if (stream->entry_bytes > FILE_ENTRY_BYTES_MAX || is_bomb(stream)) {
        *ret_reason = "unpacks to more than the limits allow";
        return -1;
    }
    ssize_t got = (ssize_t)archive_read_data(stream->archive, buffer, size);
    if (got < 0) {
        *ret_reason = archive_error_string(stream->archive);
        return -1;
    }
    stream->entry_bytes += got;
    *stream->total_bytes += got;
    if (stream->sink->progress != NULL)
        stream->sink->progress(stream->sink->opaque, archive_filter_bytes(stream->archive, -1));
    return got;
}

static void
take_users(struct archive *archive, struct file_users **users)
{
    struct strbuf text;
    strbuf_init(&text, SLACK_FILE_BYTES_MAX);
    char chunk[65536];
    for (la_ssize_t got; (got = archive_read_data(archive, chunk, sizeof(chunk))) > 0;)
        strbuf_add(&text, chunk, (size_t)got);
    struct file_users *found = file_users_new();
    if (!text.overflow && file_users_read(found, strbuf_view(&text))) {
        file_users_free(*users);
        *users = found;
    } else {
        file_users_free(found);
    }
    strbuf_release(&text);
}

static const char *
entry_name(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);
    if (name == NULL)
        name = archive_entry_pathname(entry);
    return name == NULL ? "unnamed" : name;
}

/* Names may come after the messages: a first pass looks for users.json and channels.json. */
static struct file_users *
find_users(const struct input_file *file)
{
    const char *reason;
    struct archive *archive = open_archive(file, &reason);
    struct file_users *users = NULL;
    bool channels = false;
    struct archive_entry *entry;
    int seen = 0;
    while (archive != NULL && archive_read_next_header(archive, &entry) == ARCHIVE_OK &&
           archive_format(archive) != ARCHIVE_FORMAT_RAW && seen++ < FILE_ARCHIVE_ENTRIES_MAX) {
        const char *name = entry_name(entry), *slash = strrchr(name, '/');
        const char *base = slash == NULL ? name : slash + 1;
        channels = channels || strcmp(base, "channels.json") == 0;
        if (strcmp(base, "users.json") == 0)
            take_users(archive, &users);
    }
    if (archive != NULL)
        archive_read_free(archive);
    if (!channels) {
        file_users_free(users);
        users = NULL;
    }
    return users;
}

static int
read_one(struct file_reading *reading, const struct input_file *file, struct archive *archive,
         struct archive_entry *entry, int64_t *total_bytes, struct err *err)
{
    const char *inside = entry_name(entry);
    bool raw = archive_format(archive) == ARCHIVE_FORMAT_RAW;
    if (!raw && archive_entry_filetype(entry) != AE_IFREG)
        return 0;
    if (reading->users != NULL && slack_directory_file(inside))
        return 0;
    if (!raw && archive_entry_mtime_is_set(entry))
        reading->mtime_ns = time_of_units_or_none((int64_t)archive_entry_mtime(entry), NS_PER_S, 0);
    char *name = NULL;
    if (asprintf(&name, raw ? "%s" : "%s!%s", file->name, inside) < 0)
        abort();
    struct entry_stream state = {
        .archive = archive, .file = file, .sink = reading->sink, .total_bytes = total_bytes};
    struct byte_stream stream = {.opaque = &state, .read = read_entry};
    int status = 0;
    if (archive_entry_is_encrypted(entry))
        file_skip(reading, name, 0, "encrypted");
    else
        status = file_content(reading, name, &stream, err);
    free(name);
    return status;
}

int
file_archive(struct file_reading *reading, const struct input_file *file, struct err *err)
{
    const char *reason = NULL;
    struct archive *archive = open_archive(file, &reason);
    if (archive == NULL) {
        file_skip(reading, file->name, 0, reason);
        return 0;
    }
    struct file_users *users = find_users(file);
    if (users != NULL)
        reading->users = users;
    struct archive_entry *entry;
    int64_t total_bytes = 0;
    int status = 0, code = ARCHIVE_OK, seen = 0;
    while (status == 0 && (code = archive_read_next_header(archive, &entry)) >= ARCHIVE_WARN &&
           code != ARCHIVE_EOF) {
        if (seen++ >= FILE_ARCHIVE_ENTRIES_MAX) {
            file_skip(reading, file->name, 0, "has too many entries; the rest is not read");
            break;
        }
        status = read_one(reading, file, archive, entry, &total_bytes, err);
    }
    if (code < ARCHIVE_WARN)
        file_skip(reading, file->name, 0, archive_error_string(archive));
    archive_read_free(archive);
    file_users_free(users);
    return status;
}
