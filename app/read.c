/*
 * From files to what they decode to: see read.h.
 */
#include "app/read.h"

#include "app/output.h"
#include "app/read_lines.h"
#include "app/skips.h"
#include "base/stop.h"
#include "ingest/source/file/file.h"
#include "ingest/topics.h"

struct reader {
    const struct read_request *request;
    struct file_set files;
    struct topics topics;
    struct decode_options options;
    struct strbuf line;
    int64_t problems; /* what could not be read whole */
};

static void
print(struct reader *reader)
{
    fwrite(reader->line.ptr, 1, reader->line.len, stdout);
    strbuf_clear(&reader->line);
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct reader *reader = opaque;
    read_lines_skipped(&reader->line, name, line, reason);
    print(reader);
}

static void
on_problem(void *opaque, const char *name, const char *reason)
{
    struct reader *reader = opaque;
    reader->problems++;
    on_skip(opaque, name, 0, reason);
}

static bool
on_stopped(void *opaque)
{
    const struct reader *reader = opaque;
    return stop_asked(reader->request->stop) || output_failed();
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    (void)err;
    struct reader *reader = opaque;
    read_lines_record(&reader->line, record);
    print(reader);
    return on_stopped(reader) ? FILE_STOPPED : 0;
}

static int
find_options(struct reader *reader, struct err *err)
{
    const struct read_request *request = reader->request;
    if (topics_init(&reader->topics, request->config, err) != 0)
        return -1;
    reader->options = request->topic == NULL ? reader->topics.general
                                             : *topics_find(&reader->topics, request->topic);
    if (request->format != NULL &&
        topics_format(request->format, &reader->options.format, err) != 0)
        return -1;
    return 0;
}

static int
read_all(struct reader *reader, struct err *err)
{
    const struct read_request *request = reader->request;
    struct file_sink sink = {.opaque = reader,
                             .decode = &reader->options,
                             .record = on_record,
                             .skip = on_skip,
                             .problem = on_problem,
                             .stopped = on_stopped};
    int status = find_options(reader, err);
    reader->files.zones = request->zones;
    for (int i = 0; i < request->path_count && status == 0; i++)
        status = file_set_add(&reader->files, request->paths[i], &sink, err);
    for (size_t i = 0; i < reader->files.count && status == 0; i++)
        status = file_read(&reader->files.files[i], 0, &sink, err);
    return status;
}

int
read_run(const struct read_request *request, struct err *err)
{
    struct reader reader = {.request = request};
    file_set_init(&reader.files);
    strbuf_init(&reader.line, 0);
    int status = read_all(&reader, err);
    topics_release(&reader.topics);
    strbuf_release(&reader.line);
    file_set_release(&reader.files);
    if (status == FILE_STOPPED && output_failed())
        status = 0; /* who reads it has seen enough, or main tells */
    return status == 0 && reader.problems > 0 ? skips_fail(reader.problems, err) : status;
}
