/*
 * Revisions: whatever an incident was, and however it became another - row by row, by a rebuild,
 * entries that came, went and became others, milestones and heads that changed - each revision
 * reads back as what was saved then; what did not change makes none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "hindcast/casebook.h"
#include "hindcast/revisions.h"
#include "report/revision/revision.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"

#define STEPS 24
#define ENTRIES 12

static struct err err;
static const struct cursor_position cursor[] = {{0, 0}};

/* An incident that changes: entries 0 to ENTRIES - 1, some of them there. */
struct world {
    bool there[ENTRIES];
    int text[ENTRIES], minute[ENTRIES];
    int title, confidence;
    char texts[ENTRIES][32], ids[ENTRIES][16], title_text[32];
    struct entry entries[ENTRIES];
    struct milestone_row milestone;
    struct incident incidents[2];
    struct correlation correlation;
};

static void
make(struct world *world)
{
    const struct correlation *sample = sample_correlation();
    size_t count = 0;
    for (int minute = 0; minute < ENTRIES; minute++) /* the total order */
        for (size_t i = 0; i < ENTRIES; i++) {
            if (!world->there[i] || world->minute[i] != minute)
                continue;
            struct entry *entry = &world->entries[count++];
            *entry = sample->incidents[0].entries[i % 3];
            snprintf(world->ids[i], sizeof(world->ids[i]), "e%02zu", i);
            snprintf(world->texts[i], sizeof(world->texts[i]), "text %d", world->text[i]);
            entry->entry_id = sv_from(world->ids[i]);
            entry->text = sv_from(world->texts[i]);
            entry->time_ns = sample->incidents[0].first_ns + minute * NS_PER_MINUTE + (int64_t)i;
            entry->milestone_count = 0;
            entry->tie = sv_from(world->ids[i]);
        }
    snprintf(world->title_text, sizeof(world->title_text), "title %d", world->title);
    world->incidents[0] = sample->incidents[0];
    world->incidents[1] = sample->incidents[1];
    world->incidents[0].title = sv_from(world->title_text);
    world->incidents[0].entries = world->entries;
    world->incidents[0].entry_count = count;
    world->milestone = sample->incidents[0].milestones[0];
    world->milestone.entry_id = count > 0 ? world->entries[0].entry_id : SV("none");
    world->milestone.confidence = world->confidence;
    world->incidents[0].milestones = &world->milestone;
    world->incidents[0].milestone_count = count > 0 ? 1 : 0;
    world->correlation = *sample;
    world->correlation.incidents = world->incidents;
}

static void
change(struct world *world, unsigned *seed)
{
    for (int changes = rand_r(seed) % 5; changes > 0; changes--) {
        size_t i = (size_t)rand_r(seed) % ENTRIES;
        switch (rand_r(seed) % 5) {
        case 0:
            world->there[i] = !world->there[i];
            break;
        case 1:
            world->text[i] = rand_r(seed) % 3;
            break;
        case 2:
            world->minute[i] = rand_r(seed) % ENTRIES;
            break;
        case 3:
            world->title = rand_r(seed) % 2;
            break;
        default:
            world->confidence = rand_r(seed) % 2;
            break;
        }
    }
}

/* What is compared: the canonical export without nodes, which revisions do not keep. */
static char *
told(const struct incident *incident)
{
    struct incident bare = *incident;
    struct strbuf out;
    strbuf_init(&out, 0);
    bare.nodes = NULL;
    bare.node_count = 0;
    casebook_canonical_incident(SV("default"), &bare, &out);
    char *copy = strndup(out.ptr, out.len);
    strbuf_release(&out);
    return copy;
}

static void
save(struct store *store, const struct world *world, bool anew)
{
    int status = anew ? casebook_replace(store, &world->correlation, cursor, 1, &err)
                      : casebook_save(store, &world->correlation, cursor, 1, &err);
    if (status != 0)
        fail_msg("%s", err.message);
}

static struct stored_incident
stored_head(struct store *store, struct arena *arena)
{
    struct stored_incident head;
    if (casebook_head(store, arena, sample_correlation()->incidents[0].incident_key.ptr, &head,
                      &err) != 0)
        fail_msg("%s", err.message);
    return head;
}

/* Every revision is what was saved as it, and the counts are those of the comparison. */
static void
check(struct store *store, char *const *expected, size_t count, unsigned seed)
{
    struct arena arena;
    struct revision_list list;
    struct stored_incident before = {.incident_no = 0};
    arena_init(&arena, 0);
    struct stored_incident head = stored_head(store, &arena);
    if (casebook_revisions(store, &arena, &head, &list, &err) != 0)
        fail_msg("%s", err.message);
    if (list.count != count)
        fail_msg("seed %u: %zu revisions, not %zu", seed, list.count, count);
    for (size_t i = 0; i < count; i++) {
        struct stored_incident at;
        if (casebook_at_revision(store, &arena, &head, (int64_t)i + 1, &at, &err) != 0)
            fail_msg("%s", err.message);
        char *now = told(&at.incident);
        if (strcmp(now, expected[i]) != 0)
            fail_msg("seed %u, revision %zu is\n%s\nnot\n%s", seed, i + 1, now, expected[i]);
        free(now);
        if (i > 0) {
            struct revision_diff diff;
            revision_compare(&arena, &before, &at, &diff);
            if (diff.added != (size_t)list.at[i].added ||
                diff.removed != (size_t)list.at[i].removed ||
                diff.changed != (size_t)list.at[i].changed)
                fail_msg("seed %u, revision %zu: %zu added, %zu removed, %zu changed", seed, i + 1,
                         diff.added, diff.removed, diff.changed);
        }
        before = at;
    }
    arena_release(&arena);
}

