/*
 * Correlating what is new: from the records that came since a scope was computed last to its
 * incidents and nodes that differ now, by the groups that are kept (step.h) and by telling what is
 * touched alone (../given.h). What else of the scope lies around an incident is asked for by index;
 * reads.def says how far each rule looks. The rows of the groups are written, those of the casebook
 * are not. Where it cannot be said what a record reaches, the scope is to be computed whole.
 *
 * Memory is the arena's. Errors are those of the rows and of the reader; the transaction is then of
 * no use.
 */
#ifndef CORRELATE_STORED_ADVANCE_H
#define CORRELATE_STORED_ADVANCE_H

#include "correlate/grouped.h"
#include "correlate/stored/floods.h"
#include "hindcast/groups.h"

/* What the store tells beside the groups: each in the arena. */
struct scope_reader {
    void *context;
    /* All deliveries of these records, none of which is a declaration; each once, in any order. */
    int (*deliveries)(void *context, struct arena *arena, const struct work_record *const *records,
                      size_t count, const struct observation **ret_observations, size_t *ret_count,
                      struct err *err);
    /* Keys of the incidents, as they were saved last, whose heads overlap the times. */
    int (*incidents_within)(void *context, struct arena *arena, int64_t from_ms, int64_t to_ms,
                            struct sv **ret_keys, size_t *ret_count, struct err *err);
    /* Of each node key the key of the incident that it was saved in; absent: none, or not saved. */
    int (*incidents_of)(void *context, struct arena *arena, const struct sv *node_keys,
                        size_t count, struct sv *ret_keys, struct err *err);
    /* Keys of the nodes of these incidents, as they were saved last. */
    int (*nodes_of)(void *context, struct arena *arena, const struct sv *incident_keys,
                    size_t count, struct sv **ret_node_keys, size_t *ret_count, struct err *err);
};

/* What may not be left out; tests leave out one at a time, and must notice. */
enum advance_rule {
    ADVANCE_CHANGES = 1,     /* a change is context of incidents a day around */
    ADVANCE_HOURS = 2,       /* so is an hour that has a record now, or has none any more */
    ADVANCE_LINES = 4,       /* lines of a source are its background */
    ADVANCE_SHAPES = 8,      /* and those of a shape */
    ADVANCE_NEXT = 16,       /* the next alert of a series is new, or is not */
    ADVANCE_PAST = 32,       /* so are all, where nothing lies a day or more before */
    ADVANCE_CANDIDATES = 64, /* candidates near what changed are found again */
    ADVANCE_FOUND = 128,     /* candidates are told whole: members as found */
    ADVANCE_SAVED = 256,     /* and as they were saved */
    ADVANCE_DECIDED = 512,   /* what people decided of what is told again */
    ADVANCE_FRESH = 1024,    /* what is named by decisions that came */
    ADVANCE_TIES = 2048,     /* what they named at the last run */
    ADVANCE_LOOSE = 4096,    /* what belongs to nothing, or to candidates, is tied as well */
    ADVANCE_ALIKE = 8192,    /* what a decision names is found by what it says, or its shape */
    ADVANCE_RULES = 16383
};

/* The same of incidents of very many records. */
enum flood_rule {
    FLOOD_STALE = 1,      /* one is told again where what lies around it changed */
    FLOOD_UNSETTLED = 2,  /* and settled again where links among its nodes did */
    FLOOD_FIRST = 4,      /* before it is told for another reason */
    FLOOD_SAME = 8,       /* what comes again while it waits goes on to do so */
    FLOOD_LET_GO = 16,    /* unless its flood takes in what waits */
    FLOOD_DELIVERIES = 32 /* no delivery of what waits is saved */
};

struct advancing {
    unsigned rules;         /* ADVANCE_RULES */
    unsigned flood_without; /* enum flood_rule, for tests */
    struct arena *arena;
    const struct teller *teller;
    const struct grouping_texts *texts;
    const struct group_rows *rows;
    const struct scope_reader *reader;
    /* All deliveries of every record that something came of. */
    const struct observation *observations;
    size_t count;
    /* All of the scope. */
    const struct declaration *declarations;
    size_t declaration_count;
    const struct decision *decisions;
    size_t decision_count;
    /*
     * Incidents of very many records (floods.h) take in what comes later; NULL: they do at once.
     * The wall clock in milliseconds says when, and what it costs. Where people decided anything,
     * or `drain` is set, nothing waits.
     */
    const struct flood_rows *floods;
    const struct flood_limits *flood_limits;
    bool drain;
    int64_t (*now_ms)(void *clock);
    void *clock;
};

struct advanced {
    const char *whole; /* why the scope is to be computed whole: all else is of no use; or NULL */
    /* What casebook_save_part() asks for. */
    struct correlation correlation;
    const struct sv *keys, *gone_nodes, *uids;
    size_t key_count, gone_node_count, uid_count;
    size_t changed; /* records */
};

int advance(const struct advancing *advancing, struct advanced *ret_advanced,
            struct err *err) MUST_CHECK;

#endif
