/*
 * Grouping: one case for each definition that fails when its rule is broken, and random worlds
 * whose result must not depend on order. The worlds are made here by a small generator.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "correlate/group/links.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

static struct arena arena;
static struct correlation_config config;

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    correlation_config_default(&config);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* An alert of a service, or of none: then it shares nothing. */
static struct work_record
alert(int64_t ms, const char *uid, const char *fingerprint, const char *service)
{
    struct work_record record = {
        .ms = ms, .source = SV("am"), .uid = sv_from(uid), .fingerprint = sv_from(fingerprint)};
    if (service != NULL)
        record.keys[record.key_count++] = (struct node_key){KEY_SERVICE, sv_from(service)};
    return record;
}

static struct grouping
run(struct work_record *records, size_t count)
{
    struct grouping grouping;
    grouping_run(&arena, &config, NULL, NULL, records, count, &grouping);
    return grouping;
}

static void
neighbours_make_an_episode(void **state)
{
    (void)state;
    struct work_record close[] = {alert(0, "a", "f", "s"), alert(5 * MINUTE, "b", "f", "s")};
    assert_int_equal(run(close, 2).node_count, 1);
    struct work_record apart[] = {alert(0, "a", "f", "s"), alert(5 * MINUTE + 1, "b", "f", "s")};
    assert_int_equal(run(apart, 2).node_count, 2);
    struct work_record late[] = {alert(0, "a", "f", "s"), alert(20 * HOUR, "b", "f", "s")};
    late[1].life = LIFE_RESOLVED;
    struct grouping grouping = run(late, 2);
    assert_int_equal(grouping.node_count, 1);
    assert_int_equal(grouping.nodes[0].last_ms, 20 * HOUR);
    struct work_record again[] = {alert(0, "a", "f", "s"), alert(20 * MINUTE, "b", "f", "s")};
    again[0].life = LIFE_RESOLVED;
    assert_int_equal(run(again, 2).node_count, 2);
}

