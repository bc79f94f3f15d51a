/*
 * Checking a map: see map_check.h. The map joins those in use before any decoder is asked for, so
 * that what is told of it is what would happen.
 */
#include "app/map_check.h"

#include <stdlib.h>
#include <string.h>

#include "app/map_check_event.h"
#include "app/map_check_map.h"
#include "app/output.h"
#include "base/memory.h"
#include "base/stop.h"
#include "ingest/decode/core/registry.h"
#include "ingest/decode/maps/decoders.h"
#include "ingest/decode/maps/read_record.h"
#include "ingest/source/file/file.h"
#include "ingest/topics.h"

/* What was found in one file. */
struct file_found {
    size_t records, read, events;  /* read: by the map */
    const struct map_shape *shape; /* that read the first of them */
    int line;                      /* of the condition that held; 0: unknown */
    char next[64];                 /* who bids next on it, and how much */
    char other[64];                /* who reads the first that the map does not */
    size_t ties;
    struct strbuf details;
};

struct checker {
    const struct map_check_request *request;
    const struct map_file *file;
    struct map_trace trace;
    struct topics topics;
    struct file_found found;
    struct strbuf out;
    size_t ties, unread;
};

/* ---- bids on a record ---- */

static bool
is_mine(const struct checker *checker, const struct decoder_info *info)
{
    const struct map_format *format = map_format_of(sv_from(info->name));
    for (size_t i = 0; format != NULL && i < format->count; i++)
        if (format->shapes[i]->file == checker->file)
            return true;
    return false;
}

/* Reads what nobody knows: no rival. */
static bool
is_general(const struct decoder_info *info)
{
    const struct decoder *decoder = decoder_find(sv_from(info->name));
    return decoder != NULL && decoder->general;
}

static void
note_rivals(struct checker *checker, const struct decoder_bids *bids)
{
    struct file_found *found = &checker->found;
    int own = 0, next = 0;
    for (size_t i = 0; i < bids->count; i++)
        if (is_mine(checker, bids->list[i].decoder) && bids->list[i].bid > own)
            own = bids->list[i].bid;
    for (size_t i = 0; i < bids->count; i++) {
        const struct decoder_bid *one = &bids->list[i];
        if (one->bid == 0 || is_mine(checker, one->decoder) || is_general(one->decoder))
            continue;
        found->ties += one->bid == own;
        if (one->bid > next && found->next[0] == '\0')
            snprintf(found->next, sizeof(found->next), "%.40s %d", one->decoder->name, one->bid);
        next = one->bid > next ? one->bid : next;
    }
}

/* The event that was watched is the first of its format; `also` follows behind. */
static const struct event *
watched(const struct checker *checker, const struct event_sink *sink)
{
    for (size_t i = 0; i < sink->count; i++)
        if (sv_eq(sink->events[i].format, sv_from(checker->trace.shape->format)))
            return &sink->events[i];
    return sink->count > 0 ? &sink->events[0] : NULL;
}

static void
note_read(struct checker *checker, struct arena *arena, const struct decoder_bids *bids,
          const struct event_sink *sink)
{
    struct file_found *found = &checker->found;
    const struct event *event = watched(checker, sink);
    found->read++;
    if (found->shape != NULL || event == NULL)
        return;
    found->shape = checker->trace.shape;
    found->line = checker->trace.when == NULL ? 0 : checker->trace.when->line;
    note_rivals(checker, bids);
    map_check_event(arena, &checker->trace, event, &found->details);
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
    map_trace_next(&checker->trace);
    map_trace_set(&checker->trace);
    struct decode_result result = decode_record_bids(&seen, &checker->topics.general, &sink, &bids);
    map_trace_set(NULL);
    found->records++;
    if (checker->trace.shape != NULL && result.status == DECODE_OK)
        note_read(checker, &arena, &bids, &sink);
    else if (found->other[0] == '\0')
        snprintf(found->other, sizeof(found->other), SV_FMT, SV_ARG(result.format));
    arena_release(&arena);
    return stop_asked(checker->request->stop) || output_failed() ? FILE_STOPPED : 0;
}

