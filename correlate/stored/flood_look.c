/*
 * Which new records are of a flood: see advance_flood.h. A record is where its series goes on, or
 * where what it is made a node of is linked, attached or named, among its nearest neighbours: those
 * that are kept, those that wait and the other new ones. Whatever comes out, nothing of the result
 * changes, only when it is there.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/attach.h"
#include "correlate/group/episodes.h"
#include "correlate/group/links.h"
#include "correlate/stored/advance_flood.h"

/* A new node: an episode of the records that came. */
struct new_node {
    size_t flood;
    bool familiar;
    const struct work_record *joins[2]; /* kept record that it goes on from, or that follows it */
    size_t near; /* nodes of its series before it, as far as they are counted */
};

struct seen_node {
    const struct work_node *node;
    size_t flood;
    size_t made; /* number of the new node, or SIZE_MAX */
};

struct looking {
    struct advance *advance;
    struct arena *arena;
    struct grouping made;
    struct new_node *fresh; /* of each node that was made */
    const struct work_record **spots;
    size_t *owners; /* of each spot */
    enum store_side side;
    bool late; /* what waits is asked for */
    struct seen_node *seen;
    size_t seen_count, seen_size;
};

/* ------------------------------------------------------------------ series */

static void
join(struct looking *looking, size_t n, size_t flood)
{
    if (flood != SIZE_MAX)
        looking->fresh[n].flood = flood;
}

static void
take_record(void *taker, size_t spot, const struct work_record *record)
{
    struct looking *looking = taker;
    const struct correlation_config *config = looking->advance->in->teller->config;
    const struct work_record *own = looking->spots[spot];
    bool before = looking->side == STORE_BEFORE;
    if (!record_joined(config, before ? record : own, before ? own : record))
        return;
    if (looking->late) {
        struct sv name = late_of(&looking->advance->late, record);
        join(looking, spot, flood_named(looking->advance, name));
        return;
    }
    struct work_record *copy = ARENA_NEW(looking->arena, struct work_record);
    *copy = *record;
    looking->fresh[spot].joins[before ? 0 : 1] = copy;
}

static void
look_beside(struct looking *looking, const struct stored *stored, bool late)
{
    const struct series_store *store = &stored->series;
    looking->late = late;
    for (looking->side = STORE_BEFORE; looking->side <= STORE_AFTER; looking->side++) {
        for (size_t n = 0; n < looking->made.node_count; n++) {
            const struct work_node *node = &looking->made.nodes[n];
            looking->spots[n] =
                node->records[looking->side == STORE_BEFORE ? 0 : node->record_count - 1];
        }
        store->beside(store->context, looking->spots, looking->made.node_count, looking->side,
                      take_record, looking);
    }
}

/* Nearest first: the one that may go on, and the one that makes it familiar. */
static void
take_before(void *taker, size_t spot, const struct work_node *node)
{
    struct looking *looking = taker;
    const struct correlation_config *config = looking->advance->in->teller->config;
    struct new_node *fresh = &looking->fresh[spot];
    struct node_id id = node_id_of(node);
    if (++fresh->near == 1 && fresh->joins[0] != NULL)
        join(looking, spot, flood_of_node(looking->advance, &id));
    if (fresh->near == (size_t)config->familiar_count)
        fresh->familiar =
            looking->made.nodes[spot].first_ms - node->first_ms <= config->familiar_ms;
}

static void
take_after(void *taker, size_t spot, const struct work_node *node)
{
    struct looking *looking = taker;
    struct node_id id = node_id_of(node);
    join(looking, looking->owners[spot], flood_of_node(looking->advance, &id));
}

static void
look_series(struct looking *looking)
{
    struct advance *advance = looking->advance;
    const struct series_store *store = &advance->stored.series;
    int count = advance->in->teller->config->familiar_count;
    size_t asked = 0;
    look_beside(looking, &advance->late, true);
    look_beside(looking, &advance->stored, false);
    for (size_t n = 0; n < looking->made.node_count; n++)
        looking->spots[n] = looking->made.nodes[n].records[0];
    store->nodes(store->context, looking->spots, looking->made.node_count, STORE_BEFORE,
                 count < 1 ? 1 : (size_t)count, take_before, looking);
    for (size_t n = 0; n < looking->made.node_count; n++) {
        if (looking->fresh[n].joins[1] == NULL)
            continue;
        looking->owners[asked] = n;
        looking->spots[asked++] = looking->fresh[n].joins[1];
    }
    store->nodes(store->context, looking->spots, asked, STORE_BEFORE, 1, take_after, looking);
}

