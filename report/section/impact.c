/*
 * Impact: per service the window of its alerts, and how bad they were.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/section/fills.h"

/* The alert episodes of a service that have an entry. */
struct window {
    struct sv service;
    int64_t first_ns, last_ns, records, episodes;
    int severity; /* the worst */
    const struct entry *proof[DOCUMENT_PROOFS_MAX];
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
    struct window *windows = memory_calloc(count, sizeof(*windows));
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
    if (window->proofs < DOCUMENT_PROOFS_MAX)
        window->proof[window->proofs++] = begin;
    if (window->proofs < DOCUMENT_PROOFS_MAX)
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
add_window(struct document *document, const struct window *window)
{
    document_row(document, false);
    document_cell(document);
    if (sv_empty(window->service))
        document_words(document, "(no service named)");
    else
        document_text(document, window->service);
    document_cell(document);
    document_time(document, window->first_ns);
    document_cell(document);
    document_time(document, window->last_ns);
    document_cell(document);
    document_wordsf(document, "%lld", (long long)window->episodes);
    document_cell(document);
    document_wordsf(document, "%lld", (long long)window->records);
    document_prove_row(document, window->proof, window->proofs);
}

/* The services of the worst alerts, in the order of their names; false when there is none. */
static bool
add_windows(struct draft *draft)
{
    size_t all, count = 0;
    struct window *windows = make_windows(draft, &all);
    struct ranked *rows = memory_calloc(all, sizeof(*rows));
    fill_windows(draft, windows, all);
    for (size_t i = 0; i < all; i++)
        if (windows[i].episodes > 0)
            rows[count++] = (struct ranked){i, windows[i].severity};
    size_t shown = list_best(rows, count);
    if (count > 0)
        document_begin_table(draft->document,
                             SV("Service | First alert | Last alert | Alert episodes | "
                                "Alert records | Evidence"),
                             true);
    for (size_t i = 0; i < shown; i++)
        add_window(draft->document, &windows[rows[i].place]);
    if (count > 0)
        document_end_table(draft->document);
    add_more(draft, count, shown, "services");
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
        const struct entry *proof[DOCUMENT_PROOFS_MAX] = {NULL}, *end;
        size_t count = 0;
        for (size_t i = 0; i < draft->incident->node_count; i++) {
            const struct entry **slot =
                &proof[count < DOCUMENT_PROOFS_MAX ? count : DOCUMENT_PROOFS_MAX - 1];
            if (node_is_alert(draft, i) &&
                strcmp(severity_band(draft->incident->nodes[i]->severity), band) == 0 &&
                node_entries(draft, draft->incident->nodes[i], slot, &end))
                count++;
        }
        if (count == 0)
            continue;
        document_begin(draft->document, BLOCK_STATEMENT);
        if (bands[b] == SEVERITY_UNSET)
            document_wordsf(draft->document, "Alert episodes without a severity: %zu.", count);
        else
            document_wordsf(draft->document, "Alert episodes of severity %s: %zu.", band, count);
        document_prove(draft->document, proof,
                       count < DOCUMENT_PROOFS_MAX ? count : DOCUMENT_PROOFS_MAX);
    }
}

/* What people told in figures, for people to choose from. */
static void
add_told(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (!has_reason(entry, SV("tells_impact")) || count++ >= LIST_MAX)
            continue;
        document_begin(draft->document, BLOCK_STATEMENT);
        document_words(draft->document, "Candidate, ");
        document_time(draft->document, entry->time_ns);
        document_words(draft->document, ", ");
        document_text(draft->document, sv_empty(entry->actor) ? entry->source : entry->actor);
        document_words(draft->document, ": ");
        document_quote(draft->document, entry->text);
        document_prove(draft->document, &entry, 1);
    }
    add_more(draft, count, LIST_MAX, "candidates");
}

void
fill_impact(struct draft *draft)
{
    if (add_windows(draft))
        add_severity_counts(draft);
    else
        document_say(draft->document, BLOCK_REMARK,
                     SV("No alert belongs to this incident, so no service has a first and a last "
                        "one."));
    add_told(draft);
}
