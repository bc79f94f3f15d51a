/*
 * Which shape reads a record: see match.h.
 */
#include "ingest/decode/maps/match.h"

#include "ingest/decode/maps/trace.h"

/* ---- open ---- */

struct opening {
    struct map_reading *reading;
    const struct map_open *open;
    map_visit *visit;
    void *own;
};

/* False: the visitor has enough. */
static bool
visit_list(const struct opening *opening, struct json_node *list, struct map_scope scope)
{
    size_t count = map_nodes(opening->reading, list);
    for (size_t i = 0; i < count; i++) {
        scope.here = map_enter(opening->reading, &list->nodes[i]);
        if (!map_spend(opening->reading, 1) ||
            !opening->visit(opening->reading, &scope, opening->own))
            return false;
    }
    return true;
}

static bool open_from(const struct opening *opening, struct json_node *value, size_t at,
                      struct map_scope scope);

static bool
open_any(const struct opening *opening, struct json_node *value, size_t at,
         const struct map_scope *scope)
{
    size_t count = map_nodes(opening->reading, value);
    for (size_t i = 0; i < count; i++)
        if (!map_spend(opening->reading, 1) ||
            !open_from(opening, &value->nodes[i], at + 1, *scope))
            return false;
    return true;
}

/* `scope` has the objects passed so far. */
static bool
open_from(const struct opening *opening, struct json_node *value, size_t at, struct map_scope scope)
{
    const struct map_path *path = &opening->open->path;
    value = map_enter(opening->reading, value);
    if (at == path->count && node_is(value, TAPE_ARRAY))
        return visit_list(opening, value, scope);
    if (at == path->count && !node_is(value, TAPE_OBJECT))
        return true;
    if (at == path->count) {
        scope.here = value;
        return opening->visit(opening->reading, &scope, opening->own);
    }
    if (node_is(value, TAPE_OBJECT) && scope.up_count < MAP_UPS_MAX)
        scope.ups[scope.up_count++] = value;
    if (path->parts[at].kind == PART_ANY)
        return open_any(opening, value, at, &scope);
    struct json_node *inner = map_member(opening->reading, value, path->parts[at].key);
    return inner == NULL || open_from(opening, inner, at + 1, scope);
}

void
map_open_each(struct map_reading *reading, const struct map_open *open,
              const struct map_scope *from, map_visit *visit, void *own)
{
    const struct opening opening = {reading, open, visit, own};
    if (open->here)
        visit(reading, from, own);
    else
        open_from(&opening, from->here, 0, *from);
}

static bool
keep_first(struct map_reading *reading, const struct map_scope *scope, void *own)
{
    (void)reading;
    if (!node_is(scope->here, TAPE_OBJECT))
        return true;
    *(struct map_scope *)own = *scope;
    return false;
}

bool
map_open_first(struct map_reading *reading, const struct map_open *open,
               const struct map_scope *from, struct map_scope *ret_scope)
{
    struct map_scope first = {.here = NULL};
    map_open_each(reading, open, from, keep_first, &first);
    if (first.here == NULL)
        return false;
    *ret_scope = first;
    return true;
}

/* ---- when ---- */

struct holding {
    const struct map_condition *condition;
    bool held;
};

static bool
take_condition(struct map_reading *reading, struct map_value value, void *own)
{
    struct holding *holding = own;
    map_trace_seen(reading->trace, value.node);
    if (node_is(value.node, TAPE_NULL))
        return false;
    if (!holding->condition->compares) {
        holding->held = true;
        return true;
    }
    struct sv text = map_plain(reading, value);
    holding->held = text.ptr != NULL && map_table_find(&holding->condition->words, text) != NULL;
    return holding->held;
}

static bool
holds(struct map_reading *reading, const struct map_condition *condition,
      const struct map_scope *scope)
{
    struct holding holding = {condition, false};
    map_walk(reading, &condition->path, scope, take_condition, &holding);
    return holding.held != condition->negated;
}

bool
map_shape_holds(struct map_reading *reading, const struct map_shape *shape,
                const struct map_scope *scope, const struct map_when **ret_when)
{
    for (size_t i = 0; i < shape->when_count; i++) {
        const struct map_when *when = &shape->whens[i];
        size_t held = 0;
        while (held < when->count && holds(reading, &when->conditions[held], scope))
            held++;
        if (held < when->count)
            continue;
        if (ret_when != NULL)
            *ret_when = when;
        return true;
    }
    return false;
}

bool
map_shape_claims(struct map_reading *reading, const struct map_shape *shape,
                 const struct map_scope *record, struct map_match *ret_match)
{
    for (size_t i = 0; i < shape->open_count; i++) {
        struct map_scope first;
        if (!map_open_first(reading, &shape->opens[i], record, &first) ||
            !map_shape_holds(reading, shape, &first, NULL))
            continue;
        *ret_match = (struct map_match){shape, &shape->opens[i]};
        return true;
    }
    return false;
}

static bool
opens_alike(const struct map_shape *shape, const struct map_open *open)
{
    for (size_t i = 0; i < shape->open_count; i++)
        if (shape->opens[i].here == open->here &&
            (open->here || sv_eq(shape->opens[i].path.text, open->path.text)))
            return true;
    return false;
}

const struct map_shape *
map_shape_for(struct map_reading *reading, const struct map_match *winner,
              const struct map_scope *scope)
{
    const struct map_file *file = winner->shape->file;
    const struct map_shape *best = NULL;
    for (size_t i = 0; i < file->shape_count; i++) {
        const struct map_shape *one = &file->shapes[i];
        if (one->bid == 0 || one->replaced_by != NULL || (best != NULL && one->bid <= best->bid) ||
            !opens_alike(one, winner->open) || !map_shape_holds(reading, one, scope, NULL))
            continue;
        best = one;
    }
    return best == NULL ? winner->shape : best;
}
