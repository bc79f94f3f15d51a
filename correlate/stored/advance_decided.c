/*
 * What people decided of what is told again: see advance.h. Decisions tie the incidents that they
 * name; with what is touched all is told again that it is tied to (../decide/reach.h), now or at
 * the last run. Candidates among them are found again, which may touch more.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/held.h"

#define REACH_MAX 8 /* times that what is tied touches more */

struct tying {
    struct advance *advance;
    struct counter rows; /* of each row that is named the number of `named` + 1 */
    struct strbuf name;  /* scratch */
    struct sv *touched;
    size_t touched_count, touched_size;
    struct sv *candidates; /* that are told with what is touched */
    size_t candidate_count;
    bool more; /* candidates are to be found again */
};

/* ------------------------------------------------------------------ places now */

/* What a node is on that hangs on another one is known with that. */
static void
load_roots(struct advance *advance)
{
    struct node_id *ids = ARENA_ARRAY(advance->arena, struct node_id, advance->named_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < advance->named_count; i++) {
        const struct held *held = advance->named[i].node;
        if (held != NULL && !held->opens && held->is.rooted)
            ids[count++] = held->is.root;
    }
    stored_load(&advance->stored, true, ids, count);
}

/* Nodes of none that are not found again are on the candidate that they were on. */
static void
load_candidates(struct advance *advance)
{
    const struct group_rows *rows = advance->in->rows;
    struct sv *keys = ARENA_ARRAY(advance->arena, struct sv, advance->named_count + 1);
    struct group_candidate *kept = NULL;
    size_t count = 0, found = 0;
    struct err err;
    for (size_t i = 0; i < advance->named_count; i++) {
        const struct held *held = advance->named[i].node;
        if (held != NULL && !held->opens && !held->is.rooted && held->is.label.len == 0)
            keys[count++] = node_id_text(advance->arena, &held->id);
    }
    count = advance_texts(keys, count);
    if (count == 0 || advance_failed(advance))
        return;
    advance_note(
        advance,
        rows->candidates(rows->context, advance->arena, false, keys, count, &kept, &found, &err),
        &err);
    counter_init(&advance->kept_places, advance->arena);
    for (size_t i = 0; i < found && !advance_failed(advance); i++)
        *counter_at(&advance->kept_places, kept[i].node, 0) = (int64_t)i + 1;
    advance->kept = kept;
}

static struct sv
place_of_loose(const struct advance *advance, const struct held *held)
{
    struct sv key = node_id_text(advance->arena, &held->id);
    const struct found_node *found = found_at(advance, &held->id);
    if (found != NULL)
        return sv_empty(found->is) ? place_of_node(advance->arena, key)
                                   : place_of_candidate(advance->arena, found->is);
    const int64_t *kept =
        advance->kept_places.arena == NULL ? NULL : counter_find(&advance->kept_places, key);
    return kept == NULL ? place_of_node(advance->arena, key)
                        : place_of_candidate(advance->arena, advance->kept[*kept - 1].candidate);
}

static struct sv
place_of(struct advance *advance, const struct held *held)
{
    struct group_label label = {held->is.label, held->is.root};
    struct group_state state;
    if (held->opens || held->is.label.len > 0)
        return place_of_label(advance->arena, &label);
    if (!held->is.rooted)
        return place_of_loose(advance, held);
    if (!advance->stored.opening.state(&advance->stored, &held->is.root, &state))
        return SV_NONE;
    return place_of_label(advance->arena, &state.label);
}

static struct sv
row_name(struct tying *tying, const struct decision_row *row)
{
    const struct sv parts[] = {row->event, row->source, row->fingerprint, row->text};
    strbuf_clear(&tying->name);
    strbuf_add_be64(&tying->name, (uint64_t)row->time_ns);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        strbuf_add_be32(&tying->name, (uint32_t)parts[i].len);
        strbuf_add_sv(&tying->name, parts[i]);
    }
    return strbuf_view(&tying->name);
}

