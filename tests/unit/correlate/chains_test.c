/*
 * Chains: which records tell of one change, which of them is its row in key, what it says, and that
 * a change whose pipeline failed was not done. Records of our own, modelled after what GitHub,
 * GitLab, deployment tools and people write of one change.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "hindcast/correlation.h"

#define BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */
#define ROWS_MAX 60
#define HASH "4f9c2ab07d1e5a3b6c8892f0e4d7a1b35c6e9f02"

static struct arena arena;
static struct observation rows[ROWS_MAX];
static size_t row_count;

static struct event *
add(int minute, enum record_kind record, const char *text)
{
    static const enum event_kind kinds[] = {
        EVENT_NO_KIND,
#define RECORD_KIND(name, word, kind, meaning) EVENT_##kind,
#include "hindcast/event.def"
    };
    assert_true(row_count < ROWS_MAX);
    struct observation *row = &rows[row_count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at.offset = (int64_t)row_count;
    row->event = (struct event){.kind = kinds[record],
                                .record_kind = record,
                                .source = SV("git:quay/ferry"),
                                .title = sv_from(text),
                                .body = sv_from(text),
                                .event_time_ns = BEGIN_NS + minute * NS_PER_MINUTE,
                                .precision = PRECISION_SECOND,
                                .scope = SV("default")};
    row->event.uid[0] = (uint8_t)(row_count + 1);
    sha256_of(&row_count, sizeof(row_count), &row->sha256);
    row_count++;
    return &row->event;
}

static struct event *
change(int minute, enum record_kind record, const char *actor, const char *ref, const char *text)
{
    struct event *event = add(minute, record, text);
    event->service = SV("quay/ferry");
    event->actor = sv_from(actor);
    event->ref = sv_from(ref);
    event->phase = PHASE_SUCCEEDED;
    return event;
}

static struct event *
deploy(int minute, enum event_phase phase, const char *actor, const char *ref, const char *text)
{
    struct event *event = change(minute, RECORD_DEPLOY, actor, ref, text);
    event->environment = SV("production");
    event->phase = phase;
    return event;
}

static void
say(int minute, const char *actor, const char *text)
{
    struct event *event = add(minute, RECORD_CHAT, text);
    event->source = SV("slack:ops");
    event->channel = SV("ops");
    event->actor = sv_from(actor);
    event->phase = PHASE_POST;
}

static void
alert(int minute, enum event_phase phase)
{
    struct event *event = add(minute, RECORD_ALERT, "FerryErrors: too many errors");
    event->source = SV("am");
    event->service = SV("ferry");
    event->fingerprint = SV("fp");
    event->severity = SEVERITY_ERROR;
    event->phase = phase;
}

/* The only incident that is raised, of `from` to `to` minutes. */
static const struct incident *
told(int from, int to)
{
    static struct correlation result;
    const struct declaration declared = {.id = SV("d"),
                                         .title = SV("Ferry slow"),
                                         .from_ns = BEGIN_NS + from * NS_PER_MINUTE,
                                         .to_ns = BEGIN_NS + to * NS_PER_MINUTE};
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = rows,
                                      .count = row_count,
                                      .declarations = &declared,
                                      .declaration_count = 1};
    struct correlation_config config;
    struct err err;
    correlation_config_default(&config);
    assert_int_equal(correlate_run(&arena, &input, &config, &result, &err), 0);
    for (size_t i = 0; i < result.incident_count; i++)
        if (result.incidents[i].declared)
            return &result.incidents[i];
    fail();
    return NULL;
}

static const struct entry *
entry_at(const struct incident *incident, int minute)
{
    for (size_t i = 0; i < incident->entry_count; i++)
        if (incident->entries[i].time_ns == BEGIN_NS + minute * NS_PER_MINUTE)
            return &incident->entries[i];
    fail();
    return NULL;
}

static void
assert_told(const struct entry *entry, const char *words)
{
    char text[400];
    snprintf(text, sizeof(text), SV_FMT, SV_ARG(entry->told));
    assert_string_equal(text, words);
    assert_true(sv_empty(entry->chain));
}

static void
assert_names(const struct entry *entry, const struct entry *head)
{
    assert_true(sv_eq(entry->chain, head->entry_id));
    assert_true(sv_empty(entry->told));
    assert_int_not_equal(entry->significance, SIGNIFICANCE_KEY);
}

static void
assert_alone(const struct entry *entry)
{
    assert_true(sv_empty(entry->chain) && sv_empty(entry->told));
}

