/*
 * Sections 0 to 4: metadata, summary, what went well, impact, detection. Each line names the
 * entries it was read from; what no entry proves is not written.
 */
#include <stdlib.h>

#include "report/draft.h"

/* Names of moments as a reader of postmortems knows them. */
static const struct {
    enum milestone milestone;
    const char *name;
} moments[] = {
    {MILESTONE_IMPACT_STARTED, "Start of impact"},
    {MILESTONE_DETECTED, "Detected"},
    {MILESTONE_DECLARED, "Declared"},
    {MILESTONE_ACKNOWLEDGED, "Acknowledged"},
    {MILESTONE_CAUSE_IDENTIFIED, "Understood"},
    {MILESTONE_MITIGATED, "Mitigated"},
    {MILESTONE_RECOVERED, "Recovered"},
    {MILESTONE_REOPENED, "Trouble returned"},
    {MILESTONE_RESOLVED, "Resolved"},
};

#define MOMENTS (sizeof(moments) / sizeof(moments[0]))

static void
add_services(struct draft *draft)
{
    const struct entry *proof[CITES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->service_count && count < CITES_MAX; i++) {
        size_t entries;
        struct sv service = draft->incident->services[i];
        const struct entry *const *found =
            entry_index_find(&draft->by[BY_SERVICE], service, &entries);
        if (entries == 0)
            continue;
        strbuf_add_text(draft->out, count == 0 ? "| Services | " : ", ");
        add_safe(draft->out, service);
        proof[count++] = found[0];
    }
    if (count == 0)
        return;
    if (draft->incident->service_count > count)
        strbuf_addf(draft->out, " and %zu more", draft->incident->service_count - count);
    end_row(draft, proof, count);
}

static void
add_severity(struct draft *draft)
{
    const struct entry *worst = NULL;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (is_alert(entry) && entry->severity > (worst == NULL ? 0 : worst->severity))
            worst = entry;
    }
    if (worst == NULL)
        return;
    strbuf_addf(draft->out, "| Highest severity of an alert | %s", severity_band(worst->severity));
    end_row(draft, &worst, 1);
}

void
fill_metadata(struct draft *draft)
{
    strbuf_add_text(draft->out, "| Field | Value | Evidence |\n|---|---|---|\n"
                                "| TODO(human) Status | Draft | |\n| TODO(human) Owner | | |\n"
                                "| TODO(human) Reviewers | | |\n");
    add_services(draft);
    add_severity(draft);
    for (size_t i = 0; i < MOMENTS; i++) {
        const struct milestone_row *row = milestone_at(draft, moments[i].milestone);
        if (row == NULL)
            continue;
        const struct entry *proof = milestone_entry(draft, row);
        strbuf_addf(draft->out, "| %s (candidate) | ", moments[i].name);
        add_time(draft->out, row->time_ns);
        strbuf_addf(draft->out, ", confidence %d %%", row->confidence);
        end_row(draft, &proof, 1);
    }
    if (draft->start_entry != NULL && draft->end_ns >= draft->start_ns) {
        const struct entry *proof[] = {draft->start_entry, draft->end_entry};
        strbuf_add_text(draft->out, "| Length of the window | ");
        add_duration(draft->out, draft->end_ns - draft->start_ns);
        end_row(draft, proof, 2);
    }
}

static void
summarise_window(struct draft *draft)
{
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *proof[] = {draft->start_entry, draft->end_entry, alert};
    strbuf_add_text(draft->out, "- From ");
    add_time(draft->out, draft->start_ns);
    strbuf_add_text(draft->out, " to ");
    add_time(draft->out, draft->end_ns);
    strbuf_add_text(draft->out, " (");
    add_duration(draft->out, draft->end_ns - draft->start_ns);
    strbuf_add_char(draft->out, ')');
    if (alert != NULL) {
        strbuf_add_text(draft->out, ", ");
        add_safe(draft->out, sv_empty(alert->service) ? SV("the system") : alert->service);
        strbuf_add_text(draft->out, " showed ");
        add_quoted(draft->out, alert->text);
    } else {
        strbuf_add_text(draft->out, " the records tell of this incident");
    }
    strbuf_add_char(draft->out, '.');
    end_line(draft, proof, 3);
}

