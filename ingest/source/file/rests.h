/*
 * What stands behind the lists of an object that is cut: found out by going through its bytes
 * before it is read, so that each piece has it and not only the last. Filled by one pass over an
 * object, read by the next; the lists and objects that are opened have numbers in the order of
 * their first bytes. Private to pieces.c; one thread.
 */
#ifndef INGEST_SOURCE_FILE_RESTS_H
#define INGEST_SOURCE_FILE_RESTS_H

#include "base/strbuf.h"

/* Of one object, over all its lists; what is more reaches only the last piece of its list. */
#define FILE_REST_BYTES_MAX ((size_t)1024 * 1024)
#define FILE_RESTS_MAX ((size_t)10000) /* lists and objects that are opened */

#define REST_NONE SIZE_MAX

struct rest {
    int64_t at;       /* of its first byte in the content */
    size_t around;    /* the number of what it lies in, or REST_NONE */
    size_t end;       /* while that is open: where it ended in the head */
    size_t from, len; /* what follows it in the object around it, in `text` */
};

struct rests {
    struct rest *list;
    size_t count, size;
    size_t next; /* of the pass that reads them */
    struct strbuf text;
    bool over; /* a limit was reached */
};

void rests_init(struct rests *rests);
void rests_release(struct rests *rests);
void rests_clear(struct rests *rests);

/* The first pass: something opens, `around` is the number of what it lies in; returns its number.
 */
size_t rests_opened(struct rests *rests, int64_t at, size_t around);
/*
 * It closes. `head`: what was read so far, up to its closing bracket, which adds a byte; `object`:
 * it is one, and what it holds has the rest of it behind.
 */
void rests_closes(struct rests *rests, size_t number, struct sv head, bool object);

/* The second pass: the number of what opens there, REST_NONE where the first one did not see it. */
size_t rests_find(struct rests *rests, int64_t at);
/* What follows it; empty where nothing does, or where nobody knows. */
struct sv rests_behind(const struct rests *rests, size_t number);

#endif
