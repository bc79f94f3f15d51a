/*
 * Impact: per service the window of its alerts, and how bad they were.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/word_char.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/section/figures.h"
#include "report/section/fills.h"

#define FIGURES_KEPT 1000 /* of an incident; later ones are not looked at */

/* The alert episodes of a service that have an entry. */
struct window {
    struct sv service;
    int64_t first_ns, last_ns, records, episodes;
    int severity; /* the worst */
    const struct entry *proof[DOCUMENT_PROOFS_MAX];
    size_t proofs;
};

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
add_to_window(struct window *window, const struct alert_episode *alert)
{
    if (window->episodes == 0 || alert->first_ns < window->first_ns)
        window->first_ns = alert->first_ns;
    if (window->episodes == 0 || alert->last_ns > window->last_ns)
        window->last_ns = alert->last_ns;
    window->severity = alert->severity > window->severity ? alert->severity : window->severity;
    window->records += alert->records;
    window->episodes++;
    if (window->proofs < DOCUMENT_PROOFS_MAX)
        window->proof[window->proofs++] = alert->first;
    if (window->proofs < DOCUMENT_PROOFS_MAX)
        window->proof[window->proofs++] = alert->last;
}

static void
fill_windows(const struct alert_episode *alerts, size_t alert_count, struct window *windows,
             size_t count)
{
    for (size_t i = 0; i < alert_count; i++) {
        const struct window wanted = {.service = alerts[i].node->service};
        struct window *window = bsearch(&wanted, windows, count, sizeof(*windows), by_service);
        if (window != NULL)
            add_to_window(window, &alerts[i]);
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
add_windows(struct draft *draft, const struct alert_episode *alerts, size_t alert_count)
{
    size_t all, count = 0;
    struct window *windows = make_windows(draft, &all);
    struct ranked *rows = memory_calloc(all, sizeof(*rows));
    fill_windows(alerts, alert_count, windows, all);
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
add_severity_counts(struct draft *draft, const struct alert_episode *alerts, size_t alert_count)
{
    static const int bands[] = {SEVERITY_FATAL, SEVERITY_ERROR, SEVERITY_WARN,
                                SEVERITY_INFO,  SEVERITY_DEBUG, SEVERITY_UNSET};
    for (size_t b = 0; b < sizeof(bands) / sizeof(bands[0]); b++) {
        const char *band = severity_band(bands[b]);
        const struct entry *proof[DOCUMENT_PROOFS_MAX] = {NULL};
        size_t count = 0;
        for (size_t i = 0; i < alert_count; i++) {
            if (strcmp(severity_band(alerts[i].severity), band) != 0)
                continue;
            proof[count < DOCUMENT_PROOFS_MAX ? count : DOCUMENT_PROOFS_MAX - 1] = alerts[i].first;
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

/* ---- what people told in figures, for people to choose from ---- */

/* A figure of a sentence of an entry. */
struct told {
    struct figure figure;
    const struct entry *entry;
    struct sv sentence;
};

/* What is counted alike stands together, in the order of the timeline. */
static int
by_what(const void *left, const void *right)
{
    const struct told *a = left, *b = right;
    if (a->figure.what != b->figure.what)
        return a->figure.what < b->figure.what ? -1 : 1;
    if (a->entry != b->entry)
        return a->entry < b->entry ? -1 : 1;
    return a->figure.said.ptr < b->figure.said.ptr ? -1 : a->figure.said.ptr > b->figure.said.ptr;
}

static size_t
add_figures(struct told *told, size_t count, const struct entry *entry)
{
    struct figure figures[FIGURES_MAX];
    struct sv text = entry->text, sentence;
    while (next_sentence(&text, &sentence)) {
        size_t found = figures_in(sentence, figures);
        for (size_t i = 0; i < found && count < FIGURES_KEPT; i++)
            told[count++] = (struct told){figures[i], entry, sentence};
    }
    return count;
}

/* The services of the incident that the sentence names. */
static void
add_named_services(struct draft *draft, struct sv sentence)
{
    const char *joint = "";
    document_cell(draft->document);
    for (size_t i = 0; i < draft->incident->service_count; i++) {
        struct sv service = draft->incident->services[i];
        bool named = false;
        for (size_t at = 0; at + service.len <= sentence.len && service.len > 0; at++)
            named = named ||
                    (text_word_begins(sentence, at) && text_word_ends(sentence, at + service.len) &&
                     sv_eq_nocase(sv_slice(sentence, at, at + service.len), service));
        if (!named)
            continue;
        document_words(draft->document, joint);
        document_text(draft->document, service);
        joint = ", ";
    }
}

static void
add_figure(struct draft *draft, const struct told *told)
{
    static const char *const moods[] = {"", " (as a possibility)", " (as not affected)"};
    enum figure_told mood = figures_told(told->sentence);
    struct document *document = draft->document;
    document_row(document, false);
    document_cell(document);
    document_words(document, figure_what(told->figure.what));
    document_cell(document);
    document_text(document, told->figure.said);
    if (mood != TOLD_AS_NONE || figures_told(told->figure.said) != TOLD_AS_NONE)
        document_words(document, moods[mood]);
    add_named_services(draft, told->sentence);
    document_cell(document);
    document_time(document, told->entry->time_ns);
    document_words(document, ", ");
    document_text(document,
                  sv_empty(told->entry->actor) ? told->entry->source : told->entry->actor);
    document_words(document, ": ");
    document_quote(document, told->sentence);
    document_prove_row(document, &told->entry, 1);
}

/* The whole text, where no figure of it was found. */
static void
add_text(struct document *document, const struct entry *entry)
{
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, "Candidate, ");
    document_time(document, entry->time_ns);
    document_words(document, ", ");
    document_text(document, sv_empty(entry->actor) ? entry->source : entry->actor);
    document_words(document, ": ");
    document_quote(document, entry->text);
    document_prove(document, &entry, 1);
}

static void
add_table(struct draft *draft, struct told *told, size_t count)
{
    if (count == 0)
        return;
    qsort(told, count, sizeof(*told), by_what);
    document_begin_table(draft->document,
                         SV("Candidate, of | As said | Service named | Said | Evidence"), true);
    for (size_t i = 0; i < count && i < LIST_MAX; i++)
        add_figure(draft, &told[i]);
    document_end_table(draft->document);
    add_more(draft, count, LIST_MAX, "figures");
}

static void
add_told(struct draft *draft)
{
    size_t count = 0, figures = 0;
    struct told *told = memory_calloc(FIGURES_KEPT, sizeof(*told));
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (!has_reason(entry, SV("tells_impact")))
            continue;
        size_t before = figures;
        figures = add_figures(told, figures, entry);
        if (figures == before && count++ < LIST_MAX)
            add_text(draft->document, entry);
    }
    add_more(draft, count, LIST_MAX, "candidates");
    add_table(draft, told, figures);
    free(told);
}

void
fill_impact(struct draft *draft)
{
    struct alert_episode *alerts = memory_calloc(draft->incident->node_count + 1, sizeof(*alerts));
    size_t count = alert_episodes(draft->incident, alerts);
    if (add_windows(draft, alerts, count))
        add_severity_counts(draft, alerts, count);
    else
        document_say(draft->document, BLOCK_REMARK,
                     SV("No alert belongs to this incident, so no service has a first and a last "
                        "one."));
    add_told(draft);
    free(alerts);
}
