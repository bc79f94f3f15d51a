/*
 * Copies of document and incident without what the policy takes out: see document.h.
 */
#include "report/redact/document.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "report/redact/incident.h"
#include "report/redact/unescape.h"

/* ---- the document ---- */

static void *
copy_list(const void *list, size_t count, size_t size)
{
    void *copy = memory_calloc(count + 1, size);
    if (count > 0)
        memcpy(copy, list, count * size);
    return copy;
}

static bool
is_of_records(enum span_kind kind)
{
    return kind == SPAN_TEXT || kind == SPAN_QUOTE || kind == SPAN_LINK;
}

static void
redact_span(struct redaction *redaction, struct span *span)
{
    if (span->kind != SPAN_LINK) {
        span->text = redact_text(redaction, span->text);
        return;
    }
    span->text = redact_link(redaction, span->text);
    if (!sv_empty(span->text))
        return;
    span->kind = SPAN_TEXT;
    span->text = sv_from(redact_kind_info(REDACT_LINK)->label);
}

static void
copy_document(const struct document *document, const struct incident *incident,
              struct redaction *redaction, struct document *ret_copy)
{
    document_init(ret_copy, incident);
    struct arena *arena = &ret_copy->arena;
    ret_copy->blocks = copy_list(document->blocks, document->block_count, sizeof(struct block));
    ret_copy->rows = copy_list(document->rows, document->row_count, sizeof(struct table_row));
    ret_copy->cells = copy_list(document->cells, document->cell_count, sizeof(struct prose));
    ret_copy->spans = copy_list(document->spans, document->span_count, sizeof(struct span));
    ret_copy->proofs =
        copy_list(document->proofs, document->proof_count, sizeof(const struct entry *));
    ret_copy->block_count = ret_copy->block_room = document->block_count;
    ret_copy->row_count = ret_copy->row_room = document->row_count;
    ret_copy->cell_count = ret_copy->cell_room = document->cell_count;
    ret_copy->span_count = ret_copy->span_room = document->span_count;
    ret_copy->proof_count = ret_copy->proof_room = document->proof_count;
    for (size_t i = 0; i < ret_copy->block_count; i++) {
        struct block *block = &ret_copy->blocks[i];
        block->section = arena_copy(arena, block->section);
        block->columns = arena_copy(arena, block->columns);
    }
    for (size_t i = 0; i < ret_copy->span_count; i++) {
        struct span *span = &ret_copy->spans[i];
        if (is_of_records(span->kind))
            redact_span(redaction, span);
        span->text = arena_copy(arena, span->text);
    }
}

/* The proofs are the copied entries. */
static void
move_proofs(struct document *copy, const struct incident *from)
{
    for (size_t i = 0; i < copy->proof_count; i++)
        copy->proofs[i] = &copy->incident->entries[copy->proofs[i] - from->entries];
}

/* Where the last block of the kind stands, from 1; 0: there is none. */
static size_t
place_of(const struct document *document, enum block_kind kind)
{
    for (size_t i = document->block_count; i > 0; i--)
        if (document->blocks[i - 1].kind == kind)
            return i;
    return 0;
}

/* A line behind the others about the document itself, else below its title. */
static void
add_note(struct redacted *redacted)
{
    struct document *document = &redacted->document;
    struct strbuf words;
    size_t at = place_of(document, BLOCK_ABOUT);
    bool about = at > 0;
    at = about ? at : place_of(document, BLOCK_TITLE);
    strbuf_init(&words, 0);
    strbuf_add_text(&words, "Redacted before it was written: ");
    redacted_summary(redacted, &words);
    strbuf_add_char(&words, '.');
    document_say(document, about ? BLOCK_ABOUT : BLOCK_NOTE, strbuf_view(&words));
    strbuf_release(&words);
    struct block note = document->blocks[document->block_count - 1];
    note.section = at > 0 ? document->blocks[at - 1].section : SV_NONE;
    for (size_t i = document->block_count - 1; i > at; i--)
        document->blocks[i] = document->blocks[i - 1];
    document->blocks[at] = note;
}

/* ---- what is known before the first text ---- */

static void
learn(struct redaction *redaction, const struct document *document, const struct incident *incident,
      const struct loaded_file *files, size_t file_count)
{
    redact_know_incident(redaction, incident);
    for (size_t i = 0; i < file_count; i++)
        names_add(&redaction->names, REDACT_FILE, files[i].name, SV_NONE, NAME_OF_DATA);
    for (size_t i = 0; i < document->span_count; i++)
        if (is_of_records(document->spans[i].kind))
            redact_learn(redaction, document->spans[i].text);
    redact_learn_incident(redaction, incident);
}

int
redact_document(const struct document *document, const struct stored_incident *stored,
                const struct loaded_file *files, size_t file_count,
                const struct redact_policy *policy, struct redacted *ret_redacted, struct err *err)
{
    struct redaction *redaction;
    if (redaction_new(policy, &redaction, err) != 0)
        return -1;
    ret_redacted->redaction = redaction;
    learn(redaction, document, &stored->incident, files, file_count);
    /* First what all documents about the incident share, so that their pseudonyms agree. */
    redact_incident(redaction, stored, &ret_redacted->stored);
    for (size_t i = 0; i < file_count; i++)
        (void)redact_name(redaction, REDACT_FILE, files[i].name);
    copy_document(document, &ret_redacted->stored.incident, redaction, &ret_redacted->document);
    move_proofs(&ret_redacted->document, &stored->incident);
    add_note(ret_redacted);
    return 0;
}

void
redacted_release(struct redacted *redacted)
{
    document_release(&redacted->document);
    redaction_free(redacted->redaction);
    *redacted = (struct redacted){.redaction = NULL};
}

/* ---- records ---- */

bool
redact_record(struct redacted *redacted, struct arena *arena, struct sv value,
              struct sv *ret_excerpt)
{
    if (!redacted->redaction->policy->excerpts || !utf8_storable(value))
        return false;
    struct sv part = utf8_cut(value, REDACT_RECORD_BYTES_MAX);
    struct sv plain = utf8_repair(arena, unescape_json(arena, part));
    redact_learn(redacted->redaction, plain);
    *ret_excerpt = redact_text(redacted->redaction, plain);
    return true;
}

/* ---- the summary ---- */

void
redacted_summary(const struct redacted *redacted, struct strbuf *out)
{
    const char *joint = "";
    for (enum redact_kind kind = 0; kind < REDACT_KINDS; kind++) {
        size_t count = names_count(&redacted->redaction->names, kind);
        if (count > 0) {
            strbuf_addf(out, "%s%s %zu", joint, redact_kind_info(kind)->many, count);
            joint = ", ";
        }
    }
    if (joint[0] == '\0')
        strbuf_add_text(out, "nothing");
}
