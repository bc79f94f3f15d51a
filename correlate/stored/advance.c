/*
 * One step from what came to what is to be saved: see advance.h.
 */
#include "correlate/stored/advance.h"

#include <stdlib.h>

#include "correlate/stored/advance_flood.h"

/* ------------------------------------------------------------------ what is not done in parts */

/* Why the scope has to be computed whole, before the groups are touched. */
static const char *
whole_before(const struct advance *advance)
{
    const struct advancing *in = advance->in;
    if (in->texts->suppress.count > 0)
        return "rules suppress alerts";
    for (size_t i = 0; i < in->count; i++)
        if (in->observations[i].event.record_kind == RECORD_PERSON)
            return "a table of users";
    return NULL;
}

/* ------------------------------------------------------------------ keys */

/* Those of no group are candidates. */
static void
touch_near(struct advance *advance)
{
    for (size_t i = 0; i < advance->near_count; i++) {
        struct node_id id;
        struct group_label label;
        const struct work_node *node;
        if (!node_key_read(advance->near[i], &id))
            continue;
        if (kept_label(&advance->stored, &id, &label))
            label_list_add(&advance->labels, &label);
        else if (advance_heeds(advance, ADVANCE_CANDIDATES) &&
                 (node = advance->stored.attaching.node(&advance->stored, &id)) != NULL)
            spots_add(&advance->candidates, node->role, node->first_ms, node->last_ms);
    }
}

/* By which incidents all that is told again, and what was written, was saved last. */
static void
list_keys(struct advance *advance, struct advanced *advanced)
{
    const struct scope_reader *reader = advance->in->reader;
    const struct touched *touched = &advance->stored.touched;
    size_t most = touched->node_count + advance->loose_count + 1, count = 0;
    for (size_t i = 0; i < advance->told_count; i++)
        most += advance->told[i].count;
    struct sv *nodes = ARENA_ARRAY(advance->arena, struct sv, most);
    struct sv *keys = ARENA_ARRAY(advance->arena, struct sv, most);
    struct err err;
    for (size_t i = 0; i < touched->node_count; i++)
        nodes[count++] = node_id_text(advance->arena, &touched->nodes[i]->id);
    for (size_t i = 0; i < advance->told_count; i++)
        for (size_t k = 0; k < advance->told[i].count; k++)
            nodes[count++] = node_key_text(advance->arena, advance->told[i].nodes[k].node);
    for (size_t i = 0; i < advance->loose_count; i++)
        nodes[count++] = node_key_text(advance->arena, advance->loose[i].node);
    count = advance_texts(nodes, count);
    if (advance_failed(advance))
        return;
    advance_note(advance,
                 reader->incidents_of(reader->context, advance->arena, nodes, count, keys, &err),
                 &err);
    advanced->keys = keys;
    advanced->key_count = advance_failed(advance) ? 0 : advance_texts(keys, count);
}

/* Nodes that are there no more, neither as what opens nor as what attaches; and decisions that an
 * incident tells of, which are no nodes of their own then. */
static void
list_gone(struct advance *advance, struct advanced *advanced)
{
    struct touched *touched = &advance->stored.touched;
    const struct deciding *part = &advance->part;
    struct sv *gone = ARENA_ARRAY(advance->arena, struct sv, touched->node_count + part->count + 1);
    for (size_t i = 0; i < touched->node_count; i++) {
        const struct held *held = touched->nodes[i];
        const struct held *other = held_at(&advance->stored, !held->opens, &held->id);
        if (held->node == NULL && other->node == NULL)
            gone[advanced->gone_node_count++] = node_id_text(advance->arena, &held->id);
    }
    for (size_t i = 0; i < part->count; i++)
        if (part->all[i].listed)
            gone[advanced->gone_node_count++] = decide_loose_key(advance->arena, &part->all[i]);
    advanced->gone_node_count = advance_texts(gone, advanced->gone_node_count);
    advanced->gone_nodes = gone;
}

static void
list_deliveries(struct advance *advance, struct advanced *advanced)
{
    const struct deduped *deduped = &advance->deduped;
    struct sv *uids = ARENA_ARRAY(advance->arena, struct sv, deduped->delivery_count + 1);
    struct delivery *deliveries =
        ARENA_ARRAY(advance->arena, struct delivery, deduped->delivery_count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < deduped->delivery_count; i++) {
        uids[kept] =
            arena_hex(advance->arena, deduped->deliveries[i].observation->event.uid, UID_BYTES);
        if (!flood_heeds(advance, FLOOD_DELIVERIES) || !advance_waits(advance, uids[kept]))
            deliveries[kept++] = deduped->deliveries[i];
    }
    advanced->uid_count = advance_texts(uids, kept);
    advanced->uids = uids;
    advanced->correlation.deliveries = deliveries;
    advanced->correlation.delivery_count = kept;
}

