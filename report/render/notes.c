/*
 * Footnotes: see notes.h.
 */
#include "report/render/notes.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "hindcast/evidence_place.h"
#include "report/render/cite.h"

/* One place that cites. */
struct use {
    const struct entry *set[DOCUMENT_PROOFS_MAX]; /* sorted */
    struct note note;
    size_t place; /* in order of the document */
};

struct uses {
    struct use *at;
    size_t count, room;
};

static int
compare_entries(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a, *y = *(const struct entry *const *)b;
    return x < y ? -1 : x > y;
}

static int
compare_sets(const struct use *x, const struct use *y)
{
    if (x->note.count != y->note.count)
        return x->note.count < y->note.count ? -1 : 1;
    for (size_t i = 0; i < x->note.count; i++)
        if (x->set[i] != y->set[i])
            return x->set[i] < y->set[i] ? -1 : 1;
    return 0;
}

static int
by_set(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    int order = compare_sets(x, y);
    return order != 0 ? order : x->place < y->place ? -1 : x->place > y->place;
}

static int
by_place(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void
add_use(const struct document *document, struct uses *uses, size_t first, size_t count)
{
    assert(count <= DOCUMENT_PROOFS_MAX && first + count <= document->proof_count);
    if (count == 0)
        return;
    uses->at = memory_grow(uses->at, &uses->room, uses->count + 1, sizeof(*uses->at));
    struct use *use = &uses->at[uses->count];
    *use = (struct use){.note = {first, count}, .place = uses->count};
    for (size_t i = 0; i < count; i++)
        use->set[i] = document->proofs[first + i];
    qsort(use->set, count, sizeof(use->set[0]), compare_entries);
    uses->count++;
}

static void
find_uses(const struct document *document, struct uses *uses)
{
    for (size_t i = 0; i < document->block_count; i++) {
        const struct block *block = &document->blocks[i];
        add_use(document, uses, block->first_proof, block->proofs);
        for (size_t k = 0; k < block->rows; k++) {
            const struct table_row *row = &document->rows[block->first_row + k];
            add_use(document, uses, row->first_proof, row->proofs);
        }
    }
}

/* Of each set the first use; `ret_first` holds, by use in order of sets, which one that is. */
static void
number_sets(struct notes *notes, const struct uses *uses)
{
    struct use *firsts = memory_calloc(uses->count, sizeof(*firsts));
    for (size_t i = 0; i < uses->count; i++)
        if (i == 0 || compare_sets(&uses->at[i - 1], &uses->at[i]) != 0)
            firsts[notes->count++] = uses->at[i];
    qsort(firsts, notes->count, sizeof(*firsts), by_place);
    notes->at = memory_calloc(notes->count, sizeof(*notes->at));
    for (size_t i = 0; i < notes->count; i++) {
        notes->at[i] = firsts[i].note;
        notes->numbers[firsts[i].note.first] = i + 1;
    }
    for (size_t i = 1; i < uses->count; i++)
        if (compare_sets(&uses->at[i - 1], &uses->at[i]) == 0)
            notes->numbers[uses->at[i].note.first] = notes->numbers[uses->at[i - 1].note.first];
    free(firsts);
}

void
notes_init(struct notes *notes, const struct document *document)
{
    struct uses uses = {0};
    *notes = (struct notes){.document = document, .id_length = cite_length(document->incident)};
    notes->numbers = memory_calloc(document->proof_count + 1, sizeof(*notes->numbers));
    find_uses(document, &uses);
    if (uses.count > 0) {
        qsort(uses.at, uses.count, sizeof(*uses.at), by_set);
        number_sets(notes, &uses);
    }
    free(uses.at);
}

void
notes_release(struct notes *notes)
{
    free(notes->at);
    free(notes->numbers);
    *notes = (struct notes){0};
}

size_t
notes_number(const struct notes *notes, size_t first, size_t count)
{
    assert(first + count <= notes->document->proof_count);
    return count == 0 ? 0 : notes->numbers[first];
}

/* What no record tells is cited by the decision that says it. */
static void
add_note(const struct notes *notes, const struct entry *entry, struct strbuf *head)
{
    const struct decided *note = incident_note(notes->document->incident, entry);
    if (note == NULL) {
        strbuf_add_text(head, "declared by a person");
        return;
    }
    /* The name stands in the row; here it would have to be escaped by the rules of each form. */
    strbuf_addf(head, "added by a person, decision " SV_FMT ", SHA-256 " SV_FMT,
                SV_ARG(note->decision.id), SV_ARG(sv_slice(note->decision.digest, 0, 16)));
}

void
notes_entry(const struct notes *notes, const struct entry *entry, struct strbuf *head,
            struct strbuf *place, struct strbuf *tail)
{
    char time[TIME_TEXT], hex[SHA256_HEX + 1];
    time_format(entry->time_ns, time);
    strbuf_addf(head, "e:" SV_FMT ", %s, ", SV_ARG(sv_slice(entry->entry_id, 0, notes->id_length)),
                time);
    if (entry->evidence_count == 0) {
        add_note(notes, entry, head);
        return;
    }
    const struct evidence *evidence = &entry->evidence[0];
    sha256_hex(&evidence->sha256, hex);
    evidence_put_place(place, evidence);
    if (evidence->incarnation > 1 && sv_empty(evidence->file))
        strbuf_addf(tail, " (incarnation %d)", (int)evidence->incarnation);
    if (evidence->at.index > 0)
        strbuf_addf(tail, ", event %d of it", (int)evidence->at.index + 1);
    strbuf_addf(tail, ", SHA-256 %.16s", hex);
    if (entry->occurrences > 1)
        strbuf_addf(tail, ", %lld records", (long long)entry->occurrences);
}
