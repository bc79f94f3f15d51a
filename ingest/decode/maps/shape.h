/*
 * Shapes: the sections of maps, compiled. Read on one thread, then only looked at by every
 * worker's.
 */
#ifndef INGEST_DECODE_MAPS_SHAPE_H
#define INGEST_DECODE_MAPS_SHAPE_H

#include "ingest/decode/maps/expr.h"

#define MAP_SHAPES_MAX 200 /* of a file */
#define MAP_BID_MAX 99
#define MAP_BID_USER_MAX 95 /* of a map that is not ours */

/* [!] path [= word | word] */
struct map_condition {
    struct map_path path;
    struct map_table words;
    bool negated, compares;
};

/* A line of `when`: all of them hold. */
struct map_when {
    struct map_condition *conditions;
    size_t count;
    int line;
};

/* Where the elements of a record lie; the record itself: `here`. */
struct map_open {
    bool here;
    struct map_path path;
};

/* A line of `id`. */
struct map_id {
    struct map_expr *parts;
    size_t count;
};

/* KEY.PHASE: asked before KEY when the phase is this one. */
struct map_phased {
    enum map_key key;
    enum event_phase phase;
    struct map_expr expr;
};

struct map_file;

struct map_shape {
    struct sv name;     /* as it is written */
    const char *format; /* what events report: a C identifier */
    const struct map_file *file;
    int line, bid; /* bid 0: reached by `also` only */
    int bid_line;
    const char *name_space;  /* of its identities */
    const char *about, *see; /* for people; "" where the map does not say */
    struct map_open *opens;
    size_t open_count;
    struct map_when *whens;
    size_t when_count;
    struct map_expr keys[MAP_KEYS]; /* count 0: not there */
    struct map_phased *phased;
    size_t phased_count;
    struct map_id *ids;
    size_t id_count;
    struct map_path *drops, *keeps;
    size_t drop_count, keep_count;
    struct map_shape **also;
    size_t also_count;
    bool reached;                        /* by `also` of another shape */
    const struct map_shape *replaced_by; /* a shape of that name in another folder; or NULL */
};

struct map_file {
    const char *name; /* as problems name it */
    const char *base; /* without folders and ".map": stands in for a namespace */
    struct map_table *tables;
    size_t table_count;
    struct map_shape *shapes;
    size_t shape_count;
    bool ours;
};

/*
 * Compiles a file; `common` are tables that every file may use. Problems are noted: with errors the
 * file is not to be used. Everything lives in the arena; `name` and `text` are borrowed.
 */
void map_file_read(struct arena *arena, const char *name, struct sv text, bool ours,
                   const struct map_file *common, struct map_problems *problems,
                   struct map_file *ret_file);
/* Gives back what lies outside the arena: for who reads a map only to look at it. */
void map_file_release(struct map_file *file);
/* The shape that counts where this one is named. */
static inline const struct map_shape *
map_shape_in_use(const struct map_shape *shape)
{
    return shape->replaced_by == NULL ? shape : shape->replaced_by;
}

#endif
