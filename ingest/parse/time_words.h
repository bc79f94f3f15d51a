/*
 * Names of months and days of the week, in the languages that log their dates in them.
 */
#ifndef INGEST_PARSE_TIME_WORDS_H
#define INGEST_PARSE_TIME_WORDS_H

#include "base/sv.h"

/* 1 to 12, or 0. ASCII case does not matter; a dot at the end neither. */
int time_month(struct sv word);
bool time_weekday(struct sv word);
/* Length of the word at the start: letters, bytes above 127, and a dot at the end. */
size_t time_word_length(struct sv text);

#endif
