/*
 * Reading what casebook_load() and a part (hindcast/part.h) load alike: where streams stand and
 * what they are called, declarations and decisions, rows of observations. Internal to
 * store/casebook/; one connection, one thread, within the snapshot of whoever loads.
 */
#ifndef STORE_CASEBOOK_LOADING_H
#define STORE_CASEBOOK_LOADING_H

#include "hindcast/casebook.h"
#include "store/pg/conn.h"

struct stream_name {
    int64_t stream_id;
    struct sv cluster, topic;
    int32_t incarnation, partition;
};

struct loading {
    struct store *store;
    struct arena *arena; /* in which everything lives that is read */
    const char *scope;
    struct stream_name *streams; /* by their numbers */
    size_t stream_count;
    struct observation *observations;
    size_t count, size;
    size_t left_out;
    struct coordinates first_left_out;
};

/* Where the scope stands in this snapshot, without the configuration. */
int loading_cursor(struct loading *loading, struct cursor_position **ret_cursor, size_t *ret_count,
                   struct err *err) MUST_CHECK;
int loading_streams(struct loading *loading, struct err *err) MUST_CHECK;
/* All declarations and decisions of the scope, with what is left out of them. */
int loading_decided(struct loading *loading, struct correlation_input *input,
                    struct err *err) MUST_CHECK;
/* A row of casebook_observations.sql, added to the observations or counted as left out. */
void loading_row(struct loading *loading, const PGresult *result, int row);
/* What was loaded so far. */
void loading_take(const struct loading *loading, struct correlation_input *input);

#endif
