/*
 * The stores of regroup() and reattach() over kept rows: see stored.h.
 */
#include "correlate/stored/stored.h"

#include <assert.h>
#include <stdlib.h>

#include "correlate/stored/content.h"
#include "correlate/stored/held.h"

/* -------------------------------------------------------------------- asking */

static void
ask_all(struct stored *stored, enum group_question question, const struct group_place *places,
        size_t asked, store_take *take, void *taker)
{
    struct group_answer *answers;
    struct err err;
    size_t count = 0;
    if (stored->moved)
        stored_flush(stored);
    if (stored->failed)
        return;
    stored_note(stored,
                stored->rows->ask(stored->rows->context, stored->arena, question, places, asked,
                                  &answers, &count, &err),
                &err);
    for (size_t i = 0; i < count && !stored->failed; i++) {
        const struct held *held = held_of_row(stored, &answers[i].row);
        if (held->node != NULL)
            take(taker, answers[i].place, held->node);
    }
}

static void
ask(struct stored *stored, enum group_question question, const struct group_place *place,
    store_take *take, void *taker)
{
    ask_all(stored, question, place, 1, take, taker);
}

static struct group_near *
ask_near(struct stored *stored, const struct key_spot *spots, size_t count, enum store_side side,
         size_t limit, size_t *ret_found)
{
    struct group_place *places = ARENA_ARRAY(stored->arena, struct group_place, count + 1);
    struct group_near *near = NULL;
    struct err err;
    *ret_found = 0;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){
            .opens = true, .id = spots[i].from, .digest = content_key_digest(spots[i].key)};
    if (stored->moved)
        stored_flush(stored);
    if (stored->failed || count == 0)
        return NULL;
    stored_note(stored,
                stored->rows->nearest(stored->rows->context, stored->arena, places, count,
                                      side == STORE_BEFORE, limit, &near, ret_found, &err),
                &err);
    *ret_found = stored->failed ? 0 : *ret_found;
    return near;
}

static void
nearest(void *context, const struct key_spot *spots, size_t count, enum store_side side,
        size_t limit, store_take *take, void *taker)
{
    struct stored *stored = context;
    size_t found;
    const struct group_near *near = ask_near(stored, spots, count, side, limit, &found);
    struct node_id *ids = ARENA_ARRAY(stored->arena, struct node_id, found + 1);
    for (size_t i = 0; i < found; i++)
        ids[i] = near[i].id;
    stored_load(stored, true, ids, found);
    for (size_t i = 0; i < found && !stored->failed; i++) {
        const struct held *held = held_find(stored, true, &ids[i]);
        if (held->node != NULL)
            take(taker, near[i].place, held->node);
    }
}

static const struct work_node *
opening_node(void *context, const struct node_id *id)
{
    return held_at(context, true, id)->node;
}

static const struct work_node *
attaching_node(void *context, const struct node_id *id)
{
    return held_at(context, false, id)->node;
}

static void
declared_within(void *context, const struct time_range *ranges, size_t count, store_take *take,
                void *taker)
{
    struct stored *stored = context;
    struct group_place *places = ARENA_ARRAY(stored->arena, struct group_place, count + 1);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){
            .opens = true, .from_ms = ranges[i].from_ms, .to_ms = ranges[i].to_ms};
    ask_all(stored, GROUP_BOUNDS, places, count, take, taker);
}

static void
alerts_within(void *context, int64_t from_ms, int64_t to_ms, store_take *take, void *taker)
{
    struct group_place place = {.opens = true, .from_ms = from_ms, .to_ms = to_ms};
    ask(context, GROUP_ALERTS, &place, take, taker);
}

static void
members(void *context, const struct node_id *component, store_take *take, void *taker)
{
    struct group_place place = {.opens = true, .id = *component};
    ask(context, GROUP_MEMBERS, &place, take, taker);
}

static void
take_head(void *taker, size_t spot, const struct work_node *node)
{
    (void)spot;
    *(const struct work_node **)taker = node;
}

