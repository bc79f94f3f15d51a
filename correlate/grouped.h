/*
 * Grouping a scope whole: from what store hands over to nodes with their incidents, as people
 * decided, and to what telling looks at beside them. The first half of correlate_run(). Pure;
 * memory is the arena's.
 */
#ifndef CORRELATE_GROUPED_H
#define CORRELATE_GROUPED_H

#include "correlate/run.h"
#include "correlate/tell.h"

struct grouped {
    struct deduped deduped;
    struct grouping grouping;
    struct background background;
    struct directory directory;
    struct deciding deciding;
    const int64_t *hours; /* as tell_hours() has them */
    size_t hour_count;
    struct rank_history alerts;
};

/* CONFIG where a text of the settings cannot be read. `teller` must outlive the result. */
int grouped_make(struct arena *arena, const struct teller *teller,
                 const struct correlation_input *input, struct grouped *ret_grouped,
                 struct err *err) MUST_CHECK;
/* All incidents with all of the scope around them; points into `grouped`. */
void grouped_input(struct arena *arena, struct grouped *grouped, struct tell_input *ret_input);

#endif
