/*
 * Reading what an object tells: see told.h. Called on the worker's thread; the text was scanned.
 */
#include "ingest/decode/generic/told.h"

#include <limits.h>

#include "ingest/parse/json_walk.h"

#define COST_OF_DEPTH 10
#define COST_OF_JOINED 1
#define COST_NONE INT_MAX
/* 2000: before that a number is not an epoch. */
#define EARLIEST_NS (INT64_C(946684800) * NS_PER_S)
#define TEXT_BYTES_MAX ((size_t)64 * 1024)

struct reading {
    const struct probe *probe;
    struct told *told;
};

/* The object that is read. */
struct place {
    const struct key *name; /* NULL: the outermost */
    enum container container;
    int depth;
};

static void
take_text(struct told *told, enum role role, struct sv text, int cost)
{
    struct told_text *best = &told->texts[role];
    if (best->text.ptr == NULL || cost < best->cost)
        *best = (struct told_text){text, cost};
}

static bool
is_placeholder(struct sv text)
{
    static const char *const words[] = {"-", "null", "none", "undefined", "n/a", "unknown", "nil"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq_nocase(text, sv_from(words[i])))
            return true;
    return sv_starts(text, SV("{{")) || sv_starts(text, SV("$"));
}

/* Which roles a place may tell: names beside the event say nothing of what happened. */
static bool
role_fits(enum role role, const struct place *place, bool joined)
{
    if (place->container == CONTAINER_RIDER && !joined)
        return false;
    if (place->container != CONTAINER_NAMES)
        return true;
    return role != ROLE_STATE && role != ROLE_TYPE && role != ROLE_PROBLEM &&
           role != ROLE_CHANNEL && role != ROLE_URL && role != ROLE_SERIES;
}

/* A number names nobody and says nothing, but may count or identify. */
static bool
number_fits(enum role role)
{
    return role == ROLE_SERIES || role == ROLE_VERSION || role == ROLE_LEVEL;
}

static void
consider_role(struct reading *reading, const struct place *place, const struct key *key,
              bool joined, char kind, struct sv text)
{
    int rank, cost = place->depth * COST_OF_DEPTH + (joined ? COST_OF_JOINED : 0);
    enum role role = vocabulary_role(key, &rank);
    bool number = kind == '0';
    if (role == ROLE_NONE || !role_fits(role, place, joined) || sv_empty(text) ||
        is_placeholder(text) || (kind != '"' && kind != '0') || (number && !number_fits(role)))
        return;
    /* Labels tell after what stands beside them. */
    cost += rank + (place->container == CONTAINER_NAMES ? COST_OF_DEPTH / 2 : 0);
    if (role == ROLE_LEVEL && number && reading->told->texts[role].text.ptr == NULL)
        reading->told->level_is_number = true;
    else if (role == ROLE_LEVEL && !number)
        reading->told->level_is_number = false;
    if (role == ROLE_LEVEL && number)
        cost += 3 * COST_OF_DEPTH; /* a word is better than any number */
    take_text(reading->told, role, sv_slice(text, 0, TEXT_BYTES_MAX), cost);
}

static void
consider_time(struct reading *reading, const struct place *place, const struct key *key,
              const struct tape_value *value)
{
    int rank;
    struct read_time time;
    if (place->container != CONTAINER_PLAIN)
        return;
    enum moment moment = vocabulary_moment(key, &rank);
    struct told_time *best = &reading->told->times[moment];
    int cost = place->depth * COST_OF_DEPTH + rank;
    if (moment == MOMENT_NONE || (best->time.ns != TIME_NONE && best->cost <= cost) ||
        !times_read_tape(reading->probe->arena, value, reading->probe->zone, &time) ||
        time.ns == TIME_NONE || (value->type == TAPE_NUMBER && time.ns < EARLIEST_NS))
        return;
    *best = (struct told_time){time, cost};
}

/* "resolved": true, "isAcknowledged": "false" */
static void
consider_flag(struct reading *reading, const struct place *place, const struct key *key, char kind,
              struct sv text)
{
    bool certain, yes = sv_eq_nocase(text, SV("true")), no = sv_eq_nocase(text, SV("false"));
    size_t is = key->words > 1 && sv_eq(key_word(key, 0), SV("is")) ? 1 : 0;
    if (place->container != CONTAINER_PLAIN || (kind == '"' && !yes) || (!yes && !no))
        return;
    struct sv word = sv_of(key->text + key->starts[is], key->len - key->starts[is]);
    enum event_phase phase = vocabulary_alert_phase(word, &certain);
    if (no && (sv_eq(word, SV("firing")) || sv_eq(word, SV("active"))))
        phase = PHASE_RESOLVE;
    else if (no || (!certain && is == 0))
        return;
    if (reading->told->flag == PHASE_NONE || phase == PHASE_RESOLVE)
        reading->told->flag = phase;
}

static void
count_key(struct told *told, const struct place *place, const struct key *key)
{
    if (place->container == CONTAINER_RIDER)
        return;
    struct sv word;
    enum event_kind kind = vocabulary_kind_of_key(key, &word);
    told->alert_keys += kind == EVENT_ALERT;
    told->change_keys += kind == EVENT_CHANGE;
    if (kind == EVENT_CHANGE && told->thing.ptr == NULL)
        told->thing = word;
}

