/*
 * Status as tables for people: see status.h. Pure but for the time zone in use.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "observe/status.h"
#include "report/render/style.h"
#include "report/render/table.h"

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

static void
cell_number(struct table *table, int64_t value)
{
    if (value < 0)
        table_cell(table, SV("?"));
    else
        table_cellf(table, "%" PRId64, value);
}

static void
cell_time(struct table *table, int64_t ns)
{
    char text[TIME_TEXT];
    if (ns == TIME_NONE) {
        table_cell(table, SV("-"));
        return;
    }
    time_format_zone(ns, text);
    table_cell(table, sv_from(text));
}

static void
cell_duration(struct table *table, int64_t ns)
{
    char text[DURATION_TEXT];
    if (ns < 0) {
        table_cell(table, SV("?"));
        return;
    }
    duration_format(ns, text);
    table_cell(table, sv_from(text));
}

static void
cell_rate(struct table *table, int64_t count, int seconds)
{
    table_cellf(table, "%.1f", (double)count / seconds);
}

static void
cell_owner(struct table *table, const struct stream_status *stream)
{
    if (sv_empty(stream->owner))
        table_cell(table, SV("-"));
    else
        table_cellf(table, SV_FMT "%s", SV_ARG(stream->owner),
                    stream->owner_connected ? "" : " (gone)");
}

static void
add_partitions(const struct status *status, size_t columns, struct strbuf *out)
{
    static const char *const names[] = {"TOPIC",    ">PART",      ">STORED",     ">END",
                                        ">LAG",     ">EVENT LAG", ">REC/S 1m",   ">10m",
                                        ">EV/S 1m", ">10m",       "LAST COMMIT", "OWNER"};
    struct table table;
    table_init(&table, names, COUNT(names));
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct partition_status *at = &status->partitions[i];
        table_cell(&table, at->db.topic);
        cell_number(&table, at->db.partition);
        if (at->db.next_offset < 0)
            table_cell(&table, SV("-"));
        else
            cell_number(&table, at->db.next_offset);
        cell_number(&table, at->end);
        cell_number(&table, at->lag);
        cell_duration(&table, at->event_lag_ns);
        cell_rate(&table, at->db.records_1m, 60);
        cell_rate(&table, at->db.records_10m, 600);
        cell_rate(&table, at->db.events_1m, 60);
        cell_rate(&table, at->db.events_10m, 600);
        cell_time(&table, at->db.last_commit_ns);
        cell_owner(&table, &at->db);
    }
    table_print(&table, columns, out);
    table_release(&table);
}

static void
add_ledger(const struct status *status, size_t columns, struct strbuf *out)
{
    static const char *const names[] = {
        "LEDGER OF",   ">INC",         ">PART",  ">RECORDS", ">STORED", ">CONDENSED", ">EMPTY",
        ">TOMBSTONES", ">QUARANTINED", ">HOLES", ">LOST",    ">EVENTS", "ADDS UP"};
    struct table table;
    table_init(&table, names, COUNT(names));
    for (size_t i = 0; i < status->db.stream_count; i++) {
        const struct stream_status *at = &status->db.streams[i];
        const int64_t numbers[] = {at->incarnation, at->partition, at->records,    at->stored,
                                   at->condensed,   at->empty,     at->tombstones, at->quarantined,
                                   at->holes,       at->lost,      at->events};
        table_cell(&table, at->topic);
        for (size_t j = 0; j < COUNT(numbers); j++)
            cell_number(&table, numbers[j]);
        table_cell(&table, at->adds_up ? SV("yes") : SV("NO"));
    }
    table_print(&table, columns, out);
    table_release(&table);
}

static void
add_scopes(const struct status *status, size_t columns, struct strbuf *out)
{
    static const char *const names[] = {"SCOPE", "WATERMARK", "NEWEST EVENT", ">BATCHES BEHIND",
                                        "HELD BY"};
    struct table table;
    table_init(&table, names, COUNT(names));
    for (size_t i = 0; i < status->db.scope_count; i++) {
        const struct scope_status *at = &status->db.scopes[i];
        table_cell(&table, at->scope);
        cell_time(&table, at->watermark_ns);
        cell_time(&table, at->newest_ns);
        cell_number(&table, at->batches_behind);
        if (sv_empty(at->held_by_topic))
            table_cell(&table, SV("-"));
        else
            table_cellf(&table, SV_FMT " %d", SV_ARG(at->held_by_topic), at->held_by_partition);
    }
    table_print(&table, columns, out);
    table_release(&table);
}

static void
add_quarantine(const struct status *status, size_t columns, struct strbuf *out)
{
    static const char *const names[] = {"QUARANTINE", ">RECORDS", "FOR EXAMPLE", ">INC",
                                        ">PART",      ">OFFSET",  "FORMAT",      "DETAIL"};
    struct table table;
    table_init(&table, names, COUNT(names));
    for (size_t i = 0; i < status->db.reason_count; i++) {
        const struct reason_status *at = &status->db.reasons[i];
        table_cell(&table, at->reason);
        cell_number(&table, at->records);
        table_cell(&table, at->topic);
        cell_number(&table, at->incarnation);
        cell_number(&table, at->partition);
        cell_number(&table, at->offset);
        table_cell(&table, sv_empty(at->format_guess) ? SV("-") : at->format_guess);
        table_cell(&table, at->detail);
    }
    table_print(&table, columns, out);
    table_release(&table);
}

struct sv
status_format(const struct topic_reading *reading)
{
    if (reading->others)
        return SV("(others)");
    return sv_empty(reading->format) ? SV("(unknown)") : reading->format;
}

/* The last column is there where something was not counted. */
static void
add_readings(const struct status *status, size_t columns, struct strbuf *out)
{
    static const char *const names[] = {
        "READ FROM",  "FORMAT", ">NATIVE",  ">ASSUMED ZONE", ">ASSUMED YEAR", ">ASSUMED DATE",
        ">INHERITED", ">KAFKA", ">NO TIME", ">MANIFESTS",    ">QUARANTINED",  ">NOT COUNTED"};
    struct table table;
    bool uncounted = false;
    for (size_t i = 0; i < status->db.reading_count; i++)
        uncounted |= status->db.readings[i].uncounted != 0;
    table_init(&table, names, uncounted ? COUNT(names) : COUNT(names) - 1);
    for (size_t i = 0; i < status->db.reading_count; i++) {
        const struct topic_reading *at = &status->db.readings[i];
        table_cell(&table, at->topic);
        table_cell(&table, status_format(at));
        for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++)
            table_cellf(&table, "%" PRId64, at->events[source]);
        table_cellf(&table, "%" PRId64, at->manifests);
        table_cellf(&table, "%" PRId64, at->quarantined);
        if (uncounted)
            table_cellf(&table, "%" PRId64, at->uncounted);
    }
    table_print(&table, columns, out);
    table_release(&table);
}

