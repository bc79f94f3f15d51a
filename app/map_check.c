/*
 * Checking a map: see map_check.h. The map joins those in use before any decoder is asked for, so
 * that what is told of it is what would happen.
 */
#include "app/map_check.h"

#include <stdlib.h>
#include <string.h>

#include "app/map_check_event.h"
#include "app/map_check_map.h"
#include "app/trial.h"
#include "base/memory.h"
#include "ingest/decode/core/registry.h"
#include "ingest/decode/maps/decoders.h"
#include "ingest/decode/maps/read_record.h"

struct checker {
    struct trial trial;
    const struct map_file *file;
    struct map_trace trace;
};

static bool
is_mine(const struct trial *trial, const struct decoder_info *info)
{
    const struct checker *checker = trial->owner;
    const struct map_format *format = map_format_of(sv_from(info->name));
    for (size_t i = 0; format != NULL && i < format->count; i++)
        if (format->shapes[i]->file == checker->file)
            return true;
    return false;
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

/* The trace counts the events that the map makes of it. */
static struct decode_result
decode(struct trial *trial, const struct record *record, struct event_sink *sink,
       struct decoder_bids *bids)
{
    struct checker *checker = trial->owner;
    size_t before = checker->trace.events;
    map_trace_next(&checker->trace);
    map_trace_set(&checker->trace);
    struct decode_result result = decode_record_bids(record, &trial->topics.general, sink, bids);
    map_trace_set(NULL);
    trial->found.events += checker->trace.events - before;
    return result;
}

static bool
has_read(struct trial *trial, const struct decode_result *result)
{
    const struct checker *checker = trial->owner;
    return result->status == DECODE_OK && checker->trace.shape != NULL;
}

static void
note(struct trial *trial, const struct decode_result *result, struct event_sink *sink)
{
    struct checker *checker = trial->owner;
    const struct map_trace *trace = &checker->trace;
    struct trial_found *found = &trial->found;
    const struct event *event = watched(checker, sink);
    (void)result;
    if (!sv_empty(found->name) || event == NULL)
        return;
    found->name = trace->shape->name;
    found->bid = trace->shape->bid;
    found->line = trace->when == NULL ? 0 : trace->when->line;
    map_check_event(sink->arena, trace, event, &found->details);
}

static const struct trial_subject subject = {.what = "shape of the map",
                                             .is_mine = is_mine,
                                             .decode = decode,
                                             .has_read = has_read,
                                             .note = note};

/* ---- the map ---- */

static void
print_map(struct checker *checker, const struct map_problems *problems)
{
    struct strbuf *out = &checker->trial.out;
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
    if (checker->trial.request->path_count == 0)
        map_check_tables(checker->file, out);
    checker->trial.ties += map_check_ties(checker->file, out);
    map_check_foreign(checker->file, out);
}

static void
print_end(struct checker *checker)
{
    struct strbuf *out = &checker->trial.out;
    trial_add_ties(&checker->trial);
    if (checker->trial.request->path_count > 0)
        map_check_unused(checker->file, &checker->trace, out);
    strbuf_add_char(out, '\n');
    trial_print(&checker->trial);
}

static int
check(struct checker *checker, struct map_problems *problems, struct err *err)
{
    if (maps_add_file(checker->trial.request->map, problems, &checker->file, err) != 0)
        return -1;
    print_map(checker, problems);
    trial_print(&checker->trial);
    if (problems->errors > 0)
        return 1;
    decoders_ready();
    checker->trace.file = checker->file;
    checker->trace.words = memory_calloc(map_word_count() + 1, sizeof(bool));
    checker->trace.alternatives = memory_calloc(map_alternative_count() + 1, sizeof(bool));
    int status = trial_run(&checker->trial, err);
    if (status == 0)
        print_end(checker);
    return trial_result(&checker->trial, status);
}

int
map_check_run(const struct map_check_request *request, struct err *err)
{
    struct checker checker = {.trial = {.request = request, .subject = &subject}};
    struct strbuf text;
    strbuf_init(&text, 0);
    strbuf_init(&checker.trial.out, 0);
    struct map_problems problems = {.text = &text, .remarks = true};
    checker.trial.owner = &checker;
    int status = check(&checker, &problems, err);
    trial_print(&checker.trial);
    map_trace_release(&checker.trace);
    free(checker.trace.words);
    free(checker.trace.alternatives);
    strbuf_release(&text);
    strbuf_release(&checker.trial.out);
    return status;
}