static void
place_all(struct tying *tying)
{
    struct advance *advance = tying->advance;
    counter_init(&tying->rows, advance->arena);
    for (size_t i = 0; i < advance->named_count; i++) {
        struct named *named = &advance->named[i];
        struct sv name = arena_copy(advance->arena, row_name(tying, &named->row));
        int64_t *first = counter_at(&tying->rows, name, 0);
        named->is = named->node == NULL ? SV_NONE : place_of(advance, named->node);
        if (*first == 0 || sv_empty(advance->named[*first - 1].was))
            *first = (int64_t)i + 1; /* of what a new decision names the last run knows nothing */
    }
}

/* ------------------------------------------------------------------ questions of reach.h */

static int
place_now(void *context, struct arena *arena, const struct decision_row *row, struct sv *ret_place,
          struct err *err)
{
    struct tying *tying = context;
    (void)arena, (void)err;
    *ret_place = tying->advance->named[*counter_find(&tying->rows, row_name(tying, row)) - 1].is;
    return 0;
}

static int
place_before(void *context, struct arena *arena, const struct decision_row *row,
             struct sv *ret_place, struct err *err)
{
    struct tying *tying = context;
    (void)arena, (void)err;
    *ret_place = tying->advance->named[*counter_find(&tying->rows, row_name(tying, row)) - 1].was;
    return 0;
}

/* ------------------------------------------------------------------ what is touched */

static void
touch(struct tying *tying, struct sv place)
{
    tying->touched = memory_grow(tying->touched, &tying->touched_size, tying->touched_count + 1,
                                 sizeof(*tying->touched));
    tying->touched[tying->touched_count++] = place;
}

/* A node of none as itself, and on the candidate that it was on. */
static void
touch_loose(struct tying *tying, struct sv key)
{
    struct advance *advance = tying->advance;
    struct sv had = advance_had(advance, key);
    if (!advance_heeds(advance, ADVANCE_LOOSE))
        return;
    touch(tying, place_of_node(advance->arena, key));
    if (!sv_empty(had))
        touch(tying, place_of_candidate(advance->arena, had));
}

static void
touch_all(struct tying *tying)
{
    struct advance *advance = tying->advance;
    const struct touched *touched = &advance->stored.touched;
    tying->touched_count = 0;
    for (size_t i = 0; i < advance->labels.count; i++)
        touch(tying, place_of_label(advance->arena, &advance->labels.at[i]));
    for (size_t i = 0; i < touched->node_count; i++)
        if (!touched->nodes[i]->opens)
            touch_loose(tying, node_id_text(advance->arena, &touched->nodes[i]->id));
    for (size_t i = 0; i < advance->found_count; i++) {
        touch_loose(tying, advance->found[i].key);
        if (!sv_empty(advance->found[i].is) && advance_heeds(advance, ADVANCE_LOOSE))
            touch(tying, place_of_candidate(advance->arena, advance->found[i].is));
    }
}

/* ------------------------------------------------------------------ what is tied to it */

/* Of what belongs to nothing: found with candidates, or told as it is. */
static void
take_node(struct tying *tying, struct sv key)
{
    struct advance *advance = tying->advance;
    struct node_id id;
    if (!node_key_read(key, &id) || advance_failed(advance))
        return;
    const struct held *held = held_at(&advance->stored, false, &id);
    if (held->node == NULL || held->is.rooted || held->is.label.len > 0)
        return;
    if (!advance_looks_at(held->node->role) || !advance_opens_any(advance)) {
        loose_add(advance, &(struct told_node){held->node, held->is.reason});
    } else if (found_at(advance, &id) == NULL) {
        spots_add(&advance->candidates, held->node->role, held->node->first_ms,
                  held->node->last_ms);
        tying->more = true;
    }
}

