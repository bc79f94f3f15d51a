/*
 * Zips and tars by libarchive, entry by entry, in memory only: names inside an archive are never
 * used as paths. An archive may be made to hurt: every byte that is taken out of
 * it counts, read or skipped and in whichever pass, and whatever takes long heeds a stop. Called by
 * file.c; one thread.
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>

#include "ingest/source/file/ahead.h"
#include "ingest/source/file/archive.h"
#include "ingest/source/file/content.h"
#include "ingest/source/file/slack.h"

#include "base/memory.h"

struct entry_stream {
    struct archive_input *input;
    struct archive *archive;
    int64_t bytes, nested; /* taken out of it, and out of that */
    bool tells;            /* what goes wrong is told with the entry's name */
};

bool
archive_is_zip(struct sv start)
{
    return sv_starts(start, SV("PK\x03\x04"));
}

bool
archive_is_tar(struct sv start)
{
    unsigned sum = 0, told = 0;
    size_t at = 148;
    if (start.len < 512 || start.ptr[0] == '\0')
        return false;
    for (size_t i = 0; i < 512; i++)
        sum += i >= 148 && i < 156 ? ' ' : (unsigned char)start.ptr[i];
    while (at < 156 && start.ptr[at] == ' ')
        at++;
    for (; at < 156 && start.ptr[at] >= '0' && start.ptr[at] <= '7'; at++)
        told = told * 8 + (unsigned)(start.ptr[at] - '0');
    return sum == told;
}

static ssize_t
read_entry(void *opaque, void *buffer, size_t size, const char **ret_reason)
{
    struct entry_stream *stream = opaque;
    struct archive_input *input = stream->input;
    *ret_reason = archive_input_trouble(input, stream->archive);
    if (*ret_reason == NULL && stream->bytes > FILE_ENTRY_BYTES_MAX)
        *ret_reason = ARCHIVE_TOO_MUCH;
    if (*ret_reason != NULL) {
        input->over_told = input->over != NULL && stream->tells;
        return -1;
    }
    la_ssize_t got;
    do
        got = archive_read_data(stream->archive, buffer, size);
    while (got == ARCHIVE_RETRY);
    if (got < 0) {
        *ret_reason = archive_reason(stream->archive);
        input->over_told = input->over_told || (input->over != NULL && stream->tells);
        return -1;
    }
    stream->bytes += got;
    input->taken += got;
    if (input->sink->progress != NULL)
        input->sink->progress(input->sink->opaque, archive_input_progress(input, stream->archive));
    return (ssize_t)got;
}

/*
 * Goes past what is left of an entry. libarchive would do it by itself, in one call that nobody can
 * end: only where nothing is unpacked for it is that left to it.
 */
static void
pass_over(struct archive_input *input, struct archive *archive)
{
    const void *bytes;
    size_t size;
    la_int64_t offset;
    if (input->kind != ARCHIVE_ZIP_WITHOUT_DIRECTORY) {
        (void)archive_read_data_skip(archive); /* what fails here fails at the next header */
        return;
    }
    while (archive_input_trouble(input, archive) == NULL) {
        int code = archive_read_data_block(archive, &bytes, &size, &offset);
        if (code != ARCHIVE_OK && code != ARCHIVE_RETRY && code != ARCHIVE_WARN)
            return;
        if (code != ARCHIVE_RETRY)
            input->taken += (int64_t)size;
    }
}

