/*
 * Pseudonyms: "Person 3", "host-2", a role, or where the policy has a key "host-5f0c91aa"; what is
 * no name gets the label of its kind. Internal to names.c and text.c.
 */
#ifndef REPORT_REDACT_PSEUDONYM_H
#define REPORT_REDACT_PSEUDONYM_H

#include "report/redact/names.h"

#define PSEUDONYM_HEX 8 /* digits of a keyed one */

/* The next of its kind. */
struct sv pseudonym_make(struct names *names, const struct identity *identity);
/* Is the whole text one, or a label? */
bool pseudonym_is_one(const struct names *names, struct sv text);
/* How many bytes of the text from `at` on are one; 0: none begins there. */
size_t pseudonym_at(const struct names *names, struct sv text, size_t at);

#endif
