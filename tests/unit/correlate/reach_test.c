/*
 * Decisions over a part of a scope: what decide_reach() adds to touched incidents is enough to tell
 * them as in the whole scope, byte for byte, with the decisions that no incident tells of; what is
 * not of the part is as it was; and of its rules none can be left out. Random worlds (tellworld.h)
 * with their decisions; RUNS and SEED: how many, and the first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "correlate/decide/reach.h"
#include "correlate/grouped.h"
#include "correlate/run.h"
#include "hindcast/casebook.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/tellworld.h"

#define DECISIONS_UNTIED 16 /* beside the rules: decisions of elsewhere look into the part, too */

/* A scope, before decisions moved anything and after. */
struct scope {
    struct correlation_input input;
    struct grouped undecided, grouped;
    struct told told;
    struct node *loose; /* decisions that no incident tells of */
    size_t loose_count;
};

static struct arena arena;
static struct tellworld world;
static struct correlation_config config;
static struct teller teller;
static struct scope was, is;
static struct sv touched[4 * TELLWORLD_ROWS_MAX], fresh[TELLWORLD_DECISIONS_MAX];
static size_t touched_count, fresh_count;
static struct err err;

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static int
setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ------------------------------------------------------------------ scopes */

static void
make_scope(struct scope *scope)
{
    struct correlation_input undecided = scope->input;
    struct tell_input all;
    undecided.decision_count = 0;
    assert_int_equal(grouped_make(&arena, &teller, &undecided, &scope->undecided, &err), 0);
    assert_int_equal(grouped_make(&arena, &teller, &scope->input, &scope->grouped, &err), 0);
    grouped_input(&arena, &scope->grouped, &all);
    tell_incidents(&arena, &teller, &all, &scope->told);
    scope->loose = ARENA_ARRAY(&arena, struct node, scope->grouped.deciding.count + 1);
    scope->loose_count = decide_loose(&scope->grouped.deciding, scope->loose);
}

/* What decisions tie: the incident that a node is in before them, or the node. */
static struct sv
place_of(const struct scope *scope, size_t n)
{
    const struct work_node *nodes = scope->undecided.grouping.nodes;
    return node_key_text(&arena, &nodes[nodes[n].incident == NO_NODE ? n : nodes[n].incident]);
}

static bool
holds(const struct work_node *node, const struct decision_row *row, int step)
{
    int64_t ms = row->time_ns / NS_PER_MS;
    if (step == 1)
        return node->role == NODE_LOG && !sv_empty(row->fingerprint) && row->time_ns != TIME_NONE &&
               ms >= node->first_ms && ms <= node->last_ms && sv_eq(node->source, row->source) &&
               sv_eq(node->records[0]->fingerprint, row->fingerprint);
    for (size_t i = 0; i < node->record_count; i++) {
        const struct observation *from = node->records[i]->observation;
        if (step == 0 && sv_eq(node->records[i]->uid, row->event))
            return true;
        if (step == 2 && from != NULL && row->time_ns != TIME_NONE && !sv_empty(row->text) &&
            from->event.event_time_ns == row->time_ns && sv_eq(from->event.source, row->source) &&
            sv_eq(deciding_text(&arena, from), row->text))
            return true;
    }
    return false;
}

static int
find_place(void *context, struct arena *into, const struct decision_row *row, struct sv *ret_place,
           struct err *ret_err)
{
    const struct scope *scope = context;
    (void)into, (void)ret_err;
    for (int step = 0; step < 3; step++)
        for (size_t n = 0; n < scope->undecided.grouping.node_count; n++)
            if (holds(&scope->undecided.grouping.nodes[n], row, step)) {
                *ret_place = place_of(scope, n);
                return 0;
            }
    return 0;
}

static size_t
node_with_id(const struct grouping *grouping, const struct work_node *node)
{
    for (size_t n = 0; n < grouping->node_count; n++)
        if (node_id_cmp(&grouping->nodes[n], node) == 0)
            return n;
    return NO_NODE;
}