/* ------------------------------------------------------------------ neighbours */

static void
add_seen(struct looking *looking, const struct work_node *node, size_t flood, size_t made)
{
    looking->seen = memory_grow(looking->seen, &looking->seen_size, looking->seen_count + 1,
                                sizeof(*looking->seen));
    looking->seen[looking->seen_count++] = (struct seen_node){node, flood, made};
}

static void
take_near(void *taker, size_t spot, const struct work_node *node)
{
    struct looking *looking = taker;
    struct advance *advance = looking->advance;
    struct node_id id = node_id_of(node);
    struct group_state state;
    size_t flood = SIZE_MAX;
    (void)spot;
    if (!looking->late)
        flood = flood_of_node(advance, &id);
    else if (advance->late.opening.state(&advance->late, &id, &state))
        flood = flood_named(advance, state.label.explicit_id);
    add_seen(looking, node, flood, SIZE_MAX);
}

static void
look_keys(struct looking *looking, const struct stored *stored, bool late)
{
    const struct group_store *store = &stored->opening;
    size_t keys = 0, used = 0;
    looking->late = late;
    for (size_t n = 0; n < looking->made.node_count; n++)
        keys += looking->made.nodes[n].key_count;
    struct key_spot *spots = ARENA_ARRAY(looking->arena, struct key_spot, keys + 1);
    for (size_t n = 0; n < looking->made.node_count; n++)
        for (size_t k = 0; k < looking->made.nodes[n].key_count; k++)
            spots[used++] = (struct key_spot){&looking->made.nodes[n].keys[k],
                                              node_id_of(&looking->made.nodes[n])};
    for (enum store_side side = STORE_BEFORE; side <= STORE_AFTER; side++)
        store->nearest(store->context, spots, used, side,
                       (size_t)looking->advance->in->teller->config->neighbours, take_near,
                       looking);
}

/* Declarations wait for nothing, so these are kept. */
static void
look_bounds(struct looking *looking)
{
    const struct correlation_config *config = looking->advance->in->teller->config;
    const struct group_store *store = &looking->advance->stored.opening;
    struct time_range *ranges =
        ARENA_ARRAY(looking->arena, struct time_range, looking->made.node_count + 1);
    int64_t after = config->bounds_open_ms;
    after = config->bounds_after_ms > after ? config->bounds_after_ms : after;
    after = config->bounds_after_change_ms > after ? config->bounds_after_change_ms : after;
    for (size_t n = 0; n < looking->made.node_count; n++) {
        const struct work_node *node = &looking->made.nodes[n];
        bool alert = node->role == NODE_ALERT;
        ranges[n].from_ms = node->first_ms - (alert ? 0 : after);
        ranges[n].to_ms = alert ? node->first_ms : node->last_ms + config->bounds_before_ms;
    }
    looking->late = false;
    store->declared_within(store->context, ranges, looking->made.node_count, take_near, looking);
}

/* ------------------------------------------------------------------ links */

static int
seen_order(const void *left, const void *right)
{
    return node_id_cmp(((const struct seen_node *)left)->node,
                       ((const struct seen_node *)right)->node);
}

static void
sort_seen(struct looking *looking)
{
    size_t kept = 0;
    if (looking->seen_count > 1)
        qsort(looking->seen, looking->seen_count, sizeof(*looking->seen), seen_order);
    for (size_t i = 0; i < looking->seen_count; i++)
        if (kept == 0 || node_id_cmp(looking->seen[kept - 1].node, looking->seen[i].node) != 0)
            looking->seen[kept++] = looking->seen[i];
    looking->seen_count = kept;
}

static size_t
root_of(struct work_node *nodes, size_t n)
{
    while (nodes[n].group != n)
        n = nodes[n].group = nodes[nodes[n].group].group;
    return n;
}

