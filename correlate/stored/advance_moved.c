/*
 * What people decided moves nodes from one incident to another, before anything is told: see
 * advance.h. Lists of what is told again become those after that. Moving looks at ids, roles and
 * incidents of nodes alone, so the kept ones are enough.
 */
#include <stdlib.h>

#include "correlate/stored/advance_work.h"
#include "correlate/stored/held.h"

struct moving {
    struct advance *advance;
    struct work_node *nodes; /* in order of id, each once */
    struct node_id *names;   /* of each node what names its incident */
    bool *named;             /* it has one */
    size_t count;
};

struct moved {
    struct work_node node;
    struct node_id name;
    bool named;
};

static int
moved_order(const void *left, const void *right)
{
    const struct moved *a = left, *b = right;
    int order = node_id_cmp(&a->node, &b->node);
    return order != 0 ? order : (int)b->named - (int)a->named;
}

static size_t
node_with(const struct moving *moving, const struct node_id *id)
{
    size_t low = 0, high = moving->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct node_id other = node_id_of(&moving->nodes[middle]);
        int order = node_ids_cmp(&other, id);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NO_NODE;
}

/* ------------------------------------------------------------------ before */

static struct moved
moved_of(const struct told_node *told, const struct node_id *name)
{
    struct moved moved = {.node = *told->node, .named = name != NULL};
    moved.node.reason = told->reason;
    if (name != NULL)
        moved.name = *name;
    return moved;
}

/* All that is told again, each once: what has an incident is not told as a node of none. */
static void
take_nodes(struct moving *moving)
{
    const struct advance *advance = moving->advance;
    size_t most = advance->loose_count, count = 0;
    for (size_t i = 0; i < advance->told_count; i++)
        most += advance->told[i].count;
    struct moved *all = ARENA_ARRAY(advance->arena, struct moved, most + 1);
    for (size_t i = 0; i < advance->told_count; i++)
        for (size_t k = 0; k < advance->told[i].count; k++)
            all[count++] = moved_of(&advance->told[i].nodes[k], &advance->told[i].name);
    for (size_t i = 0; i < advance->loose_count; i++)
        all[count++] = moved_of(&advance->loose[i], NULL);
    if (count > 1)
        qsort(all, count, sizeof(*all), moved_order);
    moving->nodes = ARENA_ARRAY(advance->arena, struct work_node, count + 1);
    moving->names = ARENA_ARRAY(advance->arena, struct node_id, count + 1);
    moving->named = ARENA_ARRAY(advance->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && node_id_cmp(&all[i - 1].node, &all[i].node) == 0)
            continue;
        moving->names[moving->count] = all[i].name;
        moving->named[moving->count] = all[i].named;
        moving->nodes[moving->count++] = all[i].node;
    }
    for (size_t n = 0; n < moving->count; n++)
        moving->nodes[n].incident =
            moving->named[n] ? node_with(moving, &moving->names[n]) : NO_NODE;
}

/* As deciding_find() does, of what was found already. */
static void
find(struct moving *moving)
{
    struct advance *advance = moving->advance;
    struct deciding *part = &advance->part;
    size_t at = 0;
    for (size_t i = 0, p = 0; i < advance->deciding.count; i++) {
        struct deciding_one *one = advance->decides[i] ? &part->all[p++] : NULL;
        size_t from = at;
        while (at < advance->named_count && advance->named[at].decision == i)
            at++;
        if (one == NULL)
            continue;
        size_t rows = one->decision.row_count;
        one->found = ARENA_ARRAY(advance->arena, struct deciding_row, rows + 1);
        for (size_t k = 0; k < rows; k++)
            one->found[k] = (struct deciding_row){NO_NODE, TIME_NONE};
        for (size_t n = from; n < at; n++) {
            const struct named *named = &advance->named[n];
            size_t node = named->node == NULL ? NO_NODE : node_with(moving, &named->node->id);
            size_t k = n - from, heads = at - from - rows;
            if (k >= heads)
                one->found[k - heads] =
                    (struct deciding_row){node, node == NO_NODE ? TIME_NONE : named->ns};
            else if (k == 0 && !sv_empty(one->decision.incident))
                one->incident_node = node;
            else
                one->other_node = node;
        }
    }
}

/* ------------------------------------------------------------------ after */

/* By incident, those of none last. */
static int
place_order(const void *left, const void *right, void *context)
{
    const struct work_node *nodes = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    if (nodes[a].incident != nodes[b].incident)
        return nodes[a].incident < nodes[b].incident ? -1 : 1;
    return a < b ? -1 : a > b;
}

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Its head begins with what opens it, or as the candidate says, or with its first node. */
static int64_t
head_of(const struct work_node *name, const struct told_node *nodes, size_t count)
{
    int64_t opening = INT64_MAX;
    bool alert = false;
    for (size_t i = 0; i < count; i++) {
        alert = alert || nodes[i].node->role == NODE_ALERT;
        if (node_opens(nodes[i].node))
            opening = least(opening, nodes[i].node->first_ms);
    }
    if (opening != INT64_MAX)
        return opening;
    return name->candidate != NULL && !alert ? name->candidate->from_ns / NS_PER_MS
                                             : nodes[0].node->first_ms;
}

static void
tell(struct advance *advance, const struct work_node *name, const struct told_node *nodes,
     size_t count)
{
    struct told_again told = {.name = node_id_of(name), .nodes = nodes, .count = count};
    told.first_ms = head_of(name, nodes, count);
    told.span = (struct time_range){told.first_ms, told.first_ms};
    if (name->candidate != NULL)
        told.span.to_ms = name->candidate->to_ns / NS_PER_MS;
    for (size_t i = 0; i < count; i++) {
        told.span.from_ms = least(told.span.from_ms, nodes[i].node->first_ms);
        if (nodes[i].node->last_ms > told.span.to_ms)
            told.span.to_ms = nodes[i].node->last_ms;
    }
    told_again_add(advance, &told);
}

static void
tell_again(struct moving *moving)
{
    struct advance *advance = moving->advance;
    const struct work_node *nodes = moving->nodes;
    size_t *order = ARENA_ARRAY(advance->arena, size_t, moving->count + 1);
    struct told_node *told = ARENA_ARRAY(advance->arena, struct told_node, moving->count + 1);
    for (size_t n = 0; n < moving->count; n++)
        order[n] = n;
    if (moving->count > 1)
        qsort_r(order, moving->count, sizeof(*order), place_order, moving->nodes);
    for (size_t i = 0; i < moving->count; i++)
        told[i] = (struct told_node){&nodes[order[i]], nodes[order[i]].reason};
    advance->told_count = advance->loose_count = 0;
    for (size_t from = 0, to; from < moving->count; from = to) {
        size_t incident = nodes[order[from]].incident;
        for (to = from + 1; to < moving->count && nodes[order[to]].incident == incident;)
            to++;
        if (incident != NO_NODE)
            tell(advance, &nodes[incident], told + from, to - from);
        else
            for (size_t i = from; i < to; i++)
                loose_add(advance, &told[i]);
    }
}

void
advance_moved(struct advance *advance)
{
    struct moving moving = {.advance = advance};
    if (advance->decides == NULL)
        return;
    deciding_of_part(&advance->deciding, advance->decides, &advance->part);
    if (advance->part.count == 0)
        return;
    take_nodes(&moving);
    find(&moving);
    deciding_regroup(&advance->part, moving.nodes, moving.count);
    tell_again(&moving);
}
