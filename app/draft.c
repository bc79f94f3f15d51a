/*
 * From files to postmortem drafts: see draft.h.
 */
#include "app/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/applied.h"
#include "app/correlate_all.h"
#include "app/correlation_config.h"
#include "app/decide_folder.h"
#include "app/demo.h"
#include "app/draft_feed.h"
#include "app/draft_result.h"
#include "app/draft_servers.h"
#include "app/edges_file.h"
#include "app/output.h"
#include "app/progress.h"
#include "app/publication.h"
#include "app/suppressed_print.h"
#include "app/team_template.h"
#include "base/clock.h"
#include "base/stop.h"
#include "base/text/visible.h"
#include "hindcast/ingest.h"

#define DEMO_FOLDER DRAFT_FOLDER "/demo"
#define TOPIC "draft"
#define LINES_AROUND_NS NS_PER_DAY /* stored before --from and after --to */

struct draft_run {
    const struct draft_request *request;
    struct config *config; /* ours: the user's brokers and passwords are for other servers */
    struct file_set files;
    struct strbuf rows;
    struct file_table table;
    struct draft_servers servers;
    struct feed feed;
    struct progress progress;
    int64_t problems;             /* what could not be read whole, before the feeder began */
    struct redact_policy *policy; /* of what is for the public; NULL: nothing is redacted */
    int lock;
    struct line_window lines; /* that are stored, where an incident is declared */
    int64_t skipped_lines;
    struct team_templates templates;
    struct arena decided; /* of what people decided in the folders of earlier drafts */
    struct decision_list decisions;
    struct strbuf graph;                  /* edges of services, as text */
    char config_digest[SHA256_HEX + 1];   /* of what was correlated with */
    char decoding_digest[SHA256_HEX + 1]; /* of what was decoded with */
};

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct draft_run *run = opaque;
    file_table_skip(&run->table, name, line, reason);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    struct draft_run *run = opaque;
    run->problems++;
    file_table_problem(&run->table, name, reason);
}

static bool
on_stopped(void *opaque)
{
    const struct draft_run *run = opaque;
    return stop_asked(run->request->stop);
}

static int
find_files(struct draft_run *run, struct err *err)
{
    struct file_sink sink = {
        .opaque = run, .skip = on_skip, .problem = on_problem, .stopped = on_stopped};
    int status = 0;
    if (run->request->demo && demo_write(DEMO_FOLDER, err) != 0)
        return -1;
    if (run->request->demo)
        status = file_set_add(&run->files, DEMO_FOLDER, &sink, err);
    for (int i = 0; i < run->request->path_count && status == 0; i++)
        status = file_set_add(&run->files, run->request->paths[i], &sink, err);
    return status;
}

