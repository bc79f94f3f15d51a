/*
 * A few rows, made one by one, and what a run over them gives: for unit tests of what is told of
 * records. Memory is the arena's; whatever cannot be done fails the test. Zeroed is not enough:
 * fewrows_init(), which forgets what was there.
 */
#ifndef TESTS_LIB_FEWROWS_H
#define TESTS_LIB_FEWROWS_H

#include "hindcast/correlation.h"

#define FEWROWS_MAX 32
#define FEWROWS_BEGIN_NS (INT64_C(1772100000) * NS_PER_S) /* 2026-02-26T10:00:00Z */

struct fewrows {
    struct arena arena;
    struct correlation_config config; /* the default one */
    struct observation rows[FEWROWS_MAX];
    size_t count;
    struct correlation made;
};

void fewrows_init(struct fewrows *few);
void fewrows_release(struct fewrows *few);
/*
 * One more row, so many minutes after the begin. It has what any has, a uid of its own (from 1 on),
 * a source ("pager") and the text as its title; an alert fires and is fatal, all else is posted.
 */
struct event *
fewrows_add(struct fewrows *few, int64_t minute, enum record_kind record, const char *text);
/* One of the table of users: it has no time. */
struct event *
fewrows_person(struct fewrows *few, const char *account, const char *shown, const char *names);
/* Fills in `made`. */
void fewrows_correlate(struct fewrows *few);
void fewrows_correlate_one(struct fewrows *few); /* there is one incident then */

#endif
