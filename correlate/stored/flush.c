/*
 * Writing what has gathered: see held.h. Rows that are what they were are not written.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/group/grouping.h"
#include "correlate/stored/content.h"
#include "correlate/stored/held.h"

#define FILL_NODES 4000 /* between two writes */

struct flushing {
    struct stored *stored;
    struct group_row *rows[GROUP_CHANGES];
    size_t counts[GROUP_CHANGES];
    struct group_key_row *keys[2]; /* that go, that come */
    size_t key_counts[2], key_sizes[2];
};

static void
add_key(struct flushing *flushing, bool put, const struct held *held, const struct node_key *key)
{
    flushing->keys[put] = memory_grow(flushing->keys[put], &flushing->key_sizes[put],
                                      flushing->key_counts[put] + 1, sizeof(struct group_key_row));
    flushing->keys[put][flushing->key_counts[put]++] =
        (struct group_key_row){held->opens, content_key_digest(key), held->id};
}

/* Both are sorted. */
static void
compare_keys(struct flushing *flushing, const struct held *held)
{
    size_t was = 0, is = 0, was_count = held->kept == NULL ? 0 : held->kept->key_count;
    size_t is_count = held->node == NULL ? 0 : held->node->key_count;
    while (was < was_count || is < is_count) {
        int order = was == was_count ? 1
                    : is == is_count ? -1
                                     : node_key_cmp(&held->kept->keys[was], &held->node->keys[is]);
        if (order < 0)
            add_key(flushing, false, held, &held->kept->keys[was]);
        else if (order > 0)
            add_key(flushing, true, held, &held->node->keys[is]);
        was += order <= 0;
        is += order >= 0;
    }
}

static void
add_row(struct flushing *flushing, enum group_change change, const struct held *held)
{
    const struct work_node *node = held->node;
    struct group_row row = {.id = held->id, .opens = held->opens};
    if (node != NULL) {
        row.last_ms = node->last_ms;
        row.alert = node->role == NODE_ALERT;
        row.change = node->role == NODE_CHANGE;
        row.bounded = node->declaration != NULL;
        row.series = content_series_digest(node->source, node->records[0]->fingerprint);
        row.named = node->explicit_id;
        row.content = held->content;
        row.derived = held->derived;
        row.is = held->is;
    }
    flushing->rows[change][flushing->counts[change]++] = row;
}

static void
look_at(struct flushing *flushing, struct held *held)
{
    struct arena *arena = flushing->stored->arena;
    struct sv content = SV_NONE;
    if (held->node != NULL) {
        struct strbuf out;
        strbuf_init(&out, 0);
        content_write(held->node, &out);
        content = arena_copy(arena, strbuf_view(&out));
        strbuf_release(&out);
    }
    bool same = held->kept != NULL && held->node != NULL && sv_eq(content, held->content);
    held->content = content;
    if (held->node == NULL && held->kept != NULL)
        add_row(flushing, GROUP_DROP_NODES, held);
    else if (held->node != NULL && !same)
        add_row(flushing, GROUP_PUT_NODES, held);
    else if (held->node != NULL && held->rederived)
        add_row(flushing, GROUP_PUT_DERIVED, held);
    if (!same)
        compare_keys(flushing, held);
    held->kept = held->node;
    held->dirty = held->rederived = false;
}

static void
send(struct flushing *flushing)
{
    struct stored *stored = flushing->stored;
    const struct group_rows *rows = stored->rows;
    struct err err;
    for (int put = 0; put <= 1; put++)
        if (flushing->key_counts[put] > 0 && !stored->failed)
            stored_note(stored,
                        rows->change_keys(rows->context, put == 1, flushing->keys[put],
                                          flushing->key_counts[put], &err),
                        &err);
    for (enum group_change change = 0; change < GROUP_CHANGES; change++)
        if (flushing->counts[change] > 0 && !stored->failed)
            stored_note(stored,
                        rows->change(rows->context, change, flushing->rows[change],
                                     flushing->counts[change], &err),
                        &err);
}

void
stored_flush(struct stored *stored)
{
    struct flushing flushing = {.stored = stored};
    if (stored->failed || stored->dirty_count == 0)
        return;
    for (int change = 0; change < GROUP_CHANGES; change++)
        flushing.rows[change] = memory_calloc(stored->dirty_count + 1, sizeof(struct group_row));
    for (size_t i = 0; i < stored->dirty_count; i++)
        look_at(&flushing, stored->dirty[i]);
    stored->dirty_count = 0;
    stored->moved = false;
    send(&flushing);
    for (int change = 0; change < GROUP_CHANGES; change++)
        free(flushing.rows[change]);
    free(flushing.keys[0]);
    free(flushing.keys[1]);
}

static void
fill_opening(struct stored *stored, const struct grouping *grouping, size_t n, struct sv reason)
{
    const struct work_node *node = &grouping->nodes[n];
    struct node_id id = node_id_of(node);
    struct group_state state = {
        .component = node_id_of(&grouping->nodes[node->component]),
        .label = {node->group_id, node_id_of(&grouping->nodes[node->group])},
        .reason = reason,
    };
    stored->opening.put_node(stored, node);
    stored->opening.put_state(stored, &id, &state);
}

static void
fill_attaching(struct stored *stored, const struct grouping *grouping, size_t n, struct sv reason)
{
    const struct work_node *node = &grouping->nodes[n];
    struct node_id id = node_id_of(node);
    struct attach_state state = {.attached = node->attached_to != NO_NODE, .reason = reason};
    stored->attaching.put_node(stored, node);
    if (state.attached) {
        const struct work_node *to = &grouping->nodes[node->attached_to];
        if (node->explicit_id.len > 0 && sv_eq(to->group_id, node->explicit_id))
            state.explicit_id = node->explicit_id;
        else
            state.to = node_id_of(to);
    }
    stored->attaching.put_state(stored, &id, &state);
}

void
stored_fill(struct stored *stored, const struct grouping *grouping, const struct sv *reasons)
{
    stored->empty = true;
    for (size_t n = 0; n < grouping->node_count && !stored->failed; n++) {
        struct sv reason = reasons == NULL ? grouping->nodes[n].reason : reasons[n];
        if (node_opens(&grouping->nodes[n]))
            fill_opening(stored, grouping, n, reason);
        else
            fill_attaching(stored, grouping, n, reason);
        if (stored->dirty_count >= FILL_NODES)
            stored_flush(stored);
    }
    stored_flush(stored);
}
