/*
 * Documents as JSON: see writer.h and docs/postmortem.schema.json. Everything that other forms
 * show, as data: spans with the moments they tell, footnotes with the ids of their entries, entries
 * with all records that are known of them.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text/json_writer.h"
#include "report/render/notes.h"
#include "report/render/spans.h"
#include "report/render/writer.h"

#include <stdlib.h>

#define FORMAT "hindcast.postmortem/1"

struct walk {
    const struct document *document;
    const struct notes *notes;
    struct strbuf *out;
};

/* -------------------------------------------------------------------- spans */

static const char *
kind_of(enum span_kind kind)
{
    static const char *const words[] = {
        [SPAN_WORDS] = "words",     [SPAN_STRONG] = "strong",     [SPAN_CODE] = "code",
        [SPAN_TEXT] = "text",       [SPAN_QUOTE] = "quote",       [SPAN_LINK] = "link",
        [SPAN_TIME] = "time",       [SPAN_CLOCK] = "clock",       [SPAN_LOCAL] = "local",
        [SPAN_INSTANT] = "instant", [SPAN_DURATION] = "duration",
    };
    return words[kind];
}

static bool
is_moment(enum span_kind kind)
{
    return kind == SPAN_TIME || kind == SPAN_CLOCK || kind == SPAN_LOCAL || kind == SPAN_INSTANT;
}

static void
add_span(struct strbuf *out, const struct span *span)
{
    struct strbuf text;
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "kind", sv_from(kind_of(span->kind)));
    if (!is_moment(span->kind) && span->kind != SPAN_DURATION) {
        json_put(out, "text", span->text.ptr == NULL ? SV("") : span->text);
        strbuf_add_char(out, '}');
        return;
    }
    strbuf_init(&text, 0);
    span_put_time(&text, span);
    json_put(out, "text", strbuf_view(&text));
    if (is_moment(span->kind))
        json_put_time(out, "time", span->ns);
    else
        json_put_int(out, "milliseconds", span->ns / NS_PER_MS);
    strbuf_add_char(out, '}');
    strbuf_release(&text);
}

static void
add_spans(struct walk *walk, struct prose prose)
{
    strbuf_add_char(walk->out, '[');
    for (size_t i = 0; i < prose.count; i++)
        add_span(walk->out, &walk->document->spans[prose.first + i]);
    strbuf_add_char(walk->out, ']');
}

static void
add_note_of(struct walk *walk, size_t first, size_t count)
{
    size_t number = notes_number(walk->notes, first, count);
    if (number > 0)
        json_put_int(walk->out, "note", (int64_t)number);
}

/* ------------------------------------------------------------------- blocks */

static void
add_columns(struct walk *walk, struct sv columns)
{
    struct sv column;
    json_put_name(walk->out, "columns");
    strbuf_add_char(walk->out, '[');
    while (sv_split(&columns, '|', &column)) {
        json_put_comma(walk->out);
        json_put_string(walk->out, sv_trim(column));
    }
    strbuf_add_char(walk->out, ']');
}

static void
add_row(struct walk *walk, const struct table_row *row)
{
    struct strbuf *out = walk->out;
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "kind", row->day ? SV("day") : row->human ? SV("human") : SV("proved"));
    if (row->day) {
        struct strbuf day;
        strbuf_init(&day, 0);
        span_put_day(&day, row->day_ns);
        json_put(out, "day", strbuf_view(&day));
        strbuf_release(&day);
    } else {
        json_put_name(out, "cells");
        strbuf_add_char(out, '[');
        for (size_t i = 0; i < row->cells; i++) {
            json_put_comma(out);
            add_spans(walk, walk->document->cells[row->first_cell + i]);
        }
        strbuf_add_char(out, ']');
        add_note_of(walk, row->first_proof, row->proofs);
    }
    strbuf_add_char(out, '}');
}

static void
add_block(struct walk *walk, const struct block *block)
{
    static const char *const words[] = {
        [BLOCK_TITLE] = "title",   [BLOCK_HEADING] = "heading",     [BLOCK_ABOUT] = "about",
        [BLOCK_NOTE] = "note",     [BLOCK_REMARK] = "remark",       [BLOCK_MORE] = "more",
        [BLOCK_PROMPT] = "prompt", [BLOCK_STATEMENT] = "statement", [BLOCK_TABLE] = "table",
    };
    struct strbuf *out = walk->out;
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "kind", sv_from(words[block->kind]));
    json_put(out, "fill", sv_empty(block->section) ? SV("title") : block->section);
    if (block->kind != BLOCK_TABLE) {
        json_put_name(out, "spans");
        add_spans(walk, block->prose);
        add_note_of(walk, block->first_proof, block->proofs);
    } else {
        add_columns(walk, block->columns);
        json_put_bool(out, "cites", block->cites);
        json_put_name(out, "rows");
        strbuf_add_char(out, '[');
        for (size_t i = 0; i < block->rows; i++)
            add_row(walk, &walk->document->rows[block->first_row + i]);
        strbuf_add_char(out, ']');
    }
    strbuf_add_char(out, '}');
}

