/*
 * Kept groups against those of the whole: see keptgroups.h.
 */
#include "tests/lib/keptgroups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/group/grouping.h"
#include "correlate/stored/content.h"
#include "store/pg/conn.h"
#include "tests/lib/failingrows.h"
#include "tests/lib/pgtest.h"

#define TABLES                                                                                     \
    "SELECT md5(coalesce(string_agg(v.x, ',' ORDER BY v.x), '')) FROM ("                           \
    "SELECT 'n' || (to_jsonb(g) - 'scope_no')::text AS x FROM correlate.group_node g JOIN "        \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s' UNION ALL "                     \
    "SELECT 'r' || (to_jsonb(r) - 'scope_no')::text FROM correlate.group_record r JOIN "           \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s' UNION ALL "                     \
    "SELECT 'k' || (to_jsonb(k) - 'scope_no')::text FROM correlate.group_key k JOIN "              \
    "correlate.group_scope s USING (scope_no) WHERE s.scope = '%s') v"

/* ------------------------------------------------------------------ one step */

static const struct work_record *
record_with(const struct kept_state *state, struct sv uid)
{
    for (size_t i = 0; i < state->count; i++)
        if (sv_eq(state->records[i].uid, uid))
            return &state->records[i];
    return NULL;
}

/* Of records that were not there, or were others; none goes. What they were the rows tell. */
static size_t
find_changes(struct stored *stored, const struct kept_state *before, const struct kept_state *now,
             struct record_change *changes)
{
    size_t count = 0;
    struct sv *uids = ARENA_ARRAY(stored->arena, struct sv, now->count + 1);
    const struct work_record **was =
        ARENA_ARRAY(stored->arena, const struct work_record *, now->count + 1);
    for (size_t i = 0; i < now->count; i++) {
        const struct work_record *old = record_with(before, now->records[i].uid);
        if (old != NULL && memcmp(old, &now->records[i], sizeof(*old)) == 0)
            continue;
        uids[count] = now->records[i].uid;
        changes[count++].is = &now->records[i];
    }
    stored_records(stored, uids, count, was);
    for (size_t i = 0; i < count; i++)
        changes[i].was = was[i];
    return count;
}

static int
write_step(struct kept_step *step, const struct group_rows *rows, const struct kept_state *before,
           const struct kept_state *now, struct err *err)
{
    struct stored stored;
    stored_init(&stored, step->arena, rows);
    struct group_step by = {.arena = step->arena,
                            .config = step->config,
                            .stored = &stored,
                            .rules = groupworld_rules(),
                            .regroup_less = step->left_out & REGROUP_RULES,
                            .reattach_less = step->left_out >> WORLD_REATTACH_SHIFT};
    struct record_change *changes = ARENA_ARRAY(step->arena, struct record_change, now->count + 1);
    size_t count = find_changes(&stored, before, now, changes);
    group_step(&by, changes, count, &step->result);
    int status = stored_end(&stored, err);
    stored_release(&stored);
    return status;
}

/* One transaction, which is rolled back where it fails. */
int
kept_step_take(struct kept_step *step, const struct kept_state *before,
               const struct kept_state *now)
{
    struct groups *groups;
    struct sv config;
    struct err err;
    assert_int_equal(store_begin(step->store, &err), 0);
    if (groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err) != 0)
        fail_msg("%s", err.message);
    struct failing failing;
    failing_init(&failing, groups_rows(groups), step->fails_at);
    int status = write_step(step, &failing.rows, before, now, &err);
    step->calls = failing.calls;
    step->count = groups_counted(groups);
    if (status == 0 && store_end(step->store, &err) == 0)
        return 0;
    if (err.code != ERR_DB_DOWN || strcmp(err.message, FAILING_MESSAGE) != 0)
        fail_msg("%s", err.message);
    store_rollback(step->store);
    return -1;
}

/* ------------------------------------------------------------------ compared with the whole */

static const char *
compare_opening(struct stored *stored, const struct grouping *whole, size_t n)
{
    const struct work_node *node = &whole->nodes[n];
    struct node_id id = node_id_of(node), opener = node_id_of(&whole->nodes[node->incident]);
    struct node_id component = node_id_of(&whole->nodes[node->component]);
    const struct work_node *there = stored->opening.node(stored, &id);
    struct group_state state;
    if (there == NULL || !stored->opening.state(stored, &id, &state))
        return "a node has no group";
    if (there->last_ms != node->last_ms || there->severity != node->severity ||
        there->record_count != node->record_count || there->key_count != node->key_count ||
        !sv_eq(there->explicit_id, node->explicit_id) || there->familiar != node->familiar)
        return "a node is another one";
    if (!sv_eq(state.label.explicit_id, node->group_id))
        return "a group has another explicit id";
    struct node_id head = state.label.root;
    const struct work_node *named =
        node->group_id.len > 0 ? stored->opening.head(stored, node->group_id) : NULL;
    if (node->group_id.len > 0 && named == NULL)
        return "an explicit id has no incident";
    if (named != NULL)
        head = node_id_of(named);
    if (node_ids_cmp(&head, &opener) != 0)
        return "a node is in another incident";
    if (node_ids_cmp(&state.component, &component) != 0)
        return "a node is in another component";
    return sv_eq(state.reason, node->reason) ? NULL : "a node has another reason";
}

