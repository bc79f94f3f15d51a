/*
 * The casebook: what the store keeps of correlation. The correlator loads its input and saves its
 * result through it; timeline, report, verify and export read it back. One connection, one thread,
 * as in store.h. Every save is one transaction that replaces what changed, so that readers see
 * either the old state or the new one.
 */
#ifndef HINDCAST_CASEBOOK_H
#define HINDCAST_CASEBOOK_H

#include "base/strbuf.h"
#include "hindcast/correlation.h"
#include "hindcast/loaded_file.h"
#include "hindcast/store.h"

/*
 * How far a correlator has read: (stream, seq) of evidence.batch; streams 0 and
 * CURSOR_CONFIGURATION stand for the number of declarations and decisions, and for the
 * configuration.
 */
struct cursor_position {
    int64_t stream_id;
    int64_t seq;
};

/* The stream of a cursor's position that is the number of the configuration a scope was correlated
 * with (configuration.h). */
#define CURSOR_CONFIGURATION INT64_C(-1)
/*
 * True if there is anything that `scope` has not taken in: a batch that says something to it or
 * does not say to whom, a declaration, another configuration than that of its cursor. Writes
 * nothing, except that once in a thousand batches of other scopes the cursor moves past them.
 */
int casebook_behind(struct store *store, struct sv scope, int64_t configuration, bool *ret_behind,
                    struct err *err) MUST_CHECK;
/*
 * Correlators that follow share the scopes: *ret_claimed is false where another one, whose
 * connection is still there, computes this scope. Who claimed one releases it when it is done; that
 * of a connection that ended counts for nothing. Claims spare work; what keeps a scope whole is the
 * lock of casebook_save().
 */
int casebook_claim(struct store *store, struct arena *arena, struct sv scope, bool *ret_claimed,
                   struct err *err) MUST_CHECK;
int casebook_release(struct store *store, struct arena *arena, struct sv scope,
                     struct err *err) MUST_CHECK;
/* Wait until a batch is announced, `timeout_ns` passed or `stop` (may be NULL) became true. */
int casebook_wait(struct store *store, int64_t timeout_ns, const volatile bool *stop,
                  struct err *err) MUST_CHECK;
/*
 * All scopes that hold an event, a log line with an identity, or a declaration, and those that were
 * correlated; `derived`: also those that only derived rows name. Sorted.
 */
int casebook_scopes(struct store *store, struct arena *arena, bool derived, struct sv **ret_scopes,
                    size_t *ret_count, struct err *err) MUST_CHECK;
/*
 * Everything correlate_run() needs for a scope, read in one snapshot with the cursor it stands for:
 * all events, the notable log lines, the declarations, the decisions.
 */
int casebook_load(struct store *store, struct arena *arena, struct sv scope,
                  struct correlation_input *ret_input, struct cursor_position **ret_cursor,
                  size_t *ret_cursor_count, struct err *err) MUST_CHECK;
/*
 * Replace the derived rows of the scope and move the cursor; gives numbers to new raised incidents.
 * The groups that are kept of the scope (groups.h) are not whole then, unless what is written also
 * says so. A part is saved by part.h.
 * OVERTAKEN: another correlator saved the scope from a later state than `cursor`, or with a later
 * configuration; nothing was written, and who wants the scope up to date loads and computes it
 * again.
 */
int casebook_save(struct store *store, const struct correlation *correlation,
                  const struct cursor_position *cursor, size_t cursor_count,
                  struct err *err) MUST_CHECK;
/*
 * What is to be written together with a scope that is saved whole: run within its transaction, when
 * everything else is written.
 */
struct casebook_also {
    int (*run)(void *context, struct store *store, struct err *err);
    void *context;
};
int casebook_save_also(struct store *store, const struct correlation *correlation,
                       const struct cursor_position *cursor, size_t cursor_count,
                       const struct casebook_also *also, struct err *err) MUST_CHECK;
/*
 * The same with every derived row of the scope written anew, whatever is there, in one transaction:
 * readers and whatever ends it find the old rows or the new ones. Display numbers stay.
 */
