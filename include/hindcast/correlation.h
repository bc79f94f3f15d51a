/*
 * Correlation: from the set of events to incidents with ordered timelines. Pure logic: everything
 * below is a function of its arguments; the same set of events, declarations and decisions in any
 * order, with any duplicates, gives the same bytes. No clock is read and no float takes part in a
 * decision.
 *
 *   events ──► episodes (nodes) ──► links ──► incidents ──► timeline entries, milestones
 *
 * `struct correlation_input` is what store hands over: one row per (scope, uid) observation with
 * its coordinates and digest. Log lines come already reduced to notable ones (see
 * `correlate_notable`). `correlate_run()` returns a `struct correlation` whose memory lives in the
 * arena given.
 *
 * Identity: a node's id is (first time in ms, source, uid) of its smallest record; an incident's
 * key is the smallest node id of its members, written "TIME/SOURCE/UIDHEX". Display numbers
 * (INC-2026-0042) are given by store and are not part of results.
 *
 * Order of a timeline: (time, causal rank, source, the source's sequence, uid; coordinates of what
 * has no other name); no ties are left. An entry's `tie` is all of it but the time, as bytes.
 *
 * Threads: none; a run belongs to its caller. What can fail: memory only (limits are named below).
 */
#ifndef HINDCAST_CORRELATION_H
#define HINDCAST_CORRELATION_H

#include "base/arena.h"
#include "base/sha256.h"
#include "base/strbuf.h"
#include "hindcast/grouping_key.h"
#include "hindcast/incident.h"

/* ------------------------------------------------------------------ input */

/* One observation: an event and where it lies. */
struct observation {
    struct event event;
    struct coordinates at;
    struct sv cluster, topic;
    int32_t incarnation;
    int32_t partition;
    int64_t kafka_time_ns;
    struct sha256 sha256; /* of the record's value */
    struct sha256 frame;  /* of the record's key, headers and value; zero: not kept */
};

/* A person declared an incident. */
struct declaration {
    struct sv id; /* stable, derived from the content */
    struct sv title;
    int64_t from_ns;
    int64_t to_ns;     /* TIME_NONE: open */
    struct sv service; /* absent: any */
    struct sv channel; /* absent: any */
    struct sv declared_by;
};

struct correlation_input {
    struct sv scope;
    const struct observation *observations;
    size_t count;
    const struct declaration *declarations;
    size_t declaration_count;
    const struct decision *decisions; /* sealed */
    size_t decision_count;
    /* Rows with values that hindcast never writes are none of the above; for people to know. */
    size_t left_out, left_out_declarations, left_out_decisions;
    struct coordinates first_left_out;
};

#define CORRELATION_LEVELS_MAX 4

/* Worths and windows of the choice of milestones (docs/correlation.md, section 7). */
struct milestone_settings {
    int64_t answer_ms, culprit_ms, relapse_ms, setback_ms, settle_ms;
    int sign, line, fallback, expected, act;
    int revert, named, deploy, fade; /* hundredths */
};

/*
 * Weights and gaps; every number is a line of correlate/settings.def and an option, whose default
 * is the documented one.
 */