static bool
same_records(const struct work_node *a, const struct work_node *b)
{
    bool same = a->record_count == b->record_count && a->last_ms == b->last_ms;
    for (size_t i = 0; same && i < a->record_count; i++)
        same = sv_eq(a->records[i]->uid, b->records[i]->uid);
    return same;
}

static void
touch_what_differs(const struct scope *of, const struct scope *other)
{
    const struct grouping *here = &of->undecided.grouping, *there = &other->undecided.grouping;
    for (size_t n = 0; n < here->node_count; n++) {
        size_t m = node_with_id(there, &here->nodes[n]);
        if (m == NO_NODE || !same_records(&here->nodes[n], &there->nodes[m]) ||
            (here->nodes[n].incident == NO_NODE) != (there->nodes[m].incident == NO_NODE) ||
            !sv_eq(place_of(of, n), place_of(other, m)))
            touched[touched_count++] = place_of(of, n);
    }
}

/* Some name a record that was read again under another name: by its text, a line by its shape. */
static void
forget_uids(uint64_t *random)
{
    static const struct quiet_alerts none;
    for (size_t i = 0; i < world.decision_count; i++) {
        struct decision *decision = &world.decisions[i];
        if (decision->row_count == 0 || world_random(random) % 3 > 0)
            continue;
        struct decision_row *row = ARENA_NEW(&arena, struct decision_row);
        *row = decision->rows[0];
        for (size_t k = 0; k < world.count; k++) {
            struct work_record record;
            if (record_of(&arena, &none, &world.rows[k], SV("default"), &record) &&
                sv_eq(record.uid, row->event) && record.role == NODE_LOG)
                row->fingerprint = record.fingerprint;
        }
        row->event = SV("gone");
        decision->rows = row;
    }
}

/* Some rows come or go, and some decisions come. */
static void
make_steps(uint64_t seed)
{
    static struct observation rows[TELLWORLD_ROWS_MAX];
    static struct decision decisions[TELLWORLD_DECISIONS_MAX];
    uint64_t random = seed * 31 + 7;
    size_t count = 0, decided = 0, share = 3 + world_random(&random) % 60;
    bool rows_come = world_random(&random) % 3 > 0, decisions_come = world_random(&random) % 3 > 0;
    arena_reset(&arena);
    correlation_config_default(&config);
    tellworld_make(&world, &arena, seed);
    assert_int_equal(teller_init(&arena, &config, SV("default"), &teller, &err), 0);
    forget_uids(&random);
    for (size_t i = 0; i < world.count; i++)
        if (!rows_come || world_random(&random) % share > 0)
            rows[count++] = world.rows[i];
    fresh_count = 0;
    for (size_t i = 0; i < world.decision_count; i++)
        if (!decisions_come || world_random(&random) % 5 > 0)
            decisions[decided++] = world.decisions[i];
        else
            fresh[fresh_count++] = world.decisions[i].id;
    bool rows_go = rows_come && world_random(&random) % 2 == 0;
    is.input = was.input = tellworld_input(&world);
    struct correlation_input *fewer = rows_go ? &is.input : &was.input;
    fewer->observations = rows;
    fewer->count = count;
    was.input.decisions = decisions;
    was.input.decision_count = decided;
    make_scope(&was);
    make_scope(&is);
    touched_count = 0;
    touch_what_differs(&was, &is);
    touch_what_differs(&is, &was);
}

/* ------------------------------------------------------------------ a part */

struct part {
    struct reach reach;
    struct deciding deciding;
    struct work_node *nodes; /* in order of id; `place` of each in the scope */
    size_t *places;
    size_t count;
    struct told told;
    struct node *loose;
    size_t loose_count;
};

static bool
is_reached(const struct reach *reach, struct sv place)
{
    for (size_t i = 0; i < reach->count; i++)
        if (sv_eq(reach->places[i], place))
            return true;
    return false;
}

