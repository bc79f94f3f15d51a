/*
 * From files to what they decode to: see read.h.
 */
#include "app/read.h"

#include "app/file_table.h"
#include "app/output.h"
#include "app/read_explain.h"
#include "app/read_lines.h"
#include "base/stop.h"
#include "ingest/source/file/file.h"
#include "ingest/topics.h"

struct reader {
    const struct read_request *request;
    struct file_set files;
    struct topics topics;
    struct decode_options options;
    struct strbuf out;
    struct file_table table;
    struct read_explain explain;
    int64_t records;
    size_t file_count;
    int64_t problems; /* what could not be read whole */
};

static void
print(struct reader *reader)
{
    if (reader->out.len == 0)
        return;
    fwrite(reader->out.ptr, 1, reader->out.len, stdout);
    strbuf_clear(&reader->out);
    if (output_is_terminal())
        fflush(stdout);
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct reader *reader = opaque;
    if (reader->request->lines)
        read_lines_skipped(&reader->out, name, line, reason);
    else
        file_table_skip(&reader->table, name, line, reason);
    print(reader);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    struct reader *reader = opaque;
    reader->problems++;
    if (reader->request->lines)
        read_lines_skipped(&reader->out, name, 0, reason);
    else
        file_table_problem(&reader->table, name, reason);
    print(reader);
}

static bool
on_stopped(void *opaque)
{
    const struct reader *reader = opaque;
    return stop_asked(reader->request->stop) || output_failed();
}

static void
explain(struct reader *reader, const struct file_record *record)
{
    struct strbuf lines;
    strbuf_init(&lines, 0);
    if (read_explain(&reader->explain, record, &reader->options, &lines))
        file_table_add_lines(&reader->table, strbuf_view(&lines));
    strbuf_release(&lines);
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    (void)err;
    struct reader *reader = opaque;
    reader->records++;
    if (reader->request->lines)
        read_lines_record(&reader->out, record);
    else
        file_table_record(&reader->table, record);
    if (reader->request->explain)
        explain(reader, record);
    print(reader);
    return on_stopped(reader) ? FILE_STOPPED : 0;
}

static int
find_options(struct reader *reader, struct err *err)
{
    const struct read_request *request = reader->request;
    const char *topic = request->topic == NULL ? "" : request->topic;
    if (topics_init(&reader->topics, request->config, err) != 0)
        return -1;
    reader->options = request->topic == NULL ? reader->topics.general
                                             : *topics_find(&reader->topics, request->topic);
    if (request->format != NULL &&
        topics_format(request->format, &reader->options.format, err) != 0)
        return -1;
    reader->options.shows_names = true;
    reader->table.zone = file_table_zone(request->config, topic);
    return 0;
}

static int
read_files(struct reader *reader, const struct file_sink *sink, struct err *err)
{
    int status = 0;
    for (size_t i = 0; i < reader->files.count && status == 0; i++) {
        status = file_read(&reader->files.files[i], 0, sink, err);
        if (!reader->request->lines && status == 0)
            file_table_file_end(&reader->table, &reader->files.files[i]);
        print(reader);
    }
    return status;
}

static int
read_all(struct reader *reader, struct err *err)
{
    const struct read_request *request = reader->request;
    struct file_sink sink = {.opaque = reader,
                             .decode = &reader->options,
                             .date_of_file = request->date_of_file,
                             .record = on_record,
                             .skip = on_skip,
                             .problem = on_problem,
                             .stopped = on_stopped};
    int status = find_options(reader, err);
    reader->files.zones = request->zones;
    reader->files.dates = request->dates;
    for (int i = 0; i < request->path_count && status == 0; i++)
        status = file_set_add(&reader->files, request->paths[i], &sink, err);
    if (request->lines)
        return status == 0 ? read_files(reader, &sink, err) : status;
    if (status != 0)
        return status;
    reader->file_count = reader->files.count;
    if (reader->files.count + reader->table.early.len == 0)
        return 0;
    reader->table.columns = output_columns();
    file_table_begin(&reader->table, &reader->files);
    file_table_early(&reader->table);
    print(reader);
    status = read_files(reader, &sink, err);
    file_table_end(&reader->table);
    print(reader);
    return status;
}

static int
result(const struct reader *reader, struct err *err)
{
    const struct read_request *request = reader->request;
    if (reader->problems > 0) { /* what could be read is shown: the rest is damaged, or refused */
        err_set(err, reader->records > 0 ? ERR_BAD_DATA : ERR_IO,
                "not all of the input could be read: %lld problems", (long long)reader->problems);
        return err_hint(err, request->lines ? "each has a line with \"outcome\":\"skipped\""
                                            : "each is told in the table, at '!' or '-'");
    }
    if (reader->records > 0)
        return 0;
    err_set(err, ERR_NOT_FOUND, "there are no records in %s%s", request->paths[0],
            request->path_count > 1 ? " and the other paths" : "");
    return err_hint(err, reader->file_count == 0 ? "there are no files in it"
                                                 : "'hindcast load --help' tells what is read");
}

int
read_run(const struct read_request *request, struct err *err)
{
    struct reader reader = {.request = request};
    file_set_init(&reader.files);
    strbuf_init(&reader.out, 0);
    file_table_init(&reader.table, &reader.out);
    int status = read_all(&reader, err);
    file_table_release(&reader.table);
    topics_release(&reader.topics);
    strbuf_release(&reader.out);
    file_set_release(&reader.files);
    if (status == FILE_STOPPED && output_failed())
        status = 0; /* who reads it has seen enough, or main tells */
    return status == 0 ? result(&reader, err) : status;
}