static const struct work_node *
head(void *context, struct sv explicit_id)
{
    struct stored *stored = context;
    struct group_place place = {.opens = true, .digest = group_digest_of(explicit_id)};
    const struct work_node *found = NULL;
    const int64_t *known = stored->moved ? NULL : counter_find(&stored->heads, explicit_id);
    if (known != NULL)
        return *known == 0 ? NULL : stored->held[*known - 1]->node;
    ask(stored, GROUP_HEAD, &place, take_head, &found);
    int64_t at = 0;
    if (found != NULL) {
        struct node_id id = node_id_of(found);
        at = held_place(stored, true, &id);
    }
    *counter_at(&stored->heads, arena_copy(stored->arena, explicit_id), 0) = at;
    return found;
}

static void
with_keys(void *context, const struct key_range *ranges, size_t count, store_take *take,
          void *taker)
{
    struct stored *stored = context;
    struct group_place *places = ARENA_ARRAY(stored->arena, struct group_place, count + 1);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){.digest = content_key_digest(ranges[i].key),
                                         .from_ms = ranges[i].within.from_ms,
                                         .to_ms = ranges[i].within.to_ms};
    if (count > 0)
        ask_all(stored, GROUP_WITH_KEY, places, count, take, taker);
}

static void
alive(void *context, int64_t from_ms, int64_t to_ms, store_take *take, void *taker)
{
    struct group_place place = {.from_ms = from_ms, .to_ms = to_ms};
    ask(context, GROUP_ALIVE, &place, take, taker);
}

static void
naming(void *context, struct sv explicit_id, store_take *take, void *taker)
{
    struct group_place place = {.digest = group_digest_of(explicit_id)};
    ask(context, GROUP_NAMING, &place, take, taker);
}

/* What hangs where is in this question alone, so it is written first. */
static void
hanging(void *context, const struct node_id *ids, size_t count, store_take *take, void *taker)
{
    struct stored *stored = context;
    struct group_place *places = ARENA_ARRAY(stored->arena, struct group_place, count + 1);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){.id = ids[i]};
    stored_flush(stored);
    ask_all(stored, GROUP_HANGING, places, count, take, taker);
}

static void
beside(void *context, const struct work_node *const *nodes, size_t count, enum store_side side,
       store_take *take, void *taker)
{
    struct stored *stored = context;
    struct group_place *places = ARENA_ARRAY(stored->arena, struct group_place, count + 1);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){
            .id = node_id_of(nodes[i]),
            .digest = content_series_digest(nodes[i]->source, nodes[i]->records[0]->fingerprint)};
    ask_all(stored, side == STORE_BEFORE ? GROUP_EARLIER : GROUP_LATER, places, count, take, taker);
}

static void
take_attaching(void *taker, size_t spot, const struct work_node *node)
{
    (void)spot;
    if (!node_opens(node))
        *(const struct work_node **)taker = node;
}

/* Of a record's series the node that begins last before it is the record's. */
static const struct work_node *
holding(void *context, struct sv uid)
{
    struct stored *stored = context;
    const struct work_record *record;
    const struct work_node *node = NULL;
    stored_flush_records(stored);
    if (stored->moved)
        stored_flush(stored);
    stored_records(stored, &uid, 1, &record);
    if (record == NULL || record->role != NODE_CHAT)
        return NULL;
    stored->series.nodes(stored, &record, 1, STORE_BEFORE, 1, take_attaching, &node);
    return node != NULL && node->role == NODE_CHAT ? node : NULL;
}

/* -------------------------------------------------------------------- states */

static bool
opening_state(void *context, const struct node_id *id, struct group_state *ret_state)
{
    const struct held *held = held_at(context, true, id);
    if (held->node == NULL || !held->derived)
        return false;
    *ret_state =
        (struct group_state){held->is.component, {held->is.label, held->is.root}, held->is.reason};
    return true;
}

static bool
attaching_state(void *context, const struct node_id *id, struct attach_state *ret_state)
{
    const struct held *held = held_at(context, false, id);
    if (held->node == NULL || !held->derived)
        return false;
    *ret_state = (struct attach_state){.attached = held->is.rooted || held->is.label.len > 0,
                                       .explicit_id = held->is.label,
                                       .to = held->is.root,
                                       .reason = held->is.reason};
    return true;
}

static void
put_node(struct stored *stored, bool opens, const struct work_node *node)
{
    struct node_id id = node_id_of(node);
    struct held *held = held_at(stored, opens, &id);
    stored_touch(stored, held);
    held->derived = held->derived && held->node != NULL;
    held->node = node;
    held->id = id; /* its texts are there as long as the node */
    held_touch(stored, held, true);
}

