/*
 * Files that were loaded: see files.h. A store may hold files of years: near are those with events
 * around the incident, and of those without times the ones that lie in the same folder as one of
 * them.
 */
#include "report/section/files.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/list.h"

#define AROUND_NS NS_PER_DAY

static bool
has_times(const struct loaded_file *file)
{
    return file->first_ns != TIME_NONE && file->last_ns != TIME_NONE;
}

static bool
overlaps(const struct draft *draft, const struct loaded_file *file)
{
    const struct incident *incident = draft->incident;
    int64_t from = incident->first_ns, to = incident->last_ns;
    if (incident->entry_count > 0) {
        const struct entry *first = &incident->entries[0],
                           *last = &incident->entries[incident->entry_count - 1];
        from = first->time_ns < from ? first->time_ns : from;
        to = last->time_ns > to ? last->time_ns : to;
    }
    return has_times(file) && file->first_ns <= to + AROUND_NS && file->last_ns >= from - AROUND_NS;
}

/* "incident/logs/api.log" and "incident.zip!api.log" lie in "incident" and "incident.zip". */
static struct sv
folder_of(const struct loaded_file *file)
{
    size_t end = 0;
    while (end < file->name.len && file->name.ptr[end] != '/' && file->name.ptr[end] != '!')
        end++;
    return end < file->name.len ? sv_slice(file->name, 0, end) : SV("");
}

static int
compare(const void *a, const void *b)
{
    return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

/* By file: true if it is near. The caller frees it. */
static bool *
find_near(const struct draft *draft)
{
    const struct report_context *context = draft->context;
    size_t count = 0;
    bool *near = memory_calloc(context->file_count, sizeof(*near));
    struct sv *folders = memory_calloc(context->file_count, sizeof(*folders));
    for (size_t i = 0; i < context->file_count; i++) {
        near[i] = overlaps(draft, &context->files[i]);
        if (near[i])
            folders[count++] = folder_of(&context->files[i]);
    }
    if (count > 0)
        qsort(folders, count, sizeof(*folders), compare);
    for (size_t i = 0; i < context->file_count && count > 0; i++) {
        struct sv folder = folder_of(&context->files[i]);
        if (!has_times(&context->files[i]))
            near[i] = bsearch(&folder, folders, count, sizeof(*folders), compare) != NULL;
    }
    free(folders);
    return near;
}

/* How many of the files near the incident were read, need a look, were not read. */
struct file_counts {
    size_t read, look, unread;
};

static struct file_counts
count_near(const struct draft *draft)
{
    const struct report_context *context = draft->context;
    struct file_counts counts = {0, 0, 0};
    bool *near = find_near(draft);
    for (size_t i = 0; i < context->file_count; i++) {
        counts.read += near[i] && context->files[i].read;
        counts.look += near[i] && context->files[i].read && context->files[i].look;
        counts.unread += near[i] && !context->files[i].read;
    }
    free(near);
    return counts;
}

/* What is said of it, without its name where that comes first. */
static struct sv
without_name(const struct loaded_file *file)
{
    struct sv rest = file->said;
    if (!sv_starts(rest, file->name))
        return rest;
    rest = sv_slice(rest, file->name.len, rest.len);
    return sv_starts(rest, SV(": ")) ? sv_slice(rest, 2, rest.len) : file->said;
}

/* "read as text; times: 20 without a time zone (UTC assumed); 20 events" */
static void
add_said(struct document *document, const struct loaded_file *file, struct sv said)
{
    struct sv line;
    const char *joint = "";
    while (said.len > 0 && sv_split(&said, '\n', &line)) {
        document_words(document, joint);
        document_text(document, line);
        joint = "; ";
    }
    if (!file->read || file->events < 0)
        return;
    document_wordsf(document, "%s%lld %s", joint, (long long)file->events,
                    file->events == 1 ? "event" : "events");
    if (file->events > 0 && file->times[TIME_SOURCE_NATIVE] == file->events)
        document_wordsf(document, ", %s",
                        file->events == 1 ? "with a time of its own"
                                          : "all with a time of their own");
}

static void
add_looks(struct draft *draft, const bool *near)
{
    const struct report_context *context = draft->context;
    size_t count = 0;
    struct ranked *rows = memory_calloc(context->file_count, sizeof(*rows));
    for (size_t i = 0; i < context->file_count; i++)
        if (near[i] && (context->files[i].look || !context->files[i].read))
            rows[count++] = (struct ranked){i, context->files[i].read ? 0 : 1};
    size_t shown = list_best(rows, count);
    for (size_t i = 0; i < shown; i++) {
        const struct loaded_file *file = &context->files[rows[i].place];
        document_begin(draft->document, BLOCK_ABOUT);
        add_said(draft->document, file, file->said);
    }
    add_more(draft, count, shown, "files");
    free(rows);
}

/* A line for each file that was read and has nothing to look at. */
static void
add_names(struct draft *draft, const bool *near)
{
    const struct report_context *context = draft->context;
    size_t count = 0;
    for (size_t i = 0; i < context->file_count; i++) {
        const struct loaded_file *file = &context->files[i];
        if (!near[i] || file->look || !file->read || ++count > LIST_MAX)
            continue;
        document_begin(draft->document, BLOCK_ABOUT);
        document_text(draft->document, file->name);
        document_words(draft->document, ": ");
        add_said(draft->document, file, without_name(file));
    }
    if (count > LIST_MAX) {
        document_begin(draft->document, BLOCK_ABOUT);
        document_wordsf(draft->document, "%zu more files with nothing to look at",
                        count - LIST_MAX);
    }
}

/* What was read for want of a format that is known. */
static void
add_fallen_back(struct draft *draft, const bool *near)
{
    const struct report_context *context = draft->context;
    int64_t of_text = 0, of_json = 0;
    size_t count = 0;
    for (size_t i = 0; i < context->file_count; i++) {
        of_text += near[i] ? context->files[i].of_text : 0;
        of_json += near[i] ? context->files[i].of_json : 0;
    }
    if (of_text + of_json == 0)
        return;
    document_begin(draft->document, BLOCK_ABOUT);
    document_words(draft->document, "of no known format: ");
    if (of_text > 0)
        document_wordsf(draft->document, "%lld %s read as lines of text%s", (long long)of_text,
                        of_text == 1 ? "event" : "events", of_json > 0 ? ", " : "");
    if (of_json > 0)
        document_wordsf(draft->document, "%lld %s read as JSON by the words of its keys",
                        (long long)of_json, of_json == 1 ? "event" : "events");
    document_words(draft->document, ", in ");
    for (size_t i = 0; i < context->file_count; i++) {
        if (!near[i] || context->files[i].of_text + context->files[i].of_json == 0)
            continue;
        if (count < LIST_MAX) {
            document_words(draft->document, count == 0 ? "" : ", ");
            document_text(draft->document, context->files[i].name);
        }
        count++;
    }
    if (count > LIST_MAX)
        document_wordsf(draft->document, " and %zu more", count - LIST_MAX);
}

void
add_files(struct draft *draft)
{
    struct document *document = draft->document;
    struct file_counts counts = count_near(draft);
    if (counts.read + counts.unread == 0)
        return;
    bool *near = find_near(draft);
    document_begin(document, BLOCK_ABOUT);
    document_wordsf(document, "files near this incident: %zu read (%zu to look at), %zu not read",
                    counts.read, counts.look, counts.unread);
    add_looks(draft, near);
    add_names(draft, near);
    add_fallen_back(draft, near);
    free(near);
}
