/*
 * Revisions of an incident: each time that it became another, with what it was before. They are
 * history of arrival, not a function of the set of records: in no export and in no draft. The store
 * keeps what a save changed (review.revision), report/revision/ shows and compares. Plain data in
 * the caller's arena.
 */
#ifndef HINDCAST_REVISIONS_H
#define HINDCAST_REVISIONS_H

#include "hindcast/incident.h"
#include "hindcast/store.h"

struct revision {
    int64_t number; /* from 1 without holes */
    int64_t published_ns;
    const struct sv *causes; /* as review.revision says */
    size_t cause_count;
    int64_t added, removed, changed; /* entries */
    int64_t entries;                 /* that it then had */
    struct sv title;
};

struct revision_list {
    const struct revision *at; /* in order; never empty of an incident that is stored */
    size_t count;
    bool provisional; /* records that would join it may still be on their way: the watermark is not
                         a day past its last sign */
    int64_t watermark_ns; /* TIME_NONE: unknown */
};

/* Of the incident with this head. */
int casebook_revisions(struct store *store, struct arena *arena, const struct stored_incident *head,
                       struct revision_list *ret_list, struct err *err) MUST_CHECK;

/*
 * The incident as it was at a revision: head, entries and milestones; no nodes, which are not kept.
 * NOT_FOUND: it has no such revision.
 */
int casebook_at_revision(struct store *store, struct arena *arena,
                         const struct stored_incident *head, int64_t revision,
                         struct stored_incident *ret_stored, struct err *err) MUST_CHECK;

#endif
