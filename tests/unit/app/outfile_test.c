/*
 * app/outfile: what a person wrote is never overwritten by a draft.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/outfile.h"

static char folder[] = "/tmp/hindcast-outfile-XXXXXX";
static char path[PATH_MAX], kept_1[PATH_MAX], kept_2[PATH_MAX];

static int
start(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/postmortem.md", folder);
    snprintf(kept_1, sizeof(kept_1), "%s/postmortem.md.kept-1", folder);
    snprintf(kept_2, sizeof(kept_2), "%s/postmortem.md.kept-2", folder);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    unlink(path);
    unlink(kept_1);
    unlink(kept_2);
    return rmdir(folder);
}

static void
write_draft(const char *text)
{
    struct err err = {0};
    struct strbuf buf;
    strbuf_init(&buf, 0);
    strbuf_add_text(&buf, text);
    assert_int_equal(outfile_write_draft(path, &buf, &err), 0);
    strbuf_release(&buf);
}

static void
assert_holds(const char *file, const char *text)
{
    char found[64] = "";
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    size_t got = fread(found, 1, sizeof(found) - 1, in);
    fclose(in);
    assert_int_equal(got, strlen(text));
    assert_string_equal(found, text);
}

static void
edited_drafts_are_kept(void **state)
{
    (void)state;
    write_draft("machine\n");
    write_draft("machine\n");
    assert_holds(path, "machine\n");
    assert_int_not_equal(access(kept_1, F_OK), 0);

    FILE *edit = fopen(path, "a");
    assert_non_null(edit);
    fputs("person\n", edit);
    fclose(edit);
    write_draft("machine\n");
    assert_holds(path, "machine\n");
    assert_holds(kept_1, "machine\nperson\n");

    write_draft("another\n");
    assert_holds(path, "another\n");
    assert_holds(kept_1, "machine\nperson\n");
    assert_holds(kept_2, "machine\n");
}

static void
what_cannot_be_written_says_so(void **state)
{
    (void)state;
    struct err err = {0};
    struct strbuf buf;
    strbuf_init(&buf, 4);
    strbuf_add_text(&buf, "too long");
    assert_int_equal(outfile_write_draft(path, &buf, &err), -1);
    assert_int_equal(err.code, ERR_LIMIT);
    strbuf_clear(&buf);
    assert_int_equal(outfile_write("/nowhere/at/all", &buf, &err), -1);
    assert_int_equal(err.code, ERR_IO);
    strbuf_release(&buf);
}

/* Through a link, with the rights of the old file, and not where the file is read-only. */
static void
what_stands_there_is_respected(void **state)
{
    (void)state;
    struct err err = {0};
    struct stat status;
    unlink(path);
    unlink(kept_1);
    write_draft("old\n");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink("postmortem.md", kept_1), 0);
    assert_int_equal(outfile_write_bytes(kept_1, SV("new\n"), &err), 0);
    assert_holds(path, "new\n");
    assert_int_equal(lstat(kept_1, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(outfile_write_bytes("/dev/full", SV("x"), &err), -1);
    assert_non_null(strstr(err.message, "No space left"));
    assert_int_equal(outfile_write_bytes(folder, SV("x"), &err), -1);
    assert_int_equal(err.code, ERR_IO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edited_drafts_are_kept),
        cmocka_unit_test(what_stands_there_is_respected),
        cmocka_unit_test(what_cannot_be_written_says_so),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