static void
add_problems(const struct status *status, struct strbuf *out)
{
    if (status->problem_count == 0) {
        strbuf_add_text(out, "\nnothing needs attention\n");
        return;
    }
    strbuf_addf(out, "\n%sNEEDS ATTENTION%s\n", render_style_on(STYLE_ALARM),
                render_style_off(STYLE_ALARM));
    for (size_t i = 0; i < status->problem_count; i++) {
        strbuf_addf(out, "  %s%-10s%s  ", render_style_on(STYLE_ALARM),
                    problem_words[status->problems[i].kind], render_style_off(STYLE_ALARM));
        escape_terminal(out, status->problems[i].text);
        strbuf_add_char(out, '\n');
    }
}

static void
add_head(const struct status *status, struct strbuf *out)
{
    static const char *const words[] = {
        [BROKER_NOT_ASKED] = "end offsets not asked for",
        [BROKER_ANSWERS] = "the broker answers",
        [BROKER_SILENT] = "end offsets are missing",
    };
    char now[TIME_TEXT];
    time_format_zone(status->db.now_ns, now);
    strbuf_addf(out, "%s, %s", now, words[status->broker.state]);
    if (!sv_empty(status->broker.reason)) {
        strbuf_add_text(out, ": ");
        escape_terminal(out, status->broker.reason);
    } else if (!sv_empty(status->broker.cluster_id)) {
        strbuf_add_text(out, ", cluster ");
        escape_terminal(out, status->broker.cluster_id);
    }
    strbuf_add_char(out, '\n');
}

