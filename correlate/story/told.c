/*
 * How an act is told: see told.h. Called while acts are scored, for texts that name an act only.
 */
#include "correlate/story/told.h"
#include "correlate/story/rows.h"

#define BEFORE 3    /* words before a phrase that say how it is meant */
#define AFTER 4     /* words behind it that do */
#define RAN_WORDS 6 /* of the longest phrase that a command follows */

static bool
any_among(struct words words, size_t from, size_t to, struct words list)
{
    to = to < words.count ? to : words.count;
    for (size_t i = from; i < to; i++)
        if (words.at[i].len > 0 && word_among(list, words.at[i]))
            return true;
    return false;
}

/* The same, but for words that the phrase itself asks for. */
static bool
any_but(struct words words, size_t from, size_t to, struct words list, struct words phrase)
{
    for (size_t i = from; i < to; i++)
        if (word_among(list, words.at[i]) && !words_have(phrase, words.at[i]))
            return true;
    return false;
}

/* How what stands from start to end is told, by its own form or by the words behind it. */
static enum told
how_told(const struct phrase_rules *rules, struct words words, struct words phrase, size_t start,
         size_t end)
{
    size_t from = start > BEFORE ? start - BEFORE : 0, behind = end + AFTER;
    bool done;
    if (any_among(words, start, end, rules->past))
        done = !any_but(words, from, end, rules->unmet, phrase) &&
               !(start > 0 && word_among(rules->itself, words.at[start - 1])) &&
               !any_among(words, end, end + 1, rules->itself);
    else if (any_among(words, end, behind, rules->undone) ||
             any_but(words, from, end, rules->meant, phrase))
        done = false;
    else if (any_among(words, start, end, rules->progress))
        return any_among(words, end, end + 1, rules->doubt) ? TOLD_MEANT : TOLD_BEGUN;
    else
        done = any_among(words, end, behind, rules->finished);
    return done ? TOLD_DONE : TOLD_MEANT;
}

/* An item of a list stands behind the words that begin it. */
static bool
is_listed(const struct phrase_rules *rules, struct words words, size_t start)
{
    return phrase_rule_fits(rules, &rules->listing, (struct words){words.at, start});
}

/* A question begins with its sentence, or behind the last comma of one that begins otherwise. */
static size_t
question_at(struct arena *arena, const struct phrase_rules *rules, struct sv sentence)
{
    struct words words = words_of(arena, sentence);
    size_t comma = 0;
    for (size_t i = 0; i < sentence.len; i++)
        comma = sentence.ptr[i] == ',' ? i + 1 : comma;
    return words.count > 0 && word_among(rules->asks, words.at[0]) ? 0 : comma;
}

struct sv
told_statements(struct arena *arena, const struct phrase_rules *rules, struct sv text)
{
    struct sv mark = SV("(edited)");
    text = sv_trim(text_unquoted(arena, text));
    if (sv_ends(text, mark))
        text.len -= mark.len;
    char *copy = arena_alloc(arena, text.len + 1);
    size_t used = 0, begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool ends = i + 1 == text.len || (unsigned char)text.ptr[i + 1] <= ' ';
        copy[used++] = c;
        if (c == '?' && ends)
            used = begin + question_at(arena, rules, sv_of(copy + begin, used - begin));
        if (c == '\n' || ((c == '?' || c == '.' || c == '!' || c == ';') && ends))
            begin = used;
    }
    return sv_of(copy, used);
}

enum told
told_act(struct arena *arena, const struct phrase_rules *rules, const struct phrase_rule *rule,
         struct sv text)
{
    enum told told = TOLD_MEANT;
    struct words words = words_of(arena, told_statements(arena, rules, text));
    for (size_t start = 0; start < words.count; start++)
        for (size_t p = 0; p < rule->phrase_count; p++) {
            const struct words phrase = rule->phrases[p];
            size_t end = phrase_end(phrase, words, start);
            if (end == SIZE_MAX)
                continue;
            enum told here = is_listed(rules, words, start)
                                 ? TOLD_LISTED
                                 : how_told(rules, words, phrase, start, end);
            if (here == TOLD_DONE)
                return TOLD_DONE;
            if (told != TOLD_BEGUN && here != TOLD_MEANT)
                told = here;
        }
    return told;
}

static bool
begins_with(const struct phrase_rule *list, struct words words)
{
    for (size_t p = 0; p < list->phrase_count; p++)
        if (phrase_end(list->phrases[p], words, 0) != SIZE_MAX)
            return true;
    return false;
}

/* Phrases may reach from one sentence to the next ("Resolved. Thanks"), but not over one that
 * claims nothing. */
