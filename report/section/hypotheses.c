/*
 * Hypotheses: what people suspected, what is said for and against each, and that none of them is
 * established: that is for people. A later finding or refutation belongs to a hypothesis when both
 * speak of one matter.
 */
#include "report/section/hypotheses.h"

#include <string.h>

#include "base/text/word_char.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/likeness.h"
#include "report/list.h"
#include "report/section/fills.h"

#define AFTER_NS (24 * NS_PER_HOUR) /* how long after it a word may still answer it */
#define LOOK_MAX 1000               /* entries that are looked at for one hypothesis */
#define SHOWN_MAX 2                 /* for it, and against it; of more the first */
_Static_assert(1 + 2 * SHOWN_MAX <= DOCUMENT_PROOFS_MAX, "a row proves all that it shows");

struct hypothesis {
    const struct entry *said;
    const struct entry *found[SHOWN_MAX], *against[SHOWN_MAX];
    size_t found_count, against_count;
};

/* "I think we should wait", "my guess is yes": what people want or answer suspects nothing. */
static bool
suspects_nothing(struct sv text)
{
    static const char *const wants[] = {
        "we will",    "we'll",    "we should",   "we could",     "we have to",
        "we can",     "we need",  "we're going", "we are going", "i will",
        "i'll",       "i should", "i have to",   "i can",        "so",
        "is yes",     "is no",    "like to me",  "wir sollten",  "wir m\303\274ssen",
        "ich sollte", "ich muss"};
    static const char *const hedges[] = {"think ", "guess ",   "suspect ", "glaube ",
                                         "denke ", "glaube, ", "denke, ",  "looks "};
    for (size_t at = 0; at < text.len; at++)
        for (size_t h = 0; h < sizeof(hedges) / sizeof(hedges[0]); h++) {
            struct sv hedge = sv_from(hedges[h]);
            struct sv rest = sv_slice(text, at, text.len);
            if (!text_word_begins(text, at) || !sv_starts_nocase(rest, hedge))
                continue;
            rest = sv_slice(rest, hedge.len, rest.len);
            for (size_t w = 0; w < sizeof(wants) / sizeof(wants[0]); w++)
                if (sv_starts_nocase(rest, sv_from(wants[w])) &&
                    text_word_ends(rest, strlen(wants[w])))
                    return true;
        }
    return false;
}

static bool
is_hypothesis(const struct entry *entry)
{
    return entry->act == ACT_HYPOTHESIS && entry->significance != SIGNIFICANCE_FULL &&
           !suspects_nothing(entry->text);
}

static bool
is_answer(const struct entry *entry)
{
    return entry->act == ACT_FINDING || entry->act == ACT_REFUTED;
}

static void
look_for_answers(const struct incident *incident, size_t at, struct hypothesis *hypothesis)
{
    *hypothesis = (struct hypothesis){.said = &incident->entries[at]};
    for (size_t i = at + 1, looked = 0; i < incident->entry_count && looked < LOOK_MAX; i++) {
        const struct entry *entry = &incident->entries[i];
        if (entry->time_ns - hypothesis->said->time_ns > AFTER_NS)
            return;
        if (!is_answer(entry))
            continue;
        looked++;
        if (!speak_of_one_matter(hypothesis->said->text, entry->text))
            continue;
        if (entry->act == ACT_FINDING && hypothesis->found_count < SHOWN_MAX)
            hypothesis->found[hypothesis->found_count++] = entry;
        if (entry->act == ACT_REFUTED && hypothesis->against_count < SHOWN_MAX)
            hypothesis->against[hypothesis->against_count++] = entry;
    }
}

static void
add_answers(struct document *document, const struct entry *const *entries, size_t count)
{
    document_cell(document);
    for (size_t i = 0; i < count; i++) {
        document_words(document, i == 0 ? "" : "; ");
        document_clock(document, entries[i]->time_ns);
        document_words(document, " ");
        document_quote(document, entries[i]->text);
    }
    if (count == 0)
        document_words(document, "no record");
}

static const char *
state_of(const struct hypothesis *hypothesis)
{
    return hypothesis->against_count == 0 ? "not established"
           : hypothesis->found_count == 0 ? "ruled out, by what a record says"
                                          : "not established: records contradict";
}

static size_t
prove(const struct hypothesis *hypothesis, const struct entry *ret_proof[DOCUMENT_PROOFS_MAX])
{
    size_t count = 0;
    ret_proof[count++] = hypothesis->said;
    for (size_t i = 0; i < hypothesis->found_count; i++)
        ret_proof[count++] = hypothesis->found[i];
    for (size_t i = 0; i < hypothesis->against_count; i++)
        ret_proof[count++] = hypothesis->against[i];
    return count;
}

static void
add_hypothesis(struct document *document, const struct hypothesis *hypothesis)
{
    const struct entry *proof[DOCUMENT_PROOFS_MAX], *said = hypothesis->said;
    document_row(document, false);
    document_cell(document);
    document_time(document, said->time_ns);
    document_words(document, ", ");
    document_text(document, sv_empty(said->actor) ? said->source : said->actor);
    document_words(document, ": ");
    document_quote(document, said->text);
    add_answers(document, hypothesis->found, hypothesis->found_count);
    add_answers(document, hypothesis->against, hypothesis->against_count);
    document_cell(document);
    document_words(document, state_of(hypothesis));
    document_prove_row(document, proof, prove(hypothesis, proof));
}

void
fill_hypotheses(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        struct hypothesis hypothesis;
        if (!is_hypothesis(&draft->incident->entries[i]) || count++ >= LIST_MAX)
            continue;
        if (count == 1)
            document_begin_table(draft->document,
                                 SV("Hypothesis | For | Against | State | Evidence"), true);
        look_for_answers(draft->incident, i, &hypothesis);
        add_hypothesis(draft->document, &hypothesis);
    }
    if (count > 0)
        document_end_table(draft->document);
    add_more(draft, count, LIST_MAX, "hypotheses");
}

void
ask_about_hypotheses(struct draft *draft)
{
    size_t looked = 0;
    for (size_t i = 0; i < draft->incident->entry_count && looked < LIST_MAX; i++) {
        struct hypothesis hypothesis;
        if (!is_hypothesis(&draft->incident->entries[i]))
            continue;
        looked++;
        look_for_answers(draft->incident, i, &hypothesis);
        if (hypothesis.found_count == 0 || hypothesis.against_count == 0)
            continue;
        const struct entry *proof[] = {hypothesis.said, hypothesis.found[0], hypothesis.against[0]};
        document_begin(draft->document, BLOCK_STATEMENT);
        document_words(draft->document, "Of the hypothesis ");
        document_quote(draft->document, hypothesis.said->text);
        document_words(draft->document, " one record says ");
        document_quote(draft->document, hypothesis.found[0]->text);
        document_words(draft->document, " and another ");
        document_quote(draft->document, hypothesis.against[0]->text);
        document_words(draft->document, ". Which of them holds?");
        document_prove(draft->document, proof, 3);
    }
}
