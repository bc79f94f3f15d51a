/*
 * Walking JSON that a tape has scanned (tape_scan() found it fine; any part of its text will do):
 * for decoders of nested lists, which a tape does not open. Nothing is checked again and nothing is
 * copied. A walk stands before a value, and goes past it by entering it and reading it to its end,
 * by taking it or by skipping it.
 *
 *     struct json_walk walk = json_walk_of(text);
 *     if (json_walk_enter(&walk, '{'))
 *         while (json_walk_key(&walk, &key))
 *             if (sv_eq(key, SV("name")))
 *                 name = json_walk_text(arena, &walk);
 *             else
 *                 json_walk_skip(&walk);
 *
 * Bytes that are not JSON lead nowhere, and never outside of the text. One thread.
 */
#ifndef INGEST_PARSE_JSON_WALK_H
#define INGEST_PARSE_JSON_WALK_H

#include "base/arena.h"
#include "base/sv.h"

struct json_walk {
    const char *at, *end;
};

struct json_walk json_walk_of(struct sv text);
/* What begins the value: '{' '[' '"' 't' 'f' 'n', '0' for any number, 0 at the end of the text. */
char json_walk_kind(const struct json_walk *walk);
/* Into the object ('{') or array ('['); false, and nothing moved, when it is something else. */
bool json_walk_enter(struct json_walk *walk, char bracket);
/* The next key of the object that was entered, as it stands between its quotes; the walk is before
 * its value. False at the end of the object, which is passed. */
bool json_walk_key(struct json_walk *walk, struct sv *ret_key);
/* True if there is another element of the array; false at its end, which is passed. */
bool json_walk_element(struct json_walk *walk);
void json_walk_skip(struct json_walk *walk);
/* The value as it stands, without blanks around. */
struct sv json_walk_take(struct json_walk *walk);
/* A scalar as text, as tape_text() gives it; SV_NONE for null, objects and arrays. */
struct sv json_walk_text(struct arena *arena, struct json_walk *walk);

#endif
