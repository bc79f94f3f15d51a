/*
 * A page as a whole: see page.h.
 */
#include "report/page/page.h"
#include "report/facts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text/escape.h"
#include "report/chart/chart.h"
#include "report/page/parts.h"
#include "report/render/cite.h"
#include "report/render/lasted.h"

#define HEAD_SERVICES 10 /* named at the top; the others are counted */

static void
number_some(struct page *page, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = page->document->proofs[first + i];
        uint32_t *number = &page->numbers[entry - page->incident->entries];
        if (*number == 0)
            *number = ++page->cited;
    }
}

/* In the order in which a reader meets them. */
static void
number_proofs(struct page *page)
{
    const struct document *document = page->document;
    page->numbers = memory_calloc(page->incident->entry_count + 1, sizeof(*page->numbers));
    for (size_t i = 0; i < document->block_count; i++) {
        const struct block *block = &document->blocks[i];
        if (page_replaces(block))
            continue;
        number_some(page, block->first_proof, block->proofs);
        for (size_t k = 0; block->kind == BLOCK_TABLE && k < block->rows; k++) {
            const struct table_row *row = &document->rows[block->first_row + k];
            number_some(page, row->first_proof, row->proofs);
        }
    }
}

/* ---- the facts at the top ---- */

static const struct milestone_row *
row_of(const struct page *page, enum milestone milestone)
{
    for (size_t i = 0; i < page->incident->milestone_count; i++)
        if (page->incident->milestones[i].milestone == milestone &&
            is_told(&page->incident->milestones[i]))
            return &page->incident->milestones[i];
    return NULL;
}

static const struct entry *
entry_of(const struct page *page, const struct milestone_row *row)
{
    for (size_t i = 0; i < page->incident->entry_count; i++)
        if (sv_eq(page->incident->entries[i].entry_id, row->entry_id))
            return &page->incident->entries[i];
    return NULL;
}

static const struct {
    const char *name;
    enum milestone from, to;
    const char *between;
} facts[] = {
    {"Time to detect", MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED, "from the start of impact"},
    {"Time to acknowledge", MILESTONE_DETECTED, MILESTONE_ACKNOWLEDGED, "from detection"},
    {"Time to mitigate", MILESTONE_DETECTED, MILESTONE_MITIGATED, "from detection"},
    {"Time to recover", MILESTONE_IMPACT_STARTED, MILESTONE_RECOVERED, "from the start of impact"},
    {"Time to resolve", MILESTONE_DETECTED, MILESTONE_RESOLVED, "from detection"},
};

/* A duration without two rows that prove it is not shown. */
static bool
add_fact(struct page *page, size_t i)
{
    const struct milestone_row *from = row_of(page, facts[i].from), *to = row_of(page, facts[i].to);
    char length[DURATION_TEXT];
    if (from == NULL || to == NULL || to->time_ns < from->time_ns)
        return false;
    const struct entry *proofs[] = {entry_of(page, from), entry_of(page, to)};
    if (proofs[0] == NULL || proofs[1] == NULL)
        return false;
    for (size_t k = 0; k < 2; k++) {
        uint32_t *number = &page->numbers[proofs[k] - page->incident->entries];
        if (*number == 0)
            *number = ++page->cited;
    }
    duration_format(to->time_ns - from->time_ns, length);
    strbuf_addf(page->out, "<div><dt>%s</dt><dd>%s", facts[i].name, length);
    page_proofs(page, proofs, proofs[0] == proofs[1] ? 1 : 2);
    strbuf_addf(page->out, "<br><small>%s</small></dd></div>\n", facts[i].between);
    return true;
}

static void
add_facts(struct page *page)
{
    size_t before = page->out->len;
    strbuf_add_text(page->out, "<dl class=\"facts\">\n");
    bool any = false;
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        any |= add_fact(page, i);
    if (any)
        strbuf_add_text(page->out, "</dl>\n");
    else
        page->out->len = before;
}

/* ---- head and foot ---- */

static void
add_tags(struct page *page)
{
    const struct incident *incident = page->incident;
    struct strbuf *out = page->out;
    strbuf_add_text(out, "<p>");
    if (incident->severity > 0)
        strbuf_addf(out, "<span class=\"tag%s\">%s</span> ",
                    incident->severity >= SEVERITY_ERROR ? " bad" : "",
                    severity_band(incident->severity));
    if (row_of(page, MILESTONE_RESOLVED) != NULL)
        strbuf_add_text(out, "<span class=\"tag good\">resolved</span> ");
    strbuf_add_text(out, "<span class=\"quiet\">");
    size_t shown =
        incident->service_count < HEAD_SERVICES ? incident->service_count : HEAD_SERVICES;
    for (size_t i = 0; i < shown; i++) {
        strbuf_add_text(out, i == 0 ? "" : ", ");
        escape_html(out, incident->services[i]);
    }
    if (incident->service_count > shown)
        strbuf_addf(out, " and %zu more", incident->service_count - shown);
    strbuf_add_text(out, "</span></p>\n");
}

/* "2026-03-03 14:04 (start of impact) to 14:30 UTC, recovered", as lists say it. */
static void
add_span(struct strbuf *out, const struct incident *incident)
{
    int64_t end_ns = incident_end(incident);
    page_time(out, incident_start(incident), 0, 16);
    if (end_ns != TIME_NONE) {
        strbuf_add_text(out, " to ");
        page_time(out, end_ns, 0, 16);
    }
    strbuf_add_text(out, " UTC");
    if (incident->span.outcome == OUTCOME_NONE)
        return;
    strbuf_addf(out, ", from %s", span_mark_words(incident->span.start_by));
    strbuf_add_text(out, ", ");
    lasted_put_state(out, incident);
}

