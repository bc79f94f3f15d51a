/*
 * Correlation: from the set of events to incidents with ordered timelines. Pure logic: everything
 * below is a function of its arguments; the same set of events and declarations in any order, with
 * any duplicates, gives the same bytes. No clock is read and no float takes part in a decision.
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
 * (INC-2026-0042) are given by store and are no part of results.
 *
 * Order of a timeline: (time, causal rank, source, coordinates, index); no ties are left.
 *
 * Threads: none; a run belongs to its caller. What can fail: memory only (limits are named below).
 */
#ifndef HINDCAST_TIMELINE_H
#define HINDCAST_TIMELINE_H

#include "base/arena.h"
#include "hindcast/coordinates.h"
#include "hindcast/event.h"
#include "hindcast/record.h"

enum entry_kind {
    ENTRY_NONE = 0,
#define ENTRY_KIND(name, word, meaning) ENTRY_##name,
#include "hindcast/timeline.def"
};

enum act {
    ACT_NONE = 0,
#define ACT(name, word, meaning) ACT_##name,
#include "hindcast/timeline.def"
};

enum milestone {
    MILESTONE_NONE = 0,
#define MILESTONE(name, word, meaning) MILESTONE_##name,
#include "hindcast/timeline.def"
    MILESTONE_COUNT
};

enum significance { SIGNIFICANCE_FULL = 0, SIGNIFICANCE_STANDARD = 1, SIGNIFICANCE_KEY = 2 };

const char *entry_kind_word(enum entry_kind kind);
enum entry_kind entry_kind_read(struct sv word);
const char *act_word(enum act act);
enum act act_read(struct sv word);
const char *milestone_word(enum milestone milestone);
enum milestone milestone_read(struct sv word);
const char *significance_word(enum significance significance);
enum significance significance_read(struct sv word);

/* ------------------------------------------------------------------ input */

/* One observation: an event and where it lies. */
struct observation {
    struct event event;
    struct coordinates at;
    struct sv topic;
    int32_t incarnation;
    int32_t partition;
    int64_t kafka_time_ns;
    struct sha256 sha256; /* of the record's value */
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
};

/* Weights and gaps; correlation_config_default() has the documented defaults. */
struct correlation_config {
    int64_t episode_gap_ms, resolve_gap_ms, reach_ms, look_back_ms, soft_span_ms, max_span_ms;
    int familiar_count;
    int64_t familiar_ms;
    int threshold, attach_threshold; /* thousandths */
    int neighbours, levels;
    int least_records, least_sources, least_severity;
    int key_least, key_most; /* key rows of a timeline */
    struct sv rules;         /* text of the phrase rules; absent: the built-in file */
};
void correlation_config_default(struct correlation_config *ret_config);

/* Is this log line worth a place among the nodes? Severity warning or worse, or hand-written. */
bool correlate_notable(const struct event *event);

/* ----------------------------------------------------------------- output */

struct evidence {
    struct coordinates at;
    struct sv topic;
    int32_t incarnation;
    int32_t partition;
    struct sha256 sha256;
};

struct reason {
    struct sv name; /* e.g. "rollback_done", "after_silence" */
    int32_t hundredths;
};

struct entry {
    struct sv entry_id; /* stable across rebuilds: hash of incident-independent content */
    int64_t time_ns;
    int64_t uncertainty_ns; /* from the precision of its clock */
    struct sv source_time_text;
    enum time_source time_source;
    enum entry_kind kind;
    enum record_kind record_kind;
    enum act act;
    enum significance significance;
    int32_t score; /* hundredths: the sum of the reasons */
    const struct reason *reasons;
    size_t reason_count;
    const enum milestone *milestones;
    size_t milestone_count;
    struct sv text; /* one line, at most ENTRY_TEXT_MAX bytes */
    struct sv actor;
    struct sv role; /* at that time, absent when unknown */
    struct sv source, service, host, channel, thread_key, url, ref;
    int severity;
    int64_t occurrences;    /* records folded into this entry, 1 or more */
    bool order_established; /* against the row before */
    struct sv node_key;
    struct sv membership;            /* why it is in this incident, in words: rule, key, distance */
    const struct evidence *evidence; /* first: the record the text comes from */
    size_t evidence_count;
};

struct node {
    struct sv node_key; /* "TIME/SOURCE/UIDHEX" */
    enum event_kind kind;
    bool declared;
    int64_t first_ns, last_ns;
    int64_t records;
    bool familiar;
    int severity;
    struct sv title, service, host, source, fingerprint;
    struct sv incident_key; /* absent: none */
    struct sv reason;
};

struct milestone_row {
    enum milestone milestone;
    int64_t time_ns;
    struct sv entry_id;
    int confidence; /* per cent */
};

struct incident {
    struct sv incident_key;
    struct sv title;
    bool raised; /* meets the thresholds; others are kept and counted */
    bool declared;
    int64_t first_ns, last_ns; /* of its opening nodes */
    int severity;              /* highest of its alerts */
    const struct sv *services; /* sorted */
    size_t service_count;
    const struct node *const *nodes; /* in order of node id */
    size_t node_count;
    const struct entry *entries; /* in the total order */
    size_t entry_count;
    const struct milestone_row *milestones;
    size_t milestone_count;
    int64_t alert_count; /* distinct alert nodes */
    int64_t record_count;
};

/* Where a delivery differs first from the one that counts. */
enum delivery_rule { DELIVERY_COUNTS, BY_VERSION, BY_SHA256, BY_COORDINATES };

/* A delivery of an event that came more than once. */
struct delivery {
    const struct observation *observation; /* of the input */
    enum delivery_rule rule;
};

struct correlation {
    struct sv scope;
    const struct node *nodes; /* all, in order of id */
    size_t node_count;
    const struct incident *incidents; /* in order of key */
    size_t incident_count;
    const struct delivery *deliveries; /* by uid, each time the one that counts first */
    size_t delivery_count;
};

#define ENTRY_TEXT_MAX 300
#define ENTRY_EVIDENCE_MAX 10 /* further records are counted in `occurrences` */

/*
 * The whole computation. Method: episodes, familiarity, candidates, links per level, components,
 * explicit ids and attachment after the grouping definitions in docs/correlation.md; timeline after
 * the reasons table there. Fails only on rules that cannot be read.
 */
int correlate_run(struct arena *arena, const struct correlation_input *input,
                  const struct correlation_config *config, struct correlation *ret_correlation,
                  struct err *err) MUST_CHECK;

#endif
