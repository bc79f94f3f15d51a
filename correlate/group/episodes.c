/*
 * Episodes: definitions 1 and 2. The records of one (source, fingerprint) are cut where neighbours
 * lie too far apart; each piece is a node. Called by grouping_run().
 */
#include "correlate/group/episodes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/group/order.h"
#include "correlate/group/thread.h"

static int
cmp_int64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* A firing and its resolve may lie in one millisecond. */
static int
order_within_ms(const struct work_record *a, const struct work_record *b)
{
    const struct observation *one = a->observation, *two = b->observation;
    if (one == NULL || two == NULL)
        return sv_cmp(a->uid, b->uid);
    int order = cmp_int64(one->event.event_time_ns, two->event.event_time_ns);
    return order != 0 ? order : occurrence_tie_cmp(one, two);
}

int
record_series_cmp(const struct work_record *a, const struct work_record *b)
{
    int order = sv_cmp(a->source, b->source);
    if (order == 0)
        order = sv_cmp(a->fingerprint, b->fingerprint);
    if (order == 0)
        order = cmp_int64(a->ms, b->ms);
    return order != 0 ? order : order_within_ms(a, b);
}

static int
series_order(const void *left, const void *right)
{
    return record_series_cmp(left, right);
}

bool
record_same_series(const struct work_record *a, const struct work_record *b)
{
    return sv_eq(a->source, b->source) && sv_eq(a->fingerprint, b->fingerprint);
}

/*
 * What follows a firing, such as a resolve, may be late: it still ends the same episode. A thread
 * pauses longer than a channel.
 */
bool
record_joined(const struct correlation_config *config, const struct work_record *a,
              const struct work_record *b)
{
    int64_t gap = b->ms - a->ms;
    return gap <= config->episode_gap_ms || (gap <= config->talk_gap_ms && record_answers(a)) ||
           (a->life != LIFE_RESOLVED && b->life != LIFE_FIRING && gap <= config->resolve_gap_ms);
}

static int
key_order(const void *left, const void *right)
{
    return node_key_cmp(left, right);
}

/* Keys of records before they are those of a node: most records repeat what the one before had. */
struct key_list {
    struct node_key *at;
    size_t count, size;
    size_t last[KEY_KINDS]; /* place of the kind's last key + 1, or 0 */
};

static void
push_key(struct key_list *list, struct node_key key)
{
    size_t last = list->last[key.kind];
    if (last > 0 && node_key_cmp(&list->at[last - 1], &key) == 0)
        return;
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = key;
    list->last[key.kind] = list->count;
}

/* The edges of its services; a familiar node has no service either. */
static void
push_edges(const struct service_graph *graph, struct key_list *list)
{
    size_t keys = list->count, edges;
    for (size_t i = 0; i < keys; i++) {
        if (list->at[i].kind != KEY_SERVICE)
            continue;
        const struct graph_row *row = service_graph_of(graph, list->at[i].value, &edges);
        for (size_t k = 0; k < edges; k++)
            push_key(list, (struct node_key){KEY_EDGE, row[k].key});
    }
}

/* A node has all keys of its records: however many of one kind there are, none of them is lost. */
static const struct node_key *
sorted_keys(struct arena *arena, struct key_list *list, size_t *ret_count)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->at, list->count, sizeof(*list->at), key_order);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || node_key_cmp(&list->at[kept - 1], &list->at[i]) != 0)
            list->at[kept++] = list->at[i];
    struct node_key *keys = ARENA_ARRAY(arena, struct node_key, kept + 1);
    if (kept > 0)
        memcpy(keys, list->at, kept * sizeof(*keys));
    *ret_count = kept;
    return keys;
}

static void
collect_raw(struct grouping *grouping, struct work_node *node)
{
    struct key_list list = {0};
    for (size_t i = 0; i < node->record_count; i++)
        for (size_t k = 0; k < node->records[i]->key_count; k++)
            push_key(&list, node->records[i]->keys[k]);
    node->raw = sorted_keys(grouping->arena, &list, &node->raw_count);
    free(list.at);
}

