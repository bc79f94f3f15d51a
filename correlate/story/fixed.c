/*
 * Integer roots and logarithms, so that scores have the same bytes on every machine; and the map
 * from words to numbers that scoring uses. Pure; called while a timeline is scored.
 */
#include "correlate/story/rows.h"

#include <assert.h>

uint64_t
isqrt64(uint64_t value)
{
    uint64_t root = 0, bit = UINT64_C(1) << 62;
    while (bit > value)
        bit >>= 2;
    for (; bit != 0; bit >>= 2) {
        if (value >= root + bit) {
            value -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

/* Bit by bit: squaring a number in [1, 2) shows the next binary digit of its logarithm. */
int64_t
log2_fixed(uint64_t value)
{
    assert(value > 0);
    int whole = 63 - __builtin_clzll(value);
    uint64_t x = whole >= 31 ? value >> (whole - 31) : value << (31 - whole);
    int64_t result = whole;
    for (int i = 0; i < 24; i++) {
        x = (x * x) >> 31;
        result <<= 1;
        if (x >= UINT64_C(1) << 32) {
            x >>= 1;
            result |= 1;
        }
    }
    return result;
}

int64_t
divide_round(int64_t numerator, int64_t denominator)
{
    assert(denominator > 0);
    return numerator >= 0 ? (2 * numerator + denominator) / (2 * denominator)
                          : -((-2 * numerator + denominator) / (2 * denominator));
}

/* ---------------------------------------------------------------------- map */

void
counter_init(struct counter *counter, struct arena *arena)
{
    *counter = (struct counter){.arena = arena, .size = 64};
    counter->slots = ARENA_ARRAY(arena, struct counter_slot, counter->size);
}

static struct counter_slot *
slot_of(struct counter_slot *slots, size_t size, struct sv key)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * UINT64_C(1099511628211);
    size_t at = (size_t)(hash & (size - 1));
    while (slots[at].key.ptr != NULL && !sv_eq(slots[at].key, key))
        at = (at + 1) & (size - 1);
    return &slots[at];
}

int64_t *
counter_find(const struct counter *counter, struct sv key)
{
    if (key.ptr == NULL)
        key = SV("");
    struct counter_slot *slot = slot_of(counter->slots, counter->size, key);
    return slot->key.ptr == NULL ? NULL : &slot->value;
}

int64_t *
counter_at(struct counter *counter, struct sv key, int64_t initial)
{
    if (key.ptr == NULL)
        key = SV("");
    assert(counter->size > 0 && counter->count < counter->size);
    if (counter->count * 2 >= counter->size) {
        size_t size = counter->size * 2;
        struct counter_slot *slots = ARENA_ARRAY(counter->arena, struct counter_slot, size);
        for (size_t i = 0; i < counter->size; i++)
            if (counter->slots[i].key.ptr != NULL)
                *slot_of(slots, size, counter->slots[i].key) = counter->slots[i];
        counter->slots = slots;
        counter->size = size;
    }
    struct counter_slot *slot = slot_of(counter->slots, counter->size, key);
    if (slot->key.ptr == NULL) {
        *slot = (struct counter_slot){key, initial};
        counter->count++;
    }
    return &slot->value;
}
