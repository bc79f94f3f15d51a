/*
 * Why an incident is what it is, from what the correlator stored with it: what holds its episodes
 * together, why a row is in it, where it stands, whether it is key, and what proves a milestone.
 * Nothing is computed again and nothing is guessed. Pure but for the time zone in use; text that a
 * record brought is made harmless.
 */
#ifndef REPORT_WHY_WHY_H
#define REPORT_WHY_WHY_H

#include "base/strbuf.h"
#include "hindcast/incident.h"

#define WHY_EPISODES_SHOWN 200 /* of an incident, for people; JSON Lines have all */
#define WHY_OTHERS_SHOWN 10    /* rows that could have proved a milestone */

/* How an episode came in; see pair_score_text() and attach.c for the words. */
struct why_membership {
    struct sv shares;         /* "service checkout (500)"; absent: it shares nothing with `other` */
    const struct node *other; /* NULL: none, or none that is loaded */
    int64_t gap_ms;           /* between the two; -1: none is told */
    struct sv words;          /* as stored */
};

/* The incident's nodes by key, which memberships name. */
struct why_nodes {
    const struct node **at;
    size_t count;
};
void why_nodes_init(struct why_nodes *nodes, const struct incident *incident);
void why_nodes_release(struct why_nodes *nodes);
struct why_membership why_membership(const struct why_nodes *nodes, struct sv stored);

/*
 * The entries that `name` fits: the beginning of an id (from 4 characters on), the file and line or
 * the place in Kafka of its first record, or a piece of its time as people read it ("14:27",
 * "2026-03-03 14:27"). Returns how many; the first `room` of their places are in `ret_places`.
 */
size_t why_find(const struct incident *incident, struct sv name, size_t *ret_places, size_t room);

/* Each line is cut to `columns` characters (0: never). */
void why_incident(const struct stored_incident *stored, size_t columns, struct strbuf *out);
void
why_entry(const struct stored_incident *stored, size_t place, size_t columns, struct strbuf *out);
/* One object for each episode, then for each milestone. */
void why_incident_json(const struct stored_incident *stored, struct strbuf *out);
/* One object. */
void why_entry_json(const struct stored_incident *stored, size_t place, struct strbuf *out);

/* The acts that could prove a milestone, for rows that were not chosen. */
bool why_act_proves(enum act act, enum milestone milestone);

#endif
