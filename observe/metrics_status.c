/*
 * The numbers of `hindcast status` as metrics, see metrics.h. The samples of one metric have to
 * follow one another, so the partitions are walked once per metric.
 */
#include <stdio.h>

#include "base/clock.h"
#include "observe/metrics.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LABELS_MAX 4

struct place {
    struct metric_label labels[LABELS_MAX]; /* cluster, topic, partition; one is free */
    char partition[16];
};

static void
name_place(struct place *place, const struct partition_status *at)
{
    snprintf(place->partition, sizeof(place->partition), "%d", (int)at->db.partition);
    place->labels[0] = (struct metric_label){"cluster", at->db.cluster_id};
    place->labels[1] = (struct metric_label){"topic", at->db.topic};
    place->labels[2] = (struct metric_label){"partition", sv_from(place->partition)};
}

/* ---- whole numbers: -1 is none ---- */

#define VALUE(name, expression)                                                                    \
    static int64_t value_##name(const struct partition_status *at)                                 \
    {                                                                                              \
        return expression;                                                                         \
    }

VALUE(stored, at->db.next_offset)
VALUE(end, at->end)
VALUE(lag, at->lag)
VALUE(incarnation, at->db.incarnation)
VALUE(holes, at->db.holes)
VALUE(lost, at->db.lost)
VALUE(events, at->db.events)
VALUE(adds_up, at->db.adds_up ? 1 : 0)
VALUE(owner, at->db.owner_connected ? 1 : 0)

static const struct {
    enum metric metric;
    int64_t (*value)(const struct partition_status *at);
} numbers[] = {
    {METRIC_stream_stored_offset, value_stored},  {METRIC_stream_end_offset, value_end},
    {METRIC_stream_lag_records, value_lag},       {METRIC_stream_incarnation, value_incarnation},
    {METRIC_stream_holes_total, value_holes},     {METRIC_stream_lost_total, value_lost},
    {METRIC_stream_events_total, value_events},   {METRIC_stream_ledger_adds_up, value_adds_up},
    {METRIC_stream_owner_connected, value_owner},
};

/* ---- times: TIME_NONE is none ---- */

VALUE(event_lag, at->event_lag_ns < 0 ? TIME_NONE : at->event_lag_ns)
VALUE(last_commit, at->db.last_commit_ns)
VALUE(max_event, at->db.max_event_ns)

static const struct {
    enum metric metric;
    int64_t (*value)(const struct partition_status *at);
} times[] = {
    {METRIC_stream_lag_seconds, value_event_lag},
    {METRIC_stream_last_commit_timestamp_seconds, value_last_commit},
    {METRIC_stream_max_event_timestamp_seconds, value_max_event},
};

static void
add_numbers(struct strbuf *out, const struct status *status)
{
    struct place place;
    for (size_t m = 0; m < COUNT(numbers); m++) {
        metrics_head(out, numbers[m].metric);
        for (size_t i = 0; i < status->partition_count; i++) {
            int64_t value = numbers[m].value(&status->partitions[i]);
            name_place(&place, &status->partitions[i]);
            if (value >= 0)
                metrics_int(out, numbers[m].metric, place.labels, 3, value);
        }
    }
    for (size_t m = 0; m < COUNT(times); m++) {
        metrics_head(out, times[m].metric);
        for (size_t i = 0; i < status->partition_count; i++) {
            int64_t ns = times[m].value(&status->partitions[i]);
            name_place(&place, &status->partitions[i]);
            if (ns != TIME_NONE)
                metrics_real(out, times[m].metric, place.labels, 3, (double)ns / (double)NS_PER_S);
        }
    }
}

static void
add_outcomes(struct strbuf *out, const struct status *status)
{
    struct place place;
    metrics_head(out, METRIC_stream_records_total);
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct stream_status *db = &status->partitions[i].db;
        const struct {
            const char *outcome;
            int64_t records;
        } outcomes[] = {{"stored", db->stored},
                        {"condensed", db->condensed},
                        {"empty", db->empty},
                        {"tombstone", db->tombstones},
                        {"quarantined", db->quarantined}};
        name_place(&place, &status->partitions[i]);
        for (size_t o = 0; o < COUNT(outcomes); o++) {
            place.labels[3] = (struct metric_label){"outcome", sv_from(outcomes[o].outcome)};
            metrics_int(out, METRIC_stream_records_total, place.labels, 4, outcomes[o].records);
        }
    }
}

static void
add_rates(struct strbuf *out, const struct status *status, enum metric metric)
{
    struct place place;
    bool records = metric == METRIC_stream_records_per_second;
    metrics_head(out, metric);
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct stream_status *db = &status->partitions[i].db;
        name_place(&place, &status->partitions[i]);
        place.labels[3] = (struct metric_label){"window", SV("1m")};
        metrics_real(out, metric, place.labels, 4,
                     (double)(records ? db->records_1m : db->events_1m) / 60);
        place.labels[3].value = SV("10m");
        metrics_real(out, metric, place.labels, 4,
                     (double)(records ? db->records_10m : db->events_10m) / 600);
    }
}

