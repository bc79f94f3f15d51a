/*
 * report_document(): walks the template and lets each section fill itself in. The document's order,
 * headings, notes and prompts are data (templates/postmortem.tsv). Called by `hindcast report` and
 * `hindcast draft`; pure but for the C library's time zone, which is set when a second one is
 * asked.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/render/document.h"
#include "report/section/files.h"
#include "report/section/fills.h"

#define DRAFT_BYTES_MAX (64U << 20)
#define TABLE_BLANK_ROWS 2

static const struct {
    const char *id;
    void (*fill)(struct draft *draft);
} fills[] = {
#define FILL(name) {#name, fill_##name},
#include "report/section/fills.def"
#undef FILL
};

static int
run_fill(struct draft *draft, struct sv id, struct err *err)
{
    for (size_t i = 0; i < sizeof(fills) / sizeof(fills[0]); i++)
        if (sv_eq(id, sv_from(fills[i].id))) {
            fills[i].fill(draft);
            assert(!draft->document->in_table); /* what it began it ended */
            return 0;
        }
    return err_set(err, ERR_INTERNAL, "the report template names no section '" SV_FMT "'",
                   SV_ARG(id));
}

/* A table for people: its head and rows that wait for them. */
static void
add_human_table(struct document *document, struct sv columns)
{
    document_begin_table(document, arena_copy(&document->arena, columns), false);
    for (int row = 0; row < TABLE_BLANK_ROWS; row++) {
        document_row(document, true);
        document_cell(document);
        for (size_t i = 0; i < columns.len; i++)
            if (columns.ptr[i] == '|')
                document_cell(document);
    }
    document_end_table(document);
}

static int
add_template_line(struct draft *draft, struct sv line, struct err *err)
{
    struct document *document = draft->document;
    struct sv rest = line, kind, id = SV_NONE;
    if (sv_empty(line) || line.ptr[0] == '#')
        return 0;
    if (!sv_split(&rest, '\t', &kind) || !sv_split(&rest, '\t', &id))
        return err_set(err, ERR_INTERNAL, "a line of the report template has too few parts");
    document_section(document, id);
    if (sv_eq(kind, SV("heading")))
        document_say(document, BLOCK_HEADING, rest);
    else if (sv_eq(kind, SV("note")))
        document_say(document, BLOCK_NOTE, rest);
    else if (sv_eq(kind, SV("prompt")))
        document_say(document, BLOCK_PROMPT, rest);
    else if (sv_eq(kind, SV("table")))
        add_human_table(document, rest);
    else if (sv_eq(kind, SV("fill")))
        return run_fill(draft, id, err);
    return 0;
}

/* What kinds of sources speak in this incident, and which are silent. */
static void
add_sources(struct draft *draft)
{
    static const struct {
        enum record_kind kinds[3];
        const char *name;
    } groups[] = {
        {{RECORD_ALERT, RECORD_INCIDENT_EVENT, RECORD_NONE}, "alerts"},
        {{RECORD_CHAT, RECORD_LINKED_MESSAGE, RECORD_NONE}, "chat"},
        {{RECORD_COMMIT, RECORD_MERGE, RECORD_DEPLOY}, "changes"},
        {{RECORD_LOG, RECORD_NONE, RECORD_NONE}, "logs"},
        {{RECORD_STATUS, RECORD_NONE, RECORD_NONE}, "status page"},
        {{RECORD_METRIC, RECORD_NONE, RECORD_NONE}, "metrics"},
        {{RECORD_SAL, RECORD_NOTE, RECORD_NONE}, "notes"},
    };
    bool there[sizeof(groups) / sizeof(groups[0])] = {false};
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
            for (size_t k = 0; k < 3; k++)
                if (groups[g].kinds[k] != RECORD_NONE &&
                    draft->incident->entries[i].record_kind == groups[g].kinds[k])
                    there[g] = true;
    for (int present = 1; present >= 0; present--) {
        const char *joint = "";
        document_begin(draft->document, BLOCK_PREAMBLE);
        document_words(draft->document, present ? "sources used: " : "sources missing: ");
        for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
            if (there[g] == (present == 1)) {
                document_wordsf(draft->document, "%s%s%s", joint, present ? "" : "no ",
                                groups[g].name);
                joint = ", ";
            }
        if (joint[0] == '\0')
            document_words(draft->document, "none");
    }
}

static void
add_digest(struct document *document, struct sv digest)
{
    bool hex = digest.len <= SHA256_HEX;
    for (size_t i = 0; i < digest.len; i++)
        hex = hex && strchr("0123456789abcdef", digest.ptr[i]) != NULL;
    document_begin(document, BLOCK_PREAMBLE);
    document_wordsf(document, "digest of the incident: " SV_FMT, SV_ARG(hex ? digest : SV_NONE));
}

/* About the document itself. Words of ours only: a writer may put them where nothing is escaped. */
static void
add_preamble(struct draft *draft)
{
    const struct report_context *context = draft->context;
    struct document *document = draft->document;
    document_say(document, BLOCK_PREAMBLE, SV("Draft of a postmortem, generated by hindcast."));
    document_begin(document, BLOCK_PREAMBLE);
    document_wordsf(document, "generated from: %zu entries of this incident, %lld records",
                    draft->incident->entry_count, (long long)draft->incident->record_count);
    add_sources(draft);
    struct file_counts files = files_count(draft);
    if (files.read + files.unread > 0) {
        document_begin(document, BLOCK_PREAMBLE);
        document_wordsf(document,
                        "files loaded: %zu read, %zu of them to look at, %zu not read (section 17)",
                        files.read, files.look, files.unread);
    }
    document_begin(document, BLOCK_PREAMBLE);
    document_wordsf(document, "whole store: %lld records read, %lld quarantined, %lld lost",
                    (long long)context->records_read, (long long)context->records_quarantined,
                    (long long)context->records_lost);
    add_digest(document, context->digest_hex);
}

