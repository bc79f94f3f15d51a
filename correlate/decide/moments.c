/*
 * Milestones as people decided them: see decide.h. Before the rows are put in order, so that places
 * of entries still hold.
 */
#include "correlate/decide/decide.h"

#include <stdlib.h>

static const struct decided_entry *
entry_with(const struct replay *replay, struct sv entry_id)
{
    for (size_t i = 0; i < replay->count; i++)
        if (sv_eq(replay->entries[i].entry.entry_id, entry_id))
            return &replay->entries[i];
    return NULL;
}

/* What is hidden proves nothing, and of what people decided the derived rows go. */
static size_t
keep_derived(const struct replay *replay, struct milestone_row *list)
{
    const struct incident *incident = replay->incident;
    size_t count = 0;
    for (size_t i = 0; i < incident->milestone_count; i++) {
        struct milestone_row row = incident->milestones[i];
        const struct decided_entry *at = entry_with(replay, row.entry_id);
        if (at == NULL || at->slots[SLOT_HIDE] > 0 || replay->milestones[row.milestone] > 0)
            continue;
        row.time_ns = at->entry.time_ns;
        list[count++] = row;
    }
    return count;
}

static size_t
add_said(const struct replay *replay, struct milestone_row *list, size_t count)
{
    for (int m = 1; m < MILESTONE_COUNT; m++) {
        if (replay->milestone_rows[m] == 0)
            continue;
        const struct decided_entry *at = &replay->entries[replay->milestone_rows[m] - 1];
        if (at->slots[SLOT_HIDE] > 0)
            continue;
        list[count++] = (struct milestone_row){(enum milestone)m, at->entry.time_ns,
                                               at->entry.entry_id, SAID_CONFIDENCE};
    }
    return count;
}

static bool
proves(const struct milestone_row *list, size_t count, struct sv entry_id, enum milestone wanted)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].milestone == wanted && sv_eq(list[i].entry_id, entry_id))
            return true;
    return false;
}

/* Those that it still proves in their order, then those that people said. */
static void
set_entry(const struct replay *replay, struct entry *entry, const struct milestone_row *list,
          size_t count)
{
    enum milestone *kept = ARENA_ARRAY(replay->deciding->arena, enum milestone, MILESTONE_COUNT);
    bool taken[MILESTONE_COUNT] = {false};
    size_t found = 0;
    for (size_t i = 0; i < entry->milestone_count; i++)
        if (proves(list, count, entry->entry_id, entry->milestones[i])) {
            kept[found++] = entry->milestones[i];
            taken[entry->milestones[i]] = true;
        }
    for (int m = 1; m < MILESTONE_COUNT; m++)
        if (!taken[m] && proves(list, count, entry->entry_id, (enum milestone)m))
            kept[found++] = (enum milestone)m;
    entry->milestones = kept;
    entry->milestone_count = found;
}

void
replay_milestones(struct replay *replay)
{
    struct incident *incident = replay->incident;
    struct milestone_row *list = ARENA_ARRAY(replay->deciding->arena, struct milestone_row,
                                             incident->milestone_count + MILESTONE_COUNT);
    size_t count = add_said(replay, list, keep_derived(replay, list));
    if (count > 1)
        qsort(list, count, sizeof(*list), milestone_row_order);
    for (size_t i = 0; i < replay->count; i++)
        set_entry(replay, &replay->entries[i].entry, list, count);
    incident->milestones = list;
    incident->milestone_count = count;
}
