/*
 * Printing and writing what a draft found: see draft_result.h. Nothing but the files of drafts is
 * touched below the folder.
 */
#include "app/draft_result.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/activity.h"
#include "app/chart_view.h"
#include "app/draft_choice.h"
#include "app/draft_files.h"
#include "app/folder_lock.h"
#include "app/outfile.h"
#include "app/output.h"
#include "base/clock.h"
#include "base/text/escape.h"
#include "base/text/visible.h"
#include "hindcast/counts.h"
#include "ingest/source/file/file.h"
#include "report/chart/blocks.h"
#include "report/page/page.h"
#include "report/render/render.h"

#define DAY_OF_EXAMPLE_NS (INT64_C(1772355600) * NS_PER_S) /* 2026-03-01T09:00Z */

static void
print_skipped(const struct skipped_lines *skipped)
{
    char from[TIME_TEXT], to[TIME_TEXT] = "";
    if (skipped->count == 0)
        return;
    time_format_zone(skipped->from_ns, from);
    if (skipped->to_ns != TIME_NONE)
        time_format_zone(skipped->to_ns, to);
    visible_line(stdout,
                 "  skipped %lld log %s more than 24 h outside --from and --to: before %s%s%s",
                 (long long)skipped->count, skipped->count == 1 ? "line" : "lines", from,
                 to[0] == '\0' ? "" : " or after ", to);
}

void
draft_print_overview(const struct draft_result *result, const struct ledger_totals *ledger)
{
    const struct overview *overview = result->overview;
    fputs("\n", stdout);
    visible_line(stdout, "What was read: %lld records, %lld events, %lld records could not be read",
                 (long long)(ledger->records - overview->manifests),
                 (long long)(ledger->events - overview->manifests), (long long)ledger->quarantined);
    for (size_t i = 0; i < overview->row_count; i++) {
        const struct overview_row *row = &overview->rows[i];
        char first[TIME_TEXT] = "", last[TIME_TEXT] = "", untimed[64] = "";
        bool any = row->first_ns != TIME_NONE;
        if (any) {
            time_format_zone(row->first_ns, first);
            time_format_zone(row->last_ns, last);
        }
        if (row->untimed > 0)
            snprintf(untimed, sizeof(untimed), "%s%lld without a time", any ? ", " : "",
                     (long long)row->untimed);
        visible_line(stdout, "  %-20.*s %-7.*s %8lld   %s%s%s%s", SV_ARG(row->format),
                     SV_ARG(row->kind), (long long)row->events, first, any ? " to " : "", last,
                     untimed);
    }
    for (size_t i = 0; i < overview->reason_count; i++) {
        const struct overview_reason *reason = &overview->reasons[i];
        struct strbuf line;
        strbuf_init(&line, 0);
        escape_terminal_cut(&line, reason->detail, 100);
        visible_line(stdout, "  %-28.*s %8lld   %s", SV_ARG(reason->reason),
                     (long long)reason->records, line.ptr == NULL ? "" : line.ptr);
        strbuf_release(&line);
    }
    print_skipped(&result->skipped);
    visible_line(stdout, "Decoded with the decoding options %s", result->decoding_digest);
    visible_line(stdout, "Correlated with the configuration %s", result->config_digest);
    if (!ledger->adds_up)
        visible_line(stdout, "  The ledger does not add up: please report this as a fault.");
}

void
draft_print_none(const struct overview *overview, bool refused)
{
    fputs("\n", stdout);
    visible_line(stdout,
                 "Nothing%s in these files looks like an incident: no alert that opens one, "
                 "page or declaration, no talk of trouble and no change taken back.",
                 refused ? " else" : "");
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t from_ns = overview->busiest_ns;
    for (size_t i = 0; i < overview->row_count && from_ns == TIME_NONE; i++)
        from_ns = overview->rows[i].first_ns;
    if (overview->busiest_ns != TIME_NONE)
        visible_line(stdout,
                     "The hour with the most warnings and messages (%lld) is a place to begin.",
                     (long long)overview->busiest_events);
    if (from_ns == TIME_NONE)
        from_ns = DAY_OF_EXAMPLE_NS;
    time_format(from_ns, from);
    time_format(from_ns + NS_PER_HOUR, to);
    fputs("To declare an incident:\n\n", stdout);
    visible_line(stdout, "  hindcast draft PATH... --from %s --to %s --title 'What broke'", from,
                 to);
}

