/*
 * The words of the timeline's closed lists, derived from timeline.def. Called by store and report
 * and by everything here; any thread.
 */
#include "hindcast/incident.h"

static const char *const entry_kind_words[] = {
    "",
#define ENTRY_KIND(name, word, meaning) word,
#include "hindcast/timeline.def"
};

static const char *const act_words[] = {
    "",
#define ACT(name, word, meaning) word,
#include "hindcast/timeline.def"
};

static const char *const milestone_words[] = {
    "",
#define MILESTONE(name, word, meaning) word,
#include "hindcast/timeline.def"
};

static const char *const answered_words[] = {
    "",
#define ANSWERED(name, word, meaning) word,
#include "hindcast/timeline.def"
};

static const char *const significance_words[] = {"full", "standard", "key"};

static const char *const opened_words[] = {"alert", "declaration", "talk", "change", "log"};

static const char *const span_mark_list[] = {
#define SPAN_MARK(name, word, words) word,
#include "hindcast/span.def"
};
static const char *const span_mark_told[] = {
#define SPAN_MARK(name, word, words) words,
#include "hindcast/span.def"
};
static const char *const outcome_list[] = {
#define OUTCOME(name, word, ends, words) word,
#include "hindcast/span.def"
};
static const char *const outcome_told[] = {
#define OUTCOME(name, word, ends, words) words,
#include "hindcast/span.def"
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *
word_at(const char *const *words, size_t count, unsigned at)
{
    return at < count ? words[at] : "";
}

/* Place of the word in the list, 0 when it is not there. */
static unsigned
find_word(const char *const *words, size_t count, struct sv word)
{
    for (size_t i = 1; i < count; i++)
        if (sv_eq(word, sv_from(words[i])))
            return (unsigned)i;
    return 0;
}

const char *
entry_kind_word(enum entry_kind kind)
{
    return word_at(entry_kind_words, COUNT(entry_kind_words), (unsigned)kind);
}

enum entry_kind
entry_kind_read(struct sv word)
{
    return (enum entry_kind)find_word(entry_kind_words, COUNT(entry_kind_words), word);
}

const char *
act_word(enum act act)
{
    return word_at(act_words, COUNT(act_words), (unsigned)act);
}

enum act
act_read(struct sv word)
{
    return (enum act)find_word(act_words, COUNT(act_words), word);
}

const char *
milestone_word(enum milestone milestone)
{
    return word_at(milestone_words, COUNT(milestone_words), (unsigned)milestone);
}

enum milestone
milestone_read(struct sv word)
{
    return (enum milestone)find_word(milestone_words, COUNT(milestone_words), word);
}

const char *
answered_word(enum answered answered)
{
    return word_at(answered_words, COUNT(answered_words), (unsigned)answered);
}

enum answered
answered_read(struct sv word)
{
    return (enum answered)find_word(answered_words, COUNT(answered_words), word);
}

const char *
significance_word(enum significance significance)
{
    return word_at(significance_words, COUNT(significance_words), (unsigned)significance);
}

enum significance
significance_read(struct sv word)
{
    return (enum significance)find_word(significance_words, COUNT(significance_words), word);
}

const char *
span_mark_word(enum span_mark mark)
{
    return word_at(span_mark_list, COUNT(span_mark_list), (unsigned)mark);
}

enum span_mark
span_mark_read(struct sv word)
{
    return (enum span_mark)find_word(span_mark_list, COUNT(span_mark_list), word);
}

const char *
span_mark_words(enum span_mark mark)
{
    return word_at(span_mark_told, COUNT(span_mark_told), (unsigned)mark);
}

const char *
outcome_word(enum incident_outcome outcome)
{
    return word_at(outcome_list, COUNT(outcome_list), (unsigned)outcome);
}

enum incident_outcome
outcome_read(struct sv word)
{
    return (enum incident_outcome)find_word(outcome_list, COUNT(outcome_list), word);
}

const char *
outcome_words(enum incident_outcome outcome)
{
    return word_at(outcome_told, COUNT(outcome_told), (unsigned)outcome);
}

const char *
opened_word(enum opened opened)
{
    return word_at(opened_words, COUNT(opened_words), (unsigned)opened);
}

enum opened
opened_read(struct sv word)
{
    return (enum opened)find_word(opened_words, COUNT(opened_words), word);
}

int
milestone_row_order(const void *left, const void *right)
{
    const struct milestone_row *a = left, *b = right;
    if (a->milestone != b->milestone)
        return a->milestone < b->milestone ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return sv_cmp(a->entry_id, b->entry_id);
}