bool
told_claim(struct arena *arena, const struct phrase_rules *rules, const struct phrase_rule *rule,
           struct sv text)
{
    struct sv sentence, said = told_statements(arena, rules, text);
    char *copy = arena_alloc(arena, said.len + 1), *at = copy;
    while (text_next_sentence(&said, &sentence)) {
        struct words words = words_of(arena, sentence);
        bool claims =
            !begins_with(&rules->supposed, words) &&
            !phrase_rule_fits(rules, &rules->unproved, words) &&
            (rule->act != ACT_RECOVERY || !phrase_rule_fits(rules, &rules->elsewhere, words));
        if (claims) {
            at = sv_put(at, sentence);
        } else if (phrase_rule_fits(rules, rule,
                                    words_of(arena, sv_of(copy, (size_t)(at - copy))))) {
            return true;
        } else {
            at = copy;
        }
    }
    return phrase_rule_fits(rules, rule, words_of(arena, sv_of(copy, (size_t)(at - copy))));
}

/* ----------------------------------------------------------------- commands */

/* A command, and all that stands before it. */
struct span {
    struct sv before, command;
};

/* The next command from *at on: between backticks, or behind "$ " at the start of a line. */
static bool
next_span(struct sv text, size_t *at, struct span *ret_span)
{
    for (size_t i = *at; i < text.len; i++) {
        struct sv rest = sv_slice(text, i, text.len);
        size_t ticks = sv_starts(rest, SV("```")) ? 3 : text.ptr[i] == '`' ? 1 : 0;
        bool prompt = sv_starts(rest, SV("$ ")) && (i == 0 || text.ptr[i - 1] == '\n');
        if (ticks == 0 && !prompt)
            continue;
        size_t begin = i + (prompt ? 2 : ticks);
        struct sv inner = sv_slice(text, begin, text.len);
        size_t len = prompt ? sv_find_char(inner, '\n') : sv_find(inner, sv_of("```", ticks));
        len = len == SIZE_MAX ? inner.len : len;
        *ret_span = (struct span){sv_slice(text, 0, i), sv_slice(inner, 0, len)};
        *at = begin + len + ticks;
        return true;
    }
    return false;
}

/* The words before a command end with one of the rule's phrases: "ran", "have run". */
static bool
ends_with(const struct phrase_rule *rule, struct words words)
{
    size_t first = words.count > RAN_WORDS ? words.count - RAN_WORDS : 0;
    for (size_t p = 0; p < rule->phrase_count; p++)
        for (size_t start = first; start < words.count; start++)
            if (phrase_end(rule->phrases[p], words, start) == words.count)
                return true;
    return false;
}

static bool
follows_ran(const struct phrase_rules *rules, struct words before)
{
    for (size_t r = 0; r < rules->count; r++)
        if (rules->rules[r].ran && ends_with(&rules->rules[r], before))
            return true;
    return false;
}

static const struct phrase_rule *
rule_of_command(const struct phrase_rules *rules, struct words before, struct words command)
{
    size_t from = before.count > BEFORE ? before.count - BEFORE : 0;
    const struct phrase_rule *best = NULL;
    if (!follows_ran(rules, before) && any_among(before, from, before.count, rules->meant))
        return NULL;
    for (size_t r = 0; r < rules->count; r++) {
        const struct phrase_rule *rule = &rules->rules[r];
        bool fits = rule->command ? phrase_rule_fits(rules, rule, command)
                                  : rule->ran && ends_with(rule, before) &&
                                        !any_among(command, 0, command.count, rules->look);
        if (fits && (best == NULL || rule->weight > best->weight))
            best = rule;
    }
    return any_among(before, from, before.count, rules->unmet) ? NULL : best;
}

/* Without backticks: what follows "ran" where that is a command that rules know. */
static const struct phrase_rule *
bare_command(const struct phrase_rules *rules, struct words words)
{
    for (size_t i = 1; i < words.count; i++) {
        struct words before = {words.at, i}, rest = {words.at + i, words.count - i};
        if (!follows_ran(rules, before) || any_among(rest, 0, BEFORE, rules->unmet))
            continue;
        const struct phrase_rule *rule = rule_of_command(rules, before, rest);
        if (rule != NULL && rule->command)
            return rule;
    }
    return NULL;
}

const struct phrase_rule *
told_command(struct arena *arena, const struct phrase_rules *rules, struct sv text)
{
    const struct phrase_rule *best = NULL;
    struct span span;
    size_t spans = 0;
    struct sv said = told_statements(arena, rules, text);
    for (size_t at = 0; next_span(said, &at, &span); spans++) {
        const struct phrase_rule *rule =
            rule_of_command(rules, words_of(arena, span.before), words_of(arena, span.command));
        if (rule != NULL && (best == NULL || rule->weight > best->weight))
            best = rule;
    }
    return spans > 0 ? best : bare_command(rules, words_of(arena, said));
}
