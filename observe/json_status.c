/*
 * Status as one JSON object: see status.h; docs/status.md names the members. Pure.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/text/json_writer.h"
#include "observe/status.h"

/* null where it is not known. */
static void
put_known(struct strbuf *out, const char *name, int64_t value)
{
    if (value >= 0) {
        json_put_int(out, name, value);
        return;
    }
    json_put_name(out, name);
    strbuf_add_text(out, "null");
}

static void
put_rate(struct strbuf *out, const char *name, int64_t count, int seconds)
{
    json_put_name(out, name);
    strbuf_addf(out, "%.3f", (double)count / seconds);
}

static void
begin(struct strbuf *out, const char *name)
{
    json_put_name(out, name);
    strbuf_add_char(out, '[');
}

static void
put_ledger(struct strbuf *out, const struct stream_status *at)
{
    json_put_int(out, "records", at->records);
    json_put_int(out, "stored", at->stored);
    json_put_int(out, "condensed", at->condensed);
    json_put_int(out, "empty", at->empty);
    json_put_int(out, "tombstones", at->tombstones);
    json_put_int(out, "quarantined", at->quarantined);
    json_put_int(out, "holes", at->holes);
    json_put_int(out, "lost", at->lost);
    json_put_int(out, "events", at->events);
    json_put_bool(out, "adds_up", at->adds_up);
}

static void
put_place(struct strbuf *out, struct sv topic, int32_t incarnation, int32_t partition)
{
    json_put(out, "topic", topic);
    json_put_int(out, "incarnation", incarnation);
    json_put_int(out, "partition", partition);
}

static void
put_partition(struct strbuf *out, const struct partition_status *at)
{
    json_put(out, "cluster_id", at->db.cluster_id);
    put_place(out, at->db.topic, at->db.incarnation, at->db.partition);
    put_known(out, "first_offset", at->db.first_offset);
    put_known(out, "stored_offset", at->db.next_offset);
    put_known(out, "end_offset", at->end);
    put_known(out, "lag", at->lag);
    put_known(out, "event_lag_ms", at->event_lag_ns < 0 ? -1 : at->event_lag_ns / NS_PER_MS);
    put_rate(out, "records_per_second_1m", at->db.records_1m, 60);
    put_rate(out, "records_per_second_10m", at->db.records_10m, 600);
    put_rate(out, "events_per_second_1m", at->db.events_1m, 60);
    put_rate(out, "events_per_second_10m", at->db.events_10m, 600);
    json_put_time(out, "max_event_time", at->db.max_event_ns);
    json_put_time(out, "last_commit", at->db.last_commit_ns);
    json_put(out, "owner", at->db.owner);
    json_put_bool(out, "owner_connected", at->db.owner_connected);
    put_ledger(out, &at->db);
}

static void
put_older(struct strbuf *out, const struct stream_status *at)
{
    json_put(out, "cluster_id", at->cluster_id);
    put_place(out, at->topic, at->incarnation, at->partition);
    put_known(out, "first_offset", at->first_offset);
    put_known(out, "stored_offset", at->next_offset);
    put_ledger(out, at);
}

static void
put_scope(struct strbuf *out, const struct scope_status *at)
{
    json_put(out, "scope", at->scope);
    json_put_time(out, "watermark", at->watermark_ns);
    json_put_time(out, "newest_event_time", at->newest_ns);
    json_put_int(out, "batches_behind", at->batches_behind);
    json_put(out, "held_by_topic", at->held_by_topic);
    put_known(out, "held_by_partition", sv_empty(at->held_by_topic) ? -1 : at->held_by_partition);
}

static void
put_reason(struct strbuf *out, const struct reason_status *at)
{
    json_put(out, "reason", at->reason);
    json_put_int(out, "records", at->records);
    json_put_name(out, "example");
    strbuf_add_char(out, '{');
    put_place(out, at->topic, at->incarnation, at->partition);
    json_put_int(out, "offset", at->offset);
    json_put(out, "format_guess", at->format_guess);
    json_put(out, "detail", at->detail);
    strbuf_add_char(out, '}');
}

