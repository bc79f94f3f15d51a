/*
 * The words of the closed lists (event.def, quarantine.def), severity bands and record headers.
 * Called from every room through the headers in include/hindcast; pure functions, any thread.
 */
#include "hindcast/decoder.h"
#include "hindcast/event.h"
#include "hindcast/record.h"

static const char *const event_kinds[] = {
    "",
#define EVENT_KIND(name, word) word,
#include "hindcast/event.def"
};
static const char *const event_phases[] = {
    "",
#define EVENT_PHASE(name, word) word,
#include "hindcast/event.def"
};
static const char *const record_kinds[] = {
    "",
#define RECORD_KIND(name, word, kind, meaning) word,
#include "hindcast/event.def"
};
static const enum event_kind record_kind_kinds[] = {
    EVENT_NO_KIND,
#define RECORD_KIND(name, word, kind, meaning) EVENT_##kind,
#include "hindcast/event.def"
};
static const char *const time_sources[] = {
    "",
#define TIME_SOURCE(name, word) word,
#include "hindcast/event.def"
};
static const char *const time_precisions[] = {
    "",
#define TIME_PRECISION(name, word) word,
#include "hindcast/event.def"
};
static const char *const actor_types[] = {
    "",
#define ACTOR_TYPE(name, word) word,
#include "hindcast/event.def"
};
static const char *const quarantine_words[] = {
    "",
#define QUARANTINE(name, word, meaning) word,
#include "hindcast/quarantine.def"
#undef QUARANTINE
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t
find_word(const char *const *words, size_t count, struct sv word)
{
    for (size_t i = 1; i < count; i++)
        if (sv_eq_nocase(sv_from(words[i]), word))
            return i;
    return 0;
}

/* The writer and the reader of one list. */
#define WORDS(type, array)                                                                         \
    const char *type##_word(enum type value)                                                       \
    {                                                                                              \
        return (size_t)value < COUNT(array) ? (array)[value] : "";                                 \
    }
#define READER(type, array)                                                                        \
    enum type type##_read(struct sv word)                                                          \
    {                                                                                              \
        return (enum type)find_word((array), COUNT(array), word);                                  \
    }

WORDS(event_kind, event_kinds)
WORDS(event_phase, event_phases)
WORDS(record_kind, record_kinds)
WORDS(time_source, time_sources)
WORDS(time_precision, time_precisions)
WORDS(actor_type, actor_types)
READER(event_kind, event_kinds)
READER(event_phase, event_phases)
READER(record_kind, record_kinds)
READER(time_source, time_sources)
READER(time_precision, time_precisions)
READER(actor_type, actor_types)

enum event_kind
record_kind_event_kind(enum record_kind kind)
{
    return (size_t)kind < COUNT(record_kind_kinds) ? record_kind_kinds[kind] : EVENT_NO_KIND;
}

const char *
quarantine_word(enum quarantine_reason reason)
{
    return (size_t)reason < COUNT(quarantine_words) ? quarantine_words[reason] : "";
}

const char *
severity_band(int severity)
{
    static const struct {
        int from;
        const char *word;
    } bands[] = {{21, "critical"}, {17, "error"}, {13, "warning"}, {9, "info"}, {1, "debug"}};
    for (size_t i = 0; i < COUNT(bands); i++)
        if (severity >= bands[i].from)
            return bands[i].word;
    return "unset";
}

struct sv
record_header_among(const struct record *record, struct sv name)
{
    for (size_t i = 0; i < record->header_count; i++) {
        struct sv one = record->headers[i].name;
        /* Names of one loader begin alike; letters are the same without the bit of their case. */
        if (one.len == name.len && !sv_empty(one) &&
            ((one.ptr[one.len - 1] ^ name.ptr[name.len - 1]) & ~0x20) == 0 &&
            sv_eq_nocase(one, name))
            return record->headers[i].value;
    }
    return SV_NONE;
}

/*
 * The incarnation counts from the second on, so that a topic made anew does not repeat old names.
 * Topics of two clusters may well be called alike.
 */
void
event_uid_of_place(struct sv scope, const struct event_place *place, uint8_t ret_uid[UID_BYTES])
{
    struct sha256 digest;
    uint64_t numbers[] = {
        __builtin_bswap64((uint64_t)place->partition), __builtin_bswap64((uint64_t)place->offset),
        __builtin_bswap64(place->index), __builtin_bswap64((uint64_t)place->incarnation)};
    size_t used = sizeof(numbers) - (place->incarnation > 1 ? 0 : sizeof(numbers[0]));
    const struct sha256_part parts[] = {
        {scope.ptr, scope.len},
        {IDENTITY_SEPARATOR "place" IDENTITY_SEPARATOR, 7},
        {place->topic.ptr, place->topic.len},
        {numbers, used},
        {place->cluster.ptr, place->cluster.len},
    };
    sha256_of_parts(parts, 5, &digest);
    memcpy(ret_uid, digest.bytes, UID_BYTES);
}

void
event_uid_of_name(struct sv scope, struct sv name_space, struct sv identity,
                  uint8_t ret_uid[UID_BYTES])
{
    struct sha256 digest;
    const struct sha256_part parts[] = {
        {scope.ptr, scope.len},           {IDENTITY_SEPARATOR "named" IDENTITY_SEPARATOR, 7},
        {name_space.ptr, name_space.len}, {IDENTITY_SEPARATOR, 1},
        {identity.ptr, identity.len},
    };
    sha256_of_parts(parts, 5, &digest);
    memcpy(ret_uid, digest.bytes, UID_BYTES);
}
