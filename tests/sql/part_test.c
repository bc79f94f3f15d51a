/*
 * Saving parts of a scope, against a real PostgreSQL: random worlds come record by record, decision
 * by decision; of each step only what changed is saved. The tables are then what a save of the
 * whole leaves (which, tried afterwards, writes no row), and rows of other incidents are those that
 * they were.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "hindcast/part.h"
#include "tests/lib/casetables.h"
#include "tests/lib/pgtest.h"
#include "tests/lib/sample_incident.h"
#include "tests/lib/tellworld.h"

#define WORLDS 4
#define STEPS 12

/* What one run gave, with the bytes of each incident and node. */
struct state {
    struct arena arena;
    struct correlation correlation;
    struct sv *incidents, *nodes;
};

struct pieces {
    struct casebook_part part;
    struct correlation correlation;
    struct incident incidents[TELLWORLD_ROWS_MAX];
    struct node nodes[TELLWORLD_ROWS_MAX * 2];
    struct delivery deliveries[TELLWORLD_ROWS_MAX];
    struct sv keys[TELLWORLD_ROWS_MAX], gone[TELLWORLD_ROWS_MAX * 2], uids[TELLWORLD_ROWS_MAX];
};

static struct tellworld world;
static struct store *store;
static struct err err;
static size_t incidents_saved, incidents_left;

static struct sv
bytes_of(struct arena *arena, const struct strbuf *out)
{
    return arena_copy(arena, strbuf_view(out));
}

/* Everything that a save writes of an incident. */
static struct sv
incident_bytes(struct state *state, const struct incident *incident, struct strbuf *out)
{
    strbuf_clear(out);
    casebook_canonical_incident(state->correlation.scope, incident, out);
    for (size_t i = 0; i < incident->member_count; i++)
        strbuf_addf(out, SV_FMT "\n", SV_ARG(incident->member_uids[i]));
    for (size_t i = 0; i < incident->node_count; i++)
        casebook_canonical_node(state->correlation.scope, incident->nodes[i], out);
    return bytes_of(&state->arena, out);
}

static void
compute(struct state *state, size_t count, size_t decision_count)
{
    struct correlation_input input = tellworld_input(&world);
    struct correlation_config config;
    struct strbuf out;
    arena_init(&state->arena, 0);
    strbuf_init(&out, 0);
    correlation_config_default(&config);
    input.count = count;
    input.decision_count = decision_count;
    assert_int_equal(correlate_run(&state->arena, &input, &config, &state->correlation, &err), 0);
    const struct correlation *all = &state->correlation;
    state->incidents = ARENA_ARRAY(&state->arena, struct sv, all->incident_count + 1);
    state->nodes = ARENA_ARRAY(&state->arena, struct sv, all->node_count + 1);
    for (size_t i = 0; i < all->incident_count; i++)
        state->incidents[i] = incident_bytes(state, &all->incidents[i], &out);
    for (size_t i = 0; i < all->node_count; i++) {
        strbuf_clear(&out);
        casebook_canonical_node(all->scope, &all->nodes[i], &out);
        state->nodes[i] = bytes_of(&state->arena, &out);
    }
    strbuf_release(&out);
}

/* Place of the incident with this key, or SIZE_MAX. */
static size_t
incident_with(const struct state *state, struct sv key)
{
    for (size_t i = 0; i < state->correlation.incident_count; i++)
        if (sv_eq(state->correlation.incidents[i].incident_key, key))
            return i;
    return SIZE_MAX;
}

static size_t
node_with(const struct state *state, struct sv key)
{
    for (size_t i = 0; i < state->correlation.node_count; i++)
        if (sv_eq(state->correlation.nodes[i].node_key, key))
            return i;
    return SIZE_MAX;
}

static bool
incident_stays(const struct state *one, const struct state *other, size_t place)
{
    struct sv key = one->correlation.incidents[place].incident_key;
    size_t at = incident_with(other, key);
    return at != SIZE_MAX && sv_eq(one->incidents[place], other->incidents[at]);
}

static void
take_incidents(const struct state *before, const struct state *now, struct pieces *part)
{
    for (size_t i = 0; i < before->correlation.incident_count; i++)
        if (!incident_stays(before, now, i))
            part->keys[part->part.key_count++] = before->correlation.incidents[i].incident_key;
    for (size_t i = 0; i < now->correlation.incident_count; i++)
        if (incident_stays(now, before, i))
            incidents_left++;
        else
            part->incidents[part->correlation.incident_count++] = now->correlation.incidents[i];
    incidents_saved += part->correlation.incident_count;
}

