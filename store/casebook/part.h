/*
 * What the files of a step share (hindcast/part.h). Internal to store/casebook/; one connection,
 * one thread, within the transaction of part_open().
 */
#ifndef STORE_CASEBOOK_PART_H
#define STORE_CASEBOOK_PART_H

#include "hindcast/part.h"
#include "store/casebook/loading.h"

struct part {
    struct loading loading; /* store, arena, scope, and the names of the streams */
};

/*
 * part_records.c: the rows of casebook_observations.sql of these records, with their digests, added
 * to `loading`, which shares the names of the streams. `uids`: an array of PostgreSQL's; `places`:
 * JSON, see part_rows.sql.
 */
int part_load(struct loading *loading, const char *uids, const char *places,
              struct err *err) MUST_CHECK;
/* A member of `places`; event time as PostgreSQL reads it. */
void part_put_place(struct strbuf *out, const struct coordinates *at, int64_t event_time_ns);

#endif
