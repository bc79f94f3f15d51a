/*
 * Whether what people decided reaches what is told again: see advance.h. A decision looks at what
 * it names and moves nothing else; where none of that is in an incident that is told again, these
 * are told as without decisions, and what was decided of others stays as it was saved.
 */
#include <stdlib.h>

#include "correlate/stored/advance_work.h"
#include "correlate/stored/content.h"

#define NODES_AROUND 2 /* that may begin at the time of a record */

struct naming {
    struct advance *advance;
    struct sv *uids;
    size_t count;
    bool nameless; /* one names a row by what it says alone */
};

static void
name(struct naming *naming, struct sv uid)
{
    if (!sv_empty(uid))
        naming->uids[naming->count++] = uid;
}

static void
name_all(struct naming *naming)
{
    const struct advancing *in = naming->advance->in;
    size_t most = 0;
    for (size_t i = 0; i < in->decision_count; i++)
        most += 2 + in->decisions[i].row_count;
    naming->uids = ARENA_ARRAY(naming->advance->arena, struct sv, most + 1);
    for (size_t i = 0; i < in->decision_count; i++) {
        const struct decision *decision = &in->decisions[i];
        name(naming, decision->incident);
        if (decision->verb == DECISION_MERGE)
            name(naming, decision->target);
        for (size_t k = 0; k < decision->row_count; k++) {
            naming->nameless = naming->nameless || sv_empty(decision->rows[k].event);
            name(naming, decision->rows[k].event);
        }
    }
}

static int
by_id(const void *left, const void *right)
{
    return node_ids_cmp(left, right);
}

/* All that is told again or was written, in order. */
static struct node_id *
list_told(const struct advance *advance, size_t *ret_count)
{
    const struct touched *touched = &advance->stored.touched;
    size_t most = touched->node_count + advance->loose_count, count = 0;
    for (size_t i = 0; i < advance->told_count; i++)
        most += advance->told[i].count;
    struct node_id *ids = ARENA_ARRAY(advance->arena, struct node_id, most + 1);
    for (size_t i = 0; i < touched->node_count; i++)
        ids[count++] = touched->nodes[i]->id;
    for (size_t i = 0; i < advance->loose_count; i++)
        ids[count++] = node_id_of(advance->loose[i].node);
    for (size_t i = 0; i < advance->told_count; i++)
        for (size_t k = 0; k < advance->told[i].count; k++)
            ids[count++] = node_id_of(advance->told[i].nodes[k].node);
    if (count > 1)
        qsort(ids, count, sizeof(*ids), by_id);
    *ret_count = count;
    return ids;
}

/* True if a node that these records may lie in is told again. */
static bool
is_reached(struct advance *advance, const struct work_record *const *records, size_t count)
{
    const struct group_rows *rows = advance->in->rows;
    struct group_place *places = ARENA_ARRAY(advance->arena, struct group_place, count + 1);
    struct group_answer *answers = NULL;
    struct err err;
    size_t told, found = 0;
    const struct node_id *ids = list_told(advance, &told);
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){
            .digest = content_series_digest(records[i]->source, records[i]->fingerprint),
            .from_ms = records[i]->ms};
    if (told == 0 || advance_failed(advance))
        return false;
    advance_note(advance,
                 rows->series(rows->context, advance->arena, places, count, true, NODES_AROUND,
                              &answers, &found, &err),
                 &err);
    for (size_t i = 0; i < found && !advance_failed(advance); i++)
        if (bsearch(&answers[i].row.id, ids, told, sizeof(*ids), by_id) != NULL)
            return true;
    return false;
}

const char *
advance_decided(struct advance *advance)
{
    struct naming naming = {.advance = advance};
    if (advance->in->decision_count == 0)
        return NULL;
    name_all(&naming);
    const struct work_record **records =
        ARENA_ARRAY(advance->arena, const struct work_record *, naming.count + 1);
    stored_records(&advance->stored, naming.uids, naming.count, records);
    if (naming.nameless)
        return "people decided of a row that no record names";
    for (size_t i = 0; i < naming.count && !advance_failed(advance); i++)
        if (records[i] == NULL)
            return "people decided of what is not there";
    if (naming.count > 0 && !advance_failed(advance) && is_reached(advance, records, naming.count))
        return "people decided of it";
    return NULL;
}