static void
take_directory(struct archive_input *input, struct archive *archive, const char *name,
               struct file_users *users)
{
    struct entry_stream stream = {.input = input, .archive = archive};
    struct strbuf text;
    const char *reason;
    strbuf_init(&text, SLACK_FILE_BYTES_MAX);
    static _Thread_local char chunk[65536];
    ssize_t got = 1;
    while (got > 0 && !text.overflow) {
        got = read_entry(&stream, chunk, sizeof(chunk), &reason);
        if (got > 0)
            strbuf_add(&text, chunk, (size_t)got);
    }
    if (got == 0 && !text.overflow)
        (void)file_users_read(users, name, strbuf_view(&text));
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

/*
 * Names may come after the messages: a first pass looks for what tells of people and channels. What
 * goes wrong in it goes wrong again, and is told, when the entries are read.
 */
static struct file_users *
find_users(struct archive_input *input)
{
    const char *reason;
    struct archive *archive = archive_input_open(input, &reason);
    struct file_users *users = file_users_new(NULL);
    bool people = false, rooms = false;
    struct archive_entry *entry;
    int seen = 0;
    while (archive != NULL && archive_input_trouble(input, archive) == NULL &&
           archive_read_next_header(archive, &entry) == ARCHIVE_OK &&
           seen++ < FILE_ARCHIVE_ENTRIES_MAX) {
        const char *name = entry_name(entry);
        people = people || slack_people_file(name);
        rooms = rooms || slack_rooms_file(name);
        if (slack_people_file(name) || slack_rooms_file(name))
            take_directory(input, archive, name, users);
        pass_over(input, archive);
    }
    archive_input_end(input, archive);
    if (!people || !rooms) {
        file_users_free(users);
        return NULL;
    }
    file_users_end(users);
    return users;
}

/* Of an entry that is packed itself. */
static const char *
count_nested(void *opaque, int64_t bytes)
{
    struct entry_stream *stream = opaque;
    stream->nested += bytes;
    stream->input->nested += bytes;
    return stream->nested > FILE_ENTRY_BYTES_MAX ? ARCHIVE_TOO_MUCH : NULL;
}

static int
read_content(struct file_reading *reading, const char *name, struct ahead *ahead, struct sv start,
             struct err *err)
{
    if (archive_is_zip(start) || archive_is_tar(start))
        file_skip(reading, name, 0, "an archive inside an archive");
    else if (packing_of(start) != PACKING_NONE)
        file_problem(reading, name, "packed more than once");
    else {
        struct byte_stream stream = ahead_stream(ahead);
        return file_content(reading, name, &stream, err);
    }
    return 0;
}

static int
read_entry_content(struct file_reading *reading, const char *name, struct entry_stream *state,
                   struct err *err)
{
    struct ahead outer, inner;
    struct sv start = ahead_init(&outer, (struct byte_stream){.opaque = state, .read = read_entry});
    enum packing packing = packing_of(start);
    if (packing == PACKING_NONE)
        return read_content(reading, name, &outer, start, err);
    struct unpack *unpack = unpack_new(packing, ahead_stream(&outer), count_nested, state);
    start = ahead_init(&inner, unpack_stream(unpack));
    int status = read_content(reading, name, &inner, start, err);
    unpack_free(unpack);
    return status;
}

static int
read_one(struct file_reading *reading, struct archive_input *input, struct archive *archive,
         struct archive_entry *entry, struct err *err)
{
    const char *inside = entry_name(entry);
    if (archive_entry_filetype(entry) != AE_IFREG)
        return 0;
    if (reading->users != NULL && slack_directory_file(inside))
        return 0;
    reading->mtime_ns = input->file->mtime_ns;
    if (archive_entry_mtime_is_set(entry))
        reading->mtime_ns = time_of_units_or_none((int64_t)archive_entry_mtime(entry), NS_PER_S, 0);
    reading->place_in_content = 0;
    char *name = memory_format("%s!%s", input->file->name, inside);
    struct entry_stream state = {.input = input, .archive = archive, .tells = true};
    int status = 0;
    if (archive_entry_is_encrypted(entry))
        file_skip(reading, name, 0, "encrypted");
    else
        status = read_entry_content(reading, name, &state, err);
    free(name);
    return status;
}

/* The next entry that can be read. False: there is none, or `ret_reason` says why it cannot. */
static bool
next_entry(struct archive_input *input, struct archive *archive, struct archive_entry **ret_entry,
           const char **ret_reason)
{
    *ret_reason = archive_input_trouble(input, archive);
    if (*ret_reason != NULL)
        return false;
    int code;
    do
        code = archive_read_next_header(archive, ret_entry);
    while (code == ARCHIVE_RETRY && !file_stopped(input->sink));
    if (code == ARCHIVE_OK || code == ARCHIVE_WARN)
        return true;
    if (code != ARCHIVE_EOF)
        *ret_reason = archive_reason(archive);
    return false;
}

static int
read_entries(struct file_reading *reading, struct archive_input *input, struct archive *archive,
             struct err *err)
{
    struct archive_entry *entry;
    const char *reason = NULL;
    int status = 0, seen = 0;
    while (status == 0 && next_entry(input, archive, &entry, &reason)) {
        if (seen++ >= FILE_ARCHIVE_ENTRIES_MAX) {
            reason = "has too many entries; the rest is not read";
            break;
        }
        status = read_one(reading, input, archive, entry, err);
        if (status == 0)
            pass_over(input, archive);
    }
    if (file_stopped(input->sink) && status == 0)
        return FILE_STOPPED;
    /* Where it came to light inside an entry, that entry has told. */
    if (status == 0 && reason != NULL && !(input->over != NULL && input->over_told))
        file_problem(reading, input->file->name, reason);
    if (status == 0 && seen == 0 && reason == NULL)
        file_skip(reading, input->file->name, 0, "empty");
    return status;
}

int
file_archive(struct file_reading *reading, const struct input_file *file, int fd,
             enum archive_kind kind, enum packing packing, struct err *err)
{
    struct archive_input input;
    const char *reason = NULL;
    archive_input_init(&input, file, fd, kind, packing, reading->sink);
    struct file_users *users = find_users(&input);
    if (users != NULL)
        reading->users = users;
    struct archive *archive = archive_input_open(&input, &reason);
    int status = 0;
    if (input.kind == ARCHIVE_ZIP_WITHOUT_DIRECTORY)
        file_problem(reading, file->name, "the end of the zip is missing");
    if (archive != NULL)
        status = read_entries(reading, &input, archive, err);
    else if (file_stopped(reading->sink))
        status = FILE_STOPPED;
    else
        file_problem(reading, file->name, reason);
    archive_input_end(&input, archive);
    archive_input_release(&input);
    file_users_free(users);
    return status;
}
