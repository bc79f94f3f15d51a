/*
 * app/document: an edited draft and its base are two files; killed between any two writes, the next
 * run ends in the bytes that this one would have ended in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <dirent.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/document.h"
#include "app/folder_lock.h"
#include "app/infile.h"
#include "app/outfile.h"

#define GENERATED                                                                                  \
    "# Draft\n\n- It was called resolved 13 min after the start.[^1]\n"                            \
    "- Others were told 9 min after detection.[^2]\n\n[^1]: e:aaaaaaaa0001, a.log:1\n"             \
    "[^2]: e:bbbbbbbb0002, b.log:1\n"
/* A line copied, and the copy reworded. The records drop the line: the copy is nobody's but theirs.
 */
#define EDITED                                                                                     \
    "# Draft\n\n- It was called resolved 13 min after the start.[^1]\n"                            \
    "- It was called resolved 34 min after the first start.[^1]\n"                                 \
    "- Others were told 9 min after detection.[^2]\n\n[^1]: e:aaaaaaaa0001, a.log:1\n"             \
    "[^2]: e:bbbbbbbb0002, b.log:1\n"
#define LATER                                                                                      \
    "# Draft\n\n- Others were told 11 min after detection.[^1]\n\n[^1]: e:bbbbbbbb0002, b.log:1\n"

static char folder[] = "/tmp/hindcast-document-XXXXXX";
static char path[PATH_MAX], base_path[PATH_MAX];

static int
start(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/postmortem.md", folder);
    snprintf(base_path, sizeof(base_path), "%s/" DOCUMENT_BASE_FILE, folder);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return -1;
    for (const struct dirent *item; (item = readdir(dir)) != NULL;)
        if (item->d_name[0] != '.' || item->d_name[1] > '.') /* what was killed leaves parts */
            unlinkat(dirfd(dir), item->d_name, 0);
    closedir(dir);
    return rmdir(folder);
}

static void
write_generated(const char *text)
{
    const struct document_base base = {.merge = {.text = sv_from(text)},
                                       .document = SV("postmortem")};
    enum document_outcome outcome;
    struct merge_counts counts;
    struct err err = {0};
    if (document_write(path, &base, &outcome, &counts, &err) != 0)
        fail_msg("%s", err.message);
}

static void
write_killed(const char *text, const char *failpoint)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HINDCAST_FAILPOINT", failpoint, 1);
        write_generated(text);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        fail_msg("%s was not met", failpoint);
}

static void
edit(const char *text)
{
    struct err err = {0};
    assert_int_equal(outfile_write_bytes(path, sv_from(text), &err), 0);
}

/* Text and base, one behind the other. */
static void
read_both(struct strbuf *out)
{
    struct err err = {0};
    bool there;
    strbuf_clear(out);
    assert_int_equal(infile_read(path, out, &there, &err), 0);
    assert_int_equal(infile_read(base_path, out, &there, &err), 0);
    assert_true(there);
}

/* /proc/locks has a line "... -> FLOCK ... PID ..." for who waits. */
static bool
waits_for_lock(pid_t process)
{
    char line[256], pid[32];
    bool found = false;
    FILE *locks = fopen("/proc/locks", "r");
    assert_non_null(locks);
    snprintf(pid, sizeof(pid), " %d ", (int)process);
    while (!found && fgets(line, sizeof(line), locks) != NULL)
        found = strstr(line, "->") != NULL && strstr(line, pid) != NULL;
    fclose(locks);
    return found;
}

static void
begin_again(void)
{
    unlink(path);
    unlink(base_path);
    write_generated(GENERATED);
    edit(EDITED);
}

static void
killed_anywhere_it_ends_the_same(void **state)
{
    static const char *const points[] = {"draft_after_announcement", "draft_before_document",
                                         "draft_after_document", "draft_before_base",
                                         "draft_after_base"};
    struct strbuf whole, found;
    (void)state;
    strbuf_init(&whole, 0);
    strbuf_init(&found, 0);
    begin_again();
    write_generated(LATER);
    read_both(&whole);
    assert_non_null(strstr(whole.ptr, "- It was called resolved 34 min after the first start."));
    assert_null(strstr(whole.ptr, "Changed by you"));
    assert_null(strstr(whole.ptr, "\"next\""));
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        begin_again();
        write_killed(LATER, points[i]);
        write_generated(LATER);
        read_both(&found);
        if (!sv_eq(strbuf_view(&whole), strbuf_view(&found)))
            fail_msg("%s: '%s' and not '%s'", points[i], found.ptr, whole.ptr);
    }
    strbuf_release(&whole);
    strbuf_release(&found);
}

/* Neither the text before nor the one that was written is there: people went on in between. */
static void
edited_after_a_kill_nothing_is_lost(void **state)
{
    struct strbuf text;
    struct err err = {0};
    bool there;
    (void)state;
    begin_again();
    write_killed(LATER, "draft_before_base");
    strbuf_init(&text, 0);
    assert_int_equal(infile_read(path, &text, &there, &err), 0);
    strbuf_add_text(&text, "\nAda saw it, too.\n");
    edit(text.ptr);
    write_generated(LATER);
    strbuf_clear(&text);
    assert_int_equal(infile_read(path, &text, &there, &err), 0);
    assert_non_null(strstr(text.ptr, "34 min after the first start"));
    assert_non_null(strstr(text.ptr, "Ada saw it, too."));
    assert_non_null(strstr(text.ptr, "told 11 min"));
    assert_null(strstr(text.ptr, "told 9 min"));
    strbuf_release(&text);
}

/* While one run holds the folder, another waits: it ends only when the first one lets go. */
static void
one_writer_at_a_time(void **state)
{
    int status;
    (void)state;
    begin_again();
    int lock = folder_lock(folder);
    assert_true(lock >= 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(lock); /* its own one counts */
        write_generated(LATER);
        _exit(0);
    }
    /* The child is in flock(2), or on its way there: either way the text is as it was. */
    while (!waits_for_lock(child)) {
        assert_int_equal(waitpid(child, &status, WNOHANG), 0);
        sched_yield();
    }
    struct strbuf text;
    struct err err = {0};
    bool there;
    strbuf_init(&text, 0);
    assert_int_equal(infile_read(path, &text, &there, &err), 0);
    assert_string_equal(text.ptr, EDITED);
    folder_unlock(lock);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    strbuf_clear(&text);
    assert_int_equal(infile_read(path, &text, &there, &err), 0);
    assert_non_null(strstr(text.ptr, "told 11 min"));
    strbuf_release(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_anywhere_it_ends_the_same),
        cmocka_unit_test(edited_after_a_kill_nothing_is_lost),
        cmocka_unit_test(one_writer_at_a_time),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
