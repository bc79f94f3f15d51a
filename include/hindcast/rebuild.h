/*
 * A rebuild in bounded memory: the groups of a scope are made anew beside those that are kept, in
 * pieces of history that are each committed with how far they go, while readers read the casebook
 * and others go on with what came. When all that there is has been read, one transaction tells
 * everything from the set and makes it that of the scope.
 *
 *   rebuild_open() - rebuild_read() - rebuild_groups() ... - rebuild_commit(), for each piece;
 *   rebuild_open(publish) - the same until nothing is left - rebuild_labels() ..., part_save() ...
 * - rebuild_flip() - part_commit().
 *
 * A transaction sees one state (REPEATABLE READ). Who is killed goes on where the last piece ended;
 * what was begun by another configuration, or from records that were decoded anew or taken away
 * since, begins anew. Memory is the arena's of rebuild_open(). One connection, one thread, as in
 * store.h; errors as in part.h.
 */
#ifndef HINDCAST_REBUILD_H
#define HINDCAST_REBUILD_H

#include "hindcast/groups.h"
#include "hindcast/part.h"

/* Records that a piece reads. */
#define REBUILD_PIECE 2000

/* In their order; the words of the column correlate.rebuild.stage. */
enum rebuild_stage {
    REBUILD_AGAIN,      /* records that came more than once */
    REBUILD_EVENTS,     /* all other events, by time */
    REBUILD_LINES,      /* notable log lines, by place */
    REBUILD_KEPT_LINES, /* those that outlived their partition */
    REBUILD_NEWS,       /* batches that came since it began */
    REBUILD_TELL        /* everything is read; incidents are told */
};

struct rebuild;

struct rebuild_progress {
    enum rebuild_stage stage;
    int64_t done, total; /* records that were read; that there were when it began */
    int64_t took_ns;     /* since it began, also what was spent before it was resumed */
};

/*
 * Begins a transaction: with the rebuild of this scope that is under way, or a new one. `publish`:
 * holds the scope's lock, as part_open() does. OVERTAKEN: another one works on it.
 */
int rebuild_open(struct store *store, struct arena *arena, struct sv scope, struct sv config_digest,
                 bool publish, struct rebuild **ret_rebuild, struct err *err) MUST_CHECK;
struct rebuild_progress rebuild_progress(const struct rebuild *rebuild);
/* From now on memory is that of this arena, which may be reset and used again. */
void rebuild_use(struct rebuild *rebuild, struct arena *arena);
/* For part_records() and what follows it there; part_save() where it publishes. */
struct part *rebuild_part(struct rebuild *rebuild);
/* The rows of the set that is made. */
struct groups *rebuild_groups(struct rebuild *rebuild);

struct rebuild_piece {
    /* All deliveries of each of its records, as of casebook_load(); all declarations and decisions.
     */
    struct correlation_input input;
    bool last;         /* nothing more has come in this snapshot */
    const char *whole; /* why it cannot go on like this; NULL: it can */
};
/* The next piece, which may be empty. `piece`: records at most, but for those of one batch. */
int rebuild_read(struct rebuild *rebuild, size_t piece, struct rebuild_piece *ret_piece,
                 struct err *err) MUST_CHECK;
/* Of these events (hex) several deliveries are there. */
int rebuild_note(struct rebuild *rebuild, const struct sv *uids, size_t count,
                 struct err *err) MUST_CHECK;
/* Writes how far it is. The rebuild is gone afterwards, whatever comes out. */
int rebuild_commit(struct rebuild *rebuild, struct err *err) MUST_CHECK;
void rebuild_abort(struct rebuild *rebuild);

/* Where everything stands, for part_save(); without the configuration. */
int rebuild_cursor(struct rebuild *rebuild, struct cursor_position **ret_cursor, size_t *ret_count,
                   struct err *err) MUST_CHECK;
/* Nodes that are stored and not in the set, `limit` at most; `ret_keys`: the incident of each, may
 * be absent. */
int rebuild_gone(struct rebuild *rebuild, size_t limit, struct sv **ret_nodes, struct sv **ret_keys,
                 size_t *ret_count, struct err *err) MUST_CHECK;
/* Incidents that are stored and have no node. */
int rebuild_lone(struct rebuild *rebuild, size_t limit, struct sv **ret_keys, size_t *ret_count,
                 struct err *err) MUST_CHECK;
/* Events (hex) of which the set knows several deliveries, in order, above `after` (absent: all). */
int rebuild_delivered(struct rebuild *rebuild, struct sv after, size_t limit, struct sv **ret_uids,
                      size_t *ret_count, struct err *err) MUST_CHECK;
/* The same of which several are stored, and no more than one is there. */
int rebuild_undelivered(struct rebuild *rebuild, size_t limit, struct sv **ret_uids,
                        size_t *ret_count, struct err *err) MUST_CHECK;
/* The set becomes that of the scope; part_commit() follows. */
int rebuild_flip(struct rebuild *rebuild, struct err *err) MUST_CHECK;

/* How many records a rebuild would read, counted up to `limit`. */
int rebuild_size(struct store *store, struct arena *arena, struct sv scope, int64_t limit,
                 int64_t *ret_size, struct err *err) MUST_CHECK;
/* Tells the planner how much the groups of all scopes are: between transactions, when a set has
 * grown. */
int rebuild_analyze(struct store *store, struct err *err) MUST_CHECK;
/* Gives up the rebuild of a scope, if one is under way. */
int
rebuild_drop(struct store *store, struct arena *arena, struct sv scope, struct err *err) MUST_CHECK;
/* Removes some rows of sets that nobody reads any more; *ret_more: there may be others. */
int rebuild_tidy(struct store *store, bool *ret_more, struct err *err) MUST_CHECK;

#endif
