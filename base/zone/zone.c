/*
 * Zones: see zone.h. Those that were found stand in a table that only grows: looked up without a
 * lock, added to under one.
 */
#include "base/zone/zone.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/zone/zoneinfo.h"

/* A sender can name every zone there is and every offset: 2,880 and some 600. */
#define TABLE_SIZE 8192
#define ZONE_FILE_BYTES_MAX ((size_t)64 * 1024)

static _Atomic(const struct zone *) table[TABLE_SIZE];
static pthread_mutex_t adding = PTHREAD_MUTEX_INITIALIZER;

/* Where it stands, or where it would. */
static size_t
place_of(struct sv name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
    size_t place = hash % TABLE_SIZE;
    const struct zone *there;
    while ((there = atomic_load_explicit(&table[place], memory_order_acquire)) != NULL &&
           !sv_eq(sv_from(there->name), name))
        place = (place + 1) % TABLE_SIZE;
    return place;
}

static const struct zone *
remember(struct zone *zone)
{
    pthread_mutex_lock(&adding);
    size_t place = place_of(sv_from(zone->name));
    const struct zone *there = atomic_load(&table[place]);
    if (there == NULL)
        atomic_store_explicit(&table[place], zone, memory_order_release);
    else
        free(zone); /* another thread was faster */
    pthread_mutex_unlock(&adding);
    return there == NULL ? zone : there;
}

/* Letters, digits and what stands between them; nothing that leads out of the folder. */
static bool
may_be_named(struct sv name)
{
    static const char between[] = "/_+-";
    if (name.len == 0 || name.len >= ZONE_NAME_MAX || name.ptr[0] == '/' ||
        sv_starts(name, SV("posix/")))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr(between, c) == NULL))
            return false;
    }
    return true;
}

static struct zone *
read_file(const char *folder, struct sv name)
{
    char path[128 + ZONE_NAME_MAX];
    snprintf(path, sizeof(path), "%s/" SV_FMT, folder, SV_ARG(name));
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    char *bytes = memory_calloc(1, ZONE_FILE_BYTES_MAX);
    size_t length = fread(bytes, 1, ZONE_FILE_BYTES_MAX, file);
    fclose(file);
    struct zone *zone = length == ZONE_FILE_BYTES_MAX ? NULL : zoneinfo_read(sv_of(bytes, length));
    free(bytes);
    return zone;
}

static const struct zone *
find_named(struct sv name)
{
    static const char *const folders[] = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo",
                                          "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
                                          "/var/db/timezone/zoneinfo"};
    const struct zone *known = atomic_load_explicit(&table[place_of(name)], memory_order_acquire);
    if (known != NULL)
        return known;
    struct zone *zone = NULL;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && zone == NULL; i++)
        zone = read_file(folders[i], name);
    if (zone == NULL)
        return NULL;
    snprintf(zone->name, sizeof(zone->name), SV_FMT, SV_ARG(name));
    return remember(zone);
}

static const struct zone *
find_offset(int32_t offset_s)
{
    char name[16];
    int minutes = abs(offset_s) / 60;
    snprintf(name, sizeof(name), "%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60 % 100,
             minutes % 60);
    const struct zone *known =
        atomic_load_explicit(&table[place_of(sv_from(name))], memory_order_acquire);
    if (known != NULL || offset_s == 0)
        return known;
    struct zone *zone = NULL;
    size_t room = 0;
    zone_add(&zone, &room, INT64_MIN, offset_s, SV(""));
    snprintf(zone->name, sizeof(zone->name), "%s", name);
    return remember(zone);
}

int
zone_find(struct sv name, const struct zone **ret_zone, struct err *err)
{
    int32_t offset_s = 0;
    char text[ZONE_NAME_MAX];
    name = sv_trim(name);
    if (sv_empty(name) || sv_eq(name, SV("UTC")) || sv_eq(name, SV("GMT"))) {
        *ret_zone = NULL;
        return 0;
    }
    snprintf(text, sizeof(text), SV_FMT, SV_ARG(name));
    bool written = name.ptr[0] == '+' || name.ptr[0] == '-' || sv_eq_nocase(name, SV("Z"));
    if (written && name.len < sizeof(text) && time_parse_offset(text, &offset_s, NULL) == 0) {
        *ret_zone = find_offset(offset_s);
        return 0;
    }
    const struct zone *zone = !written && may_be_named(name) ? find_named(name) : NULL;
    if (zone == NULL) {
        err_set(err, ERR_CONFIG, "'%s' is not a time zone", text);
        return err_hint(err, "write an IANA name such as Europe/Berlin (of the package tzdata), or "
                             "an offset such as +02:00");
    }
    *ret_zone = zone;
    return 0;
}

const char *
zone_name(const struct zone *zone)
{
    return zone == NULL ? "UTC" : zone->name;
}

const struct zone_change *
zone_at(const struct zone *zone, int64_t utc_s)
{
    static const struct zone_change universal = {INT64_MIN, 0, "UTC"};
    if (zone == NULL)
        return &universal;
    size_t from = 0, to = zone->count;
    while (to - from > 1) {
        size_t middle = (from + to) / 2;
        if (zone->changes[middle].at_s <= utc_s)
            from = middle;
        else
            to = middle;
    }
    return &zone->changes[from];
}

int64_t
zone_to_utc_slow(const struct zone *zone, int64_t wall_ns)
{
    int64_t wall_s = wall_ns / NS_PER_S - (wall_ns % NS_PER_S < 0);
    const struct zone_change *changes = zone->changes;
    size_t from = 0, to = zone->count - 1; /* of the changes behind the first that lie after it */
    while (from < to) {
        size_t middle = (from + to) / 2;
        /* By the clock that is about to be changed: so the first of two equal times is found. */
        if (wall_s < changes[middle + 1].at_s + changes[middle].offset_s)
            to = middle;
        else
            from = middle + 1;
    }
    if (from > 0 && wall_s < changes[from].at_s + changes[from].offset_s)
        from--; /* left out when the clocks went forward */
    return wall_ns - changes[from].offset_s * NS_PER_S;
}

bool
zone_abbreviation(struct sv name, const struct zone *told, int32_t *ret_offset_s, bool *ret_certain)
{
    static const struct {
        const char *name;
        size_t len;
        int32_t offset_s;
        bool certain;
    } names[] = {
#define ZONE_NAME(name, offset_s, certain, region) {name, sizeof(name) - 1, offset_s, certain},
#include "base/zone/zone_names.def"
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && name.len > 0; i++) {
        if (names[i].len != name.len || names[i].name[0] != name.ptr[0] ||
            memcmp(names[i].name, name.ptr, name.len) != 0)
            continue;
        *ret_offset_s = names[i].offset_s;
        *ret_certain = names[i].certain;
        /* The latest rule of the zone that has the name. */
        for (size_t c = told == NULL || names[i].certain ? 0 : told->count; c > 0; c--)
            if (sv_eq(sv_from(told->changes[c - 1].name), name)) {
                *ret_offset_s = told->changes[c - 1].offset_s;
                break;
            }
        return true;
    }
    return false;
}
