/*
 * hindcast draft: from files to postmortem drafts in one command, on a private PostgreSQL and
 * librdkafka's in-process broker. Main thread: it starts the servers, runs ingest while the feeder
 * thread produces, correlates, writes the results, and always stops what it started.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/command.h"
#include "cmd/correlate.h"
#include "cmd/demo.h"
#include "cmd/draft_cluster.h"
#include "cmd/draft_feed.h"
#include "cmd/draft_result.h"
#include "cmd/progress.h"
#include "hindcast/ingest.h"
#include "hindcast/migrate.h"
#include "hindcast/mock_broker.h"

#define FOLDER ".hindcast" /* the script compares paths as text: no "./" */
#define DATABASE_FOLDER FOLDER "/postgres"
#define DEMO_FOLDER FOLDER "/demo"
#define DEFAULT_OUT "./hindcast-draft"
#define TOPIC "draft"
#define STOPPED 1
#define EXIT_STOPPED 1

static const char help_text[] =
    "Reads files, directories and zips as 'hindcast load --help' says, finds incidents and "
    "writes,\n"
    "for each, postmortem.md, timeline.jsonl and timeline.csv. Needs PostgreSQL's programs, but "
    "no\n"
    "server: a private one lives in ./.hindcast while it works. No alert in the files? --from "
    "TIME\n"
    "declares the incident.\n\n"
    "The broker inside is librdkafka's mock cluster: memory only, 5 MiB a partition (16 "
    "partitions),\n"
    "older records dropped silently. So files are fed no faster than they are stored, and a gap "
    "in\n"
    "the offsets is an error. For lasting use: migrate, load, ingest and correlate.\n";

struct draft_arguments {
    const char *from, *to, *title, *service, *channel, *out, *zone, *write;
    bool demo, keep, help;
    int64_t from_ns, to_ns;
};

struct draft_run {
    const struct draft_arguments *arguments;
    struct config *config; /* ours: the user's brokers and passwords are for other servers */
    struct file_set files;
    struct skips skips;
    struct strbuf conninfo;
    struct mock_broker *broker;
    struct store *store;
    struct feed feed;
    struct progress progress;
    int lock;
    bool cluster;
};