struct correlation_config {
    int64_t episode_gap_ms, resolve_gap_ms, reach_ms, look_back_ms, soft_span_ms, max_span_ms;
    int64_t bounds_before_ms, bounds_after_ms, bounds_after_change_ms, bounds_open_ms;
    int64_t gap_ms[KEY_KINDS];
    int weight[KEY_KINDS]; /* thousandths */
    int familiar_count;
    int64_t familiar_ms;
    int threshold, attach_threshold; /* thousandths */
    int neighbours, levels;
    int least_records, least_sources, least_severity;
    int key_least, key_most; /* key rows of a timeline */
    int candidate_score;     /* that signs near each other open a candidate with */
    struct milestone_settings milestone;
    int64_t talk_gap_ms;    /* a longer pause ends the talk of a candidate */
    struct sv rules;        /* text of the phrase rules; absent: the built-in file */
    struct sv languages;    /* phrase rules of more languages, one file after another; absent: the
                               built-in ones where `rules` is absent, too */
    struct sv quiet_alerts; /* text of what opens no incident; absent: the built-in file */
    struct sv candidates;   /* text of what opens a candidate; absent: the built-in file */
    struct sv rank;         /* text of what makes an incident worth a look; absent: built-in */
    struct sv graph;        /* text of the service graph; absent: whatever is applied */
    struct sv people;       /* text of who is who; absent: nobody is listed */
    struct sv suppress;     /* text of what suppresses alerts; absent: nothing */
    struct sv weights;      /* text of what reasons are worth; absent: as documented */
};
void correlation_config_default(struct correlation_config *ret_config);
struct config;
/* The numbers as the options say; the texts are absent. */
void
correlation_config_numbers(const struct config *options, struct correlation_config *ret_config);
/* The texts that count: those of the settings, else the built-in ones. */
struct sv correlation_rules(const struct correlation_config *config);
struct sv correlation_languages(const struct correlation_config *config);
struct sv correlation_quiet_alerts(const struct correlation_config *config);
struct sv correlation_candidates(const struct correlation_config *config);
struct sv correlation_rank(const struct correlation_config *config);
/*
 * How this program derives, in one number: raised whenever the same records with the same settings
 * give other rows. Every scope is then correlated again, and programs with a smaller number derive
 * nothing more from that database.
 */
#define CORRELATION_DERIVATION 13
/*
 * The settings as one text, all of them, the texts last: the canonical
 * form whose SHA-256 is the digest of the configuration. What was read from it is written as the
 * same text again.
 */
void correlation_config_write(const struct correlation_config *config, struct strbuf *out);
/*
 * What the files of a process do not say is taken from the content of what is applied: the service
 * graph, where the settings have none of their own. A content that cannot be read changes nothing.
 */
void correlation_config_complete(struct correlation_config *config, struct sv applied);
/* The digest of that text in hex. */
void
correlation_config_digest(const struct correlation_config *config, char ret_hex[SHA256_HEX + 1]);
/*
 * Reads such a text, which must outlive the settings; what it does not name has its default. CONFIG
 * where it is none, or names what this program does not know.
 */
int correlation_config_parse(struct sv content, struct correlation_config *ret_config,
                             struct err *err) MUST_CHECK;
/* CONFIG where one number contradicts another one. */
int
correlation_config_consistent(const struct correlation_config *config, struct err *err) MUST_CHECK;
/* CONFIG where nothing could be correlated with them: numbers that contradict each other, a
 * text that cannot be read, or is not UTF-8.
 */
int correlation_config_check(const struct correlation_config *config, struct err *err) MUST_CHECK;

/* True if this log line is worth a place among the nodes: severity warning or worse, or
 * hand-written. */
bool correlate_notable(const struct event *event);

/* ----------------------------------------------------------------- output */

/*
 * Where a delivery differs first from the one that counts: version, whether it tells a time (its
 * file may tell one that the record does not), value, then key and headers;
 * what it tells (where no raw records are kept), Kafka's timestamp, coordinates.
 */
enum delivery_rule {
    DELIVERY_COUNTS,
    BY_VERSION,
    BY_TIME,
    BY_SHA256,
    BY_FRAME,
    BY_CONTENT,
    BY_TIMESTAMP,
    BY_COORDINATES
};

/* A delivery of an event that came more than once. */
struct delivery {
    const struct observation *observation; /* of the input */
    enum delivery_rule rule;
};

struct correlation {
    struct sv scope;
    struct sv config_digest;  /* of what it was correlated with; absent: not known */
    const struct node *nodes; /* in order of id, then decisions that no incident has */
    size_t node_count;
    const struct incident *incidents; /* in order of key */
    size_t incident_count;
    const struct delivery *deliveries; /* by uid, each time the one that counts first */
    size_t delivery_count;
};

/*
 * The whole computation. Method: episodes, familiarity, candidates, links per level, components,
 * explicit ids and attachment after the grouping definitions in docs/correlation.md; timeline after
 * the reasons table there. Fails only on rules that cannot be read.
 */
int correlate_run(struct arena *arena, const struct correlation_input *input,
                  const struct correlation_config *config, struct correlation *ret_correlation,
                  struct err *err) MUST_CHECK;

#endif
