/*
 * An incident as people see it: its nodes, the entries of its timeline in their total order, its
 * milestones; and the same as the casebook keeps it. Made by correlate (see correlation.h), kept
 * and read back by the store, rendered by report. Plain data: views into an arena that its maker
 * names; any thread may read it.
 *
 * Identity: a node's key is "TIME/SOURCE/UIDHEX" of its smallest record, an incident's the smallest
 * key of its members; display numbers (INC-2026-0042) are given by store and are not part of
 * results, nor is the internal number by which the store's rows name their incident.
 *
 * Order of a timeline: (time, tie), see correlation.h; no ties are left.
 */
#ifndef HINDCAST_INCIDENT_H
#define HINDCAST_INCIDENT_H

#include "hindcast/coordinates.h"
#include "hindcast/decision.h"
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

#define ENTRY_TEXT_MAX 300
#define ENTRY_EVIDENCE_MAX 10 /* further records are counted in `occurrences` */

struct evidence {
    struct coordinates at;
    struct sv topic;
    int32_t incarnation;
    int32_t partition;
    struct sha256 sha256;
    struct sv file; /* that the record was loaded from; absent: from none */
    int64_t line;   /* of that, from 1; 0: unknown */
};

struct reason {
    struct sv name; /* e.g. "rollback_done", "after_silence" */
    int32_t hundredths;
};

/* How somebody who was paged first shows after it. */
enum answered {
    ANSWERED_NOT = 0,
#define ANSWERED(name, word, meaning) ANSWERED_##name,
#include "hindcast/timeline.def"
};
const char *answered_word(enum answered answered);
enum answered answered_read(struct sv word);

struct paged {
    struct sv person;    /* by the name that is shown everywhere */
    struct sv doubt;     /* whose name it could be, which is not decided; absent: it is decided */
    int64_t answered_ns; /* TIME_NONE: no record of the person after it */
    enum answered how;   /* ANSWERED_NOT then */
    struct sv answer;    /* the entry that shows it; absent then */
};

/* A role that an entry gives to somebody. */
struct given_role {
    struct sv person, role;
    int64_t until_ns; /* TIME_NONE: no end is told */
    struct sv end;    /* the entry with which it ends; absent then */
};

/* The C type of each type of entry.def. */
#define ENTRY_C_TEXT struct sv
#define ENTRY_C_OPTIONAL struct sv
#define ENTRY_C_TIME int64_t
#define ENTRY_C_SPAN int64_t
#define ENTRY_C_INT32 int32_t
#define ENTRY_C_INT64 int64_t
#define ENTRY_C_FLAG bool
#define ENTRY_C_KIND enum entry_kind
#define ENTRY_C_RECORD_KIND enum record_kind
#define ENTRY_C_ACT enum act
#define ENTRY_C_SIGNIFICANCE enum significance
#define ENTRY_C_TIME_SOURCE enum time_source
#define ENTRY_C_BYTES struct sv
#define ENTRY_C_MILESTONES const enum milestone *
#define ENTRY_C_REASONS const struct reason *
#define ENTRY_C_EVIDENCE const struct evidence *
#define ENTRY_C_PAGES const struct paged *
#define ENTRY_C_ROLES const struct given_role *

struct entry {
#define ENTRY_FIELD(type, member, field, column, line, place) ENTRY_C_##type field;
#define ENTRY_LIST(type, member, field, count, column, line, place)                                \
    ENTRY_C_##type field;                                                                          \
    size_t count;
#define ENTRY_COLUMN(type, field, column) ENTRY_C_##type field;
#include "hindcast/entry.def"
};

#define ENTRY_CHAIN_MOST 5 /* entries out of which a change is told, its own included */

/* What a row shows: of a change that several records tell, all that they tell. */
static inline struct sv
entry_shown(const struct entry *entry)
{
    return sv_empty(entry->told) ? entry->text : entry->told;
}

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

#define CANDIDATE_OPENS "opens a candidate: " /* begins the reason of its nodes that opened it */

/* Opens an incident, or would if it were not quiet or familiar. */
static inline bool
node_is_opening(const struct node *node)
{
    return node->declared || node->kind == EVENT_ALERT ||
           sv_starts(node->reason, SV(CANDIDATE_OPENS));
}

#define SAID_CONFIDENCE 100 /* per cent: a person says so, and nothing was measured */

struct milestone_row {
    enum milestone milestone;
    int64_t time_ns;
    struct sv entry_id;
    int confidence; /* per cent, measured by kind of evidence (confidence.def) */
};

/* What opened an incident; the last three make it a candidate: no alert and nobody's declaration.
 */
enum opened { OPENED_ALERT = 0, OPENED_DECLARED, OPENED_TALK, OPENED_CHANGE, OPENED_LOG };
const char *opened_word(enum opened opened);
enum opened opened_read(struct sv word);

static inline bool
opened_candidate(enum opened opened)
{
    return opened == OPENED_TALK || opened == OPENED_CHANGE || opened == OPENED_LOG;
}

/* What bounds an incident: a moment, else a row. */
enum span_mark {
#define SPAN_MARK(name, word, words) START_BY_##name,
#include "hindcast/span.def"
};
#define INCIDENT_OPEN_WORDS "not resolved in the records" /* where there is no end, everywhere */
/* How far the records tell it: see span.def. */
enum incident_outcome {
#define OUTCOME(name, word, ends, words) OUTCOME_##name,
#include "hindcast/span.def"
};
const char *span_mark_word(enum span_mark mark);
enum span_mark span_mark_read(struct sv word);
const char *span_mark_words(enum span_mark mark); /* as people read it */
const char *outcome_word(enum incident_outcome outcome);
enum incident_outcome outcome_read(struct sv word);
const char *outcome_words(enum incident_outcome outcome);

