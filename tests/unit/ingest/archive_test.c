/*
 * Archives and pipes that were made to hurt: what is taken out of an archive counts, read or
 * skipped and in every pass; nothing starts a program; whatever takes long ends when it is asked
 * to; damage is told as a problem and changes no name of what is whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hindcast/decoder.h"
#include "ingest/source/file/file.h"

#define MIB ((size_t)1024 * 1024)

struct seen {
    int records, skips, problems, asked, stop_at; /* stop_at: at this question; 0: never */
    char reason[200], id[64];
};

static char folder[64];

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct seen *seen = opaque;
    (void)err;
    seen->records++;
    for (size_t i = 0; i < record->header_count; i++)
        if (sv_eq(record->headers[i].name, SV(HEADER_ID)))
            snprintf(seen->id, sizeof(seen->id), SV_FMT, SV_ARG(record->headers[i].value));
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct seen *seen = opaque;
    (void)name, (void)line;
    seen->skips++;
    snprintf(seen->reason, sizeof(seen->reason), "%s", reason);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    struct seen *seen = opaque;
    (void)name;
    seen->problems++;
    snprintf(seen->reason, sizeof(seen->reason), "%s", reason);
}

static bool
on_stopped(void *opaque)
{
    struct seen *seen = opaque;
    seen->asked++;
    return seen->stop_at > 0 && seen->asked >= seen->stop_at;
}

static int
take_until(const char *path, int stop_at, struct seen *ret_seen)
{
    struct seen seen = {.stop_at = stop_at};
    struct file_sink sink = {.opaque = &seen,
                             .record = on_record,
                             .skip = on_skip,
                             .problem = on_problem,
                             .stopped = on_stopped};
    struct file_set set;
    struct err err = {0};
    file_set_init(&set);
    int status = file_set_add(&set, path, &sink, &err);
    for (size_t i = 0; i < set.count && status == 0; i++)
        status = file_read(&set.files[i], 0, &sink, &err);
    file_set_release(&set);
    *ret_seen = seen;
    return status;
}

static struct seen
take(const char *path)
{
    struct seen seen;
    assert_int_equal(take_until(path, 0, &seen), 0);
    return seen;
}

static const char *
path_of(const char *name)
{
    static char path[200];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static struct archive *
new_tar(const char *path)
{
    struct archive *archive = archive_write_new();
    archive_write_add_filter_zstd(archive);
    archive_write_set_format_ustar(archive);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    return archive;
}

/* `text`, and `zeros` bytes after it. */
static void
add(struct archive *archive, const char *name, const char *text, size_t zeros)
{
    static const char nothing[MIB];
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, (la_int64_t)(strlen(text) + zeros));
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_entry_free(entry);
    assert_int_equal(archive_write_data(archive, text, strlen(text)), (int)strlen(text));
    for (size_t part; zeros > 0; zeros -= part) {
        part = zeros < sizeof(nothing) ? zeros : sizeof(nothing);
        assert_int_equal(archive_write_data(archive, nothing, part), (int)part);
    }
}

static const char *
close_at(struct archive *archive, const char *path)
{
    archive_write_close(archive);
    archive_write_free(archive);
    return path;
}

static const char *
tar_with(const char *name, size_t zeros)
{
    const char *path = path_of("skip.tar.zst");
    struct archive *archive = new_tar(path);
    add(archive, name, "", zeros);
    add(archive, "channels.json", "[]", 0);
    add(archive, "a.log", "line\n", 0);
    return close_at(archive, path);
}

static void
what_is_skipped_counts_in_both_passes(void **state)
{
    (void)state;
    struct seen seen = take(tar_with("core", 100 * MIB));
    assert_int_equal(seen.problems, 0);
    assert_int_equal(seen.records, 1);
    static const size_t beyond[] = {200 * MIB, 600 * MIB}; /* in the second pass, in the first */
    for (size_t i = 0; i < 2; i++) {
        seen = take(tar_with("core", beyond[i]));
        assert_int_equal(seen.records, 0);
        assert_int_equal(seen.problems, 1);
        assert_string_equal(seen.reason, "unpacks to more than the limits allow");
    }
}

static void
a_directory_of_users_has_a_limit(void **state)
{
    (void)state;
    struct seen seen = take(tar_with("users.json", 600 * MIB));
    assert_int_equal(seen.records, 0);
    assert_int_equal(seen.problems, 1);
    assert_string_equal(seen.reason, "unpacks to more than the limits allow");
}

static const char *
packed(const char *name, const void *bytes, size_t size, int times)
{
    const char *path = path_of(name);
    struct archive *archive = archive_write_new();
    for (int i = 0; i < times; i++)
        archive_write_add_filter_gzip(archive);
    archive_write_set_format_raw(archive);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_entry_free(entry);
    assert_int_equal(archive_write_data(archive, bytes, size), (int)size);
    return close_at(archive, path);
}

