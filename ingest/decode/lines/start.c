/*
 * Walking lines through all patterns at once: see start.h. The states that are reached together are
 * a place; places and the ways between them are found when a line first takes them, and kept by the
 * thread that did. When there are too many, what is left at the last known place is the answer: it
 * may be more than is possible, never less.
 */
#include "ingest/decode/lines/start.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ingest/decode/lines/states.h"

#define PLACES_MAX 4096
#define SLOTS (2 * PLACES_MAX) /* of the table of places; a power of two */
#define NOWHERE 0              /* the place from which nothing can be reached */
#define UNKNOWN UINT16_MAX

struct line_starts {
    uint64_t number; /* of all that were made, since addresses come back */
    struct states states;
    uint32_t begins[LINE_STARTS_MAX];
    size_t count;
    struct line_starts_left always; /* what they say was not understood */
    uint8_t kind_of[UCHAR_MAX + 1]; /* bytes of a kind are in the same sets */
    uint8_t byte_of[UCHAR_MAX + 1]; /* one of each kind */
    size_t kinds;
};

struct place {
    const uint32_t *states; /* ascending */
    uint32_t count;
    struct line_starts_left left; /* whose states they are */
    struct line_starts_left ends; /* who may end here */
};

/* Of one thread. */
struct map {
    const struct line_starts *starts;
    uint64_t number; /* of those */
    struct arena arena;
    struct place *places;
    size_t place_size, way_size;
    uint16_t count;
    uint16_t *ways;        /* by place and kind of byte */
    uint16_t slots[SLOTS]; /* hash table of places; UNKNOWN: empty */
    uint32_t *seen, turn;  /* by state: the turn in which it was reached */
    uint32_t *reached;     /* room for all states */
    uint32_t *stack;
};

/* ---- patterns ---- */

struct line_starts *
line_starts_new(struct arena *arena)
{
    static _Atomic uint64_t made;
    struct line_starts *starts = ARENA_NEW(arena, struct line_starts);
    starts->number = ++made;
    starts->states.arena = arena;
    return starts;
}

int
line_starts_add(struct line_starts *starts, struct sv pattern)
{
    if (starts->count == LINE_STARTS_MAX)
        return -1;
    size_t number = starts->count++;
    starts->begins[number] = states_add(&starts->states, pattern, (uint16_t)number);
    if (starts->begins[number] == STATES_NONE)
        line_starts_set(&starts->always, number);
    return (int)number;
}

size_t
line_starts_count(const struct line_starts *starts)
{
    return starts->count;
}

bool
line_starts_knows(const struct line_starts *starts, size_t number)
{
    return number < starts->count && !line_starts_has(&starts->always, number);
}

static bool
same_kind(const struct states *states, unsigned a, unsigned b)
{
    for (size_t i = 0; i < states->set_count; i++)
        if (byte_in(&states->sets[i], a) != byte_in(&states->sets[i], b))
            return false;
    return true;
}

void
line_starts_ready(struct line_starts *starts)
{
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++) {
        size_t kind = 0;
        while (kind < starts->kinds && !same_kind(&starts->states, byte, starts->byte_of[kind]))
            kind++;
        if (kind == starts->kinds)
            starts->byte_of[starts->kinds++] = (uint8_t)byte;
        starts->kind_of[byte] = (uint8_t)kind;
    }
}

/* ---- places ---- */

static pthread_key_t map_key;
static pthread_once_t map_once = PTHREAD_ONCE_INIT;

static void
free_map(void *of_thread)
{
    struct map *map = of_thread;
    arena_release(&map->arena);
    free(map->places);
    free(map->ways);
    free(map->seen);
    free(map->reached);
    free(map->stack);
    free(map);
}

static void
make_key(void)
{
    int failed = pthread_key_create(&map_key, free_map);
    memory_need(failed == 0 ? &map_key : NULL);
}

/* Adds what is reached from a state without a byte to those of this turn. */
static uint32_t
reach(struct map *map, uint32_t state, uint32_t count)
{
    const struct state *list = map->starts->states.list;
    uint32_t depth = 0;
    map->stack[depth++] = state;
    while (depth > 0) {
        state = map->stack[--depth];
        if (state == STATES_NONE || map->seen[state] == map->turn)
            continue;
        map->seen[state] = map->turn;
        if (list[state].set != STATE_FREE) {
            map->reached[count++] = state;
            continue;
        }
        map->stack[depth++] = list[state].next;
        map->stack[depth++] = list[state].other;
    }
    return count;
}