/*
 * From when to when an incident went, by its moments: the one answer of lists, pages, drafts and
 * statistics. Of outcome NONE nothing of it is known.
 */
struct incident_span {
    int64_t start_ns;
    enum span_mark start_by;
    int64_t end_ns; /* TIME_NONE: it is not resolved in the records */
    enum incident_outcome outcome;
    int64_t outcome_ns; /* when the records tell that; TIME_NONE: they tell of no moment */
};

/*
 * How much it deserves a look: a score with its reasons, by correlate/rules/rank.tsv; no place
 * among other incidents.
 */
struct incident_rank {
    int32_t score;
    bool worth;               /* the score is one that is worth a look */
    const struct sv *reasons; /* "3 services (+2)": what is worth points, in the order of facts */
    size_t reason_count;
    const int64_t *facts; /* by rank_fact (correlate/rank/rank.h); NULL where read back */
};

struct incident {
    struct sv incident_key;
    struct sv title;
    bool raised; /* meets the thresholds; others are kept and counted */
    bool declared;
    enum opened opened;
    struct sv place;          /* of a candidate: the channel with '#', or the source; else absent */
    const struct sv *because; /* of a candidate: why, in words */
    size_t because_count;
    int64_t first_ns, last_ns; /* of its opening nodes; of a candidate, when talk begins and ends */
    struct incident_span span;
    struct incident_rank rank;
    int severity;              /* highest of its alerts */
    const struct sv *services; /* sorted */
    size_t service_count;
    const struct node *const *nodes; /* in order of node id */
    size_t node_count;
    const struct entry *entries; /* in the total order */
    size_t entry_count;
    const struct milestone_row *milestones;
    size_t milestone_count;
    int64_t alert_count; /* of alert_episodes() those that open it */
    int64_t record_count;
    const struct decided *decisions; /* what people said of it, in order */
    size_t decision_count;
    /* Of every record of its nodes, in hex, sorted; absent where read back. */
    const struct sv *member_uids;
    size_t member_count;
};

/* An alert of an incident, as long as it was told: counted once, however many tools tell of it. */
struct alert_episode {
    const struct node *node;
    const struct entry *first, *last; /* that tell of it */
    int64_t first_ns, last_ns;        /* of its records */
    int64_t records;                  /* that say that it fires or ended, of other tools, too */
    int severity;
    bool resolved; /* the last of them says so */
};
/*
 * The alerts among its nodes, in their order: nodes that say that something fires, ended or was
 * taken. Notes and pages of a paging tool are none, nor is what another node tells (same_alert).
 * `ret_episodes` has room for all nodes. Returns how many there are. Pure.
 */
size_t alert_episodes(const struct incident *incident, struct alert_episode *ret_episodes);

/*
 * Where it begins and ends, with the rows that tell it (absent where there is no row). A moment
 * counts that is told (confidence.def) and whose row is there: the start is that of the impact,
 * else detection, else the first key row within declared bounds, else the first row, else the first
 * sign; the end is the last recovery, else the last resolution, else a declared end. Pure.
 */
struct span_rows {
    struct incident_span span;
    const struct entry *start, *end; /* end: the row of the end, else the last (key) row */
    const struct entry *told;        /* of one that is not resolved: what tells the last state */
    bool key_window;                 /* rows stand in, and they are key rows */
};
void incident_span_find(const struct incident *incident, int64_t declared_end_ns,
                        struct span_rows *ret_found);

/* Of what was stored before there was a span, the signs stand in. */
static inline int64_t
incident_start(const struct incident *incident)
{
    return incident->span.outcome == OUTCOME_NONE ? incident->first_ns : incident->span.start_ns;
}

static inline int64_t
incident_end(const struct incident *incident) /* TIME_NONE: not resolved in the records */
{
    return incident->span.outcome == OUTCOME_NONE ? incident->last_ns : incident->span.end_ns;
}

/* What people say of it with this verb, or NULL: the decision that counts. */
const struct decided *incident_said(const struct incident *incident, enum decision_verb verb);
/* The note that an entry is, or NULL: a record tells it. */
const struct decided *incident_note(const struct incident *incident, const struct entry *entry);
/* The decision that this row proves the milestone, or NULL: a record says so. */
const struct decided *
incident_said_moment(const struct incident *incident, const struct milestone_row *row);
/* The decision that hides a row, by the beginning of the id of its entry or by the uid of its event
 * in hex; NULL: none does. */
const struct decided *incident_hides(const struct incident *incident, struct sv row);
/* Rows that people hid. */
size_t incident_hidden(const struct incident *incident);
/* Decisions that found nothing of what they name. */
size_t incident_unmatched(const struct incident *incident);

/* An incident as stored, with its display number ("INC-2026-0042", empty when it has none). */
struct stored_incident {
    int64_t incident_no; /* internal, of this database */
    struct sv scope;
    struct sv number;
    struct sv digest_hex;
    struct incident incident; /* nodes and entries only where loaded in full */
};

/* What people call it: its number, else its key. */
static inline struct sv
stored_incident_name(const struct stored_incident *stored)
{
    return sv_empty(stored->number) ? stored->incident.incident_key : stored->number;
}

/* Who or what a row is about, shortest useful form. */
static inline struct sv
entry_subject(const struct entry *entry)
{
    if (!sv_empty(entry->actor))
        return entry->actor;
    if (!sv_empty(entry->service))
        return entry->service;
    return sv_empty(entry->host) ? entry->source : entry->host;
}

/* Order of milestones in an incident, for qsort(): by milestone, time, entry. */
int milestone_row_order(const void *left, const void *right);

#endif