/* Those of incidents that are saved, and others that changed. */
static void
take_nodes(const struct state *before, const struct state *now, struct pieces *part)
{
    for (size_t i = 0; i < now->correlation.node_count; i++) {
        const struct node *node = &now->correlation.nodes[i];
        size_t at = node_with(before, node->node_key);
        bool saved = false;
        for (size_t k = 0; k < part->correlation.incident_count; k++)
            saved = saved || sv_eq(part->incidents[k].incident_key, node->incident_key);
        if (saved || at == SIZE_MAX || !sv_eq(before->nodes[at], now->nodes[i]))
            part->nodes[part->correlation.node_count++] = *node;
    }
    for (size_t i = 0; i < before->correlation.node_count; i++) {
        struct sv key = before->correlation.nodes[i].node_key;
        if (node_with(now, key) == SIZE_MAX && sv_empty(before->correlation.nodes[i].incident_key))
            part->gone[part->part.gone_node_count++] = key;
    }
}

static bool
same_uid(const struct delivery *a, const struct delivery *b)
{
    return memcmp(a->observation->event.uid, b->observation->event.uid, UID_BYTES) == 0;
}

/* Of each uid that came more than once now: all of it. */
static void
take_deliveries(const struct state *now, struct pieces *part)
{
    const struct correlation *all = &now->correlation;
    for (size_t i = 0; i < all->delivery_count; i++) {
        part->deliveries[part->correlation.delivery_count++] = all->deliveries[i];
        if (i == 0 || !same_uid(&all->deliveries[i - 1], &all->deliveries[i]))
            part->uids[part->part.uid_count++] = arena_hex(
                (struct arena *)&now->arena, all->deliveries[i].observation->event.uid, UID_BYTES);
    }
}

/* Row versions of the incidents that a step leaves alone: their keys in SQL. */
static char *
versions_of_others(const struct pieces *part)
{
    struct strbuf sql;
    strbuf_init(&sql, 0);
    strbuf_add_text(&sql,
                    "WITH others AS (SELECT incident_no, incident_key, xmin FROM correlate.incident"
                    " WHERE incident_key NOT IN ('x'");
    for (size_t i = 0; i < part->part.key_count; i++)
        strbuf_addf(&sql, ",'" SV_FMT "'", SV_ARG(part->keys[i]));
    for (size_t i = 0; i < part->correlation.incident_count; i++)
        strbuf_addf(&sql, ",'" SV_FMT "'", SV_ARG(part->incidents[i].incident_key));
    strbuf_add_text(&sql,
                    ")) SELECT coalesce(string_agg(x, ' ' ORDER BY x), 'none') FROM ("
                    "SELECT xmin::text || incident_key AS x FROM others UNION ALL SELECT "
                    "e.xmin::text || entry_id FROM correlate.entry e JOIN others USING "
                    "(incident_no) UNION ALL SELECT n.xmin::text || node_key FROM correlate.node n "
                    "JOIN others USING (incident_no) UNION ALL SELECT m.xmin::text || uid FROM "
                    "correlate.member m JOIN others USING (incident_no)) v");
    char *value = pgtest_value(sql.ptr);
    strbuf_release(&sql);
    return value;
}

static void
need_none(const char *difference)
{
    if (difference != NULL)
        fail_msg("%s", difference);
}

static void
save_part(const struct casebook_part *changed, int64_t seq)
{
    struct arena arena;
    struct part *part;
    arena_init(&arena, 0);
    if (part_open(store, &arena, changed->correlation->scope, &part, &err) != 0 ||
        casetables_save_part(part, changed, seq, &err) != 0)
        fail_msg("%s", err.message);
    arena_release(&arena);
}

static void
save_step(const struct state *before, const struct state *now, int64_t seq)
{
    struct pieces *part = calloc(1, sizeof(*part));
    assert_non_null(part);
    part->correlation.scope = now->correlation.scope;
    take_incidents(before, now, part);
    take_nodes(before, now, part);
    take_deliveries(now, part);
    part->correlation.incidents = part->incidents;
    part->correlation.nodes = part->nodes;
    part->correlation.deliveries = part->deliveries;
    part->part.correlation = &part->correlation;
    part->part.keys = part->keys;
    part->part.gone_nodes = part->gone;
    part->part.uids = part->uids;
    char *others = versions_of_others(part);
    save_part(&part->part, seq);
    char *others_now = versions_of_others(part);
    need_none(casetables_difference(others_now, others));
    free(others);
    free(others_now);
    free(part);
}

static void
replay(uint64_t seed)
{
    const struct correlation nothing = {.scope = SV("default")};
    struct arena arena;
    struct state states[2];
    arena_init(&arena, 0);
    tellworld_make(&world, &arena, seed);
    tellworld_shuffle(&world, seed);
    casetables_forget(store, SV("default"));
    struct state *before = &states[0], *now = &states[1];
    *before = (struct state){.correlation = nothing};
    arena_init(&before->arena, 0);
    for (size_t step = 1; step <= STEPS; step++) {
        compute(now, world.count * step / STEPS, world.decision_count * (step / 3) / (STEPS / 3));
        save_step(before, now, (int64_t)step);
        need_none(casetables_hold(store, &now->correlation));
        need_none(casetables_whole(store, &now->correlation, (int64_t)step));
        arena_release(&before->arena);
        struct state *other = before;
        before = now;
        now = other;
    }
    arena_release(&before->arena);
    arena_release(&arena);
}