static const char *
compare_attaching(struct stored *stored, const struct grouping *whole, size_t n)
{
    const struct work_node *node = &whole->nodes[n];
    struct node_id id = node_id_of(node);
    struct attach_state state;
    if (!stored->attaching.state(stored, &id, &state))
        return "it is not known what a node hangs on";
    if (state.attached != (node->attached_to != NO_NODE))
        return "a node is attached, or is not";
    if (state.attached) {
        struct node_id to = state.to, wanted = node_id_of(&whole->nodes[node->attached_to]);
        const struct work_node *named =
            state.explicit_id.len > 0 ? stored->opening.head(stored, state.explicit_id) : NULL;
        if (state.explicit_id.len > 0 && named == NULL)
            return "a node hangs on an explicit id without an incident";
        if (named != NULL)
            to = node_id_of(named);
        if (node_ids_cmp(&to, &wanted) != 0)
            return "a node hangs on another one";
    }
    return sv_eq(state.reason, node->reason) ? NULL : "a node hangs there for another reason";
}

/* What differs, read from the tables; NULL: nothing. */
const char *
kept_step_compare(struct kept_step *step, const struct grouping *whole)
{
    char sql[512];
    struct groups *groups;
    struct stored stored;
    struct sv config;
    struct err err;
    const char *fault = NULL;
    size_t keys = 0;
    assert_int_equal(store_begin(step->store, &err), 0);
    assert_int_equal(
        groups_open(step->store, step->arena, sv_from(step->scope), &groups, &config, &err), 0);
    stored_init(&stored, step->arena, groups_rows(groups));
    struct node_id *ids = ARENA_ARRAY(step->arena, struct node_id, whole->node_count + 1);
    for (int opens = 0; opens <= 1; opens++) {
        size_t count = 0;
        for (size_t n = 0; n < whole->node_count; n++)
            if (node_opens(&whole->nodes[n]) == (opens == 1))
                ids[count++] = node_id_of(&whole->nodes[n]);
        stored_load(&stored, opens == 1, ids, count);
    }
    for (size_t n = 0; n < whole->node_count && fault == NULL; n++) {
        keys += whole->nodes[n].key_count;
        fault = node_opens(&whole->nodes[n]) ? compare_opening(&stored, whole, n)
                                             : compare_attaching(&stored, whole, n);
    }
    if (stored_end(&stored, &err) != 0)
        fail_msg("%s", err.message);
    stored_release(&stored);
    store_rollback(step->store);
    snprintf(sql, sizeof(sql),
             "SELECT (SELECT count(*) FROM correlate.group_node g WHERE g.scope_no = s.scope_no) * "
             "1000000 + (SELECT count(*) FROM correlate.group_key k WHERE k.scope_no = s.scope_no) "
             "FROM correlate.group_scope s WHERE scope = '%s'",
             step->scope);
    if (fault == NULL && pgtest_int(sql) != (int64_t)(whole->node_count * 1000000 + keys))
        return "a node or key is left over";
    return fault;
}

static char *
tables_of(const char *scope)
{
    char sql[1024];
    snprintf(sql, sizeof(sql), TABLES, scope, scope, scope);
    return pgtest_value(sql);
}

/* Written at once, as a rebuild does: the same rows. */
static const char *
compare_filled(struct kept_step *step, const struct kept_state *now)
{
    struct groups *groups;
    struct stored stored;
    struct sv config;
    struct err err;
    char scope[80];
    snprintf(scope, sizeof(scope), "%s at once", step->scope);
    assert_int_equal(store_begin(step->store, &err), 0);
    assert_int_equal(groups_open(step->store, step->arena, sv_from(scope), &groups, &config, &err),
                     0);
    assert_int_equal(groups_clear(groups, &err), 0);
    stored_init(&stored, step->arena, groups_rows(groups));
    stored_fill(&stored, &now->whole, NULL);
    stored_fill_records(&stored, now->records, now->count);
    if (stored_end(&stored, &err) != 0)
        fail_msg("%s", err.message);
    stored_release(&stored);
    assert_int_equal(groups_whole(groups, SV("digest"), &err), 0);
    assert_int_equal(store_end(step->store, &err), 0);
    char *once = tables_of(scope), *steps = tables_of(step->scope);
    bool same = strcmp(once, steps) == 0;
    free(once);
    free(steps);
    return same ? NULL : "what is written at once has other rows";
}

