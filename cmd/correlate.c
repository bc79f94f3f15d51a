/*
 * `hindcast correlate`: builds incidents and timelines of every scope, once, again and again, or
 * from nothing. One thread, one connection; waits here and nowhere else while the database is away.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/open.h"
#include "app/wait_notice.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "cmd/correlate.h"
#include "hindcast/retry.h"
#include "observe/monitor.h"

#define RULES_MAX ((size_t)1 << 20)
#define TRIES_MAX 5 /* of a scope that others save meanwhile */

static int
read_rules(const char *path, struct strbuf *out, struct err *err)
{
    char piece[8192];
    size_t got;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "%s", path);
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(out, piece, got);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return err_set(err, ERR_IO, "%s cannot be read", path);
    if (out->overflow)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", path, RULES_MAX >> 20);
    return 0;
}

int
cmd_correlation_config(const struct config *config, struct strbuf *rules,
                       struct correlation_config *ret_config, struct err *err)
{
    const char *path = config_text(config, OPT_correlate_rules);
    correlation_config_default(ret_config);
    ret_config->least_records = (int)config_count(config, OPT_correlate_least_records);
    ret_config->least_sources = (int)config_count(config, OPT_correlate_least_sources);
    ret_config->least_severity = (int)config_count(config, OPT_correlate_least_severity);
    strbuf_init(rules, RULES_MAX);
    if (path[0] == '\0')
        return 0;
    if (read_rules(path, rules, err) != 0)
        return -1;
    ret_config->rules = strbuf_view(rules);
    return 0;
}

static void
count_scope(struct correlate_summary *summary, const struct correlation_input *input,
            const struct correlation *correlation)
{
    summary->scopes++;
    summary->events += input->count;
    summary->nodes += correlation->node_count;
    for (size_t i = 0; i < correlation->incident_count; i++) {
        summary->raised += correlation->incidents[i].raised ? 1 : 0;
        summary->others += correlation->incidents[i].raised ? 0 : 1;
        summary->entries += correlation->incidents[i].entry_count;
    }
}

static struct cursor_position *
with_settings(struct arena *arena, const struct cursor_position *cursor, size_t *count,
              const struct correlation_config *config)
{
    struct cursor_position *all = ARENA_ARRAY(arena, struct cursor_position, *count + 1);
    memcpy(all, cursor, *count * sizeof(*cursor));
    all[(*count)++] =
        (struct cursor_position){CURSOR_SETTINGS, correlation_settings(config, HINDCAST_VERSION)};
    return all;
}

static int
correlate_snapshot(struct store *store, const struct correlation_config *config, struct sv scope,
                   enum correlate_mode mode, struct correlate_summary *summary, struct err *err)
{
    struct arena arena;
    struct correlation_input input;
    struct correlation correlation;
    struct cursor_position *cursor;
    size_t count;
    arena_init(&arena, (size_t)1 << 20);
    int status = casebook_load(store, &arena, scope, &input, &cursor, &count, err);
    if (status == 0)
        status = correlate_run(&arena, &input, config, &correlation, err);
    if (status == 0)
        cursor = with_settings(&arena, cursor, &count, config);
    /* A scope that nothing is left of goes for good. */
    if (status == 0 && mode == CORRELATE_ANEW && input.count + input.declaration_count == 0)
        status = casebook_forget(store, scope, cursor, count, err);
    else if (status == 0 && mode == CORRELATE_ANEW)
        status = casebook_replace(store, &correlation, cursor, count, err);
    else if (status == 0)
        status = casebook_save(store, &correlation, cursor, count, err);
    if (status == 0)
        count_scope(summary, &input, &correlation);
    arena_release(&arena);
    return status;
}

static int
look_behind(struct store *store, const struct correlation_config *config, struct sv scope,
            enum correlate_mode mode, bool *ret_behind, struct err *err)
{
    *ret_behind = true;
    if (mode != CORRELATE_BEHIND)
        return 0;
    return casebook_behind(store, scope, correlation_settings(config, HINDCAST_VERSION), ret_behind,
                           err);
}

/*
 * Whom another correlator overtook computes again, from what is there now; a scope that the other
 * has brought up to date needs nothing more. Who is overtaken again and again says so.
 */
static int
correlate_scope(struct store *store, const struct correlation_config *config, struct sv scope,
                enum correlate_mode mode, struct correlate_summary *summary, struct err *err)
{
    for (int tries = 1;; tries++) {
        bool behind;
        if (look_behind(store, config, scope, mode, &behind, err) != 0)
            return -1;
        if (!behind || correlate_snapshot(store, config, scope, mode, summary, err) == 0)
            return 0;
        if (err->code != ERR_OVERTAKEN || tries == TRIES_MAX || command_stop_requested())
            return -1;
    }
}

int
cmd_correlate_all(struct store *store, const struct correlation_config *config,
                  enum correlate_mode mode, struct correlate_summary *ret_summary, struct err *err)
{
    struct correlate_summary summary = {0};
    struct arena arena;
    struct sv *scopes;
    size_t count = 0;
    arena_init(&arena, 0);
    int status = casebook_scopes(store, &arena, mode == CORRELATE_ANEW, &scopes, &count, err);
    for (size_t i = 0; i < count && status == 0; i++) {
        summary.stopped = command_stop_requested();
        if (summary.stopped)
            break;
        status = correlate_scope(store, config, scopes[i], mode, &summary, err);
    }
    arena_release(&arena);
    if (status == 0)
        *ret_summary = summary;
    return status;
}

