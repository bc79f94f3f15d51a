/*
 * What the files share that read and write the rows of groups. Places and rows travel as JSON
 * arrays and are taken apart by PostgreSQL: one statement for many. Internal to store/groups/; one
 * connection, one thread, within the transaction of whoever opened it.
 */
#ifndef STORE_GROUPS_GROUPS_H
#define STORE_GROUPS_GROUPS_H

#include "base/strbuf.h"
#include "hindcast/floods.h"
#include "store/pg/conn.h"

struct groups {
    struct store *store;
    char scope_no[INT_TEXT];
    struct groups_count count;
    struct group_rows rows;
    struct groups *waiting; /* what waits; NULL: this is it */
    struct flood_rows floods;
};

/* Of this set, whatever scope it is of. */
struct groups *groups_of_set(struct store *store, struct arena *arena, const char *scope_no);
/* floods.c */
void groups_init_floods(struct groups *groups);

/* members.c: members of an object: a digest as hex, an id. */
void groups_put_digest(struct strbuf *out, const char *name, const struct group_digest *digest);
void groups_put_id(struct strbuf *out, const struct node_id *id);

/* read.c, write.c: functions of struct group_rows. */
int groups_nearest(void *context, struct arena *arena, const struct group_place *places,
                   size_t count, bool before, size_t limit, struct group_near **ret_near,
                   size_t *ret_count, struct err *err) MUST_CHECK;
int groups_ask(void *context, struct arena *arena, enum group_question question,
               const struct group_place *places, size_t count, struct group_answer **ret_answers,
               size_t *ret_count, struct err *err) MUST_CHECK;
int groups_change(void *context, enum group_change change, const struct group_row *rows,
                  size_t count, struct err *err) MUST_CHECK;
int groups_change_keys(void *context, bool put, const struct group_key_row *rows, size_t count,
                       struct err *err) MUST_CHECK;

int groups_series(void *context, struct arena *arena, const struct group_place *places,
                  size_t count, bool before, size_t limit, struct group_answer **ret_answers,
                  size_t *ret_count, struct err *err) MUST_CHECK;
/* records.c */
int groups_beside(void *context, struct arena *arena, const struct group_record *records,
                  size_t count, bool before, struct group_record_answer **ret_answers,
                  size_t *ret_count, struct err *err) MUST_CHECK;
int groups_within(void *context, struct arena *arena, const struct group_record *record,
                  int64_t to_ms, size_t limit, struct group_record_answer **ret_answers,
                  size_t *ret_count, struct err *err) MUST_CHECK;
int groups_records(void *context, struct arena *arena, const struct group_record *records,
                   size_t count, struct group_record_answer **ret_answers, size_t *ret_count,
                   struct err *err) MUST_CHECK;
int groups_look(void *context, struct arena *arena, enum group_record_question question,
                const struct group_place *places, size_t count,
                struct group_record_answer **ret_answers, size_t *ret_count,
                struct err *err) MUST_CHECK;
int groups_hours(void *context, struct arena *arena, int64_t from, int64_t to, int64_t **ret_hours,
                 size_t *ret_count, struct err *err) MUST_CHECK;
int groups_change_records(void *context, bool put, const struct group_record *records, size_t count,
                          struct err *err) MUST_CHECK;

/* decided.c */
int groups_candidates(void *context, struct arena *arena, bool members, const struct sv *keys,
                      size_t count, struct group_candidate **ret_candidates, size_t *ret_count,
                      struct err *err) MUST_CHECK;
int groups_change_candidates(void *context, bool put, const struct group_candidate *candidates,
                             size_t count, struct err *err) MUST_CHECK;
int groups_decisions(void *context, struct arena *arena, struct group_decision **ret_decisions,
                     size_t *ret_count, struct err *err) MUST_CHECK;
int groups_put_decisions(void *context, const struct group_decision *decisions, size_t count,
                         struct err *err) MUST_CHECK;

/* A bytea of the result, in the arena; empty: it is none. */
struct sv groups_column_bytes(struct arena *arena, const PGresult *result, int row, int column);
void groups_put_hex(struct strbuf *out, const char *name, struct sv bytes);

/* write.c: many rows in pieces of one statement. */
struct piece {
    struct groups *groups;
    enum query query;
    struct strbuf rows;
};
void groups_piece_begin(struct piece *piece, struct groups *groups, enum query query);
/* After each row. */
int groups_piece_row(struct piece *piece, struct err *err) MUST_CHECK;
/* What is left, unless something failed before. */
int groups_piece_end(struct piece *piece, int status, struct err *err) MUST_CHECK;

#endif