/* ------------------------------------------------------------------ what is touched */

/* All that is known of an incident: its nodes as they are kept, and their reasons. */
static char *
told(const struct grouping *whole, const struct work_node *head)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    for (size_t n = 0; n < whole->node_count; n++) {
        const struct work_node *node = &whole->nodes[n];
        if (node->incident == NO_NODE || &whole->nodes[node->incident] != head)
            continue;
        content_write(node, &out);
        strbuf_add_sv(&out, node->uid);
        strbuf_add_sv(&out, node->reason);
    }
    struct sha256 digest;
    char *hex = malloc(SHA256_HEX + 1);
    sha256_of(out.ptr, out.len, &digest);
    sha256_hex(&digest, hex);
    strbuf_release(&out);
    return hex;
}

/* The node that opens the incident of this name. */
static const struct work_node *
head_of(const struct grouping *whole, const struct group_label *label)
{
    for (size_t n = 0; n < whole->node_count; n++) {
        const struct work_node *node = &whole->nodes[n];
        struct node_id id = node_id_of(node);
        if (node->incident == n && sv_eq(node->group_id, label->explicit_id) &&
            (label->explicit_id.len > 0 || node_ids_cmp(&id, &label->root) == 0))
            return node;
    }
    return NULL;
}

static bool
is_touched(const struct kept_step *step, const struct group_label *label)
{
    for (size_t i = 0; i < step->result.touched_count; i++)
        if (group_labels_eq(&step->result.touched[i], label))
            return true;
    return false;
}

/* Incidents of one state that are not the same in the other and are not told to be touched. */
static bool
misses(const struct kept_step *step, const struct grouping *one, const struct grouping *other)
{
    bool missed = false;
    for (size_t n = 0; n < one->node_count && !missed; n++) {
        const struct work_node *node = &one->nodes[n];
        if (node->incident != n)
            continue;
        struct group_label label = {node->group_id, node_id_of(node)};
        const struct work_node *there = head_of(other, &label);
        char *a = told(one, node), *b = told(other, there);
        missed = strcmp(a, b) != 0 && !is_touched(step, &label);
        free(a);
        free(b);
    }
    return missed;
}

/* ----------------------------------------------------------------- one world */

static void
state_of(struct arena *arena, const struct groupworld *world, size_t count,
         struct kept_state *state)
{
    struct work_record *records = ARENA_ARRAY(arena, struct work_record, WORLD_DELIVERIES_MAX);
    state->records = ARENA_ARRAY(arena, struct work_record, WORLD_DELIVERIES_MAX);
    state->count = groupworld_records(world, count, records);
    memcpy(state->records, records, state->count * sizeof(*records));
    grouping_run(arena, &world->config, NULL, groupworld_rules(), records, state->count,
                 &state->whole);
}

/* Each batch is stored, some fail at a statement first. */
const char *
kept_world_run(struct store *store, const struct groupworld *world, const char *scope,
               uint64_t seed, unsigned left_out)
{
    struct arena arena, scratch;
    const char *fault = NULL;
    uint64_t random = seed;
    struct kept_state before = {0};
    arena_init(&arena, 0);
    arena_init(&scratch, 0);
    struct kept_step step = {.store = store,
                             .arena = &scratch,
                             .config = &world->config,
                             .scope = scope,
                             .left_out = left_out};
    for (size_t i = 0; i < world->count && fault == NULL; i++) {
        struct kept_state now;
        if (!world->deliveries[i].ends_batch)
            continue;
        state_of(&arena, world, i + 1, &now);
        step.fails_at = world_random(&random) % 3 == 0 ? 1 + world_random(&random) % 16 : 0;
        if (kept_step_take(&step, &before, &now) != 0) {
            step.fails_at = 0;
            assert_int_equal(kept_step_take(&step, &before, &now), 0);
        }
        if (misses(&step, &now.whole, &before.whole) || misses(&step, &before.whole, &now.whole))
            fault = "an incident is another one and not touched";
        if (fault == NULL)
            fault = kept_step_compare(&step, &now.whole);
        before = now;
        arena_reset(&scratch);
    }
    if (fault == NULL)
        fault = compare_filled(&step, &before);
    step.fails_at = 0;
    if (fault == NULL && (kept_step_take(&step, &before, &before) != 0 || step.count.written > 0))
        fault = "something is written where nothing differs";
    arena_release(&scratch);
    arena_release(&arena);
    return fault;
}
