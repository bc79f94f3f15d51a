/*
 * The last step of a replay: what is hidden goes, the rest is put in order. See decide.h.
 */
#include "correlate/decide/decide.h"

#include <stdlib.h>

static int
entry_order(const void *left, const void *right)
{
    const struct entry *a = &((const struct decided_entry *)left)->entry;
    const struct entry *b = &((const struct decided_entry *)right)->entry;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    int order = sv_cmp(a->tie, b->tie);
    return order != 0 ? order : sv_cmp(a->entry_id, b->entry_id);
}

/* Next to another row than before only the times tell, and by how much they may be off. */
static void
establish(struct replay *replay)
{
    for (size_t i = 0; i < replay->count; i++) {
        struct decided_entry *at = &replay->entries[i];
        const struct decided_entry *before = i == 0 ? NULL : &replay->entries[i - 1];
        bool moved = at->slots[SLOT_RETIME] > 0 || at->before == 0 ||
                     (before != NULL &&
                      (before->slots[SLOT_RETIME] > 0 || before->before + 1 != at->before));
        if (before == NULL)
            at->entry.order_established = true;
        else if (moved)
            at->entry.order_established = at->entry.time_ns - before->entry.time_ns >=
                                          at->entry.uncertainty_ns + before->entry.uncertainty_ns;
    }
}

/* What is hidden stays in the list of decisions, where it is counted. */
static void
drop_hidden(struct replay *replay)
{
    size_t kept = 0;
    for (size_t i = 0; i < replay->count; i++)
        if (replay->entries[i].slots[SLOT_HIDE] == 0)
            replay->entries[kept++] = replay->entries[i];
    replay->count = kept;
}

void
replay_finish(struct replay *replay)
{
    struct incident *incident = replay->incident;
    drop_hidden(replay);
    if (replay->count > 1)
        qsort(replay->entries, replay->count, sizeof(*replay->entries), entry_order);
    establish(replay);
    struct entry *entries = ARENA_ARRAY(replay->deciding->arena, struct entry, replay->count + 1);
    for (size_t i = 0; i < replay->count; i++)
        entries[i] = replay->entries[i].entry;
    incident->entries = entries;
    incident->entry_count = replay->count;
}