static void
print_summary(const struct correlate_summary *summary)
{
    visible_line(stdout,
                 "correlated %zu events: %zu incidents (%zu more below the thresholds), %zu nodes, "
                 "%zu entries",
                 summary->events, summary->raised, summary->others, summary->nodes,
                 summary->entries);
    fflush(stdout);
}

static int
run_once(struct store *store, const struct correlation_config *config, bool rebuild,
         struct err *err)
{
    struct correlate_summary summary;
    enum correlate_mode mode = rebuild ? CORRELATE_ANEW : CORRELATE_BEHIND;
    if (cmd_correlate_all(store, config, mode, &summary, err) != 0)
        return -1;
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
};

/* One round of --follow: work, then wait for a batch or the interval. */
static int
follow_round(struct store *store, const struct correlation_config *config, int64_t interval_ns,
             struct following *following, struct err *err)
{
    struct correlate_summary summary;
    if (cmd_correlate_all(store, config, CORRELATE_BEHIND, &summary, err) != 0)
        return -1;
    following->progress.rounds++;
    following->progress.scopes += (int64_t)summary.scopes;
    following->progress.last_round_ns = clock_now_ns();
    following->progress.waiting = false;
    wait_notice_over(&following->waits);
    monitor_correlate(following->monitor, &following->progress, NULL);
    if (summary.scopes > 0)
        print_summary(&summary);
    if (command_stop_requested())
        return 0;
    return casebook_wait(store, interval_ns, command_stop_flag(), err);
}

static int
follow_on(const struct config *config, const struct correlation_config *correlation,
          struct following *following, struct err *err)
{
    struct store *store = NULL;
    struct retry retry;
    retry_init(&retry, &retry_server, (uint64_t)clock_monotonic_ns());
    while (!command_stop_requested()) {
        int status = 0;
        if (store == NULL)
            status = open_store(config, STORE_CORRELATE, command_stop_flag(), &store, err);
        else if (!store_connected(store))
            status = store_reconnect(store, err);
        if (status == 0)
            status =
                follow_round(store, correlation, config_duration_ns(config, OPT_correlate_interval),
                             following, err);
        if (status == 0) {
            retry_reset(&retry);
            continue;
        }
        if (!err_retriable(err->code)) {
            store_close(store);
            return -1;
        }
        if (command_stop_requested())
            break;
        wait_notice_tell(&following->waits, err->message);
        following->progress.failures++;
        following->progress.waiting = true;
        monitor_correlate(following->monitor, &following->progress, err->message);
        if (!retry_wait(&retry, command_stop_flag()))
            break;
    }
    store_close(store);
    return 0;
}

static int
follow(const struct config *config, const struct correlation_config *correlation, struct err *err)
{
    struct following following = {.progress = {.last_round_ns = TIME_NONE},
                                  .waits = {.command = "correlate"}};
    if (monitor_start(&following.monitor, config, MONITOR_CORRELATE, err) != 0)
        return -1;
    int status = follow_on(config, correlation, &following, err);
    monitor_stop(following.monitor);
    return status;
}

static int
once(const struct config *config, const struct correlation_config *correlation, bool rebuild,
     struct err *err)
{
    struct store *store;
    if (open_store(config, STORE_CORRELATE, command_stop_flag(), &store, err) != 0)
        return -1;
    int status = run_once(store, correlation, rebuild, err);
    store_close(store);
    return status;
}

struct correlate_arguments {
    bool once, follow, rebuild;
};

static const struct command_option own_options[] = {
    FLAG_AT("--once", "take in what is there and stop", struct correlate_arguments, once),
    FLAG_AT("--follow", "go on until SIGTERM", struct correlate_arguments, follow),
    FLAG_AT("--rebuild", "derive everything again, and replace what is there",
            struct correlate_arguments, rebuild),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct correlate_arguments *arguments = context->arguments;
    struct correlation_config correlation;
    struct strbuf rules;
    if (arguments->once + arguments->follow + arguments->rebuild != 1 || context->argc > 1)
        return err_set(err, ERR_USAGE, "correlate needs one of --once, --follow and --rebuild");
    if (arguments->follow)
        command_patience(0, COMMAND_PATIENCE_NS, NULL); /* a round is one transaction a scope */
    command_handle_signals();
    int status = cmd_correlation_config(context->config, &rules, &correlation, err);
    if (status == 0)
        status = arguments->follow ? follow(context->config, &correlation, err)
                                   : once(context->config, &correlation, arguments->rebuild, err);
    strbuf_release(&rules);
    return status;
}

const struct command command_correlate = {
    .name = "correlate",
    .usage = "--once | --follow | --rebuild",
    .summary = "build incidents and timelines",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_READER, HEEDS_BROKER, HEEDS_METRICS, OPT_correlate_interval,
                  OPT_correlate_least_records, OPT_correlate_least_sources,
                  OPT_correlate_least_severity, OPT_correlate_rules),
    .roles = "hindcast_correlate",
    .arguments_size = sizeof(struct correlate_arguments),
    .run = run,
};