static void
what_recurs_is_familiar(void **state)
{
    (void)state;
    struct work_record records[9];
    static const char *const uids[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8"};
    for (int i = 0; i < 7; i++)
        records[i] = alert(i * HOUR, uids[i], "f", "s");
    records[7] = alert(6 * HOUR + MINUTE, uids[7], "g", "s");
    records[8] = alert(40 * HOUR, uids[8], "f", "s");
    struct grouping grouping = run(records, 9);
    assert_int_equal(grouping.node_count, 9);
    for (size_t n = 0; n < 9; n++)
        assert_int_equal(grouping.nodes[n].familiar, sv_eq(grouping.nodes[n].uid, SV("6")));
    /* It has lost the service it would share with the new alert beside it. */
    assert_int_equal(grouping.nodes[7].incident, 7);
}

static void
shared_keys_link_within_their_gap(void **state)
{
    (void)state;
    struct work_record near[] = {alert(0, "a", "f", "s"), alert(20 * MINUTE, "b", "g", "s")};
    struct grouping grouping = run(near, 2);
    assert_int_equal(grouping.nodes[1].incident, 0);
    assert_true(sv_eq(grouping.nodes[1].reason, SV("service s (500), 1200000 ms from 0/am/a")));
    struct work_record far[] = {alert(0, "a", "f", "s"), alert(20 * MINUTE + 1, "b", "g", "s")};
    assert_int_equal(run(far, 2).nodes[1].incident, 1);
    struct work_record other[] = {alert(0, "a", "f", "s"), alert(MINUTE, "b", "g", "t")};
    assert_int_equal(run(other, 2).nodes[1].incident, 1);
}

/* A name alone (300, shrinking) is too little; with a region (100) still; two of 300 together do.
 */
static void
weak_keys_shrink_and_add_up(void **state)
{
    (void)state;
    for (int with_text = 0; with_text < 2; with_text++) {
        struct work_record records[] = {alert(0, "a", "f", NULL), alert(MINUTE, "b", "g", NULL)};
        for (int i = 0; i < 2; i++) {
            records[i].keys[records[i].key_count++] = (struct node_key){KEY_NAME, SV("n")};
            if (with_text)
                records[i].keys[records[i].key_count++] = (struct node_key){KEY_TEXT, SV("t")};
        }
        /* 300 * (600 - 60) / 600 + 300 * (1200 - 60) / 1200 = 270 + 285 */
        struct grouping grouping = run(records, 2);
        assert_int_equal(grouping.nodes[1].incident, with_text ? 0 : 1);
        if (with_text)
            assert_true(sv_starts(grouping.nodes[1].reason, SV("text t (285) + name n (270), ")));
    }
}

static void
only_the_nearest_are_candidates(void **state)
{
    (void)state;
    struct work_record records[6];
    static const char *const uids[] = {"0", "1", "2", "3", "4", "5"};
    for (int i = 0; i < 6; i++)
        records[i] = alert(i * MINUTE, uids[i], uids[i], "s");
    struct grouping grouping = run(records, 6);
    /* 1 + 2 + 3 + 4 + 4: the sixth does not see the first */
    assert_int_equal(grouping.link_count, 14);
    assert_int_equal(grouping.nodes[5].incident, 0);
}

/* A chain of pairs 15 minutes apart holds for four hours; longer, its gaps are halved. */
static void
long_components_are_taken_apart(void **state)
{
    (void)state;
    struct work_record records[40];
    char uids[40][24];
    size_t count = 0;
    for (int64_t ms = 0; ms < 5 * HOUR; ms += count % 2 == 0 ? 15 * MINUTE : 5 * MINUTE) {
        snprintf(uids[count], sizeof(uids[0]), "u%zu", count);
        records[count] = alert(ms, uids[count], uids[count], "s");
        count++;
    }
    struct grouping grouping = run(records, count);
    for (size_t n = 0; n < grouping.node_count; n++)
        assert_int_equal(grouping.nodes[n].incident, n - n % 2);
    config.soft_span_ms = 6 * HOUR;
    grouping = run(records, count);
    for (size_t n = 0; n < grouping.node_count; n++)
        assert_int_equal(grouping.nodes[n].incident, 0);
}

static void
the_grid_cuts_at_last(void **state)
{
    (void)state;
    static struct work_record records[400];
    static char uids[400][16];
    for (int i = 0; i < 400; i++) {
        snprintf(uids[i], sizeof(uids[0]), "u%03d", i);
        records[i] = alert(i * 5 * MINUTE, uids[i], uids[i], "s");
    }
    struct grouping grouping = run(records, 400);
    for (size_t n = 0; n < grouping.node_count; n++)
        assert_int_equal(grouping.nodes[n].incident, n < 288 ? 0 : 288);
}

static void
explicit_ids_stay_apart_and_together(void **state)
{
    (void)state;
    struct work_record records[] = {alert(0, "a", "a", "s"), alert(MINUTE, "b", "b", "s"),
                                    alert(30 * HOUR, "c", "c", "t"), alert(0, "d", "d", "s")};
    records[0].explicit_id = records[2].explicit_id = SV("P1");
    records[1].explicit_id = SV("P2");
    struct grouping grouping = run(records, 4);
    assert_true(sv_eq(grouping.nodes[0].uid, SV("a")));
    assert_int_equal(grouping.nodes[1].incident, 0); /* d: nearer to a */
    assert_int_equal(grouping.nodes[2].incident, 2); /* b has another id */
    assert_int_equal(grouping.nodes[3].incident, 0); /* c, 30 hours later */
    assert_true(sv_eq(grouping.nodes[3].reason, SV("explicit P1")));
}

static void
changes_look_back_and_change_nothing(void **state)
{
    (void)state;
    struct work_record records[] = {alert(0, "c", "c", "s"), alert(60 * MINUTE, "a", "a", "s"),
                                    alert(79 * MINUTE, "l", "l", "s"),
                                    alert(95 * MINUTE, "b", "b", "s"), alert(0, "x", "x", "t")};
    records[0].role = NODE_CHANGE;
    records[2].role = NODE_LOG;
    records[4].role = NODE_LOG;
    struct grouping grouping = run(records, 5);
    assert_int_equal(grouping.nodes[0].attached_to, 2); /* 60 minutes before the alert */
    assert_int_equal(grouping.nodes[1].attached_to, NO_NODE);
    assert_int_equal(grouping.nodes[1].incident, NO_NODE);
    assert_int_equal(grouping.nodes[3].attached_to, 4); /* 16 minutes beat 19 */
    assert_int_equal(grouping.nodes[4].incident, 4);    /* the log does not bridge 35 */
    struct work_record early[] = {alert(0, "c", "c", "s"), alert(60 * MINUTE + 1, "a", "a", "s")};
    early[0].role = NODE_CHANGE;
    assert_int_equal(run(early, 2).nodes[0].attached_to, NO_NODE);
}

static void
an_alert_that_fires_on_takes_chat(void **state)
{
    (void)state;
    struct work_record records[] = {alert(0, "a", "a", "s"), alert(5 * HOUR, "z", "a", "s"),
                                    alert(3 * HOUR, "c", "c", "s")};
    records[1].life = LIFE_RESOLVED;
    records[2].role = NODE_CHAT;
    struct grouping grouping = run(records, 3);
    assert_int_equal(grouping.node_count, 2);
    assert_int_equal(grouping.nodes[1].attached_to, 0);
}

/* --------------------------------------------------------------------- floods */

static void
give_key(struct work_record *record, enum key_kind kind, struct sv value)
{
    assert_true(record->key_count < RECORD_KEYS_MAX);
    record->keys[record->key_count++] = (struct node_key){kind, value};
}

/* An alert, and `count` records of one other node a minute later: each has a key of its own. */
static struct work_record *
flood(enum node_role role, enum key_kind kind, size_t count)
{
    struct work_record *records = ARENA_ARRAY(&arena, struct work_record, count + 1);
    records[0] = alert(0, "first", "first", NULL);
    for (size_t i = 1; i <= count; i++) {
        struct sv uid = arena_printf(&arena, "%05zu", i);
        records[i] = alert(MINUTE + (int64_t)i, "", "flood", NULL);
        records[i].uid = uid;
        records[i].role = role;
        give_key(&records[i], kind, uid);
    }
    return records;
}

/* Rules of the score, not of space: an edge takes the scope away, a service the edge. */
static bool
takes_away(enum key_kind flood_kind, enum key_kind shared)
{
    return flood_kind == KEY_EDGE && shared == KEY_SCOPE;
}

/* What links a node does so however many keys of another kind it has: each kind against each. */
static void
no_kind_of_key_pushes_out_another(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 15, 16, 17, 63, 64, 65, 300};
    config.threshold = config.attach_threshold = 50;
    for (enum key_kind kind = 0; kind < KEY_FINGERPRINT; kind++)
        for (enum key_kind shared = 0; shared < KEY_FINGERPRINT; shared++)
            for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
                for (int opens = 0; opens < 2; opens++) {
                    size_t count = counts[c];
                    if (takes_away(kind, shared))
                        continue;
                    struct work_record *records = flood(opens ? NODE_ALERT : NODE_LOG, kind, count);
                    give_key(&records[0], shared, SV("~shared"));
                    give_key(&records[count], shared, SV("~shared"));
                    struct grouping grouping = run(records, count + 1);
                    assert_int_equal(grouping.node_count, 2);
                    if (grouping.nodes[1].incident != 0)
                        fail_msg("%zu keys of kind %s push out %s", count, key_kind_word(kind),
                                 key_kind_word(shared));
                    arena_reset(&arena);
                }
}