/* ------------------------------------------------------------------ the step */

/* An incident is named by the smallest node that opens it. */
static void
tell_group(struct advance *advance, const struct kept_incident *incident)
{
    struct told_node *nodes = ARENA_ARRAY(advance->arena, struct told_node, incident->count + 1);
    struct told_again told = {
        .nodes = nodes, .count = incident->count, .span = {INT64_MAX, INT64_MIN}};
    bool named = false;
    for (size_t i = 0; i < incident->count; i++) {
        const struct held *held = incident->nodes[i];
        const struct work_node *node = held->node;
        nodes[i] = (struct told_node){node, held->is.reason};
        if (held->opens && !named) {
            told.name = held->id;
            told.first_ms = node->first_ms;
            named = true;
        }
        told.span.from_ms = node->first_ms < told.span.from_ms ? node->first_ms : told.span.from_ms;
        told.span.to_ms = node->last_ms > told.span.to_ms ? node->last_ms : told.span.to_ms;
    }
    told_again_add(advance, &told);
}

void
advance_tell_groups(struct advance *advance)
{
    struct kept_incident *incidents =
        ARENA_ARRAY(advance->arena, struct kept_incident, advance->labels.count + 1);
    kept_incidents(&advance->stored, advance->labels.at, advance->labels.count, incidents);
    for (size_t i = 0; i < advance->labels.count && !advance_failed(advance); i++) {
        if (incidents[i].count == 0) {
            flood_gone(advance, &advance->labels.at[i]);
            continue;
        }
        tell_group(advance, &incidents[i]);
        flood_told(advance, &incidents[i], &advance->told[advance->told_count - 1].name);
    }
}

/* ------------------------------------------------------------------ the groups */

static void
take_touched(struct advance *advance, const struct group_step_result *step)
{
    for (size_t i = 0; i < step->touched_count; i++)
        label_list_add(&advance->labels, &step->touched[i]);
    for (size_t i = 0; i < advance->flood_count; i++)
        advance->floods[i].touched = advance->floods[i].due;
    for (size_t i = 0; i < step->touched_count; i++) {
        size_t place = flood_labelled(advance, &step->touched[i]);
        if (place != SIZE_MAX)
            advance->floods[place].touched = true;
    }
}

/* Of floods only what changes itself is settled now; which of the others are to be, is noted. */
static void
step_once(struct advance *advance, const struct record_change *changes, size_t count,
          const struct id_list *again, struct group_step_result *ret_step)
{
    const struct advancing *in = advance->in;
    struct group_label *labels =
        ARENA_ARRAY(advance->arena, struct group_label, advance->flood_count + 1);
    struct regroup_late late = {
        .labels = labels, .ret_left = ARENA_ARRAY(advance->arena, bool, advance->flood_count + 1)};
    size_t *floods = ARENA_ARRAY(advance->arena, size_t, advance->flood_count + 1);
    for (size_t i = 0; i < advance->flood_count; i++) {
        if (advance->floods[i].at_once)
            continue;
        floods[late.count] = i;
        labels[late.count++] = advance->floods[i].label;
    }
    const struct group_step by = {.arena = advance->arena,
                                  .config = in->teller->config,
                                  .graph = &in->texts->graph,
                                  .stored = &advance->stored,
                                  .rules = &in->teller->rules,
                                  .late = late.count == 0 ? NULL : &late,
                                  .again = again->at,
                                  .again_count = again->count};
    group_step(&by, changes, count, ret_step);
    for (size_t i = 0; i < late.count; i++)
        if (late.ret_left[i])
            flood_unsettled(advance, floods[i]);
    stored_flush_records(&advance->stored);
    stored_flush(&advance->stored);
}

/* Whose components may be others than are kept, and of which something is to be told. */
static bool
list_unsettled(struct advance *advance, struct id_list *again)
{
    bool any = false;
    for (size_t i = 0; i < advance->flood_count && !advance_failed(advance); i++) {
        struct flood *flood = &advance->floods[i];
        if (!flood->touched || !flood->kept.unsettled)
            continue;
        any = flood->at_once = true;
        flood->kept.unsettled = false;
        flood->changed = true;
        if (flood_heeds(advance, FLOOD_UNSETTLED))
            flood_components(advance, flood, again);
    }
    return any;
}

