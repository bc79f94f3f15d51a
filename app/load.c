/*
 * Loading files into a Kafka topic: see load.h. The state is saved only after a flush: what it says
 * was delivered has been acknowledged by the broker.
 */
#include "app/load.h"

#include <stdio.h>

#include "app/file_table.h"
#include "app/load_state.h"
#include "app/manifest.h"
#include "app/output.h"
#include "app/progress.h"
#include "base/clock.h"
#include "base/stop.h"
#include "base/text/visible.h"
#include "hindcast/producer.h"
#include "ingest/source/file/file.h"
#include "ingest/topics.h"

#define SAVE_EVERY_NS (5 * NS_PER_S)
#define FLUSH_NS (60 * NS_PER_S)

struct load {
    const struct load_request *request;
    struct file_set files;
    struct load_state state;
    struct producer *producer;
    struct progress progress;
    struct strbuf rows;
    struct file_table table;
    struct topics topics;
    const struct input_file *file;
    int64_t before_bytes; /* of the files before this one */
    int64_t file_bytes;
    bool all_known;  /* every file was loaded before: nothing is to be sent */
    int64_t noted;   /* manifest records sent */
    int note_status; /* of the first that could not be */
    struct err note_err;
    int64_t sent, sent_bytes, known; /* known: delivered by an earlier load */
    int64_t file_records;
    int64_t files_read, files_known;
    int64_t problems;  /* what could not be read whole */
    bool file_problem; /* in the file that is being read */
    int64_t saved_ns;
};

/* Rows of the table; the line of the progress makes room for them. */
static void
print(struct load *load)
{
    if (load->rows.len == 0)
        return;
    progress_clear(&load->progress);
    fwrite(load->rows.ptr, 1, load->rows.len, stdout);
    strbuf_clear(&load->rows);
    if (output_is_terminal())
        fflush(stdout);
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct load *load = opaque;
    file_table_skip(&load->table, name, line, reason);
    print(load);
}

/* What comes behind it in the same file is sent, but not noted: it comes again with the rest. */
static void
on_problem(void *opaque, const char *name, const char *reason)
{
    struct load *load = opaque;
    file_table_problem(&load->table, name, reason);
    print(load);
    load->problems++;
    load->file_problem = true;
}

static void
on_decoded(void *opaque, const struct file_record *record)
{
    struct load *load = opaque;
    file_table_record(&load->table, record);
    print(load);
}

static bool
on_stopped(void *opaque)
{
    const struct load *load = opaque;
    return stop_asked(load->request->stop);
}

static void
on_progress(void *opaque, int64_t bytes)
{
    struct load *load = opaque;
    load->file_bytes = bytes;
    progress_show(&load->progress, load->before_bytes + bytes, load->sent, load->file->name);
}

/* Notes only what the broker has acknowledged. FILE_STOPPED: that is not all that was sent. */
static int
checkpoint(struct load *load, struct err *err)
{
    int status = producer_flush(load->producer, FLUSH_NS, err);
    if (status != 0)
        return status;
    load_state_set(&load->state, load->file, load->file_records, false);
    load->saved_ns = clock_monotonic_ns();
    return load_state_save(&load->state, err);
}

static int
send_record(struct load *load, const struct file_record *record, struct err *err)
{
    struct outgoing outgoing = {.key = record->key,
                                .value = record->value,
                                .headers = record->headers,
                                .header_count = record->header_count,
                                .time_ns = record->time_ns,
                                .partition = -1};
    return producer_send(load->producer, &outgoing, err);
}

/* A manifest record, behind those of its file. */
static void
on_noted(void *opaque, const struct file_tally *tally, const struct assumed_zone *zone,
         const struct file_ended *ended)
{
    struct load *load = opaque;
    struct manifest manifest;
    if (load->producer == NULL || load->note_status != 0 || load->all_known ||
        !config_bool(load->request->config, OPT_load_manifest))
        return;
    manifest_init(&manifest, tally, zone, ended);
    load->note_status = send_record(load, &manifest.record, &load->note_err);
    load->noted += load->note_status == 0;
    manifest_release(&manifest);
}

static int
on_ended(void *opaque, const struct file_ended *ended, struct err *err)
{
    struct load *load = opaque;
    file_table_ended(&load->table, ended);
    print(load);
    if (load->note_status < 0)
        *err = load->note_err;
    return load->note_status;
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct load *load = opaque;
    if (stop_asked(load->request->stop))
        return FILE_STOPPED;
    int status = send_record(load, record, err);
    if (status != 0)
        return status;
    load->sent++;
    load->sent_bytes += (int64_t)record->value.len;
    if (!load->file_problem)
        load->file_records = record->place + 1;
    if (load->sent % 64 == 0 && clock_monotonic_ns() - load->saved_ns > SAVE_EVERY_NS)
        return checkpoint(load, err);
    return 0;
}

static int
load_file(struct load *load, const struct file_sink *sink, struct err *err)
{
    bool complete;
    int64_t done = load_state_done(&load->state, load->file, &complete);
    load->known += done;
    if (complete) {
        load->files_known++;
        file_table_known(&load->table, load->file, done);
        return 0;
    }
    load->file_records = done;
    load->file_problem = false;
    int status = file_read(load->file, done, sink, err);
    if (status == 0) {
        file_table_file_end(&load->table, load->file);
        status = load->note_status;
    }
    if (status < 0 && load->note_status < 0)
        *err = load->note_err;
    if (status == 0 && !load->file_problem)
        load->files_read++;
    if (status == 0) {
        /* The flush of small files can wait: the next checkpoint or the end covers them. */
        load_state_set(&load->state, load->file, load->file_records, !load->file_problem);
    } else if (status == FILE_STOPPED && checkpoint(load, err) < 0) {
        return -1;
    }
    return status;
}