static int
parse(struct command_context *context, struct draft_arguments *arguments, struct err *err)
{
    const struct command_option options[] = {
        {"--from", "TIME", "declare an incident that began then", &arguments->from, NULL},
        {"--to", "TIME", "its end", &arguments->to, NULL},
        {"--title", "TITLE", "its title", &arguments->title, NULL},
        {"--service", "NAME", "only evidence of this service", &arguments->service, NULL},
        {"--channel", "NAME", "only messages of this channel", &arguments->channel, NULL},
        {"--out", "DIR", "where to write (default " DEFAULT_OUT "/)", &arguments->out, NULL},
        {"--tz", "ZONE", "time zone of what people read", &arguments->zone, NULL},
        {"--demo", NULL, "draft the bundled incident", NULL, &arguments->demo},
        {"--write", "DIR", "with --demo: only write the demo's files", &arguments->write, NULL},
        {"--keep", NULL, "leave the database in ./.hindcast for psql", NULL, &arguments->keep},
    };
    if (command_parse(context, options, sizeof(options) / sizeof(options[0]), &arguments->help,
                      err) != 0)
        return -1;
    if (arguments->help) {
        fputs(help_text, stdout);
        return 0;
    }
    arguments->from_ns = arguments->to_ns = TIME_NONE;
    if ((arguments->from != NULL &&
         time_parse_arg("--from", arguments->from, &arguments->from_ns, err) != 0) ||
        (arguments->to != NULL &&
         time_parse_arg("--to", arguments->to, &arguments->to_ns, err) != 0))
        return -1;
    if (arguments->write != NULL && !arguments->demo)
        return err_set(err, ERR_USAGE, "--write goes with --demo");
    if (arguments->from == NULL && (arguments->to != NULL || arguments->title != NULL ||
                                    arguments->service != NULL || arguments->channel != NULL))
        return err_set(err, ERR_USAGE, "--to, --title, --service and --channel need --from TIME");
    if (arguments->to_ns != TIME_NONE && arguments->to_ns < arguments->from_ns)
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

static int
find_files(struct draft_run *run, struct command_context *context, struct err *err)
{
    struct file_sink sink = {run, NULL, on_skip, NULL};
    if (run->arguments->demo && (demo_write(DEMO_FOLDER, err) != 0 ||
                                 file_set_add(&run->files, DEMO_FOLDER, &sink, err) != 0))
        return -1;
    for (int i = 1; i < context->argc; i++)
        if (file_set_add(&run->files, context->argv[i], &sink, err) != 0)
            return -1;
    return 0;
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

static int
start_servers(struct draft_run *run, struct err *err)
{
    struct stat status;
    struct migrate_result migrated;
    struct store_options options = {.application_name = "hindcast draft",
                                    .connect_timeout_ns = 10 * NS_PER_S};
    if (stat(DATABASE_FOLDER, &status) == 0 && draft_cluster_stop(DATABASE_FOLDER, false, err) != 0)
        return -1;
    fprintf(stderr, "hindcast draft: starting a private PostgreSQL in " DATABASE_FOLDER "\n");
    run->cluster = true;
    if (draft_cluster_start(DATABASE_FOLDER, &run->conninfo, err) != 0)
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
    fprintf(stderr, "hindcast draft: reading %zu files, %.1f MB\n", run->files.count,
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
        return STOPPED;
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
        .from_ns = arguments->from_ns,
        .to_ns = arguments->to_ns,
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
    int status = cmd_correlation_config(run->config, &rules, &config, err);
    if (status == 0)
        status = cmd_correlate_all(run->store, &config, CORRELATE_ALL, &summary, err);
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
    arena_init(&arena, 0);
    int status = store_overview(run->store, &arena, &overview, err);
    if (status == 0)
        status = casebook_ledger(run->store, &ledger, err);
    if (status == 0) {
        draft_print_overview(&overview, &ledger);
        skips_print(&run->skips, stdout);
        skips_print(&run->feed.skips, stdout);
        struct draft_result result = {run->store, out, zone, &overview};
        status = draft_write_incidents(&result, &count, err);
        if (status == 0 && count == 0)
            draft_print_none(&overview);
    }
    arena_release(&arena);
    return status;
}

static int
work(struct draft_run *run, struct command_context *context, struct err *err)
{
    if (take_folder(run, err) != 0 || find_files(run, context, err) != 0 ||
        configure(run, context->config, err) != 0 || start_servers(run, err) != 0)
        return -1;
    int status = read_everything(run, err);
    if (status != 0)
        return status;
    if (run->arguments->from != NULL && declare(run, err) != 0)
        return -1;
    if (correlate(run, err) != 0)
        return -1;
    return show(run, err);
}

static void
clean_up(struct draft_run *run)
{
    struct err err = {0};
    store_close(run->store);
    mock_broker_stop(run->broker);
    bool keep = run->arguments->keep;
    if (run->cluster && draft_cluster_stop(DATABASE_FOLDER, keep, &err) != 0)
        fprintf(stderr, "hindcast draft: %s\n", err.message);
    if (run->cluster && keep)
        fprintf(stderr, "hindcast draft: the database is kept in " DATABASE_FOLDER "\n");
    if (run->lock >= 0)
        close(run->lock);
    file_set_release(&run->files);
    strbuf_release(&run->conninfo);
    config_free(run->config);
}

int
cmd_draft(struct command_context *context, struct err *err)
{
    struct draft_arguments arguments = {0};
    if (parse(context, &arguments, err) != 0)
        return -1;
    if (arguments.help)
        return 0;
    if (arguments.write != NULL) {
        if (demo_write(arguments.write, err) != 0)
            return -1;
        printf("the files of the demo are in %s\n", arguments.write);
        return 0;
    }
    const char *zone = arguments.zone != NULL ? arguments.zone
                                              : config_text(context->config, OPT_output_time_zone);
    if (time_zone_use(zone, err) != 0)
        return -1;
    command_handle_signals();
    struct draft_run run = {.arguments = &arguments, .config = config_new(), .lock = -1};
    file_set_init(&run.files);
    strbuf_init(&run.conninfo, 4096);
    int status = work(&run, context, err);
    clean_up(&run);
    if (status != STOPPED)
        return status;
    fprintf(stderr, "hindcast draft: stopped\n");
    return EXIT_STOPPED;
}
