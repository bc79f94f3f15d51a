/*
 * The event model: what every decoder produces and everything behind it works with.
 *
 * A record is one Kafka message: coordinates (cluster, topic, incarnation, partition, offset), key,
 * headers, timestamp and value. A record decodes to 0..n events. An event says what happened, when,
 * to which service or host, by whom, in the words of its source; `record` and `index` lead back to
 * the bytes it came from.
 *
 * Ownership: an event is plain data. Its views point into the record's bytes or into the arena that
 * decoding was given; both live until the batch is committed or dropped. On the reading side
 * (correlate, report) they point into the arena of the load.
 *
 * Identity: `identity` is what the source itself calls the occurrence (fingerprint + startsAt +
 * status, channel + ts, delivery id). A source that has no name for it but tells a time is named by
 * a digest of all that it tells. normalize turns (scope, namespace of the source, identity) into
 * the 128 bit `uid`; neither the name of a decoder nor its version is part of that. Without an
 * identity the coordinates are hashed: at once, except for log lines, where that waits until
 * somebody reads them (event_uid_of_place()). Two records with one uid are the same occurrence: the
 * one with the highest `version` counts, then the smallest SHA-256 of the record, then the smallest
 * content, then the smallest coordinates. Arrival never matters.
 *
 * Time: `event_time_ns` is UTC. TIME_NONE out of a decoder means "the record has none": normalize
 * puts Kafka's there, or for a line of a file that of the line before, and says so in
 * `time_source`. What a file holds and nobody tells a time of has none for good (ABSENT): it is
 * stored and counted, and in no timeline. `source_time_text` is the text exactly as written. A chat
 * message keeps the time it was posted in all its versions.
 *
 * Four keys are four things: `dedup_key` (the source's deduplication key), `fingerprint` (what
 * repeats: one alert of one instance), `group_key` (the source's own grouping) and
 * `correlation_key` (an id that several sources share). `incident_ref` is an incident the source
 * itself names.
 *
 * What can fail: nothing here; this header has no functions that fail.
 */
#ifndef HINDCAST_EVENT_H
#define HINDCAST_EVENT_H

#include <stdint.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "base/sv.h"

enum event_kind {
    EVENT_NO_KIND = 0,
#define EVENT_KIND(name, word) EVENT_##name,
#include "hindcast/event.def"
};

enum event_phase {
    PHASE_NONE = 0,
#define EVENT_PHASE(name, word) PHASE_##name,
#include "hindcast/event.def"
};

enum record_kind {
    RECORD_NONE = 0,
#define RECORD_KIND(name, word, kind, meaning) RECORD_##name,
#include "hindcast/event.def"
};

enum time_source {
    TIME_SOURCE_NONE = 0,
#define TIME_SOURCE(name, word) TIME_SOURCE_##name,
#include "hindcast/event.def"
};

enum time_precision {
    PRECISION_NONE = 0,
#define TIME_PRECISION(name, word) PRECISION_##name,
#include "hindcast/event.def"
};

enum actor_type {
    ACTOR_NONE = 0,
#define ACTOR_TYPE(name, word) ACTOR_##name,
#include "hindcast/event.def"
};

/* The words of the lists; "" for the zero value. The readers return the zero value when unknown. */
const char *event_kind_word(enum event_kind kind);
const char *event_phase_word(enum event_phase phase);
const char *record_kind_word(enum record_kind kind);
enum event_kind record_kind_event_kind(enum record_kind kind);
const char *time_source_word(enum time_source source);
const char *time_precision_word(enum time_precision precision);
const char *actor_type_word(enum actor_type type);
enum event_kind event_kind_read(struct sv word);
enum event_phase event_phase_read(struct sv word);
enum record_kind record_kind_read(struct sv word);
enum time_source time_source_read(struct sv word);
enum time_precision time_precision_read(struct sv word);
enum actor_type actor_type_read(struct sv word);