int casebook_replace(struct store *store, const struct correlation *correlation,
                     const struct cursor_position *cursor, size_t cursor_count,
                     struct err *err) MUST_CHECK;
int casebook_replace_also(struct store *store, const struct correlation *correlation,
                          const struct cursor_position *cursor, size_t cursor_count,
                          const struct casebook_also *also, struct err *err) MUST_CHECK;
/* The same for a scope of which nothing is left: its rows go, and `cursor`, which only says what
 * was read, is not kept. */
int casebook_forget(struct store *store, struct sv scope, const struct cursor_position *cursor,
                    size_t cursor_count, struct err *err) MUST_CHECK;

/* Returns the declaration's id; declaring the same again changes nothing. */
int casebook_declare(struct store *store, struct arena *arena, struct sv scope,
                     const struct declaration *declaration, struct sv *ret_id,
                     struct err *err) MUST_CHECK;

/* By the beginning of its id. NOT_FOUND: there is none, or more than one. */
int casebook_declared(struct store *store, struct arena *arena, struct sv id, struct sv *ret_scope,
                      struct sv *ret_id, struct err *err) MUST_CHECK;

/*
 * Writes down sealed decisions, all or none, and wakes whoever correlates; *ret_new is how many
 * were not there. In the role of STORE_RESPONDER, outside a reading.
 */
int casebook_decide(struct store *store, struct arena *arena, struct sv scope,
                    const struct decision *decisions, size_t count, size_t *ret_new,
                    struct err *err) MUST_CHECK;
/* All of a scope, by id; `left_out` rows are not what this program writes. */
int casebook_decisions(struct store *store, struct arena *arena, struct sv scope,
                       struct decision **ret_decisions, size_t *ret_count, size_t *ret_left_out,
                       struct err *err) MUST_CHECK;
/* What was decided of an incident since it was correlated, by id: it has not been applied yet. */
int
casebook_pending_decisions(struct store *store, struct arena *arena,
                           const struct stored_incident *stored, struct decision **ret_decisions,
                           size_t *ret_count, struct err *err) MUST_CHECK;
struct stored_decision {
    struct sv scope, login; /* login: that wrote it */
    struct decision decision;
};
/* By the beginning of its id; scope absent: in any. NOT_FOUND: there is none, or more than one. */
int casebook_decision(struct store *store, struct arena *arena, struct sv scope, struct sv id,
                      struct stored_decision *ret_decision, struct err *err) MUST_CHECK;

/* One that no incident tells of: what it says, and why none does. */
struct loose_decision {
    struct sv id, title, reason;
    struct decision decision; /* verb DECISION_NONE: this program cannot read it */
    bool unmatched;           /* what it is about is not there */
};
/* Of all scopes, by their time. */
int casebook_loose_decisions(struct store *store, struct arena *arena,
                             struct loose_decision **ret_decisions, size_t *ret_count,
                             struct err *err) MUST_CHECK;

/*
 * Notes that `document` ("postmortem") was written in `form` ("md") of this incident, NULL: of
 * every one that was raised (review.document). In the role of STORE_RESPONDER, outside a reading.
 */
int
casebook_documented(struct store *store, struct arena *arena, const struct stored_incident *stored,
                    const char *document, const char *form, struct err *err) MUST_CHECK;

/* Heads only, in order of first time then key; `all`: also those that are not raised. */
int casebook_incidents(struct store *store, struct arena *arena, bool all,
                       struct stored_incident **ret_incidents, size_t *ret_count,
                       struct err *err) MUST_CHECK;
/* The whole of an incident whose head was read by casebook_incidents(); `head` must live as long.
 */
int casebook_whole(struct store *store, struct arena *arena, const struct stored_incident *head,
                   struct stored_incident *ret_incident, struct err *err) MUST_CHECK;
/*
 * By number ("INC-2026-0042", case does not matter; also one that was merged into another's), key,
 * uid of any record that the incident holds, shown or folded (hex, with or without hyphens),
 * "latest"; or by a unique beginning of a key or, from 4 digits on, of a uid. NOT_FOUND lists what
 * an ambiguous name fits; USAGE: the name is not UTF-8.
 */