/* What the files of this process say, and what counts; both are known. */
static bool
differ(struct sv own, struct sv applied)
{
    return !sv_empty(own) && !sv_empty(applied) && !sv_eq(own, applied);
}

static void
add_configuration(const struct status *status, struct strbuf *out)
{
    char time[TIME_TEXT];
    if (sv_empty(status->db.config_digest))
        return;
    time_format_zone(status->db.applied_ns, time);
    strbuf_addf(out, "configuration %.12s, applied %s by ", status->db.config_digest.ptr, time);
    escape_terminal(out, status->db.applied_by);
    if (differ(status->own_digest, status->db.config_digest))
        strbuf_addf(out,
                    "; the files of this process have another one, %.12s, which does not count "
                    "(hindcast config apply)",
                    status->own_digest.ptr);
    strbuf_add_char(out, '\n');
}

static void
add_decoding(const struct status *status, struct strbuf *out)
{
    const struct decoding_status *decoding = &status->db.decoding;
    char time[TIME_TEXT];
    if (sv_empty(decoding->digest))
        return;
    time_format_zone(decoding->applied_ns, time);
    strbuf_addf(out, "decoding options %.12s, applied %s by ", decoding->digest.ptr, time);
    escape_terminal(out, decoding->applied_by);
    if (decoding->partitions == 0)
        strbuf_add_text(out, "; no worker holds a partition");
    else if (decoding->behind == 0)
        strbuf_add_text(out, "; all workers use them");
    else
        strbuf_addf(out, "; the workers of %lld of %lld partitions are about to take them up",
                    (long long)decoding->behind, (long long)decoding->partitions);
    if (differ(status->own_decoding, decoding->digest))
        strbuf_addf(out,
                    "; the files of this process have other ones, %.12s, which do not count "
                    "(hindcast config apply)",
                    status->own_decoding.ptr);
    strbuf_add_char(out, '\n');
}

/* Only where there is something to make. */
static void
add_lines(const struct lines_status *lines, struct strbuf *out)
{
    if (lines->unindexed == 0)
        return;
    strbuf_addf(
        out,
        "log lines: the words of %lld of %lld partitions that are over are not indexed yet, since ",
        (long long)lines->unindexed, (long long)lines->closed);
    escape_terminal(out, lines->since);
    strbuf_add_text(out, " (hindcast retention)\n");
}

void
render_status(const struct status *status, size_t columns, struct strbuf *out)
{
    add_head(status, out);
    add_configuration(status, out);
    add_decoding(status, out);
    add_lines(&status->db.lines, out);
    if (status->partition_count == 0)
        strbuf_add_text(out, "\nnothing was read yet\n");
    const struct {
        void (*add)(const struct status *status, size_t columns, struct strbuf *out);
        size_t rows;
    } parts[] = {
        {add_partitions, status->partition_count}, {add_ledger, status->db.stream_count},
        {add_readings, status->db.reading_count},  {add_scopes, status->db.scope_count},
        {add_quarantine, status->db.reason_count},
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (parts[i].rows == 0)
            continue;
        strbuf_add_char(out, '\n');
        parts[i].add(status, columns, out);
    }
    add_problems(status, out);
}
