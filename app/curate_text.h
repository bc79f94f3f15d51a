/*
 * A timeline as text to be edited, and what was edited as decisions. Text in, text out; nothing is
 * written. Any thread.
 *
 *   key   14:04:30  c3b640d90a11  [impact_started]  iokafor       deployed checkout-api v2.41.0
 *   > rolled out to half of the hosts
 *   note  14:09:30  Mara: phone call from support, three customers cannot pay
 *
 * A row is compared with what was printed of it, which stands at the end of the text as lines that
 * begin with "#=": what somebody else decided in the meantime is not taken back.
 */
#ifndef APP_CURATE_TEXT_H
#define APP_CURATE_TEXT_H

#include "app/decide.h"

#define CURATE_BYTES_MAX ((size_t)64 << 20)

/* The text of an incident that was loaded in full; same incident, same bytes. */
void curate_print(const struct stored_incident *stored, struct strbuf *out);
/*
 * What is different in `text`, as sealed decisions in `list`; `begun` is what they share. Lines
 * that say nothing that can be decided are counted in *ret_wrong; then `ret_again` is the text with
 * the reason above each of them, and no line lost. *ret_gone: rows that the text lacks, if it has
 * any; they stay as they are.
 */
void curate_read(struct arena *arena, const struct stored_incident *stored,
                 const struct decision *begun, struct sv text, struct decision_list *list,
                 struct strbuf *ret_again, size_t *ret_wrong, size_t *ret_gone);

/* ------------------------------------------------------------------ between its files */

#define CURATE_REASON "#! " /* begins a reason that stands above a line */
#define CURATE_BASE "#= "   /* begins what was printed of a row or field */

#define CURATE_SUM                                                                                 \
    CURATE_BASE "sum: " /* over those lines: replaced everywhere is changed there, too */
struct sv curate_sum(struct arena *arena, struct sv text);

/* What is printed of a row before its words. */
struct curate_row {
    struct sv verb, time, marks; /* marks: "detected, mitigated" */
    struct sv words;             /* who, and what */
};
struct curate_row
curate_row_of(struct arena *arena, const struct incident *incident, const struct entry *entry);
/* Of an incident: title, severity, status, lead; empty where nothing is said. */
struct sv curate_field(const struct incident *incident, enum decision_verb verb);
/* Fields in the order in which they are printed; DECISION_NONE ends them. */
extern const enum decision_verb curate_fields[];
/* The decision that hides a row, by the id of its entry; NULL: none does. */
const struct decided *curate_hidden(const struct incident *incident, struct sv entry_id);
/* How short ids may be. */
size_t curate_id_length(const struct incident *incident);

#endif