static int
load_all(struct load *load, struct err *err)
{
    const char *topic = config_text(load->request->config, OPT_load_topic);
    struct file_sink sink = {.opaque = load,
                             .decode = topics_find(&load->topics, topic),
                             .decoded = on_decoded,
                             .date_of_file = load->request->date_of_file,
                             .record = on_record,
                             .ended = on_ended,
                             .skip = on_skip,
                             .progress = on_progress,
                             .problem = on_problem,
                             .stopped = on_stopped};
    int status = 0;
    for (size_t i = 0; i < load->files.count && status == 0; i++) {
        load->file = &load->files.files[i];
        load->file_bytes = 0;
        status = load_file(load, &sink, err);
        print(load);
        load->before_bytes += load->file->size >= 0 ? load->file->size : load->file_bytes;
    }
    file_table_end(&load->table);
    print(load);
    progress_end(&load->progress);
    if (status == 0)
        status = producer_flush(load->producer, FLUSH_NS, err);
    if (status == 0 && producer_delivered(load->producer) != load->sent + load->noted)
        return err_set(err, ERR_INTERNAL, "%lld records were sent, %lld were acknowledged",
                       (long long)(load->sent + load->noted),
                       (long long)producer_delivered(load->producer));
    if (status == 0 && load_state_save(&load->state, err) != 0)
        return -1;
    return status;
}

static void
print_summary(const struct load *load, const char *topic, bool stopped)
{
    char took[DURATION_TEXT];
    duration_format(clock_monotonic_ns() - load->progress.began_ns, took);
    fputs("\n", stdout);
    visible_line(stdout, "files        %lld read, %lld already loaded before",
                 (long long)load->files_read, (long long)load->files_known);
    visible_line(stdout, "sent         %lld record%s, %lld bytes, to topic %s",
                 (long long)load->sent, load->sent == 1 ? "" : "s", (long long)load->sent_bytes,
                 topic);
    if (load->noted > 0)
        visible_line(stdout, "manifest     %lld record%s, one about each file or entry",
                     (long long)load->noted, load->noted == 1 ? "" : "s");
    if (load->known > 0)
        visible_line(stdout, "sent before  %lld record%s (--again sends %s again)",
                     (long long)load->known, load->known == 1 ? "" : "s",
                     load->known == 1 ? "it" : "them");
    visible_line(stdout, "took         %s", took);
    if (stopped)
        visible_line(stdout, "stopped      before the end; the same command goes on from here, but "
                             "for what came from a pipe");
}

static bool
all_known(const struct load *load)
{
    bool complete = true;
    for (size_t i = 0; i < load->files.count && complete; i++)
        (void)load_state_done(&load->state, &load->files.files[i], &complete);
    return complete;
}

static void
begin_table(struct load *load)
{
    const struct config *config = load->request->config;
    load->table.brief = true;
    load->table.columns = output_columns();
    load->table.zone = file_table_zone(config, config_text(config, OPT_load_topic));
    file_table_begin(&load->table, &load->files);
    file_table_early(&load->table);
    print(load);
}

/* Not one file: the table says why, where there is a reason. */
static int
nothing_to_read(struct load *load, struct err *err)
{
    const struct load_request *request = load->request;
    if (load->table.early.len > 0) {
        begin_table(load);
        file_table_end(&load->table);
        print(load);
    }
    if (load->problems > 0)
        return file_table_fail(&load->table, load->problems, err);
    err_set(err, ERR_NOT_FOUND, "there are no files in %s%s", request->paths[0],
            request->path_count > 1 ? " and the other paths" : "");
    return err_hint(err, "give files, directories, archives, or '-' for standard input");
}

static int
load_paths(struct load *load, const struct load_request *request, struct err *err)
{
    const char *topic = config_text(request->config, OPT_load_topic);
    const char *brokers = config_text(request->config, OPT_kafka_brokers);
    struct file_sink sink = {
        .opaque = load, .skip = on_skip, .problem = on_problem, .stopped = on_stopped};
    for (int i = 0; i < request->path_count; i++) {
        int added = file_set_add(&load->files, request->paths[i], &sink, err);
        if (added != 0)
            return added;
    }
    if (load->files.count == 0)
        return nothing_to_read(load, err);
    if (load_state_open(&load->state, request->state, brokers, topic, request->paths,
                        request->path_count, err) != 0)
        return -1;
    if (request->again)
        load_state_forget(&load->state);
    int status =
        producer_open_until(&load->producer, request->config, brokers, topic, request->stop, err);
    if (status != 0)
        return status;
    progress_begin(&load->progress, "load", load->files.total_bytes);
    load->all_known = all_known(load);
    begin_table(load);
    load->saved_ns = clock_monotonic_ns();
    status = load_all(load, err);
    if (status >= 0)
        print_summary(load, topic, status == FILE_STOPPED);
    return status == 0 && load->problems > 0 ? file_table_fail(&load->table, load->problems, err)
                                             : status;
}

int
load_run(const struct load_request *request, struct err *err)
{
    struct load load = {.request = request};
    file_set_init(&load.files);
    load.files.zones = request->zones;
    load.files.dates = request->dates;
    strbuf_init(&load.rows, 0);
    file_table_init(&load.table, &load.rows);
    load.table.noted = on_noted;
    load.table.opaque = &load;
    int status = topics_init(&load.topics, request->config, err);
    if (status == 0)
        status = load_paths(&load, request, err);
    topics_release(&load.topics);
    producer_close(load.producer);
    load_state_release(&load.state);
    file_set_release(&load.files);
    file_table_release(&load.table);
    strbuf_release(&load.rows);
    return status;
}