static void
take_place(struct tying *tying, struct sv place)
{
    struct group_label label;
    struct sv key;
    switch (place_read(place, &label, &key)) {
    case PLACE_GROUP:
        label_list_add(&tying->advance->labels, &label);
        break;
    case PLACE_CANDIDATE:
        tying->candidates[tying->candidate_count++] = key;
        break;
    case PLACE_NODE:
        take_node(tying, key);
        break;
    case PLACE_NONE:
        break;
    }
}

static unsigned
reach_rules(const struct advance *advance)
{
    return REACH_NOW | REACH_UNDONE | (advance_heeds(advance, ADVANCE_TIES) ? REACH_WAS : 0) |
           (advance_heeds(advance, ADVANCE_FRESH) ? REACH_NEW : 0);
}

static void
reach(struct tying *tying)
{
    struct advance *advance = tying->advance;
    struct reach reach;
    struct err err;
    const struct reach_input input = {.deciding = &advance->deciding,
                                      .now = {tying, place_now},
                                      .was = {tying, place_before},
                                      .touched = tying->touched,
                                      .touched_count = tying->touched_count,
                                      .fresh = advance->fresh,
                                      .fresh_count = advance->fresh_count,
                                      .rules = reach_rules(advance)};
    if (advance_failed(advance))
        return;
    advance_note(advance, decide_reach(advance->arena, &input, &reach, &err), &err);
    if (advance_failed(advance))
        return;
    tying->candidates = ARENA_ARRAY(advance->arena, struct sv, reach.count + 1);
    tying->candidate_count = 0;
    for (size_t i = 0; i < reach.count; i++)
        take_place(tying, reach.places[i]);
    label_list_sort(&advance->labels);
    if (advance_spot_members(advance, tying->candidates, tying->candidate_count))
        tying->more = true;
    advance->decides = reach.decides;
}

static void
tie(struct tying *tying)
{
    struct advance *advance = tying->advance;
    advance_named_now(advance);
    load_roots(advance);
    load_candidates(advance);
    for (int tries = 0; tries < REACH_MAX && !advance_failed(advance); tries++) {
        tying->more = false;
        place_all(tying);
        touch_all(tying);
        reach(tying);
        if (!tying->more)
            return;
        advance_find(advance);
        if (advance->whole != NULL)
            return;
    }
    advance->whole = "decisions that reach far";
}

void
advance_decided(struct advance *advance)
{
    struct tying tying = {.advance = advance};
    if (advance->deciding.count == 0 || !advance_heeds(advance, ADVANCE_DECIDED))
        return;
    strbuf_init(&tying.name, 0);
    tie(&tying);
    strbuf_release(&tying.name);
    free(tying.touched);
}

/* ------------------------------------------------------------------ for the next run */

/* Those of new decisions, and those of which something lies elsewhere now. */
void
advance_keep_decided(struct advance *advance)
{
    const struct group_rows *rows = advance->in->rows;
    const struct deciding *deciding = &advance->deciding;
    struct group_decision *kept =
        ARENA_ARRAY(advance->arena, struct group_decision, deciding->count + 1);
    struct sv *places = ARENA_ARRAY(advance->arena, struct sv, advance->named_count + 1);
    size_t count = 0, at = 0, fresh = 0;
    struct strbuf out;
    struct err err;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < deciding->count; i++) {
        struct sv id = deciding->all[i].decision.id;
        bool other = fresh < advance->fresh_count && sv_eq(advance->fresh[fresh], id);
        size_t names = 0;
        fresh += other ? 1 : 0;
        for (; at < advance->named_count && advance->named[at].decision == i; at++) {
            places[names++] = advance->named[at].is;
            other = other || !sv_eq(advance->named[at].is, advance->named[at].was);
        }
        if (!other)
            continue;
        strbuf_clear(&out);
        ties_write(places, names, &out);
        kept[count++] = (struct group_decision){id, arena_copy(advance->arena, strbuf_view(&out))};
    }
    strbuf_release(&out);
    if (count > 0 && !advance_failed(advance))
        advance_note(advance, rows->put_decisions(rows->context, kept, count, &err), &err);
}
