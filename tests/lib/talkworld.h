/*
 * Worlds of what candidates are made of, by a seed: days of talk in a few channels (some of it
 * about trouble, some in channels named after incidents), changes that are taken back soon, late or
 * again and again, reports, lines of logs that a source repeats or says once, and now and then an
 * alert. Quiet days lie between busy ones, so that some stretches meet and some do not. All of it
 * is made up.
 */
#ifndef TESTS_LIB_TALKWORLD_H
#define TESTS_LIB_TALKWORLD_H

#include "hindcast/correlation.h"

#define TALKWORLD_ROWS_MAX 4000
#define TALKWORLD_BEGIN_S INT64_C(1772100000) /* 2026-02-26T10:00:00Z */

struct talkworld {
    struct observation rows[TALKWORLD_ROWS_MAX];
    size_t count;
    int64_t span_s; /* from TALKWORLD_BEGIN_S */
    struct correlation_config config;
};

/* `days` long with at most about `rows_a_day`; the same for the same seed. */
void talkworld_make(struct talkworld *world, uint64_t seed, size_t days, size_t rows_a_day);
/* A few rows that lie as far from each other as rules reach, or a little less or more. */
void talkworld_make_tight(struct talkworld *world, uint64_t seed);
/* A world without rows and with the default settings, for rows one by one. */
void talkworld_empty(struct talkworld *world);
/* Said in #ops; changed in git:shop: so many seconds after the world begins. */
void talkworld_say(struct talkworld *world, int64_t second, struct sv actor, struct sv text);
void talkworld_change(struct talkworld *world, int64_t second, struct sv text);
/* One line again and again without a pause, which is one node. */
void talkworld_lines(struct talkworld *world, int64_t from, int64_t to);
/* Worlds whose last row, when it comes or goes, decides over something far back: see there. */
void talkworld_page(struct talkworld *world);
void talkworld_long_page(struct talkworld *world);
void talkworld_third_revert(struct talkworld *world);
void talkworld_hot_line(struct talkworld *world);

#endif
