/*
 * What was found in one text: names and what detectors found, where it lies, and what becomes of
 * what overlaps. One thread.
 */
#ifndef REPORT_REDACT_SPANS_H
#define REPORT_REDACT_SPANS_H

#include "report/redact/names.h"

struct found {
    size_t from, to;
    enum redact_kind kind;
    struct sv name;            /* what its pseudonym is made from */
    struct identity *identity; /* NULL: made from the name */
    bool several;              /* names more than one person */
    bool shield;               /* nothing inside is found */
    bool drop;
};

/* The caller frees the list. */
struct span_list {
    struct found *list;
    size_t count, room;
};

void span_add(struct span_list *spans, struct found found);
/* Does a shield cover it? */
bool spans_shield(const struct span_list *spans, const struct found *found);
/* Is there anything that is replaced where this one lies? */
bool spans_meet(const struct span_list *spans, const struct redact_policy *policy,
                const struct found *found);
/* "Ana Ito", of whom just "Ana" is known: the rest of the name goes with it. */
void spans_complete_name(struct span_list *spans, const struct found *name);
/* Of what overlaps the strongest kind covers all; sorted afterwards. */
void spans_join(struct span_list *spans);

#endif