static int
compare_states(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static uint16_t *
slot_of(struct map *map, const uint32_t *states, uint32_t count)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < count; i++)
        hash = (hash ^ states[i]) * UINT64_C(0x100000001B3);
    size_t at = (size_t)(hash >> 20) & (SLOTS - 1);
    while (map->slots[at] != UNKNOWN) {
        const struct place *there = &map->places[map->slots[at]];
        if (there->count == count &&
            (count == 0 || memcmp(there->states, states, count * sizeof(*states)) == 0))
            break;
        at = (at + 1) & (SLOTS - 1);
    }
    return &map->slots[at];
}

/* The place of the states that were reached in this turn; UNKNOWN when there are too many. */
static uint16_t
place_of(struct map *map, uint32_t count)
{
    if (count > 1)
        qsort(map->reached, count, sizeof(*map->reached), compare_states);
    uint16_t *slot = slot_of(map, map->reached, count);
    if (*slot != UNKNOWN || map->count == PLACES_MAX)
        return *slot;
    size_t kinds = map->starts->kinds;
    map->places =
        memory_grow(map->places, &map->place_size, (size_t)map->count + 1, sizeof(*map->places));
    map->ways = memory_grow(map->ways, &map->way_size, ((size_t)map->count + 1) * kinds,
                            sizeof(*map->ways));
    struct place *place = &map->places[map->count];
    uint32_t *states = ARENA_ARRAY(&map->arena, uint32_t, (size_t)count + 1);
    memset(place, 0, sizeof(*place));
    for (uint32_t i = 0; i < count; i++) {
        const struct state *state = &map->starts->states.list[map->reached[i]];
        states[i] = map->reached[i];
        line_starts_set(&place->left, state->pattern);
        if (state->set == STATE_END)
            line_starts_set(&place->ends, state->pattern);
    }
    place->states = states;
    place->count = count;
    memset(&map->ways[map->count * kinds], 0xff, kinds * sizeof(*map->ways));
    *slot = map->count++;
    return *slot;
}

static uint16_t
find_way(struct map *map, uint16_t from, uint8_t kind)
{
    const struct states *states = &map->starts->states;
    const struct place place = map->places[from];
    uint32_t count = 0;
    map->turn++;
    for (uint32_t i = 0; i < place.count; i++) {
        const struct state *state = &states->list[place.states[i]];
        if (state->set != STATE_END &&
            byte_in(&states->sets[state->set], map->starts->byte_of[kind]))
            count = reach(map, state->next, count);
    }
    uint16_t to = place_of(map, count);
    map->ways[from * map->starts->kinds + kind] = to;
    return to;
}

/* ---- lines ---- */

static struct map *
new_map(const struct line_starts *starts)
{
    size_t states = starts->states.count;
    struct map *map = memory_calloc(1, sizeof(*map));
    map->starts = starts;
    map->number = starts->number;
    arena_init(&map->arena, 0);
    memset(map->slots, 0xff, sizeof(map->slots));
    map->seen = memory_calloc(states, sizeof(*map->seen));
    map->reached = memory_calloc(states, sizeof(*map->reached));
    map->stack = memory_calloc(2 * states + 1, sizeof(*map->stack));
    uint16_t nowhere = place_of(map, 0);
    assert(nowhere == NOWHERE);
    (void)nowhere;
    uint32_t count = 0;
    map->turn++;
    for (size_t i = 0; i < starts->count; i++)
        count = reach(map, starts->begins[i], count);
    (void)place_of(map, count);
    return map;
}

static struct map *
own_map(const struct line_starts *starts)
{
    static _Thread_local struct map *kept;
    if (kept != NULL && kept->number == starts->number)
        return kept;
    pthread_once(&map_once, make_key);
    if (kept != NULL)
        free_map(kept);
    kept = new_map(starts);
    (void)pthread_setspecific(map_key, kept);
    return kept;
}

void
line_starts_look(const struct line_starts *starts, struct sv line,
                 struct line_starts_left *ret_left)
{
    struct map *map = own_map(starts);
    size_t looked = line.len < LINE_START_BYTES ? line.len : LINE_START_BYTES, at = 0;
    uint16_t place = map->count > 1 ? 1 : NOWHERE, next;
    assert(starts->kinds > 0);
    for (; at < looked && place != NOWHERE; at++) {
        uint8_t kind = starts->kind_of[(unsigned char)line.ptr[at]];
        next = map->ways[place * starts->kinds + kind];
        if (next == UNKNOWN)
            next = find_way(map, place, kind);
        if (next == UNKNOWN)
            break;
        place = next;
    }
    const struct place *last = &map->places[place];
    const struct line_starts_left *left = at == line.len ? &last->ends : &last->left;
    for (size_t i = 0; i < LINE_START_WORDS; i++)
        ret_left->bits[i] = left->bits[i] | starts->always.bits[i];
}