static void
consider(struct reading *reading, const struct place *place, const struct key *key,
         struct json_walk *walk)
{
    struct key joined;
    char kind = json_walk_kind(walk);
    struct json_walk before = *walk;
    struct sv raw = json_walk_take(walk);
    struct tape_value value = {.ptr = raw.ptr, .len = (uint32_t)raw.len, .type = TAPE_NUMBER};
    if (kind == '"') {
        value = (struct tape_value){raw.ptr + 1, (uint32_t)(raw.len - 2), TAPE_STRING,
                                    sv_find_char(raw, '\\') != SIZE_MAX, 0};
    }
    struct sv text = json_walk_text(reading->probe->arena, &before);
    if (kind == '0' || kind == '"')
        consider_time(reading, place, key, &value);
    consider_role(reading, place, key, false, kind, text);
    consider_flag(reading, place, key, kind, text);
    if (place->name != NULL && key_join(place->name, key, &joined)) {
        consider_role(reading, place, &joined, true, kind, text);
    }
}

static void read_object(struct reading *reading, const struct place *place, struct json_walk *walk);

/* An object may be a time in parts; else what lies in it depends on its name. */
static void
enter(struct reading *reading, const struct place *place, const struct key *key,
      struct json_walk *walk)
{
    struct json_walk inside = *walk;
    struct sv raw = json_walk_take(walk);
    const struct tape_value value = {raw.ptr, (uint32_t)raw.len, TAPE_OBJECT, false, 0};
    if (raw.len < 200)
        consider_time(reading, place, key, &value);
    if (place->depth + 1 >= TOLD_DEPTH_MAX)
        return;
    enum container container = vocabulary_container(key);
    if (place->container != CONTAINER_PLAIN)
        container = place->container; /* whatever lies in what rides along rides along as well */
    const struct place below = {key, container, place->depth + 1};
    read_object(reading, &below, &inside);
}

static void
read_object(struct reading *reading, const struct place *place, struct json_walk *walk)
{
    struct sv name;
    struct key key;
    if (!json_walk_enter(walk, '{'))
        return;
    while (json_walk_key(walk, &name)) {
        char kind = json_walk_kind(walk);
        bool known = reading->told->budget > 0 && key_read(name, &key);
        reading->told->budget -= reading->told->budget > 0;
        if (known && kind != '[' && kind != 'n')
            count_key(reading->told, place, &key);
        if (!known || kind == '[' || kind == 'n')
            json_walk_skip(walk);
        else if (kind == '{')
            enter(reading, place, &key, walk);
        else
            consider(reading, place, &key, walk);
    }
}

const struct told *
told_of_probe(const struct probe *probe)
{
    static const char key;
    const struct told *found = probe_found(probe, &key);
    if (found != NULL)
        return found;
    struct told *told = ARENA_NEW(probe->arena, struct told);
    struct reading reading = {probe, told};
    const struct place top = {NULL, CONTAINER_PLAIN, 0};
    struct json_walk walk = json_walk_of(probe->tape->text);
    told->budget = TOLD_MEMBERS_MAX;
    for (size_t i = 0; i < MOMENTS; i++)
        told->times[i].time.ns = TIME_NONE;
    read_object(&reading, &top, &walk);
    probe_keep(probe, &key, told);
    return told;
}

bool
told_has_time(const struct told *told)
{
    return told_time(told, PHASE_NONE) != NULL;
}

/* JSON in a string is a record and no words, for whoever asks what a record is. */
static bool
is_words(struct sv text)
{
    return text.ptr != NULL && !(sv_starts(text, SV("{")) && sv_ends(text, SV("}"))) &&
           !(sv_starts(text, SV("[{")) && sv_ends(text, SV("}]")));
}

bool
told_has_words(const struct told *told)
{
    return is_words(told_text(told, ROLE_TITLE)) || is_words(told_text(told, ROLE_MESSAGE)) ||
           is_words(told_text(told, ROLE_PROBLEM));
}

bool
told_at_the_top(const struct told *told)
{
    static const enum role words[] = {ROLE_TITLE, ROLE_MESSAGE, ROLE_PROBLEM};
    bool time = false, worded = false;
    for (size_t i = 0; i < MOMENTS; i++)
        time =
            time || (told->times[i].time.ns != TIME_NONE && told->times[i].cost < TOLD_AT_THE_TOP);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        worded = worded || (is_words(told->texts[words[i]].text) &&
                            told->texts[words[i]].cost < TOLD_AT_THE_TOP);
    return time && worded;
}

const struct read_time *
told_time(const struct told *told, enum event_phase phase)
{
    static const enum moment open[] = {MOMENT_ITSELF,  MOMENT_BEGUN, MOMENT_RECEIVED,
                                       MOMENT_CHANGED, MOMENT_ENDED, MOMENT_TAKEN};
    static const enum moment over[] = {MOMENT_ITSELF,   MOMENT_ENDED, MOMENT_CHANGED,
                                       MOMENT_RECEIVED, MOMENT_BEGUN, MOMENT_TAKEN};
    static const enum moment taken[] = {MOMENT_ITSELF,   MOMENT_TAKEN, MOMENT_CHANGED,
                                        MOMENT_RECEIVED, MOMENT_BEGUN, MOMENT_ENDED};
    bool ended = phase == PHASE_RESOLVE || phase == PHASE_SUCCEEDED || phase == PHASE_FAILED ||
                 phase == PHASE_CANCELLED || phase == PHASE_ROLLED_BACK;
    const enum moment *order = ended ? over : phase == PHASE_ACK ? taken : open;
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        if (told->times[order[i]].time.ns != TIME_NONE)
            return &told->times[order[i]].time;
    return NULL;
}
