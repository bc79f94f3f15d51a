/*
 * Making and writing a postmortem draft: see postmortem.h. Called by report and draft.
 */
#include "app/postmortem.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "app/activity.h"
#include "app/document.h"
#include "app/folder_lock.h"
#include "app/outfile.h"
#include "app/output.h"
#include "app/publication.h"
#include "base/zone/zone.h"
#include "hindcast/evidence.h"
#include "hindcast/report.h"
#include "report/render/render.h"

/* "" where nothing can stand beside the draft: a pipe, a device. */
static int
timeline_path(const char *path, char *ret_path, size_t size, struct err *err)
{
    struct stat status;
    ret_path[0] = '\0';
    if (path == NULL || (stat(path, &status) == 0 && !S_ISREG(status.st_mode)))
        return 0;
    return snprintf(ret_path, size, "%s.timeline.jsonl", path) < (int)size
               ? 0
               : err_set(err, ERR_IO, "the name is too long: %s", path);
}

static struct sv
name_in(const char *path)
{
    const char *slash = strrchr(path, '/');
    return path[0] == '\0' ? SV_NONE : sv_from(slash == NULL ? path : slash + 1);
}

static int
write_timeline(const struct stored_incident *stored, const char *path, struct err *err)
{
    const struct render_options options = {.format = RENDER_JSONL, .least = SIGNIFICANCE_FULL};
    struct strbuf text;
    strbuf_init(&text, 0);
    render_timeline(stored, &options, &text);
    int status = outfile_write_draft(path, &text, err);
    strbuf_release(&text);
    return status;
}

static const struct document_writer *
postmortem_writer(const struct postmortem *postmortem)
{
    return postmortem->writer != NULL ? postmortem->writer : document_writer_find(NULL);
}

const struct stored_incident *
postmortem_shown(const struct postmortem *postmortem)
{
    return postmortem->publication != NULL ? &postmortem->publication->copy->stored
                                           : postmortem->stored;
}

struct records {
    struct store *store;
    bool refused; /* the role may not read records, or the server has gone: nobody asks again */
};

/* What a page shows of a record; one that is damaged or gone is not shown. */
static bool
record_value(void *opaque, const struct evidence *evidence, struct arena *arena,
             struct sv *ret_value)
{
    struct records *records = opaque;
    struct raw_record raw;
    struct err err = {0};
    if (records->refused)
        return false;
    if (store_read_record(records->store, arena, evidence->at.stream_id, evidence->at.offset, &raw,
                          &err) != 0) {
        records->refused = err.code != ERR_BROKEN_EVIDENCE;
        return false;
    }
    *ret_value = raw.record.value;
    return raw.found && raw.value_matches && raw.root_matches;
}

struct excerpts {
    struct records records;
    struct redacted *copy; /* NULL: records are shown as they are */
};

static bool
record_excerpt(void *opaque, const struct evidence *evidence, struct arena *arena,
               struct sv *ret_value)
{
    struct excerpts *excerpts = opaque;
    struct sv value;
    if (!record_value(&excerpts->records, evidence, arena, &value))
        return false;
    *ret_value = value;
    return excerpts->copy == NULL || redact_record(excerpts->copy, arena, value, ret_value);
}

/* The one place that hands a document to writers. */
static int
write_form(const struct postmortem *postmortem, const struct document *document,
           struct sv rest_name, struct strbuf *out, struct err *err)
{
    const struct publication *publication = postmortem->publication;
    struct excerpts excerpts = {.records = {.store = postmortem->store},
                                .copy = publication == NULL ? NULL : publication->copy};
    struct activity activity;
    struct arena arena;
    int status = 0;
    arena_init(&arena, 0);
    if (postmortem->store != NULL)
        status = activity_read(postmortem->store, &arena, postmortem->stored, publication != NULL,
                               &activity, err);
    const struct writing writing = {
        .document = document,
        .stored = postmortem_shown(postmortem),
        .rest_name = rest_name,
        .record = postmortem->store == NULL ? NULL : record_excerpt,
        .opaque = &excerpts,
        .activity = postmortem->store == NULL ? NULL : &activity,
    };
    strbuf_clear(out);
    if (status == 0)
        postmortem_writer(postmortem)->write(&writing, out);
    arena_release(&arena);
    if (status != 0)
        return -1;
    if (!out->overflow && out->len <= POSTMORTEM_BYTES_MAX)
        return 0;
    strbuf_clear(out);
    return err_set(err, ERR_LIMIT, "the report is larger than %u MiB", POSTMORTEM_BYTES_MAX >> 20);
}

/* Records that say what became of a file are none of those that were read. */
static int64_t
records_read(const struct postmortem *postmortem)
{
    int64_t records = postmortem->ledger->records;
    for (size_t i = 0; i < postmortem->reading_count; i++)
        records -= postmortem->readings[i].manifests;
    return records;
}

int
postmortem_rest_name(const struct postmortem *postmortem, char beside[PATH_MAX],
                     struct sv *ret_name, struct err *err)
{
    if (timeline_path(postmortem->path, beside, PATH_MAX, err) != 0)
        return -1;
    *ret_name = postmortem->timeline != NULL ? sv_from(postmortem->timeline) : name_in(beside);
    return 0;
}

