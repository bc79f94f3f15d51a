/*
 * Telling incidents of kept groups though nothing came, to save them as a part: when groups were
 * made anew (gather.h), some of them after the other. What is told at once is whole: whatever was
 * saved in an incident of which a node is told is told with it, so that no incident that is told
 * later had a node of it.
 */
#ifndef CORRELATE_STORED_RETELL_H
#define CORRELATE_STORED_RETELL_H

#include "correlate/stored/advance.h"
#include "correlate/stored/stored.h"

struct retelling {
    const struct advancing *advancing; /* no observations; the reader asks what was saved last */
    /* What is to be told: all of an incident that one of these names or lies in. */
    const struct group_label *labels;
    size_t label_count;
    /* Attaching nodes that hang on nothing, as the rows have them. */
    const struct group_answer *loose;
    size_t loose_count;
};

int retell(const struct retelling *retelling, struct advanced *ret_advanced,
           struct err *err) MUST_CHECK;
/*
 * Of opening nodes in their order: labels of the incidents that none of the nodes before them
 * belongs to, so that each is told once.
 */
int retell_labels(const struct advancing *advancing, const struct group_answer *nodes, size_t count,
                  struct group_label **ret_labels, size_t *ret_count, struct err *err) MUST_CHECK;

#endif
