/*
 * A document's summary in mrkdwn, for a channel: see writer.h and
 * https://api.slack.com/reference/surfaces/formatting. Short: what the draft is about, the facts
 * that are no moments, the sentences of the summary (where there is none, of all sections), each
 * with the ids of its entries; texts of records are cut.
 */
#include "base/text/escape.h"
#include "base/text/utf8.h"
#include "report/render/notes.h"
#include "report/render/spans.h"
#include "report/render/writer.h"

#define TEXT_CHARACTERS_MAX 120     /* of one text of a record */
#define SUMMARY_CHARACTERS_MAX 3000 /* as people see them; what a block of Slack takes */

struct walk {
    const struct document *document;
    const struct notes *notes;
    struct strbuf *out;
    size_t characters, lines, left_out;
    bool every; /* the sentences of all sections, not of the summary alone */
};

/* An address, of which Slack reads no entity but these. */
static void
add_url(struct strbuf *out, struct sv url)
{
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] == '&')
            strbuf_add_text(out, "&amp;");
        else
            strbuf_add_char(out, url.ptr[i]);
}

static void
add_text(struct strbuf *out, struct sv text)
{
    size_t at = 0;
    for (size_t count = 0; at < text.len && count < TEXT_CHARACTERS_MAX; count++) {
        size_t length = utf8_length(sv_slice(text, at, text.len));
        at += length == 0 ? 1 : length;
    }
    escape_slack(out, sv_slice(text, 0, at));
    strbuf_add_text(out, at < text.len ? "…" : "");
}

static void
add_span(struct strbuf *out, const struct span *span)
{
    switch (span->kind) {
    case SPAN_WORDS:
    case SPAN_STRONG:
        escape_slack(out, span->text);
        break;
    case SPAN_CODE:
        strbuf_add_char(out, '`');
        escape_slack(out, span->text);
        strbuf_add_char(out, '`');
        break;
    case SPAN_TEXT:
        add_text(out, span->text);
        break;
    case SPAN_QUOTE:
        strbuf_add_text(out, "“");
        add_text(out, span->text);
        strbuf_add_text(out, "”");
        break;
    case SPAN_LINK:
        strbuf_add_char(out, '<');
        add_url(out, span->text);
        strbuf_add_char(out, '>');
        break;
    case SPAN_TIME:
    case SPAN_CLOCK:
    case SPAN_LOCAL:
    case SPAN_INSTANT:
    case SPAN_DURATION:
        span_put_time(out, span);
        break;
    }
}

static void
add_prose(struct walk *walk, struct strbuf *out, struct prose prose)
{
    for (size_t i = 0; i < prose.count; i++)
        add_span(out, &walk->document->spans[prose.first + i]);
}

/* " (`e:11abcdef0123`, <https://...|e:1aabcdef0123>)" */
static void
add_proofs(struct walk *walk, struct strbuf *out, size_t first, size_t count)
{
    strbuf_add_text(out, " (");
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = walk->document->proofs[first + i];
        struct sv id = sv_slice(entry->entry_id, 0, walk->notes->id_length);
        strbuf_add_text(out, i == 0 ? "" : ", ");
        if (escape_is_link(entry->url)) {
            strbuf_add_char(out, '<');
            add_url(out, entry->url);
            strbuf_addf(out, "|e:" SV_FMT ">", SV_ARG(id));
        } else {
            strbuf_addf(out, "`e:" SV_FMT "`", SV_ARG(id));
        }
    }
    strbuf_add_char(out, ')');
}

/* An entity is one character to who reads it. */
static size_t
characters_of(struct sv text)
{
    size_t count = utf8_count(text);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '&') {
            size_t end = sv_find_char(sv_slice(text, i, text.len), ';');
            count -= end == SIZE_MAX ? 0 : end;
        }
    return count;
}

