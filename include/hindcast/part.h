/*
 * A step of the correlator that does not read its scope whole: what came since the scope was saved
 * last, what else the step asks for, and the part of it that changed, all in one transaction that
 * sees one state (REPEATABLE READ) and holds the scope's lock. Rows are found by indexes: what a
 * step costs depends on what is new and what it asks for, not on how much is stored.
 *
 *   part_open() - part_news() - part_records(), part_keys() ..., groups_open() - part_save() -
 *   part_commit(), or part_abort() at any moment.
 *
 * Everything that is handed out lives in the arena of part_open(). One connection, one thread, as
 * in store.h. After an error the transaction is of no use: part_abort().
 *
 * OVERTAKEN: another correlator saved the scope meanwhile, or something else that this transaction
 * does not see became what it needs; nothing was written, and who tries again finds it. Statements
 * of others within the transaction (groups.h) say so as DB_CONFLICT: part_overtaken() tells.
 */
#ifndef HINDCAST_PART_H
#define HINDCAST_PART_H

#include "hindcast/casebook.h"

/* More new rows than these: most of a scope may have changed, and the whole is cheaper. */
#define PART_NEWS_MAX 20000
/* The same of batches that hold news. */
#define PART_BATCHES_MAX 20000

struct part;

/* Begins the transaction and locks the scope; waits while another correlator saves it, and is
 * overtaken then. Connection and arena are the caller's, and stay. */
int part_open(struct store *store, struct arena *arena, struct sv scope, struct part **ret_part,
              struct err *err) MUST_CHECK;

struct part_news {
    /* Where everything stands, as of casebook_load(): without the configuration. */
    const struct cursor_position *cursor;
    size_t cursor_count;
    /*
     * What came since the scope was saved last can be told, and is below. False where the scope was
     * never saved or with another configuration, where what was read then was rewritten or taken
     * away since (decoded again, retention), where the cursor lies beyond what there is, or where
     * too much came: then the whole is to be computed, and nothing but the cursor is filled in.
     */
    bool known;
    const char *unknown; /* why not; for people */
    /* The number of declarations and decisions is not that of the last save. */
    bool decided;
    /*
     * Of every record of which a batch since then holds a delivery all deliveries that
     * casebook_load() would give, in its order; all declarations and decisions of the scope; and
     * what was left out of them.
     */
    struct correlation_input input;
};
/* `configuration`: the number of the one that is computed with. */
int part_news(struct part *part, int64_t configuration, struct part_news *ret_news,
              struct err *err) MUST_CHECK;

/* What a record is called: by its identity, or by its place where it has none. */
struct record_name {
    struct sv uid; /* 32 hex digits; absent: by place */
    struct sv cluster, topic;
    int32_t incarnation, partition;
    int64_t offset;
    int32_t index;
    int64_t event_time_ns; /* by place: when it happened, TIME_NONE: no time is told */
};
/*
 * The name of an observation that was loaded. Log lines that no source names have a uid that is
 * made of their place (event_uid_of_place()); they are found by the place alone. Texts are those of
 * the observation, or live in the arena.
 */
struct record_name record_name_of(struct arena *arena, const struct observation *observation);
/*
 * All deliveries of these records that casebook_load() would give, in its order, each once. What is
 * not there (any more) is not among them.
 */
int
part_records(struct part *part, const struct record_name *names, size_t count,
             struct observation **ret_observations, size_t *ret_count, struct err *err) MUST_CHECK;

/* The incident that each of these nodes belongs to as stored: its key, absent: none, or no such
 * node is stored. One for each node key. */
int part_keys(struct part *part, const struct sv *node_keys, size_t count,
              struct sv **ret_incident_keys, struct err *err) MUST_CHECK;
/* A stored node of one of the incidents that were asked about. */
struct part_node {
    size_t place; /* of its incident among them */
    struct sv node_key;
};
/* All nodes of these incidents as stored, in order of place, then of key. */
int part_nodes_of(struct part *part, const struct sv *incident_keys, size_t count,
                  struct part_node **ret_nodes, size_t *ret_count, struct err *err) MUST_CHECK;
/* Keys of stored incidents, raised or not, of which any moment from first to last time lies within
 * [from_ms, to_ms] (milliseconds since 1970), sorted. */
int part_incidents_around(struct part *part, int64_t from_ms, int64_t to_ms, struct sv **ret_keys,
                          size_t *ret_count, struct err *err) MUST_CHECK;

/* A part of a scope, as it is now; all else of the scope stays as it is, unread. */
struct casebook_part {
    /*
     * Its incidents: those that changed, whole. Its nodes: theirs, and others that changed. Its
     * deliveries: all of each uid below.
     */
    const struct correlation *correlation;
    /* By which the incidents that changed were saved last, those that are no more included. */
    const struct sv *keys;
    size_t key_count;
    const struct sv *gone_nodes; /* keys of nodes that are no more; those of incidents may lack */
    size_t gone_node_count;
    const struct sv *uids; /* in hex: events whose deliveries changed */
    size_t uid_count;
    bool anew; /* rows are compared, whatever digest is stored of an incident */
};
/*
 * casebook_save() of a part: the tables are then what saving the whole would have left, and rows of
 * other incidents are neither read nor written. The cursor is that of the whole, with the
 * configuration. Rows are found one by one: where most of a scope changed, saving the whole is
 * cheaper.
 */
int
part_save(struct part *part, const struct casebook_part *changed,
          const struct cursor_position *cursor, size_t cursor_count, struct err *err) MUST_CHECK;

/* The part is gone afterwards, whatever comes out. */
int part_commit(struct part *part, struct err *err) MUST_CHECK;
void part_abort(struct part *part);

/* An error of a statement within the transaction that says that others were quicker becomes
 * OVERTAKEN. */
void part_overtaken(struct err *err);

#endif
