/*
 * A timeline entry as JSON, in the three forms that derive from entry.def: a line of the canonical
 * export, a row for the tables, a JSON Line for people's programs. Pure; any thread.
 *
 * Types of fields, and what they become: TEXT (a string), OPTIONAL (a string; empty or absent gives
 * null), TIME (nanoseconds; RFC 3339, in rows microseconds and the rest in event_ns), SPAN
 * (nanoseconds; milliseconds), INT32, INT64, FLAG (a boolean), KIND, RECORD_KIND, ACT,
 * SIGNIFICANCE, TIME_SOURCE (the word of a closed list), MILESTONES, REASONS, EVIDENCE, PAGES,
 * ROLES (lists), BYTES (hex as PostgreSQL reads it).
 */
#ifndef HINDCAST_ENTRY_JSON_H
#define HINDCAST_ENTRY_JSON_H

#include "base/text/json_writer.h"
#include "hindcast/incident.h"

/* Where an entry stands; each form shows what it knows. */
struct entry_around {
    struct sv scope;
    struct sv incident_key; /* key; in a JSON Line the incident's name */
    int64_t position;       /* in the timeline, from 0 */
};

/* The members of an object, without its braces: sorted, times to the nanosecond. */
void entry_json_canonical(struct strbuf *out, const struct entry_around *around,
                          const struct entry *entry);
/* Members named as the columns of correlate.entry; evidence with the stream's number, which is of
 * this database only and in no export. */
void entry_json_row(struct strbuf *out, const struct entry *entry);
/* In the order of entry.def's places. */
void
entry_json_line(struct strbuf *out, const struct entry_around *around, const struct entry *entry);

#endif