/* "- {before} TIME{, after D}: “text”." */
static void
summarise_moment(struct draft *draft, enum milestone milestone, const char *words)
{
    const struct milestone_row *row = milestone_at(draft, milestone);
    if (row == NULL)
        return;
    const struct entry *proof[] = {milestone_entry(draft, row), NULL};
    strbuf_addf(draft->out, "- %s at ", words);
    add_time(draft->out, row->time_ns);
    if (row->time_ns > draft->start_ns && draft->start_entry != NULL) {
        strbuf_add_text(draft->out, ", ");
        add_duration(draft->out, row->time_ns - draft->start_ns);
        strbuf_add_text(draft->out, " after the start");
        proof[1] = draft->start_entry;
    }
    strbuf_add_text(draft->out, ": ");
    add_quoted(draft->out, proof[0]->text);
    strbuf_add_char(draft->out, '.');
    end_line(draft, proof, 2);
}

void
fill_summary(struct draft *draft)
{
    const struct milestone_row *detected = milestone_at(draft, MILESTONE_DETECTED);
    const struct entry *noticed = milestone_entry(draft, detected);
    if (draft->start_entry == NULL) {
        strbuf_add_text(draft->out, "> No entry belongs to this incident: nothing can be said.\n");
        return;
    }
    if (draft->end_ns >= draft->start_ns)
        summarise_window(draft);
    summarise_moment(draft, MILESTONE_DETECTED,
                     noticed != NULL && is_alert(noticed) ? "An alert noticed it"
                                                          : "It was noticed");
    summarise_moment(draft, MILESTONE_MITIGATED, "The action marked as mitigation was recorded");
    summarise_moment(draft, MILESTONE_RECOVERED, "Recovery was recorded");
    summarise_moment(draft, MILESTONE_RESOLVED, "It was called resolved");
    if (draft->incident->milestone_count == 0)
        strbuf_add_text(draft->out, "> No milestone was found in the records.\n");
}

/* "- {before} {D} {after}." where both entries exist in that order. */
static bool
candidate_span(struct draft *draft, const struct entry *from, const struct entry *to,
               const char *before, const char *after)
{
    if (from == NULL || to == NULL || to->time_ns < from->time_ns)
        return false;
    const struct entry *proof[] = {from, to};
    strbuf_addf(draft->out, "- %s ", before);
    add_duration(draft->out, to->time_ns - from->time_ns);
    strbuf_addf(draft->out, " %s.", after);
    end_line(draft, proof, 2);
    return true;
}

void
fill_well(struct draft *draft)
{
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *report = first_person_report(draft);
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    const struct entry *taken = milestone_entry(draft, milestone_at(draft, MILESTONE_ACKNOWLEDGED));
    bool any = false;
    if (alert != NULL && report != NULL && alert->time_ns < report->time_ns)
        any |= candidate_span(draft, alert, report, "The first alert came",
                              "before the first report by a person");
    any |= candidate_span(draft, found, taken, "A responder acknowledged", "after detection");
    any |= candidate_span(draft, found, first_entry(draft, is_rollback), "A change was taken back",
                          "after detection");
    any |= candidate_span(draft, found, first_entry(draft, is_update), "Others were told",
                          "after detection");
    if (!any)
        strbuf_add_text(draft->out, "> No candidate was found in the records.\n");
}

/* The alert episodes of a service that have an entry. */
struct window {
    struct sv service;
    int64_t first_ns, last_ns, records, episodes;
    int severity; /* the worst */
    const struct entry *proof[CITES_MAX];
    size_t proofs;
};

static bool
node_is_alert(const struct draft *draft, size_t i)
{
    return draft->incident->nodes[i]->kind == EVENT_ALERT;
}

static int
by_service(const void *a, const void *b)
{
    return sv_cmp(((const struct window *)a)->service, ((const struct window *)b)->service);
}

/* One window per service of the incident, and one for alerts that name none. */
static struct window *
make_windows(const struct draft *draft, size_t *ret_count)
{
    size_t count = draft->incident->service_count + 1, kept = 0;
    struct window *windows = calloc(count, sizeof(*windows));
    if (windows == NULL)
        abort();
    for (size_t i = 1; i < count; i++)
        windows[i].service = draft->incident->services[i - 1];
    qsort(windows, count, sizeof(*windows), by_service);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || by_service(&windows[kept - 1], &windows[i]) != 0)
            windows[kept++] = windows[i];
    *ret_count = kept;
    return windows;
}

static void
add_to_window(struct window *window, const struct node *node, const struct entry *begin,
              const struct entry *end)
{
    if (window->episodes == 0 || node->first_ns < window->first_ns)
        window->first_ns = node->first_ns;
    if (window->episodes == 0 || node->last_ns > window->last_ns)
        window->last_ns = node->last_ns;
    window->severity = node->severity > window->severity ? node->severity : window->severity;
    window->records += node->records;
    window->episodes++;
    if (window->proofs < CITES_MAX)
        window->proof[window->proofs++] = begin;
    if (window->proofs < CITES_MAX)
        window->proof[window->proofs++] = end;
}