static void
add_title(struct draft *draft)
{
    struct document *document = draft->document;
    document_begin(document, BLOCK_TITLE);
    document_words(document, "Postmortem draft: ");
    if (!sv_empty(draft->context->number)) {
        document_text(document, draft->context->number);
        document_words(document, ": ");
    }
    if (sv_empty(draft->incident->title))
        document_words(document, "incident without a title");
    else
        document_text(document, draft->incident->title);
}

/* The window everything else is measured against. */
static void
find_window(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    static const enum milestone starts[] = {MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED};
    static const enum milestone ends[] = {MILESTONE_RECOVERED, MILESTONE_RESOLVED};
    const struct milestone_row *start = NULL, *end = NULL;
    for (size_t i = 0; i < 2; i++) {
        start = start == NULL ? milestone_at(draft, starts[i]) : start;
        end = end == NULL ? milestone_at(draft, ends[i]) : end;
    }
    draft->start_ns = incident->first_ns;
    draft->end_ns = incident->last_ns;
    if (incident->entry_count > 0) {
        draft->start_entry = &incident->entries[0];
        draft->start_ns = draft->start_entry->time_ns;
        draft->end_entry = &incident->entries[incident->entry_count - 1];
        draft->end_ns = draft->end_entry->time_ns;
    }
    if (start != NULL) {
        draft->start_entry = milestone_entry(draft, start);
        draft->start_ns = start->time_ns;
    }
    if (end != NULL) {
        draft->end_entry = milestone_entry(draft, end);
        draft->end_ns = end->time_ns;
    }
}

/* Of a kind that comes again and again the first LIST_MAX are moments, the others rows. */
static void
mark_moments(struct draft *draft)
{
    size_t marked[MILESTONE_COUNT] = {0};
    for (size_t i = 0; i < draft->incident->milestone_count; i++) {
        const struct milestone_row *row = &draft->incident->milestones[i];
        const struct entry *entry = milestone_entry(draft, row);
        if (entry != NULL && marked[row->milestone]++ < LIST_MAX)
            draft->moments[entry - draft->incident->entries] |= UINT32_C(1) << row->milestone;
    }
}

static void
prepare(struct draft *draft)
{
    draft->moments = memory_calloc(draft->incident->entry_count, sizeof(*draft->moments));
    for (enum entry_field field = 0; field < ENTRY_FIELDS; field++)
        entry_index_init(&draft->by[field], draft->incident, field);
    mark_moments(draft);
    find_window(draft);
}

static void
release(struct draft *draft)
{
    for (enum entry_field field = 0; field < ENTRY_FIELDS; field++)
        entry_index_release(&draft->by[field]);
    free(draft->moments);
}

static int
fill(struct draft *draft, struct sv template, struct err *err)
{
    struct sv line;
    prepare(draft);
    add_preamble(draft);
    add_title(draft);
    while (sv_split(&template, '\n', &line))
        if (add_template_line(draft, line, err) != 0)
            return -1;
    return 0;
}

/* A draft with a line that proves nothing is a fault of ours and leaves this room never. */
static int
check(const struct document *document, struct err *err)
{
    struct strbuf problem;
    strbuf_init(&problem, 4096);
    size_t problems = document_check(document, &problem);
    if (problems > 0)
        err_set(err, ERR_INTERNAL, "%zu lines of the draft lack evidence; " SV_FMT, problems,
                SV_ARG(strbuf_view(&problem)));
    strbuf_release(&problem);
    return problems == 0 ? 0 : -1;
}

static int
use_zone(struct draft *draft, struct err *err)
{
    struct sv zone = draft->context->time_zone;
    char name[128];
    if (sv_empty(zone) || sv_eq(zone, SV("UTC")))
        return 0;
    snprintf(name, sizeof(name), SV_FMT, SV_ARG(zone));
    draft->second_zone = true;
    return time_zone_use(name, err);
}

int
report_document(const struct incident *incident, const struct report_context *context,
                struct document *ret_document, size_t *ret_left_out, struct err *err)
{
    struct document document;
    struct draft draft = {.incident = incident, .context = context, .document = &document};
    const struct embedded_file *file = embedded_find(embedded_templates, "postmortem.tsv");
    if (file == NULL)
        return err_set(err, ERR_INTERNAL, "the report template is not in the program");
    if (use_zone(&draft, err) < 0)
        return -1;
    document_init(&document, incident);
    int status = fill(&draft, sv_of(file->text, file->size), err);
    release(&draft);
    if (status == 0)
        status = check(&document, err);
    if (status != 0) {
        document_release(&document);
        return -1;
    }
    *ret_document = document;
    *ret_left_out = draft.left_out;
    return 0;
}

int
report_markdown(const struct incident *incident, const struct report_context *context,
                struct strbuf *out, size_t *ret_left_out, struct err *err)
{
    struct document document;
    strbuf_clear(out);
    if (report_document(incident, context, &document, ret_left_out, err) != 0)
        return -1;
    document_markdown(&document, out);
    document_release(&document);
    if (!out->overflow && out->len <= DRAFT_BYTES_MAX)
        return 0;
    strbuf_clear(out);
    return err_set(err, ERR_LIMIT, "the report is larger than %u MiB", DRAFT_BYTES_MAX >> 20);
}