static void
each_revision_reads_back(void **state)
{
    (void)state;
    for (unsigned first = 1; first <= 4; first++) {
        unsigned seed = first;
        struct world world = {.title = 0};
        char *expected[STEPS];
        size_t count = 0;
        pgtest_run("DELETE FROM correlate.incident; DELETE FROM correlate.entry; DELETE FROM "
                   "correlate.milestone; DELETE FROM correlate.member; DELETE FROM correlate.node; "
                   "DELETE FROM review.revision; DELETE FROM review.revision_entry");
        struct store *store = pgtest_open("hindcast_correlate");
        for (int step = 0; step < STEPS; step++) {
            change(&world, &seed);
            make(&world);
            save(store, &world, rand_r(&seed) % 3 == 0);
            char *now = told(&world.incidents[0]);
            if (count > 0 && strcmp(now, expected[count - 1]) == 0)
                free(now);
            else
                expected[count++] = now;
        }
        check(store, expected, count, first);
        assert_true(count > 4);
        for (size_t i = 0; i < count; i++)
            free(expected[i]);
        store_close(store);
    }
}

/* An old revision costs what changed. */
static void
costs_what_changed(void **state)
{
    struct world world = {.title = 0};
    struct store *store = pgtest_open("hindcast_correlate");
    (void)state;
    for (size_t i = 0; i < ENTRIES; i++)
        world.there[i] = true;
    make(&world);
    save(store, &world, false);
    int64_t rows = pgtest_int("SELECT count(*) FROM review.revision_entry");
    world.text[3] = 7;
    make(&world);
    save(store, &world, false);
    assert_int_equal(pgtest_int("SELECT count(*) FROM review.revision_entry"), rows + 1);
    world.text[4] = 7;
    make(&world);
    save(store, &world, true);
    assert_int_equal(pgtest_int("SELECT count(*) FROM review.revision_entry"), rows + 2);
    save(store, &world, true);
    assert_int_equal(pgtest_int("SELECT count(*) FROM review.revision_entry"), rows + 2);
    store_close(store);
}

/* An incident that was there before revisions were kept has a before when it first changes. */
static void
begins_with_what_is_there(void **state)
{
    struct world world = {.title = 0};
    struct store *store = pgtest_open("hindcast_correlate");
    (void)state;
    world.there[0] = world.there[1] = true;
    make(&world);
    save(store, &world, false);
    pgtest_run("DELETE FROM review.revision; DELETE FROM review.revision_entry;"
               "INSERT INTO review.revision (scope, incident_no, revision, causes, digest, "
               "member_digest, head, milestones, added, removed, changed) "
               "SELECT i.scope, i.incident_no, 1, '{kept}', i.digest, i.member_digest, "
               "review.head_of(i), review.milestones_of(i.scope, i.incident_no), i.entries, 0, 0 "
               "FROM correlate.incident i");
    char *expected[2] = {told(&world.incidents[0])};
    world.there[1] = false;
    make(&world);
    save(store, &world, false);
    expected[1] = told(&world.incidents[0]);
    check(store, expected, 2, 0);
    free(expected[0]);
    free(expected[1]);
    store_close(store);
}

/* Whoever only reads, reads; nobody changes what was. */
static void
roles(void **state)
{
    static const struct {
        const char *role, *sql;
        bool may;
    } cases[] = {
        {"hindcast_responder", "SELECT count(was) FROM review.revision_entry", true},
        {"hindcast_responder", "SELECT count(head) FROM review.revision", true},
        {"hindcast_responder", "DELETE FROM review.revision_entry", false},
        {"hindcast_responder", "UPDATE review.revision SET added = 0", false},
        {"hindcast_analyst", "SELECT count(added) FROM analyst.revisions", true},
        {"hindcast_analyst", "SELECT count(head) FROM review.revision", false},
        {"hindcast_analyst", "SELECT count(was) FROM review.revision_entry", false},
        {"hindcast_correlate", "UPDATE review.revision SET added = 0", false},
        {"hindcast_correlate", "DELETE FROM review.revision", false},
        {"hindcast_correlate", "DELETE FROM review.revision_entry", false},
        {"hindcast_responder", "SELECT review.settle_revision('default', 1)", false},
        {"hindcast_ingest", "SELECT count(added) FROM analyst.revisions", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char sql[400];
        snprintf(sql, sizeof(sql),
                 "CREATE OR REPLACE FUNCTION public.may() RETURNS integer LANGUAGE plpgsql AS "
                 "$body$ BEGIN SET LOCAL ROLE %s; EXECUTE $text$%s$text$; RETURN 1; EXCEPTION WHEN "
                 "insufficient_privilege THEN RETURN 0; END $body$",
                 cases[i].role, cases[i].sql);
        pgtest_run(sql);
        if ((pgtest_int("SELECT public.may()") == 1) != cases[i].may)
            fail_msg("%s: %s", cases[i].role, cases[i].sql);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_revision_reads_back),
        cmocka_unit_test(costs_what_changed),
        cmocka_unit_test(begins_with_what_is_there),
        cmocka_unit_test(roles),
    };
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
