/*
 * The timeline of a page: a row for each entry of note, with what proves it. See parts.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text/escape.h"
#include "hindcast/evidence_place.h"
#include "report/facts.h"
#include "report/page/parts.h"

/* ---- which rows ---- */

/* Cited ones, then key ones, then standard ones, in order of time within each. */
void
page_choose(struct page *page)
{
    const struct incident *incident = page->incident;
    page->shown = memory_calloc(incident->entry_count + 1, sizeof(*page->shown));
    for (size_t i = 0; i < incident->entry_count; i++) {
        page->shown[i] = page->numbers[i] > 0;
        page->shown_count += page->shown[i];
    }
    for (int least = SIGNIFICANCE_KEY; least >= SIGNIFICANCE_STANDARD; least--)
        for (size_t i = 0; i < incident->entry_count && page->shown_count < PAGE_ROWS_MAX; i++)
            if (!page->shown[i] && (int)incident->entries[i].significance == least) {
                page->shown[i] = true;
                page->shown_count++;
            }
}

/* ---- one row ---- */

static struct sv
who(const struct entry *entry)
{
    if (!sv_empty(entry->actor))
        return entry->actor;
    if (!sv_empty(entry->service))
        return entry->service;
    return sv_empty(entry->host) ? entry->source : entry->host;
}

static const char *
nature(const struct entry *entry)
{
    if (entry->record_kind == RECORD_ALERT || entry->kind == ENTRY_ALERT_FIRING)
        return " alert";
    if (entry->record_kind == RECORD_DEPLOY || entry->record_kind == RECORD_MERGE ||
        entry->record_kind == RECORD_COMMIT)
        return " change";
    return "";
}

static void
add_term(struct page *page, const char *term, struct sv text)
{
    if (sv_empty(text))
        return;
    strbuf_addf(page->out, "<dt>%s</dt><dd>", term);
    escape_html(page->out, text);
    strbuf_add_text(page->out, "</dd>");
}

static void
add_reasons(struct page *page, const struct entry *entry)
{
    struct strbuf *out = page->out;
    strbuf_addf(out, "<dt>ranks</dt><dd>%s: ", significance_word(entry->significance));
    strbuf_add_hundredths(out, entry->score);
    for (size_t i = 0; i < entry->reason_count; i++) {
        const struct reason *reason = &entry->reasons[i];
        strbuf_add_text(out, i == 0 ? " = " : ", ");
        escape_html(out, reason->name);
        strbuf_add_char(out, ' ');
        strbuf_add_hundredths(out, reason->hundredths);
    }
    strbuf_add_text(out, "</dd>");
}

static void
add_record(struct page *page, const struct evidence *evidence)
{
    struct sv value;
    if (page->options->record == NULL)
        return;
    arena_reset(&page->arena);
    if (!page->options->record(page->options->opaque, evidence, &page->arena, &value))
        return;
    strbuf_add_text(page->out, "<pre>");
    for (struct sv rest = sv_slice(value, 0, PAGE_RECORD_BYTES_MAX), line;
         sv_split(&rest, '\n', &line);) {
        escape_html(page->out, line);
        strbuf_add_char(page->out, '\n');
    }
    if (value.len > PAGE_RECORD_BYTES_MAX)
        strbuf_addf(page->out, "… %zu bytes in all", value.len);
    strbuf_add_text(page->out, "</pre>");
}

static void
add_place(struct strbuf *out, const struct evidence *evidence)
{
    struct strbuf file;
    strbuf_init(&file, 0);
    if (evidence_put_file(&file, evidence)) {
        escape_html(out, strbuf_view(&file));
    } else {
        escape_html(out, evidence->topic);
        if (evidence->incarnation > 1)
            strbuf_addf(out, " (incarnation %d)", (int)evidence->incarnation);
        strbuf_addf(out, ", partition %d, offset %" PRId64, (int)evidence->partition,
                    evidence->at.offset);
    }
    strbuf_release(&file);
}

static void
add_evidence(struct page *page, const struct entry *entry)
{
    struct strbuf *out = page->out;
    for (size_t i = 0; i < entry->evidence_count; i++) {
        const struct evidence *evidence = &entry->evidence[i];
        char hex[SHA256_HEX + 1];
        sha256_hex(&evidence->sha256, hex);
        strbuf_add_text(out, i == 0 ? "<dt>records</dt><dd>" : "<dd>");
        add_place(out, evidence);
        strbuf_addf(out, ", SHA-256 %s", hex);
        if (i == 0)
            add_record(page, evidence);
        strbuf_add_text(out, "</dd>");
    }
}

