/*
 * What became of a record: whether it was read, which event it is, which incident holds it, and if
 * none, what was decided about it. For people who miss it in a timeline. Plain data in the caller's
 * arena; asked in the role of STORE_CORRELATE, which may read records.
 */
#ifndef HINDCAST_RECORD_FATE_H
#define HINDCAST_RECORD_FATE_H

#include "hindcast/incident.h"
#include "hindcast/store.h"

#define RECORD_EVENTS_MAX 20 /* of one record that are told */
#define RECORD_NEAREST 3

/* How a record is named: one of the three. */
struct record_name {
    struct sv uid;  /* 32 hex digits, hyphens as they like */
    struct sv file; /* and its line */
    int64_t line;
    struct sv topic; /* and its place there */
    int32_t partition;
    int64_t offset;
};

struct near_incident {
    struct sv number, incident_key, title;
    const struct sv *services;
    size_t service_count;
    int64_t distance_ms;
    bool later; /* it begins after the record */
};

/* An event that was read from the record. */
struct event_fate {
    struct evidence place;
    struct sv scope, kind, uid;
    int64_t time_ns; /* TIME_NONE: nobody tells */
    int severity;
    struct sv source, service, host, channel, actor, text;
    bool notable;           /* takes part in correlation by itself */
    bool about_file;        /* what load wrote about a file */
    struct sv incident_key; /* that holds it; absent: none */
    struct sv number, title;
    bool raised;
    struct sv decided_by; /* why another delivery of it counts; absent: this one does */
    struct sv reason;     /* of its episode, which is in no incident; absent: no episode */
    /* What people decided that takes it out of sight: its verb, absent: nothing; who, and its id */
    struct sv said, said_by, said_id;
    bool waiting; /* its scope has not taken everything in */
    const struct near_incident *nearest;
    size_t nearest_count;
};

struct record_fate {
    const struct event_fate *events;
    size_t count;
    /* Where there is none, and the name is a place in Kafka: */
    bool stream_known;
    struct sv quarantined, format_guess; /* reason; absent: not in quarantine */
    bool not_yet, before;                /* ingest is not there yet; it began after that */
    int64_t next_offset;
};

int casebook_record_fate(struct store *store, struct arena *arena, const struct record_name *name,
                         struct record_fate *ret_fate, struct err *err) MUST_CHECK;

#endif
