/*
 * The monitor's threads, see monitor.h. Started by `ingest` and `correlate --follow`.
 */
#include "observe/monitor.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text/visible.h"
#include "hindcast/counts.h"
#include "hindcast/store_options.h"
#include "hindcast/version.h"
#include "observe/http.h"

struct monitor {
    const struct config *config;
    enum monitor_kind kind;
    int64_t began_wall_ns, interval_ns;
    struct http_server *server;
    pthread_t thread;

    /* Of the monitor's thread alone. */
    struct store *store;
    struct status_broker broker;
    struct arena arenas[2];
    struct status looks[2]; /* the last one and the one before, taking turns */
    int at;
    bool looked;
    int64_t took_ns; /* the database's part of the last look */

    pthread_mutex_t mutex; /* guards all below; held for copies only */
    pthread_cond_t stopping;
    bool stop;
    bool asking; /* the thread waits for the database on `store` */
    struct monitor_view view;
    struct ingest_progress ingest;
    struct correlate_progress correlate;
    struct strbuf text; /* metrics_status() of the last look */
    int64_t failures;
};

static const struct status_limits no_limits = {-1, -1, -1, -1, 60 * NS_PER_S, NS_PER_DAY};

/* ---- the thread that asks ---- */

static int
connect_store(struct monitor *monitor, struct err *err)
{
    const struct config *config = monitor->config;
    struct store_options options =
        store_options_for(config, monitor->kind == MONITOR_INGEST ? STORE_INGEST : STORE_CORRELATE,
                          "hindcast status");
    if (options.connect_timeout_ns > MONITOR_CONNECT_NS)
        options.connect_timeout_ns = MONITOR_CONNECT_NS;
    if (monitor->store != NULL && store_connected(monitor->store))
        return 0;
    store_close(monitor->store);
    monitor->store = NULL;
    if (store_open(&monitor->store, &options, err) != 0)
        return -1;
    return store_status_timeout(monitor->store, MONITOR_STATEMENT_NS, err);
}

/* False: do not ask, the process is about to end. */
static bool
begin_asking(struct monitor *monitor)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->asking = !monitor->stop;
    pthread_mutex_unlock(&monitor->mutex);
    return monitor->asking;
}

/*
 * Counts that nobody has folded make each look longer. That they are not folded, for lack of time
 * or of rights, is no reason not to look.
 */
static int
fold_counts(struct monitor *monitor, struct err *err)
{
    int64_t folded;
    if (counts_fold_some(monitor->store, &folded, err) == 0 || store_connected(monitor->store))
        return 0;
    return -1;
}

static int
ask_database(struct monitor *monitor, struct arena *arena, struct store_status *ret,
             struct err *err)
{
    if (connect_store(monitor, err) != 0)
        return -1;
    if (!begin_asking(monitor))
        return err_set(err, ERR_FAILED, "stopping");
    int64_t began_ns = clock_monotonic_ns();
    int status = fold_counts(monitor, err);
    if (status == 0)
        status = store_status(monitor->store, arena, no_limits.gaps_ns, ret, err);
    monitor->took_ns = clock_monotonic_ns() - began_ns;
    pthread_mutex_lock(&monitor->mutex);
    monitor->asking = false;
    pthread_mutex_unlock(&monitor->mutex);
    return status;
}

static void
database_answered(struct monitor *monitor)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->view.database_up = true;
    monitor->view.answered_ns = clock_monotonic_ns();
    pthread_mutex_unlock(&monitor->mutex);
}

static void
database_silent(struct monitor *monitor, const struct err *err)
{
    pthread_mutex_lock(&monitor->mutex);
    monitor->view.database_up = false;
    snprintf(monitor->view.database_reason, sizeof(monitor->view.database_reason), "%.150s",
             err->message);
    monitor->failures++;
    pthread_mutex_unlock(&monitor->mutex);
}

static void
publish_text(struct monitor *monitor, const struct status *status)
{
    struct strbuf text;
    strbuf_init(&text, HTTP_REPLY_BYTES_MAX);
    metrics_status(&text, status);
    pthread_mutex_lock(&monitor->mutex);
    struct strbuf old = monitor->text;
    monitor->text = text;
    pthread_mutex_unlock(&monitor->mutex);
    strbuf_release(&old);
}

