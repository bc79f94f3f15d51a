/*
 * What changed of the casebook since a reader looked last. Each save of a scope that changed
 * something is a publication with a number of that scope; incidents and nodes carry the number of
 * the one that changed them last, and the keys of those that went are kept with theirs. A cursor
 * says of each scope up to which publication its holder has everything: what others commit later,
 * in whatever order, has a higher number of its scope. One connection, one thread, within
 * store_read_begin().
 *
 * A database that went back to an earlier state counts the same numbers again for other contents;
 * so a cursor also names the lineage of each number, which such a database does not have.
 *
 * As text: "0" where nothing was seen, else "SCOPE=PUBLICATION.LINEAGE,...", by the bytes of the
 * scopes, whose bytes beyond letters, digits and "-._~/" are written as %XX.
 */
#ifndef HINDCAST_CHANGES_H
#define HINDCAST_CHANGES_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "hindcast/incident.h"
#include "hindcast/store.h"

/* Keys that were removed, of each scope: the newest ones are kept. A cursor from before the others
 * were removed is refused. */
#define CHANGES_REMOVED_KEPT INT64_C(100000)
/* A cursor as text: some 30,000 scopes. */
#define CHANGES_CURSOR_BYTES_MAX ((size_t)1 << 20)
#define CHANGES_LINEAGE_DIGITS 12

struct scope_mark {
    struct sv scope;
    int64_t publication; /* the last one seen; 0: none */
    struct sv lineage;   /* hex digits */
};

struct change_cursor {
    const struct scope_mark *marks; /* by the bytes of the scopes */
    size_t count;
};

/* Pure. USAGE: the text is not a cursor. */
int change_cursor_read(struct arena *arena, struct sv text, struct change_cursor *ret_cursor,
                       struct err *err) MUST_CHECK;
void change_cursor_print(const struct change_cursor *cursor, struct strbuf *out);
/* What the cursor says of a scope; 0: nothing was seen of it. */
int64_t change_cursor_seen(const struct change_cursor *cursor, struct sv scope);

/*
 * Where all scopes stand in this snapshot. CURSOR_UNKNOWN where `since` names a publication that
 * this database does not have, or from before what it has forgotten: its holder begins anew.
 */
int changes_now(struct store *store, struct arena *arena, const struct change_cursor *since,
                struct change_cursor *ret_now, struct err *err) MUST_CHECK;

struct scope_changes {
    struct sv scope;
    bool configured;         /* it is correlated with another configuration than before */
    struct sv config_digest; /* hex; absent: with none that is known */
    const struct sv *removed_incidents, *removed_nodes; /* keys, by their bytes */
    size_t removed_incident_count, removed_node_count;
    const struct stored_incident *heads; /* for casebook_whole(), by the bytes of their keys */
    size_t head_count;
    const struct node *nodes; /* that belong to no incident, by the bytes of their keys */
    size_t node_count;
};
/* What changed of a scope after a publication. What is gone is neither in `heads` nor in `nodes`.
 */
int changes_of_scope(struct store *store, struct arena *arena, struct sv scope, int64_t after,
                     struct scope_changes *ret_changes, struct err *err) MUST_CHECK;

#endif
