/*
 * Checking formats of lines: see lines_check.h. The file joins those of ingest.maps, in place of
 * one with its name, so that what is told of it is what would happen.
 */
#include "app/lines_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/output.h"
#include "base/memory.h"
#include "base/stop.h"
#include "hindcast/format_files.h"
#include "ingest/decode/core/registry.h"
#include "ingest/decode/lines/decoder.h"
#include "ingest/decode/lines/format.h"
#include "ingest/source/file/file.h"
#include "ingest/topics.h"

/* What was found in one file. */
struct file_found {
    size_t records, read, events; /* read: by a format of the checked file */
    const struct line_format *format;
    char next[64];  /* who bids next on the first that was read, and how much */
    char other[64]; /* who reads the first that was not */
    struct strbuf details;
};

struct checker {
    const struct map_check_request *request;
    const char *path;
    struct topics topics;
    struct file_found found;
    bool *used; /* formats, by their place */
    struct strbuf out;
    size_t ties, unread;
};

static bool
is_mine(const struct checker *checker, const struct line_format *format)
{
    return format != NULL && strcmp(format->file, checker->path) == 0;
}

/* ---- putting it to use ---- */

static const char *
base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Those of the folder but the one that is replaced, and the file itself. */
static int
collect(const struct map_check_request *request, struct format_files *ret_files, struct err *err)
{
    struct format_files folder, own;
    format_files_init(&folder);
    format_files_init(&own);
    int status = format_files_read(&folder, config_text(request->config, OPT_ingest_maps), "", err);
    if (status == 0)
        status = format_files_read_one(&own, request->map, err);
    for (size_t i = 0; i < folder.count && status == 0; i++)
        if (strcmp(folder.list[i].name, base_of(request->map)) != 0)
            status = format_files_add(ret_files, folder.list[i].name, folder.list[i].path,
                                      folder.list[i].text, err);
    if (status == 0)
        status =
            format_files_add(ret_files, own.list[0].name, own.list[0].path, own.list[0].text, err);
    format_files_release(&folder);
    format_files_release(&own);
    return status;
}

static size_t
lines_in(const struct strbuf *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->len; i++)
        count += text->ptr[i] == '\n';
    return count;
}

/* 1: it has errors, which were printed. */
static int
put_to_use(struct checker *checker, struct err *err)
{
    struct format_files files;
    struct strbuf problems;
    struct err refused = {0};
    format_files_init(&files);
    strbuf_init(&problems, 0);
    int status = collect(checker->request, &files, err);
    if (status == 0 && formats_use(&files, &problems, &refused) != 0)
        status = 1;
    if (status == 1) {
        strbuf_add_sv(&checker->out, strbuf_view(&problems));
        strbuf_addf(&checker->out, "%-17s %zu error%s\n", base_of(checker->path),
                    lines_in(&problems), lines_in(&problems) == 1 ? "" : "s");
    }
    strbuf_release(&problems);
    format_files_release(&files);
    return status;
}

/* ---- the file itself ---- */

static void
print(struct checker *checker)
{
    if (checker->out.len > 0)
        fwrite(checker->out.ptr, 1, checker->out.len, stdout);
    strbuf_clear(&checker->out);
}

static void
print_lines(struct checker *checker)
{
    size_t count = 0;
    for (size_t i = 0; i < lines_count(); i++)
        count += is_mine(checker, lines_at(i));
    strbuf_addf(&checker->out, "%-17s %zu format%s, no errors\n", base_of(checker->path), count,
                count == 1 ? "" : "s");
    for (size_t i = 0; i < lines_count(); i++)
        for (size_t k = i + 1; k < lines_count(); k++)
            if (is_mine(checker, lines_at(k)) && strcmp(lines_at(i)->name, lines_at(k)->name) == 0)
                strbuf_addf(&checker->out, "  [%s] takes the place of %s:%d\n", lines_at(k)->name,
                            lines_at(i)->file, lines_at(i)->line);
    print(checker);
}

/* ---- records ---- */

static void
note_rivals(struct checker *checker, const struct decoder_bids *bids, int own)
{
    struct file_found *found = &checker->found;
    int next = 0;
    for (size_t i = 0; i < bids->count; i++) {
        const struct decoder_bid *one = &bids->list[i];
        const struct decoder *decoder = decoder_find(sv_from(one->decoder->name));
        if (one->bid == 0 || decoder == NULL || decoder->general ||
            is_mine(checker, line_format_of(sv_from(one->decoder->name))))
            continue;
        checker->ties += one->bid == own;
        if (one->bid > next)
            snprintf(found->next, sizeof(found->next), "%.40s %d", one->decoder->name, one->bid);
        next = one->bid > next ? one->bid : next;
    }
}

static void
add_text(struct strbuf *out, const char *key, struct sv value)
{
    if (!sv_empty(value))
        strbuf_addf(out, "      %-11s %.*s\n", key, (int)(value.len < 100 ? value.len : 100),
                    value.ptr);
}

static void
describe(const struct event *event, struct strbuf *out)
{
    char time[TIME_TEXT] = "-";
    if (event->event_time_ns != TIME_NONE)
        time_format(event->event_time_ns, time);
    add_text(out, "time", sv_from(time));
    add_text(out, "severity", sv_from(severity_band(event->severity)));
    add_text(out, "level", event->severity_text);
    add_text(out, "title", event->title);
    add_text(out, "message", event->body);
    add_text(out, "service", event->service);
    add_text(out, "host", event->host);
    add_text(out, "environment", event->environment);
    add_text(out, "actor", event->actor);
    add_text(out, "trace_id", event->trace_id);
    add_text(out, "url", event->url);
    add_text(out, "ref", event->ref);
    add_text(out, "attributes", event->attributes);
}