/* ---- files ---- */

static void
print(struct checker *checker)
{
    if (checker->out.len > 0)
        fwrite(checker->out.ptr, 1, checker->out.len, stdout);
    strbuf_clear(&checker->out);
}

static void
print_file(struct checker *checker, const char *name)
{
    struct file_found *found = &checker->found;
    size_t left = found->records - found->read;
    strbuf_addf(&checker->out, "%-17s ", name);
    if (found->shape != NULL)
        strbuf_addf(&checker->out, SV_FMT " %d (line %d); next: %s", SV_ARG(found->shape->name),
                    found->shape->bid, found->line, found->next[0] == '\0' ? "none" : found->next);
    else if (found->records == 0)
        strbuf_add_text(&checker->out, "no records");
    else
        strbuf_addf(&checker->out, "no shape of the map reads it; %s does", found->other);
    if (found->shape != NULL)
        strbuf_addf(&checker->out, "      %zu event%s", found->events,
                    found->events == 1 ? "" : "s");
    if (found->shape != NULL && left > 0)
        strbuf_addf(&checker->out, "; %zu of %zu records are read by others, the first as %s", left,
                    found->records, found->other);
    strbuf_add_char(&checker->out, '\n');
    strbuf_add_sv(&checker->out, strbuf_view(&found->details));
    checker->ties += found->ties;
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
    size_t before = checker->trace.events;
    checker->found = (struct file_found){.records = 0};
    strbuf_init(&checker->found.details, 0);
    int status = file_read(file, 0, sink, err);
    checker->found.events = checker->trace.events - before;
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

/* ---- the map ---- */

static void
print_map(struct checker *checker, const struct map_problems *problems)
{
    struct strbuf *out = &checker->out;
    strbuf_add_sv(out, strbuf_view(problems->text));
    strbuf_addf(out, "%-17s ", checker->file->name);
    map_check_counts(checker->file, out);
    if (problems->errors == 0)
        strbuf_add_text(out, ", no errors\n");
    else
        strbuf_addf(out, ", %zu error%s\n", problems->errors, problems->errors == 1 ? "" : "s");
    if (problems->errors > 0)
        return;
    map_check_replaced(checker->file, out);
    if (checker->request->path_count == 0)
        map_check_tables(checker->file, out);
    checker->ties += map_check_ties(checker->file, out);
    map_check_foreign(checker->file, out);
}

static void
print_end(struct checker *checker)
{
    if (checker->ties == 0)
        strbuf_add_text(&checker->out, "ties: none.");
    else
        strbuf_addf(&checker->out, "ties: %zu.", checker->ties);
    if (checker->request->path_count > 0)
        map_check_unused(checker->file, &checker->trace, &checker->out);
    strbuf_add_char(&checker->out, '\n');
    print(checker);
}

static int
check(struct checker *checker, struct map_problems *problems, struct err *err)
{
    if (maps_add_file(checker->request->map, problems, &checker->file, err) != 0)
        return -1;
    print_map(checker, problems);
    print(checker);
    if (problems->errors > 0)
        return 1;
    decoders_ready();
    checker->trace.file = checker->file;
    checker->trace.words = memory_calloc(map_word_count() + 1, sizeof(bool));
    checker->trace.alternatives = memory_calloc(map_alternative_count() + 1, sizeof(bool));
    int status = check_files(checker, err);
    if (status == 0)
        print_end(checker);
    if (status == FILE_STOPPED)
        return output_failed() ? 0 : 1;
    return status != 0 ? -1 : checker->ties > 0 || checker->unread > 0;
}

int
map_check_run(const struct map_check_request *request, struct err *err)
{
    struct checker checker = {.request = request};
    struct strbuf text;
    strbuf_init(&text, 0);
    strbuf_init(&checker.out, 0);
    struct map_problems problems = {.text = &text, .remarks = true};
    int status = check(&checker, &problems, err);
    print(&checker);
    map_trace_release(&checker.trace);
    free(checker.trace.words);
    free(checker.trace.alternatives);
    strbuf_release(&text);
    strbuf_release(&checker.out);
    return status;
}
