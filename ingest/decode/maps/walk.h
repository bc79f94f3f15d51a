/*
 * Following paths through one record. A reading holds what is found out about the record once: what
 * strings hold that are JSON, room for matches, and how much work may still be spent, so that
 * no map and no record makes another one wait. One thread, one record.
 */
#ifndef INGEST_DECODE_MAPS_WALK_H
#define INGEST_DECODE_MAPS_WALK_H

#include "ingest/decode/core/probe.h"
#include "ingest/decode/maps/path.h"
#include "ingest/parse/nodes.h"

#define MAP_STRING_BYTES ((size_t)64 * 1024) /* of a string that is entered as JSON */
#define MAP_STEPS_MAX ((size_t)4000000) /* of a record: elements looked at, and 64 bytes each */
#define MAP_UPS_MAX (2 * MAP_PATH_PARTS_MAX)

struct map_trace;

/* A string that was entered, and what it holds: NULL where that is not JSON. */
struct map_entered {
    const struct json_node *string;
    struct json_node *inside;
};

struct map_reading {
    const struct probe *probe;
    struct map_entered *entered;
    size_t entered_count, entered_size;
    void *match;  /* pcre2_match_data of the last regex that was tried, or NULL */
    void *limits; /* pcre2_match_context, or NULL */
    size_t steps_left;
    struct map_trace *trace; /* of who wants to know what was used, or NULL */
};

void map_reading_init(struct map_reading *reading, const struct probe *probe);
void map_reading_release(struct map_reading *reading);
/* Takes steps; false when there are not so many left, and from then on. */
bool map_spend(struct map_reading *reading, size_t steps);

/* The opened element, and the objects around it: the outermost first. */
struct map_scope {
    struct json_node *here;
    struct json_node *ups[MAP_UPS_MAX];
    size_t up_count;
};

/* What a path leads to: a value of the record, or text that is part of one or of a header. */
struct map_value {
    struct json_node *node; /* NULL: text */
    struct sv text;
};

/* Takes a value; true: enough. */
typedef bool map_take(struct map_reading *reading, struct map_value value, void *own);
/* Offers the values that the path leads to, in order, until one is taken. True when one was. */
bool map_walk(struct map_reading *reading, const struct map_path *path,
              const struct map_scope *scope, map_take *take, void *own);

/* A string that holds a JSON object or list as that; anything else as it is. */
struct json_node *map_enter(struct map_reading *reading, struct json_node *value);
/* The member of an object; NULL: none. */
struct json_node *map_member(struct map_reading *reading, struct json_node *object, struct sv key);
/* How many nodes lie at value->nodes: what a list or an object holds. */
size_t map_nodes(struct map_reading *reading, struct json_node *value);
/* As text without blanks around it: SV_NONE for what is empty, see maps.md. The text lives as long
 * as the record, or in the arena. */
struct sv map_text(struct map_reading *reading, struct map_value value);
/* As a condition compares it: as it stands, placeholders too. SV_NONE for null, objects, lists. */
struct sv map_plain(struct map_reading *reading, struct map_value value);

#endif
