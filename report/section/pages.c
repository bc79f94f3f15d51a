/*
 * Who was paged: see pages.h. Called by fill_response(). Pages of one person before the same answer
 * are one row: the first of them says when.
 */
#include "report/section/pages.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/order.h"

struct paging {
    const struct paged *paged;
    const struct entry *entry; /* the first that pages before this answer */
    size_t count;
};

bool
somebody_was_paged(const struct draft *draft)
{
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        if (draft->incident->entries[i].page_count > 0)
            return true;
    return false;
}

static bool
is_again(const struct paging *paging, const struct paged *paged)
{
    return sv_eq(paging->paged->person, paged->person) &&
           sv_eq(paging->paged->answer, paged->answer);
}

/* Further ones than LIST_MAX are counted. */
static size_t
find_pagings(const struct draft *draft, struct paging pagings[LIST_MAX], size_t *ret_shown)
{
    size_t count = 0, shown = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        for (size_t p = 0; p < entry->page_count; p++) {
            size_t k = 0;
            while (k < shown && !is_again(&pagings[k], &entry->pages[p]))
                k++;
            if (k < shown)
                pagings[k].count++;
            else if (count++ < LIST_MAX)
                pagings[shown++] = (struct paging){&entry->pages[p], entry, 1};
        }
    }
    *ret_shown = shown;
    return count;
}

static const char *
how_words(enum answered how)
{
    static const char *const words[] = {
        "",
#define ANSWERED(name, word, meaning) meaning,
#include "hindcast/timeline.def"
    };
    return words[how];
}

static void
add_answer(struct draft *draft, const struct paging *paging, const struct entry *answer)
{
    struct document *document = draft->document;
    const struct paged *paged = paging->paged;
    document_cell(document);
    if (paged->answered_ns != TIME_NONE)
        document_time(document, paged->answered_ns);
    else if (!sv_empty(paged->doubt))
        document_words(document, "not known whose name it is");
    else
        document_words(document, "no record");
    document_cell(document);
    if (paged->how != ANSWERED_NOT)
        document_words(document, how_words(paged->how));
    document_cell(document);
    if (paged->answered_ns == TIME_NONE || paged->answered_ns < paging->entry->time_ns)
        return;
    document_duration(document, paged->answered_ns - paging->entry->time_ns);
    if (answer != NULL)
        say_open_order(draft, paging->entry, answer);
}

static void
add_paging(struct draft *draft, const struct paging *paging)
{
    struct document *document = draft->document;
    const struct entry *entry = paging->entry;
    const struct entry *answer =
        sv_empty(paging->paged->answer) ? NULL : entry_named(draft, paging->paged->answer);
    const struct entry *proof[] = {entry, answer};
    document_row(document, false);
    document_cell(document);
    document_text(document, paging->paged->person);
    document_cell(document);
    document_time(document, entry->time_ns);
    if (paging->count > 1)
        document_wordsf(document, " (%zu times)", paging->count);
    document_cell(document);
    document_text(document, sv_empty(entry->actor) ? entry->source : entry->actor);
    add_answer(draft, paging, answer);
    document_prove_row(document, proof, answer != NULL ? 2 : 1);
}

/* "U7HANS": an account that no table of users tells; anybody could be behind it. */
static bool
is_account(struct sv name)
{
    bool digit = false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        digit = digit || (c >= '0' && c <= '9');
        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z'))
            return false;
    }
    return digit;
}

/* The first record behind it of somebody whose name is not told, or NULL. */
static const struct entry *
nameless_behind(const struct draft *draft, const struct entry *entry)
{
    const struct entry *end = draft->incident->entries + draft->incident->entry_count;
    for (const struct entry *at = entry + 1; at < end; at++)
        if (is_of_person(at) && is_account(at->actor))
            return at;
    return NULL;
}

/* What was searched is told: whoever works on a call leaves no record. */
static void
state_absence(struct draft *draft, const struct paging *paging)
{
    struct document *document = draft->document;
    const struct entry *end = draft->incident->entries + draft->incident->entry_count;
    const struct entry *nameless = nameless_behind(draft, paging->entry);
    const struct entry *proof[] = {paging->entry, nameless};
    size_t count = (size_t)(end - paging->entry) - 1;
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, count > 0 ? "No record of " : "Nothing follows the page of ");
    document_text(document, paging->paged->person);
    document_words(document, count > 0 ? " after the page, " : ", ");
    document_time(document, paging->entry->time_ns);
    if (count > 0)
        document_wordsf(document, ", among the %zu row%s that follow%s it", count,
                        count == 1 ? "" : "s", count == 1 ? "s" : "");
    else
        document_words(document, ": whether anybody came is not known");
    if (nameless != NULL) {
        document_words(document, "; whose account ");
        document_text(document, nameless->actor);
        document_words(document, " is, they do not say");
    }
    document_words(document, ".");
    document_prove(document, proof, nameless != NULL ? 2 : 1);
}

static bool
shows_person(const struct entry *entry)
{
    return is_of_person(entry) &&
           (entry->record_kind == RECORD_CHAT || entry->record_kind == RECORD_LINKED_MESSAGE ||
            entry->record_kind == RECORD_SAL || entry->record_kind == RECORD_INCIDENT_EVENT);
}

/* From the first page to the first record of anybody. */
static void
state_alone(struct draft *draft, const struct entry *page)
{
    const struct entry *end = draft->incident->entries + draft->incident->entry_count;
    const struct entry *came = page + 1;
    while (came < end && !shows_person(came))
        came++;
    if (came == end || came->time_ns <= page->time_ns)
        return;
    const struct entry *proof[] = {page, came};
    document_begin(draft->document, BLOCK_STATEMENT);
    document_words(draft->document, "After the first page no record shows a person for ");
    document_duration(draft->document, came->time_ns - page->time_ns);
    say_open_order(draft, page, came);
    document_words(draft->document, "; the first is of ");
    document_text(draft->document, came->actor);
    document_words(draft->document, ", ");
    document_time(draft->document, came->time_ns);
    document_words(draft->document, ".");
    document_prove(draft->document, proof, 2);
}

void
state_pages(struct draft *draft)
{
    struct paging *pagings = memory_calloc(LIST_MAX, sizeof(*pagings));
    size_t shown, count = find_pagings(draft, pagings, &shown);
    if (count > 0)
        document_begin_table(
            draft->document,
            SV("Who was paged | When | By | First record after it | How | After | Evidence"), true);
    for (size_t i = 0; i < shown; i++)
        add_paging(draft, &pagings[i]);
    if (count > 0)
        document_end_table(draft->document);
    add_more(draft, count, shown, "people who were paged");
    for (size_t i = 0; i < shown; i++)
        if (pagings[i].paged->answered_ns == TIME_NONE && sv_empty(pagings[i].paged->doubt))
            state_absence(draft, &pagings[i]);
    if (count > 0)
        state_alone(draft, pagings[0].entry);
    free(pagings);
}
