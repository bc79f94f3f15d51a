/*
 * hindcast draft: from files to postmortem drafts in one command, on a private PostgreSQL and
 * librdkafka's in-process broker. Main thread: it starts the servers, runs ingest while the feeder
 * thread produces, correlates, writes the results, and always stops what it started.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/correlate_all.h"
#include "app/correlation_config.h"
#include "app/demo.h"
#include "app/draft_cluster.h"
#include "app/draft_feed.h"
#include "app/draft_result.h"
#include "app/open.h"
#include "app/progress.h"
#include "base/clock.h"
#include "base/text/visible.h"
#include "base/thread.h"
#include "cmd/command.h"
#include "hindcast/ingest.h"
#include "hindcast/migrate.h"
#include "hindcast/mock_broker.h"

#define FOLDER ".hindcast" /* the script compares paths as text: no "./" */
#define DATABASE_FOLDER FOLDER "/postgres"
#define DEMO_FOLDER FOLDER "/demo"
#define DEFAULT_OUT "./hindcast-draft"
#define TOPIC "draft"
#define EXIT_STOPPED 1

struct draft_arguments {
    const char *from, *to, *title, *service, *channel, *out, *zone, *write;
    bool demo, keep;
};

static const struct command_option own_options[] = {
    VALUE_AT("--from", "TIME", "declare an incident that began then", struct draft_arguments, from),
    VALUE_AT("--to", "TIME", "its end", struct draft_arguments, to),
    VALUE_AT("--title", "TITLE", "its title", struct draft_arguments, title),
    VALUE_AT("--service", "NAME", "only evidence of this service", struct draft_arguments, service),
    VALUE_AT("--channel", "NAME", "only messages of this channel", struct draft_arguments, channel),
    VALUE_AT("--out", "DIR", "where to write (default " DEFAULT_OUT "/)", struct draft_arguments,
             out),
    VALUE_AT("--tz", "ZONE", "time zone of what people read", struct draft_arguments, zone),
    FLAG_AT("--demo", "draft the bundled incident", struct draft_arguments, demo),
    VALUE_AT("--write", "DIR", "with --demo: only write the demo's files", struct draft_arguments,
             write),
    FLAG_AT("--keep", "leave the database in ./.hindcast for psql", struct draft_arguments, keep),
};

struct draft_run {
    const struct draft_arguments *arguments;
    int64_t from_ns, to_ns; /* what --from and --to say */
    struct config *config;  /* ours: the user's brokers and passwords are for other servers */
    struct file_set files;
    struct skips skips;
    struct strbuf conninfo;
    struct mock_broker *broker;
    struct store *store;
    struct feed feed;
    struct progress progress;
    int64_t problems; /* what could not be read whole, before the feeder began */
    int lock;
    bool cluster;
};

static int
check(const struct command_context *context, struct draft_run *run, struct err *err)
{
    const struct draft_arguments *arguments = run->arguments;
    if ((arguments->from != NULL &&
         time_parse_arg("--from", arguments->from, &run->from_ns, err) != 0) ||
        (arguments->to != NULL && time_parse_arg("--to", arguments->to, &run->to_ns, err) != 0))
        return -1;
    if (arguments->write != NULL && !arguments->demo)
        return err_set(err, ERR_USAGE, "--write goes with --demo");
    if (arguments->from == NULL && (arguments->to != NULL || arguments->title != NULL ||
                                    arguments->service != NULL || arguments->channel != NULL))
        return err_set(err, ERR_USAGE, "--to, --title, --service and --channel need --from TIME");
    if (run->to_ns != TIME_NONE && run->to_ns < run->from_ns)
        return err_set(err, ERR_USAGE, "--to is before --from");
    if (context->argc < 2 && !arguments->demo) {
        err_set(err, ERR_USAGE, "draft needs files, directories or zips");
        return err_hint(err, "'hindcast draft --demo' shows it on a bundled incident");
    }
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct draft_run *run = opaque;
    skips_add(&run->skips, name, line, reason);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    struct draft_run *run = opaque;
    run->problems++;
    skips_add(&run->skips, name, 0, reason);
}