/* What is told has to be settled before, with all that comes of that. */
static void
settle_touched(struct advance *advance)
{
    struct id_list again = {0};
    while (flood_heeds(advance, FLOOD_FIRST) && list_unsettled(advance, &again)) {
        struct group_step_result step;
        step_once(advance, NULL, 0, &again, &step);
        take_touched(advance, &step);
        id_list_release(&again);
    }
    id_list_release(&again);
}

/* What is touched: incidents of groups, and where candidates are to be found again. */
static void
step_groups(struct advance *advance)
{
    struct around around;
    struct id_list none = {0};
    around_before(advance, &around);
    step_once(advance, advance->changes, advance->change_count, &none, &advance->step);
    around_touched(advance, &around);
    touch_near(advance);
    flood_context(advance);
    take_touched(advance, &advance->step);
    settle_touched(advance);
    for (size_t i = 0; i < advance->flood_count; i++)
        if (advance->floods[i].due)
            label_list_add(&advance->labels, &advance->floods[i].label);
    label_list_sort(&advance->labels);
    advance_spots(advance);
}

/* What is told again, before people decided and after. */
static void
list_told(struct advance *advance)
{
    advance_find(advance);
    if (advance->whole == NULL && !advance_failed(advance))
        advance_decided(advance);
    if (advance->whole != NULL || advance_failed(advance))
        return;
    advance_tell_groups(advance);
    advance_candidates(advance);
    advance_quiet(advance);
    advance_keep_decided(advance);
    advance_moved(advance);
}

int
advance_tell(struct advance *advance, struct advanced *advanced, struct err *err)
{
    struct given given;
    struct tell_input input;
    struct told told;
    advance_given(advance, &given);
    list_keys(advance, advanced);
    list_deliveries(advance, advanced);
    if (advance_failed(advance))
        return 0;
    if (given_input(advance->arena, advance->in->teller, &given, &input, err) != 0)
        return -1;
    tell_incidents(advance->arena, advance->in->teller, &input, &told);
    list_gone(advance, advanced);
    advanced->correlation.scope = advance->in->teller->scope;
    advanced->correlation.nodes = told.nodes;
    advanced->correlation.node_count =
        input.node_count + decide_loose(&advance->part, told.nodes + input.node_count);
    advanced->correlation.incidents = told.incidents;
    advanced->correlation.incident_count = told.incident_count;
    return 0;
}

static int
run(struct advance *advance, struct advanced *advanced, struct err *err)
{
    advance_records(advance);
    advance->whole = whole_before(advance);
    if (advance->whole == NULL)
        advance_floods(advance);
    if (advance->whole == NULL && !advance_failed(advance))
        advance_named_before(advance);
    if (advance->whole == NULL && !advance_failed(advance))
        step_groups(advance);
    if (advance->whole == NULL && !advance_failed(advance))
        list_told(advance);
    advanced->whole = advance->whole;
    advanced->changed = advance->change_count;
    if (advanced->whole != NULL || advance_failed(advance))
        return 0;
    int status = advance_tell(advance, advanced, err);
    if (status == 0 && !advance_failed(advance))
        floods_save(advance);
    return status;
}

int
advance_end(struct advance *advance, int status, struct advanced *advanced, struct err *err)
{
    if (status == 0 && advance->failed) {
        *err = advance->err;
        status = -1;
    }
    if (status != 0 && err->code == ERR_NOT_FOUND) {
        advanced->whole = "a record that is kept is not there any more";
        status = 0;
    }
    if (stored_end(&advance->stored, status == 0 ? err : NULL) != 0)
        status = -1;
    stored_release(&advance->stored);
    if (advance->looks_late) {
        if (stored_end(&advance->late, status == 0 ? err : NULL) != 0)
            status = -1;
        stored_release(&advance->late);
    }
    free(advance->floods);
    free(advance->held);
    free(advance->labels.at);
    free(advance->near);
    free(advance->told);
    free(advance->loose);
    free(advance->candidates.at);
    return status;
}

int
advance(const struct advancing *advancing, struct advanced *ret_advanced, struct err *err)
{
    struct advance advance = {.in = advancing,
                              .arena = advancing->arena,
                              .observations = advancing->observations,
                              .count = advancing->count};
    *ret_advanced = (struct advanced){0};
    stored_init(&advance.stored, advancing->arena, advancing->rows);
    return advance_end(&advance, run(&advance, ret_advanced, err), ret_advanced, err);
}
