/*
 * app/postmortem: what is written beside a draft, and where nothing is. The incident is the sample
 * of tests/lib, with as many more alerts as a test asks for.
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

#include "app/postmortem.h"
#include "base/arena.h"
#include "tests/lib/sample_incident.h"

#define MANY 500 /* more than any list shows */

static char folder[] = "/tmp/hindcast-postmortem-XXXXXX";
static char path[PATH_MAX], beside[PATH_MAX], base[PATH_MAX];
static struct arena arena;

static int
start(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/draft.md", folder);
    snprintf(beside, sizeof(beside), "%s/draft.md.timeline.jsonl", folder);
    snprintf(base, sizeof(base), "%s/.base.json", folder);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return rmdir(folder);
}

static int
forget(void **state)
{
    (void)state;
    unlink(path);
    unlink(beside);
    unlink(base);
    return 0;
}

/* The sample's first entry, `count` times, each with an id of its own that is long enough. */
static struct stored_incident
incident_of(size_t count)
{
    struct stored_incident stored = sample_stored();
    struct entry *entries = ARENA_ARRAY(&arena, struct entry, count);
    const struct node **nodes = ARENA_ARRAY(&arena, const struct node *, count);
    for (size_t i = 0; i < count; i++) {
        struct node *node = ARENA_NEW(&arena, struct node);
        entries[i] = stored.incident.entries[0];
        entries[i].entry_id = arena_printf(&arena, "%016zx", i << 32);
        entries[i].node_key = arena_printf(&arena, "n%zu", i);
        *node = *stored.incident.nodes[0];
        node->node_key = entries[i].node_key;
        nodes[i] = node;
    }
    stored.incident.entries = entries;
    stored.incident.entry_count = count;
    stored.incident.nodes = nodes;
    stored.incident.node_count = count;
    stored.incident.milestone_count = 0;
    return stored;
}

static int
write_it(const struct stored_incident *stored, const char *where, const char *timeline,
         struct err *err)
{
    const struct ledger_totals ledger = {.records = 5};
    const struct postmortem postmortem = {
        .stored = stored, .ledger = &ledger, .path = where, .timeline = timeline};
    *err = (struct err){0};
    return postmortem_write(&postmortem, err);
}

static bool
is_there(const char *file)
{
    return access(file, F_OK) == 0;
}

static size_t
lines_of(const char *file, const char *words)
{
    char *line = NULL;
    size_t size = 0, count = 0;
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    while (getline(&line, &size, in) > 0)
        count += strstr(line, words) != NULL;
    free(line);
    fclose(in);
    return count;
}

static void
a_short_draft_stands_alone(void **state)
{
    (void)state;
    struct err err;
    struct stored_incident stored = incident_of(3);
    assert_int_equal(write_it(&stored, path, NULL, &err), 0);
    assert_true(is_there(path));
    assert_false(is_there(beside));
}

static void
what_it_leaves_out_is_beside_it(void **state)
{
    (void)state;
    struct err err;
    struct stored_incident stored = incident_of(MANY);
    assert_int_equal(write_it(&stored, path, NULL, &err), 0);
    assert_int_equal(lines_of(path, "so does the file draft.md.timeline.jsonl beside"), 1);
    assert_int_equal(lines_of(beside, "\"entry_id\":"), MANY);
    assert_int_equal(lines_of(beside, "\"sha256\":"), MANY);
}

static void
the_caller_may_have_written_it(void **state)
{
    (void)state;
    struct err err;
    struct stored_incident stored = incident_of(MANY);
    assert_int_equal(write_it(&stored, path, "all.jsonl", &err), 0);
    assert_int_equal(lines_of(path, "so does the file all.jsonl beside"), 1);
    assert_false(is_there(beside));
}

static void
nothing_stands_beside_a_pipe(void **state)
{
    (void)state;
    struct err err;
    struct stored_incident stored = incident_of(MANY);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_int_equal(write_it(&stored, path, NULL, &err), 0);
    assert_false(is_there(beside));
}

/* Neither a new file nor the one that is there, nor anything beside it. */
static void
a_draft_that_cites_badly_is_not_written(void **state)
{
    (void)state;
    struct err err;
    struct stored_incident good = incident_of(3), bad = incident_of(MANY);
    ((struct entry *)(uintptr_t)bad.incident.entries)[1].entry_id =
        bad.incident.entries[0].entry_id;
    for (int known = 0; known < 2; known++) {
        assert_int_equal(write_it(&bad, path, known ? "all.jsonl" : NULL, &err), -1);
        assert_int_equal(err.code, ERR_INTERNAL);
        assert_false(is_there(path));
        assert_false(is_there(beside));
    }
    assert_int_equal(write_it(&good, path, NULL, &err), 0);
    size_t lines = lines_of(path, "\n");
    assert_int_equal(write_it(&bad, path, NULL, &err), -1);
    assert_int_equal(lines_of(path, "\n"), lines);
    assert_int_equal(write_it(&bad, NULL, NULL, &err), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_short_draft_stands_alone, forget),
        cmocka_unit_test_teardown(what_it_leaves_out_is_beside_it, forget),
        cmocka_unit_test_teardown(the_caller_may_have_written_it, forget),
        cmocka_unit_test_teardown(nothing_stands_beside_a_pipe, forget),
        cmocka_unit_test_teardown(a_draft_that_cites_badly_is_not_written, forget),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
