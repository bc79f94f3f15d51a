/*
 * The timeline in four formats; one table of them, one row function each. Called by timeline and
 * draft on the main thread.
 */
#include "report/render/lasted.h"
#include "report/render/render.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text/escape.h"
#include "base/text/utf8.h"
#include "hindcast/entry_json.h"
#include "hindcast/evidence_place.h"
#include "report/facts.h"
#include "report/render/style.h"

#define PLACE_COLUMNS 120 /* a narrower terminal shows the text alone */

struct writer {
    struct strbuf *out;
    const struct stored_incident *stored;
    const struct render_options *options;
    char date[11]; /* of the date header in force */
    bool doubts;   /* a milestone had its mark */
};

struct renderer {
    const char *word;
    void (*begin)(struct writer *writer);
    void (*row)(struct writer *writer, const struct entry *entry);
    void (*end)(struct writer *writer, size_t shown, size_t omitted);
};

/* For people: "detected, impact_started?" */
static void
add_milestones(struct writer *writer, struct strbuf *out, const struct entry *entry)
{
    for (size_t i = 0; i < entry->milestone_count; i++) {
        const char *doubt = doubt_mark(&writer->stored->incident, entry, entry->milestones[i]);
        strbuf_addf(out, "%s%s%s", i > 0 ? ", " : "", milestone_word(entry->milestones[i]), doubt);
        writer->doubts = writer->doubts || *doubt != '\0';
    }
}

static void
pad(struct strbuf *out, struct sv text, size_t columns)
{
    size_t before = out->len;
    escape_terminal_cut(out, text, columns);
    size_t used = utf8_count(sv_of(out->ptr + before, out->len - before));
    for (; used < columns; used++)
        strbuf_add_char(out, ' ');
}

/* ------------------------------------------------------------------ text */

/* "status: resolved (mara)" */
static void
text_said(struct strbuf *out, const struct incident *incident, enum decision_verb verb)
{
    const struct decided *said = incident_said(incident, verb);
    if (said == NULL)
        return;
    strbuf_addf(out, "%s: ", decision_word(verb));
    escape_terminal(out, said->decision.value);
    strbuf_add_text(out, " (");
    escape_terminal(out, said->decision.author);
    strbuf_add_text(out, ")\n");
}

static void
text_begin(struct writer *writer)
{
    const struct incident *incident = &writer->stored->incident;
    struct strbuf *out = writer->out;
    strbuf_add_text(out, render_style_on(STYLE_HEAD));
    escape_terminal(out, stored_incident_name(writer->stored));
    strbuf_add_text(out, "  ");
    escape_terminal(out, incident->title);
    strbuf_addf(out, "%s\n", render_style_off(STYLE_HEAD));
    lasted_put(out, incident);
    strbuf_add_char(out, '\n');
    for (size_t i = 0; i < incident->service_count; i++) {
        strbuf_add_text(out, i == 0 ? "services: " : ", ");
        escape_terminal(out, incident->services[i]);
    }
    strbuf_add_text(out, incident->service_count > 0 ? "\n" : "");
    if (incident_said(incident, DECISION_NO_INCIDENT) != NULL) {
        strbuf_add_text(out, "not an incident (");
        escape_terminal(out, incident_said(incident, DECISION_NO_INCIDENT)->decision.author);
        strbuf_add_text(out, ")\n");
    }
    text_said(out, incident, DECISION_STATUS);
    text_said(out, incident, DECISION_LEAD);
}

/* The row and, where there is room for both, the line of the file that it comes from. */
static void
text_line(struct writer *writer, struct sv line, const struct entry *entry)
{
    struct strbuf place, shown;
    size_t columns = writer->options->columns, used = 0;
    strbuf_init(&place, 0);
    strbuf_init(&shown, 0);
    if ((columns == 0 || columns >= PLACE_COLUMNS) && entry->evidence_count > 0 &&
        evidence_put_file(&place, &entry->evidence[0])) {
        strbuf_add_text(&shown, "  ");
        escape_terminal(&shown, strbuf_view(&place));
        used = utf8_count(strbuf_view(&shown));
    }
    if (columns == 0) {
        escape_terminal(writer->out, line);
        strbuf_add_sv(writer->out, strbuf_view(&shown));
    } else if (used > columns / 3) {
        escape_terminal_cut(writer->out, line, columns);
    } else {
        escape_terminal_cut(writer->out, line, columns - used);
        strbuf_add_sv(writer->out, strbuf_view(&shown));
    }
    strbuf_release(&shown);
    strbuf_release(&place);
}

