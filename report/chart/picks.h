/*
 * What a chart shows of an incident, whatever draws it: SVG (chart.h) and blocks (blocks.h) pick
 * the same. Pure; internal to report/chart/.
 */
#ifndef REPORT_CHART_PICKS_H
#define REPORT_CHART_PICKS_H

#include "hindcast/activity.h"
#include "hindcast/incident.h"

/* Milestones that get a flag, with their words. */
struct chart_flag {
    enum milestone milestone;
    const char *words;
};
#define CHART_FLAGS 9
extern const struct chart_flag chart_flags[CHART_FLAGS];
#define CHART_SURE 60 /* per cent: milestones below are only possible */

/* The first row of a milestone; NULL: there is none. */
const struct milestone_row *pick_first(const struct incident *incident, enum milestone milestone);

/* False: not known. *ret_open: no record tells its end, and `*ret_to_ns` is the end of all. */
bool pick_impact(const struct incident *incident, int64_t *ret_from_ns, int64_t *ret_to_ns,
                 bool *ret_open);

/* Which lane an entry is in. */
bool pick_is_change(const struct entry *entry);
bool pick_is_taken_back(const struct entry *entry); /* of changes */
bool pick_is_update(const struct entry *entry);     /* pages sent, what users were told */
bool pick_is_speech(const struct entry *entry);     /* what a person said or acknowledged */
bool pick_is_key(const struct entry *entry);

struct pick_person {
    struct sv name;
    size_t first, entries; /* place of the first entry; how many */
};
#define PICK_PEOPLE_MAX 8

/*
 * Who speaks between the two times: those with most entries, in order of their first one. Returns
 * how many are in ret_people; *ret_all: how many there are.
 */
size_t pick_people(const struct incident *incident, int64_t from_ns, int64_t to_ns,
                   struct pick_person ret_people[PICK_PEOPLE_MAX], size_t *ret_all);

/* Log lines of this severity or a worse one. */
int64_t pick_lines(const struct minute_counts *minutes, int least);

/*
 * The next stretch without a record of any source within the window, from *at on (0 at first).
 * False: there is none any more.
 */
bool pick_silence(const struct activity *activity, int64_t from_ns, int64_t to_ns, size_t *at,
                  int64_t *ret_since_ns, int64_t *ret_until_ns);

/* Between which times the lost offsets lie, the earlier first. */
void pick_lost(const struct record_gap *gap, int64_t *ret_from_ns, int64_t *ret_to_ns);

/* Length of the steps between the marks of an axis: of at most `marks`. */
int64_t pick_tick_ns(int64_t length_ns, int marks);

#endif
