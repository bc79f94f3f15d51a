/*
 * The keys of a shape: see keys.h.
 */
#include "ingest/decode/maps/keys.h"

#include <stddef.h>

#include "base/nearest.h"

static const char *const key_words[] = {
#define MAP_KEY(name, word) word,
#define MAP_TEXT(name, word, member) word,
#include "ingest/decode/maps/keys.def"
};

static const char *const setting_words[] = {
#define MAP_SETTING(name, word) word,
#include "ingest/decode/maps/keys.def"
};

static const struct {
    const char *word;
    int number;
} severities[] = {{"critical", SEVERITY_FATAL}, {"error", SEVERITY_ERROR},
                  {"warning", SEVERITY_WARN},   {"info", SEVERITY_INFO},
                  {"debug", SEVERITY_DEBUG},    {"unset", SEVERITY_UNSET}};

/* The words of each closed key, for those who want the nearest. */
static const char *const kinds[] = {
#define EVENT_KIND(name, word) word,
#include "hindcast/event.def"
    NULL};
static const char *const phases[] = {
#define EVENT_PHASE(name, word) word,
#include "hindcast/event.def"
    NULL};
static const char *const records[] = {
#define RECORD_KIND(name, word, kind, meaning) word,
#include "hindcast/event.def"
    NULL};
static const char *const actor_types[] = {
#define ACTOR_TYPE(name, word) word,
#include "hindcast/event.def"
    NULL};
static const char *const severity_words[] = {"critical", "error", "warning", "info",
                                             "debug",    "unset", NULL};

static const char *const *
words_of(enum map_key key)
{
    switch ((int)key) {
    case MAP_KIND:
        return kinds;
    case MAP_PHASE:
        return phases;
    case MAP_RECORD:
        return records;
    case MAP_ACTOR_TYPE:
        return actor_types;
    case MAP_SEVERITY:
        return severity_words;
    default:
        return NULL;
    }
}

const char *
map_key_word(enum map_key key)
{
    return key_words[key];
}

enum map_key
map_key_find(struct sv word)
{
    unsigned key = 0;
    while (key < MAP_KEYS && !sv_eq(word, sv_from(key_words[key])))
        key++;
    return (enum map_key)key;
}

enum map_setting
map_setting_find(struct sv word)
{
    unsigned setting = 0;
    while (setting < MAP_SETTINGS && !sv_eq(word, sv_from(setting_words[setting])))
        setting++;
    return (enum map_setting)setting;
}

const char *
map_key_nearest(const char *word)
{
    struct nearest nearest;
    nearest_begin(&nearest, word);
    for (size_t i = 0; i < MAP_KEYS; i++)
        nearest_offer(&nearest, key_words[i]);
    for (size_t i = 0; i < MAP_SETTINGS; i++)
        nearest_offer(&nearest, setting_words[i]);
    return nearest.found;
}

ptrdiff_t
map_key_place(enum map_key key)
{
    static const ptrdiff_t places[] = {
#define MAP_KEY(name, word) -1,
#define MAP_TEXT(name, word, member) (ptrdiff_t) offsetof(struct event, member),
#include "ingest/decode/maps/keys.def"
    };
    return places[key];
}

bool
map_key_closed(enum map_key key)
{
    return words_of(key) != NULL;
}

bool
map_key_takes(enum map_key key, struct sv word)
{
    const char *const *words = words_of(key);
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        if (sv_eq(word, sv_from(words[i])))
            return true;
    return false;
}

const char *
map_word_nearest(enum map_key key, const char *word)
{
    struct nearest nearest;
    const char *const *words = words_of(key);
    nearest_begin(&nearest, word);
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        nearest_offer(&nearest, words[i]);
    return nearest.found;
}

int
map_severity_of(struct sv word)
{
    for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
        if (sv_eq(word, sv_from(severities[i].word)))
            return severities[i].number;
    return -1;
}
