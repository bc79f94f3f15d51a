/*
 * `hindcast retention`: makes partitions ahead, freezes those that are over, removes those past
 * their limits, and says what it did. Main thread; one connection with the rights of the owner.
 */
#include <stdio.h>
#include <string.h>

#include "app/open.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "hindcast/retention.h"

/* Whole days, rounded up: a partition goes when all of it is older. */
static int
days_of(const struct config *config, enum option option)
{
    int64_t ns = config_duration_ns(config, option);
    return (int)(ns / NS_PER_DAY + (ns % NS_PER_DAY > 0));
}

static bool json; /* --format jsonl: one object for each partition or act */

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
tell_count(const char *act, int partitions)
{
    if (partitions > 0 && json)
        print_object(act, NULL, partitions);
    else if (partitions > 0)
        visible_line(stdout, "%s %d partitions", act, partitions);
}

static int
remove_one(struct store *store, const struct partition_info *partition, int64_t wait_ns,
           struct err *err)
{
    int64_t kept;
    if (retention_remove(store, partition, wait_ns, command_stop_flag(), &kept, err) != 0)
        return -1;
    if (json)
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
remove_all(struct store *store, const struct partition_info *due, size_t count, int64_t wait_ns,
           struct err *err)
{
    const char *stuck = "";
    int result = 0;
    for (size_t i = 0; i < count && !command_stop_requested(); i++) {
        struct err failure = {0};
        if (strcmp(due[i].parent, stuck) == 0 || remove_one(store, &due[i], wait_ns, &failure) == 0)
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
work(struct store *store, const struct retention_limits *limits, int64_t wait_ns, struct err *err)
{
    struct arena arena;
    struct partition_info *due;
    size_t count;
    int created, frozen;
    arena_init(&arena, 0);
    int status = retention_ahead(store, &created, err);
    if (status == 0)
        tell_count("created", created);
    if (status == 0)
        status = retention_due(store, &arena, limits, &due, &count, err);
    if (status == 0)
        status = remove_all(store, due, count, wait_ns, err);
    if (status == 0)
        status = retention_sweep(store, limits, err);
    if (status == 0)
        status = retention_freeze(store, limits, command_stop_flag(), &frozen, err);
    if (status == 0)
        tell_count("froze", frozen);
    arena_release(&arena);
    return status;
}

static int
show_due(struct store *store, const struct retention_limits *limits, struct err *err)
{
    struct arena arena;
    struct partition_info *due;
    size_t count = 0;
    arena_init(&arena, 0);
    int status = retention_due(store, &arena, limits, &due, &count, err);
    for (size_t i = 0; i < count && status == 0; i++)
        if (json)
            print_object("would remove", &due[i], -1);
        else
            visible_line(stdout, "would remove %s (%s to %s)", due[i].name, due[i].from, due[i].to);
    arena_release(&arena);
    return status;
}

struct retention_arguments {
    const char *format;
    bool dry_run;
};

static const struct command_option own_options[] = {
    FORMAT_AT("text|jsonl", struct retention_arguments, format),
    FLAG_AT("--dry-run", "say what would be removed, and change nothing",
            struct retention_arguments, dry_run),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct retention_arguments *arguments = context->arguments;
    struct retention_limits limits;
    struct store *store;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "retention takes no argument '%s'", context->argv[1]);
    limits.log_days = days_of(context->config, OPT_retention_logs);
    limits.evidence_days = days_of(context->config, OPT_retention_evidence);
    command_handle_signals();
    if (open_store(context->config, STORE_OWNER, command_stop_flag(), &store, err) != 0)
        return -1;
    int64_t wait_ns = config_duration_ns(context->config, OPT_retention_wait);
    bool dry_run = arguments->dry_run;
    json = command_word(arguments->format, "jsonl");
    int status = dry_run ? show_due(store, &limits, err) : retention_begin(store, err);
    if (status == 0 && !dry_run)
        status = work(store, &limits, wait_ns, err);
    if (status < 0 && command_stop_requested() && err_retriable(err->code)) {
        visible_line(stderr, "hindcast retention: stopped; the next run goes on from here");
        status = 0;
    }
    store_close(store);
    return status;
}

const struct command command_retention = {
    .name = "retention",
    .usage = "[--dry-run]",
    .summary = "make, freeze and remove partitions; what results rest on stays",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(HEEDS_LOGIN, OPT_database_retention_role, OPT_retention_logs,
                  OPT_retention_evidence, OPT_retention_wait),
    .roles = "hindcast_owner",
    .arguments_size = sizeof(struct retention_arguments),
    .run = run,
};
