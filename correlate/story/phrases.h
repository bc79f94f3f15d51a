/*
 * Phrase rules: from a text to what it does. The rules are data (rules/chat_rules.tsv, its head
 * explains the columns); this reads them, cuts texts into words and finds the rules that fit.
 * Everything lives in the arena given; pure, no state.
 */
#ifndef CORRELATE_PHRASES_H
#define CORRELATE_PHRASES_H

#include "base/arena.h"
#include "base/err.h"
#include "hindcast/correlation.h"

#define PHRASE_RULES_MAX 256
#define TEXT_WORDS_MAX                                                                             \
    2048 /* of one text; of a longer one the first and the last half are read                      \
          */

/* Lower-case words. */
struct words {
    const struct sv *at;
    size_t count;
};

struct phrase_rule {
    struct sv name;
    enum act act;
    int32_t weight; /* hundredths */
    bool unless_negated, unless_intended;
    bool command;  /* its phrases stand in commands only, see told.h */
    bool ran;      /* its phrases stand right before a command */
    bool last;     /* a setback of the last act only */
    bool settles;  /* a setback that says nothing of what was done just before */
    bool expected; /* it is still to come */
    bool relapse;  /* it came back */
    const struct words *phrases;
    size_t phrase_count;
};

struct phrase_rules {
    const struct phrase_rule *rules;
    size_t count;
    struct words stop, negation, intention, person, status;
    struct words past, progress, finished, meant, unmet, undone, doubt, itself, look,
        asks; /* see told.h */
    struct words addressed;
    /* Only their phrases count. */
    struct phrase_rule routine, listing, tool, severity, impact, counted, harm, harmless, room,
        operations, aside, mends, commits, absent, customers, unsaid, supposed, unproved, bygone,
        desk, confined, elsewhere;
    struct sv text;     /* of the file */
    struct sv language; /* "de"; absent: the file does not say it */
    struct words telling;
    const struct phrase_rules *next; /* of the next language, see languages.h; NULL: none */
};

/* Fails with ERR_CONFIG and the line's number. The text must outlive the rules. */
int phrase_rules_read(struct arena *arena, struct sv text, struct phrase_rules *ret_rules,
                      struct err *err) MUST_CHECK;

/* "no luck | no dice" as phrases, of which a word may end in a star; " | " separates them. */
const struct words *phrases_split(struct arena *arena, struct sv text, size_t *ret_count);

/*
 * The words of a text: code blocks and web addresses do not count, apostrophes vanish (can't is
 * "cant"), ASCII letters become small, umlauts are spelled out ("ä" is "ae", "ß" is "ss"), other
 * letters are kept as they are.
 */
struct words words_of(struct arena *arena, struct sv text);
/* All words of a title stand in what is said, one behind the other; a title of one word has
 * TITLE_WORD_LEAST bytes at least, and one without words is said by nothing. */
#define TITLE_WORD_LEAST 8
bool words_hold_title(struct words said, struct words title);
/* What somebody says, without the lines that quote others: those behind ">", all behind ">>>". */
struct sv text_unquoted(struct arena *arena, struct sv text);
bool words_have(struct words words, struct sv word);

/* A word of the list, whose entries may begin or end with a star. */
bool word_among(struct words list, struct sv word);
/* Where the phrase that begins at `start` ends, or SIZE_MAX. */
size_t phrase_end(struct words phrase, struct words words, size_t start);
bool phrase_rule_fits(const struct phrase_rules *rules, const struct phrase_rule *rule,
                      struct words words);

/* The best rule of each act that fits, heaviest first; at most `max`. Returns how many. Rules of
 * commands do not take part. */
size_t phrase_acts(const struct phrase_rules *rules, struct words words,
                   const struct phrase_rule **ret_found, size_t max);

#endif