static void
put_reading(struct strbuf *out, const struct topic_reading *at)
{
    json_put(out, "cluster_id", at->cluster_id);
    json_put(out, "topic", at->topic);
    json_put(out, "format", at->format);
    json_put_bool(out, "others", at->others);
    for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++)
        json_put_int(out, time_source_word((enum time_source)source), at->events[source]);
    json_put_int(out, "manifests", at->manifests);
    json_put_int(out, "quarantined", at->quarantined);
    json_put_int(out, "uncounted", at->uncounted);
}

static void
put_gap(struct strbuf *out, const struct gap_status *at)
{
    put_place(out, at->topic, at->incarnation, at->partition);
    json_put_int(out, "from_offset", at->from);
    json_put_int(out, "to_offset", at->to);
    json_put(out, "kind", at->kind);
    json_put_time(out, "seen_at", at->seen_ns);
}

static void
put_problem(struct strbuf *out, const struct problem *at)
{
    json_put(out, "problem", sv_from(problem_words[at->kind]));
    json_put(out, "text", at->text);
}

#define PUT_ARRAY(out, name, put, items, count)                                                    \
    do {                                                                                           \
        begin(out, name);                                                                          \
        for (size_t i_ = 0; i_ < (count); i_++) {                                                  \
            json_put_comma(out);                                                                   \
            strbuf_add_char(out, '{');                                                             \
            put(out, &(items)[i_]);                                                                \
            strbuf_add_char(out, '}');                                                             \
        }                                                                                          \
        strbuf_add_char(out, ']');                                                                 \
    } while (0)

static void
put_older_incarnations(struct strbuf *out, const struct store_status *db)
{
    begin(out, "older_incarnations");
    for (size_t i = 0; i < db->stream_count; i++) {
        if (db->streams[i].current)
            continue;
        json_put_comma(out);
        strbuf_add_char(out, '{');
        put_older(out, &db->streams[i]);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

static void
put_configuration(struct strbuf *out, const struct status *status)
{
    json_put(out, "config_digest", status->db.config_digest);
    json_put_time(out, "applied_at",
                  sv_empty(status->db.config_digest) ? TIME_NONE : status->db.applied_ns);
    json_put(out, "applied_by", status->db.applied_by);
    json_put(out, "own_config_digest", status->own_digest);
}

static void
put_decoding(struct strbuf *out, const struct status *status)
{
    const struct decoding_status *decoding = &status->db.decoding;
    bool any = !sv_empty(decoding->digest);
    json_put(out, "decoding_digest", decoding->digest);
    json_put_time(out, "decoding_applied_at", any ? decoding->applied_ns : TIME_NONE);
    json_put(out, "decoding_applied_by", decoding->applied_by);
    put_known(out, "decoding_partitions", any ? decoding->partitions : -1);
    put_known(out, "decoding_partitions_behind", any ? decoding->behind : -1);
    json_put(out, "own_decoding_digest", status->own_decoding);
}

static void
put_lines(struct strbuf *out, const struct lines_status *lines)
{
    json_put_int(out, "log_partitions_over", lines->closed);
    json_put_int(out, "log_partitions_unindexed", lines->unindexed);
    json_put(out, "log_unindexed_since", lines->since);
}

void
render_status_json(const struct status *status, struct strbuf *out)
{
    static const char *const states[] = {
        [BROKER_NOT_ASKED] = "not asked", [BROKER_ANSWERS] = "answers", [BROKER_SILENT] = "silent"};
    const struct store_status *db = &status->db;
    strbuf_add_char(out, '{');
    json_put_time(out, "time", db->now_ns);
    json_put(out, "broker", sv_from(states[status->broker.state]));
    json_put(out, "broker_reason", status->broker.reason);
    json_put(out, "cluster_id", status->broker.cluster_id);
    put_configuration(out, status);
    put_decoding(out, status);
    put_lines(out, &status->db.lines);
    PUT_ARRAY(out, "partitions", put_partition, status->partitions, status->partition_count);
    put_older_incarnations(out, db);
    PUT_ARRAY(out, "read", put_reading, db->readings, db->reading_count);
    PUT_ARRAY(out, "scopes", put_scope, db->scopes, db->scope_count);
    PUT_ARRAY(out, "quarantine", put_reason, db->reasons, db->reason_count);
    PUT_ARRAY(out, "gaps", put_gap, db->gaps, db->gap_count);
    PUT_ARRAY(out, "attention", put_problem, status->problems, status->problem_count);
    json_put_int(out, "exit_code", status_exit_code(status));
    strbuf_add_text(out, "}\n");
}
