/*
 * Where the whole stands, for people, for monitoring and for /metrics: what the database knows
 * (store/status/status.h) put beside the end offsets that the broker tells, and judged against
 * limits. docs/status.md defines every number.
 *
 * Merging, judging and rendering are pure; asking the broker blocks for at most the budget given.
 * One thread; everything lives in the arena.
 */
#ifndef OBSERVE_STATUS_H
#define OBSERVE_STATUS_H

#include "base/config/config.h"
#include "base/strbuf.h"
#include "ingest/source/kafka/consumer.h"
#include "store/status/status.h"

/* ---- the broker (status_broker.c) ---- */

enum broker_state {
    BROKER_NOT_ASKED, /* none configured, or not wanted */
    BROKER_ANSWERS,
    BROKER_SILENT, /* for some partitions or for all; `reason` says why */
};

struct partition_end {
    struct sv topic;
    int32_t partition;
    int64_t low, high; /* first offset retained, and the one the next record will get */
};

struct broker_answer {
    enum broker_state state;
    struct sv cluster_id; /* absent: not known */
    struct sv reason;
    struct partition_end *ends; /* by topic as configured, then partition */
    size_t count;
};

struct status_broker {
    const struct config *config;
    struct kafka_consumer *consumer; /* opened at the first question */
};

/* Asks about the configured topics and those of `db`; takes at most about `budget_ns`. */
void
status_broker_ask(struct status_broker *broker, struct arena *arena, const struct store_status *db,
                  int64_t budget_ns, struct broker_answer *ret_answer);
void status_broker_release(struct status_broker *broker);

/* ---- merging and judging (status_judge.c) ---- */

enum problem_kind {
#define PROBLEM(word, when) PROBLEM_##word,
#include "observe/status_problems.def"
#undef PROBLEM
    PROBLEM_KINDS
};

struct problem {
    enum problem_kind kind;
    struct sv text;
};

/* One partition: of the newest incarnation, or of a topic where nobody ever read it. */
struct partition_status {
    struct stream_status db; /* stream_id 0: never claimed */
    int64_t end;             /* -1: not known */
    int64_t lag;             /* records; -1: not known */
    int64_t event_lag_ns;    /* -1: not known */
};

/* -1: no limit. */
struct status_limits {
    int64_t lag, age_ns, quarantine, behind;
    int64_t stalled_ns, gaps_ns;
};

struct status {
    struct store_status db;
    struct broker_answer broker;
    struct sv own_digest, own_decoding; /* what the files of this process say; absent: not known */
    struct partition_status *partitions;
    size_t partition_count;
    struct problem *problems;
    size_t problem_count;
};

extern const char *const problem_words[PROBLEM_KINDS];

/* `from_latest`: kafka.start is latest, so what lies in a partition never read will not be read. */
void status_merge(struct status *status, bool from_latest, struct arena *arena);
/* Records wait and nothing seems to happen: worth a second look, because it may be a moment only.
 */
bool status_suspicious(const struct status *status, const struct status_limits *limits);
/*
 * Fills in the problems. no_owner and stalled are told only where `before` (may be NULL), read a
 * while ago, shows the same offset and the same trouble.
 */
void status_judge(struct status *status, const struct status *before,
                  const struct status_limits *limits, struct arena *arena);
/* 0, 1, or 5 when the broker is all there is to complain about. */
int status_exit_code(const struct status *status);

/* The name of a format in tables and labels. */
struct sv status_format(const struct topic_reading *reading);

/* ---- showing (render_status.c, json_status.c) ---- */

/* Times in the zone in use; `columns` cuts details (0: never). */
void render_status(const struct status *status, size_t columns, struct strbuf *out);
/* One JSON object, one line. */
void render_status_json(const struct status *status, struct strbuf *out);

#endif