int
postmortem_document(const struct postmortem *postmortem, struct sv rest_name,
                    struct document *ret_document, size_t *ret_left_out, struct err *err)
{
    const struct stored_incident *stored = postmortem->stored;
    const struct report_context context = {
        .template = postmortem->template,
        .number = stored->number,
        .digest_hex = stored->digest_hex,
        .records_read = records_read(postmortem),
        .records_quarantined = postmortem->ledger->quarantined,
        .records_lost = postmortem->ledger->lost,
        .files = postmortem->files,
        .file_count = postmortem->file_count,
        .readings = postmortem->readings,
        .reading_count = postmortem->reading_count,
        .skipped = postmortem->skipped,
        .clocks = postmortem->clocks,
        .clock_count = postmortem->clock_count,
        .time_zone = sv_from(postmortem->zone),
        .tz_version = sv_from(zone_database_version()),
        .rest_name = rest_name,
    };
    return report_document(&stored->incident, &context, ret_document, ret_left_out, err);
}

int
postmortem_make(const struct postmortem *postmortem, struct sv rest_name, struct strbuf *out,
                size_t *ret_left_out, struct err *err)
{
    struct document document;
    size_t left_out;
    const struct publication *publication = postmortem->publication;
    if (publication != NULL) {
        *ret_left_out = publication->left_out;
        return write_form(postmortem, &publication->copy->document, rest_name, out, err);
    }
    if (postmortem_document(postmortem, rest_name, &document, &left_out, err) != 0)
        return -1;
    int status = write_form(postmortem, &document, rest_name, out, err);
    document_release(&document);
    if (status == 0)
        *ret_left_out = left_out;
    return status;
}

static void
base_of(const struct postmortem *postmortem, struct sv text, struct arena *arena,
        struct document_base *ret_base)
{
    struct incident_file identity;
    incident_file_of(postmortem_shown(postmortem), arena, &identity);
    *ret_base = (struct document_base){
        .merge = {.text = text},
        .members = identity.members,
        .attached = identity.attached,
        .document = sv_from(report_kind_names[postmortem->kind]),
        .public = postmortem->publication != NULL,
        .zone = sv_from(postmortem->zone),
        .timeline = sv_from(postmortem->timeline),
    };
}

int
postmortem_refresh(const struct postmortem *postmortem, const struct strbuf *text, struct err *err)
{
    enum document_outcome outcome;
    struct merge_counts counts;
    struct document_base base;
    struct arena arena;
    arena_init(&arena, 0);
    base_of(postmortem, strbuf_view(text), &arena, &base);
    int status = document_write(postmortem->path, &base, &outcome, &counts, err);
    if (status == 0)
        document_tell(postmortem->path, outcome, &counts);
    arena_release(&arena);
    return status;
}

/* A regular file gets a base beside it; a pipe or a device is never refreshed. */
static int
write_document(const struct postmortem *postmortem, const struct strbuf *text, struct err *err)
{
    struct stat status;
    struct document_base base;
    struct arena arena;
    if (postmortem->refresh)
        return postmortem_refresh(postmortem, text, err);
    if (stat(postmortem->path, &status) == 0 && !S_ISREG(status.st_mode))
        return outfile_write_draft(postmortem->path, text, err);
    int lock = folder_lock_of(postmortem->path);
    arena_init(&arena, 0);
    base_of(postmortem, strbuf_view(text), &arena, &base);
    int failed = outfile_write_draft(postmortem->path, text, err);
    if (failed == 0)
        failed = document_base_write(postmortem->path, &base, err);
    arena_release(&arena);
    folder_unlock(lock);
    return failed;
}

/* The form that people edit. */
static bool
is_markdown(const struct postmortem *postmortem)
{
    return postmortem_writer(postmortem) == document_writer_find(NULL);
}

int
postmortem_write(const struct postmortem *postmortem, struct err *err)
{
    char beside[PATH_MAX];
    struct strbuf out;
    size_t left_out = 0;
    const char *path = postmortem->path, *timeline = postmortem->timeline;
    struct sv rest_name;
    if (postmortem_rest_name(postmortem, beside, &rest_name, err) != 0)
        return -1;
    strbuf_init(&out, 0);
    int status = postmortem_make(postmortem, rest_name, &out, &left_out, err);
    /* Before the draft that names it. */
    if (status == 0 && timeline == NULL && left_out > 0 && beside[0] != '\0')
        status = write_timeline(postmortem_shown(postmortem), beside, err);
    if (status == 0 && path != NULL && is_markdown(postmortem))
        status = write_document(postmortem, &out, err);
    else if (status == 0 && path != NULL &&
             postmortem_writer(postmortem) != document_writer_find("html"))
        status = outfile_write_draft(path, &out, err);
    else if (status == 0 && path != NULL)
        status = outfile_write(path, &out, err);
    else if (status == 0)
        status = output_buffer(&out, "the draft", err);
    strbuf_release(&out);
    return status;
}