/* One draft at a time in one folder: they share the database's place. */
static int
take_folder(struct draft_run *run, struct err *err)
{
    if (mkdir(DRAFT_FOLDER, 0777) != 0 && errno != EEXIST)
        return err_set_errno(err, ERR_IO, errno, "cannot make the folder " DRAFT_FOLDER);
    run->lock = open(DRAFT_FOLDER "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (run->lock < 0)
        return err_set_errno(err, ERR_IO, errno, "cannot write " DRAFT_FOLDER "/lock");
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
    /* The feeder says in headers where a record is from, whatever the user's own topics have; all
     * files are of one scope. */
    if (config_set(run->config, OPT_ingest_headers, "yes", ORIGIN_COMMAND, err) != 0 ||
        config_set(run->config, OPT_ingest_scope_by, "", ORIGIN_COMMAND, err) != 0)
        return -1;
    /*
     * The feeder waits for commits, so commits should not wait for more to read: a batch holds less
     * than the feeder may be ahead, and while one is written the next one fills.
     */
    if (config_origin(user, OPT_ingest_batch_time) == ORIGIN_DEFAULT &&
        config_set(run->config, OPT_ingest_batch_time, "50ms", ORIGIN_DEFAULT, err) != 0)
        return -1;
    if (config_origin(user, OPT_ingest_batch_rows) == ORIGIN_DEFAULT &&
        config_set(run->config, OPT_ingest_batch_rows, "3000", ORIGIN_DEFAULT, err) != 0)
        return -1;
    return config_set(run->config, OPT_kafka_topics, TOPIC, ORIGIN_COMMAND, err);
}

/* Rows of the table; the line of the progress makes room for them. */
static void
print(struct draft_run *run, struct strbuf *rows)
{
    if (rows->len == 0)
        return;
    progress_clear(&run->progress);
    fwrite(rows->ptr, 1, rows->len, stdout);
    strbuf_clear(rows);
    if (output_is_terminal())
        fflush(stdout);
}

static void
print_rows(struct draft_run *run)
{
    struct strbuf rows;
    strbuf_init(&rows, 0);
    feed_take_rows(&run->feed, &rows);
    print(run, &rows);
    strbuf_release(&rows);
}

static void
on_ingest(void *opaque, const struct ingest_progress *ingested)
{
    struct draft_run *run = opaque;
    int64_t bytes = __atomic_load_n(&run->feed.read_bytes, __ATOMIC_RELAXED);
    print_rows(run);
    progress_show(&run->progress, bytes, ingested->records,
                  ingested->waiting ? ingested->waiting_for : NULL);
}

static void
begin_table(struct draft_run *run)
{
    run->table.brief = true;
    run->table.columns = output_columns();
    run->table.zone = file_table_zone(run->config, TOPIC);
    file_table_begin(&run->table, &run->files);
    print(run, &run->rows);
}

/* Log lines of other days say nothing of an incident that somebody names; NULL: all are stored. */
static const struct line_window *
line_window(struct draft_run *run)
{
    const struct draft_request *request = run->request;
    if (request->from_ns == TIME_NONE)
        return NULL;
    run->lines.from_ns = request->from_ns - LINES_AROUND_NS;
    run->lines.to_ns = request->to_ns == TIME_NONE ? TIME_NONE : request->to_ns + LINES_AROUND_NS;
    return &run->lines;
}

static void
tell_reading(const struct draft_run *run)
{
    int64_t bytes = run->files.total_bytes;
    bool few = bytes < 100000;
    visible_line(stderr, "hindcast draft: reading %zu file%s, %.1f %s", run->files.count,
                 run->files.count == 1 ? "" : "s", (double)bytes / (few ? 1e3 : 1e6),
                 few ? "kB" : "MB");
}

static int
read_everything(struct draft_run *run, struct err *err)
{
    struct ingest_progress total = {0};
    run->feed = (struct feed){.config = run->config,
                              .brokers = mock_broker_address(run->servers.broker),
                              .topic = TOPIC,
                              .conninfo = run->servers.conninfo.ptr,
                              .files = &run->files,
                              .table = &run->table,
                              .date_of_file = run->request->date_of_file,
                              .stop = run->request->stop};
    struct ingest_options options = {.config = run->config,
                                     .conninfo = run->servers.conninfo.ptr,
                                     .brokers = run->feed.brokers,
                                     .partitions = FEED_PARTITIONS,
                                     .gap_is_error = true,
                                     .lines = line_window(run),
                                     .on_progress = on_ingest,
                                     .opaque = run,
                                     .stop = &run->feed.ingest_stop};
    tell_reading(run);
    begin_table(run);
    progress_begin(&run->progress, "draft", run->files.total_bytes);
    if (feed_start(&run->feed, err) != 0)
        return -1;
    int status = ingest_run(&options, &total, err);
    run->skipped_lines = total.skipped_lines;
    memcpy(run->decoding_digest, total.decoding.applied, sizeof(run->decoding_digest));
    feed_join(&run->feed);
    print_rows(run);
    file_table_end(&run->table);
    print(run, &run->rows);
    progress_end(&run->progress);
    feed_release(&run->feed);
    if (status == 0 && run->feed.failed) {
        *err = run->feed.err;
        return -1;
    }
    if (status == 0 && stop_asked(run->request->stop))
        return FILE_STOPPED;
    if (status == 0 && total.records < run->feed.records)
        return err_set(err, ERR_GAP, "%lld records were fed, %lld were stored",
                       (long long)run->feed.records, (long long)total.records);
    return status;
}

static int
declare(struct draft_run *run, struct err *err)
{
    const struct draft_request *request = run->request;
    struct declaration declaration = {
        .title = sv_from(request->title != NULL ? request->title : "Declared incident"),
        .from_ns = request->from_ns,
        .to_ns = request->to_ns,
        .service = sv_from(request->service),
        .channel = sv_from(request->channel)};
    struct arena arena;
    struct sv id;
    arena_init(&arena, 0);
    int status = casebook_declare(run->servers.store, &arena,
                                  sv_from(config_text(run->config, OPT_ingest_scope)), &declaration,
                                  &id, err);
    arena_release(&arena);
    return status;
}

/* What people decided in the folders that are there, before anything is read: a line may be wrong.
 */
static int
find_decisions(struct draft_run *run, struct err *err)
{
    return decide_folders_decisions(run->request->out, &run->decided, &run->decisions, err);
}

static int
decide(struct draft_run *run, struct err *err)
{
    size_t new_count;
    if (run->decisions.count == 0)
        return 0;
    return casebook_decide(run->servers.store, &run->decided,
                           sv_from(config_text(run->config, OPT_ingest_scope)), run->decisions.all,
                           run->decisions.count, &new_count, err);
}

/* The database may be of an earlier draft: what counts are the files of this one. */
static int
correlate(struct draft_run *run, struct err *err)
{
    struct correlation_config config;
    struct correlate_summary summary;
    struct strbuf rules;
    bool news;
    int status = correlation_config_read(run->config, &rules, &config, err);
    config.graph = strbuf_view(&run->graph); /* empty: none, not that of an earlier draft */
    if (status == 0)
        status = applied_write(run->servers.store, &config, &news, err);
    if (status == 0)
        status = correlate_all(run->servers.store, &config, CORRELATE_ALL, run->request->stop,
                               &summary, err);
    if (status == 0)
        memcpy(run->config_digest, summary.config_digest, sizeof(run->config_digest));
    strbuf_release(&rules);
    return status;
}

static int
show(struct draft_run *run, struct err *err)
{
    struct arena arena;
    struct overview overview;
    struct ledger_totals ledger;
    size_t count = 0, refused = 0;
    if (store_read_begin(run->servers.store, READ_DERIVED, err) != 0)
        return -1;
    arena_init(&arena, 0);
    int status = store_overview(run->servers.store, &arena, &overview, err);
    if (status == 0)
        status = casebook_ledger(run->servers.store, &ledger, err);
    if (status == 0) {
        const struct draft_result result = {
            .store = run->servers.store,
            .out = run->request->out,
            .zone = run->request->zone,
            .templates = run->templates.list,
            .forms = run->request->forms,
            .form_count = run->request->form_count,
            .overview = &overview,
            .config_digest = run->config_digest,
            .decoding_digest = run->decoding_digest,
            .skipped = {run->skipped_lines, run->lines.from_ns, run->lines.to_ns},
            .wish = run->request->wish,
            .declared = run->request->from_ns != TIME_NONE,
            .keep = run->request->keep,
            .policy = run->policy};
        draft_print_overview(&result, &ledger);
        status = suppressed_tell(run->servers.store, &arena, err);
        if (status == 0)
            status = draft_write_incidents(&result, &count, &refused, err);
        if (status == 0 && count == 0)
            draft_print_none(&overview, refused > 0);
    }
    store_read_end(run->servers.store);
    if (status == 0 && run->request->keep)
        status = casebook_documented(run->servers.store, &arena, NULL, "postmortem", "draft", err);
    arena_release(&arena);
    return status;
}

/* Not one file: the table says why, where there is a reason. */
static int
nothing_to_read(struct draft_run *run, struct err *err)
{
    const struct draft_request *request = run->request;
    int64_t problems = run->problems + run->feed.problems;
    if (run->files.count == 0 && run->table.early.len > 0) {
        begin_table(run);
        file_table_early(&run->table);
        file_table_end(&run->table);
        print(run, &run->rows);
    }
    if (problems > 0)
        return file_table_fail(&run->table, problems, err);
    err_set(err, ERR_NOT_FOUND, "there are no records in %s%s", request->paths[0],
            request->path_count > 1 ? " and the other paths" : "");
    return err_hint(err, run->files.count == 0 ? "there are no files in it"
                                               : "'hindcast load --help' tells what is read");
}

/* Before the work: whether it can be written afterwards. */
static int
prepare_public(struct draft_run *run, struct err *err)
{
    if (!run->request->public)
        return 0;
    return publication_folder(run->request->out, err) != 0
               ? -1
               : publication_policy(run->request->config, &run->policy, err);
}

static int
read_graph(struct draft_run *run, struct err *err)
{
    struct edges_tally ignored;
    const char *path = run->request->graph;
    return path == NULL ? 0 : edges_file_read(path, &run->graph, &ignored, err);
}

static int
work(struct draft_run *run, struct err *err)
{
    if (prepare_public(run, err) != 0 || read_graph(run, err) != 0 ||
        team_templates_read(run->request->config, &run->templates, err) != 0 ||
        take_folder(run, err) != 0 || find_decisions(run, err) != 0)
        return -1;
    int status = find_files(run, err);
    if (status == 0)
        status = configure(run, run->request->config, err);
    if (status == 0 && run->files.count == 0)
        return nothing_to_read(run, err);
    if (status == 0)
        status = draft_servers_start(&run->servers, run->config, TOPIC, FEED_PARTITIONS,
                                     run->request->stop, err);
    if (status == 0 && stop_asked(run->request->stop))
        return FILE_STOPPED;
    if (status == 0)
        status = read_everything(run, err);
    int64_t problems = run->problems + run->feed.problems;
    if (status == 0 && run->table.sum.records == 0)
        return nothing_to_read(run, err);
    if (status != 0)
        return status;
    if (run->request->from_ns != TIME_NONE && declare(run, err) != 0)
        return -1;
    if (decide(run, err) != 0 || correlate(run, err) != 0)
        return -1;
    if (stop_asked(run->request->stop))
        return FILE_STOPPED;
    status = show(run, err);
    return status == 0 && problems > 0 ? file_table_fail(&run->table, problems, err) : status;
}

static void
clean_up(struct draft_run *run)
{
    draft_servers_stop(&run->servers);
    if (run->lock >= 0)
        close(run->lock);
    file_set_release(&run->files);
    file_table_release(&run->table);
    strbuf_release(&run->rows);
    strbuf_release(&run->graph);
    team_templates_release(&run->templates);
    arena_release(&run->decided);
    redact_policy_free(run->policy);
    config_free(run->config);
}

int
draft_run(const struct draft_request *request, struct err *err)
{
    struct draft_run run = {.request = request, .lock = -1};
    arena_init(&run.decided, 0);
    draft_servers_init(&run.servers, request->keep);
    run.config = config_new();
    file_set_init(&run.files);
    run.files.zones = request->zones;
    run.files.dates = request->dates;
    strbuf_init(&run.rows, 0);
    strbuf_init(&run.graph, 0);
    file_table_init(&run.table, &run.rows);
    int status = work(&run, err);
    clean_up(&run);
    if (status == FILE_STOPPED)
        visible_line(stderr, "hindcast draft: stopped");
    return status;
}
