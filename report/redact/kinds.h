/*
 * Kinds of what is redacted: see kinds.def. Constant data.
 */
#ifndef REPORT_REDACT_KINDS_H
#define REPORT_REDACT_KINDS_H

#include "base/sv.h"

enum redact_kind {
#define REDACT_KIND(name, section, label, many) REDACT_##name,
#include "report/redact/kinds.def"
    REDACT_KINDS
};
#define REDACT_DOUBTS REDACT_STRING /* from here on: what only looks like one */

struct redact_kind_info {
    const char *word;  /* the section of the policy, or the key of [doubtful] */
    const char *label; /* what stands there instead */
    const char *many;
};
const struct redact_kind_info *redact_kind_info(enum redact_kind kind);
/* By its word, or its singular as detectors have it ("person"); REDACT_KINDS: none. */
enum redact_kind redact_kind_find(struct sv word);
/* Does its label end in a number? */
bool redact_kind_is_numbered(enum redact_kind kind);

#endif
