/*
 * Candidates for the impact that count one thing differently: see sizes.h. Which number holds is
 * for people.
 */
#include "report/section/sizes.h"

#include <string.h>

#include "report/draft.h"
#include "report/facts.h"
#include "report/likeness.h"

#define NEAR_WORDS 3 /* between a number and what it counts: "14 new support tickets" */
#define LOOK_MAX 1000

/* What an impact is counted in, by the beginning of the word. */
static const char *const counted[] = {"user",    "customer", "client",   "ticket", "order",
                                      "visitor", "tenant",   "account",  "site",   "request",
                                      "payment", "team",     "complaint"};
enum { COUNTED = sizeof(counted) / sizeof(counted[0]) };

struct size {
    size_t what; /* of `counted`; COUNTED: nothing is */
    struct sv number;
};

static size_t
what_of(struct sv word)
{
    size_t i = 0;
    while (i < COUNTED && !sv_starts_nocase(word, sv_from(counted[i])))
        i++;
    return i < COUNTED && word.len <= strlen(counted[i]) + 1 ? i : COUNTED;
}

static bool
is_number(struct sv word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!(word.ptr[i] >= '0' && word.ptr[i] <= '9') && word.ptr[i] != '.' &&
            word.ptr[i] != ',' && !(i + 1 == word.len && word.ptr[i] == 'k'))
            return false;
    return word.len > 0;
}

/* The first thing that a text counts: "14 new tickets". */
static struct size
size_of(struct sv text)
{
    struct sv word, number = SV_NONE;
    size_t since = NEAR_WORDS + 1;
    while (next_word(&text, &word)) {
        size_t what = what_of(word);
        since++;
        if (is_number(word)) {
            number = word;
            since = 0;
        } else if (what != COUNTED && since <= NEAR_WORDS) {
            return (struct size){what, number};
        }
    }
    return (struct size){COUNTED, SV_NONE};
}

static void
ask_about_size(struct draft *draft, const struct entry *a, const struct entry *b, size_t what)
{
    const struct entry *proof[] = {a, b};
    document_begin(draft->document, BLOCK_STATEMENT);
    document_wordsf(draft->document, "Records count %ss differently: ", counted[what]);
    document_time(draft->document, a->time_ns);
    document_words(draft->document, " ");
    document_quote(draft->document, a->text);
    document_words(draft->document, " and ");
    document_time(draft->document, b->time_ns);
    document_words(draft->document, " ");
    document_quote(draft->document, b->text);
    document_words(draft->document, ". Which number holds for the whole incident?");
    document_prove(draft->document, proof, 2);
}

void
ask_about_sizes(struct draft *draft)
{
    const struct entry *first[COUNTED] = {NULL};
    struct sv number[COUNTED];
    bool asked[COUNTED] = {false};
    size_t looked = 0;
    for (size_t i = 0; i < draft->incident->entry_count && looked < LOOK_MAX; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (!has_reason(entry, SV("tells_impact")))
            continue;
        struct size size = size_of(entry->text);
        looked++;
        if (size.what == COUNTED)
            continue;
        if (first[size.what] == NULL) {
            first[size.what] = entry;
            number[size.what] = size.number;
        } else if (!asked[size.what] && !sv_eq(number[size.what], size.number)) {
            ask_about_size(draft, first[size.what], entry, size.what);
            asked[size.what] = true;
        }
    }
}
