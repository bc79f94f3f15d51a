/*
 * Replaying worlds with floods: see floodreplay.h.
 */
#include "tests/lib/floodreplay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "app/part_reader.h"
#include "correlate/stored/whole.h"
#include "hindcast/part.h"
#include "store/pg/conn.h"
#include "tests/lib/casetables.h"
#include "tests/lib/groupworld.h"
#include "tests/lib/pgtest.h"

static struct floodreplay *by;
static struct err err;

/* Where a rule is left out something else is looked for, and no failure. */
static bool
tells(void)
{
    return by->without == 0;
}

static int64_t
now_ms(void *clock)
{
    return *(const int64_t *)clock;
}

/* ------------------------------------------------------------------ the whole of what is taken */

struct state {
    struct arena arena;
    struct teller teller;
    struct grouping_texts texts;
    struct grouped grouped;
    struct told told;
    struct correlation correlation;
};

static void
compute(struct state *state, const struct observation *rows, size_t count, size_t decision_count,
        size_t declaration_count)
{
    struct correlation_input input = tellworld_input(by->world);
    struct tell_input all;
    struct arena *arena = &state->arena;
    arena_init(arena, 0);
    input.observations = rows;
    input.count = count;
    input.decision_count = decision_count;
    input.declaration_count = declaration_count;
    assert_int_equal(teller_init(arena, &by->config, input.scope, &state->teller, &err), 0);
    assert_int_equal(grouping_texts_read(arena, &by->config, &state->texts, &err), 0);
    assert_int_equal(grouped_make(arena, &state->teller, &input, &state->grouped, &err), 0);
    grouped_input(arena, &state->grouped, &all);
    tell_incidents(arena, &state->teller, &all, &state->told);
    state->correlation = (struct correlation){
        .scope = input.scope,
        .nodes = state->told.nodes,
        .node_count = all.node_count,
        .incidents = state->told.incidents,
        .incident_count = state->told.incident_count,
        .deliveries = state->grouped.deduped.deliveries,
        .delivery_count = state->grouped.deduped.delivery_count,
    };
    state->correlation.node_count +=
        decide_loose(&state->grouped.deciding, state->told.nodes + state->correlation.node_count);
}

/* ------------------------------------------------------------------ what the store tells */

struct reading {
    struct part_reading of;         /* what part_reader() asks; first */
    const struct observation *rows; /* that have come */
    size_t count;
};

static bool
same_uid(const struct observation *a, const struct observation *b)
{
    return memcmp(a->event.uid, b->event.uid, UID_BYTES) == 0;
}

static int
deliveries(void *context, struct arena *arena, const struct work_record *const *records,
           size_t count, const struct observation **ret_observations, size_t *ret_count,
           struct err *ret_err)
{
    const struct reading *reading = context;
    struct observation *found = ARENA_ARRAY(arena, struct observation, reading->count + 1);
    (void)ret_err;
    *ret_count = 0;
    for (size_t i = 0; i < reading->count; i++) {
        bool wanted = false;
        for (size_t k = 0; k < count && !wanted; k++)
            wanted = same_uid(&reading->rows[i], records[k]->observation);
        if (wanted)
            found[(*ret_count)++] = reading->rows[i];
    }
    *ret_observations = found;
    return 0;
}

/* ------------------------------------------------------------------ one step */

struct feed {
    const struct observation *rows;
    size_t before, count; /* that had come, that have come */
    size_t decision_count, declaration_count;
    bool drain;
    int64_t seq;
};

static const struct observation *
news(struct arena *arena, const struct feed *feed, size_t *ret_count)
{
    struct observation *found = ARENA_ARRAY(arena, struct observation, feed->count + 1);
    *ret_count = 0;
    for (size_t i = 0; i < feed->count; i++) {
        bool wanted = i >= feed->before;
        for (size_t k = feed->before; k < feed->count && !wanted; k++)
            wanted = same_uid(&feed->rows[i], &feed->rows[k]);
        if (wanted)
            found[(*ret_count)++] = feed->rows[i];
    }
    return found;
}