static void
add_details(struct page *page, const struct entry *entry)
{
    struct strbuf *out = page->out;
    char text[64];
    strbuf_add_text(out, "<details><summary>evidence</summary><dl>");
    snprintf(text, sizeof(text), "%s", time_source_word(entry->time_source));
    add_term(page, "time as written", entry->source_time_text);
    if (entry->time_source != TIME_SOURCE_NATIVE)
        add_term(page, "time is", sv_from(text));
    add_term(page, "here because", entry->membership);
    add_reasons(page, entry);
    if (escape_is_link(entry->url)) {
        strbuf_add_text(out, "<dt>link</dt><dd><a rel=\"noopener noreferrer\" href=\"");
        escape_html(out, entry->url);
        strbuf_add_text(out, "\">");
        escape_html(out, entry->url);
        strbuf_add_text(out, "</a></dd>");
    }
    add_term(page, "entry", entry->entry_id);
    add_evidence(page, entry);
    strbuf_add_text(out, "</dl></details>");
}

static void
add_row(struct page *page, const struct entry *entry)
{
    struct strbuf *out = page->out;
    struct sv id = sv_slice(entry->entry_id, 0, page->id_length);
    strbuf_addf(out, "<li id=\"e-" SV_FMT "\" class=\"%s%s\"><a href=\"#e-" SV_FMT "\">",
                SV_ARG(id), significance_word(entry->significance), nature(entry), SV_ARG(id));
    page_time(out, entry->time_ns, 11, 19);
    if (!entry->order_established)
        strbuf_add_text(out,
                        " <abbr title=\"order against the row before not established\">±</abbr>");
    strbuf_add_text(out, "</a><span class=\"who\">");
    escape_html(out, who(entry));
    strbuf_add_text(out, "</span><div class=\"what\">");
    for (size_t i = 0; i < entry->milestone_count; i++) {
        strbuf_add_text(out, "<span class=\"mark\">");
        for (const char *at = milestone_word(entry->milestones[i]); *at != '\0'; at++)
            strbuf_add_char(out, *at == '_' ? ' ' : *at);
        strbuf_add_text(out, doubt_mark(page->incident, entry, entry->milestones[i]));
        strbuf_add_text(out, "</span>");
    }
    if (entry->kind == ENTRY_ALERT_RESOLVED)
        strbuf_add_text(out, ended_words(entry));
    escape_html(out, entry_shown(entry));
    if (entry->occurrences > 1)
        strbuf_addf(out, " <span class=\"quiet\">×%" PRId64 "</span>", entry->occurrences);
    if (!sv_empty(entry->chain))
        strbuf_addf(out, " <a class=\"quiet\" href=\"#e-" SV_FMT "\">same change</a>",
                    SV_ARG(sv_slice(entry->chain, 0, page->id_length)));
    add_details(page, entry);
    strbuf_add_text(out, "</div></li>\n");
}

/* ---- all ---- */

static void
add_rest(struct page *page, size_t left)
{
    struct strbuf *out = page->out;
    if (left == 0)
        return;
    strbuf_addf(out, "<p class=\"note\">%zu more %s not shown here", left,
                left == 1 ? "row is" : "rows are");
    if (!sv_empty(page->options->rest_name)) {
        strbuf_add_text(out, "; all of them are in ");
        escape_html(out, page->options->rest_name);
    }
    strbuf_add_text(out, ".</p>\n");
}

void
page_rows(struct page *page)
{
    const struct incident *incident = page->incident;
    char day[11] = "";
    strbuf_add_text(page->out, "<ol class=\"rows\">\n");
    for (size_t i = 0; i < incident->entry_count; i++) {
        char time[TIME_TEXT];
        if (!page->shown[i])
            continue;
        time_format(incident->entries[i].time_ns, time);
        if (strncmp(day, time, 10) != 0) {
            snprintf(day, sizeof(day), "%.10s", time);
            strbuf_addf(page->out, "<li class=\"day\">%s UTC</li>\n", day);
        }
        add_row(page, &incident->entries[i]);
    }
    strbuf_add_text(page->out, "</ol>\n");
    add_rest(page, incident->entry_count - page->shown_count);
}
