/*
 * How much an incident deserves a look: a score of few integers with its reasons. It is a function
 * of the incident's rows and alerts, and of earlier records of the same series (reads.def:
 * RANK_NEW); it is no place among other incidents. An alert is new only where some alert of the
 * scope lies a day or more before the incident: of what began yesterday nothing is known. Pure;
 * memory is the arena's.
 *
 * Lines of a text (correlate/rules/rank.tsv; a team's own, correlate.rank, before them) say from
 * which number on a fact is worth how many points: of the lines of a fact the one with the greatest
 * number that is reached counts. "worth" and points say from which rank on an incident is worth a
 * look.
 */
#ifndef CORRELATE_RANK_RANK_H
#define CORRELATE_RANK_RANK_H

#include "base/arena.h"
#include "base/err.h"
#include "hindcast/incident.h"

#define RANK_LINES_MAX 200
#define RANK_POINTS_MAX 1000 /* of a line, either way */

enum rank_fact {
#define RANK_FACT(name, word, one, many) RANK_##name,
#include "correlate/rank/facts.def"
    RANK_FACTS
};
const char *rank_fact_word(enum rank_fact fact);

struct rank_line {
    enum rank_fact fact;
    int64_t least;
    int32_t points;
};

struct rank_rules {
    struct rank_line lines[RANK_LINES_MAX]; /* of each fact and number one: the first */
    size_t count;
    int32_t worth; /* least rank that is worth a look */
};
/* CONFIG with the number of a line that cannot be read. */
int rank_rules_read(struct sv text, struct rank_rules *ret_rules, struct err *err) MUST_CHECK;

/* An episode of alerts. */
struct rank_alert {
    struct sv source, fingerprint; /* its series */
    int64_t first_ms, last_ms;
};

/* Episodes of a scope, quiet ones too. */
struct rank_history {
    const struct rank_alert *alerts; /* by series, then time */
    size_t count;
    const int64_t *starts_ms; /* of all of them, ascending */
};
/* Sorts the alerts, which must outlive the history. */
void rank_history_make(struct arena *arena, struct rank_alert *alerts, size_t count,
                       struct rank_history *ret_history);

/* What opened an incident: its episodes of alerts and declarations that are not quiet. */
struct rank_heads {
    const struct node *const *nodes;
    size_t count;
};
/*
 * Sets the rank of the incident, whose rows, milestones and span are there. `history`: alerts as
 * reads.def says of RANK_NEW and RANK_PAST; more do no harm.
 */
void rank_incident(struct arena *arena, const struct rank_rules *rules,
                   const struct rank_history *history, const struct rank_heads *heads,
                   struct incident *incident);

#endif
