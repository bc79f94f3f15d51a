/*
 * The groups of a scope as they are kept: nodes that open incidents and nodes that attach to them,
 * the keys by which they are found, and what is derived of each. correlate/stored/ knows what a row
 * means, store/groups/ where it lies; this is what lies between, so that neither includes the
 * other. Questions are asked for many places at once, and every row that comes back is counted.
 *
 * Times are milliseconds since 1970, ids are compared byte by byte. Memory is that of the arena
 * that is handed in. What can fail: what the store can (hindcast/store.h); the transaction is then
 * of no use, and whoever began it ends it.
 */
#ifndef HINDCAST_GROUPS_H
#define HINDCAST_GROUPS_H

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"

#define GROUP_DIGEST_BYTES 16

/* What identifies a node, and their order. */
struct node_id {
    int64_t first_ms;
    struct sv source, uid;
};

/* The first bytes of a SHA-256: of a key's kind and value, of an explicit id. */
struct group_digest {
    uint8_t bytes[GROUP_DIGEST_BYTES];
};

static inline struct group_digest
group_digest_of(struct sv text)
{
    struct sha256 digest;
    struct group_digest first;
    sha256_of(text.ptr, text.len, &digest);
    memcpy(first.bytes, digest.bytes, sizeof(first.bytes));
    return first;
}

/* What is derived of a node. */
struct group_derived {
    struct node_id component; /* of what opens */
    struct sv label;          /* explicit id of its incident; absent: none */
    struct node_id root;      /* of its group; of what attaches: the node that it hangs on */
    bool rooted;              /* it is that node that counts: there is no label */
    struct sv reason;
};

struct group_row {
    struct node_id id;
    bool opens, alert, change, bounded;
    int64_t last_ms;
    struct group_digest series; /* of source and fingerprint; only written */
    struct sv named;            /* explicit id that its records name; only written */
    struct sv content;          /* bytes of correlate/stored/content.h */
    bool derived;               /* what follows is known */
    struct group_derived is;
};

enum group_question {
    GROUP_BY_ID,    /* opens, id: the node */
    GROUP_MEMBERS,  /* id: opening nodes of this component */
    GROUP_HEAD,     /* digest: the smallest opening node whose label it is */
    GROUP_BOUNDS,   /* from, to: declarations with bounds that hold a time within */
    GROUP_ALERTS,   /* from, to: opening alerts that begin within */
    GROUP_WITH_KEY, /* digest, from, to: attaching nodes that have this key and begin within */
    GROUP_ALIVE,    /* from, to: attaching nodes that begin before the end, and end after the
                       begin */
    GROUP_NAMING,   /* digest: attaching nodes that name this explicit id */
    GROUP_HANGING,  /* id: attaching nodes that hang on this node, and not on an explicit id */
    GROUP_EARLIER,  /* digest, id: of the series the last attaching node that begins before */
    GROUP_LATER,    /* digest, id: the same, the first one that begins after */
    GROUP_ROOTED,   /* id: opening nodes of its group, and attaching ones that hang on it */
    GROUP_LABELLED, /* digest: opening nodes whose label it is */
    GROUP_CHANGES_WITHIN, /* from, to: changes that begin within */
    GROUP_ALERT_FIRST,    /* from, to: the first alert that begins within, quiet or not */
    GROUP_ALERT_LAST,     /* from, to: the last one */
    GROUP_OPENING_WITHIN, /* from, to: of opening nodes that begin within, the first and the last
                             of each half day of UTC */
    GROUP_SERIES_WITHIN,  /* digest, from, to: nodes of this series that begin within */
    GROUP_QUESTIONS
};

struct group_place {
    bool opens;
    struct node_id id;
    struct group_digest digest;
    int64_t from_ms, to_ms;
};

struct group_answer {
    size_t place; /* which of those that were asked about */
    struct group_row row;
};

struct group_near {
    size_t place;
    struct node_id id;
};

enum group_change { GROUP_PUT_NODES, GROUP_DROP_NODES, GROUP_PUT_DERIVED, GROUP_CHANGES };

struct group_key_row {
    bool opens;
    struct group_digest key;
    struct node_id id;
};

/* A record as grouping sees it. */
struct group_record {
    struct sv uid;
    struct group_digest series;
    int64_t ms;
    struct sv place;           /* bytes that sort records of one millisecond; not read back */
    struct sv content;         /* bytes of correlate/stored/record.h */
    bool occurs;               /* it is no declaration; not read back, like what follows */
    bool loud;                 /* a log line of WARN or worse */
    struct group_digest lines; /* of such a one: of source and service */
};

enum group_record_question {
    GROUP_RECORDS_OF,   /* digest, from, to: of this series */
    GROUP_RECORDS_LOUD, /* the same of lines of WARN and worse of this source and service */
    GROUP_RECORDS_AT,   /* from, to: of any series, without declarations */
    GROUP_RECORD_QUESTIONS
};

struct group_record_answer {
    size_t place;
    struct group_record record;
};

