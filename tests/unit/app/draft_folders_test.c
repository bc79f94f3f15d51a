/*
 * app/folder_match, folder_name, incident_file: which folder goes on with which incident, what it
 * is called, and what it keeps of it. The records are the sample incident of tests/lib.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/folder_match.h"
#include "app/folder_name.h"
#include "app/incident_file.h"
#include "tests/lib/sample_incident.h"

#define MOST 4

/* Matches, and writes what came of it as "INCIDENT:FOLDER ..., FOLDER>INCIDENT ...". */
static const char *
matched(struct folder_overlap *overlaps, size_t count, size_t folders, size_t incidents)
{
    static char text[128];
    size_t folder_of[MOST], goes_on[MOST];
    const struct folder_counts counts[MOST] = {{4}, {4}, {4}, {4}};
    int length = 0;
    folder_match(overlaps, count, counts, folders, incidents, folder_of, goes_on);
    text[0] = '\0';
    for (size_t i = 0; i < incidents; i++)
        length += snprintf(text + length, sizeof(text) - (size_t)length, "%c",
                           folder_of[i] == FOLDER_NONE ? '-' : (char)('A' + (int)folder_of[i]));
    length += snprintf(text + length, sizeof(text) - (size_t)length, " ");
    for (size_t i = 0; i < folders; i++)
        length += snprintf(text + length, sizeof(text) - (size_t)length, "%c",
                           goes_on[i] == FOLDER_NONE ? '-' : (char)('0' + (int)goes_on[i]));
    return text;
}

#define MATCHED(folders, incidents, ...)                                                           \
    matched((struct folder_overlap[]){__VA_ARGS__},                                                \
            sizeof((struct folder_overlap[]){__VA_ARGS__}) / sizeof(struct folder_overlap),        \
            folders, incidents)

static void
the_most_members_decide(void **state)
{
    (void)state;
    assert_string_equal(MATCHED(1, 2, {0, 0, 1, 0}, {0, 1, 2, 0}), "-A 1"); /* a split */
    assert_string_equal(MATCHED(2, 1, {0, 0, 1, 0}, {1, 0, 2, 0}), "B 00"); /* a merge */
    assert_string_equal(MATCHED(2, 1, {1, 0, 2, 0}, {0, 0, 2, 0}), "A 00"); /* ties: by name */
    assert_string_equal(MATCHED(1, 2, {0, 1, 2, 0}, {0, 0, 2, 0}), "A- 0");
    /* A part of A went over to B's incident, which keeps its own folder. */
    assert_string_equal(MATCHED(2, 2, {0, 0, 3, 0}, {0, 1, 4, 0}, {1, 1, 5, 0}), "AB 01");
}

static void
what_is_attached_says_nothing_beside_members(void **state)
{
    (void)state;
    /* The talk of A's incident now hangs on another one. */
    assert_string_equal(MATCHED(2, 2, {0, 0, 1, 0}, {0, 1, 0, 4}, {1, 1, 1, 1}), "AB 01");
    assert_string_equal(MATCHED(1, 2, {0, 0, 1, 0}, {0, 1, 0, 4}), "A- 0");
    /* Declared with other words: the same evidence, more than half of it. */
    assert_string_equal(MATCHED(1, 1, {0, 0, 0, 3}), "A 0");
    assert_string_equal(MATCHED(1, 1, {0, 0, 0, 2}), "- -");
    /* Not where the incident is a part of one that has a folder. */
    assert_string_equal(MATCHED(2, 2, {0, 0, 2, 0}, {0, 1, 1, 0}, {1, 1, 0, 4}), "A- 0-");
}

static void
the_order_of_overlaps_does_not_matter(void **state)
{
    (void)state;
    assert_string_equal(MATCHED(2, 2, {1, 1, 5, 0}, {0, 1, 4, 0}, {0, 0, 3, 0}), "AB 01");
    assert_string_equal(MATCHED(2, 2, {0, 1, 4, 0}, {0, 0, 3, 0}, {1, 1, 5, 0}), "AB 01");
}

static void
assert_named(const char *service, const char *name)
{
    char found[FOLDER_NAME_MAX];
    const struct node quiet = {.kind = EVENT_CHAT, .service = SV("chat")};
    const struct node alert = {.kind = EVENT_ALERT, .service = sv_from(service)};
    const struct node *const nodes[] = {&quiet, &alert};
    const struct incident incident = {
        .first_ns = INT64_C(1772359200) * NS_PER_S, .nodes = nodes, .node_count = 2};
    folder_name(&incident, found);
    assert_string_equal(found, name);
}

