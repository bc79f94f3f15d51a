/*
 * What decisions name, and where that is before decisions move anything (../decide/reach.h): a
 * place is the incident that grouping or candidates gave a node, or the node itself where it has
 * none. Places are texts that are equal where the incidents are. Private to correlate/stored/;
 * pure; memory is the arena's.
 */
#ifndef CORRELATE_STORED_TIES_H
#define CORRELATE_STORED_TIES_H

#include "base/strbuf.h"
#include "correlate/grouped.h"
#include "correlate/incremental/store.h"
#include "hindcast/groups.h"

enum place_kind { PLACE_NONE, PLACE_GROUP, PLACE_CANDIDATE, PLACE_NODE };

struct sv place_of_label(struct arena *arena, const struct group_label *label);
/* Of what names a candidate. */
struct sv place_of_candidate(struct arena *arena, struct sv key);
/* Of what belongs to nothing. */
struct sv place_of_node(struct arena *arena, struct sv key);
/* Sets the label of a group, else the key. */
enum place_kind place_read(struct sv place, struct group_label *ret_label, struct sv *ret_key);
/* "TIME/SOURCE/UID" as an id. False: it is none. */
bool node_key_read(struct sv key, struct node_id *ret_id);
struct sv node_id_text(struct arena *arena, const struct node_id *id);

/*
 * What this decision names, in an order of its own: `incident`, what is merged into that, its rows.
 * Nothing of an undo. Returns how many, for at most two more than it has rows.
 */
size_t tie_names(const struct deciding_one *one, struct decision_row *ret_rows);

/* The place of each of these; absent: it is not there. */
void ties_write(const struct sv *places, size_t count, struct strbuf *out);
/* False: the bytes are none of so many. */
bool ties_read(struct sv bytes, struct sv *ret_places, size_t count);

/* Of a scope that was grouped whole: all decisions, and all nodes of candidates. */
struct group_decision *
ties_of(struct arena *arena, const struct grouped *grouped, size_t *ret_count);
struct group_candidate *
tied_candidates_of(struct arena *arena, const struct grouped *grouped, size_t *ret_count);

#endif