/* The row that tells the change which this row belongs to. */
static void
add_chain(struct strbuf *out, const struct entry *entry)
{
    if (!sv_empty(entry->chain))
        strbuf_addf(out, " (same change as " SV_FMT ")", SV_ARG(entry->chain));
}

static void
text_row(struct writer *writer, const struct entry *entry)
{
    struct strbuf *out = writer->out;
    struct strbuf line;
    char time[TIME_TEXT];
    time_format_zone(entry->time_ns, time);
    if (strncmp(writer->date, time, 10) != 0) {
        memcpy(writer->date, time, 10);
        strbuf_addf(out, "\n%s%s %s%s\n", render_style_on(STYLE_HEAD), writer->date,
                    strlen(time) > 20 ? time + 20 : "", render_style_off(STYLE_HEAD));
    }
    enum render_style style = entry->significance == SIGNIFICANCE_KEY ? STYLE_KEY : STYLE_PLAIN;
    strbuf_init(&line, 0);
    strbuf_addf(&line, "%.8s %s%c ", time + 11, entry->order_established ? " " : "±",
                entry->significance == SIGNIFICANCE_KEY ? '*' : ' ');
    pad(&line, sv_from(entry_kind_word(entry->kind)), 18);
    strbuf_add_char(&line, ' ');
    pad(&line, entry_subject(entry), 16);
    strbuf_add_char(&line, ' ');
    if (entry->milestone_count > 0) {
        strbuf_add_char(&line, '[');
        add_milestones(writer, &line, entry);
        strbuf_add_text(&line, "] ");
    }
    strbuf_add_sv(&line, entry_shown(entry));
    if (entry->occurrences > 1)
        strbuf_addf(&line, " (%lld times)", (long long)entry->occurrences);
    add_chain(&line, entry);
    strbuf_add_text(out, render_style_on(style));
    text_line(writer, strbuf_view(&line), entry);
    strbuf_addf(out, "%s\n", render_style_off(style));
    strbuf_release(&line);
}

static void
text_end(struct writer *writer, size_t shown, size_t omitted)
{
    const char *rest = writer->options->rest;
    strbuf_addf(writer->out,
                "\n%zu row%s; * key row, ± order against the row before not established", shown,
                shown == 1 ? "" : "s");
    strbuf_add_text(writer->out, writer->doubts ? ", ? only possible" : "");
    if (omitted > 0)
        strbuf_addf(writer->out, "; %zu row%s left out (%s)", omitted, omitted == 1 ? "" : "s",
                    rest != NULL ? rest : "--width full shows all");
    size_t hidden = incident_hidden(&writer->stored->incident);
    if (hidden > 0)
        strbuf_addf(writer->out, "; %zu row%s hidden by people", hidden, hidden == 1 ? "" : "s");
    size_t lost = incident_unmatched(&writer->stored->incident);
    if (lost > 0)
        strbuf_addf(writer->out, "; %zu decision%s of people found no row (decide list)", lost,
                    lost == 1 ? "" : "s");
    strbuf_add_char(writer->out, '\n');
}

/* ------------------------------------------------------------------ Markdown */

static void
markdown_begin(struct writer *writer)
{
    struct strbuf *out = writer->out;
    strbuf_add_text(out, "# Timeline of ");
    escape_markdown(out, stored_incident_name(writer->stored));
    strbuf_add_text(out, ": ");
    escape_markdown(out, writer->stored->incident.title);
    strbuf_add_text(out, "\n\n| Time | Kind | Who or what | What | Milestone | Where | Entry |\n"
                         "| --- | --- | --- | --- | --- | --- | --- |\n");
}

