/*
 * Telling what nothing came to: see retell.h.
 */
#include "correlate/stored/retell.h"

#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/held.h"

#define ROUNDS_MAX 64 /* in which more turned out to have been saved with it */

struct keys {
    struct sv *at; /* sorted after keys_sort() */
    size_t count, size;
};

struct retell {
    struct advance advance;
    struct keys told, gone; /* of nodes */
    struct keys quiet;      /* alerts that open nothing */
};

static void
keys_add(struct keys *keys, struct sv key)
{
    keys->at = memory_grow(keys->at, &keys->size, keys->count + 1, sizeof(*keys->at));
    keys->at[keys->count++] = key;
}

static int
by_text(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

static bool
keys_have(const struct keys *keys, struct sv key)
{
    return keys->count > 0 &&
           bsearch(&key, keys->at, keys->count, sizeof(*keys->at), by_text) != NULL;
}

/* ------------------------------------------------------------------ what is told */

static void
add_loose(struct retell *retell, const struct held *held)
{
    struct advance *advance = &retell->advance;
    const struct work_node *node = held->node;
    if (node == NULL)
        return;
    if (node->role == NODE_ALERT || !advance_opens_any(advance))
        keys_add(&retell->quiet, node_key_text(advance->arena, node));
    else
        spots_add(&advance->candidates, node->role, node->first_ms, node->last_ms);
}

/* Nodes that no candidate can have. */
static void
tell_quiet(struct retell *retell)
{
    struct advance *advance = &retell->advance;
    retell->quiet.count = advance_texts(retell->quiet.at, retell->quiet.count);
    for (size_t i = 0; i < retell->quiet.count; i++) {
        struct node_id id;
        if (!node_key_read(retell->quiet.at[i], &id))
            continue;
        const struct held *held = held_at(&advance->stored, false, &id);
        if (held->node != NULL)
            loose_add(advance, &(struct told_node){held->node, held->is.reason});
    }
}

static void
tell_all(struct retell *retell)
{
    struct advance *advance = &retell->advance;
    advance->told_count = advance->loose_count = 0;
    label_list_sort(&advance->labels);
    advance_find(advance);
    if (advance->whole != NULL || advance_failed(advance))
        return;
    advance_tell_groups(advance);
    if (advance_opens_any(advance))
        advance_candidates(advance);
    tell_quiet(retell);
}

static void
list_told(struct retell *retell)
{
    struct advance *advance = &retell->advance;
    retell->told.count = 0;
    for (size_t i = 0; i < advance->told_count; i++)
        for (size_t k = 0; k < advance->told[i].count; k++)
            keys_add(&retell->told, node_key_text(advance->arena, advance->told[i].nodes[k].node));
    for (size_t i = 0; i < advance->loose_count; i++)
        keys_add(&retell->told, node_key_text(advance->arena, advance->loose[i].node));
    retell->told.count = advance_texts(retell->told.at, retell->told.count);
}

/* ------------------------------------------------------------------ what was saved with it */

/* Keys of the nodes that were saved in incidents of which a node is told. */
static struct sv *
saved_with(struct retell *retell, size_t *ret_count)
{
    struct advance *advance = &retell->advance;
    const struct scope_reader *reader = advance->in->reader;
    struct sv *keys = ARENA_ARRAY(advance->arena, struct sv, retell->told.count + 1), *nodes = NULL;
    struct err err;
    *ret_count = 0;
    if (advance_failed(advance) || retell->told.count == 0)
        return NULL;
    advance_note(advance,
                 reader->incidents_of(reader->context, advance->arena, retell->told.at,
                                      retell->told.count, keys, &err),
                 &err);
    size_t count = advance_failed(advance) ? 0 : advance_texts(keys, retell->told.count);
    if (count > 0)
        advance_note(
            advance,
            reader->nodes_of(reader->context, advance->arena, keys, count, &nodes, ret_count, &err),
            &err);
    if (advance_failed(advance))
        *ret_count = 0;
    return nodes;
}

/* Returns whether it is to be told as well. */
static bool
tell_with(struct retell *retell, struct sv key)
{
    struct advance *advance = &retell->advance;
    struct node_id id;
    struct group_label label;
    if (!node_key_read(key, &id)) {
        keys_add(&retell->gone, key);
        return false;
    }
    if (kept_label(&advance->stored, &id, &label)) {
        label_list_add(&advance->labels, &label);
        return true;
    }
    const struct held *held = held_at(&advance->stored, false, &id);
    if (held->node == NULL) {
        keys_add(&retell->gone, key);
        return false;
    }
    add_loose(retell, held);
    return true;
}

static bool
widen(struct retell *retell)
{
    size_t count;
    bool wider = false;
    list_told(retell);
    const struct sv *nodes = saved_with(retell, &count);
    retell->gone.count = 0;
    for (size_t i = 0; i < count && !advance_failed(&retell->advance); i++)
        if (!keys_have(&retell->told, nodes[i]))
            wider = tell_with(retell, nodes[i]) || wider;
    return wider;
}

/* ------------------------------------------------------------------ all of it */

static int
finish(struct retell *retell, struct advanced *advanced, struct err *err)
{
    struct advance *advance = &retell->advance;
    if (advance->whole != NULL || advance_failed(advance)) {
        advanced->whole = advance->whole;
        return 0;
    }
    if (advance_tell(advance, advanced, err) != 0)
        return -1;
    size_t count = advance_texts(retell->gone.at, retell->gone.count);
    struct sv *gone = ARENA_ARRAY(advance->arena, struct sv, count + 1);
    for (size_t i = 0; i < count; i++)
        gone[i] = retell->gone.at[i];
    advanced->gone_nodes = gone;
    advanced->gone_node_count = count;
    return 0;
}

static int
run(struct retell *retell, const struct retelling *retelling, struct advanced *advanced,
    struct err *err)
{
    struct advance *advance = &retell->advance;
    int rounds = 0;
    advance_records(advance); /* nothing came, but declarations are known */
    for (size_t i = 0; i < retelling->label_count; i++)
        label_list_add(&advance->labels, &retelling->labels[i]);
    for (size_t i = 0; i < retelling->loose_count; i++)
        add_loose(retell, held_of_row(&advance->stored, &retelling->loose[i].row));
    do
        tell_all(retell);
    while (advance->whole == NULL && !advance_failed(advance) && widen(retell) &&
           ++rounds < ROUNDS_MAX);
    if (rounds == ROUNDS_MAX)
        advance->whole = "incidents that changed with each other without end";
    return finish(retell, advanced, err);
}

int
retell(const struct retelling *retelling, struct advanced *ret_advanced, struct err *err)
{
    const struct advancing *in = retelling->advancing;
    struct retell retell = {.advance = {.in = in, .arena = in->arena}};
    struct advance *advance = &retell.advance;
    *ret_advanced = (struct advanced){0};
    stored_init(&advance->stored, in->arena, in->rows);
    int status = run(&retell, retelling, ret_advanced, err);
    status = advance_end(advance, status, ret_advanced, err);
    free(retell.told.at);
    free(retell.gone.at);
    free(retell.quiet.at);
    return status;
}

int
retell_labels(const struct advancing *advancing, const struct group_answer *nodes, size_t count,
              struct group_label **ret_labels, size_t *ret_count, struct err *err)
{
    struct stored stored;
    struct label_list list = {0};
    stored_init(&stored, advancing->arena, advancing->rows);
    for (size_t i = 0; i < count; i++) {
        const struct group_row *row = &nodes[i].row;
        const struct work_node *head = NULL;
        struct node_id first = row->is.root;
        if (row->is.label.len > 0)
            head = stored.opening.head(&stored, row->is.label);
        if (head != NULL)
            first = node_id_of(head);
        if (node_ids_cmp(&first, &row->id) == 0)
            label_list_add(&list, &(struct group_label){row->is.label, row->is.root});
    }
    *ret_labels = ARENA_ARRAY(advancing->arena, struct group_label, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        (*ret_labels)[i] = list.at[i];
    *ret_count = list.count;
    free(list.at);
    int status = stored_end(&stored, err);
    stored_release(&stored);
    return status;
}