static void
take_nodes(struct part *part)
{
    const struct grouping *all = &is.undecided.grouping;
    size_t *place_in_part = ARENA_ARRAY(&arena, size_t, all->node_count + 1);
    part->nodes = ARENA_ARRAY(&arena, struct work_node, all->node_count + 1);
    part->places = ARENA_ARRAY(&arena, size_t, all->node_count + 1);
    for (size_t n = 0; n < all->node_count; n++) {
        if (!is_reached(&part->reach, place_of(&is, n)))
            continue;
        place_in_part[n] = part->count;
        part->places[part->count] = n;
        part->nodes[part->count++] = all->nodes[n];
    }
    for (size_t i = 0; i < part->count; i++)
        if (part->nodes[i].incident != NO_NODE)
            part->nodes[i].incident = place_in_part[part->nodes[i].incident];
}

/* All changes of the scope; those of the part are its own. */
static void
give_changes(const struct part *part, struct tell_input *input)
{
    const struct grouping *all = &is.undecided.grouping;
    const struct work_node **changes =
        ARENA_ARRAY(&arena, const struct work_node *, all->node_count + 1);
    for (size_t n = 0, at = 0; n < all->node_count; n++) {
        bool member = at < part->count && part->places[at] == n;
        if (all->nodes[n].role == NODE_CHANGE && member)
            changes[input->change_count++] = &part->nodes[at];
        else if (all->nodes[n].role == NODE_CHANGE) {
            struct work_node *other = ARENA_NEW(&arena, struct work_node);
            *other = all->nodes[n];
            other->incident = NO_NODE;
            changes[input->change_count++] = other;
        }
        at += member ? 1 : 0;
    }
    input->changes = changes;
}

static void
tell_part(unsigned rules, bool ignore_was, struct part *ret_part)
{
    struct deciding all;
    struct part part = {.count = 0};
    deciding_init(&arena, is.input.decisions, is.input.decision_count, &all);
    const struct reach_input input = {.deciding = &all,
                                      .now = {&is, find_place},
                                      .was = {&was, ignore_was ? NULL : find_place},
                                      .touched = touched,
                                      .touched_count = touched_count,
                                      .fresh = fresh,
                                      .fresh_count = fresh_count,
                                      .rules = rules};
    assert_int_equal(decide_reach(&arena, &input, &part.reach, &err), 0);
    bool *decides = ARENA_ARRAY(&arena, bool, all.count + 1);
    for (size_t i = 0; i < all.count; i++)
        decides[i] = part.reach.decides[i] || (rules & DECISIONS_UNTIED) != 0;
    deciding_of_part(&all, decides, &part.deciding);
    take_nodes(&part);
    deciding_find(&part.deciding, part.nodes, part.count);
    deciding_regroup(&part.deciding, part.nodes, part.count);
    struct tell_input tell;
    grouped_input(&arena, &is.undecided, &tell);
    tell.nodes = part.nodes;
    tell.node_count = part.count;
    tell.deciding = &part.deciding;
    tell.change_count = 0;
    give_changes(&part, &tell);
    tell_incidents(&arena, &teller, &tell, &part.told);
    part.loose = ARENA_ARRAY(&arena, struct node, part.deciding.count + 1);
    part.loose_count = decide_loose(&part.deciding, part.loose);
    *ret_part = part;
}

/* ------------------------------------------------------------------ what differs */

static struct sv
written(const struct incident *incident)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    casebook_canonical_incident(SV("default"), incident, &out);
    for (size_t i = 0; i < incident->member_count; i++)
        strbuf_addf(&out, SV_FMT "\n", SV_ARG(incident->member_uids[i]));
    struct sv text = arena_copy(&arena, strbuf_view(&out));
    strbuf_release(&out);
    return text;
}

static struct sv
written_node(const struct node *node)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    casebook_canonical_node(SV("default"), node, &out);
    struct sv text = arena_copy(&arena, strbuf_view(&out));
    strbuf_release(&out);
    return text;
}