/* What is linked to a flood is of it, and so is what is linked to that. */
static void
spread(struct looking *looking, struct grouping *grouping)
{
    struct work_node *nodes = grouping->nodes;
    struct seen_node *seen = looking->seen;
    for (size_t n = 0; n < grouping->node_count; n++)
        nodes[n].group = n;
    for (size_t i = 0; i < grouping->link_count; i++) {
        const struct node_link *link = &grouping->links[i];
        if ((seen[link->a].made == SIZE_MAX && seen[link->b].made == SIZE_MAX) ||
            !link_holds(grouping, link, 0))
            continue;
        size_t a = root_of(nodes, link->a), b = root_of(nodes, link->b);
        nodes[a < b ? b : a].group = a < b ? a : b;
    }
    for (size_t n = 0; n < grouping->node_count; n++) {
        size_t root = root_of(nodes, n);
        if (seen[root].flood == SIZE_MAX)
            seen[root].flood = seen[n].flood;
    }
    for (size_t n = 0; n < grouping->node_count; n++)
        seen[n].flood = seen[root_of(nodes, n)].flood;
}

static void
tell_links(struct looking *looking, const struct grouping *grouping)
{
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        const struct seen_node *seen = &looking->seen[n];
        if (seen->made == SIZE_MAX)
            continue;
        if (node_opens(node))
            join(looking, seen->made, seen->flood);
        else if (looking->fresh[seen->made].flood == SIZE_MAX && node->attached_to != NO_NODE)
            join(looking, seen->made, looking->seen[node->attached_to].flood);
    }
}

static void
look_links(struct looking *looking)
{
    for (size_t n = 0; n < looking->made.node_count; n++)
        add_seen(looking, &looking->made.nodes[n], looking->fresh[n].flood, n);
    sort_seen(looking);
    struct work_node *nodes =
        ARENA_ARRAY(looking->arena, struct work_node, looking->seen_count + 1);
    for (size_t i = 0; i < looking->seen_count; i++) {
        nodes[i] = *looking->seen[i].node;
        nodes[i].group = nodes[i].incident = nodes[i].attached_to = nodes[i].thread = NO_NODE;
        nodes[i].group_id = nodes[i].reason = SV_NONE;
        nodes[i].follows = false;
    }
    struct grouping grouping = {.arena = looking->arena,
                                .config = looking->advance->in->teller->config,
                                .nodes = nodes,
                                .node_count = looking->seen_count};
    links_build(&grouping);
    spread(looking, &grouping);
    attach_nodes(&grouping);
    tell_links(looking, &grouping);
}

/* ------------------------------------------------------------------ all of it */

static void
look_named(struct looking *looking)
{
    for (size_t n = 0; n < looking->made.node_count; n++) {
        const struct group_label label = {.explicit_id = looking->made.nodes[n].explicit_id};
        if (label.explicit_id.len > 0)
            join(looking, n, flood_labelled(looking->advance, &label));
    }
}

static void
make_nodes(struct looking *looking, const struct work_record *const *records, size_t count)
{
    struct work_record *copies = ARENA_ARRAY(looking->arena, struct work_record, count + 1);
    for (size_t i = 0; i < count; i++)
        copies[i] = *records[i];
    looking->made = (struct grouping){.arena = looking->arena,
                                      .config = looking->advance->in->teller->config,
                                      .graph = &looking->advance->in->texts->graph};
    episodes_build(&looking->made, copies, count);
    looking->fresh = ARENA_ARRAY(looking->arena, struct new_node, count + 1);
    looking->spots = ARENA_ARRAY(looking->arena, const struct work_record *, count + 1);
    looking->owners = ARENA_ARRAY(looking->arena, size_t, count + 1);
    for (size_t n = 0; n < looking->made.node_count; n++)
        looking->fresh[n] = (struct new_node){.flood = SIZE_MAX};
}

void
flood_look(struct advance *advance, const struct work_record *const *records, size_t count,
           struct flooded *ret_flooded)
{
    struct looking looking = {.advance = advance, .arena = advance->arena};
    size_t told = 0;
    make_nodes(&looking, records, count);
    look_series(&looking);
    for (size_t n = 0; n < looking.made.node_count; n++)
        if (looking.fresh[n].familiar)
            node_set_familiar(&looking.made, &looking.made.nodes[n], true);
    look_named(&looking);
    look_keys(&looking, &advance->stored, false);
    look_keys(&looking, &advance->late, true);
    look_bounds(&looking);
    look_links(&looking);
    for (size_t n = 0; n < looking.made.node_count; n++)
        for (size_t i = 0; i < looking.made.nodes[n].record_count; i++)
            ret_flooded[told++] =
                (struct flooded){looking.made.nodes[n].records[i], looking.fresh[n].flood};
    free(looking.seen);
}
