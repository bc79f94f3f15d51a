/*
 * Nodes at hand: see held.h.
 */
#include "correlate/stored/held.h"

#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/content.h"

/* What it is found by, until the next call. */
static struct sv
name_of(struct stored *stored, bool opens, const struct node_id *id)
{
    struct strbuf *name = &stored->name;
    strbuf_clear(name);
    strbuf_add_char(name, opens ? 'o' : 'a');
    strbuf_add_be64(name, (uint64_t)id->first_ms);
    strbuf_add_be32(name, (uint32_t)id->source.len);
    strbuf_add_sv(name, id->source);
    strbuf_add_sv(name, id->uid);
    return strbuf_view(name);
}

void
stored_note(struct stored *stored, int status, const struct err *err)
{
    if (status == 0 || stored->failed)
        return;
    stored->failed = true;
    stored->err = *err;
}

static struct held *
hold(struct stored *stored, bool opens, const struct node_id *id)
{
    struct held *held = ARENA_NEW(stored->arena, struct held);
    *held = (struct held){.opens = opens, .id = *id};
    struct sv name = arena_copy(stored->arena, name_of(stored, opens, id));
    *counter_at(&stored->places, name, 0) = (int64_t)stored->held_count + 1;
    stored->held = memory_grow(stored->held, &stored->held_size, stored->held_count + 1,
                               sizeof(*stored->held));
    stored->held[stored->held_count++] = held;
    return held;
}

int64_t
held_place(struct stored *stored, bool opens, const struct node_id *id)
{
    const int64_t *place = counter_find(&stored->places, name_of(stored, opens, id));
    return place == NULL ? 0 : *place;
}

struct held *
held_find(struct stored *stored, bool opens, const struct node_id *id)
{
    int64_t place = held_place(stored, opens, id);
    return place == 0 ? NULL : stored->held[place - 1];
}

static void
fill(struct stored *stored, struct held *held, const struct group_row *row)
{
    struct work_node *node = ARENA_NEW(stored->arena, struct work_node);
    struct err err;
    if (!content_read(stored->arena, row->content, &row->id, node)) {
        stored_note(stored,
                    err_set(&err, ERR_DB_SCHEMA, "a row of correlate.group_node cannot be read"),
                    &err);
        return;
    }
    held->node = held->kept = node;
    held->content = row->content;
    held->derived = row->derived;
    held->is = row->is;
}

struct held *
held_of_row(struct stored *stored, const struct group_row *row)
{
    struct held *held = held_find(stored, row->opens, &row->id);
    if (held != NULL)
        return held;
    held = hold(stored, row->opens, &row->id);
    fill(stored, held, row);
    return held;
}

void
stored_load(struct stored *stored, bool opens, const struct node_id *ids, size_t count)
{
    struct group_place *places = ARENA_ARRAY(stored->arena, struct group_place, count + 1);
    struct group_answer *answers;
    struct err err;
    size_t asked = 0, found = 0;
    for (size_t i = 0; i < count; i++) {
        if (held_find(stored, opens, &ids[i]) != NULL)
            continue;
        hold(stored, opens, &ids[i]); /* is asked for once, and known to be absent if none comes */
        places[asked++] = (struct group_place){.opens = opens, .id = ids[i]};
    }
    if (asked == 0 || stored->empty || stored->failed)
        return;
    stored_note(stored,
                stored->rows->ask(stored->rows->context, stored->arena, GROUP_BY_ID, places, asked,
                                  &answers, &found, &err),
                &err);
    for (size_t i = 0; i < found && !stored->failed; i++)
        fill(stored, held_find(stored, opens, &answers[i].row.id), &answers[i].row);
}

struct held *
held_at(struct stored *stored, bool opens, const struct node_id *id)
{
    struct held *held = held_find(stored, opens, id);
    if (held != NULL)
        return held;
    stored_load(stored, opens, id, 1);
    return held_find(stored, opens, id);
}

void
held_touch(struct stored *stored, struct held *held, bool moves)
{
    if (moves) {
        stored->moved = true;
        if (stored->heads.count > 0)
            counter_init(&stored->heads, stored->arena);
    }
    if (held->dirty)
        return;
    held->dirty = true;
    stored->dirty = memory_grow(stored->dirty, &stored->dirty_size, stored->dirty_count + 1,
                                sizeof(*stored->dirty));
    stored->dirty[stored->dirty_count++] = held;
}
