/*
 * Correlating a scope by what is new to it, where that can be told: one transaction that reads what
 * came, the groups that are kept and what lies around, and writes what differs. What it leaves is
 * what computing the scope whole would have left. The thread that owns the store.
 */
#ifndef APP_CORRELATE_PART_H
#define APP_CORRELATE_PART_H

#include "app/applied.h"
#include "correlate/grouped.h"
#include "hindcast/casebook.h"

struct part_result {
    const char *whole; /* why the scope is to be computed whole; NULL: it is up to date */
    size_t events;     /* that came or changed */
    size_t nodes, raised, others, entries; /* that were told again */
};
/*
 * `drain`: no record waits for an incident of very many (correlate/stored/floods.h).
 * OVERTAKEN: another correlator was quicker, and who tries again finds what it left.
 */
int correlate_part(struct store *store, const struct applied *applied, struct sv scope, bool drain,
                   struct part_result *ret_result, struct err *err) MUST_CHECK;

/* What of the input hindcast never writes, on stderr. */
void tell_left_out(const struct correlation_input *input);

/* The groups of a scope that was computed whole, to be written with it: see casebook_save_also().
 */
struct groups_to_keep {
    const struct grouped *grouped;
    const struct applied *applied;
    struct sv scope;
};
/* `context`: struct groups_to_keep. */
int keep_groups(void *context, struct store *store, struct err *err) MUST_CHECK;
/* False: no part of such a scope could be computed later, whatever is kept. */
bool groups_worth_keeping(const struct grouped *grouped);

#endif
