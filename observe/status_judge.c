/*
 * What the database and the broker say, put side by side and judged: see status.h. Pure.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "observe/status.h"

#define EXIT_ATTENTION 1

const char *const problem_words[PROBLEM_KINDS] = {
#define PROBLEM(word, when) #word,
#include "observe/status_problems.def"
#undef PROBLEM
};

/* ---- merging ---- */

static const struct partition_end *
find_end(const struct broker_answer *broker, struct sv cluster_id, struct sv topic,
         int32_t partition)
{
    if (!sv_eq(cluster_id, broker->cluster_id))
        return NULL;
    for (size_t i = 0; i < broker->count; i++)
        if (broker->ends[i].partition == partition && sv_eq(broker->ends[i].topic, topic))
            return &broker->ends[i];
    return NULL;
}

static void
measure(struct partition_status *at, const struct partition_end *end, bool from_latest,
        int64_t now_ns)
{
    at->end = end == NULL ? -1 : end->high;
    if (end == NULL)
        at->lag = -1;
    else if (at->db.next_offset >= 0)
        at->lag = end->high > at->db.next_offset ? end->high - at->db.next_offset : 0;
    else
        at->lag = from_latest ? 0 : end->high - end->low;
    if (at->lag == 0)
        at->event_lag_ns = 0;
    else if (at->lag < 0 || at->db.max_event_ns == TIME_NONE)
        at->event_lag_ns = -1;
    else
        at->event_lag_ns = now_ns > at->db.max_event_ns ? now_ns - at->db.max_event_ns : 0;
}

static bool
known(const struct store_status *db, struct sv cluster_id, const struct partition_end *end)
{
    for (size_t i = 0; i < db->stream_count; i++)
        if (db->streams[i].partition == end->partition && sv_eq(db->streams[i].topic, end->topic) &&
            sv_eq(db->streams[i].cluster_id, cluster_id))
            return true;
    return false;
}

void
status_merge(struct status *status, bool from_latest, struct arena *arena)
{
    const struct store_status *db = &status->db;
    const struct broker_answer *broker = &status->broker;
    status->partition_count = 0;
    status->partitions =
        ARENA_ARRAY(arena, struct partition_status, db->stream_count + broker->count + 1);
    for (size_t i = 0; i < db->stream_count; i++) {
        const struct stream_status *stream = &db->streams[i];
        if (!stream->current)
            continue;
        struct partition_status *at = &status->partitions[status->partition_count++];
        at->db = *stream;
        measure(at, find_end(broker, stream->cluster_id, stream->topic, stream->partition),
                from_latest, db->now_ns);
    }
    for (size_t i = 0; i < broker->count; i++) {
        const struct partition_end *end = &broker->ends[i];
        if (known(db, broker->cluster_id, end))
            continue;
        struct partition_status *at = &status->partitions[status->partition_count++];
        at->db = (struct stream_status){.cluster_id = broker->cluster_id,
                                        .topic = end->topic,
                                        .incarnation = 1,
                                        .partition = end->partition,
                                        .current = true,
                                        .adds_up = true,
                                        .first_offset = -1,
                                        .next_offset = -1,
                                        .max_event_ns = TIME_NONE,
                                        .last_commit_ns = TIME_NONE};
        measure(at, end, from_latest, db->now_ns);
    }
}

/* ---- judging ---- */

/* PROBLEM_KINDS: none. */
static enum problem_kind
standstill(const struct partition_status *at, int64_t now_ns, int64_t stalled_ns)
{
    if (at->lag <= 0)
        return PROBLEM_KINDS;
    if (!at->db.owner_connected)
        return PROBLEM_no_owner;
    if (at->db.last_commit_ns == TIME_NONE || now_ns - at->db.last_commit_ns > stalled_ns)
        return PROBLEM_stalled;
    return PROBLEM_KINDS;
}

bool
status_suspicious(const struct status *status, const struct status_limits *limits)
{
    for (size_t i = 0; i < status->partition_count; i++)
        if (standstill(&status->partitions[i], status->db.now_ns, limits->stalled_ns) !=
            PROBLEM_KINDS)
            return true;
    return false;
}

static bool
same_partition(const struct stream_status *a, const struct stream_status *b)
{
    return a->partition == b->partition && a->incarnation == b->incarnation &&
           sv_eq(a->topic, b->topic) && sv_eq(a->cluster_id, b->cluster_id);
}

static bool
stood_still(const struct partition_status *at, const struct status *before,
            const struct status_limits *limits)
{
    for (size_t i = 0; before != NULL && i < before->partition_count; i++) {
        const struct partition_status *was = &before->partitions[i];
        if (same_partition(&at->db, &was->db))
            return at->db.next_offset == was->db.next_offset &&
                   standstill(was, before->db.now_ns, limits->stalled_ns) != PROBLEM_KINDS;
    }
    return false;
}

struct judging {
    struct status *status;
    struct arena *arena;
};

static void
    PRINTF_LIKE(3, 4) add(struct judging *judging, enum problem_kind kind, const char *format, ...)
{
    struct status *status = judging->status;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    status->problems[status->problem_count++] =
        (struct problem){kind, arena_copy(judging->arena, sv_from(text))};
}

