/*
 * Printing and writing what a draft found: see draft_result.h. Timelines of the same
 * names are replaced, an edited draft is kept; nothing else in the folder is touched.
 */
#include "app/draft_result.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "app/outfile.h"
#include "app/output.h"
#include "app/postmortem.h"
#include "base/clock.h"
#include "base/text/escape.h"
#include "base/text/visible.h"
#include "report/page/page.h"
#include "report/render/render.h"

#define PAGE_NAME "postmortem.html"
#define DAY_OF_EXAMPLE_NS (INT64_C(1772355600) * NS_PER_S) /* 2026-03-01T09:00Z */

void
draft_print_overview(const struct overview *overview, const struct ledger_totals *ledger,
                     const char *config_digest)
{
    fputs("\n", stdout);
    visible_line(stdout, "What was read: %lld records, %lld events, %lld records could not be read",
                 (long long)ledger->records, (long long)ledger->events,
                 (long long)ledger->quarantined);
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
    visible_line(stdout, "Correlated with the configuration %s", config_digest);
    if (!ledger->adds_up)
        visible_line(stdout, "  The ledger does not add up: please report this as a fault.");
}

void
draft_print_none(const struct overview *overview)
{
    fputs("\n", stdout);
    visible_line(stdout,
                 "Nothing in these files looks like an incident: no alert, page or declaration.");
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

static int
make_folder(const char *path, struct err *err)
{
    return mkdir(path, 0777) != 0 && errno != EEXIST
               ? err_set_errno(err, ERR_IO, errno, "cannot make the folder %s", path)
               : 0;
}

static int
join(const char *folder, const char *name, char ret_path[PATH_MAX], struct err *err)
{
    return snprintf(ret_path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX
               ? 0
               : err_set(err, ERR_IO, "the name of the folder is too long: %s", folder);
}

static int
write_timeline(const struct stored_incident *stored, const char *folder, const char *name,
               enum render_format format, struct strbuf *text, struct err *err)
{
    struct render_options options = {.format = format, .least = SIGNIFICANCE_FULL};
    char path[PATH_MAX];
    if (join(folder, name, path, err) != 0)
        return -1;
    strbuf_clear(text);
    render_timeline(stored, &options, text);
    return outfile_write(path, text, err);
}

/* What all drafts of one store share. */
struct about_store {
    struct ledger_totals ledger;
    struct loaded_file *files;
    size_t file_count;
};

static int
write_page(const struct draft_result *result, const struct postmortem *draft, const char *folder,
           struct err *err)
{
    char path[PATH_MAX];
    struct postmortem page = *draft;
    if (join(folder, PAGE_NAME, path, err) != 0)
        return -1;
    page.form = POSTMORTEM_HTML;
    page.store = result->store;
    page.path = path;
    return postmortem_write(&page, err);
}

static int
write_incident(const struct draft_result *result, const struct stored_incident *stored,
               const struct about_store *about, struct err *err)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof(folder), "%s/" SV_FMT, result->out, SV_ARG(stored->number)) >=
        (int)sizeof(folder))
        return err_set(err, ERR_IO, "the name of the folder is too long: %s", result->out);
    char path[PATH_MAX];
    if (join(folder, "postmortem.md", path, err) != 0 || make_folder(folder, err) != 0)
        return -1;
    const struct postmortem postmortem = {.stored = stored,
                                          .ledger = &about->ledger,
                                          .files = about->files,
                                          .file_count = about->file_count,
                                          .zone = result->zone,
                                          .path = path,
                                          .timeline = "timeline.jsonl"};
    struct strbuf text;
    strbuf_init(&text, 0);
    int status = postmortem_write(&postmortem, err);
    if (status == 0)
        status = write_page(result, &postmortem, folder, err);
    if (status == 0)
        status = write_timeline(stored, folder, "timeline.jsonl", RENDER_JSONL, &text, err);
    if (status == 0)
        status = write_timeline(stored, folder, "timeline.csv", RENDER_CSV, &text, err);
    strbuf_release(&text);
    return status;
}

static int
print_buffer(struct strbuf *text, const char *what, struct err *err)
{
    int status = output_buffer(text, what, err);
    strbuf_clear(text);
    return status;
}

