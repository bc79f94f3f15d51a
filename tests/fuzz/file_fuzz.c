/*
 * libFuzzer target of the file source: the input is a folder, or an archive of one, that is loaded.
 *
 *     byte 0      bits 0-1: files in a folder, a tar, a zip, a packed tar; bit 2: the archive is
 * cut in its middle; bit 3: records are split without being decoded then, for each file, one byte
 * that chooses its name, two bytes of length (the last file may have fewer bytes), and its bytes
 *
 * Whatever it is: no error, each record within its limits and at the next place, an ending for each
 * file that was read, and whoever begins behind the first records is handed the same as before.
 * Run by tests/fuzz/run.
 */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/file.h"

#define FILES_MAX 8

enum packed_as { AS_FOLDER, AS_TAR, AS_ZIP, AS_PACKED_TAR };

static const char *const names[] = {"app.log",
                                    "app.log.1",
                                    "app.log.2.gz",
                                    "users.json",
                                    "channels.json",
                                    "ops/2026-03-03.json",
                                    "dms.json",
                                    "ops/2026-03-04.json",
                                    "data.csv",
                                    "u_ex260303.log",
                                    "dump.json",
                                    "lines.jsonl",
                                    "chat 2026-03-03.txt",
                                    "call.vtt",
                                    "inner.zip",
                                    "query.ndjson.gz"};
#define NAMES (sizeof(names) / sizeof(names[0]))

static char folder[64];

static void
check(bool fine)
{
    if (!fine)
        abort();
}

struct part {
    const char *name;
    struct sv bytes;
};

/* The files that the input tells; two of one name are one, as in a folder. */
static size_t
parts_of(const uint8_t *data, size_t size, struct part parts[FILES_MAX])
{
    size_t count = 0;
    while (size >= 3 && count < FILES_MAX) {
        size_t length = (size_t)data[1] << 8 | data[2];
        if (length > size - 3)
            length = size - 3;
        struct part part = {.name = names[data[0] % NAMES],
                            .bytes = sv_of((const char *)data + 3, length)};
        bool again = false;
        for (size_t i = 0; i < count; i++)
            again = again || parts[i].name == part.name;
        if (!again)
            parts[count++] = part;
        data += 3 + length;
        size -= 3 + length;
    }
    return count;
}

static void
write_file(const char *name, struct sv bytes)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/in/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    check(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
    close(fd);
}

/* The age of files is that of no clock, since it is a year that lines may lack. */
static void
set_age(const char *name)
{
    char path[160];
    const struct timespec times[] = {{.tv_sec = 1772600000}, {.tv_sec = 1772600000}};
    snprintf(path, sizeof(path), "%s/in/%s", folder, name);
    check(utimensat(AT_FDCWD, path, times, 0) == 0);
}

static struct sv
pack(enum packed_as as, const struct part parts[], size_t count)
{
    static char bytes[256 * 1024];
    size_t used = 0;
    struct archive *archive = archive_write_new();
    check(archive != NULL);
    if (as == AS_ZIP)
        check(archive_write_set_format_zip(archive) == ARCHIVE_OK);
    else
        check(archive_write_set_format_pax_restricted(archive) == ARCHIVE_OK);
    if (as == AS_PACKED_TAR)
        check(archive_write_add_filter_gzip(archive) == ARCHIVE_OK);
    check(archive_write_open_memory(archive, bytes, sizeof(bytes), &used) == ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, parts[i].name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0600);
        archive_entry_set_mtime(entry, 1772600000, 0);
        archive_entry_set_size(entry, (la_int64_t)parts[i].bytes.len);
        check(archive_write_header(archive, entry) == ARCHIVE_OK);
        archive_entry_free(entry);
        check(archive_write_data(archive, parts[i].bytes.ptr, parts[i].bytes.len) ==
              (la_ssize_t)parts[i].bytes.len);
    }
    check(archive_write_free(archive) == ARCHIVE_OK);
    return sv_of(bytes, used);
}

/* What one reading handed out: a digest for each record. */
struct taken {
    struct sha256 *records;
    size_t count, size;
    int64_t first;          /* place of the first one */
    int64_t ended, decoded; /* files, records */
    bool decodes;
};

