/*
 * Limits of files and archives, each at the limit and one beyond: ratio of an archive, number of
 * its entries, size of a document, depth of folders. (An entry of 16 GiB and a million files are
 * not made here.)
 */
#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/file.h"

#define LINE_BYTES ((size_t)1024 * 1024)

struct seen {
    int64_t records;
    int skips;
    char reason[200];
    char file_time[64]; /* of the last record; empty: none */
    int64_t behind;     /* records that have "behind" in them */
};

static char folder[64];

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct seen *seen = opaque;
    (void)err;
    seen->records++;
    seen->behind += sv_find(record->value, SV("\"behind\"")) != SIZE_MAX;
    seen->file_time[0] = '\0';
    for (size_t i = 0; i < record->header_count; i++)
        if (sv_eq(record->headers[i].name, SV(HEADER_FILE_TIME)))
            snprintf(seen->file_time, sizeof(seen->file_time), SV_FMT,
                     SV_ARG(record->headers[i].value));
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct seen *seen = opaque;
    (void)name;
    (void)line;
    seen->skips++;
    snprintf(seen->reason, sizeof(seen->reason), "%s", reason);
}

static struct seen
take(const char *path)
{
    struct seen seen = {0};
    struct file_sink sink = {.opaque = &seen, .record = on_record, .skip = on_skip};
    struct file_set set;
    struct err err = {0};
    file_set_init(&set);
    assert_int_equal(file_set_add(&set, path, &sink, &err), 0);
    for (size_t i = 0; i < set.count; i++)
        assert_int_equal(file_read(&set.files[i], 0, &sink, &err), 0);
    file_set_release(&set);
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
new_archive(const char *path, bool zip)
{
    struct archive *archive = archive_write_new();
    if (zip) {
        archive_write_set_format_zip(archive);
        archive_write_set_format_option(archive, "zip", "compression", "store");
    } else {
        archive_write_add_filter_zstd(archive);
        archive_write_set_format_raw(archive);
    }
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    return archive;
}

static void
begin_entry(struct archive *archive, const char *name, unsigned int type, int64_t size)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0755);
    archive_entry_set_size(entry, size);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_entry_free(entry);
}

/* Lines of a megabyte that pack to next to nothing, FREE_BYTES and `more` in all. */
static struct seen
take_packed(size_t more)
{
    char *line = malloc(LINE_BYTES);
    memset(line, 'x', LINE_BYTES);
    line[LINE_BYTES - 1] = '\n';
    const char *path = path_of("bomb.zst");
    struct archive *archive = new_archive(path, false);
    begin_entry(archive, "bomb", AE_IFREG, FILE_ARCHIVE_FREE_BYTES + (int64_t)more);
    for (int64_t at = 0; at < FILE_ARCHIVE_FREE_BYTES; at += (int64_t)LINE_BYTES)
        assert_int_equal(archive_write_data(archive, line, LINE_BYTES), (int)LINE_BYTES);
    if (more > 0)
        assert_int_equal(archive_write_data(archive, line, more), (int)more);
    archive_write_close(archive);
    archive_write_free(archive);
    free(line);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size * FILE_ARCHIVE_RATIO_MAX < FILE_ARCHIVE_FREE_BYTES);
    return take(path);
}

static void
test_ratio_of_an_archive(void **state)
{
    (void)state;
    struct seen seen = take_packed(0);
    assert_int_equal(seen.skips, 0);
    assert_int_equal(seen.records, FILE_ARCHIVE_FREE_BYTES / (int64_t)LINE_BYTES);
    seen = take_packed(1);
    assert_int_equal(seen.skips, 1);
    assert_string_equal(seen.reason, "unpacks to more than the limits allow");
}

/* Folders, and two files of one line: the first is the last entry that is read. */
static void
test_entries_of_an_archive(void **state)
{
    (void)state;
    const char *path = path_of("many.zip");
    struct archive *archive = new_archive(path, true);
    char name[32];
    for (int i = 1; i <= FILE_ARCHIVE_ENTRIES_MAX + 1; i++) {
        bool file = i >= FILE_ARCHIVE_ENTRIES_MAX;
        snprintf(name, sizeof(name), file ? "%d.log" : "%d/", i);
        begin_entry(archive, name, file ? AE_IFREG : AE_IFDIR, file ? 5 : 0);
        if (file)
            assert_int_equal(archive_write_data(archive, "line\n", 5), 5);
    }
    archive_write_close(archive);
    archive_write_free(archive);
    struct seen seen = take(path);
    assert_int_equal(seen.records, 1);
    assert_int_equal(seen.skips, 1);
    assert_string_equal(seen.reason, "has too many entries; the rest is not read");
}

static struct seen
take_dated(int64_t seconds)
{
    const char *path = path_of("dated.tar");
    struct archive *archive = archive_write_new();
    archive_write_set_format_pax(archive);
    assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, "a.log");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, 5);
    archive_entry_set_mtime(entry, (time_t)seconds, 0);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_entry_free(entry);
    assert_int_equal(archive_write_data(archive, "line\n", 5), 5);
    archive_write_close(archive);
    archive_write_free(archive);
    return take(path);
}

