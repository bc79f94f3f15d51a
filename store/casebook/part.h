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

/* part_open.c: the transaction of a part; `locks`: with the scope's lock. */
int part_begin(struct loading *loading, bool locks, struct err *err) MUST_CHECK;

/* part_news.c: what came behind positions that are not those of the scope's cursor. */
struct part_since {
    const char *positions; /* JSON: {"stream": seq, ...} */
    size_t offsets;        /* that batches account for which are read at once */
    const char *reached;   /* filled in: the positions of what was read */
    bool more;             /* there are further batches */
    const char *whole;     /* why what came cannot be told; NULL: it can */
};
/* Adds the records of the next batches to `loading`. */
int part_load_since(struct loading *loading, struct part_since *since, struct err *err) MUST_CHECK;

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
