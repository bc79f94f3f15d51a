/*
 * What the files share that save a correlation. Rows travel as JSON arrays, cut into pieces, and
 * are taken apart by PostgreSQL. Internal to store/casebook/; one connection, one thread.
 */
#ifndef STORE_CASEBOOK_SAVING_H
#define STORE_CASEBOOK_SAVING_H

#include "hindcast/part.h"
#include "store/casebook/columns.h"

/* An incident of the correlation, and what is stored of it. */
struct incident_state {
    int64_t incident_no; /* internal number: that of the stored incident which it continues */
    bool stored;         /* such a one is there */
    bool same;           /* its rows are what they should be */
    bool becomes;        /* it is stored as another one than it is now */
    char digest[SHA256_HEX + 1], member_digest[SHA256_HEX + 1];
};

struct saving {
    struct store *store;
    const struct correlation *correlation;
    const char *scope;
    const struct casebook_part *part; /* NULL: the whole scope */
    const struct casebook_also *also; /* of a whole one; may be NULL */
    bool anew;                        /* trust no stored row */
    bool forget;                      /* keep no cursor either */
    struct arena arena;
    struct strbuf rows, scratch;
    const size_t *by_key;          /* places of the incidents, by the bytes of their keys */
    struct incident_state *states; /* of each incident of the correlation */
    int64_t *gone;                 /* numbers of stored incidents that nothing continues */
    size_t gone_count;
    struct strbuf part_nodes; /* of a part: keys of nodes that came, changed or went, as JSON */
};

/* save.c: of a part within the transaction of part.h, whose lock is held; else in one of its own.
 */
int saving_run(struct saving *saving, const struct cursor_position *cursor, size_t cursor_count,
               struct err *err) MUST_CHECK;
/* The lock of the scope, until the transaction ends. */
int saving_lock(struct store *store, const char *scope, struct err *err) MUST_CHECK;

/* Rows begin with an opening bracket in `saving->rows`; these send what has gathered. */
void saving_begin(struct saving *saving);
int saving_send(struct saving *saving, enum query query, struct err *err) MUST_CHECK;
/* The same once a piece is full. */
int saving_send_piece(struct saving *saving, enum query query, struct err *err) MUST_CHECK;
/* The same unless nothing has gathered. */
int saving_send_rest(struct saving *saving, enum query query, struct err *err) MUST_CHECK;
/* LIMIT when a buffer overflowed. */
int saving_check(const struct strbuf *buf, struct err *err) MUST_CHECK;

/* Place of the incident with this key in the correlation; false: there is none. */
bool saving_find(const struct saving *saving, struct sv key, size_t *ret_place);

/*
 * match.c: fill in by_key, states and gone from what is stored. An incident continues the stored
 * one with its key, else the one of which it holds most members; else it gets a new number. Numbers
 * are not results: they only spare rewriting rows.
 */
int saving_match(struct saving *saving, struct err *err) MUST_CHECK;

/*
 * revise.c: what an incident was before this save stays as a revision (review.revision).
 * saving_revise_before(): of a rebuild, before its rows go; saving_revise(): when all rows are
 * written.
 */
int saving_revise_before(struct saving *saving, struct err *err) MUST_CHECK;
int saving_revise(struct saving *saving, struct err *err) MUST_CHECK;

/*
 * publish.c: a save that changed something is a publication of its scope (hindcast/changes.h). What
 * it wrote has the next number already; this counts it, within the scope's lock.
 */
int saving_publish(struct saving *saving, struct err *err) MUST_CHECK;

/*
 * save_part.c: of a part, what a whole save does by looking at everything. Nodes go that are not
 * there any more; their keys are added to `part_nodes`, which the numbers are asked by.
 */
int saving_part_nodes(struct saving *saving, struct err *err) MUST_CHECK;
int saving_part_numbers(struct saving *saving, struct err *err) MUST_CHECK;

/* save_incidents.c: what vanished goes, what changed or is new comes, row by row. */
int saving_incidents(struct saving *saving, struct err *err) MUST_CHECK;

#endif
