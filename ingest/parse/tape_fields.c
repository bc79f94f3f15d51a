/*
 * The table of fields: see tape_private.h. A hash table with open addressing.
 */
#include "ingest/parse/tape_private.h"

#include <assert.h>

#define EDGES_SIZE 2048 /* a power of two, more than twice the number of edges */

/* First and last bytes of a key: all of it, up to 16. */
struct ends {
    uint64_t first, last;
};

struct edge {
    const char *name; /* NULL: free */
    struct ends ends;
    uint32_t len;
    int16_t parent, child;
};

static struct edge edges[EDGES_SIZE];
static size_t edge_count;
static int field_count = 1; /* FIELD_ROOT */

static inline struct ends
ends_of(struct sv key)
{
    struct ends ends = {0, 0};
    uint32_t head, tail;
    if (key.len >= 8) {
        memcpy(&ends.first, key.ptr, 8);
        memcpy(&ends.last, key.ptr + key.len - 8, 8);
    } else if (key.len >= 4) {
        memcpy(&head, key.ptr, 4);
        memcpy(&tail, key.ptr + key.len - 4, 4);
        ends = (struct ends){head, tail};
    } else if (key.len > 0) {
        ends.first = (uint8_t)key.ptr[0] | (uint64_t)(uint8_t)key.ptr[key.len / 2] << 8 |
                     (uint64_t)(uint8_t)key.ptr[key.len - 1] << 16;
    }
    return ends;
}

static inline size_t
place_of(int parent, struct ends ends, size_t len)
{
    uint64_t mixed = ends.first * UINT64_C(0x9E3779B97F4A7C15) ^
                     ends.last * UINT64_C(0xC2B2AE3D27D4EB4F) ^
                     (len << 8 | (uint64_t)parent) * UINT64_C(0x165667B19E3779F9);
    return (mixed ^ mixed >> 29) >> 20 & (EDGES_SIZE - 1);
}

int
tape_field_below(int parent, struct sv key)
{
    struct ends ends = ends_of(key);
    for (size_t at = place_of(parent, ends, key.len);; at = (at + 1) & (EDGES_SIZE - 1)) {
        const struct edge *edge = &edges[at];
        if (edge->name == NULL)
            return FIELD_NONE;
        if (edge->len == key.len && edge->parent == parent && edge->ends.first == ends.first &&
            edge->ends.last == ends.last &&
            (key.len <= 16 || memcmp(edge->name, key.ptr, key.len) == 0))
            return edge->child;
    }
}

static void
add_edge(int parent, struct sv name, int child)
{
    struct ends ends = ends_of(name);
    if (tape_field_below(parent, name) != FIELD_NONE)
        return;
    edge_count++;
    assert(edge_count < EDGES_SIZE / 2);
    size_t at = place_of(parent, ends, name.len);
    while (edges[at].name != NULL)
        at = (at + 1) & (EDGES_SIZE - 1);
    edges[at] = (struct edge){name.ptr, ends, (uint32_t)name.len, (int16_t)parent, (int16_t)child};
}

/* Every split of the path into keys leads to the same field. */
static int
add_path(struct sv path)
{
    int fields[16] = {FIELD_ROOT}; /* of the prefixes that end before each dot */
    size_t starts[16] = {0}, steps = 0;
    for (size_t end = 0; end <= path.len; end++) {
        if (end < path.len && path.ptr[end] != '.')
            continue;
        struct sv last = sv_slice(path, starts[steps], end);
        int field = tape_field_below(fields[steps], last);
        if (field == FIELD_NONE) {
            assert(field_count < TAPE_FIELDS_MAX);
            field = field_count++;
        }
        for (size_t i = 0; i <= steps; i++)
            add_edge(fields[i], sv_slice(path, starts[i], end), field);
        assert(steps + 1 < sizeof(starts) / sizeof(starts[0]));
        fields[++steps] = field;
        starts[steps] = end + 1;
    }
    return fields[steps];
}

void
tape_register(struct field_list *list)
{
    struct sv rest = sv_from(list->paths), path;
    list->count = 0;
    while (sv_split(&rest, '|', &path)) {
        assert(list->count < TAPE_ALTERNATIVES_MAX);
        int field = add_path(path);
        list->fields[list->count++] = (int16_t)field;
        list->mask[field / 64] |= UINT64_C(1) << (field % 64);
    }
}

void
tape_join(struct field_list *list, const struct field_list *more)
{
    for (int i = 0; i < more->count; i++) {
        assert(list->count < TAPE_ALTERNATIVES_MAX);
        list->fields[list->count++] = more->fields[i];
        list->mask[more->fields[i] / 64] |= UINT64_C(1) << (more->fields[i] % 64);
    }
}
