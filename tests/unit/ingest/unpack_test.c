/*
 * Packed files and packed entries of archives: each packing, in members, cut at any byte, damaged,
 * nested. What is before the cut is read, and the cut is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "tests/lib/filetake.h"

enum packing_name { GZIP, BZIP2, XZ, ZSTD, PACKINGS };

static const char *const endings[] = {"gz", "bz2", "xz", "zst"};
static char folder[64];

static const char *
path_of(const char *name)
{
    static char path[200];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static struct archive *
open_output(const char *name, int packing, bool tar)
{
    struct archive *archive = archive_write_new();
    if (packing == GZIP)
        archive_write_add_filter_gzip(archive);
    else if (packing == BZIP2)
        archive_write_add_filter_bzip2(archive);
    else if (packing == XZ)
        archive_write_add_filter_xz(archive);
    else if (packing == ZSTD)
        archive_write_add_filter_zstd(archive);
    if (tar)
        archive_write_set_format_ustar(archive);
    else
        archive_write_set_format_raw(archive);
    archive_write_set_bytes_in_last_block(archive, 1);
    assert_int_equal(archive_write_open_filename(archive, path_of(name)), ARCHIVE_OK);
    return archive;
}

static void
add(struct archive *archive, const char *name, struct sv bytes)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)bytes.len);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    archive_entry_free(entry);
    assert_int_equal(archive_write_data(archive, bytes.ptr, bytes.len), (int)bytes.len);
}

static void
pack(const char *name, int packing, struct sv bytes)
{
    struct archive *archive = open_output(name, packing, false);
    add(archive, "it", bytes);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
}

static struct strbuf
bytes_of(const char *name)
{
    struct strbuf bytes;
    char chunk[65536];
    strbuf_init(&bytes, 0);
    FILE *file = fopen(path_of(name), "rb");
    assert_non_null(file);
    for (size_t got; (got = fread(chunk, 1, sizeof(chunk), file)) > 0;)
        strbuf_add(&bytes, chunk, got);
    fclose(file);
    return bytes;
}

static struct strbuf
lines_of(int count)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    uint32_t noise = 1;
    for (int i = 0; i < count; i++) {
        noise = noise * 1664525U + 1013904223U;
        strbuf_addf(&text, "line %06d %08x\n", i, noise); /* what packs badly is cut in its midst */
    }
    return text;
}

static const char *
name_of(const char *start, int packing)
{
    static char name[64];
    snprintf(name, sizeof(name), "%s.%s", start, endings[packing]);
    return name;
}

static void
each_packing_in_one_member_and_in_several(void **state)
{
    (void)state;
    for (int packing = 0; packing < PACKINGS; packing++) {
        const char *name = name_of("app.log", packing);
        pack(name, packing, SV("one\ntwo\n"));
        struct strbuf once = bytes_of(name);
        struct taken *taken = take_files(folder, name);
        assert_int_equal(taken->count, 2);
        assert_string_equal(taken->values[1], "two");
        assert_string_equal(taken->told, "");
        char source[80];
        snprintf(source, sizeof(source), "file:%s", name);
        assert_string_equal(taken->sources[0], source);
        taken_free(taken);

        /* Appended by the next rotation, and filled up by a tape. */
        struct strbuf twice;
        strbuf_init(&twice, 0);
        strbuf_add_sv(&twice, strbuf_view(&once));
        strbuf_add_sv(&twice, strbuf_view(&once));
        strbuf_add(&twice, "\0\0\0\0\0\0\0\0", 8);
        taken_put(folder, name, strbuf_view(&twice));
        taken = take_files(folder, name);
        assert_int_equal(taken->count, 4);
        assert_string_equal(taken->told, "");
        taken_free(taken);

        strbuf_add_text(&twice, "something else");
        taken_put(folder, name, strbuf_view(&twice));
        taken = take_files(folder, name);
        assert_int_equal(taken->count, 4);
        assert_non_null(strstr(taken->told, "other bytes follow the packed ones"));
        taken_free(taken);
        strbuf_release(&twice);
        strbuf_release(&once);
        unlink(path_of(name));
    }
}

/* Whole lines only, from the first on, without a gap; returns how many. */
static size_t
check_lines(const struct taken *taken, const struct strbuf *text)
{
    struct sv rest = strbuf_view(text), line;
    for (size_t i = 0; i < taken->count; i++) {
        assert_true(sv_split(&rest, '\n', &line));
        if (!sv_eq(line, sv_from(taken->values[i])))
            fail_msg("record %zu is '%s'", i, taken->values[i]);
    }
    return taken->count;
}

static void
cut_anywhere_it_is_read_up_to_there(void **state)
{
    (void)state;
    struct strbuf text = lines_of(300);
    for (int packing = 0; packing < PACKINGS; packing++) {
        const char *name = name_of("cut.log", packing);
        pack(name, packing, strbuf_view(&text));
        struct strbuf whole = bytes_of(name);
        size_t before = 0;
        for (size_t cut = 0; cut <= whole.len; cut += cut + 31 < whole.len ? 31 : 1) {
            taken_put(folder, name, sv_slice(strbuf_view(&whole), 0, cut));
            struct taken *taken = take_files(folder, name);
            size_t count = check_lines(taken, &text);
            assert_true(count >= before);
            before = count;
            bool told = strstr(taken->told, "!cut.log") != NULL;
            if (told != (cut < whole.len) && cut > 6)
                fail_msg("%s cut at %zu of %zu: %s", name, cut, whole.len, taken->told);
            if (packing == GZIP && cut == 31 * 62)
                assert_true(count > 50); /* deflate can be read nearly up to its cut */
            taken_free(taken);
        }
        assert_int_equal(before, 300);
        strbuf_release(&whole);
        unlink(path_of(name));
    }
    strbuf_release(&text);
}

