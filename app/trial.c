/*
 * Trying what is checked on files: see trial.h.
 */
#include "app/trial.h"

#include <stdio.h>

#include "app/output.h"
#include "base/stop.h"
#include "ingest/decode/core/registry.h"
#include "ingest/source/file/file.h"

void
trial_print(struct trial *trial)
{
    if (trial->out.len > 0)
        fwrite(trial->out.ptr, 1, trial->out.len, stdout);
    strbuf_clear(&trial->out);
}

/* ---- one record ---- */

/* Who reads what nobody knows is not a rival. */
static bool
is_general(const struct decoder_info *info)
{
    const struct decoder *decoder = decoder_find(sv_from(info->name));
    return decoder != NULL && decoder->general;
}

static void
note_rivals(struct trial *trial, const struct decoder_bids *bids)
{
    const struct trial_subject *subject = trial->subject;
    struct trial_found *found = &trial->found;
    int own = 0, next = 0;
    for (size_t i = 0; i < bids->count; i++)
        if (bids->list[i].bid > own && subject->is_mine(trial, bids->list[i].decoder))
            own = bids->list[i].bid;
    for (size_t i = 0; i < bids->count; i++) {
        const struct decoder_bid *one = &bids->list[i];
        if (one->bid == 0 || subject->is_mine(trial, one->decoder) || is_general(one->decoder))
            continue;
        trial->ties += one->bid == own;
        if (one->bid > next)
            snprintf(found->next, sizeof(found->next), "%.40s %d", one->decoder->name, one->bid);
        next = one->bid > next ? one->bid : next;
    }
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct trial *trial = opaque;
    const struct trial_subject *subject = trial->subject;
    struct trial_found *found = &trial->found;
    struct arena arena;
    (void)err;
    arena_init(&arena, 0);
    const struct record seen = file_record_seen(record);
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decoder_bids bids = {.everyone = true};
    struct decode_result result =
        subject->decode != NULL ? subject->decode(trial, &seen, &sink, &bids)
                                : decode_record_bids(&seen, &trial->topics.general, &sink, &bids);
    bool first = sv_empty(found->name);
    found->records++;
    if (subject->has_read(trial, &result)) {
        found->read++;
        subject->note(trial, &result, &sink);
        if (first && !sv_empty(found->name))
            note_rivals(trial, &bids);
    } else if (found->other[0] == '\0') {
        snprintf(found->other, sizeof(found->other), SV_FMT, SV_ARG(result.format));
    }
    arena_release(&arena);
    return stop_asked(trial->request->stop) || output_failed() ? FILE_STOPPED : 0;
}

/* ---- files ---- */

static void
print_file(struct trial *trial, const char *name)
{
    const struct trial_found *found = &trial->found;
    struct strbuf *out = &trial->out;
    size_t left = found->records - found->read;
    bool any = !sv_empty(found->name);
    strbuf_addf(out, "%-17s ", name);
    if (any)
        strbuf_addf(out, SV_FMT " %d (line %d); next: %s      %zu event%s", SV_ARG(found->name),
                    found->bid, found->line, found->next[0] == '\0' ? "none" : found->next,
                    found->events, found->events == 1 ? "" : "s");
    else if (found->records == 0)
        strbuf_add_text(out, "no records");
    else
        strbuf_addf(out, "no %s reads it; %s does", trial->subject->what, found->other);
    if (any && left > 0)
        strbuf_addf(out, "; %zu of %zu records are read by others, the first as %s", left,
                    found->records, found->other);
    strbuf_add_char(out, '\n');
    strbuf_add_sv(out, strbuf_view(&found->details));
    trial->unread += left + (found->records == 0);
    trial_print(trial);
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct trial *trial = opaque;
    (void)line;
    trial->unread++;
    strbuf_addf(&trial->out, "%-17s not read: %s\n", name, reason);
}

static bool
on_stopped(void *opaque)
{
    const struct trial *trial = opaque;
    return stop_asked(trial->request->stop) || output_failed();
}

static int
try_file(struct trial *trial, const struct input_file *file, const struct file_sink *sink,
         struct err *err)
{
    trial->found = (struct trial_found){.name = SV_NONE};
    strbuf_init(&trial->found.details, 0);
    int status = file_read(file, 0, sink, err);
    if (status == 0)
        print_file(trial, file->name);
    strbuf_release(&trial->found.details);
    return status;
}

int
trial_run(struct trial *trial, struct err *err)
{
    struct file_set files;
    const struct map_check_request *request = trial->request;
    const struct file_sink sink = {
        .opaque = trial, .record = on_record, .skip = on_skip, .stopped = on_stopped};
    file_set_init(&files);
    int status = topics_init(&trial->topics, request->config, err);
    for (int i = 0; i < request->path_count && status == 0; i++)
        status = file_set_add(&files, request->paths[i], &sink, err);
    for (size_t i = 0; i < files.count && status == 0; i++)
        status = try_file(trial, &files.files[i], &sink, err);
    topics_release(&trial->topics);
    file_set_release(&files);
    return status;
}

void
trial_add_ties(struct trial *trial)
{
    if (trial->ties == 0)
        strbuf_add_text(&trial->out, "ties: none.");
    else
        strbuf_addf(&trial->out, "ties: %zu.", trial->ties);
}

int
trial_result(const struct trial *trial, int status)
{
    if (status == FILE_STOPPED)
        return output_failed() ? 0 : 1;
    return status != 0 ? -1 : trial->ties > 0 || trial->unread > 0;
}
