/*
 * Which nodes hold the records that decisions name: see decide.h. One pass over all records.
 */
#include "correlate/decide/decide.h"

#include <stdlib.h>

#include "base/text/utf8.h"
#include "correlate/run.h"

/* A uid that a decision names, and where the node goes. */
struct wanted {
    struct sv uid;
    size_t *node;
    int64_t *ns; /* NULL: not asked for */
};

struct search {
    const struct work_node *nodes;
    size_t count;
    struct wanted *wanted; /* in order of uid */
    size_t wanted_count;
};

static int
by_uid(const void *left, const void *right)
{
    const struct wanted *a = left, *b = right;
    return sv_cmp(a->uid, b->uid);
}

static void
want(struct search *search, struct sv uid, size_t *node, int64_t *ns)
{
    if (!sv_empty(uid))
        search->wanted[search->wanted_count++] = (struct wanted){uid, node, ns};
}

static void
want_all(struct search *search, struct deciding *deciding)
{
    size_t most = 0;
    for (size_t i = 0; i < deciding->count; i++)
        most += 2 + deciding->all[i].decision.row_count;
    search->wanted = ARENA_ARRAY(deciding->arena, struct wanted, most + 1);
    for (size_t i = 0; i < deciding->count; i++) {
        struct deciding_one *one = &deciding->all[i];
        size_t rows = one->decision.row_count;
        want(search, one->decision.incident, &one->incident_node, NULL);
        if (one->decision.verb == DECISION_MERGE)
            want(search, one->decision.target, &one->other_node, NULL);
        one->found = ARENA_ARRAY(deciding->arena, struct deciding_row, rows + 1);
        for (size_t k = 0; k < rows; k++) {
            one->found[k] = (struct deciding_row){NO_NODE, TIME_NONE};
            want(search, one->decision.rows[k].event, &one->found[k].node, &one->found[k].ns);
        }
    }
    if (search->wanted_count > 1)
        qsort(search->wanted, search->wanted_count, sizeof(*search->wanted), by_uid);
}

/* The first that wants this uid, or the number of all. */
static size_t
first_with(const struct search *search, struct sv uid)
{
    size_t low = 0, high = search->wanted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(search->wanted[middle].uid, uid) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
take(const struct search *search, size_t n, const struct work_record *record)
{
    for (size_t at = first_with(search, record->uid);
         at < search->wanted_count && sv_eq(search->wanted[at].uid, record->uid); at++) {
        *search->wanted[at].node = n;
        if (search->wanted[at].ns != NULL && record->observation != NULL)
            *search->wanted[at].ns = record->observation->event.event_time_ns;
    }
}

/* Log lines fold: where the line itself is gone, the row of its shape that spans its time. */
static void
find_by_shape(const struct search *search, const struct decision_row *row,
              struct deciding_row *found)
{
    int64_t ms = row->time_ns / NS_PER_MS;
    if (sv_empty(row->fingerprint) || row->time_ns == TIME_NONE)
        return;
    for (size_t n = 0; n < search->count && found->node == NO_NODE; n++) {
        const struct work_node *node = &search->nodes[n];
        if (node->role == NODE_LOG && ms >= node->first_ms && ms <= node->last_ms &&
            sv_eq(node->source, row->source) &&
            sv_eq(node->records[0]->fingerprint, row->fingerprint))
            *found = (struct deciding_row){n, row->time_ns};
    }
}

struct sv
deciding_text(struct arena *arena, const struct observation *observation)
{
    struct sv text = text_one_line(arena, observation_text(observation), ROW_TEXT_MAX);
    return utf8_cut(text, ENTRY_TEXT_MAX);
}

/* What was read again under another name, or lies at another place, says the same at that time. */
static void
find_alike(const struct search *search, struct arena *arena, const struct decision_row *row,
           struct deciding_row *found)
{
    if (sv_empty(row->text) || row->time_ns == TIME_NONE)
        return;
    for (size_t n = 0; n < search->count && found->node == NO_NODE; n++) {
        const struct work_node *node = &search->nodes[n];
        for (size_t i = 0; i < node->record_count; i++) {
            const struct observation *from = node->records[i]->observation;
            if (from == NULL || from->event.event_time_ns != row->time_ns ||
                !sv_eq(from->event.source, row->source))
                continue;
            if (sv_eq(deciding_text(arena, from), row->text)) {
                *found = (struct deciding_row){n, row->time_ns};
                break;
            }
        }
    }
}

void
deciding_find(struct deciding *deciding, const struct work_node *nodes, size_t count)
{
    struct search search = {.nodes = nodes, .count = count};
    if (deciding->count == 0)
        return;
    want_all(&search, deciding);
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < nodes[n].record_count; i++)
            take(&search, n, nodes[n].records[i]);
    for (size_t i = 0; i < deciding->count; i++) {
        const struct deciding_one *one = &deciding->all[i];
        for (size_t k = 0; k < one->decision.row_count; k++) {
            if (one->found[k].node == NO_NODE)
                find_by_shape(&search, &one->decision.rows[k], &one->found[k]);
            if (one->found[k].node == NO_NODE)
                find_alike(&search, deciding->arena, &one->decision.rows[k], &one->found[k]);
        }
    }
}