static void
test_parts_leave_what_the_whole_leaves(void **state)
{
    (void)state;
    store = pgtest_open("hindcast_correlate");
    casetables_stream();
    const char *first = getenv("SEED"), *runs = getenv("RUNS");
    uint64_t seed = first == NULL ? 1 : strtoull(first, NULL, 10);
    uint64_t end = seed + (runs == NULL ? WORLDS : strtoull(runs, NULL, 10));
    for (; seed < end; seed++)
        replay(seed);
    print_message("%zu incidents saved, %zu left alone\n", incidents_saved, incidents_left);
    assert_true(incidents_left >= incidents_saved / 10);
    store_close(store);
}

/* ------------------------------------------------------------------ what a part reads */

/* What was read of the derived tables: rows of whole tables, entries of indexes. */
static void
read_counts(int64_t *ret_whole, int64_t *ret_by_index)
{
    static const char *const counts =
        "SELECT sum(%s) FROM %s WHERE schemaname = 'correlate' AND relname IN "
        "('incident', 'node', 'entry', 'member', 'milestone', 'delivery', 'number')";
    char sql[400];
    snprintf(sql, sizeof(sql), counts, "seq_tup_read", "pg_stat_user_tables");
    *ret_whole = pgtest_int(sql);
    snprintf(sql, sizeof(sql), counts, "idx_tup_read", "pg_stat_user_indexes");
    *ret_by_index = pgtest_int(sql);
}

/* One incident among many: its own rows are read, by index. */
static void
count_reads(size_t count, int64_t *ret_whole, int64_t *ret_by_index)
{
    const struct cursor_position cursor[] = {{0, 0}, {1, 1000}};
    const struct correlation *sample = sample_correlation();
    struct arena arena;
    arena_init(&arena, 0);
    struct incident *incidents = ARENA_ARRAY(&arena, struct incident, count);
    struct node *nodes = ARENA_ARRAY(&arena, struct node, count);
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = ARENA_NEW(&arena, struct entry);
        struct sv *uid = ARENA_NEW(&arena, struct sv);
        const struct node **node = ARENA_NEW(&arena, const struct node *);
        uint8_t bytes[UID_BYTES] = {(uint8_t)(i >> 8), (uint8_t)i, 1};
        incidents[i] = sample->incidents[0];
        nodes[i] = *incidents[i].nodes[0];
        *entry = incidents[i].entries[0];
        *uid = arena_hex(&arena, bytes, UID_BYTES);
        *node = &nodes[i];
        nodes[i].node_key = arena_printf(&arena, "1772359200000/m/" SV_FMT, SV_ARG(*uid));
        nodes[i].incident_key = entry->node_key = incidents[i].incident_key = nodes[i].node_key;
        entry->entry_id = sv_slice(*uid, 0, 16);
        incidents[i].entries = entry;
        incidents[i].nodes = node;
        incidents[i].member_uids = uid;
        incidents[i].entry_count = incidents[i].node_count = incidents[i].member_count = 1;
        incidents[i].milestone_count = 0;
    }
    struct correlation correlation = {.scope = SV("many"),
                                      .incidents = incidents,
                                      .incident_count = count,
                                      .nodes = nodes,
                                      .node_count = count};
    store = pgtest_open("hindcast_correlate");
    assert_int_equal(casebook_replace(store, &correlation, cursor, 2, &err), 0);
    store_close(store);
    pgtest_run("ANALYZE");
    int64_t whole, by_index;
    read_counts(&whole, &by_index);
    incidents[0].title = SV("Another title");
    correlation.incident_count = correlation.node_count = 1;
    struct casebook_part part = {.correlation = &correlation};
    store = pgtest_open("hindcast_correlate");
    save_part(&part, 1000);
    store_close(store);
    arena_release(&arena);
    read_counts(ret_whole, ret_by_index);
    *ret_whole -= whole;
    *ret_by_index -= by_index;
}

static void
test_a_part_reads_its_own_rows(void **state)
{
    (void)state;
    int64_t few_whole, few, many_whole, many;
    count_reads(300, &few_whole, &few);
    count_reads(3000, &many_whole, &many);
    print_message("of 300: %lld rows by index, %lld of whole tables; of 3,000: %lld, %lld\n",
                  (long long)few, (long long)few_whole, (long long)many, (long long)many_whole);
    assert_true(many + many_whole < 300);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parts_leave_what_the_whole_leaves),
                                       cmocka_unit_test(test_a_part_reads_its_own_rows)};
    return cmocka_run_group_tests(tests, pgtest_setup, pgtest_teardown);
}
