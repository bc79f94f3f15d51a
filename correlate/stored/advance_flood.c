/*
 * What waits and what is taken in: see advance_flood.h. Called by advance().
 */
#include "correlate/stored/advance_flood.h"

#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/episodes.h"

/* ------------------------------------------------------------------ what waits */

static void
hold(struct advance *advance, struct sv uid)
{
    advance->held = memory_grow(advance->held, &advance->held_size, advance->held_count + 1,
                                sizeof(*advance->held));
    advance->held[advance->held_count++] = uid;
}

static int
uid_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

bool
advance_waits(const struct advance *advance, struct sv uid)
{
    return advance->held_count > 0 && bsearch(&uid, advance->held, advance->held_count,
                                              sizeof(*advance->held), uid_order) != NULL;
}

/* What came again while it waits goes on to do so: all its deliveries are read in the end. */
static void
hold_waiting(struct advance *advance)
{
    size_t count = advance->deduped.count;
    struct sv *uids = ARENA_ARRAY(advance->arena, struct sv, count + 1);
    const struct work_record **waiting =
        ARENA_ARRAY(advance->arena, const struct work_record *, count + 1);
    for (size_t i = 0; i < count; i++)
        uids[i] = arena_hex(advance->arena, advance->deduped.kept[i]->event.uid, UID_BYTES);
    stored_records(&advance->late, uids, count, waiting);
    for (size_t i = 0; i < count; i++) {
        size_t flood = waiting[i] == NULL
                           ? SIZE_MAX
                           : flood_named(advance, late_of(&advance->late, waiting[i]));
        if (flood != SIZE_MAX && !advance->floods[flood].at_once &&
            flood_heeds(advance, FLOOD_SAME))
            hold(advance, uids[i]);
    }
    if (advance->held_count > 1)
        qsort(advance->held, advance->held_count, sizeof(struct sv), uid_order);
}

/* New records; what is kept already, or comes by a person, waits for nothing. */
static size_t
list_new(const struct advance *advance, const struct work_record **ret_records)
{
    size_t count = 0;
    for (size_t i = 0; i < advance->change_count; i++) {
        const struct record_change *change = &advance->changes[i];
        if (change->was == NULL && change->is != NULL && change->is->observation != NULL &&
            !advance_waits(advance, change->is->uid))
            ret_records[count++] = change->is;
    }
    return count;
}

static void
put_late(struct advance *advance, const struct flooded *flooded)
{
    struct flood *flood = &advance->floods[flooded->flood];
    struct grouping grouping = {.arena = advance->arena,
                                .config = advance->in->teller->config,
                                .graph = &advance->in->texts->graph};
    struct work_record **piece = ARENA_ARRAY(advance->arena, struct work_record *, 1);
    struct work_node *node = ARENA_NEW(advance->arena, struct work_node);
    *piece = ARENA_NEW(advance->arena, struct work_record);
    **piece = *flooded->record;
    node_of_records(&grouping, node, piece, 1, false);
    late_put(&advance->late, node, *piece, flood->name);
    hold(advance, flooded->record->uid);
    flood_waits_now(advance, flood);
    flood->kept.waiting++;
}

/* A flood that has grown enough takes in what came. */
static void
look_at_growth(struct advance *advance, const struct flooded *flooded, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (flooded[i].flood != SIZE_MAX)
            advance->floods[flooded[i].flood].came++;
    for (size_t i = 0; i < advance->flood_count; i++) {
        struct flood *flood = &advance->floods[i];
        if (flood->came > 0 &&
            flood_has_grown(advance->in->flood_limits, &flood->kept, (int64_t)flood->came))
            flood->due = flood->at_once = true;
    }
}

static void
hold_new(struct advance *advance)
{
    const struct work_record **records =
        ARENA_ARRAY(advance->arena, const struct work_record *, advance->change_count + 1);
    size_t count = list_new(advance, records);
    struct flooded *flooded = ARENA_ARRAY(advance->arena, struct flooded, count + 1);
    if (count == 0)
        return;
    flood_look(advance, records, count, flooded);
    look_at_growth(advance, flooded, count);
    for (size_t i = 0; i < count && !advance_failed(advance); i++)
        if (flooded[i].flood != SIZE_MAX && !advance->floods[flooded[i].flood].at_once)
            put_late(advance, &flooded[i]);
    if (advance->held_count > 1)
        qsort(advance->held, advance->held_count, sizeof(struct sv), uid_order);
}

/* ------------------------------------------------------------------ what is taken in */

