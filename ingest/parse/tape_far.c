/*
 * The fields of a tape beyond the near ones: see tape.h and tape_private.h. A hash table in the
 * arena that grows with what the text holds, however many fields are known. Called while a text is
 * scanned and by who reads its tape, on the thread of their worker.
 */
#include <assert.h>

#include "ingest/parse/tape_private.h"

#define FAR_FIRST 16 /* a power of two */

static struct tape_far *
slot_of(struct tape_far *table, uint32_t size, int field)
{
    uint32_t at = (uint32_t)(field / TAPE_NEAR) * UINT32_C(0x9E3779B1) >> 12 & (size - 1);
    while (table[at].field != FIELD_NONE && table[at].field != field)
        at = (at + 1) & (size - 1);
    return &table[at];
}

struct tape_value *
tape_far_find(const struct tape *tape, int field)
{
    assert(field >= TAPE_NEAR);
    if (tape->far_count == 0)
        return NULL;
    const struct tape_far *slot = slot_of(tape->far, tape->far_size, field);
    return slot->field == field ? slot->value : NULL;
}

static void
grow(struct arena *arena, struct tape *tape)
{
    uint32_t size = tape->far_size == 0 ? FAR_FIRST : tape->far_size * 2;
    struct tape_far *larger = arena_alloc(arena, size * sizeof(*larger));
    for (uint32_t i = 0; i < size; i++)
        larger[i] = (struct tape_far){FIELD_NONE, NULL};
    for (uint32_t i = 0; i < tape->far_size; i++)
        if (tape->far[i].field != FIELD_NONE)
            *slot_of(larger, size, tape->far[i].field) = tape->far[i];
    tape->far = larger;
    tape->far_size = size;
}

struct tape_value *
tape_far_add(struct arena *arena, struct tape *tape, int field)
{
    assert(field >= TAPE_NEAR && tape_far_find(tape, field) == NULL);
    if (tape->far_count >= tape->far_size / 2)
        grow(arena, tape);
    struct tape_far *slot = slot_of(tape->far, tape->far_size, field);
    *slot = (struct tape_far){field, arena_alloc(arena, sizeof(*slot->value))};
    tape->far_count++;
    tape->present[0] |= FAR_BIT;
    return slot->value;
}

int
tape_next_far(const struct tape *tape, uint32_t *slot)
{
    assert(*slot <= tape->far_size);
    while (*slot < tape->far_size) {
        int field = tape->far[(*slot)++].field;
        if (field != FIELD_NONE)
            return field;
    }
    return FIELD_NONE;
}
