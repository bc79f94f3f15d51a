/*
 * The words by which tools call what they tell: roles of keys, kinds of time, states. The tables
 * are data (vocabulary.def); everything else of the generic reader derives from them. Any thread.
 */
#ifndef INGEST_DECODE_GENERIC_VOCABULARY_H
#define INGEST_DECODE_GENERIC_VOCABULARY_H

#include "hindcast/event.h"
#include "ingest/decode/generic/key.h"

enum role {
    ROLE_NONE,
    ROLE_TITLE,
    ROLE_MESSAGE,
    ROLE_PROBLEM, /* an exception's text beside the message */
    ROLE_LEVEL,
    ROLE_STATE,
    ROLE_TYPE,
    ROLE_SERVICE,
    ROLE_HOST,
    ROLE_ENVIRONMENT,
    ROLE_ACTOR,
    ROLE_CHANNEL,
    ROLE_URL,
    ROLE_SERIES, /* what names the thing that repeats: a fingerprint, the id of an alert */
    ROLE_VERSION,
    ROLE_TRACE,
    ROLES,
};

/* What a key means, and how sure that is: 0 is surest. ROLE_NONE when it means nothing to us. */
enum role vocabulary_role(const struct key *key, int *ret_rank);

/* Which moment of the thing a time is. */
enum moment {
    MOMENT_NONE,     /* no time of what happened: when something expires, how long it took */
    MOMENT_ITSELF,   /* of the event */
    MOMENT_BEGUN,    /* created, opened, started, fired */
    MOMENT_RECEIVED, /* sent, received, logged */
    MOMENT_CHANGED,  /* updated */
    MOMENT_ENDED,    /* resolved, finished */
    MOMENT_TAKEN,    /* acknowledged */
    MOMENTS,
};
enum moment vocabulary_moment(const struct key *key, int *ret_rank);

/* What lies in an object of this name. */
enum container {
    CONTAINER_PLAIN, /* it may be the event itself, or a part of it */
    CONTAINER_NAMES, /* labels, tags: names of services and hosts, and no time of the event */
    CONTAINER_RIDER, /* somebody or something that rides along: a user, a repository */
};
enum container vocabulary_container(const struct key *key);

/* What a state means; PHASE_NONE when the word is unknown. `certain`: only alerts have it. */
enum event_phase vocabulary_alert_phase(struct sv word, bool *ret_certain);
enum event_phase vocabulary_change_phase(struct sv word);
/* What the type of a record says it is; EVENT_NO_KIND when it says nothing. */
enum event_kind vocabulary_kind(struct sv type);
/* Keys that only alerts have, or changes; *ret_word is the word that says so, as long as the
 * process. */
enum event_kind vocabulary_kind_of_key(const struct key *key, struct sv *ret_word);

#endif