/* Nor do keys of one kind push out each other: whichever the alert has, it is found. */
static void
no_key_pushes_out_another_of_its_kind(void **state)
{
    (void)state;
    config.threshold = config.attach_threshold = 50;
    for (enum key_kind kind = 0; kind < KEY_FINGERPRINT; kind++)
        for (size_t which = 1; which <= 40; which++)
            for (int opens = 0; opens < 2; opens++) {
                struct work_record *records = flood(opens ? NODE_ALERT : NODE_LOG, kind, 40);
                give_key(&records[0], kind, records[which].uid);
                if (run(records, 41).nodes[1].incident != 0)
                    fail_msg("key %zu of kind %s is lost", which, key_kind_word(kind));
                arena_reset(&arena);
            }
}

static size_t
links_of_last(const struct grouping *grouping)
{
    size_t count = 0;
    for (size_t i = 0; i < grouping->link_count; i++)
        count += grouping->links[i].b == grouping->node_count - 1;
    return count;
}

/* Of a kind a node has the nearest earlier nodes as candidates, so many and no more. */
static void
candidates_of_a_kind_have_a_cap(void **state)
{
    (void)state;
    size_t most = CANDIDATE_KEYS * (size_t)config.neighbours;
    for (size_t count = most - 1; count <= most + 1; count++) {
        struct work_record *records = ARENA_ARRAY(&arena, struct work_record, 2 * count + 1);
        for (size_t i = 0; i < count; i++) {
            struct sv name = arena_printf(&arena, "%05zu", i);
            records[i] = alert((int64_t)i, "", "", NULL);
            records[i].uid = records[i].fingerprint = name;
            give_key(&records[i], KEY_TRACE, name);
            records[count + i] = alert(MINUTE + (int64_t)i, "", "last", NULL);
            records[count + i].uid = arena_printf(&arena, "z%05zu", i);
            give_key(&records[count + i], KEY_TRACE, name);
        }
        struct grouping grouping = run(records, 2 * count);
        assert_int_equal(grouping.node_count, count + 1);
        assert_int_equal(links_of_last(&grouping), count < most ? count : most);
        assert_int_equal(grouping.nodes[0].incident, 0);
        assert_int_equal(grouping.nodes[count].incident, count <= most ? 0 : 1);
        /* A kind that has room of its own brings the farthest back. */
        for (size_t i = 0; i < 2 * count; i++)
            if (sv_eq(records[i].uid, SV("00000")) || sv_eq(records[i].uid, SV("z00003")))
                give_key(&records[i], KEY_HOST, SV("h"));
        grouping = run(records, 2 * count);
        assert_int_equal(grouping.nodes[count].incident, 0);
        arena_reset(&arena);
    }
}

/* 20,000 lines with a trace each, one host: one node, whose keys cost no more than they are many.
 */
