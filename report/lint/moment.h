/*
 * Times in the words of a document: "2026-03-03 14:07 UTC", "14:07", "2:07 pm"; lengths of time:
 * "25 min 45 s", "1 hour". Pure. Any thread.
 */
#ifndef REPORT_LINT_MOMENT_H
#define REPORT_LINT_MOMENT_H

#include <stdint.h>

#include "base/sv.h"

#define MOMENT_NO_DAY INT64_MIN

struct moment {
    size_t from, to; /* of the text; the zone is not in it */
    int64_t day;     /* since 1970, or MOMENT_NO_DAY */
    int minute;      /* of the day */
    struct sv zone;  /* absent, or as written; that of UTC is absent */
};

/* The next one from *at on, which goes behind it. */
bool moment_next(struct sv text, size_t *at, struct moment *ret_moment);
/* "2026-03-03" at the start. */
bool moment_day(struct sv text, int64_t *ret_day);
/* Minutes from a to b; without a day of both within a day, forwards. */
int64_t moment_minutes(const struct moment *a, const struct moment *b);
/* Could both be the same minute, give or take `slack`? So it is where zones differ. */
bool moment_same(const struct moment *a, const struct moment *b, int slack);

/* A length at the start of the text; false where there is none. */
bool moment_length(struct sv text, int64_t *ret_seconds);

#endif
