/*
 * Revisions for people and programs: the list of them, and what one has that another has not. Pure
 * but for the time zone in use; text that a record brought is made harmless.
 */
#ifndef REPORT_REVISION_REVISION_H
#define REPORT_REVISION_REVISION_H

#include "base/strbuf.h"
#include "hindcast/revisions.h"

/* Each line is cut to `columns` characters (0: never). */
void revisions_text(const struct revision_list *list, size_t columns, struct strbuf *out);
/* One object for each. */
void revisions_json(const struct stored_incident *head, const struct revision_list *list,
                    struct strbuf *out);

/* An entry of both, of which something differs, or of one alone. */
struct entry_change {
    const struct entry *from, *to; /* NULL: not in that one */
    const char *fields;            /* what differs, " text score"; in the arena */
};

struct revision_diff {
    const struct stored_incident *from, *to;
    const struct entry_change *changes; /* in the order of the timelines */
    size_t count;
    size_t added, removed, changed;
};

/* By entry id, in n log n. */
void revision_compare(struct arena *arena, const struct stored_incident *from,
                      const struct stored_incident *to, struct revision_diff *ret_diff);
void revision_diff_text(const struct revision_diff *diff, size_t columns, struct strbuf *out);
/* One object for what differs of the head and the milestones, then one for each entry. */
void revision_diff_json(const struct revision_diff *diff, struct strbuf *out);

#endif