static void
names_are_portable(void **state)
{
    char found[FOLDER_NAME_MAX];
    (void)state;
    assert_named("checkout-api", "2026-03-01-checkout-api");
    assert_named("../..//Pay ments\\:*?\n..", "2026-03-01-pay-ments");
    assert_named("\xd0\xbf", "2026-03-01-incident");
    assert_named(NULL, "2026-03-01-chat");
    assert_named("a123456789b123456789c123456789d123456789-and-more",
                 "2026-03-01-a123456789b123456789c123456789d123456789");
    folder_name_numbered("2026-03-01-a123456789b123456789c123456789d123456789", 10000, found);
    assert_string_equal(found, "2026-03-01-a123456789b123456789c123456789d123456789-10000");
}

static void
what_is_written_is_read(void **state)
{
    struct arena arena;
    struct strbuf once, again;
    struct incident_file file, read;
    struct stored_incident stored = sample_stored();
    struct node node = *stored.incident.nodes[0], same = node, talk = node;
    const struct node *const nodes[] = {&node, &same, &talk};
    (void)state;
    node.node_key = same.node_key = SV("1/a/0123456789abcdef0123456789abcdef");
    talk.node_key = SV("1/b/ffffffffffffffffffffffffffffffff");
    node.kind = same.kind = EVENT_ALERT;
    talk.kind = EVENT_CHAT;
    talk.declared = false;
    stored.incident.nodes = nodes;
    stored.incident.node_count = 3;
    arena_init(&arena, 0);
    strbuf_init(&once, 0);
    strbuf_init(&again, 0);
    incident_file_of(&stored, &arena, &file);
    file.document_digest = SV("\"quoted\"\n");
    file.configuration = SV("c0");
    file.decoding = SV("d0");
    file.merged_into = SV("elsewhere");
    incident_file_put(&file, &once);
    assert_non_null(strstr(once.ptr, ",\"started\":\"2026-03-01T10:00:00Z\",\"ended\":"));
    assert_non_null(strstr(once.ptr, ",\"rank\":0,\"worth\":false,\"rank_reasons\":[],"));
    /* Of the sample's first entry: who was paged and who had which role. */
    assert_non_null(
        strstr(once.ptr, ",\"pages\":[{\"person\":\"ana\",\"doubt\":null,\"answered\":"));
    assert_non_null(strstr(once.ptr, "\"paged\":\"2026-03-01T10:00:00Z\",\"entry\":\"e-alert\"}"));
    assert_non_null(strstr(
        once.ptr, ",\"roles\":[{\"person\":\"ana\",\"role\":\"lead\",\"until\":\"2026-03-01T10:"
                  "02:00Z\",\"end\":\"e-log\",\"from\":\"2026-03-01T10:00:00Z\","));
    file.shown = NULL; /* nobody reads that back */
    strbuf_clear(&once);
    incident_file_put(&file, &once);
    assert_true(incident_file_read(strbuf_view(&once), &arena, &read));
    incident_file_put(&read, &again);
    assert_string_equal(once.ptr, again.ptr);
    assert_true(sv_eq(read.configuration, SV("c0")) && sv_eq(read.decoding, SV("d0")));
    assert_int_equal(read.members.count, 1);
    assert_int_equal(read.attached.count, 1);
    assert_true(sv_eq(read.attached.uids[0], SV("ffffffffffffffffffffffffffffffff")));
    for (size_t length = 0; length < once.len - 2; length++) /* cut anywhere: not one of ours */
        assert_false(incident_file_read(sv_of(once.ptr, length), &arena, &read));
    strbuf_release(&once);
    strbuf_release(&again);
    arena_release(&arena);
}

static void
uids_that_are_none_are_left_out(void **state)
{
    struct arena arena;
    struct incident_file read;
    (void)state;
    arena_init(&arena, 0);
    assert_true(incident_file_read(
        SV("{\"hindcast\":\"9\",\"later\":{},\"members\":[\"'; --\",7,null,"
           "\"0123456789ABCDEF0123456789abcdef\",\"0123456789abcdef0123456789abcdef\"]}"),
        &arena, &read));
    assert_int_equal(read.members.count, 1);
    assert_false(incident_file_read(SV("{\"members\":[]}"), &arena, &read));
    assert_false(incident_file_read(SV("[]"), &arena, &read));
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_members_decide),
        cmocka_unit_test(what_is_attached_says_nothing_beside_members),
        cmocka_unit_test(the_order_of_overlaps_does_not_matter),
        cmocka_unit_test(names_are_portable),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(uids_that_are_none_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
