/*
 * Decisions over a part of a scope: which incidents must be read together, so that finding what
 * decisions name, moving nodes and telling gives for them what it gives in the whole scope.
 *
 * Decisions tie what they name: `incident` to the row, an incident to the one that is merged into
 * it. A decision looks at nothing else and moves nothing else, so what no chain of decisions ties
 * to an incident changes neither its nodes nor what is told of it. All of a scope's decisions are
 * at hand (which are undone, and by what, is a function of them alone); what they name is asked
 * for.
 *
 * Places are those before decisions move anything: a node is of the incident that grouping or
 * candidates gave it, or of none; then it stands for itself. A place is written as the key of the
 * node that names the incident, or of the node (node_key_text()).
 *
 * Touched is what records changed, before and after: incidents that got or lost a node or have one
 * that became another, and nodes of none that came, went or became others. To this the function
 * adds what new decisions name, and what an undo takes back; and from all of it, it goes on along
 * the ties of now and those of the last run. A declaration that is taken back goes like a record.
 * Where a decision itself is gone, compute the scope whole.
 *
 * Pure but for the questions; memory is the arena's. Cost: a question for each uid or row that a
 * decision names, then about n log n of these.
 */
#ifndef CORRELATE_DECIDE_REACH_H
#define CORRELATE_DECIDE_REACH_H

#include "correlate/decide/decide.h"

/* What may not be left out; tests leave out one at a time, and must notice. */
enum reach_rule {
    REACH_NOW = 1,    /* what decisions name is tied */
    REACH_WAS = 2,    /* what they named at the last run is */
    REACH_NEW = 4,    /* what new decisions name is touched */
    REACH_UNDONE = 8, /* an undo names what it takes back */
    REACH_RULES = 15
};

/*
 * Sets `ret_place` to the place of the node that deciding_find() finds for this row in all nodes of
 * the scope, absent where it finds none: that of the record with the uid `event`, whatever it is (a
 * declaration has one, too); else, with a fingerprint and a time, the first node of log lines in
 * order of id that has source and fingerprint and spans it; else, with a text and a time, the first
 * that holds a record of this source, time and text (deciding_text()). Of an incident only `event`
 * is there.
 */
struct reach_lookup {
    void *context;
    int (*place)(void *context, struct arena *arena, const struct decision_row *row,
                 struct sv *ret_place, struct err *err);
};

struct reach_input {
    const struct deciding *deciding;
    struct reach_lookup now;
    struct reach_lookup was;  /* as at the last run; `place` NULL: there was none */
    const struct sv *touched; /* places, in any order, those twice do no harm */
    size_t touched_count;
    const struct sv *fresh; /* ids of decisions that the last run did not have, in any order */
    size_t fresh_count;
    unsigned rules; /* REACH_RULES */
};

struct reach {
    /*
     * In order, once each: incidents all nodes of which are to be read, and nodes of none. Of these
     * some may be gone.
     */
    const struct sv *places;
    size_t count;
    /*
     * For each decision: it is decided by this part, and what no incident tells of it by
     * decide_loose(), too. Those that name nothing which is there are decided by every part, alike.
     */
    const bool *decides;
};
int decide_reach(struct arena *arena, const struct reach_input *input, struct reach *ret_reach,
                 struct err *err) MUST_CHECK;

/*
 * The decisions of the part, to be found in its nodes, regrouped and told; the others would look
 * there for what lies elsewhere.
 */
void deciding_of_part(const struct deciding *deciding, const bool *decides,
                      struct deciding *ret_deciding);

#endif