/* The blocks from `at` to the next heading; returns where that is. */
static size_t
add_blocks(struct walk *walk, size_t at)
{
    json_put_name(walk->out, "blocks");
    strbuf_add_char(walk->out, '[');
    for (; at < walk->document->block_count && walk->document->blocks[at].kind != BLOCK_HEADING;
         at++)
        if (walk->document->blocks[at].kind != BLOCK_TITLE)
            add_block(walk, &walk->document->blocks[at]);
    strbuf_add_char(walk->out, ']');
    return at;
}

static void
add_sections(struct walk *walk, size_t at)
{
    json_put_name(walk->out, "sections");
    strbuf_add_char(walk->out, '[');
    for (int64_t number = 1; at < walk->document->block_count; number++) {
        const struct block *heading = &walk->document->blocks[at];
        json_put_comma(walk->out);
        strbuf_add_char(walk->out, '{');
        json_put(walk->out, "id", heading->section);
        json_put_int(walk->out, "number", number);
        json_put_name(walk->out, "title");
        add_spans(walk, heading->prose);
        at = add_blocks(walk, at + 1);
        strbuf_add_char(walk->out, '}');
    }
    strbuf_add_char(walk->out, ']');
}

/* ----------------------------------------------------------------- evidence */

static void
add_notes(struct walk *walk)
{
    json_put_name(walk->out, "notes");
    strbuf_add_char(walk->out, '[');
    for (size_t i = 0; i < walk->notes->count; i++) {
        const struct note *note = &walk->notes->at[i];
        json_put_comma(walk->out);
        strbuf_add_char(walk->out, '{');
        json_put_int(walk->out, "number", (int64_t)i + 1);
        json_put_name(walk->out, "entries");
        strbuf_add_char(walk->out, '[');
        for (size_t k = 0; k < note->count; k++) {
            json_put_comma(walk->out);
            json_put_string(walk->out, walk->document->proofs[note->first + k]->entry_id);
        }
        strbuf_add_text(walk->out, "]}");
    }
    strbuf_add_char(walk->out, ']');
}

static void
add_evidence(struct strbuf *out, const struct evidence *evidence)
{
    char hex[SHA256_HEX + 1];
    sha256_hex(&evidence->sha256, hex);
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "topic", evidence->topic.ptr == NULL ? SV("") : evidence->topic);
    json_put_int(out, "incarnation", evidence->incarnation);
    json_put_int(out, "partition", evidence->partition);
    json_put_int(out, "offset", evidence->at.offset);
    json_put_int(out, "index", evidence->at.index);
    if (!sv_empty(evidence->file))
        json_put(out, "file", evidence->file);
    if (evidence->line > 0)
        json_put_int(out, "line", evidence->line);
    json_put(out, "sha256", sv_from(hex));
    strbuf_add_char(out, '}');
}

static void
add_entry(struct strbuf *out, const struct incident *incident, const struct entry *entry)
{
    const struct decided *note = incident_note(incident, entry);
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "id", entry->entry_id);
    json_put_time(out, "time", entry->time_ns);
    json_put(out, "text", entry->text.ptr == NULL ? SV("") : entry->text);
    json_put_int(out, "records", entry->evidence_count > 0 ? entry->occurrences : 0);
    json_put_name(out, "evidence");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < entry->evidence_count; i++)
        add_evidence(out, &entry->evidence[i]);
    strbuf_add_char(out, ']');
    if (note != NULL) {
        json_put(out, "decision", note->decision.id);
        json_put(out, "decision_sha256", note->decision.digest);
    }
    strbuf_add_char(out, '}');
}

/* Those that are cited, in the order of the incident. */
static void
add_entries(struct walk *walk)
{
    const struct incident *incident = walk->document->incident;
    bool *cited = memory_calloc(incident->entry_count, sizeof(*cited));
    for (size_t i = 0; i < walk->notes->count; i++)
        for (size_t k = 0; k < walk->notes->at[i].count; k++)
            cited[walk->document->proofs[walk->notes->at[i].first + k] - incident->entries] = true;
    json_put_name(walk->out, "entries");
    strbuf_add_char(walk->out, '[');
    for (size_t i = 0; i < incident->entry_count; i++)
        if (cited[i])
            add_entry(walk->out, incident, &incident->entries[i]);
    strbuf_add_char(walk->out, ']');
    free(cited);
}

static void
add_title(struct walk *walk)
{
    const struct document *document = walk->document;
    struct prose title = {0};
    for (size_t i = 0; i < document->block_count; i++)
        if (document->blocks[i].kind == BLOCK_TITLE)
            title = document->blocks[i].prose;
    json_put_name(walk->out, "title");
    add_spans(walk, title);
}

void
write_json(const struct writing *writing, struct strbuf *out)
{
    struct notes notes;
    notes_init(&notes, writing->document);
    struct walk walk = {.document = writing->document, .notes = &notes, .out = out};
    strbuf_add_char(out, '{');
    json_put(out, "format", SV(FORMAT));
    json_put(out, "incident", writing->stored->number);
    json_put(out, "digest", writing->stored->digest_hex);
    add_title(&walk);
    size_t at = add_blocks(&walk, 0);
    add_sections(&walk, at);
    add_notes(&walk);
    add_entries(&walk);
    strbuf_add_text(out, "}\n");
    notes_release(&notes);
}
