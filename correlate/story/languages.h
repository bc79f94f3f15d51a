/*
 * Phrase rules of several languages: one file each, and which of them a text is read with. The
 * files are data (rules/chat_rules.tsv for English, rules/chat_rules.de.tsv for German); a team
 * gives its own with correlate.rules. Everything lives in the arena given; pure, no state.
 */
#ifndef CORRELATE_LANGUAGES_H
#define CORRELATE_LANGUAGES_H

#include "correlate/story/phrases.h"

#define LANGUAGES_MAX 16

/*
 * The rules of `text`, and behind them (`next`) those of `more`: files one after another, each of
 * which begins with a line "@language", tab, its name, tab, words that tell texts of it from
 * others. A list that a later file does not have, and rules of commands, are those of the first
 * one: names of programs and channels are no words of a language. CONFIG where one of them cannot
 * be read, where `more` begins otherwise, or with more than LANGUAGES_MAX.
 */
int phrase_languages_read(struct arena *arena, struct sv text, struct sv more,
                          struct phrase_rules *ret_rules, struct err *err) MUST_CHECK;

/*
 * The rules that these words are read with: those most of whose telling words stand among them, of
 * equals (where none does, too) the first.
 */
const struct phrase_rules *
phrases_of_language(const struct phrase_rules *rules, struct words words);

#endif