static void
damage_is_told_and_what_is_before_it_is_read(void **state)
{
    (void)state;
    struct strbuf text = lines_of(20000);
    for (int packing = 0; packing < PACKINGS; packing++) {
        const char *name = name_of("bad.log", packing);
        pack(name, packing, strbuf_view(&text));
        struct strbuf whole = bytes_of(name);
        for (size_t i = 0; i < 64; i++)
            whole.ptr[whole.len * 3 / 4 + i] ^= 0x5A;
        taken_put(folder, name, strbuf_view(&whole));
        struct taken *taken = take_files(folder, name);
        /* zstd is written without a checksum here: changed text can be all there is. */
        assert_true(strstr(taken->told, "!bad.log") != NULL || packing == ZSTD);
        assert_true(taken->count > 0 || packing == BZIP2); /* whose blocks are large */
        taken_free(taken);
        strbuf_release(&whole);
        unlink(path_of(name));
    }
    strbuf_release(&text);
}

static void
packed_entries_of_archives(void **state)
{
    (void)state;
    for (int outer = 0; outer <= PACKINGS; outer++) {
        struct archive *archive = open_output("set.tar", outer, true);
        add(archive, "var/plain.log", SV("plain\n"));
        for (int packing = 0; packing < PACKINGS; packing++) {
            pack("it", packing, SV("within\nagain\n"));
            struct strbuf bytes = bytes_of("it");
            unlink(path_of("it"));
            char name[64];
            snprintf(name, sizeof(name), "var/%s", name_of("in.log", packing));
            add(archive, name, strbuf_view(&bytes));
            if (packing == GZIP)
                add(archive, "var/cut.gz", sv_slice(strbuf_view(&bytes), 0, bytes.len - 9));
            strbuf_release(&bytes);
        }
        add(archive, "var/last.log", SV("last\n"));
        archive_write_close(archive);
        archive_write_free(archive);
        struct taken *taken = take_files(folder, "set.tar");
        assert_int_equal(taken->count, 12);
        assert_string_equal(taken->values[0], "plain");
        assert_string_equal(taken->sources[1], "file:set.tar!var/in.log.gz");
        for (int i = 1; i < 11; i += 2) {
            assert_string_equal(taken->values[i], "within");
            assert_string_equal(taken->values[i + 1], "again");
        }
        assert_string_equal(taken->values[11], "last");
        assert_string_equal(taken->told, "!set.tar!var/cut.gz:the packed bytes break off; what is "
                                         "before that is read\n");
        taken_free(taken);
    }
}

static void
a_cut_tar_is_read_up_to_there(void **state)
{
    (void)state;
    struct strbuf text = lines_of(4000);
    struct archive *archive = open_output("cut.tar", GZIP, true);
    add(archive, "a.log", strbuf_view(&text));
    add(archive, "b.log", strbuf_view(&text));
    archive_write_close(archive);
    archive_write_free(archive);
    struct strbuf whole = bytes_of("cut.tar");
    taken_put(folder, "cut.tar", sv_slice(strbuf_view(&whole), 0, whole.len * 3 / 4));
    struct taken *taken = take_files(folder, "cut.tar");
    assert_true(taken->count > 4000 && taken->count < 8000);
    assert_non_null(strstr(taken->told, "!cut.tar!b.log:"));
    taken_free(taken);
    strbuf_release(&whole);
    strbuf_release(&text);
}

static void
a_document_that_is_packed_and_cut(void **state)
{
    (void)state;
    struct strbuf text;
    strbuf_init(&text, 0);
    for (int i = 0; i < 200; i++)
        strbuf_addf(&text, "%s\n {\"n\": %d,\n  \"x\": %d}", i == 0 ? "[" : ",", i,
                    i * 7919 % 1000);
    strbuf_add_text(&text, "\n]\n");
    pack("doc.json.gz", GZIP, strbuf_view(&text));
    struct strbuf whole = bytes_of("doc.json.gz");
    taken_put(folder, "doc.json.gz", sv_slice(strbuf_view(&whole), 0, whole.len / 2));
    struct taken *taken = take_files(folder, "doc.json.gz");
    assert_true(taken->count > 10 && taken->count < 200);
    for (size_t i = 0; i < taken->count; i++) {
        char start[32];
        snprintf(start, sizeof(start), "{\"n\": %zu,", i);
        assert_memory_equal(taken->values[i], start, strlen(start));
        assert_int_equal(taken->values[i][strlen(taken->values[i]) - 1], '}');
    }
    assert_non_null(strstr(taken->told, "!doc.json.gz:the packed bytes break off"));
    taken_free(taken);
    strbuf_release(&whole);
    strbuf_release(&text);
}

static int
set_up(void **state)
{
    (void)state;
    taken_make_folder(folder, sizeof(folder));
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    return taken_drop_folder(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_packing_in_one_member_and_in_several),
        cmocka_unit_test(cut_anywhere_it_is_read_up_to_there),
        cmocka_unit_test(damage_is_told_and_what_is_before_it_is_read),
        cmocka_unit_test(packed_entries_of_archives),
        cmocka_unit_test(a_cut_tar_is_read_up_to_there),
        cmocka_unit_test(a_document_that_is_packed_and_cut),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
