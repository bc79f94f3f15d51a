/*
 * One identity for each person, host, channel, file or customer, found by its kind and a folded
 * key. Part of names.h, for the files that make names known and find them.
 */
#ifndef REPORT_REDACT_IDENTITY_H
#define REPORT_REDACT_IDENTITY_H

#include "report/redact/names.h"

/* Of the hash tables; another seed, another place. */
size_t names_slot(struct sv text, size_t seed);
/* "Ana Ito <ana@x>" and "Ana Ito (she)" are "Ana Ito"; "ana.ito@x" is "ana.ito". */
struct sv identity_called(enum redact_kind kind, struct sv text);
/* Its key, in the scratch arena of the names, which is emptied. */
struct sv identity_key(struct names *names, enum redact_kind kind, struct sv text);
/* NULL: there is none. */
struct identity *identity_find(const struct names *names, enum redact_kind kind, struct sv key);

#endif