/* False: the scope is to be computed whole. `ret_count`: what was read; or NULL. */
static bool
take_part(const struct state *all, const struct feed *feed, struct groups_count *ret_count)
{
    struct arena arena;
    struct groups *groups;
    struct sv digest;
    struct advanced advanced;
    struct reading reading = {.of.scope = SV("default"), .rows = feed->rows, .count = feed->count};
    struct scope_reader reader = part_reader(&reading.of);
    reader.deliveries = deliveries; /* of what has come, not of what ingest stored */
    arena_init(&arena, 0);
    assert_int_equal(part_open(by->store, &arena, SV("default"), &reading.of.part, &err), 0);
    assert_int_equal(groups_open(by->store, &arena, SV("default"), &groups, &digest, &err), 0);
    struct advancing advancing = {.rules = ADVANCE_RULES,
                                  .flood_without = by->without,
                                  .arena = &arena,
                                  .teller = &all->teller,
                                  .texts = &all->texts,
                                  .rows = groups_rows(groups),
                                  .reader = &reader,
                                  .declarations = by->world->declarations,
                                  .declaration_count = feed->declaration_count,
                                  .decisions = by->world->decisions,
                                  .decision_count = feed->decision_count,
                                  .floods = groups_floods(groups),
                                  .flood_limits = &by->limits,
                                  .drain = feed->drain,
                                  .now_ms = now_ms,
                                  .clock = &by->clock_ms};
    advancing.observations = news(&arena, feed, &advancing.count);
    if (advance(&advancing, &advanced, &err) != 0)
        fail_msg("%s", err.message);
    bool taken = advanced.whole == NULL;
    if (!taken) {
        part_abort(reading.of.part);
    } else {
        const struct casebook_part changed = {.correlation = &advanced.correlation,
                                              .keys = advanced.keys,
                                              .key_count = advanced.key_count,
                                              .gone_nodes = advanced.gone_nodes,
                                              .gone_node_count = advanced.gone_node_count,
                                              .uids = advanced.uids,
                                              .uid_count = advanced.uid_count};
        if (casetables_save_part(reading.of.part, &changed, feed->seq, &err) != 0)
            fail_msg("%s", err.message);
    }
    if (ret_count != NULL)
        *ret_count = groups_counted(groups);
    arena_release(&arena);
    return taken;
}

static void
fill(const struct state *now)
{
    struct arena arena;
    struct groups *groups;
    struct stored stored;
    struct sv digest;
    arena_init(&arena, 0);
    assert_int_equal(store_begin(by->store, &err), 0);
    assert_int_equal(groups_open(by->store, &arena, SV("default"), &groups, &digest, &err), 0);
    assert_int_equal(groups_clear(groups, &err), 0);
    stored_init(&stored, &arena, groups_rows(groups));
    stored_fill_whole(&stored, &now->grouped);
    if (stored_end(&stored, &err) != 0)
        fail_msg("%s", err.message);
    stored_release(&stored);
    assert_int_equal(groups_whole(groups, SV("digest"), &err), 0);
    assert_int_equal(store_end(by->store, &err), 0);
    arena_release(&arena);
}

/* ------------------------------------------------------------------ what is there */

/* Incidents of which nothing may be said until they are told again: by their nodes as saved. */
#define STALE_NODES                                                                                \
    "SELECT n.node_key FROM correlate.node n JOIN correlate.incident i USING (scope, "             \
    "incident_no) "                                                                                \
    "JOIN correlate.group_flood f USING (scope, incident_key) WHERE f.stale OR f.unsettled"

static bool
is_listed(const char *list, struct sv key)
{
    char *text = strndup(key.ptr, key.len);
    bool found = list != NULL && strstr(list, text) != NULL;
    free(text);
    return found;
}

/* Of one incident as it is exported. */
static char *
exported(const struct incident *incident)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    casebook_canonical_incident(SV("default"), incident, &out);
    strbuf_add_char(&out, '\n');
    return out.ptr;
}

static const struct incident *
incident_of(const struct correlation *correlation, struct sv key)
{
    for (size_t i = 0; i < correlation->incident_count; i++)
        if (sv_eq(correlation->incidents[i].incident_key, key))
            return &correlation->incidents[i];
    return NULL;
}

/* Nothing of the incident belongs to one that waits to be told again. */
static bool
is_settled(const struct correlation *correlation, struct sv key, const char *nodes)
{
    for (size_t n = 0; n < correlation->node_count; n++)
        if (sv_eq(correlation->nodes[n].incident_key, key) &&
            is_listed(nodes, correlation->nodes[n].node_key))
            return false;
    return true;
}

/* False: an incident that does not wait is another one than among the records that do not. */
static bool
others_are_there(const struct correlation *whole, const char *nodes)
{
    struct arena arena;
    struct correlation read;
    bool same = true;
    arena_init(&arena, 0);
    if (casebook_correlation(by->store, &arena, whole->scope, &read, &err) != 0)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < whole->incident_count && same; i++) {
        const struct incident *is = &whole->incidents[i];
        const struct incident *there = incident_of(&read, is->incident_key);
        if (!is_settled(whole, is->incident_key, nodes))
            continue;
        char *one = exported(is), *other = there == NULL ? strdup("") : exported(there);
        same = strcmp(one, other) == 0;
        if (!same && tells())
            fail_msg("%s", casetables_difference(other, one));
        free(one);
        free(other);
    }
    arena_release(&arena);
    return same;
}