static void
what_is_packed_twice_is_told(void **state)
{
    (void)state;
    assert_int_equal(take(packed("once.gz", "line\n", 5, 1)).records, 1);
    struct seen seen = take(packed("twice.gz", "line\n", 5, 2));
    assert_int_equal(seen.records, 0);
    assert_int_equal(seen.problems, 1);
    assert_string_equal(seen.reason, "packed more than once");
}

/* Formats for which libarchive would start a program of that name: each leaves a mark. */
static void
no_program_is_started(void **state)
{
    (void)state;
    static const struct {
        const char *program, *start;
        size_t size;
    } formats[] = {
        {"lrzip", "LRZI\0\6", 6},
        {"grzip", "GRZipII\0\2\4:)", 12},
        {"lzop", "\x89LZO\0\r\n\x1a\n\x10\x30\x20\x60\x09\x40\1\5", 17},
        {"lz4", "\4\"M\x18", 4},
        {"uncompress", "\x1f\x9d\x90", 3},
    };
    char path[400], *old = strdup(getenv("PATH"));
    snprintf(path, sizeof(path), "%s/bin", folder);
    assert_int_equal(mkdir(path, 0755), 0);
    setenv("PATH", path, 1);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        snprintf(path, sizeof(path), "%s/bin/%s", folder, formats[i].program);
        FILE *program = fopen(path, "w");
        assert_non_null(program);
        fprintf(program, "#!/bin/sh\necho started >%s/started\necho line\n", folder);
        fclose(program);
        assert_int_equal(chmod(path, 0755), 0);
        char bytes[4096] = {0};
        memcpy(bytes, formats[i].start, formats[i].size);
        (void)take(packed("program.gz", bytes, sizeof(bytes), 1));
        if (access(path_of("started"), F_OK) == 0)
            fail_msg("%s was started", formats[i].program);
    }
    setenv("PATH", old, 1);
    free(old);
}

/* Asked to stop at the Nth question, nothing more is done. */
static void
whatever_takes_long_ends(void **state)
{
    (void)state;
    struct seen seen;
    char path[200];
    snprintf(path, sizeof(path), "%s", tar_with("core", 100 * MIB));
    for (int stop_at = 1; stop_at < 40; stop_at++) {
        assert_int_equal(take_until(path, stop_at, &seen), FILE_STOPPED);
        assert_int_equal(seen.records + seen.problems, 0);
    }
    assert_int_equal(take_until(path, 0, &seen), 0);
    assert_true(seen.asked > 1000); /* a question for each block that is passed over, twice */

    /* Pipes: nobody writes, or not enough. */
    snprintf(path, sizeof(path), "%s", path_of("pipe"));
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(take_until(path, 3, &seen), FILE_STOPPED);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(write(fd, "line\nhalf", 9), 9);
    assert_int_equal(take_until(path, 4, &seen), FILE_STOPPED);
    assert_int_equal(seen.records + seen.skips + seen.problems, 0);
    close(fd);
    assert_int_equal(take_until(folder, 3, &seen), FILE_STOPPED);
}

static void
damage_is_a_problem_and_renames_nothing(void **state)
{
    (void)state;
    struct seen seen = take("/proc/self/mem"); /* a regular file whose reads fail */
    assert_int_equal(seen.problems, 1);
    assert_int_equal(seen.skips, 0);

    char path[200], whole[64];
    snprintf(path, sizeof(path), "%s", path_of("two.zip"));
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    archive_write_set_format_option(archive, "zip", "compression", "store");
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    add(archive, "a.log", "first of a\nsecond of a\n", 0);
    add(archive, "b.log", "first of b\n", 0);
    close_at(archive, path);
    seen = take(path);
    assert_int_equal(seen.records, 3);
    assert_int_equal(seen.problems, 0);
    snprintf(whole, sizeof(whole), "%s", seen.id);

    /* A byte of a.log is another: its checksum does not fit, and nothing of it is read. */
    FILE *file = fopen(path, "r+b");
    char bytes[2000];
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    char *at = memmem(bytes, size, "a\nsecond", 8);
    assert_non_null(at);
    at[1] = ' ';
    rewind(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    seen = take(path);
    assert_int_equal(seen.problems, 1);
    assert_int_equal(seen.records, 1);
    assert_string_equal(seen.id, whole);

    at[1] = '\n';
    file = fopen(path, "wb");
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    /* Cut within b.log: what is before it is read, and it is told. */
    assert_int_equal(truncate(path, (off_t)((char *)memmem(bytes, size, "of b", 4) - bytes)), 0);
    seen = take(path);
    assert_true(seen.problems >= 1);
    assert_int_equal(seen.records, 2);
}

static int
set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/hindcast-archive.XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_skipped_counts_in_both_passes),
        cmocka_unit_test(a_directory_of_users_has_a_limit),
        cmocka_unit_test(what_is_packed_twice_is_told),
        cmocka_unit_test(no_program_is_started),
        cmocka_unit_test(whatever_takes_long_ends),
        cmocka_unit_test(damage_is_a_problem_and_renames_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
