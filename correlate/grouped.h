/*
 * Grouping a scope whole: from what store hands over to nodes with their incidents, as people
 * decided, and to what telling looks at beside them. The first half of correlate_run(). Pure;
 * memory is the arena's.
 */
#ifndef CORRELATE_GROUPED_H
#define CORRELATE_GROUPED_H

#include "correlate/candidate/candidates.h"
#include "correlate/group/graph.h"
#include "correlate/run.h"
#include "correlate/tell.h"

/* The texts that grouping alone reads. */
struct grouping_texts {
    struct quiet_alerts quiet;
    struct suppress_rules suppress;
    struct service_graph graph;
    struct candidate_rules candidates;
};
/* CONFIG where one cannot be read. */
int grouping_texts_read(struct arena *arena, const struct correlation_config *config,
                        struct grouping_texts *ret_texts, struct err *err) MUST_CHECK;

struct grouped {
    struct deduped deduped;
    struct grouping grouping;
    struct background background;
    struct directory directory;
    struct deciding deciding;
    const int64_t *hours; /* as tell_hours() has them */
    size_t hour_count;
    struct rank_history alerts;
    bool suppresses;                   /* rules may suppress alerts */
    const struct work_record *records; /* of all nodes, declarations too */
    size_t record_count;
    const struct sv
        *reasons;        /* of each node as grouping left it, before candidates and decisions */
    const size_t *homes; /* of each node the incident that it was in before decisions */
};

/* CONFIG where a text of the settings cannot be read. `teller` must outlive the result. */
int grouped_make(struct arena *arena, const struct teller *teller,
                 const struct correlation_input *input, struct grouped *ret_grouped,
                 struct err *err) MUST_CHECK;
/* correlate_run(), with what it was made of. */
int correlate_grouped(struct arena *arena, const struct correlation_input *input,
                      const struct correlation_config *config, struct grouped *ret_grouped,
                      struct correlation *ret_correlation, struct err *err) MUST_CHECK;
/* All incidents with all of the scope around them; points into `grouped`. */
void grouped_input(struct arena *arena, struct grouped *grouped, struct tell_input *ret_input);

#endif