static bool
noted(const struct entry *entry, const char *reason)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, sv_from(reason)))
            return true;
    return false;
}

static int
start(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    row_count = 0;
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void
one_change_is_one_row_and_takes_its_parts_from_all_records(void **state)
{
    (void)state;
    change(5, RECORD_COMMIT, "Ines Okafor", HASH, "Use the new pool library (#482)");
    change(9, RECORD_MERGE, "Bo Marsh", "9d1e22b7", "Merge pull request #482 from ines/pool");
    say(12, "Cy Dale", "next to production: ferry v2.41.0");
    deploy(14, PHASE_STARTED, "Cy Dale", "4f9c2ab", "Deploy ferry v2.41.0");
    deploy(17, PHASE_SUCCEEDED, "Cy Dale", "4f9c2ab", "Deploy ferry v2.41.0");
    say(18, "Cy Dale", "ferry v2.41.0 is out");
    say(19, "Cy Dale", "ferry v2.41.0 shows errors everywhere");
    const struct incident *incident = told(0, 60);
    const struct entry *head = entry_at(incident, 17);
    assert_told(head, "deployed ferry v2.41.0 (4f9c2ab, #482) to production: Use the new pool "
                      "library, by Cy Dale");
    assert_int_equal(head->significance, SIGNIFICANCE_KEY);
    for (int minute = 5; minute < 19; minute++)
        if (minute == 5 || minute == 9 || minute == 12 || minute == 14 || minute == 18)
            assert_names(entry_at(incident, minute), head);
    assert_alone(entry_at(incident, 19)); /* it tells of something else */
}

static void
a_merge_brings_in_the_commits_of_its_branch(void **state)
{
    (void)state;
    change(1, RECORD_COMMIT, "Ada Quill", "1111aaa1", "Raise the limit of berths");
    change(2, RECORD_COMMIT, "Bo Marsh", "2222bbb2", "Name the gates");
    change(3, RECORD_COMMIT, "Ada Quill", "3333ccc3", "Raise that of gates, too");
    change(4, RECORD_MERGE, "Cy Dale", "4444ddd4", "Merge pull request #31 from adaquill/limits");
    change(9, RECORD_COMMIT, "Ada Quill", "5555eee5", "Write down the limits");
    const struct incident *incident = told(0, 60);
    const struct entry *head = entry_at(incident, 4);
    assert_told(head, "merged into ferry (4444ddd, #31): Raise that of gates, too (and 1 commit "
                      "before it), by Ada Quill");
    assert_names(entry_at(incident, 1), head);
    assert_names(entry_at(incident, 3), head);
    assert_alone(entry_at(incident, 2)); /* of somebody else */
    assert_alone(entry_at(incident, 9)); /* after it */
}

static void
what_only_looks_alike_stays_apart(void **state)
{
    (void)state;
    change(1, RECORD_COMMIT, "Ada Quill", "1111aaa1", "Update the table of fares");
    change(5, RECORD_COMMIT, "Ada Quill", "2222bbb2", "Update the table of fares");
    change(7, RECORD_COMMIT, "Ada Quill", "3333ccc3", "Fix what #31 left");
    change(9, RECORD_MERGE, "Bo Marsh", "4444ddd4", "Merge pull request #31 from bo/gates");
    change(11, RECORD_COMMIT, "Cy Dale", "5555eee5", "Revert the berths of 1111aaa1");
    struct event *other =
        change(13, RECORD_MERGE, "Cy Dale", "6666fff6", "Merge pull request #31 from cy/quay");
    other->source = SV("git:quay/harbour");
    other->service = SV("quay/harbour");
    const struct incident *incident = told(0, 60);
    for (int minute = 1; minute <= 13; minute += 2)
        if (minute != 3)
            assert_alone(entry_at(incident, minute));
}

static void
what_is_deployed_again_after_a_rollback_is_another_change(void **state)
{
    (void)state;
    deploy(1, PHASE_STARTED, "ada", "4f9c2ab0", "Deploy ferry v2.41.0");
    deploy(3, PHASE_SUCCEEDED, "ada", "4f9c2ab0", "Deploy ferry v2.41.0");
    deploy(8, PHASE_STARTED, "ada", "b81d3e6c", "Roll back ferry to v2.40.3");
    deploy(10, PHASE_SUCCEEDED, "ada", "b81d3e6c", "Roll back ferry to v2.40.3");
    deploy(20, PHASE_SUCCEEDED, "ada", "4f9c2ab0", "Deploy ferry v2.41.0");
    const struct incident *incident = told(0, 60);
    assert_told(entry_at(incident, 3), "deployed ferry v2.41.0 (4f9c2ab) to production, by ada");
    assert_told(entry_at(incident, 10),
                "rolled back ferry to v2.40.3 (b81d3e6) in production, by ada");
    assert_names(entry_at(incident, 8), entry_at(incident, 10));
    assert_told(entry_at(incident, 20), "deployed ferry v2.41.0 (4f9c2ab) to production, by ada");
    assert_true(sv_empty(entry_at(incident, 20)->chain));
}

/* The mitigation, in minutes, or -1. */
static int
mitigated(const struct incident *incident)
{
    for (size_t i = 0; i < incident->milestone_count; i++)
        if (incident->milestones[i].milestone == MILESTONE_MITIGATED)
            return (int)((incident->milestones[i].time_ns - BEGIN_NS) / NS_PER_MINUTE);
    return -1;
}

static void
a_change_whose_pipeline_fails_was_not_done(void **state)
{
    (void)state;
    static const enum event_phase ends[] = {PHASE_FAILED, PHASE_CANCELLED, PHASE_SUCCEEDED};
    for (size_t i = 0; i < 3; i++) {
        row_count = 0;
        alert(0, PHASE_TRIGGER);
        change(5, RECORD_COMMIT, "Ada Quill", HASH, "Revert \"Open gates faster\"");
        change(6, RECORD_MERGE, "Ada Quill", "9d1e22b7",
               "Merge pull request #9 from ada/revert-gates");
        deploy(9, ends[i], "ci", "9d1e22b7", "pipeline of main");
        alert(20, PHASE_RESOLVE);
        const struct incident *incident = told(-5, 60);
        bool undone = ends[i] != PHASE_SUCCEEDED;
        assert_int_equal(mitigated(incident), undone ? -1 : 9);
        assert_int_equal(noted(entry_at(incident, 6), "came_to_nothing"), undone);
        assert_int_equal(sv_contains(entry_at(incident, 9)->told, ends[i] == PHASE_CANCELLED
                                                                      ? SV(" was cancelled")
                                                                      : SV(" failed")),
                         undone);
    }
}

static void
a_test_that_fails_undoes_no_deployment(void **state)
{
    (void)state;
    change(5, RECORD_COMMIT, "Ada Quill", HASH, "Open gates faster");
    deploy(9, PHASE_SUCCEEDED, "ci", HASH, "Deploy ferry v2.41.0");
    change(12, RECORD_DEPLOY, "ci", HASH, "nightly tests")->phase = PHASE_FAILED;
    const struct incident *incident = told(0, 60);
    assert_told(entry_at(incident, 9),
                "deployed ferry v2.41.0 (4f9c2ab) to production: Open gates faster, by ci");
    assert_false(noted(entry_at(incident, 9), "came_to_nothing"));
}

static void
one_commit_in_two_services_is_two_deployments(void **state)
{
    (void)state;
    static const char *const services[] = {"quay/ferry", "quay/gates"};
    change(1, RECORD_COMMIT, "Ada Quill", HASH, "Raise all limits");
    for (int i = 0; i < 4; i++) {
        enum event_phase phase = i < 2 ? PHASE_STARTED : PHASE_SUCCEEDED;
        struct event *event = deploy(5 + i, phase, "ci", HASH, "Deploy limits");
        event->service = sv_from(services[i % 2]);
        event->source = SV("deployer");
    }
    const struct incident *incident = told(0, 60);
    assert_told(entry_at(incident, 7),
                "deployed ferry (4f9c2ab) to production: Raise all limits, by ci");
    assert_told(entry_at(incident, 8), "deployed gates (4f9c2ab) to production, by ci");
    assert_names(entry_at(incident, 1), entry_at(incident, 7));
    assert_names(entry_at(incident, 5), entry_at(incident, 7));
    assert_names(entry_at(incident, 6), entry_at(incident, 8));
}

static void
a_pull_request_that_was_only_opened_is_not_merged(void **state)
{
    (void)state;
    struct event *event = change(1, RECORD_DEPLOY, "Ada Quill", "", "Deploy gates faster");
    event->format = SV("github_pull_request");
    event->url = SV("https://git.example/quay/ferry/pull/12");
    event->phase = PHASE_STARTED;
    change(3, RECORD_COMMIT, "Ada Quill", HASH, "Deploy gates faster (#12)");
    const struct incident *incident = told(0, 60);
    assert_told(entry_at(incident, 3),
                "committed to ferry (4f9c2ab, #12): Deploy gates faster, by Ada Quill");
    event->phase = PHASE_SUCCEEDED;
    incident = told(0, 60);
    assert_told(entry_at(incident, 1),
                "merged into ferry (4f9c2ab, #12): Deploy gates faster, by Ada Quill");
}

/* The order in which records come says nothing. */
static void
chains_are_the_same_in_any_order(void **state)
{
    (void)state;
    change(5, RECORD_COMMIT, "Ines Okafor", HASH, "Use the new pool library (#482)");
    change(9, RECORD_MERGE, "Bo Marsh", "9d1e22b7", "Merge pull request #482 from ines/pool");
    deploy(17, PHASE_SUCCEEDED, "Cy Dale", "4f9c2ab", "Deploy ferry v2.41.0");
    const struct incident *one = told(0, 60);
    for (size_t i = 0; i < row_count / 2; i++) {
        struct observation kept = rows[i];
        rows[i] = rows[row_count - 1 - i];
        rows[row_count - 1 - i] = kept;
    }
    const struct incident *other = told(0, 60);
    assert_int_equal(one->entry_count, other->entry_count);
    for (size_t i = 0; i < one->entry_count; i++) {
        assert_true(sv_eq(one->entries[i].told, other->entries[i].told));
        assert_true(sv_eq(one->entries[i].chain, other->entries[i].chain));
    }
}

static void
a_hash_in_a_revert_takes_that_change_back(void **state)
{
    (void)state;
    change(2, RECORD_COMMIT, "Ada Quill", HASH, "Switch the names of berths");
    change(30, RECORD_COMMIT, "Bo Marsh", "9d1e22b7", "Revert 4f9c2ab0, berths stay");
    const struct incident *incident = told(0, 60);
    assert_true(noted(entry_at(incident, 2), "reverted_later"));
    assert_alone(entry_at(incident, 2)); /* a revert is a change of its own */
}

static void
a_series_is_told_by_its_first(void **state)
{
    (void)state;
    change(1, RECORD_COMMIT, "Ada Quill", "1111aaa1", "north quay: bump the fares module to five");
    change(20, RECORD_COMMIT, "Ada Quill", "2222bbb2", "south quay: bump the fares module to five");
    change(40, RECORD_COMMIT, "Bo Marsh", "3333ccc3", "east quay: bump the fares module to five");
    const struct incident *incident = told(0, 60);
    assert_false(noted(entry_at(incident, 1), "series"));
    assert_true(noted(entry_at(incident, 20), "series"));
    assert_false(noted(entry_at(incident, 40), "series"));
}

static void
a_change_before_the_bounds_must_be_named_or_taken_back(void **state)
{
    (void)state;
    change(-20, RECORD_COMMIT, "Ada Quill", "1111aaa1", "Name the gates again");
    change(-10, RECORD_COMMIT, "Bo Marsh", "2222bbb2", "Open gates faster");
    change(20, RECORD_COMMIT, "Bo Marsh", "3333ccc3", "Revert \"Open gates faster\"");
    const struct incident *incident = told(0, 60);
    assert_true(noted(entry_at(incident, -20), "before_bounds"));
    assert_false(noted(entry_at(incident, -10), "before_bounds"));
    assert_int_equal(entry_at(incident, -10)->significance, SIGNIFICANCE_KEY);
    assert_int_not_equal(entry_at(incident, -20)->significance, SIGNIFICANCE_KEY);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(one_change_is_one_row_and_takes_its_parts_from_all_records),
        TEST(a_merge_brings_in_the_commits_of_its_branch),
        TEST(what_only_looks_alike_stays_apart),
        TEST(what_is_deployed_again_after_a_rollback_is_another_change),
        TEST(a_change_whose_pipeline_fails_was_not_done),
        TEST(a_test_that_fails_undoes_no_deployment),
        TEST(one_commit_in_two_services_is_two_deployments),
        TEST(a_pull_request_that_was_only_opened_is_not_merged),
        TEST(chains_are_the_same_in_any_order),
        TEST(a_hash_in_a_revert_takes_that_change_back),
        TEST(a_series_is_told_by_its_first),
        TEST(a_change_before_the_bounds_must_be_named_or_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
