/*
 * JSON for decoders, on jansson: parsing with limits and repair, and getters by dotted path.
 *
 * A tree is reference counted by jansson and is freed by whoever parsed it; texts that outlive the
 * tree are copied into the arena. Paths are tried both ways at every step: "log.level" finds
 * {"log.level":..} and {"log":{"level":..}}. Alternatives are separated by '|', the first that has
 * a value that is not empty wins.
 *
 * Repair: bytes that are not UTF-8, U+0000 (as byte or escape) and escapes of lone surrogates
 * become U+FFFD before parsing, so everything read from a tree is storable.
 */
#ifndef INGEST_PARSE_JSON_H
#define INGEST_PARSE_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/sv.h"

enum tree_problem { TREE_FINE, TREE_SYNTAX, TREE_TOO_DEEP, TREE_TOO_MANY };

/* Any JSON text; NULL with the problem. Free with json_decref(). */
json_t *tree_parse(struct arena *arena, struct sv text, enum tree_problem *ret_problem);

/* The code unit of the escape "\uXXXX" at the start, or -1. */
int tree_escape_unit(struct sv text);
/* True if the escape at the start stands for nothing storable. *ret_length is what to step over. */
bool tree_escape_bad(struct sv text, size_t *ret_length);
/* A copy with U+FFFD in place of such escapes. */
struct sv tree_escapes_repaired(struct arena *arena, struct sv text);
/* A copy with blanks in place of commas that nothing follows, as people leave behind; SV_NONE when
 * there are none. */
struct sv tree_commas_mended(struct arena *arena, struct sv text);
/* A number as people write it: as it stands, without an exponent where one can be avoided. */
struct sv tree_number_text(struct arena *arena, struct sv number);

/* The shortest text that reads back as the same (finite) double: what the sender most likely wrote.
 */
struct sv tree_real_text(struct arena *arena, double value);

/* The value at one of the paths, JSON null left out; NULL when there is none. */
const json_t *tree_find(const json_t *object, const char *paths);
/* A scalar as text, copied; SV_NONE for null, objects and arrays. */
struct sv tree_text(struct arena *arena, const json_t *value);
/* tree_text of the first path that is not empty. */
struct sv tree_pick(struct arena *arena, const json_t *object, const char *paths);
bool tree_has(const json_t *object, const char *path);
/* The string at the path equals the text. */
bool tree_is(const json_t *object, const char *path, const char *text);
/* The members of the object whose top-level keys are not in `taken` ('|' between), as compact JSON;
 * SV_NONE when nothing is left. */
struct sv tree_rest(struct arena *arena, const json_t *object, const char *taken);
/* Compact JSON of any value. */
struct sv tree_dump(struct arena *arena, const json_t *value);
/* SHA-256 in hex of all that the value tells: neither the order of keys nor blanks matter. */
struct sv tree_digest(struct arena *arena, const json_t *value);

#endif