static void
look(struct monitor *monitor)
{
    struct err err = {0};
    int at = 1 - monitor->at;
    struct arena *arena = &monitor->arenas[at];
    struct status *status = &monitor->looks[at];
    const char *start = config_text(monitor->config, OPT_kafka_start);
    arena_reset(arena);
    *status = (struct status){0};
    if (ask_database(monitor, arena, &status->db, &err) != 0) {
        database_silent(monitor, &err);
        return;
    }
    database_answered(monitor);
    status_broker_ask(&monitor->broker, arena, &status->db, MONITOR_BROKER_NS, &status->broker);
    status_merge(status, strcmp(start, "latest") == 0, arena);
    status_judge(status, monitor->looked ? &monitor->looks[monitor->at] : NULL, &no_limits, arena);
    publish_text(monitor, status);
    monitor->at = at;
    monitor->looked = true;
}

/* Thousands of busy partitions cost the database something: it is left in peace most of the time.
 */
static int64_t
pause_after(int64_t took_ns, int64_t interval_ns)
{
    int64_t pause = took_ns * MONITOR_SHARE;
    if (pause < interval_ns)
        return interval_ns;
    return pause < 2 * interval_ns ? pause : 2 * interval_ns;
}

/* False: stop. */
static bool
wait_for_next(struct monitor *monitor)
{
    int64_t until_ns = clock_after(pause_after(monitor->took_ns, monitor->interval_ns));
    struct timespec until = {.tv_sec = until_ns / NS_PER_S, .tv_nsec = until_ns % NS_PER_S};
    int status = 0;
    pthread_mutex_lock(&monitor->mutex);
    while (!monitor->stop && status != ETIMEDOUT)
        status = pthread_cond_timedwait(&monitor->stopping, &monitor->mutex, &until);
    bool stop = monitor->stop;
    pthread_mutex_unlock(&monitor->mutex);
    return !stop;
}

static void *
ask_again_and_again(void *opaque)
{
    struct monitor *monitor = opaque;
    do
        look(monitor);
    while (wait_for_next(monitor));
    status_broker_release(&monitor->broker);
    store_close(monitor->store);
    return NULL;
}

/* ---- routes, on the server's thread ---- */

static struct monitor_view
view_now(struct monitor *monitor)
{
    pthread_mutex_lock(&monitor->mutex);
    struct monitor_view view = monitor->view;
    pthread_mutex_unlock(&monitor->mutex);
    view.now_ns = clock_monotonic_ns();
    if (view.slowest_ns >= 0)
        view.slowest_ns += view.now_ns - view.published_ns;
    return view;
}

static void
answer_verdict(struct http_reply *reply, bool good)
{
    reply->status = good ? 200 : 503;
    reply->content_type = "text/plain; charset=utf-8";
    if (good)
        strbuf_add_text(&reply->body, "ok\n");
}

static void
answer_health(void *opaque, struct http_reply *reply)
{
    struct monitor_view view = view_now(opaque);
    answer_verdict(reply, monitor_healthy(&view, &reply->body));
}

static void
answer_ready(void *opaque, struct http_reply *reply)
{
    struct monitor_view view = view_now(opaque);
    answer_verdict(reply, monitor_ready(&view, &reply->body));
}

static void
add_process(const struct monitor *monitor, const struct monitor_view *view, struct strbuf *out)
{
    const struct metric_label labels[] = {
        {"version", SV(HINDCAST_VERSION)},
        {"process", monitor->kind == MONITOR_INGEST ? SV("ingest") : SV("correlate")}};
    metrics_head(out, METRIC_build_info);
    metrics_int(out, METRIC_build_info, labels, 2, 1);
    metrics_one_seconds(out, METRIC_start_time_seconds, monitor->began_wall_ns);
    metrics_one(out, METRIC_database_up, view->database_up ? 1 : 0);
    metrics_one_seconds(out, METRIC_status_age_seconds,
                        view->answered_ns == 0 ? TIME_NONE : view->now_ns - view->answered_ns);
}

static void
answer_metrics(void *opaque, struct http_reply *reply)
{
    struct monitor *monitor = opaque;
    struct monitor_view view = view_now(monitor);
    reply->content_type = METRICS_CONTENT_TYPE;
    add_process(monitor, &view, &reply->body);
    pthread_mutex_lock(&monitor->mutex);
    struct ingest_progress ingest = monitor->ingest;
    struct correlate_progress correlate = monitor->correlate;
    int64_t failures = monitor->failures;
    strbuf_add_sv(&reply->body, strbuf_view(&monitor->text));
    pthread_mutex_unlock(&monitor->mutex);
    metrics_one(&reply->body, METRIC_status_failures_total, failures);
    if (monitor->kind == MONITOR_INGEST)
        metrics_ingest(&reply->body, &ingest, view.slowest_ns);
    else
        metrics_correlate(&reply->body, &correlate);
}