/* The incidents of the whole that hold a node of the part are those that the part tells. */
static size_t
count_incidents_otherwise(const struct part *part)
{
    const struct work_node *nodes = is.grouped.grouping.nodes;
    size_t otherwise = 0, held = 0;
    for (size_t i = 0; i < is.told.incident_count; i++) {
        const struct incident *whole = &is.told.incidents[i], *found = NULL;
        bool here = false;
        for (size_t n = 0; n < part->count && !here; n++) {
            size_t incident = nodes[part->places[n]].incident;
            here = incident != NO_NODE &&
                   sv_eq(node_key_text(&arena, &nodes[incident]), whole->incident_key);
        }
        for (size_t k = 0; k < part->told.incident_count && found == NULL; k++)
            if (sv_eq(part->told.incidents[k].incident_key, whole->incident_key))
                found = &part->told.incidents[k];
        held += here ? 1 : 0;
        otherwise += here && (found == NULL || !sv_eq(written(found), written(whole)));
    }
    return otherwise + (held != part->told.incident_count);
}

static size_t
count_nodes_otherwise(const struct part *part)
{
    size_t otherwise = 0, decided = 0;
    for (size_t n = 0; n < part->count; n++)
        otherwise += !sv_eq(written_node(&part->told.nodes[n]),
                            written_node(&is.told.nodes[part->places[n]]));
    for (size_t i = 0; i < is.loose_count; i++) {
        const struct node *found = NULL;
        const struct deciding *all = &is.grouped.deciding;
        for (size_t k = 0; k < all->count; k++)
            if (sv_eq(all->all[k].decision.id, is.loose[i].fingerprint) && part->reach.decides[k])
                decided++;
        for (size_t k = 0; k < part->loose_count && found == NULL; k++)
            if (sv_eq(part->loose[k].node_key, is.loose[i].node_key))
                found = &part->loose[k];
        otherwise += found != NULL && !sv_eq(written_node(found), written_node(&is.loose[i]));
    }
    return otherwise + (decided != part->loose_count);
}

static bool
same_decided(const struct deciding_one *a, const struct deciding_one *b)
{
    return sv_eq(a->incident_key, b->incident_key) && sv_eq(a->row_key, b->row_key) &&
           sv_eq(a->undone_by, b->undone_by) && sv_eq(a->overruled_by, b->overruled_by) &&
           a->missing == b->missing && a->listed == b->listed;
}

/* Nodes and decisions that are not of the part, and are not what they were. */
static size_t
count_missed(const struct part *part)
{
    const struct grouping *now = &is.grouped.grouping, *before = &was.grouped.grouping;
    const struct deciding *decided = &is.grouped.deciding, *old = &was.grouped.deciding;
    size_t missed = 0, at = 0;
    for (size_t n = 0; n < now->node_count; n++) {
        bool member = at < part->count && part->places[at] == n;
        size_t m = member ? NO_NODE : node_with_id(before, &now->nodes[n]);
        at += member ? 1 : 0;
        if (member)
            continue;
        size_t one = now->nodes[n].incident,
               other = m == NO_NODE ? NO_NODE : before->nodes[m].incident;
        missed += m == NO_NODE || (one == NO_NODE) != (other == NO_NODE) ||
                  (one != NO_NODE && node_id_cmp(&now->nodes[one], &before->nodes[other]) != 0);
    }
    for (size_t i = 0; i < decided->count; i++) {
        const struct deciding_one *found = deciding_with(old, decided->all[i].decision.id);
        if (!part->reach.decides[i])
            missed += found == NULL || !same_decided(&decided->all[i], found);
    }
    return missed;
}

static bool
is_as_in_the_whole(unsigned rules, bool ignore_was, bool say)
{
    struct part part;
    tell_part(rules, ignore_was, &part);
    size_t incidents = count_incidents_otherwise(&part), nodes = count_nodes_otherwise(&part);
    size_t missed = ignore_was ? 0 : count_missed(&part);
    if (say && incidents + nodes + missed > 0)
        print_message("%zu incidents and %zu nodes told otherwise, %zu missed\n", incidents, nodes,
                      missed);
    return incidents + nodes + missed == 0;
}

