/*
 * All that is kept of a scope: see whole.h.
 */
#include "correlate/stored/whole.h"

#include "correlate/stored/held.h"
#include "correlate/stored/ties.h"

static void
fill_decided(struct stored *stored, const struct grouped *grouped)
{
    const struct group_rows *rows = stored->rows;
    struct err err;
    size_t count;
    const struct group_candidate *candidates = tied_candidates_of(stored->arena, grouped, &count);
    if (count > 0 && !stored->failed)
        stored_note(stored, rows->change_candidates(rows->context, true, candidates, count, &err),
                    &err);
    const struct group_decision *decisions = ties_of(stored->arena, grouped, &count);
    if (count > 0 && !stored->failed)
        stored_note(stored, rows->put_decisions(rows->context, decisions, count, &err), &err);
}

void
stored_fill_whole(struct stored *stored, const struct grouped *grouped)
{
    stored_fill(stored, &grouped->grouping, grouped->reasons);
    stored_fill_records(stored, grouped->records, grouped->record_count);
    fill_decided(stored, grouped);
}
