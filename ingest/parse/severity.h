/*
 * Severity: the vocabularies of sources onto OpenTelemetry's 1 to 24. An unknown word is 0 (unset),
 * never an error; the word itself is kept by the caller.
 */
#ifndef INGEST_PARSE_SEVERITY_H
#define INGEST_PARSE_SEVERITY_H

#include "hindcast/event.h"

/* "critical", "WARN", "P1", "sev-2", "notice", "E" ... */
int severity_word(struct sv word);
/* Of those, words that are not ASCII alone: "ошибка", "错误". `*ret_quiet`: it is in lower case, or
 * begins with a capital alone, as words of sentences do. */
int severity_translated(struct sv word, bool *ret_quiet);
/* Of an alert, as people label it: a word, also among others or with its number apart ("P1 -
 * Critical", "SEV 1", "Severity: high"), or a number from 1, the worst, to 5. */
int severity_label(struct sv text);
/* syslog and journald: 0 (emergency) to 7 (debug). */
int severity_syslog(int64_t number);
/* "E": the letter of logcat, glog and their kin; 0 for any other. */
int severity_letter(char letter);
/* JSON loggers: 10 to 60 (pino, bunyan), 1000 to 50000 (logback). 0 to 7 are nobody's in
 * particular: what is an alert to syslog is information to others. */
int severity_number(int64_t number);
/* A word or a number as text. */
int severity_text(struct sv text);

#endif
