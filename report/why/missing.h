/*
 * Why a record is in no timeline, or in another one than somebody expects: what became of it, in
 * words. Pure but for the time zone in use; text that a record brought is made harmless.
 */
#ifndef REPORT_WHY_MISSING_H
#define REPORT_WHY_MISSING_H

#include "base/strbuf.h"
#include "hindcast/record_fate.h"

/* `name`: as somebody named the record. Each line is cut to `columns` characters (0: never). */
void
missing_text(const struct record_fate *fate, struct sv name, size_t columns, struct strbuf *out);
/* One object for each event of the record, or one that says what is known where there is none. */
void missing_json(const struct record_fate *fate, struct sv name, struct strbuf *out);

/* What became of an event, as a word: incident, hidden, not_an_incident, below_thresholds,
 * detached, no_time, not_notable, waiting, unattached, quiet; of a record without one: quarantined,
 * not_yet, before, empty, unknown. */
const char *missing_word(const struct event_fate *event);
const char *missing_unread_word(const struct record_fate *fate);

#endif