/* ------------------------------------------------------------------ tests */

static void
a_part_is_decided_as_in_the_whole(void **state)
{
    (void)state;
    uint64_t seed = number_of("SEED", 1), runs = number_of("RUNS", 50);
    size_t places = 0, reached = 0, decided = 0, loose = 0;
    for (uint64_t end = seed + runs; seed < end; seed++) {
        struct part part;
        make_steps(seed);
        if (!is_as_in_the_whole(REACH_RULES, false, true))
            fail_msg("world %llu", (unsigned long long)seed);
        tell_part(REACH_RULES, false, &part);
        places += touched_count;
        reached += part.reach.count;
        decided += part.deciding.count;
        loose += part.loose_count;
    }
    print_message("%zu places touched, %zu reached, %zu decisions, %zu of them of no incident\n",
                  places, reached, decided, loose);
    if (runs >= 50)
        assert_true(decided > 0 && loose > 0 && loose < decided);
}

/* Whatever is touched, without a last run. */
static void
any_touched_set_is_enough(void **state)
{
    (void)state;
    uint64_t seed = number_of("SEED", 1), runs = number_of("RUNS", 50);
    for (uint64_t end = seed + runs; seed < end; seed++) {
        uint64_t random = seed;
        make_steps(seed);
        touched_count = fresh_count = 0;
        for (size_t n = 0; n < is.undecided.grouping.node_count; n++)
            if (world_random(&random) % 12 == 0)
                touched[touched_count++] = place_of(&is, n);
        if (!is_as_in_the_whole(REACH_RULES, true, true))
            fail_msg("world %llu", (unsigned long long)seed);
    }
}

/* Worlds that notice were found by trying seeds: NOTICED=N does so for all rules. */
static void
no_rule_can_be_left_out(void **state)
{
    static const struct {
        unsigned rule;
        uint64_t seed;
    } worlds[] = {
        {REACH_NOW, 1}, {REACH_WAS, 35}, {REACH_NEW, 1}, {REACH_UNDONE, 1}, {DECISIONS_UNTIED, 1}};
    unsigned waiting = REACH_RULES | DECISIONS_UNTIED;
    (void)state;
    for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
        uint64_t seed = worlds[i].seed, most = number_of("NOTICED", seed);
        for (seed = most > seed ? 1 : seed; seed <= most; seed++) {
            make_steps(seed);
            if (is_as_in_the_whole(REACH_RULES ^ worlds[i].rule, false, false))
                continue;
            print_message("rule %u: world %llu\n", worlds[i].rule, (unsigned long long)seed);
            waiting &= ~worlds[i].rule;
            break;
        }
    }
    if (waiting != 0)
        fail_msg("no world needs the rules %u", waiting);
}

static int
fail_to_find(void *context, struct arena *into, const struct decision_row *row,
             struct sv *ret_place, struct err *ret_err)
{
    (void)context, (void)into, (void)row, (void)ret_place;
    return err_set(ret_err, ERR_DB_DOWN, "no answer");
}

static void
an_error_of_a_question_is_handed_on(void **state)
{
    (void)state;
    struct decision decision = {.verb = DECISION_TITLE, .id = SV("a"), .incident = SV("00")};
    struct deciding deciding;
    struct reach reach;
    deciding_init(&arena, &decision, 1, &deciding);
    const struct reach_input input = {
        .deciding = &deciding, .now = {NULL, fail_to_find}, .rules = REACH_RULES};
    assert_int_equal(decide_reach(&arena, &input, &reach, &err), -1);
    assert_int_equal(err.code, ERR_DB_DOWN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_part_is_decided_as_in_the_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(any_touched_set_is_enough, setup, teardown),
        cmocka_unit_test_setup_teardown(no_rule_can_be_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(an_error_of_a_question_is_handed_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
