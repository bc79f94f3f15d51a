/*
 * The journal's export format (https://systemd.io/JOURNAL_EXPORT_FORMATS/): lines NAME=value, one
 * entry up to a blank line. A value with line ends or other bytes stands as NAME, a line end, eight
 * bytes with its length and then itself. Pure; views into the text.
 */
#ifndef INGEST_PARSE_JOURNAL_EXPORT_H
#define INGEST_PARSE_JOURNAL_EXPORT_H

#include "base/sv.h"

/* True if the text begins like an entry, as journalctl writes it. */
bool journal_is_export(struct sv text);
/* The next field of the text; false at a blank line, at the end, or where it breaks off. */
bool journal_next(struct sv *rest, struct sv *ret_name, struct sv *ret_value);
/* How long the first entry is, with the blank line behind it; 0: it goes on behind the text. */
size_t journal_entry_length(struct sv text);

#endif