/* A whole line, or none: then it is counted. */
static void
add_line(struct walk *walk, const struct strbuf *line)
{
    size_t characters = characters_of(strbuf_view(line));
    if (walk->left_out > 0 || walk->characters + characters > SUMMARY_CHARACTERS_MAX) {
        walk->left_out++;
        return;
    }
    strbuf_add_text(walk->out, "• ");
    strbuf_add_sv(walk->out, strbuf_view(line));
    strbuf_add_char(walk->out, '\n');
    walk->characters += characters;
    walk->lines++;
}

static void
add_statement(struct walk *walk, const struct block *block)
{
    struct strbuf line;
    strbuf_init(&line, 0);
    add_prose(walk, &line, block->prose);
    add_proofs(walk, &line, block->first_proof, block->proofs);
    add_line(walk, &line);
    strbuf_release(&line);
}

static bool
tells_moment(const struct walk *walk, struct prose prose)
{
    for (size_t i = 0; i < prose.count; i++)
        if (walk->document->spans[prose.first + i].kind == SPAN_TIME)
            return true;
    return false;
}

/* "Services: cart, checkout"; moments are in the sentences. */
static void
add_fact(struct walk *walk, const struct table_row *row)
{
    const struct prose *cells = &walk->document->cells[row->first_cell];
    struct strbuf line;
    if (row->human || row->day || row->cells != 2 || tells_moment(walk, cells[1]))
        return;
    strbuf_init(&line, 0);
    add_prose(walk, &line, cells[0]);
    strbuf_add_text(&line, ": ");
    add_prose(walk, &line, cells[1]);
    add_proofs(walk, &line, row->first_proof, row->proofs);
    add_line(walk, &line);
    strbuf_release(&line);
}

/* Sections whose sentences go to a channel: of a draft or summary, and of a facilitator's sheet. */
static bool
is_told(struct sv section)
{
    return sv_eq(section, SV("summary")) || sv_eq(section, SV("decisions"));
}

static void
add_block(struct walk *walk, const struct block *block)
{
    if (block->kind == BLOCK_STATEMENT && (walk->every || is_told(block->section)))
        add_statement(walk, block);
    else if (block->kind == BLOCK_TABLE && sv_eq(block->section, SV("metadata")))
        for (size_t i = 0; i < block->rows; i++)
            add_fact(walk, &walk->document->rows[block->first_row + i]);
}

static void
add_head(struct walk *walk, const struct block *block)
{
    struct strbuf *out = walk->out;
    if (block->kind == BLOCK_TITLE) {
        strbuf_add_char(out, '*');
        add_prose(walk, out, block->prose);
        strbuf_add_text(out, "*\n");
    } else if (block->kind == BLOCK_NOTE && sv_empty(block->section)) {
        strbuf_add_text(out, "&gt; ");
        add_prose(walk, out, block->prose);
        strbuf_add_char(out, '\n');
    }
}

void
write_slack(const struct writing *writing, struct strbuf *out)
{
    const struct document *document = writing->document;
    struct notes notes;
    size_t prompts = 0;
    notes_init(&notes, document);
    struct walk walk = {.document = document, .notes = &notes, .out = out};
    for (size_t i = 0; i < document->block_count; i++) {
        add_head(&walk, &document->blocks[i]);
        prompts += document->blocks[i].kind == BLOCK_PROMPT;
    }
    /* A template may leave the summary out. */
    for (int pass = 0; pass < 2 && walk.lines == 0; pass++, walk.every = true)
        for (size_t i = 0; i < document->block_count; i++)
            add_block(&walk, &document->blocks[i]);
    if (walk.lines == 0)
        strbuf_add_text(out, "No sentence rests on a record.\n");
    if (walk.left_out > 0)
        strbuf_addf(out, "Lines that are left out here: %zu.\n", walk.left_out);
    strbuf_addf(out, "Questions to people in the draft: %zu.", prompts);
    if (!sv_empty(writing->stored->number)) {
        strbuf_add_text(out, " Where each record lies: `hindcast report ");
        escape_slack(out, writing->stored->number);
        strbuf_add_text(out, "`.");
    }
    strbuf_add_char(out, '\n');
    notes_release(&notes);
}
