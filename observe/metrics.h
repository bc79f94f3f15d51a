/*
 * Metrics as Prometheus text (format 0.0.4), from the table metrics.def. Pure: adds to a buffer.
 * The samples of one metric follow its head; each metric appears once.
 */
#ifndef OBSERVE_METRICS_H
#define OBSERVE_METRICS_H

#include "hindcast/ingest.h"
#include "observe/status.h"

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum metric {
#define METRIC(name, type, labels, help) METRIC_##name,
#include "observe/metrics.def"
#undef METRIC
    METRIC_COUNT
};

struct metric_label {
    const char *name;
    struct sv value;
};

/* # HELP and # TYPE. */
void metrics_head(struct strbuf *out, enum metric metric);
void metrics_int(struct strbuf *out, enum metric metric, const struct metric_label *labels,
                 size_t count, int64_t value);
void metrics_real(struct strbuf *out, enum metric metric, const struct metric_label *labels,
                  size_t count, double value);
/* Head and one sample without labels. */
void metrics_one(struct strbuf *out, enum metric metric, int64_t value);
/* The same of a time or a duration, in seconds; nothing for TIME_NONE. */
void metrics_one_seconds(struct strbuf *out, enum metric metric, int64_t ns);

/* What the process did itself. `slowest_ns`: -1 where no worker runs. */
void metrics_ingest(struct strbuf *out, const struct ingest_progress *progress, int64_t slowest_ns);

struct correlate_progress {
    int64_t rounds, failures, scopes;
    int64_t last_round_ns; /* wall clock; TIME_NONE before the first */
    bool waiting;
};
void metrics_correlate(struct strbuf *out, const struct correlate_progress *progress);

/* What the database and the broker say: the numbers of `hindcast status`, judged. */
void metrics_status(struct strbuf *out, const struct status *status);

/* docs/metrics.md. */
void metrics_print_markdown(struct strbuf *out);

#endif
