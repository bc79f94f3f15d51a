/*
 * Exprs: alternatives, each a source and steps. Compiled here, evaluated by value.h. Any thread.
 */
#ifndef INGEST_DECODE_MAPS_EXPR_H
#define INGEST_DECODE_MAPS_EXPR_H

#include "ingest/decode/maps/keys.h"
#include "ingest/decode/maps/path.h"
#include "ingest/decode/maps/words.h"

#define MAP_ALTERNATIVES_MAX 16
#define MAP_REGEX_STEPS_MAX 10000 /* PCRE2's match limit */

enum map_step_kind { STEP_TABLE, STEP_HOST, STEP_HTML, STEP_REGEX };

struct map_step {
    enum map_step_kind kind;
    const struct map_table *table;
    struct sv name; /* of the table, or the regex without its slashes */
    void *code;     /* pcre2_code, as long as the process */
    bool group;     /* it gives group 1, else the whole match */
};

/* A piece of a quoted text: bytes, or a path. */
struct map_piece {
    struct sv text;
    bool is_path, optional; /* {path?} */
    struct map_path path;
};

struct map_alternative {
    struct sv text; /* as it is written */
    size_t number;  /* among the alternatives of all maps */
    bool quoted;    /* pieces; else a path */
    struct map_path path;
    struct map_piece *pieces;
    size_t piece_count;
    struct map_step *steps;
    size_t step_count;
};

struct map_expr {
    struct sv text;
    int line;
    struct map_alternative *alternatives;
    size_t count;
};

/* Where tables are looked up: those of a file, then those of all. */
struct map_tables {
    const struct map_table *own, *common;
    size_t own_count, common_count;
};
const struct map_table *map_tables_find(const struct map_tables *tables, struct sv name);

/*
 * Compiles the text. `key`: what it is for; MAP_KEYS: for an identity. Problems are noted, and then
 * it is false.
 */
bool map_expr_read(struct arena *arena, struct sv text, int line, enum map_key key,
                   const struct map_tables *tables, const char *file, struct map_problems *problems,
                   struct map_expr *ret_expr);
/* Gives the machine code of its regexes back. */
void map_expr_release(struct map_expr *expr);
/* How many alternatives all maps have so far: their numbers are below. */
size_t map_alternative_count(void);

#endif
