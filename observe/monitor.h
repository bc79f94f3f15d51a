/*
 * What a running process says about itself over HTTP: /metrics, /healthz and /readyz, where
 * metrics.listen is set. See docs/metrics.md.
 *
 * Threads: the command's own thread publishes its progress (a copy under a short mutex); a thread
 * of the monitor asks database and broker every metrics.interval, on a connection and a consumer of
 * its own, and makes the text; the HTTP server's thread hands out copies. None waits for another's
 * work, so a scrape never slows a worker, and a database that hangs does not keep /healthz from
 * answering.
 */
#ifndef OBSERVE_MONITOR_H
#define OBSERVE_MONITOR_H

#include "observe/metrics.h"

/* The wait between two looks is so many times what one takes, between the interval and twice it. */
#define MONITOR_SHARE 20
/* A question to the database is given up after this, and so is connecting; */
#define MONITOR_STATEMENT_NS (3 * NS_PER_S)
#define MONITOR_CONNECT_NS (3 * NS_PER_S)
/* all questions to the broker together. */
#define MONITOR_BROKER_NS (2 * NS_PER_S)
/* Not ready: so long, and two intervals, without an answer of the database. */
#define MONITOR_SILENCE_NS (10 * NS_PER_S)
/* Not healthy: so long without a move. A large scope takes its time. */
#define MONITOR_STUCK_INGEST_NS (60 * NS_PER_S)
#define MONITOR_STUCK_CORRELATE_NS (900 * NS_PER_S)

struct monitor;

enum monitor_kind { MONITOR_INGEST, MONITOR_CORRELATE };

/* *ret_monitor is NULL where metrics.listen is empty; the address is printed on stderr. */
int monitor_start(struct monitor **ret_monitor, const struct config *config, enum monitor_kind kind,
                  struct err *err) MUST_CHECK;
/* All of these do nothing where monitor is NULL. */
void monitor_ingest(struct monitor *monitor, const struct ingest_progress *progress);
/* A sign of life; `waiting_for` (may be NULL): the database is away, and why. */
void monitor_correlate(struct monitor *monitor, const struct correlate_progress *progress,
                       const char *waiting_for);
void monitor_stop(struct monitor *monitor);

/* ---- for tests: the verdicts, pure ---- */

struct monitor_view {
    enum monitor_kind kind;
    int64_t now_ns;       /* monotonic, as are the others; 0: never */
    int64_t published_ns; /* last sign of life */
    int64_t answered_ns;  /* the database answered */
    bool database_up;     /* to the last question */
    char database_reason[160];
    bool waiting, joined;
    char waiting_for[160];
    int64_t slowest_ns;
    int64_t interval_ns; /* metrics.interval */
};

/* True, or why not in `out`, one line. */
bool monitor_healthy(const struct monitor_view *view, struct strbuf *out);
bool monitor_ready(const struct monitor_view *view, struct strbuf *out);

#endif