static void
add_header(struct page *page)
{
    const struct stored_incident *stored = page->options->stored;
    struct strbuf *out = page->out;
    strbuf_add_text(out,
                    "<body>\n<a class=\"skip\" href=\"#content\">To the content</a>\n<header>\n"
                    "<p class=\"quiet\">");
    escape_html(out, stored_incident_name(stored));
    strbuf_add_text(out, " · ");
    add_span(out, page->incident);
    strbuf_add_text(out, " · draft</p>\n<h1>");
    if (sv_empty(page->incident->title))
        strbuf_add_text(out, "Incident without a title");
    else
        escape_html(out, page->incident->title);
    strbuf_add_text(out, "</h1>\n");
    add_tags(page);
    page_nav(page);
    strbuf_add_text(out, "</header>\n<main id=\"content\">\n");
}

static void
add_chart(struct page *page)
{
    const struct chart_options options = {.name = page->options->stored->number,
                                          .id_length = page->id_length,
                                          .linked = page->shown,
                                          .activity = page->options->activity};
    strbuf_add_text(page->out, "<figure tabindex=\"0\" aria-label=\"Chart\">\n");
    chart_svg(page->incident, &options, page->out);
    strbuf_add_text(page->out, "</figure>\n");
}

static void
add_footer(struct page *page)
{
    strbuf_add_text(page->out,
                    "</main>\n<footer>\n<h2>About this page</h2>\n"
                    "<p>Numbers lead to the rows that prove a sentence; the evidence of a row "
                    "says where its records lie. The tool states no cause.</p>\n"
                    "</footer>\n</body>\n</html>\n");
}

void
page_html(const struct document *document, const struct page_options *options, struct strbuf *out)
{
    struct page page = {.document = document,
                        .options = options,
                        .incident = document->incident,
                        .out = out,
                        .id_length = cite_length(document->incident)};
    struct strbuf title;
    arena_init(&page.arena, 0);
    strbuf_init(&title, 0);
    strbuf_add_sv(&title, stored_incident_name(options->stored));
    strbuf_add_text(&title, " ");
    strbuf_add_sv(&title, document->incident->title);
    page_head(out, strbuf_view(&title));
    number_proofs(&page);
    add_header(&page);
    add_facts(&page); /* cites, too */
    page_choose(&page);
    add_chart(&page);
    page_blocks(&page);
    add_footer(&page);
    strbuf_release(&title);
    arena_release(&page.arena);
    free(page.numbers);
    free(page.shown);
}

/* Of one that was not written there is no page. */
static void
add_link(struct strbuf *out, const struct page_link *link)
{
    if (!sv_empty(link->href)) {
        strbuf_add_text(out, "<a href=\"");
        escape_html(out, link->href);
        strbuf_add_text(out, "\">");
    }
    escape_html(out, link->number);
    strbuf_add_text(out, sv_empty(link->href) ? " " : "</a> ");
    escape_html(out, link->title);
    if (sv_empty(link->href))
        strbuf_add_text(out, " <span class=\"quiet\">(not written)</span>");
}

/* The rank with its reasons below. */
static void
add_rank(struct strbuf *out, const struct incident_rank *rank)
{
    strbuf_addf(out, "%d<br><span class=\"quiet\">", rank->score);
    for (size_t i = 0; i < rank->reason_count; i++) {
        strbuf_add_text(out, i == 0 ? "" : ", ");
        escape_html(out, rank->reasons[i]);
    }
    strbuf_add_text(out, "</span>");
}

void
page_index(const struct page_link *links, size_t count, struct strbuf *out)
{
    page_head(out, SV("Incidents"));
    strbuf_add_text(out,
                    "<body>\n<main>\n<h1>Incidents</h1>\n<div class=\"wide\" tabindex=\"0\">"
                    "<table>\n<thead><tr><th scope=\"col\">Incident</th><th scope=\"col\">Rank</th>"
                    "<th scope=\"col\">From"
                    "</th><th scope=\"col\">To</th><th scope=\"col\">Severity</th>"
                    "<th scope=\"col\">Alerts</th><th scope=\"col\">Records</th></tr></thead>"
                    "\n<tbody>\n");
    for (size_t i = 0; i < count; i++) {
        const struct page_link *link = &links[i];
        const struct incident *incident = link->incident;
        strbuf_add_text(out, "<tr><td>");
        add_link(out, link);
        strbuf_add_text(out, "</td><td>");
        add_rank(out, &incident->rank);
        strbuf_add_text(out, "</td><td>");
        page_time(out, incident_start(incident), 0, 16);
        strbuf_addf(out, "<br><span class=\"quiet\">%s</span></td><td>",
                    span_mark_words(incident->span.start_by));
        if (incident_end(incident) != TIME_NONE)
            page_time(out, incident_end(incident), 0, 16);
        if (incident->span.outcome != OUTCOME_NONE) {
            strbuf_addf(out, "%s<span class=\"quiet\">",
                        incident_end(incident) != TIME_NONE ? "<br>" : "");
            lasted_put_state(out, incident);
            strbuf_add_text(out, "</span>");
        }
        strbuf_addf(out, "</td><td>%s</td><td>%" PRId64 "</td><td>%" PRId64 "</td></tr>\n",
                    incident->severity > 0 ? severity_band(incident->severity) : "",
                    incident->alert_count, incident->record_count);
    }
    strbuf_add_text(out, "</tbody></table></div>\n<p class=\"quiet\">Times are in UTC.</p>\n"
                         "</main>\n</body>\n</html>\n");
}