/* With its mark first: whoever reads the folder around does not take drafts for evidence. */
static int
make_folder(const struct draft_result *result, struct err *err)
{
    char path[PATH_MAX];
    if (mkdir(result->out, 0777) != 0 && errno != EEXIST)
        return err_set_errno(err, ERR_IO, errno, "cannot make the folder %s", result->out);
    if (draft_files_path(result->out, FILE_DRAFTS_MARK, path, err) != 0)
        return -1;
    return outfile_write_bytes(path, SV("hindcast wrote what is here, and does not read it.\n"),
                               err);
}

static int
print_buffer(struct strbuf *text, const char *what, struct err *err)
{
    int status = output_buffer(text, what, err);
    strbuf_clear(text);
    return status;
}

/* Of those that are written: a declared one, then the highest rank, the most records, the earliest.
 */
static size_t
most_telling(const struct stored_incident *incidents, const bool *written, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        const struct incident *a = &incidents[i].incident;
        const struct incident *b = best < count ? &incidents[best].incident : NULL;
        if (!written[i])
            continue;
        if (b == NULL || (a->declared != b->declared       ? a->declared
                          : a->rank.score != b->rank.score ? a->rank.score > b->rank.score
                                                           : a->record_count > b->record_count))
            best = i;
    }
    return best;
}

/* On a terminal the chart stands above the rows. */
static int
show_chart(const struct draft_result *result, const struct stored_incident *stored,
           const struct stored_incident *shown, struct strbuf *text, struct err *err)
{
    struct blocks_options options;
    struct activity activity;
    struct arena arena;
    if (!output_is_terminal())
        return 0;
    arena_init(&arena, 0);
    int status = chart_view_read(NULL, &options, err);
    if (status == 0)
        status = activity_read(result->store, &arena, stored, true, &activity, err);
    if (status == 0) {
        options.name = shown->number;
        options.activity = &activity;
        chart_blocks(&shown->incident, &options, text);
        strbuf_add_char(text, '\n');
    }
    arena_release(&arena);
    return status;
}

static void
show_key_rows(const struct stored_incident *stored, struct strbuf *text)
{
    struct render_options options = {.format = RENDER_TEXT,
                                     .least = SIGNIFICANCE_KEY,
                                     .columns = output_columns(),
                                     .rest = "timeline.jsonl and timeline.csv have all"};
    render_timeline(stored, &options, text);
}

/* What all incidents of a draft share while they are written. */
struct drafting {
    const struct draft_result *result;
    struct draft_folders *folders;
    const bool *written; /* of each incident */
    struct about_store about;
    struct arena *arena;
    struct strbuf log; /* of what was replaced, for the public */
};

static void
tell(struct drafting *drafting, const struct publication *publication, struct sv number)
{
    char name[64];
    snprintf(name, sizeof(name), SV_FMT, SV_ARG(number));
    strbuf_addf(&drafting->log, "%s: ", name);
    redacted_summary(publication->copy, &drafting->log);
    strbuf_add_char(&drafting->log, '\n');
    publication_tell(publication, stdout, name);
}

/* Title and key rows become those for the public where the draft is for it. */
static int
write_stored(struct drafting *drafting, size_t at, const struct stored_incident *stored,
             struct stored_incident *head, struct strbuf *key_rows, struct err *err)
{
    const struct draft_result *result = drafting->result;
    struct publication made, *publication = result->policy == NULL ? NULL : &made;
    if (publication != NULL &&
        draft_files_publish(result, stored, &drafting->about, &made, err) != 0)
        return -1;
    const struct stored_incident *shown = publication == NULL ? stored : &made.copy->stored;
    int status = draft_files_write(result, drafting->folders, at, stored, &drafting->about,
                                   publication, err);
    head->incident.title = arena_copy(drafting->arena, shown->incident.title);
    if (status == 0 && key_rows != NULL)
        status = show_chart(result, stored, shown, key_rows, err);
    if (status == 0 && key_rows != NULL)
        show_key_rows(shown, key_rows);
    if (publication == NULL)
        return status;
    if (status == 0)
        tell(drafting, publication, stored->number);
    publication_release(publication);
    return status;
}

