/*
 * The table of fields: see tape_private.h. A hash table with open addressing that grows while lists
 * are registered and does not change while somebody scans.
 */
#include "ingest/parse/tape_private.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

#define EDGES_FIRST 2048 /* a power of two */

/* First and last bytes of a key: all of it, up to 16. */
struct ends {
    uint64_t first, last;
};

struct edge {
    const char *name; /* NULL: free */
    struct ends ends;
    uint32_t len;
    int32_t parent, child;
};

static struct edge first_edges[EDGES_FIRST];
static struct edge *edges = first_edges;
static size_t edges_size = EDGES_FIRST; /* a power of two, more than twice the number of edges */
static size_t edge_count;
static size_t field_count = 1; /* FIELD_ROOT */
static struct arena names;     /* what edges and lists point to: as long as the process */

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
                     ((uint64_t)len << 32 | (uint32_t)parent) * UINT64_C(0x165667B19E3779F9);
    return (mixed ^ mixed >> 29) >> 20 & (edges_size - 1);
}

int
tape_field_below(int parent, struct sv key)
{
    struct ends ends = ends_of(key);
    for (size_t at = place_of(parent, ends, key.len);; at = (at + 1) & (edges_size - 1)) {
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
put_edge(const struct edge *edge)
{
    size_t at = place_of(edge->parent, edge->ends, edge->len);
    while (edges[at].name != NULL)
        at = (at + 1) & (edges_size - 1);
    edges[at] = *edge;
}

static void
more_edges(void)
{
    struct edge *old = edges;
    size_t old_size = edges_size;
    edges_size *= 2;
    edges = memory_calloc(edges_size, sizeof(*edges));
    for (size_t i = 0; i < old_size; i++)
        if (old[i].name != NULL)
            put_edge(&old[i]);
    if (old != first_edges)
        free(old);
}

static void
add_edge(int parent, struct sv name, int child)
{
    if (tape_field_below(parent, name) != FIELD_NONE)
        return;
    if (++edge_count > edges_size / 2)
        more_edges();
    const struct edge edge = {arena_copy(&names, name).ptr, ends_of(name), (uint32_t)name.len,
                              parent, child};
    put_edge(&edge);
}

static int
new_field(void)
{
    size_t number = field_count++;
    assert(number < INT32_MAX / TAPE_NEAR);
    return number < TAPE_NEAR ? (int)number : (int)(number - TAPE_NEAR + 1) * TAPE_NEAR;
}

/* Every split of the path into keys leads to the same field. */
static int
add_path(struct sv path)
{
    int fields[TAPE_PATH_KEYS_MAX + 1] = {FIELD_ROOT}; /* of the prefixes before each dot */
    size_t starts[TAPE_PATH_KEYS_MAX + 1] = {0}, steps = 0;
    for (size_t end = 0; end <= path.len; end++) {
        if (end < path.len && path.ptr[end] != '.')
            continue;
        struct sv last = sv_slice(path, starts[steps], end);
        int field = tape_field_below(fields[steps], last);
        if (field == FIELD_NONE)
            field = new_field();
        for (size_t i = 0; i <= steps; i++)
            add_edge(fields[i], sv_slice(path, starts[i], end), field);
        assert(steps < TAPE_PATH_KEYS_MAX);
        fields[++steps] = field;
        starts[steps] = end + 1;
    }
    return fields[steps];
}

void
tape_register(struct field_list *list)
{
    struct sv rest = sv_from(list->paths), path;
    size_t count = 1;
    assert(!sv_empty(rest));
    if (names.block_bytes == 0)
        arena_init(&names, 0);
    for (size_t i = 0; i < rest.len; i++)
        count += rest.ptr[i] == '|';
    int32_t *fields = ARENA_ARRAY(&names, int32_t, count);
    *list = (struct field_list){.paths = list->paths, .fields = fields};
    while (sv_split(&rest, '|', &path)) {
        int field = add_path(path);
        fields[list->count++] = field;
        if (field < TAPE_NEAR)
            list->mask[field / 64] |= UINT64_C(1) << (field % 64);
        else
            list->mask[0] |= FAR_BIT;
    }
}

size_t
tape_edge_count(void)
{
    return edge_count;
}

size_t
tape_field_count(void)
{
    return field_count;
}

size_t
tape_field_number(int field)
{
    assert(field >= 0);
    return (size_t)(field < TAPE_NEAR ? field : TAPE_NEAR - 1 + field / TAPE_NEAR);
}