static void
note_read(struct checker *checker, const struct line_format *format,
          const struct decoder_bids *bids, const struct event_sink *sink)
{
    struct file_found *found = &checker->found;
    found->read++;
    found->events += sink->count;
    for (size_t i = 0; i < lines_count(); i++)
        checker->used[i] |= lines_at(i) == format;
    if (found->format != NULL || sink->count == 0)
        return;
    found->format = format;
    note_rivals(checker, bids, format->bid);
    describe(&sink->events[0], &found->details);
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct checker *checker = opaque;
    struct file_found *found = &checker->found;
    struct arena arena;
    (void)err;
    arena_init(&arena, 0);
    const struct record seen = {.kafka_time_ns = record->time_ns,
                                .key = record->key,
                                .value = record->value,
                                .headers = record->headers,
                                .header_count = record->header_count};
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decoder_bids bids = {.everyone = true};
    struct decode_result result = decode_record_bids(&seen, &checker->topics.general, &sink, &bids);
    const struct line_format *format = line_format_of(result.format);
    found->records++;
    if (is_mine(checker, format) && result.status == DECODE_OK)
        note_read(checker, format, &bids, &sink);
    else if (found->other[0] == '\0')
        snprintf(found->other, sizeof(found->other), SV_FMT, SV_ARG(result.format));
    arena_release(&arena);
    return stop_asked(checker->request->stop) || output_failed() ? FILE_STOPPED : 0;
}

/* ---- files ---- */

static void
print_file(struct checker *checker, const char *name)
{
    struct file_found *found = &checker->found;
    struct strbuf *out = &checker->out;
    size_t left = found->records - found->read;
    strbuf_addf(out, "%-17s ", name);
    if (found->format != NULL)
        strbuf_addf(out, "%s %d (line %d); next: %s      %zu event%s", found->format->name,
                    found->format->bid, found->format->line,
                    found->next[0] == '\0' ? "none" : found->next, found->events,
                    found->events == 1 ? "" : "s");
    else if (found->records == 0)
        strbuf_add_text(out, "no records");
    else
        strbuf_addf(out, "no format of the file reads it; %s does", found->other);
    if (found->format != NULL && left > 0)
        strbuf_addf(out, "; %zu of %zu records are read by others, the first as %s", left,
                    found->records, found->other);
    strbuf_add_char(out, '\n');
    strbuf_add_sv(out, strbuf_view(&found->details));
    checker->unread += left + (found->records == 0);
    print(checker);
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct checker *checker = opaque;
    (void)line;
    checker->unread++;
    strbuf_addf(&checker->out, "%-17s not read: %s\n", name, reason);
}

static bool
on_stopped(void *opaque)
{
    const struct checker *checker = opaque;
    return stop_asked(checker->request->stop) || output_failed();
}

static int
check_file(struct checker *checker, const struct input_file *file, const struct file_sink *sink,
           struct err *err)
{
    checker->found = (struct file_found){.records = 0};
    strbuf_init(&checker->found.details, 0);
    int status = file_read(file, 0, sink, err);
    if (status == 0)
        print_file(checker, file->name);
    strbuf_release(&checker->found.details);
    return status;
}

static int
check_files(struct checker *checker, struct err *err)
{
    struct file_set files;
    struct file_sink sink = {
        .opaque = checker, .record = on_record, .skip = on_skip, .stopped = on_stopped};
    file_set_init(&files);
    int status = topics_init(&checker->topics, checker->request->config, err);
    for (int i = 0; i < checker->request->path_count && status == 0; i++)
        status = file_set_add(&files, checker->request->paths[i], &sink, err);
    for (size_t i = 0; i < files.count && status == 0; i++)
        status = check_file(checker, &files.files[i], &sink, err);
    topics_release(&checker->topics);
    file_set_release(&files);
    return status;
}

static void
print_end(struct checker *checker)
{
    size_t unused = 0;
    if (checker->ties == 0)
        strbuf_add_text(&checker->out, "ties: none.");
    else
        strbuf_addf(&checker->out, "ties: %zu.", checker->ties);
    for (size_t i = 0; i < lines_count() && checker->request->path_count > 0; i++)
        if (is_mine(checker, lines_at(i)) && !checker->used[i])
            strbuf_addf(&checker->out, "%s%s", unused++ == 0 ? "  Formats never used: " : ", ",
                        lines_at(i)->name);
    strbuf_add_text(&checker->out, unused > 0 ? ".\n" : "\n");
    print(checker);
}

static int
check(struct checker *checker, struct err *err)
{
    int status = put_to_use(checker, err);
    if (status != 0)
        return status;
    print_lines(checker);
    decoders_ready();
    checker->used = memory_calloc(lines_count() + 1, sizeof(bool));
    status = check_files(checker, err);
    if (status == 0)
        print_end(checker);
    if (status == FILE_STOPPED)
        return output_failed() ? 0 : 1;
    return status != 0 ? -1 : checker->ties > 0 || checker->unread > 0;
}

int
lines_check_run(const struct map_check_request *request, struct err *err)
{
    struct checker checker = {.request = request, .path = request->map};
    strbuf_init(&checker.out, 0);
    int status = check(&checker, err);
    print(&checker);
    free(checker.used);
    strbuf_release(&checker.out);
    return status;
}