static void
a_node_of_many_keys_is_cheap(void **state)
{
    (void)state;
    struct work_record *records = flood(NODE_LOG, KEY_TRACE, 20000);
    for (size_t i = 1; i <= 20000; i++)
        give_key(&records[i], KEY_HOST, SV("h"));
    give_key(&records[0], KEY_HOST, SV("h"));
    struct grouping grouping = run(records, 20001);
    assert_int_equal(grouping.node_count, 2);
    assert_int_equal(grouping.nodes[1].key_count, 20001);
    assert_int_equal(grouping.nodes[1].attached_to, 0);
}

/* --------------------------------------------------------------------- worlds */

static uint64_t
next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t
pick(uint64_t *state, size_t below)
{
    return (size_t)(next_random(state) % below);
}

static const char *const letters[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static size_t
world(uint64_t *state, struct work_record *records)
{
    size_t count = 20 + pick(state, 180);
    for (size_t i = 0; i < count; i++) {
        struct sv uid = arena_printf(&arena, "%03zu", i);
        int64_t ms = (int64_t)pick(state, 12 * 60) * MINUTE;
        records[i] = (struct work_record){.ms = ms,
                                          .source = sv_from(letters[pick(state, 2)]),
                                          .uid = uid,
                                          .role = (enum node_role)pick(state, 8)};
        struct work_record *record = &records[i];
        if (record->role > NODE_CHAT || record->role == NODE_DECLARED)
            record->role = NODE_ALERT;
        record->fingerprint =
            arena_printf(&arena, "%d%s", (int)record->role, letters[pick(state, 8)]);
        record->life = pick(state, 4) == 0 ? LIFE_RESOLVED : LIFE_FIRING;
        for (size_t k = pick(state, 3); k-- > 0;)
            record->keys[record->key_count++] = (struct node_key){
                (enum key_kind)pick(state, KEY_FINGERPRINT), sv_from(letters[pick(state, 3)])};
        if (pick(state, 12) == 0)
            record->explicit_id = sv_from(letters[pick(state, 3)]);
    }
    return count;
}

static void
print_grouping(const struct grouping *grouping, struct strbuf *out)
{
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        strbuf_add_sv(out, node_key_text(&arena, node));
        strbuf_addf(out, " %lld %zu %d %zd " SV_FMT "\n", (long long)node->last_ms,
                    node->record_count, node->familiar, (ssize_t)node->incident,
                    SV_ARG(node->reason));
    }
}

static void
order_never_matters(void **state)
{
    (void)state;
    static struct work_record records[200];
    uint64_t random = 88172645463325252ULL;
    size_t incidents = 0;
    for (int w = 0; w < 100; w++) {
        struct strbuf expected, found;
        strbuf_init(&expected, 0);
        strbuf_init(&found, 0);
        size_t count = world(&random, records);
        struct grouping grouping = run(records, count);
        print_grouping(&grouping, &expected);
        for (size_t n = 0; n < grouping.node_count; n++)
            incidents += grouping.nodes[n].incident == n;
        for (int order = 0; order < 3; order++) {
            for (size_t i = count; i > 1; i--) {
                size_t k = pick(&random, i);
                struct work_record kept = records[i - 1];
                records[i - 1] = records[k];
                records[k] = kept;
            }
            strbuf_clear(&found);
            grouping = run(records, count);
            print_grouping(&grouping, &found);
            assert_string_equal(found.ptr, expected.ptr);
        }
        strbuf_release(&expected);
        strbuf_release(&found);
        arena_reset(&arena);
    }
    assert_true(incidents > 500); /* the worlds are not empty */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(neighbours_make_an_episode, setup, teardown),
        cmocka_unit_test_setup_teardown(what_recurs_is_familiar, setup, teardown),
        cmocka_unit_test_setup_teardown(shared_keys_link_within_their_gap, setup, teardown),
        cmocka_unit_test_setup_teardown(weak_keys_shrink_and_add_up, setup, teardown),
        cmocka_unit_test_setup_teardown(only_the_nearest_are_candidates, setup, teardown),
        cmocka_unit_test_setup_teardown(long_components_are_taken_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(the_grid_cuts_at_last, setup, teardown),
        cmocka_unit_test_setup_teardown(explicit_ids_stay_apart_and_together, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_look_back_and_change_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(an_alert_that_fires_on_takes_chat, setup, teardown),
        cmocka_unit_test_setup_teardown(no_kind_of_key_pushes_out_another, setup, teardown),
        cmocka_unit_test_setup_teardown(no_key_pushes_out_another_of_its_kind, setup, teardown),
        cmocka_unit_test_setup_teardown(candidates_of_a_kind_have_a_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(a_node_of_many_keys_is_cheap, setup, teardown),
        cmocka_unit_test_setup_teardown(order_never_matters, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