static int
write_log(const struct drafting *drafting, struct err *err)
{
    char path[PATH_MAX];
    if (drafting->result->policy == NULL)
        return 0;
    if (draft_files_path(drafting->result->out, PUBLICATION_LOG, path, err) != 0)
        return -1;
    return outfile_write(path, &drafting->log, err);
}

/* What people decided in its folder, and whether all of it found what it is about. */
static void
tell_decisions(const struct stored_incident *stored)
{
    const struct incident *incident = &stored->incident;
    size_t unmatched = incident_unmatched(incident);
    if (incident->decision_count == 0)
        return;
    visible_line(stdout, SV_FMT ": %zu decision%s of people", SV_ARG(stored->number),
                 incident->decision_count, incident->decision_count == 1 ? "" : "s");
    if (unmatched > 0)
        visible_line(stdout, "  %zu of them found no row in these files, and wait for it",
                     unmatched);
}

static int
write_each(struct drafting *drafting, struct stored_incident *heads, size_t count,
           struct strbuf *text, struct err *err)
{
    size_t telling = most_telling(heads, drafting->written, count);
    for (size_t i = 0; i < count; i++) {
        struct stored_incident stored;
        struct arena scratch;
        if (!drafting->written[i])
            continue;
        arena_init(&scratch, (size_t)1 << 20);
        int status = casebook_whole(drafting->result->store, &scratch, &heads[i], &stored, err);
        if (status == 0)
            tell_decisions(&stored);
        if (status == 0)
            status = write_stored(drafting, i, &stored, &heads[i], i == telling ? text : NULL, err);
        arena_release(&scratch);
        if (status != 0)
            return -1;
    }
    return 0;
}

static int
write_all(const struct draft_result *result, struct draft_folders *folders, const bool *written,
          struct stored_incident *heads, size_t count, struct arena *arena, struct strbuf *text,
          struct err *err)
{
    struct drafting drafting = {.result = result,
                                .folders = folders,
                                .written = written,
                                .about = {.config_digest = result->config_digest,
                                          .decoding_digest = result->decoding_digest},
                                .arena = arena};
    struct about_store *about = &drafting.about;
    if (casebook_ledger(result->store, &about->ledger, err) != 0 ||
        casebook_files(result->store, arena, heads[0].scope, &about->files, &about->file_count,
                       err) != 0 ||
        counts_topics(result->store, arena, &about->readings, &about->reading_count, err) != 0)
        return -1;
    strbuf_init(&drafting.log, 0);
    strbuf_add_text(&drafting.log,
                    "What was replaced in these documents, by docs/redaction.md.\n\n");
    int status = write_log(&drafting, err); /* first: it says what the folder is for */
    if (status == 0)
        status = write_each(&drafting, heads, count, text, err);
    if (status == 0)
        status = write_log(&drafting, err);
    strbuf_release(&drafting.log);
    return status;
}

static int
link_order(const void *left, const void *right)
{
    const struct page_link *a = left, *b = right;
    int64_t start_a = incident_start(a->incident), start_b = incident_start(b->incident);
    if (sv_empty(a->href) != sv_empty(b->href))
        return sv_empty(a->href) ? 1 : -1;
    if (a->incident->rank.score != b->incident->rank.score)
        return a->incident->rank.score > b->incident->rank.score ? -1 : 1;
    if (start_a != start_b)
        return start_a < start_b ? -1 : 1;
    return sv_cmp(a->incident->incident_key, b->incident->incident_key);
}

/*
 * The pages of this draft; those of earlier ones that lie there are not listed. What was not
 * written was not redacted either: for the public it is left out.
 */
