/*
 * Records that wait: see late.h.
 */
#include "correlate/stored/late.h"

#include <stdlib.h>

#include "base/memory.h"

struct sv
late_name(struct arena *arena, const struct group_label *label)
{
    const struct work_node root = {
        .first_ms = label->root.first_ms, .source = label->root.source, .uid = label->root.uid};
    return label->explicit_id.len > 0 ? arena_printf(arena, "=" SV_FMT, SV_ARG(label->explicit_id))
                                      : node_key_text(arena, &root);
}

struct group_label
late_label(const struct group_flood *flood)
{
    return (struct group_label){flood->explicit_id, flood->root};
}

static struct node_id
late_id(const struct work_record *record)
{
    return (struct node_id){record->ms, record->source, record->uid};
}

struct sv
late_of(struct stored *late, const struct work_record *record)
{
    struct node_id id = late_id(record);
    struct group_state state;
    struct attach_state hangs;
    if (late->opening.state(late, &id, &state))
        return state.label.explicit_id;
    return late->attaching.state(late, &id, &hangs) ? hangs.explicit_id : SV_NONE;
}

void
late_put(struct stored *late, const struct work_node *node, const struct work_record *record,
         struct sv name)
{
    struct node_id id = node_id_of(node);
    late->series.put(late, record);
    if (node_opens(node)) {
        const struct group_state state = {.component = id, .label = {.explicit_id = name}};
        late->opening.put_node(late, node);
        late->opening.put_state(late, &id, &state);
        return;
    }
    const struct attach_state state = {.attached = true, .explicit_id = name};
    struct work_node *named = ARENA_NEW(late->arena, struct work_node);
    *named = *node;
    named->explicit_id = name; /* by which all of them are asked for */
    late->attaching.put_node(late, named);
    late->attaching.put_state(late, &id, &state);
}

struct taking {
    struct node_id *at;
    size_t count, size;
};

static void
take(void *context, size_t spot, const struct work_node *node)
{
    struct taking *taking = context;
    (void)spot;
    taking->at = memory_grow(taking->at, &taking->size, taking->count + 1, sizeof(*taking->at));
    taking->at[taking->count++] = node_id_of(node);
}

static void
take_opening(struct stored *late, struct sv name, struct taking *taking)
{
    const struct group_place place = {.opens = true, .digest = group_digest_of(name)};
    struct group_answer *answers = NULL;
    size_t count = 0;
    struct err err;
    stored_flush(late);
    if (late->failed)
        return;
    stored_note(late,
                late->rows->ask(late->rows->context, late->arena, GROUP_LABELLED, &place, 1,
                                &answers, &count, &err),
                &err);
    for (size_t i = 0; i < count && !late->failed; i++) {
        const struct held *held = held_of_row(late, &answers[i].row);
        if (held->node != NULL)
            take(taking, 0, held->node);
    }
}

const struct work_record **
late_take(struct stored *late, struct sv name, size_t *ret_count)
{
    struct taking taking = {0};
    take_opening(late, name, &taking);
    size_t opening = taking.count, kept = 0;
    late->attaching.naming(late, name, take, &taking);
    const struct work_record **records =
        ARENA_ARRAY(late->arena, const struct work_record *, taking.count + 1);
    struct sv *uids = ARENA_ARRAY(late->arena, struct sv, taking.count + 1);
    for (size_t i = 0; i < taking.count; i++) {
        uids[i] = arena_copy(late->arena, taking.at[i].uid);
        if (i < opening)
            late->opening.drop_node(late, &taking.at[i]);
        else
            late->attaching.drop_node(late, &taking.at[i]);
    }
    stored_flush_records(late);
    stored_records(late, uids, taking.count, records);
    for (size_t i = 0; i < taking.count; i++) {
        if (records[i] == NULL)
            continue;
        late->series.drop(late, records[i]);
        records[kept++] = records[i];
    }
    free(taking.at);
    *ret_count = kept;
    return records;
}