static void
drop_node(struct stored *stored, bool opens, const struct node_id *id)
{
    struct held *held = held_at(stored, opens, id);
    stored_touch(stored, held);
    held->node = NULL;
    held->derived = false;
    held_touch(stored, held, true);
}

static void
put_opening(void *context, const struct work_node *node)
{
    assert(node_opens(node));
    put_node(context, true, node);
}

static void
put_attaching(void *context, const struct work_node *node)
{
    assert(!node_opens(node));
    put_node(context, false, node);
}

static void
drop_opening(void *context, const struct node_id *id)
{
    drop_node(context, true, id);
}

static void
drop_attaching(void *context, const struct node_id *id)
{
    drop_node(context, false, id);
}

static struct node_id
copy_id(struct arena *arena, const struct node_id *id)
{
    return (struct node_id){id->first_ms, arena_copy(arena, id->source),
                            arena_copy(arena, id->uid)};
}

static void
put_derived(struct stored *stored, bool opens, const struct node_id *id,
            const struct group_derived *is, bool moves)
{
    struct held *held = held_at(stored, opens, id);
    stored_touch(stored, held);
    held->derived = held->rederived = true;
    held->is = (struct group_derived){.component = copy_id(stored->arena, &is->component),
                                      .label = arena_copy(stored->arena, is->label),
                                      .root = copy_id(stored->arena, &is->root),
                                      .rooted = is->rooted,
                                      .reason = arena_copy(stored->arena, is->reason)};
    stored_touch(stored, held);
    held_touch(stored, held, moves);
}

/* Reasons alone are in no question. */
static void
put_opening_state(void *context, const struct node_id *id, const struct group_state *state)
{
    struct group_state was;
    bool moves = !opening_state(context, id, &was) ||
                 node_ids_cmp(&was.component, &state->component) != 0 ||
                 !group_labels_eq(&was.label, &state->label);
    struct group_derived is = {.component = state->component,
                               .label = state->label.explicit_id,
                               .root = state->label.root, /* counts where there is no id */
                               .rooted = state->label.explicit_id.len == 0,
                               .reason = state->reason};
    put_derived(context, true, id, &is, moves);
}

static void
put_attaching_state(void *context, const struct node_id *id, const struct attach_state *state)
{
    struct group_derived is = {.label = state->explicit_id,
                               .root = state->to,
                               .rooted = state->attached && state->explicit_id.len == 0,
                               .reason = state->reason};
    put_derived(context, false, id, &is, false);
}

/* ----------------------------------------------------------------- beginning */

void
stored_init(struct stored *stored, struct arena *arena, const struct group_rows *rows)
{
    *stored = (struct stored){.rows = rows, .arena = arena};
    strbuf_init(&stored->name, 0);
    counter_init(&stored->places, arena);
    counter_init(&stored->heads, arena);
    stored->opening = (struct group_store){.context = stored,
                                           .nearest = nearest,
                                           .node = opening_node,
                                           .declared_within = declared_within,
                                           .alerts_within = alerts_within,
                                           .state = opening_state,
                                           .members = members,
                                           .head = head,
                                           .put_node = put_opening,
                                           .drop_node = drop_opening,
                                           .put_state = put_opening_state};
    stored->attaching = (struct attach_store){.context = stored,
                                              .with_keys = with_keys,
                                              .alive = alive,
                                              .naming = naming,
                                              .hanging = hanging,
                                              .beside = beside,
                                              .holding = holding,
                                              .node = attaching_node,
                                              .state = attaching_state,
                                              .put_node = put_attaching,
                                              .drop_node = drop_attaching,
                                              .put_state = put_attaching_state};
    stored_init_series(stored);
}

int
stored_end(struct stored *stored, struct err *err)
{
    stored_flush_records(stored);
    stored_flush(stored);
    if (!stored->failed)
        return 0;
    if (err != NULL)
        *err = stored->err;
    return -1;
}

void
stored_release(struct stored *stored)
{
    strbuf_release(&stored->name);
    free(stored->held);
    free(stored->dirty);
    free(stored->records[0]);
    free(stored->records[1]);
    free(stored->touched.labels.at);
    free(stored->touched.roots);
    free(stored->touched.nodes);
    stored->held = stored->dirty = NULL;
}
