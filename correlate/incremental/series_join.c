/*
 * Adding up episodes: see series.h.
 */
#include "correlate/incremental/series.h"

/* Only what fires is judged, if anything does. */
static bool
judges(const struct work_node *node, const struct work_node *other)
{
    return node->fires || !other->fires;
}

bool
series_can_insert(const struct work_node *node, const struct work_node *within)
{
    return !judges(node, within) || !judges(within, node) || node->quiet != within->quiet ||
           sv_eq(node->quiet_reason, within->quiet_reason);
}

static void
join_quiet(const struct work_node *a, const struct work_node *b, struct work_node *ret_node)
{
    const struct work_node *judge = a;
    if (!judges(a, b) || (judges(b, a) && b->quiet < a->quiet))
        judge = b;
    ret_node->quiet = judge->quiet;
    ret_node->quiet_reason = judge->quiet_reason;
    ret_node->fires = a->fires || b->fires;
}

static void
join_keys(struct arena *arena, const struct work_node *a, const struct work_node *b,
          struct work_node *ret_node)
{
    struct node_key *keys = ARENA_ARRAY(arena, struct node_key, a->raw_count + b->raw_count + 1);
    size_t i = 0, k = 0, count = 0;
    while (i < a->raw_count || k < b->raw_count) {
        int order = i == a->raw_count   ? 1
                    : k == b->raw_count ? -1
                                        : node_key_cmp(&a->raw[i], &b->raw[k]);
        keys[count++] = order <= 0 ? a->raw[i] : b->raw[k];
        i += order <= 0;
        k += order >= 0;
    }
    ret_node->raw = keys;
    ret_node->raw_count = count;
}

/* How many of its records are known with it. */
static size_t
head_of(const struct work_node *node)
{
    bool all = node->role == NODE_ALERT || node->role == NODE_CHAT;
    if (!all || node->records[0]->observation == NULL)
        return 1;
    return node->record_count < SERIES_HEAD ? node->record_count : SERIES_HEAD;
}

static void
join_records(struct arena *arena, const struct work_node *a, const struct work_node *b,
             struct work_node *ret_node)
{
    size_t first = head_of(a), second = head_of(b);
    const struct work_record **records =
        ARENA_ARRAY(arena, const struct work_record *, first + second);
    for (size_t i = 0; i < first; i++)
        records[i] = a->records[i];
    for (size_t i = 0; i < second; i++)
        records[first + i] = b->records[i];
    ret_node->records = records;
    ret_node->record_count = a->record_count + b->record_count;
}

void
series_join(const struct series *series, const struct work_node *a, const struct work_node *b,
            struct work_node *ret_node)
{
    *ret_node = *a;
    ret_node->last_ms = a->last_ms > b->last_ms ? a->last_ms : b->last_ms;
    ret_node->severity = a->severity > b->severity ? a->severity : b->severity;
    if (a->explicit_id.len == 0 ||
        (b->explicit_id.len > 0 && sv_cmp(b->explicit_id, a->explicit_id) < 0))
        ret_node->explicit_id = b->explicit_id;
    join_quiet(a, b, ret_node);
    join_keys(series->arena, a, b, ret_node);
    join_records(series->arena, a, b, ret_node);
}
