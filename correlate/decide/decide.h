/*
 * Replaying decisions over an incident: a function of the decisions, which come in any order, and
 * of what the records give. Private to correlate/ and to what previews decisions; memory is the
 * caller's arena.
 *
 * deciding_init() brings the decisions into their order and finds what is undone; deciding_find()
 * finds the nodes they name; deciding_regroup() moves nodes between incidents; decide_incident()
 * changes an incident and lists its decisions; decide_loose() tells of those that no incident has.
 */
#ifndef CORRELATE_DECIDE_H
#define CORRELATE_DECIDE_H

#include "correlate/group/grouping.h"
#include "hindcast/incident.h"

/* A row that a decision names: the node that holds its record, and when that was. */
struct deciding_row {
    size_t node; /* NO_NODE: not there */
    int64_t ns;
};

/* A decision of a scope while it is replayed. */
struct deciding_one {
    struct decision decision;
    struct sv undone_by; /* absent: it counts */
    /* Itself; of an undo what is taken back in the end, or NULL: that is not there. */
    const struct deciding_one *about;
    struct sv overruled_by;     /* of one that moves nodes: a later one moves the same */
    bool missing;               /* of one that moves nodes: what it names is not there */
    size_t incident_node;       /* that holds the record of `incident`; NO_NODE: none */
    size_t other_node;          /* the same of the incident that is merged into it */
    struct deciding_row *found; /* of each row; NULL: not looked for */
    struct sv incident_key;     /* of the incident that `incident` is in now; absent: none */
    struct sv row_key;          /* the same of the first row */
    struct sv row_node;         /* key of the node that holds the first row's record */
    bool listed;                /* an incident tells what became of it */
};

struct deciding {
    struct arena *arena;
    struct deciding_one *all; /* in order */
    size_t count;
};

/* settle.c: each id once, in order, and what is undone. */
void deciding_init(struct arena *arena, const struct decision *decisions, size_t count,
                   struct deciding *ret_deciding);
/* True if a decision that counts takes this declaration back. */
bool deciding_undeclared(const struct deciding *deciding, struct sv declaration);
/* The decision with this id, or NULL. */
const struct deciding_one *deciding_with(const struct deciding *deciding, struct sv id);

/* find.c: which nodes hold what is named. */
void deciding_find(struct deciding *deciding, const struct work_node *nodes, size_t count);
/* What a row says of a record: by it and its time it is found again under another name. */
struct sv deciding_text(struct arena *arena, const struct observation *observation);
/* regroup.c: merge, split, attach, detach, one after the other; then where everything is. */
void deciding_regroup(struct deciding *deciding, struct work_node *nodes, size_t count);

/* apply.c: changes the incident, whose arrays are replaced, and fills in its decisions. */
void decide_incident(struct deciding *deciding, struct incident *incident);
/* loose.c: those that are in no incident, as nodes of none; at most deciding->count of them. */
size_t decide_loose(struct deciding *deciding, struct node *ret_nodes);
/* The key of that node. */
struct sv decide_loose_key(struct arena *arena, const struct deciding_one *one);

/* ------------------------------------------------------------------ between its files */

/* What can be said once of a row: a later decision overrules. */
enum row_slot { SLOT_RETIME, SLOT_PIN, SLOT_KEY, SLOT_HIDE, ROW_SLOTS };

/* An entry while decisions change it. */
struct decided_entry {
    struct entry entry;
    size_t slots[ROW_SLOTS]; /* place in the list of decisions + 1; 0: none */
    struct strbuf marks;     /* words of people, which stand behind those of the record */
    size_t before;           /* place among the entries of the records + 1; 0: a note */
};

/* An incident while decisions change it. */
struct replay {
    struct deciding *deciding;
    struct incident *incident;
    struct decided_entry *entries; /* one of each of the records, then the notes */
    size_t record_count, count;
    struct decided *list;
    size_t listed;
    size_t said[DECISION_VERBS];            /* of the incident: place in the list + 1 */
    size_t milestones[MILESTONE_COUNT];     /* the same */
    size_t milestone_rows[MILESTONE_COUNT]; /* entry + 1 that proves it; 0: none does */
};

/* rows.c: times, weights and marks, from the slots; a note becomes an entry. */
void replay_rows(struct replay *replay);
void replay_note(struct replay *replay, const struct decision *decision);
/* moments.c: milestones, after the rows have their times. */
void replay_milestones(struct replay *replay);
/* finish.c: hiding and the order; the incident gets its entries. */
void replay_finish(struct replay *replay);
/* nearest.c: place of the entry that a decision names, or SIZE_MAX; and what lies near. */
size_t replay_row(const struct replay *replay, const struct deciding_one *one);
void replay_nearest(const struct replay *replay, const struct decision *decision,
                    struct decided *decided);

#endif