/* Which candidate a node belongs to, before people decided: keys of nodes (node_key_text()). */
struct group_candidate {
    struct sv node, candidate;
};

/* A decision as it was correlated last. */
struct group_decision {
    struct sv id;
    struct sv content; /* bytes of correlate/stored/ties.h */
};

struct group_rows {
    void *context;
    /* Of each place's series (`digest`) the `limit` nodes nearest that begin at `from_ms` or
     * before, or after it, nearest first. */
    int (*series)(void *context, struct arena *arena, const struct group_place *places,
                  size_t count, bool before, size_t limit, struct group_answer **ret_answers,
                  size_t *ret_count, struct err *err);
    /* Of each record's series the nearest before, or after it. */
    int (*beside)(void *context, struct arena *arena, const struct group_record *records,
                  size_t count, bool before, struct group_record_answer **ret_answers,
                  size_t *ret_count, struct err *err);
    /* Of this record's series the first `limit` from its time to another one. */
    int (*within)(void *context, struct arena *arena, const struct group_record *record,
                  int64_t to_ms, size_t limit, struct group_record_answer **ret_answers,
                  size_t *ret_count, struct err *err);
    /* By uid. */
    int (*records)(void *context, struct arena *arena, const struct group_record *records,
                   size_t count, struct group_record_answer **ret_answers, size_t *ret_count,
                   struct err *err);
    /* In order of the places, then of time. */
    int (*look)(void *context, struct arena *arena, enum group_record_question question,
                const struct group_place *places, size_t count,
                struct group_record_answer **ret_answers, size_t *ret_count, struct err *err);
    /* Whole hours of UTC since 1970, both ends belong to it, in which anything happened; ascending.
     */
    int (*hours)(void *context, struct arena *arena, int64_t from, int64_t to, int64_t **ret_hours,
                 size_t *ret_count, struct err *err);
    int (*change_records)(void *context, bool put, const struct group_record *records, size_t count,
                          struct err *err);
    /*
     * Of opening nodes that have the key `digest`, the `limit` nearest before (or after) `id`,
     * nearest first; never that one itself. In order of the places.
     */
    int (*nearest)(void *context, struct arena *arena, const struct group_place *places,
                   size_t count, bool before, size_t limit, struct group_near **ret_near,
                   size_t *ret_count, struct err *err);
    /* In order of the places, and then of ids. */
    int (*ask)(void *context, struct arena *arena, enum group_question question,
               const struct group_place *places, size_t count, struct group_answer **ret_answers,
               size_t *ret_count, struct err *err);
    /* Each node once. Of a node that is put, what is derived is put, too. */
    int (*change)(void *context, enum group_change change, const struct group_row *rows,
                  size_t count, struct err *err);
    int (*change_keys)(void *context, bool put, const struct group_key_row *rows, size_t count,
                       struct err *err);
    /* Of these nodes, or (`members`) of these candidates; in order of node. */
    int (*candidates)(void *context, struct arena *arena, bool members, const struct sv *keys,
                      size_t count, struct group_candidate **ret_candidates, size_t *ret_count,
                      struct err *err);
    /* Each node once. */
    int (*change_candidates)(void *context, bool put, const struct group_candidate *candidates,
                             size_t count, struct err *err);
    /* All of the scope, in order of id. */
    int (*decisions)(void *context, struct arena *arena, struct group_decision **ret_decisions,
                     size_t *ret_count, struct err *err);
    int (*put_decisions)(void *context, const struct group_decision *decisions, size_t count,
                         struct err *err);
};

/* Rows of the one connection, within its transaction. */
struct store;
struct groups;

/*
 * Within a transaction that writes: the rows of this scope, in the memory of the arena. Nothing of
 * them is cached. `ret_config`: the digest of the configuration that they were computed by; absent
 * where they are not whole.
 */
int groups_open(struct store *store, struct arena *arena, struct sv scope,
                struct groups **ret_groups, struct sv *ret_config, struct err *err) MUST_CHECK;
const struct group_rows *groups_rows(struct groups *groups);
/* All rows of the scope are gone then. */
int groups_clear(struct groups *groups, struct err *err) MUST_CHECK;
/* They are whole, by this configuration. */
int groups_whole(struct groups *groups, struct sv config_digest, struct err *err) MUST_CHECK;

/*
 * The first `limit` opening nodes behind `id` in order of ids, and the first attaching ones that
 * hang on nothing: who tells all of a scope goes through it so.
 */
int groups_opening_after(struct groups *groups, struct arena *arena, const struct node_id *id,
                         size_t limit, struct group_answer **ret_answers, size_t *ret_count,
                         struct err *err) MUST_CHECK;
int groups_loose_after(struct groups *groups, struct arena *arena, const struct node_id *id,
                       size_t limit, struct group_answer **ret_answers, size_t *ret_count,
                       struct err *err) MUST_CHECK;

struct groups_count {
    size_t statements, key_rows, node_rows, record_rows, written;
};
struct groups_count groups_counted(const struct groups *groups);

#endif
