/*
 * Checking formats of lines: see lines_check.h. The file joins those of ingest.maps, in place of
 * one with its name, so that what is told of it is what would happen.
 */
#include "app/lines_check.h"

#include <stdlib.h>
#include <string.h>

#include "app/trial.h"
#include "base/memory.h"
#include "hindcast/format_files.h"
#include "ingest/decode/core/registry.h"
#include "ingest/decode/lines/decoder.h"
#include "ingest/decode/lines/format.h"

struct checker {
    struct trial trial;
    const char *path;
    bool *used; /* formats, by their place */
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
    int status = collect(checker->trial.request, &files, err);
    if (status == 0 && formats_use(&files, &problems, &refused) != 0)
        status = 1;
    if (status == 1) {
        strbuf_add_sv(&checker->trial.out, strbuf_view(&problems));
        strbuf_addf(&checker->trial.out, "%-17s %zu error%s\n", base_of(checker->path),
                    lines_in(&problems), lines_in(&problems) == 1 ? "" : "s");
    }
    strbuf_release(&problems);
    format_files_release(&files);
    return status;
}

/* ---- the file itself ---- */

static void
print_lines(struct checker *checker)
{
    size_t count = 0;
    for (size_t i = 0; i < lines_count(); i++)
        count += is_mine(checker, lines_at(i));
    strbuf_addf(&checker->trial.out, "%-17s %zu format%s, no errors\n", base_of(checker->path),
                count, count == 1 ? "" : "s");
    for (size_t i = 0; i < lines_count(); i++)
        for (size_t k = i + 1; k < lines_count(); k++)
            if (is_mine(checker, lines_at(k)) && strcmp(lines_at(i)->name, lines_at(k)->name) == 0)
                strbuf_addf(&checker->trial.out, "  [%s] takes the place of %s:%d\n",
                            lines_at(k)->name, lines_at(i)->file, lines_at(i)->line);
    trial_print(&checker->trial);
}

/* ---- records ---- */

static bool
of_my_format(const struct trial *trial, const struct decoder_info *info)
{
    return is_mine(trial->owner, line_format_of(sv_from(info->name)));
}

static bool
has_read(struct trial *trial, const struct decode_result *result)
{
    return result->status == DECODE_OK && is_mine(trial->owner, line_format_of(result->format));
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
note(struct trial *trial, const struct decode_result *result, struct event_sink *sink)
{
    struct checker *checker = trial->owner;
    const struct line_format *format = line_format_of(result->format);
    struct trial_found *found = &trial->found;
    found->events += sink->count;
    for (size_t i = 0; i < lines_count(); i++)
        checker->used[i] |= lines_at(i) == format;
    if (!sv_empty(found->name) || sink->count == 0)
        return;
    found->name = sv_from(format->name);
    found->bid = format->bid;
    found->line = format->line;
    describe(&sink->events[0], &found->details);
}

static const struct trial_subject subject = {
    .what = "format of the file", .is_mine = of_my_format, .has_read = has_read, .note = note};

/* ---- all ---- */

static void
print_end(struct checker *checker)
{
    struct strbuf *out = &checker->trial.out;
    size_t unused = 0;
    trial_add_ties(&checker->trial);
    for (size_t i = 0; i < lines_count() && checker->trial.request->path_count > 0; i++)
        if (is_mine(checker, lines_at(i)) && !checker->used[i])
            strbuf_addf(out, "%s%s", unused++ == 0 ? "  Formats never used: " : ", ",
                        lines_at(i)->name);
    strbuf_add_text(out, unused > 0 ? ".\n" : "\n");
    trial_print(&checker->trial);
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
    status = trial_run(&checker->trial, err);
    if (status == 0)
        print_end(checker);
    return trial_result(&checker->trial, status);
}

int
lines_check_run(const struct map_check_request *request, struct err *err)
{
    struct checker checker = {.trial = {.request = request, .subject = &subject},
                              .path = request->map};
    checker.trial.owner = &checker;
    strbuf_init(&checker.trial.out, 0);
    int status = check(&checker, err);
    trial_print(&checker.trial);
    free(checker.used);
    strbuf_release(&checker.trial.out);
    return status;
}