static bool
is_among(const struct sv *uids, size_t count, struct sv uid)
{
    return count > 0 && bsearch(&uid, uids, count, sizeof(*uids), uid_order) != NULL;
}

static struct sv *
list_uids(struct advance *advance, size_t *ret_count)
{
    *ret_count = advance->deduped.count;
    struct sv *uids = ARENA_ARRAY(advance->arena, struct sv, *ret_count + 1);
    for (size_t i = 0; i < *ret_count; i++)
        uids[i] = arena_hex(advance->arena, advance->deduped.kept[i]->event.uid, UID_BYTES);
    if (*ret_count > 1)
        qsort(uids, *ret_count, sizeof(*uids), uid_order);
    return uids;
}

/* All deliveries of these are as new as what came. */
static void
add_observations(struct advance *advance, const struct work_record *const *records, size_t count)
{
    const struct scope_reader *reader = advance->in->reader;
    const struct observation *found = NULL;
    size_t found_count = 0;
    struct err err;
    if (count == 0 || advance_failed(advance))
        return;
    advance_note(advance,
                 reader->deliveries(reader->context, advance->arena, records, count, &found,
                                    &found_count, &err),
                 &err);
    if (advance_failed(advance) || found_count == 0)
        return;
    struct observation *all =
        ARENA_ARRAY(advance->arena, struct observation, advance->count + found_count + 1);
    for (size_t i = 0; i < advance->count; i++)
        all[i] = advance->observations[i];
    for (size_t i = 0; i < found_count; i++)
        all[advance->count + i] = found[i];
    advance->observations = all;
    advance->count += found_count;
}

/* What came again while its flood grew enough is kept back no longer. */
static void
let_go(struct advance *advance, const struct work_record *const *records, size_t count)
{
    struct sv *uids = ARENA_ARRAY(advance->arena, struct sv, count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        uids[i] = records[i]->uid;
    if (count > 1)
        qsort(uids, count, sizeof(*uids), uid_order);
    for (size_t i = 0; i < advance->held_count; i++)
        if (!is_among(uids, count, advance->held[i]))
            advance->held[kept++] = advance->held[i];
    advance->held_count = kept;
}

static void
take_in(struct advance *advance)
{
    size_t known, before = advance->count;
    const struct sv *uids = list_uids(advance, &known);
    for (size_t i = 0; i < advance->flood_count && !advance_failed(advance); i++) {
        struct flood *flood = &advance->floods[i];
        size_t count, kept = 0;
        if (!flood->due || flood->kept.waiting == 0)
            continue;
        const struct work_record **records = late_take(&advance->late, flood->name, &count);
        if (flood_heeds(advance, FLOOD_LET_GO))
            let_go(advance, records, count);
        for (size_t k = 0; k < count; k++)
            if (!is_among(uids, known, records[k]->uid))
                records[kept++] = records[k];
        add_observations(advance, records, kept);
        flood->kept.waiting = 0;
        flood->changed = true;
    }
    if (advance->count > before)
        advance_records(advance);
}

/* What waits changes nothing yet. */
static void
leave_out(struct advance *advance)
{
    struct record_change *changes =
        ARENA_ARRAY(advance->arena, struct record_change, advance->change_count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < advance->change_count; i++) {
        const struct record_change *change = &advance->changes[i];
        struct sv uid = change->is != NULL ? change->is->uid : change->was->uid;
        if (!advance_waits(advance, uid))
            changes[kept++] = *change;
    }
    advance->changes = changes;
    advance->change_count = kept;
}

void
advance_floods(struct advance *advance)
{
    const struct advancing *in = advance->in;
    struct group_flood *kept = NULL;
    struct err err;
    size_t count = 0;
    bool at_once = in->drain || in->decision_count > 0;
    if (in->floods == NULL || advance_failed(advance))
        return;
    advance->began_ms = in->now_ms(in->clock);
    advance_note(advance,
                 in->floods->read(in->floods->context, advance->arena, &kept, &count, &err), &err);
    for (size_t i = 0; i < count && !advance_failed(advance); i++) {
        struct flood *flood = flood_add(advance, &kept[i]);
        flood->known = true;
        flood->due = flood_waits(&kept[i]) &&
                     (at_once || flood_is_due(in->flood_limits, &kept[i], advance->began_ms));
        flood->at_once = at_once || flood->due;
    }
    if (advance->flood_count == 0 || advance_failed(advance))
        return;
    stored_init(&advance->late, advance->arena, in->floods->waiting);
    advance->looks_late = true;
    hold_waiting(advance);
    if (!at_once)
        hold_new(advance);
    take_in(advance);
    leave_out(advance);
}