/* A time that int64 nanoseconds cannot hold, or the tables do not take, is none. */
static void
test_times_of_entries(void **state)
{
    (void)state;
    assert_string_equal(take_dated(1772355600).file_time, "2026-03-01T09:00:00Z");
    assert_string_equal(take_dated(4102444799).file_time, "2099-12-31T23:59:59Z");
    static const int64_t none[] = {4102444800, 20000000000,  INT64_MAX,
                                   -1,         -20000000000, INT64_MIN + 1};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        struct seen seen = take_dated(none[i]);
        assert_int_equal(seen.records, 1);
        assert_string_equal(seen.file_time, "");
    }
}

/* An array over 9 + 1 lines, filled up with blanks. */
static struct seen
take_document(size_t size)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    strbuf_add_text(&text, "[\n");
    char *filler = malloc(RECORD_BYTES_MAX);
    memset(filler, 'x', RECORD_BYTES_MAX);
    for (int i = 0; i < 9; i++) {
        strbuf_add_text(&text, i == 0 ? "{\"a\":\"" : ",\n{\"a\":\"");
        strbuf_add(&text, filler, FILE_DOCUMENT_BYTES_MAX / 9 - 64);
        strbuf_add_text(&text, "\"}");
    }
    strbuf_add_char(&text, ']');
    while (text.len < size)
        strbuf_add_char(&text, ' ');
    assert_int_equal(text.len, size);
    const char *path = path_of("document.json");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
    strbuf_release(&text);
    free(filler);
    return take(path);
}

static void
test_size_of_a_document(void **state)
{
    (void)state;
    assert_int_equal(take_document(FILE_DOCUMENT_BYTES_MAX).records, 9);
    assert_int_equal(take_document(FILE_DOCUMENT_BYTES_MAX + 1).records, 9);
    assert_int_equal(take_document(9 * FILE_DOCUMENT_BYTES_MAX).records, 9);
}

/* An object of nine lists' worth of lines, with something behind its list, packed or not. */
static struct seen
take_cut(const char *name, bool packed, bool zip)
{
    char *filler = malloc(LINE_BYTES);
    const char *path = path_of(name);
    struct strbuf text;
    memset(filler, 'x', LINE_BYTES);
    strbuf_init(&text, 0);
    strbuf_add_text(&text, "{\"list\":[{}");
    for (int i = 0; i < 20; i++) {
        strbuf_add_text(&text, ",\n{\"a\":\"");
        strbuf_add(&text, filler, LINE_BYTES / 2);
        strbuf_add_text(&text, "\"}");
    }
    strbuf_add_text(&text, "],\"behind\":1}\n");
    if (packed) {
        struct archive *archive = new_archive(path, zip);
        begin_entry(archive, "cut.json", AE_IFREG, (int64_t)text.len);
        assert_int_equal(archive_write_data(archive, text.ptr, text.len), (int)text.len);
        archive_write_close(archive);
        archive_write_free(archive);
    } else {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
        assert_int_equal(fclose(file), 0);
    }
    strbuf_release(&text);
    free(filler);
    return take(path);
}

/* It is found by reading a second time, which an entry of an archive is not. */
static void
test_what_stands_behind_a_list(void **state)
{
    (void)state;
    struct seen plain = take_cut("cut.json", false, false);
    assert_true(plain.records > 9);
    assert_int_equal(plain.behind, plain.records);
    struct seen packed = take_cut("cut.zst", true, false);
    assert_int_equal(packed.records, plain.records);
    assert_int_equal(packed.behind, packed.records);
    struct seen entry = take_cut("cut.zip", true, true);
    assert_int_equal(entry.records, plain.records);
    assert_int_equal(entry.behind, 1);
}

static void
test_depth_of_folders(void **state)
{
    (void)state;
    struct strbuf path;
    strbuf_init(&path, 0);
    strbuf_add_text(&path, folder);
    strbuf_add_text(&path, "/deep");
    assert_int_equal(mkdir(path_of("deep"), 0700), 0);
    for (int depth = 1; depth <= FILE_DEPTH_MAX + 1; depth++) {
        strbuf_add_text(&path, "/d");
        path.ptr[path.len] = '\0';
        assert_int_equal(mkdir(path.ptr, 0700), 0);
        char name[300];
        snprintf(name, sizeof(name), "%s/x.log", path.ptr);
        FILE *file = fopen(name, "w");
        assert_non_null(file);
        fputs("x\n", file);
        fclose(file);
    }
    strbuf_release(&path);
    struct seen seen = take(path_of("deep"));
    assert_int_equal(seen.records, FILE_DEPTH_MAX);
    assert_int_equal(seen.skips, 1);
}

static int
set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/hindcast-limits.XXXXXX");
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
        cmocka_unit_test(test_ratio_of_an_archive),
        cmocka_unit_test(test_entries_of_an_archive),
        cmocka_unit_test(test_times_of_entries),
        cmocka_unit_test(test_size_of_a_document),
        cmocka_unit_test(test_depth_of_folders),
        cmocka_unit_test(test_what_stands_behind_a_list),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
