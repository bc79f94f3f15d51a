/*
 * Telling: the stories of given incidents, from their nodes and a context around them, and from
 * nothing else of their scope. The whole run tells all incidents at once; who knows which incidents
 * changed tells these, with the same bytes. What a rule may look at is declared in
 * correlate/story/reads.def; the context is what is said there of changes, log lines and hours.
 *
 * Pure; memory is the caller's arena, which must outlive the result, as must all that is handed in.
 * Nothing fails but the reading of texts; no limit but memory.
 */
#ifndef CORRELATE_TELL_H
#define CORRELATE_TELL_H

#include "correlate/decide/decide.h"
#include "correlate/people/directory.h"
#include "correlate/people/list.h"
#include "correlate/rank/rank.h"
#include "correlate/story/confidence.h"
#include "correlate/story/pages.h"
#include "correlate/story/roles.h"
#include "correlate/story/weights.h"

/* Changes that begin this near to an incident give its context, and so do occupied hours. */
#define TELL_AROUND_MS (24 * INT64_C(3600000))

/* What stories are told by, read once. */
struct teller {
    const struct correlation_config *config;
    struct sv scope;
    struct phrase_rules rules;
    struct reason_weights weights;
    struct people_list people;
    struct role_rules roles;
    struct page_rules pages;
    struct confidence confidence;
    struct rank_rules rank;
};
/* CONFIG where a text of the settings cannot be read. */
int teller_init(struct arena *arena, const struct correlation_config *config, struct sv scope,
                struct teller *ret_teller, struct err *err) MUST_CHECK;

struct tell_input {
    /*
     * In order of id. `incident` of a node: the place in this array of the node that names its
     * incident, itself a member; NO_NODE: none. All members of an incident are here, or none.
     */
    const struct work_node *nodes;
    size_t node_count;
    /*
     * Nodes of changes that begin within TELL_AROUND_MS of an incident (before its first and after
     * its last opening node), in order of id; more do no harm. Members may be among them and are
     * passed over; `incident` of what is no member: another place than theirs, or NO_NODE.
     */
    const struct work_node *const *changes;
    size_t change_count;
    /* Of the sources that log lines of members have, as far as reads.def says; more do no harm. */
    const struct background *background;
    /* Who has the accounts that members name, of the tables of users of the scope; more do no harm.
     * Texts of members have these names in their place (directory_apply()). */
    const struct directory *directory;
    /*
     * Whole hours of UTC since 1970 in which any occurrence of the scope lies, ascending; those
     * within TELL_AROUND_MS of an incident, or more.
     */
    const int64_t *hours;
    size_t hour_count;
    /* Alerts, as far as reads.def says of RANK_NEW and RANK_PAST; more do no harm. */
    const struct rank_history *alerts;
    /* Found and regrouped; at least those that name a member's record or hold one. */
    struct deciding *deciding;
};

struct told {
    struct node *nodes;         /* one for each, and room for as many more as there are decisions */
    struct incident *incidents; /* in order of key */
    size_t incident_count;
};

/* Marks the decisions that an incident tells of as listed. */
void tell_incidents(struct arena *arena, const struct teller *teller,
                    const struct tell_input *input, struct told *ret_told);

/* The hours in which these records lie, ascending and once each; returns how many. There is room
 * for `count`. */
size_t tell_hours(const struct work_record *records, size_t count, int64_t *ret_hours);

#endif
