/*
 * Lists of a draft: which rows of a long one are shown, so that the draft of a large incident stays
 * short. What is not shown is counted and stands in the full timeline.
 */
#ifndef REPORT_LIST_H
#define REPORT_LIST_H

#include <stddef.h>
#include <stdint.h>

#define LIST_MAX 100 /* rows of one list */

struct draft;

/* A row that competes for a place in a list. */
struct ranked {
    size_t place; /* where the list shows it */
    int64_t rank; /* the greater, the more it matters; of equals the earlier place */
};
/* Moves the LIST_MAX rows that matter most to the front, by place; returns how many are shown. */
size_t list_best(struct ranked *rows, size_t count);
/* After a list of `count` rows of which `shown` stand there: a note of how many more there are. */
void add_more(struct draft *draft, size_t count, size_t shown, const char *what);

#endif