static const struct http_route routes[] = {
    {"/metrics", answer_metrics},
    {"/healthz", answer_health},
    {"/readyz", answer_ready},
};

/* ---- starting, publishing, stopping ---- */

static struct monitor *
monitor_new(const struct config *config, enum monitor_kind kind)
{
    pthread_condattr_t attributes;
    struct monitor *monitor = memory_calloc(1, sizeof(*monitor));
    monitor->config = config;
    monitor->kind = kind;
    monitor->broker.config = config;
    monitor->began_wall_ns = clock_now_ns();
    monitor->interval_ns = config_duration_ns(config, OPT_metrics_interval);
    monitor->view.kind = kind;
    monitor->view.interval_ns = monitor->interval_ns;
    monitor->view.published_ns = clock_monotonic_ns();
    monitor->view.slowest_ns = -1;
    monitor->ingest.slowest_ns = -1;
    monitor->correlate.last_round_ns = TIME_NONE;
    arena_init(&monitor->arenas[0], 0);
    arena_init(&monitor->arenas[1], 0);
    strbuf_init(&monitor->text, 0);
    pthread_mutex_init(&monitor->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&monitor->stopping, &attributes);
    pthread_condattr_destroy(&attributes);
    return monitor;
}

static void
monitor_free(struct monitor *monitor)
{
    http_stop(monitor->server);
    arena_release(&monitor->arenas[0]);
    arena_release(&monitor->arenas[1]);
    strbuf_release(&monitor->text);
    pthread_cond_destroy(&monitor->stopping);
    pthread_mutex_destroy(&monitor->mutex);
    free(monitor);
}

int
monitor_start(struct monitor **ret_monitor, const struct config *config, enum monitor_kind kind,
              struct err *err)
{
    const char *listen = config_text(config, OPT_metrics_listen);
    *ret_monitor = NULL;
    if (listen[0] == '\0')
        return 0;
    struct monitor *monitor = monitor_new(config, kind);
    if (http_start(&monitor->server, listen, routes, sizeof(routes) / sizeof(routes[0]), monitor,
                   err) != 0) {
        monitor_free(monitor);
        return -1;
    }
    int number = pthread_create(&monitor->thread, NULL, ask_again_and_again, monitor);
    if (number != 0) {
        monitor_free(monitor);
        return err_set_errno(err, ERR_FAILED, number, "starting the thread of /metrics");
    }
    visible_line(stderr, "hindcast: serving http://%s/metrics", http_address(monitor->server));
    *ret_monitor = monitor;
    return 0;
}

void
monitor_ingest(struct monitor *monitor, const struct ingest_progress *progress)
{
    if (monitor == NULL)
        return;
    pthread_mutex_lock(&monitor->mutex);
    monitor->ingest = *progress;
    monitor->view.published_ns = clock_monotonic_ns();
    monitor->view.waiting = progress->waiting;
    memcpy(monitor->view.waiting_for, progress->waiting_for, sizeof(monitor->view.waiting_for));
    monitor->view.joined = progress->joined;
    monitor->view.slowest_ns = progress->slowest_ns;
    pthread_mutex_unlock(&monitor->mutex);
}

void
monitor_correlate(struct monitor *monitor, const struct correlate_progress *progress,
                  const char *waiting_for)
{
    if (monitor == NULL)
        return;
    pthread_mutex_lock(&monitor->mutex);
    monitor->correlate = *progress;
    monitor->view.published_ns = clock_monotonic_ns();
    monitor->view.waiting = waiting_for != NULL;
    snprintf(monitor->view.waiting_for, sizeof(monitor->view.waiting_for), "%.150s",
             waiting_for == NULL ? "" : waiting_for);
    pthread_mutex_unlock(&monitor->mutex);
}

void
monitor_stop(struct monitor *monitor)
{
    if (monitor == NULL)
        return;
    pthread_mutex_lock(&monitor->mutex);
    monitor->stop = true;
    if (monitor->asking) /* a server that hangs must not keep us from ending */
        store_interrupt(monitor->store);
    pthread_cond_signal(&monitor->stopping);
    pthread_mutex_unlock(&monitor->mutex);
    pthread_join(monitor->thread, NULL);
    monitor_free(monitor);
}