static void
check_event(const struct event *event)
{
    check(event->kind != EVENT_NO_KIND);
    check(utf8_storable(event->title) && utf8_storable(event->body) &&
          utf8_storable(event->actor) && utf8_storable(event->channel) &&
          utf8_storable(event->attributes));
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct taken *taken = opaque;
    (void)err;
    struct sha256_part parts[2 + 2 * FILE_HEADERS_MAX] = {{record->value.ptr, record->value.len},
                                                          {record->name, strlen(record->name) + 1}};
    size_t count = 2;
    check(record->value.len <= RECORD_BYTES_MAX && record->line >= 1 &&
          record->header_count <= FILE_HEADERS_MAX);
    check(record->place == taken->first + (int64_t)taken->count);
    check(record->result.status == DECODE_OK || record->result.reason != QUARANTINE_NONE);
    for (size_t i = 0; i < record->header_count; i++) {
        const struct header *header = &record->headers[i];
        parts[count++] = (struct sha256_part){header->name.ptr, header->name.len};
        parts[count++] = (struct sha256_part){header->value.ptr, header->value.len};
    }
    for (size_t i = 0; i < record->event_count; i++)
        check_event(&record->events[i]);
    if (taken->count == taken->size) {
        taken->size = taken->size * 2 + 64;
        taken->records = realloc(taken->records, taken->size * sizeof(*taken->records));
        check(taken->records != NULL);
    }
    sha256_of_parts(parts, count, &taken->records[taken->count++]);
    return 0;
}

static void
on_decoded(void *opaque, const struct file_record *record)
{
    struct taken *taken = opaque;
    check(record->place == taken->decoded++);
}

static int
on_ended(void *opaque, const struct file_ended *ended, struct err *err)
{
    struct taken *taken = opaque;
    (void)err;
    check(ended->name != NULL && ended->bytes >= 0);
    taken->ended++;
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    (void)opaque;
    check(name != NULL && line >= 0 && reason != NULL);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    (void)opaque;
    check(name != NULL && reason != NULL);
}

static struct taken
take(const struct input_file *file, int64_t skip_records, bool decodes)
{
    static const struct decode_options options;
    struct taken taken = {.first = skip_records, .decodes = decodes};
    const struct file_sink sink = {.opaque = &taken,
                                   .decode = decodes ? &options : NULL,
                                   .decoded = decodes ? on_decoded : NULL,
                                   .record = on_record,
                                   .ended = on_ended,
                                   .skip = on_skip,
                                   .problem = on_problem};
    struct err err = {0};
    check(file_read(file, skip_records, &sink, &err) == 0);
    check(!decodes || taken.decoded == skip_records + (int64_t)taken.count);
    return taken;
}

static void
check_file(const struct input_file *file, bool decodes)
{
    struct taken all = take(file, 0, decodes);
    if (all.count > 0) {
        size_t skipped = (all.count + 1) / 2;
        struct taken rest = take(file, (int64_t)skipped, decodes);
        check(rest.count == all.count - skipped && rest.ended == all.ended);
        for (size_t i = 0; i < rest.count; i++)
            check(memcmp(&rest.records[i], &all.records[skipped + i], sizeof(struct sha256)) == 0);
        free(rest.records);
    }
    free(all.records);
}

static void
remove_folder(void)
{
    char path[160];
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(path, sizeof(path), "%s/in/%s", folder, names[i]);
        unlink(path);
    }
    static const char *const rest[] = {"in/export.tar", "in/export.zip", "in/ops", "in"};
    for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, rest[i]);
        remove(path);
    }
}

static void
end_of_run(void)
{
    remove_folder();
    rmdir(folder);
}

static void
make_folder(void)
{
    char path[160];
    if (folder[0] == '\0') {
        snprintf(folder, sizeof(folder), "%s", "/tmp/hindcast-fuzz-XXXXXX");
        check(mkdtemp(folder) != NULL);
        check(atexit(end_of_run) == 0);
    }
    snprintf(path, sizeof(path), "%s/in", folder);
    check(mkdir(path, 0700) == 0);
    snprintf(path, sizeof(path), "%s/in/ops", folder);
    check(mkdir(path, 0700) == 0);
}

static void
write_input(const uint8_t *data, size_t size)
{
    struct part parts[FILES_MAX];
    enum packed_as as = data[0] & 3;
    size_t count = parts_of(data + 1, size - 1, parts);
    if (as == AS_FOLDER) {
        for (size_t i = 0; i < count; i++) {
            write_file(parts[i].name, parts[i].bytes);
            set_age(parts[i].name);
        }
        return;
    }
    const char *name = as == AS_ZIP ? "export.zip" : "export.tar";
    struct sv bytes = pack(as, parts, count);
    if (data[0] & 4)
        bytes.len /= 2;
    write_file(name, bytes);
    set_age(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4)
        return 0;
    make_folder();
    write_input(data, size);
    char path[160];
    snprintf(path, sizeof(path), "%s/in", folder);
    struct file_set set;
    struct err err = {0};
    struct taken none = {0};
    const struct file_sink sink = {
        .opaque = &none, .record = on_record, .skip = on_skip, .problem = on_problem};
    file_set_init(&set);
    check(file_set_add(&set, path, &sink, &err) == 0);
    for (size_t i = 0; i < set.count; i++)
        check_file(&set.files[i], (data[0] & 8) == 0);
    file_set_release(&set);
    remove_folder();
    return 0;
}