static int
write_index(const struct draft_result *result, const struct draft_folders *folders,
            const bool *written, const struct stored_incident *heads, size_t count, struct err *err)
{
    char path[PATH_MAX];
    struct arena arena;
    struct strbuf out;
    size_t listed = 0;
    if (draft_files_path(result->out, "index.html", path, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    struct page_link *links = ARENA_ARRAY(&arena, struct page_link, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct page_link link = {.number = stored_incident_name(&heads[i]),
                                 .title = heads[i].incident.title,
                                 .incident = &heads[i].incident};
        if (written[i])
            link.href = arena_printf(&arena, SV_FMT "/" DRAFT_PAGE, SV_ARG(folders->names[i]));
        if (written[i] || result->policy == NULL)
            links[listed++] = link;
    }
    if (listed > 1)
        qsort(links, listed, sizeof(*links), link_order);
    page_index(links, listed, &out);
    int status = outfile_write(path, &out, err);
    strbuf_release(&out);
    arena_release(&arena);
    return status;
}

/* ", postmortem.json, postmortem.slack.txt" */
static void
name_forms(const struct draft_result *result, char *ret_names, size_t size)
{
    size_t used = 0;
    ret_names[0] = '\0';
    for (size_t i = 0; i < result->form_count && used < size; i++) {
        const struct document_writer *writer;
        if (draft_files_form(result, i, &writer))
            used += (size_t)snprintf(ret_names + used, size - used, ", %s", writer->file);
    }
}

static void
print_paths(const struct draft_result *result, const struct draft_folders *folders,
            const bool *written, size_t count)
{
    const struct draft_folder *merged;
    size_t at = 0, into;
    char forms[256];
    name_forms(result, forms, sizeof(forms));
    fputs("\nWritten:\n", stdout);
    for (size_t i = 0; i < count; i++)
        if (written[i])
            visible_line(stdout,
                         "  %s/" SV_FMT "/" DRAFT_DOCUMENT ", " DRAFT_PAGE ", " DRAFT_SUMMARY
                         ", " DRAFT_SHEET ", timeline.jsonl, timeline.csv%s",
                         result->out, SV_ARG(folders->names[i]), forms);
    visible_line(stdout, "  %s/index.html", result->out);
    while ((merged = draft_folders_merged(folders, &at, &into)) != NULL)
        visible_line(stdout, "The incident of %s/" SV_FMT " is now part of " SV_FMT, result->out,
                     SV_ARG(merged->name), SV_ARG(folders->names[into]));
    if (result->form_count == 0)
        fputs("\nOther forms (JSON, Confluence, Jira, Google Docs, Slack, text): add --format "
              "FORM, or with a "
              "database of your own: hindcast report INCIDENT --format FORM\n",
              stdout);
}

/* The last line is the page that tells most. */
static void
print_pages(const struct draft_result *result, const struct draft_folders *folders,
            const bool *written, const struct stored_incident *heads, size_t count)
{
    fputs("\nTo look at:\n", stdout);
    if (count > 1)
        visible_line(stdout, "  %s/index.html", result->out);
    visible_line(stdout, "  %s/" SV_FMT "/" DRAFT_PAGE, result->out,
                 SV_ARG(folders->names[most_telling(heads, written, count)]));
}

/* The list, what is not written, the files and the key timeline, each where its reader looks. */
static int
write_found(const struct draft_result *result, struct draft_folders *folders, const bool *written,
            struct stored_incident *heads, size_t count, struct arena *arena, struct err *err)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    fputs("\nIncidents:\n", stdout);
    draft_choice_list(heads, written, count, output_columns(), &text);
    int status = print_buffer(&text, "the list", err);
    if (status == 0)
        status = write_all(result, folders, written, heads, count, arena, &text, err);
    if (status == 0)
        status = draft_files_write_merged(folders, err);
    if (status == 0)
        status = write_index(result, folders, written, heads, count, err);
    if (status == 0) {
        fputs("\n", stdout);
        status = print_buffer(&text, "the timeline", err);
    }
    if (status == 0)
        print_paths(result, folders, written, count);
    if (status == 0)
        print_pages(result, folders, written, heads, count);
    strbuf_release(&text);
    return status;
}

/* After the folders are known: what has one goes on, and names are those that people see. */
static int
choose_and_write(const struct draft_result *result, struct draft_folders *folders,
                 struct stored_incident *heads, size_t count, struct arena *arena, struct err *err)
{
    bool *written = ARENA_ARRAY(arena, bool, count + 1);
    if (!result->keep)
        draft_folders_number(folders, heads);
    if (draft_choice(result, folders->names, heads, count, written, err) != 0)
        return -1;
    return write_found(result, folders, written, heads, count, arena, err);
}

/* Which folders there are, and what goes into them, is one step: two runs make no folder twice. */
static int
write_into_folders(const struct draft_result *result, struct stored_incident *heads, size_t count,
                   struct arena *arena, struct err *err)
{
    struct draft_folders folders;
    if (make_folder(result, err) != 0)
        return -1;
    int lock = folder_lock(result->out);
    int status = draft_folders_find(result->out, result->store, heads, count, &folders, err);
    if (status == 0) {
        status = choose_and_write(result, &folders, heads, count, arena, err);
        draft_folders_release(&folders);
    }
    folder_unlock(lock);
    return status;
}

/* Those that are raised; where there are none, candidates that only changes tell of. */
static size_t
choose_listed(struct stored_incident *heads, size_t count)
{
    size_t kept = 0;
    for (int candidates = 0; candidates < 2 && kept == 0; candidates++)
        for (size_t i = 0; i < count; i++)
            if (candidates == 1 ? heads[i].incident.opened == OPENED_CHANGE
                                : heads[i].incident.raised)
                heads[kept++] = heads[i];
    return kept;
}

/* What people said is none is not drafted: they are told how to have it back. */
static size_t
tell_refused(const struct stored_incident *heads, size_t count)
{
    size_t refused = 0;
    for (size_t i = 0; i < count; i++) {
        const struct decided *said = incident_said(&heads[i].incident, DECISION_NO_INCIDENT);
        if (said == NULL)
            continue;
        fputs(refused++ == 0 ? "\n" : "", stdout);
        visible_line(stdout, "not an incident, says " SV_FMT " (decision " SV_FMT "): " SV_FMT,
                     SV_ARG(said->decision.author), SV_ARG(said->decision.id),
                     SV_ARG(heads[i].incident.title));
    }
    if (refused > 0)
        visible_line(stdout, "  'hindcast decide undo FOLDER DECISION' takes that back");
    return refused;
}

/* What was decided in folders of incidents that these files do not tell of. */
static int
tell_loose(struct store *store, struct err *err)
{
    struct loose_decision *list;
    struct arena arena;
    size_t count = 0, unmatched = 0;
    arena_init(&arena, 0);
    int status = casebook_loose_decisions(store, &arena, &list, &count, err);
    for (size_t i = 0; i < count; i++)
        unmatched += list[i].unmatched ? 1 : 0;
    if (unmatched > 0)
        visible_line(stdout,
                     "%zu decision%s of people found no incident in these files, and wait%s for it",
                     unmatched, unmatched == 1 ? "" : "s", unmatched == 1 ? "s" : "");
    arena_release(&arena);
    return status;
}

int
draft_write_incidents(const struct draft_result *result, size_t *ret_count, size_t *ret_refused,
                      struct err *err)
{
    struct arena arena;
    struct stored_incident *heads;
    size_t count = 0;
    arena_init(&arena, 0);
    int status = casebook_incidents(result->store, &arena, true, &heads, &count, err);
    if (status == 0) {
        *ret_refused = tell_refused(heads, count);
        count = choose_listed(heads, count);
        status = tell_loose(result->store, err);
    }
    if (status == 0 && count > 0)
        status = write_into_folders(result, heads, count, &arena, err);
    if (status == 0)
        *ret_count = count;
    arena_release(&arena);
    return status;
}
