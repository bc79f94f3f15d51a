/*
 * The correlator's loop: see correlator.h.
 */
#include "app/correlator.h"

#include <stdio.h>

#include "app/correlate_all.h"
#include "app/flood_due.h"
#include "app/open.h"
#include "app/wait_notice.h"
#include "base/clock.h"
#include "base/stop.h"
#include "base/text/visible.h"
#include "hindcast/counts.h"
#include "hindcast/retry.h"
#include "observe/monitor.h"

static void
print_summary(const struct correlate_summary *summary)
{
    visible_line(stdout,
                 "correlated %zu%s events: %zu incident%s (%zu more only counted), %zu nodes, "
                 "%zu entries",
                 summary->events,
                 summary->scopes > 0 && summary->parts == summary->scopes ? " new" : "",
                 summary->raised, summary->raised == 1 ? "" : "s", summary->others, summary->nodes,
                 summary->entries);
    fflush(stdout);
}

/* Once: what this process would do by itself is not what is done. */
static void
tell_differs(const struct correlate_summary *summary, bool *told)
{
    if (!summary->differs || *told)
        return;
    visible_line(stderr,
                 "hindcast: the configuration of this process, %.12s, is not the one that is "
                 "applied, %.12s, which counts; 'hindcast config apply' applies its own",
                 summary->own_digest, summary->config_digest);
    *told = true;
}

static int
run_once(struct store *store, const struct correlator *correlator, bool rebuild, struct err *err)
{
    struct correlate_summary summary;
    int64_t folded;
    enum correlate_mode mode = rebuild ? CORRELATE_ANEW : CORRELATE_BEHIND;
    if (counts_fold(store, correlator->stop, &folded, err) != 0 ||
        correlate_all(store, correlator->correlation, mode, correlator->stop, &summary, err) != 0)
        return -1;
    tell_differs(&summary, &(bool){false});
    if (summary.scopes == 0 && !rebuild && !summary.stopped)
        visible_line(stdout, "nothing new to correlate");
    else
        print_summary(&summary);
    if (!summary.stopped)
        return 0;
    err_set(err, ERR_FAILED, "stopped after %zu scopes; the others are as they were",
            summary.scopes);
    return err_hint(err, "run the same again");
}

struct following {
    struct monitor *monitor; /* NULL: metrics.listen is not set */
    struct correlate_progress progress;
    struct wait_notice waits;
    bool told_differs;
};

/* For a batch, but no longer than until records that wait are to be taken in. */
static int64_t
wait_ns(const struct correlate_summary *summary, int64_t interval_ns)
{
    int64_t now = flood_now_ms(NULL);
    if (summary->wake_ms <= now)
        return 0;
    return summary->wake_ms - now < interval_ns / NS_PER_MS ? (summary->wake_ms - now) * NS_PER_MS
                                                            : interval_ns;
}

/* One round of --follow: work, then wait for a batch or the interval. */
static int
follow_round(struct store *store, const struct correlator *correlator, struct following *following,
             struct err *err)
{
    int64_t interval_ns = config_duration_ns(correlator->config, OPT_correlate_interval);
    struct correlate_summary summary;
    int64_t folded;
    if (counts_fold(store, correlator->stop, &folded, err) != 0 ||
        correlate_all(store, correlator->correlation, CORRELATE_SHARED, correlator->stop, &summary,
                      err) != 0)
        return -1;
    tell_differs(&summary, &following->told_differs);
    following->progress.rounds++;
    following->progress.scopes += (int64_t)summary.scopes;
    following->progress.last_round_ns = clock_now_ns();
    following->progress.waiting = false;
    wait_notice_over(&following->waits);
    monitor_correlate(following->monitor, &following->progress, NULL);
    if (summary.scopes > 0)
        print_summary(&summary);
    if (stop_asked(correlator->stop))
        return 0;
    return casebook_wait(store, wait_ns(&summary, interval_ns), correlator->stop, err);
}

static int
follow_on(const struct correlator *correlator, struct following *following, struct err *err)
{
    struct store *store = NULL;
    struct retry retry;
    retry_init(&retry, &retry_server, (uint64_t)clock_monotonic_ns());
    while (!stop_asked(correlator->stop)) {
        int status = 0;
        if (store == NULL)
            status = open_store(correlator->config, STORE_CORRELATE, correlator->stop, &store, err);
        else if (!store_connected(store))
            status = store_reconnect(store, err);
        if (status == 0)
            status = follow_round(store, correlator, following, err);
        if (status == 0) {
            retry_reset(&retry);
            continue;
        }
        if (!err_retriable(err->code)) {
            store_close(store);
            return -1;
        }
        if (stop_asked(correlator->stop))
            break;
        wait_notice_tell(&following->waits, err->message);
        following->progress.failures++;
        following->progress.waiting = true;
        monitor_correlate(following->monitor, &following->progress, err->message);
        if (!retry_wait(&retry, correlator->stop))
            break;
    }
    store_close(store);
    return 0;
}

int
correlator_follow(const struct correlator *correlator, struct err *err)
{
    struct following following = {.progress = {.last_round_ns = TIME_NONE},
                                  .waits = {.command = "correlate"}};
    if (monitor_start(&following.monitor, correlator->config, MONITOR_CORRELATE, err) != 0)
        return -1;
    int status = follow_on(correlator, &following, err);
    monitor_stop(following.monitor);
    return status;
}

int
correlator_once(const struct correlator *correlator, bool rebuild, struct err *err)
{
    struct store *store;
    if (open_store(correlator->config, STORE_CORRELATE, correlator->stop, &store, err) != 0)
        return -1;
    int status = run_once(store, correlator, rebuild, err);
    store_close(store);
    return status;
}
