/*
 * Nodes at hand, and what of them is to be written. Private to correlate/stored/.
 */
#ifndef CORRELATE_STORED_HELD_H
#define CORRELATE_STORED_HELD_H

#include "correlate/stored/stored.h"

struct held {
    bool opens;
    struct node_id id;
    const struct work_node *node; /* NULL: there is none */
    const struct work_node *kept; /* as the rows have it; NULL: they have none */
    struct sv content;            /* of that */
    bool derived, dirty, rederived;
    bool touched; /* it was written in this step */
    struct group_derived is;
};

/* NULL: not at hand. */
struct held *held_find(struct stored *stored, bool opens, const struct node_id *id);
/* Its number among those at hand, from 1; 0: it is not. */
int64_t held_place(struct stored *stored, bool opens, const struct node_id *id);
/* Reads it where it is not at hand; `node` is NULL where there is none. */
struct held *held_at(struct stored *stored, bool opens, const struct node_id *id);
/* As a row tells it, unless it is at hand. */
struct held *held_of_row(struct stored *stored, const struct group_row *row);
void held_touch(struct stored *stored, struct held *held, bool moves);
/* The first error counts. */
void stored_note(struct stored *stored, int status, const struct err *err);
/* touched.c: the incident that it is in now counts as touched. */
void stored_touch(struct stored *stored, struct held *held);
/* series.c: the functions of its store; writes records. */
void stored_init_series(struct stored *stored);
void stored_flush_records(struct stored *stored);
/* flush.c: writes all that is dirty. */
void stored_flush(struct stored *stored);

#endif