static bool
is_there(const struct correlation *whole)
{
    char *nodes = pgtest_value("SELECT string_agg(node_key, ' ') FROM (" STALE_NODES ") s");
    bool same;
    if (nodes != NULL) {
        same = others_are_there(whole, nodes);
        free(nodes);
        return same;
    }
    const char *difference = casetables_hold(by->store, whole);
    if (difference != NULL && tells())
        fail_msg("%s", difference);
    return difference == NULL;
}

/* ------------------------------------------------------------------ a world */

struct flooding {
    bool taken[TELLWORLD_ROWS_MAX]; /* nothing of the row waits */
    struct observation rows[TELLWORLD_ROWS_MAX];
};

/* What waits stays as far as it was taken in before. */
static size_t
list_taken(struct flooding *replay, size_t count)
{
    size_t kept = 0;
    char *waiting =
        pgtest_value("SELECT string_agg(uid, ' ') FROM correlate.group_record WHERE scope_no < 0");
    for (size_t i = 0; i < count; i++) {
        char uid[2 * UID_BYTES + 1];
        for (size_t k = 0; k < UID_BYTES; k++)
            snprintf(uid + 2 * k, 3, "%02x", by->world->rows[i].event.uid[k]);
        replay->taken[i] = replay->taken[i] || waiting == NULL || strstr(waiting, uid) == NULL;
        if (replay->taken[i])
            replay->rows[kept++] = by->world->rows[i];
    }
    by->waited += waiting != NULL;
    by->stale += pgtest_int("SELECT count(*) FROM correlate.group_flood WHERE stale") > 0;
    by->unsettled += pgtest_int("SELECT count(*) FROM correlate.group_flood WHERE unsettled") > 0;
    free(waiting);
    return kept;
}

static void
take_step(const struct feed *feed)
{
    struct state all;
    compute(&all, feed->rows, feed->count, feed->decision_count, feed->declaration_count);
    if (feed->seq > 1 && take_part(&all, feed, NULL)) {
        by->parts++;
    } else {
        by->wholes++;
        casetables_save(by->store, &all.correlation, feed->seq);
        fill(&all);
    }
    arena_release(&all.arena);
}

/* What waits is counted, and of none of it is there a delivery. */
static bool
is_counted(void)
{
    return pgtest_int("SELECT count(*) - (SELECT coalesce(sum(waiting), 0) FROM "
                      "correlate.group_flood) FROM correlate.group_record WHERE scope_no < 0") ==
               0 &&
           pgtest_int("SELECT count(*) FROM correlate.delivery d JOIN correlate.group_record r "
                      "ON r.uid = replace(d.uid::text, '-', '') WHERE r.scope_no < 0") == 0;
}

static bool
nothing_waits(void)
{
    return pgtest_int("SELECT count(*) FROM correlate.group_flood WHERE waiting > 0 OR stale OR "
                      "unsettled") == 0;
}

/* After the last step nothing waits. */
static bool
is_whole(const struct correlation *whole, size_t count, int64_t seq)
{
    if (count != by->world->count || !nothing_waits()) {
        assert_false(tells());
        return false;
    }
    const char *difference = casetables_whole(by->store, whole, seq);
    if (difference != NULL && tells())
        fail_msg("%s", difference);
    return difference == NULL;
}

static void
run_step(struct feed *feed, size_t step, size_t end, size_t end_count)
{
    const struct tellworld *world = by->world;
    feed->before = feed->count;
    feed->count = end;
    feed->decision_count = step < end_count - 4 ? 0 : world->decision_count;
    feed->declaration_count = world->declaration_count * (step / 6) / (end_count / 6);
    feed->drain = step == end_count;
    by->clock_ms += (int64_t)(world_random(&by->random) % 12);
    take_step(feed);
}

bool
floodreplay_run(struct floodreplay *replay, const size_t *ends, size_t count)
{
    static struct flooding flooding;
    struct feed feed = {.rows = replay->world->rows};
    bool same = true;
    by = replay;
    flooding = (struct flooding){.taken = {false}};
    casetables_forget(replay->store, SV("default"));
    for (feed.seq = 1; (size_t)feed.seq <= count && same; feed.seq++) {
        struct state state;
        run_step(&feed, (size_t)feed.seq, ends[feed.seq - 1], count);
        size_t taken = list_taken(&flooding, feed.count);
        compute(&state, flooding.rows, taken, feed.decision_count, feed.declaration_count);
        if (replay->tells)
            print_message("step %lld: %zu of %zu\n", (long long)feed.seq, taken, feed.count);
        same = is_counted() && is_there(&state.correlation);
        assert_true(same || !tells());
        if (same && feed.drain)
            same = is_whole(&state.correlation, taken, feed.seq);
        arena_release(&state.arena);
    }
    return same;
}