/* Severity is OpenTelemetry's SeverityNumber, 1 to 24; 0 is unset. */
enum severity {
    SEVERITY_UNSET = 0,
    SEVERITY_TRACE = 1,
    SEVERITY_DEBUG = 5,
    SEVERITY_INFO = 9,
    SEVERITY_NOTICE = 10,
    SEVERITY_WARN = 13,
    SEVERITY_ERROR = 17,
    SEVERITY_FATAL = 21,
    SEVERITY_MAX = 24,
};
/* "critical" (21..24), "error", "warning", "info", "debug", "unset": the band of the number. */
const char *severity_band(int severity);

#define UID_BYTES 16
#define VERSION_FINAL INT64_MAX /* nothing can follow: deleted, at a time that nobody tells */

/* Of attributes: who was paged, a list of names; who has which role, a list of a role and a name by
 * turns, "" where nobody has it. */
#define EVENT_PAGED "paged_people"
#define EVENT_ROLES "given_roles"

struct event {
    struct sv scope;        /* unit of privacy and correlation; normalize: "default" */
    uint8_t uid[UID_BYTES]; /* set by normalize where `identified` */
    bool identified;        /* false for log lines that only their coordinates name */
    struct sv identity;     /* parts joined by U+001F; absent: coordinates identify */
    struct sv name_space;   /* of `identity`: whose name it is, "pagerduty"; frozen for good */
    bool by_content;        /* decoders: `identity` is a digest, a name of the source goes before */
    bool reused;            /* `identity` stands for no single occurrence (a rule's name, or that of
                             * a log line where those do not count): shown, not stored, the place
                             * identifies */
    int64_t version;        /* of the source, e.g. time of the edit in ns; 0 for the first */
    int64_t sequence;       /* the source's own number, rising with time; 0: it has none */
    enum event_kind kind;
    enum record_kind record_kind;
    enum event_phase phase;
    struct sv format; /* name of the decoder, e.g. "alertmanager" */
    struct sv source; /* who tells it: "slack:ops", "git:org/repo", "alertmanager" */

    int64_t event_time_ns; /* or TIME_NONE */
    enum time_precision precision;
    enum time_source time_source;
    struct sv source_time_text;

    struct sv service;
    struct sv environment;
    struct sv host;
    int severity;            /* 0..24 */
    struct sv severity_text; /* the source's word */
    struct sv title;         /* what a person would show, one line */
    struct sv body;
    struct sv actor;
    enum actor_type actor_type;
    struct sv channel; /* chat: name without '#' */
    struct sv thread_key;

    struct sv dedup_key;
    struct sv fingerprint;
    struct sv group_key;
    struct sv correlation_key;
    struct sv incident_ref;
    struct sv trace_id;
    struct sv ref; /* commit hash, deployment id, ticket: what others may name */
    struct sv url;
    int32_t marks;        /* reactions and pins: people said "this matters" */
    struct sv file;       /* it was loaded from; absent: from none */
    int64_t line;         /* of that, where its record begins, from 1; 0: unknown */
    bool storable;        /* decoders: all views are UTF-8 without U+0000 and blanks around */
    struct sv attributes; /* JSON object with what is left over, absent when nothing is */
};

/* What is stored as the event's name. */
static inline struct sv
event_name(const struct event *event)
{
    return event->reused ? SV_NONE : event->identity;
}

/*
 * True if this log line is worth a place among the nodes whatever else there is: severity warning
 * or worse, or hand-written. sql/queries/casebook_observations.sql and retention_*.sql say the
 * same.
 */
static inline bool
event_notable(const struct event *event)
{
    return event->severity >= SEVERITY_WARN || sv_eq(event->format, SV("hindcast"));
}

#define IDENTITY_SEPARATOR "\x1f"

/* Where an event lies: what identifies it when nothing else does. */
struct event_place {
    struct sv cluster, topic;
    int32_t incarnation, partition;
    int64_t offset;
    size_t index; /* in its record */
};
void
event_uid_of_place(struct sv scope, const struct event_place *place, uint8_t ret_uid[UID_BYTES]);
/* The uid of what has an identity. */
void event_uid_of_name(struct sv scope, struct sv name_space, struct sv identity,
                       uint8_t ret_uid[UID_BYTES]);

#endif
