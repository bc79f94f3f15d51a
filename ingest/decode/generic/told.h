/*
 * What a JSON object of an unknown tool tells, by the words of its keys at whatever depth: see
 * vocabulary.h. Of several candidates for a role the one nearest to the top whose key is surest
 * counts, of equals the first.
 *
 * What lies in the object of somebody who rides along (`user`, `repository`) is not what happened:
 * of it only names are taken that say whose they are ("user.name"). Lists are not looked into.
 */
#ifndef INGEST_DECODE_GENERIC_TOLD_H
#define INGEST_DECODE_GENERIC_TOLD_H

#include "ingest/decode/core/probe.h"
#include "ingest/decode/generic/vocabulary.h"
#include "ingest/parse/times.h"

#define TOLD_AT_THE_TOP 10 /* what costs less stands in the outermost object */

struct told_text {
    struct sv text;
    int cost; /* the less, the surer */
};

struct told_time {
    struct read_time time;
    int cost;
};

struct told {
    struct told_text texts[ROLES];
    struct told_time times[MOMENTS];
    enum event_phase flag;       /* of a member like "resolved": true, "firing": true */
    int alert_keys, change_keys; /* keys that only those have */
    struct sv thing;             /* what a change is one of: "deployment"; or SV_NONE */
    bool level_is_number;
    size_t budget; /* members that may still be looked at */
};

/* What the probe's object tells, TOLD_MEMBERS_MAX members of it; read once, into the arena. */
#define TOLD_MEMBERS_MAX 2000
#define TOLD_DEPTH_MAX 6
const struct told *told_of_probe(const struct probe *probe);

/* A text of this role, or SV_NONE. */
static inline struct sv
told_text(const struct told *told, enum role role)
{
    return told->texts[role].text;
}
/* Whether it has a time of what happened, and whether it has words. */
bool told_has_time(const struct told *told);
bool told_has_words(const struct told *told);
/* Both, in the outermost object. */
bool told_at_the_top(const struct told *told);
/* The time of an event of this phase; NULL when there is none. */
const struct read_time *told_time(const struct told *told, enum event_phase phase);

#endif