void
node_set_familiar(struct grouping *grouping, struct work_node *node, bool familiar)
{
    struct key_list list = {0};
    const struct work_record *first = node->records[0];
    node->familiar = familiar && node->role == NODE_ALERT;
    for (size_t k = 0; k < node->raw_count; k++)
        if (node->familiar ? key_is_own(node->raw[k].kind)
                           : !node_opens(node) || node->raw[k].kind != KEY_FINGERPRINT)
            push_key(&list, node->raw[k]);
    if (node->familiar) {
        struct sv value = arena_printf(grouping->arena, SV_FMT "/" SV_FMT, SV_ARG(node->source),
                                       SV_ARG(first->fingerprint));
        push_key(&list, (struct node_key){KEY_FINGERPRINT, value});
    }
    push_edges(grouping->graph, &list);
    if (!node->familiar && list.count == node->raw_count) {
        node->keys = node->raw;
        node->key_count = node->raw_count;
    } else {
        node->keys = sorted_keys(grouping->arena, &list, &node->key_count);
    }
    free(list.at);
}

/*
 * What fires decides; an episode that has nothing but resolves and follow-ups is judged by these.
 * One record that is not quiet is enough: an alert that grows worse opens an incident.
 */
static void
set_quiet(struct work_node *node)
{
    const struct work_record *first = NULL;
    for (size_t i = 0; i < node->record_count; i++)
        node->fires = node->fires || node->records[i]->life == LIFE_FIRING;
    for (size_t i = 0; i < node->record_count; i++) {
        const struct work_record *record = node->records[i];
        if (node->fires && record->life != LIFE_FIRING)
            continue;
        if (record->quiet == QUIET_NOT)
            return;
        if (first == NULL || record->quiet < first->quiet)
            first = record;
    }
    node->quiet = first->quiet;
    node->quiet_reason = first->quiet_reason;
}

void
node_of_records(struct grouping *grouping, struct work_node *node, struct work_record *const *piece,
                size_t count, bool familiar)
{
    const struct work_record *first = piece[0];
    assert(count > 0 && piece[count - 1]->ms >= first->ms);
    *node = (struct work_node){
        .first_ms = first->ms,
        .last_ms = piece[count - 1]->ms,
        .source = first->source,
        .uid = first->uid,
        .role = first->role,
        .severity = first->severity,
        .records = (const struct work_record *const *)piece,
        .record_count = count,
        .declaration = first->declaration,
        .group = NO_NODE,
        .incident = NO_NODE,
        .attached_to = NO_NODE,
    };
    for (size_t i = 0; i < count; i++) {
        const struct work_record *record = piece[i];
        if (record->severity > node->severity)
            node->severity = record->severity;
        if (record->explicit_id.len > 0 &&
            (node->explicit_id.len == 0 || sv_cmp(record->explicit_id, node->explicit_id) < 0))
            node->explicit_id = record->explicit_id;
    }
    set_quiet(node);
    collect_raw(grouping, node);
    node_set_familiar(grouping, node, familiar);
    if (node->role == NODE_DECLARED && node->declaration != NULL &&
        node->declaration->to_ns != TIME_NONE) {
        int64_t to_ms = node->declaration->to_ns / NS_PER_MS;
        if (to_ms > node->last_ms)
            node->last_ms = to_ms;
    }
}

static int
node_order(const void *left, const void *right)
{
    return node_id_cmp(left, right);
}

void
episodes_build(struct grouping *grouping, struct work_record *records, size_t count)
{
    const struct correlation_config *config = grouping->config;
    assert(grouping->node_count == 0);
    if (count > 1)
        qsort(records, count, sizeof(*records), series_order);
    struct work_record **sorted = ARENA_ARRAY(grouping->arena, struct work_record *, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &records[i];
    struct work_node *nodes = ARENA_ARRAY(grouping->arena, struct work_node, count + 1);
    size_t made = 0, series = 0, familiar_count = (size_t)config->familiar_count;
    for (size_t from = 0, to; from < count; from = to) {
        if (from > 0 && !record_same_series(&records[from - 1], &records[from]))
            series = made;
        for (to = from + 1; to < count && record_same_series(&records[from], &records[to]) &&
                            record_joined(config, &records[to - 1], &records[to]);)
            to++;
        /* nodes[series..made) are the episodes of this fingerprint before this one */
        bool familiar =
            made - series >= familiar_count && familiar_count > 0 &&
            records[from].ms - nodes[made - familiar_count].first_ms <= config->familiar_ms;
        node_of_records(grouping, &nodes[made++], &sorted[from], to - from, familiar);
    }
    if (made > 1)
        qsort(nodes, made, sizeof(*nodes), node_order);
    grouping->nodes = nodes;
    grouping->node_count = made;
}