int casebook_incident(struct store *store, struct arena *arena, const char *name,
                      struct stored_incident *ret_incident, struct err *err) MUST_CHECK;
/* Its head alone, by the same names. */
int casebook_head(struct store *store, struct arena *arena, const char *name,
                  struct stored_incident *ret_stored, struct err *err) MUST_CHECK;

/* Digest of the configuration that a scope was correlated with; absent where it never was, or with
 * what is in no table. */
int casebook_configuration(struct store *store, struct arena *arena, const char *scope,
                           struct sv *ret_digest, struct err *err) MUST_CHECK;

/* A record that is asked for: its uid (32 hex digits), and whose it is, in the caller's own count.
 */
struct asked_uid {
    int64_t place;
    struct sv uid;
};
/* How many of the records asked for a place an incident holds, 1 or more. */
struct uid_holder {
    int64_t place;
    int64_t incident_no; /* see stored_incident */
    int64_t shared;
};
/*
 * Which incidents hold these records, shown or folded, also by what they were called before they
 * were read again. In order of place, then of incident_no.
 */
int casebook_holders(struct store *store, struct arena *arena, const struct asked_uid *asked,
                     size_t count, struct uid_holder **ret_holders, size_t *ret_count,
                     struct err *err) MUST_CHECK;

/* True if there is an event at these coordinates. */
int casebook_event_known(struct store *store, struct coordinates at, bool *ret_known,
                         struct err *err) MUST_CHECK;
/*
 * A scope as stored, for the canonical export: all incidents whole; `nodes` holds only those that
 * belong to no incident, the others hang below theirs.
 */
int casebook_correlation(struct store *store, struct arena *arena, struct sv scope,
                         struct correlation *ret_correlation, struct err *err) MUST_CHECK;

/* A delivery as stored: those of one event follow one another, the one that counts first. */
struct stored_delivery {
    struct sv scope, uid; /* uid as text */
    struct sv kind, format;
    int64_t event_time_ns;
    bool counts;
    struct sv decided_by; /* "version", "sha256", "frame", "content", "timestamp",
                             "coordinates"; absent: counts */
    int64_t version;
    struct sv sha256;       /* of the value, hex; absent: the record is not kept */
    struct sv frame_sha256; /* of key, headers and value */
    struct sv topic;
    int32_t incarnation, partition, index;
    int64_t offset;
};
/* Of all scopes, the events that came more than once. */
int casebook_deliveries(struct store *store, struct arena *arena,
                        struct stored_delivery **ret_deliveries, size_t *ret_count,
                        struct err *err) MUST_CHECK;

/* What a whole ledger says; see analyst.ledger. */
struct ledger_totals {
    int64_t records, stored, empty, tombstones, quarantined, holes, lost, events;
    int64_t streams;
    bool adds_up;
};
/* What became of the files of a scope that were loaded; see analyst.files. */
int casebook_files(struct store *store, struct arena *arena, struct sv scope,
                   struct loaded_file **ret_files, size_t *ret_count, struct err *err) MUST_CHECK;

int
casebook_ledger(struct store *store, struct ledger_totals *ret_totals, struct err *err) MUST_CHECK;

/*
 * Canonical JSON Lines of a correlation: the configuration where it is known, incidents by key,
 * nodes, entries, milestones, evidence; sorted keys, no display numbers, no ingest time. Pure; used
 * by `hindcast export`, the digest and the property tests.
 */
void casebook_canonical(const struct correlation *correlation, struct strbuf *out);
void
casebook_canonical_incident(struct sv scope, const struct incident *incident, struct strbuf *out);
/* Its other lines: the first of a scope, and one of a node that belongs to no incident. */
void casebook_canonical_scope(struct sv scope, struct sv config_digest, struct strbuf *out);
void casebook_canonical_node(struct sv scope, const struct node *node, struct strbuf *out);

#endif
