/*
 * The keys of a shape, and the words of ours in which some of them end. Any thread.
 */
#ifndef INGEST_DECODE_MAPS_KEYS_H
#define INGEST_DECODE_MAPS_KEYS_H

#include "hindcast/event.h"

enum map_key {
#define MAP_KEY(name, word) MAP_##name,
#define MAP_TEXT(name, word, member) MAP_##name,
#include "ingest/decode/maps/keys.def"
    MAP_KEYS,
};

enum map_setting {
#define MAP_SETTING(name, word) MAP_SET_##name,
#include "ingest/decode/maps/keys.def"
    MAP_SETTINGS,
};

const char *map_key_word(enum map_key key);
/* MAP_KEYS, MAP_SETTINGS: there is none of this name. */
enum map_key map_key_find(struct sv word);
enum map_setting map_setting_find(struct sv word);
/* The key or setting that was most likely meant; NULL: none is near. */
const char *map_key_nearest(const char *word);
/* Where a text key goes in an event; -1: it is not a text key. */
ptrdiff_t map_key_place(enum map_key key);

/* True if the key ends in words of ours and this is one of them. */
bool map_key_closed(enum map_key key);
bool map_key_takes(enum map_key key, struct sv word);
/* The word of ours for this key that was most likely meant; NULL: none is near. */
const char *map_word_nearest(enum map_key key, const char *word);
/* "critical" ... "debug" to the lowest number of their band, SEVERITY_UNSET for "unset"; -1: it is
 * not such a word. */
int map_severity_of(struct sv word);

#endif