static void
markdown_row(struct writer *writer, const struct entry *entry)
{
    struct strbuf *out = writer->out;
    char time[TIME_TEXT];
    time_format_zone(entry->time_ns, time);
    strbuf_addf(out, "| %s%s | %s | ", time, entry->order_established ? "" : " ±",
                entry_kind_word(entry->kind));
    escape_markdown(out, entry_subject(entry));
    strbuf_add_text(out, " | ");
    escape_markdown(out, entry_shown(entry));
    if (entry->occurrences > 1)
        strbuf_addf(out, " (%lld times)", (long long)entry->occurrences);
    add_chain(out, entry);
    strbuf_add_text(out, " | ");
    add_milestones(writer, out, entry);
    strbuf_add_text(out, " | ");
    struct strbuf place;
    strbuf_init(&place, 0);
    if (entry->evidence_count > 0)
        evidence_put_place(&place, &entry->evidence[0]);
    escape_markdown(out, strbuf_view(&place));
    strbuf_release(&place);
    strbuf_add_text(out, " | ");
    escape_markdown(out, entry->entry_id);
    strbuf_add_text(out, " |\n");
}

static void
markdown_end(struct writer *writer, size_t shown, size_t omitted)
{
    strbuf_addf(writer->out,
                "\n%zu rows, %zu left out. ± order against the row before not established%s.\n",
                shown, omitted, writer->doubts ? ", ? only possible" : "");
    size_t hidden = incident_hidden(&writer->stored->incident);
    if (hidden > 0)
        strbuf_addf(writer->out, "%zu hidden by people.\n", hidden);
}

/* ------------------------------------------------------------------ CSV */

static void
csv_begin(struct writer *writer)
{
    strbuf_add_text(
        writer->out,
        "time,local_time,kind,act,significance,milestones,actor,service,host,source,"
        "record_kind,score,occurrences,text,url,membership,evidence,entry_id,place,told,chain,"
        "pages,roles\r\n");
}

static void
csv_evidence(struct strbuf *out, const struct entry *entry)
{
    struct strbuf cell;
    strbuf_init(&cell, 0);
    for (size_t i = 0; i < entry->evidence_count; i++) {
        const struct evidence *evidence = &entry->evidence[i];
        strbuf_addf(&cell, "%s" SV_FMT "/%d/%lld#%d", i == 0 ? "" : " ", SV_ARG(evidence->topic),
                    (int)evidence->partition, (long long)evidence->at.offset,
                    (int)evidence->at.index);
    }
    escape_csv(out, strbuf_view(&cell));
    strbuf_release(&cell);
}

static void
csv_place(struct strbuf *out, const struct entry *entry)
{
    struct strbuf cell;
    strbuf_init(&cell, 0);
    if (entry->evidence_count > 0)
        evidence_put_place(&cell, &entry->evidence[0]);
    escape_csv(out, strbuf_view(&cell));
    strbuf_release(&cell);
}

/* "Ada Quill; Bo Lind" */
static void
csv_pages(struct strbuf *out, const struct entry *entry)
{
    struct strbuf cell;
    strbuf_init(&cell, 0);
    for (size_t i = 0; i < entry->page_count; i++)
        strbuf_addf(&cell, "%s" SV_FMT, i == 0 ? "" : "; ", SV_ARG(entry->pages[i].person));
    escape_csv(out, strbuf_view(&cell));
    strbuf_release(&cell);
}

/* "commander: Ada Quill; scribe: Bo Lind" */
static void
csv_roles(struct strbuf *out, const struct entry *entry)
{
    struct strbuf cell;
    strbuf_init(&cell, 0);
    for (size_t i = 0; i < entry->role_count; i++)
        strbuf_addf(&cell, "%s" SV_FMT ": " SV_FMT, i == 0 ? "" : "; ",
                    SV_ARG(entry->roles[i].role), SV_ARG(entry->roles[i].person));
    escape_csv(out, strbuf_view(&cell));
    strbuf_release(&cell);
}