static void
add_reading(struct strbuf *out, const struct topic_reading *at)
{
    struct metric_label labels[] = {{"cluster", at->cluster_id},
                                    {"topic", at->topic},
                                    {"format", status_format(at)},
                                    {"time_source", SV("")}};
    for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++) {
        labels[3].value = sv_from(time_source_word((enum time_source)source));
        if (at->events[source] != 0)
            metrics_int(out, METRIC_topic_events_total, labels, 4, at->events[source]);
    }
    labels[3].value = SV("uncounted");
    if (at->uncounted != 0)
        metrics_int(out, METRIC_topic_events_total, labels, 4, at->uncounted);
}

/* Rows of one topic follow one another; what is 0 everywhere has no sample. */
static void
add_readings(struct strbuf *out, const struct store_status *db)
{
    metrics_head(out, METRIC_topic_events_total);
    for (size_t i = 0; i < db->reading_count; i++)
        add_reading(out, &db->readings[i]);
    metrics_head(out, METRIC_topic_manifests_total);
    for (size_t i = 0, next; i < db->reading_count; i = next) {
        const struct topic_reading *at = &db->readings[i];
        const struct metric_label labels[] = {{"cluster", at->cluster_id}, {"topic", at->topic}};
        int64_t manifests = 0;
        for (next = i; next < db->reading_count && sv_eq(db->readings[next].topic, at->topic) &&
                       sv_eq(db->readings[next].cluster_id, at->cluster_id);
             next++)
            manifests += db->readings[next].manifests;
        metrics_int(out, METRIC_topic_manifests_total, labels, 2, manifests);
    }
    metrics_head(out, METRIC_topic_quarantined_total);
    for (size_t i = 0; i < db->reading_count; i++) {
        const struct topic_reading *at = &db->readings[i];
        const struct metric_label labels[] = {
            {"cluster", at->cluster_id}, {"topic", at->topic}, {"format", status_format(at)}};
        if (at->quarantined != 0)
            metrics_int(out, METRIC_topic_quarantined_total, labels, 3, at->quarantined);
    }
}

static void
add_scope_time(struct strbuf *out, enum metric metric, const struct scope_status *scope, int64_t ns)
{
    const struct metric_label label = {"scope", scope->scope};
    if (ns != TIME_NONE)
        metrics_real(out, metric, &label, 1, (double)ns / (double)NS_PER_S);
}

static void
add_scopes(struct strbuf *out, const struct store_status *db)
{
    metrics_head(out, METRIC_scope_watermark_timestamp_seconds);
    for (size_t i = 0; i < db->scope_count; i++)
        add_scope_time(out, METRIC_scope_watermark_timestamp_seconds, &db->scopes[i],
                       db->scopes[i].watermark_ns);
    metrics_head(out, METRIC_scope_newest_event_timestamp_seconds);
    for (size_t i = 0; i < db->scope_count; i++)
        add_scope_time(out, METRIC_scope_newest_event_timestamp_seconds, &db->scopes[i],
                       db->scopes[i].newest_ns);
    metrics_head(out, METRIC_scope_batches_behind);
    for (size_t i = 0; i < db->scope_count; i++)
        metrics_int(out, METRIC_scope_batches_behind,
                    &(struct metric_label){"scope", db->scopes[i].scope}, 1,
                    db->scopes[i].batches_behind);
}

static void
add_decoding(struct strbuf *out, const struct decoding_status *decoding)
{
    if (sv_empty(decoding->digest))
        return;
    metrics_head(out, METRIC_decoding_info);
    metrics_int(out, METRIC_decoding_info, &(struct metric_label){"digest", decoding->digest}, 1,
                1);
    metrics_one(out, METRIC_decoding_partitions, decoding->partitions);
    metrics_one(out, METRIC_decoding_partitions_behind, decoding->behind);
}

static void
add_problems(struct strbuf *out, const struct status *status)
{
    int64_t counts[PROBLEM_KINDS] = {0};
    for (size_t i = 0; i < status->problem_count; i++)
        counts[status->problems[i].kind]++;
    metrics_head(out, METRIC_attention);
    for (size_t i = 0; i < PROBLEM_KINDS; i++)
        metrics_int(out, METRIC_attention,
                    &(struct metric_label){"problem", sv_from(problem_words[i])}, 1, counts[i]);
}

void
metrics_status(struct strbuf *out, const struct status *status)
{
    const struct store_status *db = &status->db;
    if (status->broker.state != BROKER_NOT_ASKED)
        metrics_one(out, METRIC_broker_up, status->broker.state == BROKER_ANSWERS ? 1 : 0);
    add_numbers(out, status);
    add_outcomes(out, status);
    add_rates(out, status, METRIC_stream_records_per_second);
    add_rates(out, status, METRIC_stream_events_per_second);
    add_readings(out, db);
    add_scopes(out, db);
    metrics_head(out, METRIC_quarantine_open);
    for (size_t i = 0; i < db->reason_count; i++)
        metrics_int(out, METRIC_quarantine_open,
                    &(struct metric_label){"reason", db->reasons[i].reason}, 1,
                    db->reasons[i].records);
    add_decoding(out, &db->decoding);
    metrics_one(out, METRIC_source_gaps, (int64_t)db->gap_count);
    add_problems(out, status);
}
