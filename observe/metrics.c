/*
 * Writing Prometheus text, see metrics.h. Called by monitor.c.
 */
#include "observe/metrics.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text/escape.h"

#define PREFIX "hindcast_"

static const struct {
    const char *name, *type, *labels, *help;
} metrics[METRIC_COUNT] = {
#define METRIC(name, type, labels, help) {PREFIX #name, #type, labels, help},
#include "observe/metrics.def"
#undef METRIC
};

static void
add_name(struct strbuf *out, enum metric metric, const struct metric_label *labels, size_t count)
{
    strbuf_add_text(out, metrics[metric].name);
    for (size_t i = 0; i < count; i++) {
        strbuf_addf(out, "%c%s=\"", i == 0 ? '{' : ',', labels[i].name);
        escape_label(out, labels[i].value);
        strbuf_add_char(out, '"');
    }
    strbuf_add_text(out, count > 0 ? "} " : " ");
}

void
metrics_head(struct strbuf *out, enum metric metric)
{
    strbuf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", metrics[metric].name, metrics[metric].help,
                metrics[metric].name, metrics[metric].type);
}

void
metrics_int(struct strbuf *out, enum metric metric, const struct metric_label *labels, size_t count,
            int64_t value)
{
    add_name(out, metric, labels, count);
    strbuf_addf(out, "%" PRId64 "\n", value);
}

void
metrics_real(struct strbuf *out, enum metric metric, const struct metric_label *labels,
             size_t count, double value)
{
    add_name(out, metric, labels, count);
    strbuf_addf(out, "%.3f\n", value);
}

static double
seconds(int64_t ns)
{
    return (double)ns / (double)NS_PER_S;
}

void
metrics_one(struct strbuf *out, enum metric metric, int64_t value)
{
    metrics_head(out, metric);
    metrics_int(out, metric, NULL, 0, value);
}

void
metrics_one_seconds(struct strbuf *out, enum metric metric, int64_t ns)
{
    if (ns == TIME_NONE)
        return;
    metrics_head(out, metric);
    metrics_real(out, metric, NULL, 0, seconds(ns));
}

static void
add_ingest_decoding(struct strbuf *out, const struct ingest_decoding *decoding)
{
    const struct metric_label labels[] = {{"applied", sv_from(decoding->applied)},
                                          {"own", sv_from(decoding->own)}};
    if (decoding->applied[0] == '\0')
        return;
    metrics_head(out, METRIC_ingest_decoding_info);
    metrics_int(out, METRIC_ingest_decoding_info, labels, 2, 1);
    metrics_one(out, METRIC_ingest_decoding_differs, decoding->differs ? 1 : 0);
}

void
metrics_ingest(struct strbuf *out, const struct ingest_progress *progress, int64_t slowest_ns)
{
    metrics_one(out, METRIC_ingest_records_total, progress->records);
    metrics_one(out, METRIC_ingest_events_total, progress->events);
    metrics_one(out, METRIC_ingest_quarantined_total, progress->quarantined);
    metrics_one(out, METRIC_ingest_tombstones_total, progress->tombstones);
    metrics_one(out, METRIC_ingest_bytes_total, progress->bytes);
    metrics_one(out, METRIC_ingest_batches_total, progress->batches);
    metrics_one(out, METRIC_ingest_rebalances_total, progress->rebalances);
    metrics_one(out, METRIC_ingest_fenced_total, progress->fenced);
    metrics_one(out, METRIC_ingest_workers, progress->workers);
    metrics_one(out, METRIC_ingest_assigned_partitions, progress->assigned);
    metrics_one(out, METRIC_ingest_waiting, progress->waiting ? 1 : 0);
    metrics_one_seconds(out, METRIC_ingest_slowest_worker_seconds,
                        slowest_ns < 0 ? TIME_NONE : slowest_ns);
    add_ingest_decoding(out, &progress->decoding);
}

void
metrics_correlate(struct strbuf *out, const struct correlate_progress *progress)
{
    metrics_one(out, METRIC_correlate_rounds_total, progress->rounds);
    metrics_one(out, METRIC_correlate_failures_total, progress->failures);
    metrics_one(out, METRIC_correlate_scopes_total, progress->scopes);
    metrics_one_seconds(out, METRIC_correlate_last_round_timestamp_seconds,
                        progress->last_round_ns);
    metrics_one(out, METRIC_correlate_waiting, progress->waiting ? 1 : 0);
}

void
metrics_print_markdown(struct strbuf *out)
{
    strbuf_add_text(out, "| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < METRIC_COUNT; i++)
        strbuf_addf(out, "| `%s` | %s | %s | %s |\n", metrics[i].name, metrics[i].type,
                    metrics[i].labels, metrics[i].help);
}