#define PLACE_FMT SV_FMT " partition %d"
#define PLACE(at) SV_ARG((at)->topic), (int)(at)->partition

/* At most four kinds can be told of one partition. */
#define PER_PARTITION 4

static void
judge_partition(struct judging *judging, const struct partition_status *at,
                const struct status *before, const struct status_limits *limits)
{
    const struct stream_status *db = &at->db;
    int64_t now_ns = judging->status->db.now_ns;
    char age[DURATION_TEXT];
    if (at->end >= 0 && db->next_offset > at->end)
        add(judging, PROBLEM_ahead, PLACE_FMT ": stored offset %" PRId64 ", end offset %" PRId64,
            PLACE(db), db->next_offset, at->end);
    enum problem_kind still = standstill(at, now_ns, limits->stalled_ns);
    if (still != PROBLEM_KINDS && !stood_still(at, before, limits))
        still = PROBLEM_KINDS;
    if (still == PROBLEM_no_owner)
        add(judging, still, PLACE_FMT ": %" PRId64 " records wait, nobody reads them", PLACE(db),
            at->lag);
    else if (still == PROBLEM_stalled && db->last_commit_ns == TIME_NONE)
        add(judging, still, PLACE_FMT ": %" PRId64 " records wait, nothing was ever committed",
            PLACE(db), at->lag);
    else if (still == PROBLEM_stalled) {
        duration_format(now_ns - db->last_commit_ns, age);
        add(judging, still, PLACE_FMT ": %" PRId64 " records wait, nothing was committed for %s",
            PLACE(db), at->lag, age);
    }
    if (limits->lag >= 0 && at->lag > limits->lag)
        add(judging, PROBLEM_lag, PLACE_FMT ": %" PRId64 " records, limit %" PRId64, PLACE(db),
            at->lag, limits->lag);
    if (limits->age_ns >= 0 && at->event_lag_ns > limits->age_ns) {
        duration_format(at->event_lag_ns, age);
        add(judging, PROBLEM_age, PLACE_FMT ": %s in event time", PLACE(db), age);
    }
}

static void
judge_ledgers(struct judging *judging)
{
    const struct store_status *db = &judging->status->db;
    for (size_t i = 0; i < db->stream_count; i++)
        if (!db->streams[i].adds_up)
            add(judging, PROBLEM_ledger, PLACE_FMT " incarnation %d", PLACE(&db->streams[i]),
                (int)db->streams[i].incarnation);
}

static void
judge_the_rest(struct judging *judging, const struct status_limits *limits)
{
    const struct status *status = judging->status;
    int64_t quarantined = 0;
    for (size_t i = 0; i < status->db.gap_count; i++) {
        const struct gap_status *gap = &status->db.gaps[i];
        if (gap->from == gap->to)
            add(judging, PROBLEM_gap, PLACE_FMT ": all from offset %" PRId64 " on, if any, " SV_FMT,
                PLACE(gap), gap->from, SV_ARG(gap->kind));
        else
            add(judging, PROBLEM_gap,
                PLACE_FMT ": offsets %" PRId64 " to before %" PRId64 ", " SV_FMT, PLACE(gap),
                gap->from, gap->to, SV_ARG(gap->kind));
    }
    for (size_t i = 0; i < status->db.reason_count; i++)
        quarantined += status->db.reasons[i].records;
    if (limits->quarantine >= 0 && quarantined > limits->quarantine)
        add(judging, PROBLEM_quarantine, "%" PRId64 " records, limit %" PRId64, quarantined,
            limits->quarantine);
    for (size_t i = 0; i < status->db.scope_count; i++) {
        const struct scope_status *scope = &status->db.scopes[i];
        if (limits->behind >= 0 && scope->batches_behind > limits->behind)
            add(judging, PROBLEM_behind, "scope " SV_FMT ": %" PRId64 " batches, limit %" PRId64,
                SV_ARG(scope->scope), scope->batches_behind, limits->behind);
    }
    if (status->broker.state == BROKER_SILENT)
        add(judging, PROBLEM_broker, SV_FMT, SV_ARG(status->broker.reason));
}

void
status_judge(struct status *status, const struct status *before, const struct status_limits *limits,
             struct arena *arena)
{
    struct judging judging = {status, arena};
    size_t most = status->partition_count * PER_PARTITION + status->db.stream_count +
                  status->db.gap_count + status->db.scope_count + 2;
    status->problems = ARENA_ARRAY(arena, struct problem, most);
    status->problem_count = 0;
    judge_ledgers(&judging);
    for (size_t i = 0; i < status->partition_count; i++)
        judge_partition(&judging, &status->partitions[i], before, limits);
    judge_the_rest(&judging, limits);
}

int
status_exit_code(const struct status *status)
{
    int code = 0;
    for (size_t i = 0; i < status->problem_count; i++)
        if (status->problems[i].kind != PROBLEM_broker)
            return EXIT_ATTENTION;
        else
            code = err_exit_code(ERR_BROKER_DOWN);
    return code;
}