static void
fill_windows(const struct draft *draft, struct window *windows, size_t count)
{
    for (size_t i = 0; i < draft->incident->node_count; i++) {
        const struct node *node = draft->incident->nodes[i];
        const struct window wanted = {.service = node->service};
        const struct entry *begin, *end;
        if (!node_is_alert(draft, i) || !node_entries(draft, node, &begin, &end))
            continue;
        struct window *window = bsearch(&wanted, windows, count, sizeof(*windows), by_service);
        if (window != NULL)
            add_to_window(window, node, begin, end);
    }
}

static void
add_window(struct draft *draft, const struct window *window)
{
    strbuf_add_text(draft->out, "| ");
    add_safe(draft->out, sv_empty(window->service) ? SV("(no service named)") : window->service);
    strbuf_add_text(draft->out, " | ");
    add_time(draft->out, window->first_ns);
    strbuf_add_text(draft->out, " | ");
    add_time(draft->out, window->last_ns);
    strbuf_addf(draft->out, " | %lld | %lld", (long long)window->episodes,
                (long long)window->records);
    end_row(draft, window->proof, window->proofs);
}

/* The services of the worst alerts, in the order of their names; false when there is none. */
static bool
add_windows(struct draft *draft)
{
    size_t all, count = 0;
    struct window *windows = make_windows(draft, &all);
    struct ranked *rows = calloc(all, sizeof(*rows));
    if (rows == NULL)
        abort();
    fill_windows(draft, windows, all);
    for (size_t i = 0; i < all; i++)
        if (windows[i].episodes > 0)
            rows[count++] = (struct ranked){i, windows[i].severity};
    if (count > 0)
        strbuf_add_text(draft->out, "| Service | First alert | Last alert | Alert episodes | "
                                    "Alert records | Evidence |\n|---|---|---|---|---|---|\n");
    size_t shown = list_best(rows, count);
    for (size_t i = 0; i < shown; i++)
        add_window(draft, &windows[rows[i].place]);
    add_more(draft, count, "services");
    free(rows);
    free(windows);
    return count > 0;
}

static void
add_severity_counts(struct draft *draft)
{
    static const int bands[] = {SEVERITY_FATAL, SEVERITY_ERROR, SEVERITY_WARN,
                                SEVERITY_INFO,  SEVERITY_DEBUG, SEVERITY_UNSET};
    for (size_t b = 0; b < sizeof(bands) / sizeof(bands[0]); b++) {
        const char *band = severity_band(bands[b]);
        const struct entry *proof[CITES_MAX] = {NULL}, *end;
        size_t count = 0;
        for (size_t i = 0; i < draft->incident->node_count; i++) {
            const struct entry **slot = &proof[count < CITES_MAX ? count : CITES_MAX - 1];
            if (node_is_alert(draft, i) &&
                strcmp(severity_band(draft->incident->nodes[i]->severity), band) == 0 &&
                node_entries(draft, draft->incident->nodes[i], slot, &end))
                count++;
        }
        if (count == 0)
            continue;
        strbuf_addf(draft->out, "- Alert episodes of severity %s: %zu.", band, count);
        end_line(draft, proof, count < CITES_MAX ? count : CITES_MAX);
    }
}

void
fill_impact(struct draft *draft)
{
    if (!add_windows(draft)) {
        strbuf_add_text(draft->out, "> No alert belongs to this incident; the records give no "
                                    "window per service.\n");
        return;
    }
    strbuf_add_char(draft->out, '\n');
    add_severity_counts(draft);
}

static void
add_signal(struct draft *draft, const char *words, const struct entry *entry)
{
    if (entry == NULL)
        return;
    strbuf_addf(draft->out, "- %s, ", words);
    add_time(draft->out, entry->time_ns);
    strbuf_add_text(draft->out, ", ");
    add_safe(draft->out, entry->source);
    strbuf_add_text(draft->out, ": ");
    add_quoted(draft->out, entry->text);
    end_line(draft, &entry, 1);
}

void
fill_detection(struct draft *draft)
{
    const struct entry *alert = first_entry(draft, is_alert);
    const struct entry *report = first_person_report(draft);
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    add_signal(draft, "First signal that counts as detection", found);
    add_signal(draft, "First alert", alert);
    add_signal(draft, "First report by a person", report);
    if (alert == NULL)
        strbuf_add_text(draft->out, "> No alert is in the records of this incident.\n");
    if (report == NULL)
        strbuf_add_text(draft->out,
                        "> No report by a person is in the records of this incident.\n");
}
