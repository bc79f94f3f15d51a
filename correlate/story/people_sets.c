/*
 * Sets of names: see people_sets.h. Called by people.c and people_handles.c.
 */
#include "correlate/story/people_sets.h"

#include <assert.h>

size_t
people_set(const struct people *people, size_t at)
{
    while (people->all[at].parent != at)
        at = people->all[at].parent;
    return at;
}

bool
people_join(struct people *people, size_t a, size_t b, struct sv reason)
{
    size_t set_a = people_set(people, a), set_b = people_set(people, b);
    struct alias *low = &people->all[set_a < set_b ? set_a : set_b];
    struct alias *high = &people->all[set_a < set_b ? set_b : set_a];
    if (low == high || (low->listed != NULL && high->listed != NULL && low->listed != high->listed))
        return false;
    high->parent = low->parent;
    if (low->listed == NULL)
        low->listed = high->listed;
    if (people->all[a].reason.len == 0)
        people->all[a].reason = reason;
    if (people->all[b].reason.len == 0)
        people->all[b].reason = reason;
    return true;
}

/* What looks more like a name, of these what was written more often; the first stays. */
static bool
shows_better(const struct alias *alias, const struct alias *best)
{
    return best == NULL || alias->name.rank > best->name.rank ||
           (alias->name.rank == best->name.rank && alias->rows > best->rows);
}

void
people_show(struct people *people)
{
    for (size_t i = 0; i < people->count; i++)
        people->all[i].shown = NULL;
    for (size_t i = 0; i < people->count; i++) {
        struct alias *set = &people->all[people_set(people, i)];
        if (shows_better(&people->all[i], set->shown))
            set->shown = &people->all[i];
    }
}

struct sv
people_shown(const struct people *people, size_t set)
{
    const struct alias *whole = &people->all[set];
    if (whole->listed != NULL)
        return whole->listed->name;
    assert(whole->shown != NULL);
    return whole->shown->name.called;
}
