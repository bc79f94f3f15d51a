/*
 * Retention and what is printed of it: see retention_run.h.
 */
#include "app/retention_run.h"

#include <stdio.h>
#include <string.h>

#include "app/open.h"
#include "base/clock.h"
#include "base/stop.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "hindcast/counts.h"
#include "hindcast/retention.h"

/* Whole days, rounded up: a partition goes when all of it is older. */
static int
days_of(const struct config *config, enum option option)
{
    int64_t ns = config_duration_ns(config, option);
    return (int)(ns / NS_PER_DAY + (ns % NS_PER_DAY > 0));
}

/* What became of a partition, or of how many (`partition` NULL); `number` < 0: nothing to say. */
static void
print_object(const char *act, const struct partition_info *partition, int64_t number)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    strbuf_add_char(&out, '{');
    json_put(&out, "act", sv_from(act));
    if (partition != NULL) {
        json_put(&out, "partition", sv_from(partition->name));
        json_put(&out, "parent", sv_from(partition->parent));
        json_put(&out, "from", sv_from(partition->from));
        json_put(&out, "to", sv_from(partition->to));
    }
    if (number >= 0)
        json_put_int(&out, partition == NULL ? "partitions" : "kept", number);
    strbuf_add_text(&out, "}\n");
    fwrite(out.ptr, 1, out.len, stdout);
    strbuf_release(&out);
}

static void
tell_untimed(const struct retention_request *request, int64_t lines)
{
    if (lines > 0 && request->json)
        visible_line(stdout, "{\"act\":\"removed without a time\",\"lines\":%lld}",
                     (long long)lines);
    else if (lines > 0)
        visible_line(stdout, "removed %lld lines without a time", (long long)lines);
}

static void
tell_count(const struct retention_request *request, const char *act, int partitions)
{
    if (partitions > 0 && request->json)
        print_object(act, NULL, partitions);
    else if (partitions > 0)
        visible_line(stdout, "%s %d partition%s", act, partitions, partitions == 1 ? "" : "s");
}

static int
remove_one(const struct retention_request *request, struct store *store,
           const struct partition_info *partition, struct err *err)
{
    int64_t wait_ns = config_duration_ns(request->config, OPT_retention_wait);
    int64_t kept;
    if (retention_remove(store, partition, wait_ns, request->stop, &kept, err) != 0)
        return -1;
    if (request->json)
        print_object("removed", partition, kept);
    else
        visible_line(stdout, "removed %s (%s to %s), %lld %s kept", partition->name,
                     partition->from, partition->to, (long long)kept,
                     strcmp(partition->parent, "ingest.log") == 0 ? "lines" : "records");
    fflush(stdout);
    return 0;
}

/*
 * One that fails does not stop the others of the other table, nor, when its evidence is broken, the
 * others of its own. The first failure is the command's.
 */
static int
remove_all(const struct retention_request *request, struct store *store,
           const struct partition_info *due, size_t count, struct err *err)
{
    const char *stuck = "";
    int result = 0;
    for (size_t i = 0; i < count && !stop_asked(request->stop); i++) {
        struct err failure = {0};
        if (strcmp(due[i].parent, stuck) == 0 || remove_one(request, store, &due[i], &failure) == 0)
            continue;
        if (result == 0)
            *err = failure;
        else
            visible_line(stderr, "hindcast: %s", failure.message);
        result = -1;
        if (failure.code != ERR_BROKEN_EVIDENCE)
            stuck = due[i].parent;
        if (!store_connected(store))
            break;
    }
    return result;
}

static int
work(const struct retention_request *request, struct store *store,
     const struct retention_limits *limits, struct err *err)
{
    struct arena arena;
    struct partition_info *due;
    size_t count;
    int created, frozen, indexed;
    int64_t untimed, folded, wait_ns = config_duration_ns(request->config, OPT_retention_wait);
    arena_init(&arena, 0);
    int status = retention_ahead(store, &created, err);
    if (status == 0)
        tell_count(request, "created", created);
    if (status == 0)
        status = retention_due(store, &arena, limits, &due, &count, err);
    if (status == 0)
        status = remove_all(request, store, due, count, err);
    if (status == 0)
        status = retention_sweep(store, limits, wait_ns, err);
    if (status == 0)
        status = retention_untimed(store, limits, wait_ns, &untimed, err);
    if (status == 0)
        tell_untimed(request, untimed);
    if (status == 0)
        status = counts_fold(store, request->stop, &folded, err);
    if (status == 0)
        status = retention_minutes(store, limits, err);
    if (status == 0)
        status = retention_freeze(store, limits, request->stop, &frozen, err);
    if (status == 0)
        tell_count(request, "froze", frozen);
    if (status == 0)
        status = retention_index(store, wait_ns, request->stop, &indexed, err);
    if (status == 0)
        tell_count(request, "indexed", indexed);
    arena_release(&arena);
    return status;
}

static int
show_due(const struct retention_request *request, struct store *store,
         const struct retention_limits *limits, struct err *err)
{
    struct arena arena;
    struct partition_info *due;
    size_t count = 0;
    arena_init(&arena, 0);
    int status = retention_due(store, &arena, limits, &due, &count, err);
    for (size_t i = 0; i < count && status == 0; i++)
        if (request->json)
            print_object("would remove", &due[i], -1);
        else
            visible_line(stdout, "would remove %s (%s to %s)", due[i].name, due[i].from, due[i].to);
    bool keeps = limits->log_days == 0 && limits->evidence_days == 0;
    if (status == 0 && count == 0 && !request->json)
        visible_line(stdout, "nothing is due%s",
                     keeps ? ": retention.logs and retention.evidence keep everything" : "");
    arena_release(&arena);
    return status;
}

int
retention_run(const struct retention_request *request, struct err *err)
{
    const struct retention_limits limits = {
        .log_days = days_of(request->config, OPT_retention_logs),
        .evidence_days = days_of(request->config, OPT_retention_evidence),
    };
    struct store *store;
    int status;
    if (open_store(request->config, STORE_OWNER, request->stop, &store, err) != 0)
        return -1;
    if (request->dry_run)
        status = show_due(request, store, &limits, err);
    else if ((status = retention_begin(store, err)) == 0)
        status = work(request, store, &limits, err);
    if (status < 0 && stop_asked(request->stop) && err_retriable(err->code)) {
        visible_line(stderr, "hindcast retention: stopped; the next run goes on from here");
        status = 0;
    }
    store_close(store);
    return status;
}