static void
csv_row(struct writer *writer, const struct entry *entry)
{
    struct strbuf *out = writer->out;
    char time[TIME_TEXT], local[TIME_TEXT];
    time_format(entry->time_ns, time);
    time_format_zone(entry->time_ns, local);
    strbuf_addf(out, "%s,%s,%s,%s,%s,", time, local, entry_kind_word(entry->kind),
                act_word(entry->act), significance_word(entry->significance));
    for (size_t i = 0; i < entry->milestone_count; i++)
        strbuf_addf(out, "%s%s", i > 0 ? " " : "", milestone_word(entry->milestones[i]));
    const struct sv texts[] = {entry->actor, entry->service, entry->host, entry->source};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        strbuf_add_char(out, ',');
        escape_csv(out, texts[i]);
    }
    strbuf_addf(out, ",%s,", record_kind_word(entry->record_kind));
    strbuf_add_hundredths(out, entry->score);
    strbuf_addf(out, ",%lld,", (long long)entry->occurrences);
    escape_csv(out, entry->text);
    strbuf_add_char(out, ',');
    escape_csv(out, entry->url);
    strbuf_add_char(out, ',');
    escape_csv(out, entry->membership);
    strbuf_add_char(out, ',');
    csv_evidence(out, entry);
    strbuf_add_char(out, ',');
    escape_csv(out, entry->entry_id);
    strbuf_add_char(out, ',');
    csv_place(out, entry);
    strbuf_add_char(out, ',');
    escape_csv(out, entry->told);
    strbuf_add_char(out, ',');
    escape_csv(out, entry->chain);
    strbuf_add_char(out, ',');
    csv_pages(out, entry);
    strbuf_add_char(out, ',');
    csv_roles(out, entry);
    strbuf_add_text(out, "\r\n");
}

/* ------------------------------------------------------------------ JSON Lines */

static void
jsonl_row(struct writer *writer, const struct entry *entry)
{
    struct strbuf *out = writer->out;
    const struct entry_around around = {.incident_key = stored_incident_name(writer->stored)};
    strbuf_add_char(out, '{');
    entry_json_line(out, &around, entry);
    if (!sv_empty(entry->uid)) {
        strbuf_add_text(out, ",\"event\":\"");
        for (size_t i = 0; i < entry->uid.len; i++)
            strbuf_addf(out, "%02x", (unsigned)(unsigned char)entry->uid.ptr[i]);
        strbuf_add_char(out, '"');
    }
    strbuf_add_text(out, "}\n");
}

/* ------------------------------------------------------------------ all formats */

static const struct renderer renderers[] = {
    [RENDER_TEXT] = {"text", text_begin, text_row, text_end},
    [RENDER_MARKDOWN] = {"md", markdown_begin, markdown_row, markdown_end},
    [RENDER_CSV] = {"csv", csv_begin, csv_row, NULL},
    [RENDER_JSONL] = {"jsonl", NULL, jsonl_row, NULL},
};

int
render_format_read(const char *word, enum render_format *ret_format, struct err *err)
{
    for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++)
        if (strcmp(renderers[i].word, word) == 0) {
            *ret_format = (enum render_format)i;
            return 0;
        }
    return err_set(err, ERR_USAGE, "no format '%s'; there are text, md, csv and jsonl", word);
}

int
render_width_read(const char *word, enum significance *ret_least, struct err *err)
{
    static const char *const words[] = {"full", "standard", "key"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i], word) == 0) {
            *ret_least = (enum significance)i;
            return 0;
        }
    return err_set(err, ERR_USAGE, "no width '%s'; there are key, standard and full", word);
}

size_t
render_timeline(const struct stored_incident *stored, const struct render_options *options,
                struct strbuf *out)
{
    const struct renderer *renderer = &renderers[options->format];
    struct writer writer = {.out = out, .stored = stored, .options = options};
    size_t shown = 0, omitted = 0;
    assert((size_t)options->format < sizeof(renderers) / sizeof(renderers[0]));
    if (renderer->begin != NULL)
        renderer->begin(&writer);
    for (size_t i = 0; i < stored->incident.entry_count; i++) {
        const struct entry *entry = &stored->incident.entries[i];
        /* A milestone is never left out: without it the story would have a hole. */
        if (entry->significance < options->least && entry->milestone_count == 0) {
            omitted++;
            continue;
        }
        renderer->row(&writer, entry);
        shown++;
    }
    if (renderer->end != NULL)
        renderer->end(&writer, shown, omitted);
    return omitted;
}
