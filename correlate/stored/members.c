/*
 * Members of incidents: see members.h. A node that hangs on a member by what it shares has that
 * member as its root; one that hangs there by an explicit id has the id for its label.
 */
#include "correlate/stored/members.h"

#include <stdlib.h>

#include "base/memory.h"

/* ------------------------------------------------------------------ labels */

void
label_list_add(struct label_list *list, const struct group_label *label)
{
    list->at = memory_grow(list->at, &list->size, list->count + 1, sizeof(*list->at));
    list->at[list->count++] = *label;
}

static int
label_order(const void *left, const void *right)
{
    return group_labels_cmp(left, right);
}

void
label_list_sort(struct label_list *list)
{
    size_t kept = 0;
    if (list->count > 1)
        qsort(list->at, list->count, sizeof(*list->at), label_order);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || label_order(&list->at[kept - 1], &list->at[i]) != 0)
            list->at[kept++] = list->at[i];
    list->count = kept;
}

bool
kept_label(struct stored *stored, const struct node_id *id, struct group_label *ret_label)
{
    struct group_state state;
    struct attach_state hangs;
    if (stored->opening.state(stored, id, &state)) {
        *ret_label = state.label;
        return true;
    }
    if (!stored->attaching.state(stored, id, &hangs) || !hangs.attached)
        return false;
    *ret_label = (struct group_label){.explicit_id = hangs.explicit_id};
    if (hangs.explicit_id.len > 0)
        return true;
    if (!stored->opening.state(stored, &hangs.to, &state))
        return false;
    *ret_label = state.label;
    return true;
}

/* ------------------------------------------------------------------ members */

struct gathered {
    size_t incident;
    const struct held *held;
};

struct gathering {
    struct stored *stored;
    const struct group_label *labels;
    struct gathered *at;
    size_t count, size;
};

static void
gather(struct gathering *gathering, size_t incident, const struct held *held)
{
    gathering->at =
        memory_grow(gathering->at, &gathering->size, gathering->count + 1, sizeof(*gathering->at));
    gathering->at[gathering->count++] = (struct gathered){incident, held};
}

/* `owners`: of each place the incident that it is asked for. */
static struct group_answer *
ask(struct gathering *gathering, enum group_question question, const struct group_place *places,
    size_t asked, size_t *ret_count)
{
    struct stored *stored = gathering->stored;
    struct group_answer *answers = NULL;
    struct err err;
    *ret_count = 0;
    if (stored->failed || asked == 0)
        return NULL;
    stored_note(stored,
                stored->rows->ask(stored->rows->context, stored->arena, question, places, asked,
                                  &answers, ret_count, &err),
                &err);
    *ret_count = stored->failed ? 0 : *ret_count;
    return answers;
}

/* Opening nodes of all labels of one sort. */
static void
gather_opening(struct gathering *gathering, bool named, size_t count)
{
    struct arena *arena = gathering->stored->arena;
    struct group_place *places = ARENA_ARRAY(arena, struct group_place, count + 1);
    size_t *owners = ARENA_ARRAY(arena, size_t, count + 1), asked = 0, found;
    for (size_t i = 0; i < count; i++) {
        const struct group_label *label = &gathering->labels[i];
        if ((label->explicit_id.len > 0) != named)
            continue;
        places[asked] = (struct group_place){.opens = true, .id = label->root};
        if (named)
            places[asked].digest = group_digest_of(label->explicit_id);
        owners[asked++] = i;
    }
    const struct group_answer *answers =
        ask(gathering, named ? GROUP_LABELLED : GROUP_ROOTED, places, asked, &found);
    for (size_t i = 0; i < found; i++)
        if (answers[i].row.opens)
            gather(gathering, owners[answers[i].place],
                   held_of_row(gathering->stored, &answers[i].row));
}

/* What hangs on the opening nodes that were gathered. */
static void
gather_hanging(struct gathering *gathering)
{
    struct arena *arena = gathering->stored->arena;
    size_t opening = gathering->count, found;
    struct group_place *places = ARENA_ARRAY(arena, struct group_place, opening + 1);
    for (size_t i = 0; i < opening; i++)
        places[i] = (struct group_place){.id = gathering->at[i].held->id};
    const struct group_answer *answers = ask(gathering, GROUP_ROOTED, places, opening, &found);
    for (size_t i = 0; i < found; i++)
        if (!answers[i].row.opens)
            gather(gathering, gathering->at[answers[i].place].incident,
                   held_of_row(gathering->stored, &answers[i].row));
}

/* What hangs on an explicit id; nothing does that no opening node has. */
static void
gather_naming(struct gathering *gathering, size_t count)
{
    struct arena *arena = gathering->stored->arena;
    struct group_place *places = ARENA_ARRAY(arena, struct group_place, count + 1);
    size_t *owners = ARENA_ARRAY(arena, size_t, count + 1), asked = 0, found;
    for (size_t i = 0; i < count; i++) {
        if (gathering->labels[i].explicit_id.len == 0)
            continue;
        places[asked] =
            (struct group_place){.digest = group_digest_of(gathering->labels[i].explicit_id)};
        owners[asked++] = i;
    }
    const struct group_answer *answers = ask(gathering, GROUP_NAMING, places, asked, &found);
    for (size_t i = 0; i < found; i++) {
        const struct held *held = held_of_row(gathering->stored, &answers[i].row);
        size_t owner = owners[answers[i].place];
        if (held->node != NULL && sv_eq(held->is.label, gathering->labels[owner].explicit_id))
            gather(gathering, owner, held);
    }
}

static int
gathered_order(const void *left, const void *right)
{
    const struct gathered *a = left, *b = right;
    if (a->incident != b->incident)
        return a->incident < b->incident ? -1 : 1;
    return node_ids_cmp(&a->held->id, &b->held->id);
}

void
kept_incidents(struct stored *stored, const struct group_label *labels, size_t count,
               struct kept_incident *ret_incidents)
{
    struct gathering gathering = {.stored = stored, .labels = labels};
    stored_flush(stored);
    gather_opening(&gathering, false, count);
    gather_opening(&gathering, true, count);
    gather_hanging(&gathering);
    gather_naming(&gathering, count);
    if (gathering.count > 1)
        qsort(gathering.at, gathering.count, sizeof(*gathering.at), gathered_order);
    const struct held **nodes =
        ARENA_ARRAY(stored->arena, const struct held *, gathering.count + 1);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        ret_incidents[i] = (struct kept_incident){.label = labels[i], .nodes = nodes + at};
        for (; at < gathering.count && gathering.at[at].incident == i; at++)
            nodes[at] = gathering.at[at].held;
        ret_incidents[i].count = (size_t)(nodes + at - ret_incidents[i].nodes);
    }
    free(gathering.at);
}