/* The one with the most alerts, then the most records, then the earliest. */
static size_t
most_telling(const struct stored_incident *incidents, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        const struct incident *a = &incidents[i].incident, *b = &incidents[best].incident;
        if (a->declared != b->declared         ? a->declared
            : a->alert_count != b->alert_count ? a->alert_count > b->alert_count
                                               : a->record_count > b->record_count)
            best = i;
    }
    return best;
}

static int
write_all(const struct draft_result *result, const struct stored_incident *heads, size_t count,
          struct arena *arena, struct strbuf *text, struct err *err)
{
    struct about_store about;
    size_t shown = most_telling(heads, count);
    if (casebook_ledger(result->store, &about.ledger, err) != 0 ||
        casebook_files(result->store, arena, heads[0].scope, &about.files, &about.file_count,
                       err) != 0 ||
        make_folder(result->out, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        struct stored_incident stored;
        struct arena scratch;
        arena_init(&scratch, (size_t)1 << 20);
        int status = casebook_whole(result->store, &scratch, &heads[i], &stored, err);
        if (status == 0)
            status = write_incident(result, &stored, &about, err);
        if (status == 0 && i == shown) {
            struct render_options options = {.format = RENDER_TEXT,
                                             .least = SIGNIFICANCE_KEY,
                                             .columns = output_columns(),
                                             .rest = "timeline.jsonl and timeline.csv have all"};
            render_timeline(&stored, &options, text);
        }
        arena_release(&scratch);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* The pages of this draft; those of earlier ones that lie there are not listed. */
static int
write_index(const struct draft_result *result, const struct stored_incident *heads, size_t count,
            struct err *err)
{
    char path[PATH_MAX];
    struct arena arena;
    struct strbuf out;
    if (join(result->out, "index.html", path, err) != 0)
        return -1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    struct page_link *links = ARENA_ARRAY(&arena, struct page_link, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct incident *incident = &heads[i].incident;
        links[i] = (struct page_link){
            .number = heads[i].number,
            .title = incident->title,
            .href = arena_printf(&arena, SV_FMT "/" PAGE_NAME, SV_ARG(heads[i].number)),
            .first_ns = incident->first_ns,
            .last_ns = incident->last_ns,
            .severity = incident->severity,
            .alerts = incident->alert_count,
            .records = incident->record_count,
        };
    }
    page_index(links, count, &out);
    int status = outfile_write(path, &out, err);
    strbuf_release(&out);
    arena_release(&arena);
    return status;
}

static void
print_paths(const struct draft_result *result, const struct stored_incident *heads, size_t count)
{
    fputs("\nWritten:\n", stdout);
    for (size_t i = 0; i < count; i++)
        visible_line(stdout,
                     "  %s/" SV_FMT "/postmortem.md, " PAGE_NAME ", timeline.jsonl, timeline.csv",
                     result->out, SV_ARG(heads[i].number));
    visible_line(stdout, "  %s/index.html", result->out);
    fputs("\nTo look at:\n", stdout);
    if (count == 1)
        visible_line(stdout, "  %s/" SV_FMT "/" PAGE_NAME, result->out, SV_ARG(heads[0].number));
    else
        visible_line(stdout, "  %s/index.html", result->out);
}

int
draft_write_incidents(const struct draft_result *result, size_t *ret_count, struct err *err)
{
    struct arena arena;
    struct strbuf text;
    struct stored_incident *heads;
    size_t count = 0;
    arena_init(&arena, 0);
    strbuf_init(&text, 0);
    int status = casebook_incidents(result->store, &arena, false, &heads, &count, err);
    if (status == 0 && count > 0) {
        fputs("\nIncidents:\n", stdout);
        render_incidents(heads, count, RENDER_TEXT, output_columns(), &text);
        status = print_buffer(&text, "the list", err);
        if (status == 0)
            status = write_all(result, heads, count, &arena, &text, err);
        if (status == 0)
            status = write_index(result, heads, count, err);
        if (status == 0) {
            fputs("\n", stdout);
            status = print_buffer(&text, "the timeline", err);
        }
        if (status == 0)
            print_paths(result, heads, count);
    }
    if (status == 0)
        *ret_count = count;
    strbuf_release(&text);
    arena_release(&arena);
    return status;
}