static bool
on_stopped(void *opaque)
{
    (void)opaque;
    return command_stop_requested();
}

static int
find_files(struct draft_run *run, struct command_context *context, struct err *err)
{
    struct file_sink sink = {
        .opaque = run, .skip = on_skip, .problem = on_problem, .stopped = on_stopped};
    int status = 0;
    if (run->arguments->demo && demo_write(DEMO_FOLDER, err) != 0)
        return -1;
    if (run->arguments->demo)
        status = file_set_add(&run->files, DEMO_FOLDER, &sink, err);
    for (int i = 1; i < context->argc && status == 0; i++)
        status = file_set_add(&run->files, context->argv[i], &sink, err);
    return status;
}

/* One draft at a time in one folder: they share the database's place. */
static int
take_folder(struct draft_run *run, struct err *err)
{
    if (mkdir(FOLDER, 0777) != 0 && errno != EEXIST)
        return err_set_errno(err, ERR_IO, errno, "cannot make the folder " FOLDER);
    run->lock = open(FOLDER "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (run->lock < 0)
        return err_set_errno(err, ERR_IO, errno, "cannot write " FOLDER "/lock");
    if (flock(run->lock, LOCK_EX | LOCK_NB) != 0)
        return err_set(err, ERR_FAILED, "another draft is running in this folder");
    return 0;
}

static int
configure(struct draft_run *run, const struct config *user, struct err *err)
{
    for (enum option option = 0; option < OPTION_COUNT; option++) {
        const char *section = config_option_section(option);
        bool ours = strcmp(section, "kafka") == 0 || strcmp(section, "database") == 0;
        if (!ours && config_set(run->config, option, config_text(user, option),
                                config_origin(user, option), err) != 0)
            return -1;
    }
    /* The mock cluster sleeps as long as an empty fetch may wait, and as a session may last. */
    if (config_set_rdkafka(run->config, "fetch.wait.max.ms", "10", err) != 0 ||
        config_set_rdkafka(run->config, "session.timeout.ms", "3000", err) != 0)
        return -1;
    /* The feeder says in headers where a record is from, whatever the user's own topics have. */
    if (config_set(run->config, OPT_ingest_headers, "yes", ORIGIN_COMMAND, err) != 0)
        return -1;
    /* The feeder waits for commits, so commits should not wait for more to read. */
    if (config_origin(user, OPT_ingest_batch_time) == ORIGIN_DEFAULT &&
        config_set(run->config, OPT_ingest_batch_time, "100ms", ORIGIN_DEFAULT, err) != 0)
        return -1;
    return config_set(run->config, OPT_kafka_topics, TOPIC, ORIGIN_COMMAND, err);
}

/*
 * The private server is stopped in any case: by us when all is done, or by the guard of
 * cmd/signals.c when something does not come back. Whoever is second leaves it to the first.
 */
static struct {
    _Atomic bool starting, ending;
    bool keep;
} cluster;

static int
start_servers(struct draft_run *run, struct err *err)
{
    struct stat status;
    struct migrate_result migrated;
    struct store_options options = store_options_for(run->config, STORE_LOGIN, "hindcast draft");
    options.patience = open_patience(command_stop_flag());
    if (stat(DATABASE_FOLDER, &status) == 0 && draft_cluster_stop(DATABASE_FOLDER, false, err) != 0)
        return -1;
    visible_line(stderr, "hindcast draft: starting a private PostgreSQL in " DATABASE_FOLDER);
    run->cluster = true;
    cluster.starting = true;
    int started = draft_cluster_start(DATABASE_FOLDER, &run->conninfo, err);
    cluster.starting = false;
    if (started != 0)
        return -1;
    options.conninfo = run->conninfo.ptr;
    if (store_open(&run->store, &options, err) != 0 ||
        store_migrate(run->store, &migrated, err) != 0)
        return -1;
    return mock_broker_start(&run->broker, TOPIC, FEED_PARTITIONS, err);
}

static void
on_ingest(void *opaque, const struct ingest_progress *ingested)
{
    struct draft_run *run = opaque;
    int64_t bytes = __atomic_load_n(&run->feed.read_bytes, __ATOMIC_RELAXED);
    progress_show(&run->progress, bytes, ingested->records,
                  ingested->waiting ? ingested->waiting_for : NULL);
}

static int
read_everything(struct draft_run *run, struct err *err)
{
    struct ingest_progress total = {0};
    run->feed = (struct feed){.config = run->config,
                              .brokers = mock_broker_address(run->broker),
                              .topic = TOPIC,
                              .conninfo = run->conninfo.ptr,
                              .files = &run->files,
                              .stop = command_stop_flag()};
    struct ingest_options options = {.config = run->config,
                                     .conninfo = run->conninfo.ptr,
                                     .brokers = run->feed.brokers,
                                     .gap_is_error = true,
                                     .on_progress = on_ingest,
                                     .opaque = run,
                                     .stop = &run->feed.ingest_stop};
    visible_line(stderr, "hindcast draft: reading %zu files, %.1f MB", run->files.count,
                 (double)run->files.total_bytes / 1e6);
    progress_begin(&run->progress, "draft", run->files.total_bytes);
    if (feed_start(&run->feed, err) != 0)
        return -1;
    int status = ingest_run(&options, &total, err);
    feed_join(&run->feed);
    progress_end(&run->progress);
    if (status == 0 && run->feed.failed) {
        *err = run->feed.err;
        return -1;
    }
    if (status == 0 && command_stop_requested())
        return FILE_STOPPED;
    if (status == 0 && total.records < run->feed.records)
        return err_set(err, ERR_GAP, "%lld records were fed, %lld were stored",
                       (long long)run->feed.records, (long long)total.records);
    return status;
}

static int
declare(struct draft_run *run, struct err *err)
{
    const struct draft_arguments *arguments = run->arguments;
    struct declaration declaration = {
        .title = sv_from(arguments->title != NULL ? arguments->title : "Declared incident"),
        .from_ns = run->from_ns,
        .to_ns = run->to_ns,
        .service = sv_from(arguments->service),
        .channel = sv_from(arguments->channel)};
    struct arena arena;
    struct sv id;
    arena_init(&arena, 0);
    int status =
        casebook_declare(run->store, &arena, sv_from(config_text(run->config, OPT_ingest_scope)),
                         &declaration, &id, err);
    arena_release(&arena);
    return status;
}

static int
correlate(struct draft_run *run, struct err *err)
{
    struct correlation_config config;
    struct correlate_summary summary;
    struct strbuf rules;
    int status = correlation_config_read(run->config, &rules, &config, err);
    if (status == 0)
        status =
            correlate_all(run->store, &config, CORRELATE_ALL, command_stop_flag(), &summary, err);
    strbuf_release(&rules);
    return status;
}

static int
show(struct draft_run *run, struct err *err)
{
    const char *zone = run->arguments->zone != NULL
                           ? run->arguments->zone
                           : config_text(run->config, OPT_output_time_zone);
    const char *out = run->arguments->out != NULL ? run->arguments->out : DEFAULT_OUT;
    struct arena arena;
    struct overview overview;
    struct ledger_totals ledger;
    size_t count = 0;
    if (store_read_begin(run->store, READ_DERIVED, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = store_overview(run->store, &arena, &overview, err);
    if (status == 0)
        status = casebook_ledger(run->store, &ledger, err);
    if (status == 0) {
        draft_print_overview(&overview, &ledger);
        skips_print(&run->skips);
        skips_print(&run->feed.skips);
        struct draft_result result = {run->store, out, zone, &overview};
        status = draft_write_incidents(&result, &count, err);
        if (status == 0 && count == 0)
            draft_print_none(&overview);
    }
    store_read_end(run->store);
    arena_release(&arena);
    return status;
}

static int
work(struct draft_run *run, struct command_context *context, struct err *err)
{
    if (take_folder(run, err) != 0)
        return -1;
    int status = find_files(run, context, err);
    if (status == 0)
        status = configure(run, context->config, err);
    if (status == 0)
        status = start_servers(run, err);
    if (status == 0 && command_stop_requested())
        return FILE_STOPPED;
    if (status == 0)
        status = read_everything(run, err);
    if (status != 0)
        return status;
    if (run->arguments->from != NULL && declare(run, err) != 0)
        return -1;
    if (correlate(run, err) != 0)
        return -1;
    if (command_stop_requested())
        return FILE_STOPPED;
    status = show(run, err);
    int64_t problems = run->problems + run->feed.problems;
    return status == 0 && problems > 0 ? skips_fail(problems, err) : status;
}

/* ---- the end ---- */

#define PATIENCE_NS (4 * NS_PER_S)
#define LAST_NS (5 * NS_PER_S)
#define TICK_NS (50 * NS_PER_MS)

static void
stop_cluster(void *opaque)
{
    struct err err = {0};
    (void)opaque;
    if (draft_cluster_stop(DATABASE_FOLDER, cluster.keep, &err) != 0)
        visible_line(stderr, "hindcast draft: %s", err.message);
}

static void
at_last(void)
{
    int64_t until = clock_monotonic_ns() + LAST_NS;
    bool theirs = cluster.ending;
    while ((cluster.starting || theirs) && clock_monotonic_ns() < until)
        clock_sleep_until(clock_monotonic_ns() + TICK_NS);
    if (!theirs && !atomic_exchange(&cluster.ending, true))
        (void)thread_run_until(stop_cluster, NULL, until);
}

static void
clean_up(struct draft_run *run)
{
    store_close(run->store);
    mock_broker_stop(run->broker);
    if (run->cluster) {
        while (atomic_exchange(&cluster.ending, true)) /* then the process ends, too */
            clock_sleep_until(clock_monotonic_ns() + LAST_NS);
        stop_cluster(NULL);
    }
    if (run->cluster && cluster.keep)
        visible_line(stderr, "hindcast draft: the database is kept in " DATABASE_FOLDER);
    if (run->lock >= 0)
        close(run->lock);
    file_set_release(&run->files);
    strbuf_release(&run->conninfo);
    config_free(run->config);
}

static int
run_draft(struct command_context *context, struct err *err)
{
    const struct draft_arguments *arguments = context->arguments;
    struct draft_run run = {
        .arguments = arguments, .from_ns = TIME_NONE, .to_ns = TIME_NONE, .lock = -1};
    if (check(context, &run, err) != 0)
        return -1;
    if (arguments->write != NULL) {
        if (demo_write(arguments->write, err) != 0)
            return -1;
        visible_line(stdout, "the files of the demo are in %s", arguments->write);
        return 0;
    }
    const char *zone = arguments->zone != NULL ? arguments->zone
                                               : config_text(context->config, OPT_output_time_zone);
    if (time_zone_use(zone, err) != 0)
        return -1;
    cluster.keep = arguments->keep;
    command_patience(EXIT_STOPPED, PATIENCE_NS, at_last);
    command_handle_signals();
    run.config = config_new();
    file_set_init(&run.files);
    strbuf_init(&run.conninfo, 4096);
    int status = work(&run, context, err);
    clean_up(&run);
    if (status != FILE_STOPPED)
        return status;
    visible_line(stderr, "hindcast draft: stopped");
    return EXIT_STOPPED;
}

const struct command command_draft = {
    .name = "draft",
    .usage = "PATH...",
    .summary = "read exports and files, write postmortem drafts; needs no servers",
    .operand = "PATH...",
    COMMAND_OPTIONS(own_options),
    COMMAND_HEEDS(OPT_ingest_workers, OPT_ingest_batch_rows, OPT_ingest_batch_bytes,
                  OPT_ingest_batch_time, OPT_ingest_evidence, OPT_ingest_format, OPT_ingest_scope,
                  OPT_ingest_assumed_zone, OPT_ingest_service, OPT_ingest_environment,
                  OPT_ingest_dedup, OPT_correlate_least_records, OPT_correlate_least_sources,
                  OPT_correlate_least_severity, OPT_correlate_rules, OPT_output_time_zone),
    .arguments_size = sizeof(struct draft_arguments),
    .run = run_draft,
};
