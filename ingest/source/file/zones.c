/*
 * Which zone a file is read with: see zones.h. Called while a command line is read, and once for
 * each file or entry.
 */
#include "ingest/source/file/zones.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/zone/zone.h"

int
file_zones_add(struct file_zones *zones, const char *text, struct err *err)
{
    const char *equals = strrchr(text, '=');
    const char *zone = equals == NULL ? text : equals + 1;
    if (zone[0] == '\0' || equals == text) {
        err_set(err, ERR_USAGE, "--zone '%s' lacks %s", text,
                zone[0] == '\0' ? "a zone" : "a pattern of file names");
        return err_hint(err, "give a zone (+02:00, Europe/Berlin), or 'nginx/*=Europe/Berlin'");
    }
    const struct zone *known;
    if (zone_find(sv_from(zone), &known, err) != 0) {
        err->code = ERR_USAGE;
        return err_prefix(err, "--zone");
    }
    file_zones_put(zones, text);
    return 0;
}

void
file_zones_put(struct file_zones *zones, const char *text)
{
    const char *equals = strrchr(text, '=');
    zones->list = memory_resize(zones->list, zones->count + 1, sizeof(*zones->list));
    struct file_zone *added = &zones->list[zones->count++];
    *added = (struct file_zone){.zone = memory_copy(equals == NULL ? text : equals + 1)};
    if (equals != NULL) {
        added->pattern = memory_copy(text);
        added->pattern[equals - text] = '\0';
    }
}

void
file_zones_release(struct file_zones *zones)
{
    for (size_t i = 0; i < zones->count; i++) {
        free(zones->list[i].pattern);
        free(zones->list[i].zone);
    }
    free(zones->list);
    *zones = (struct file_zones){0};
}

static bool
fits(const char *pattern, const char *name)
{
    while (name != NULL) {
        if (fnmatch(pattern, name, 0) == 0)
            return true;
        name = strpbrk(name, "/!");
        name = name == NULL ? NULL : name + 1;
    }
    return false;
}

const char *
file_zones_any(const struct file_zones *zones)
{
    const char *any = NULL;
    for (size_t i = 0; zones != NULL && i < zones->count; i++)
        if (zones->list[i].pattern == NULL)
            any = zones->list[i].zone;
    return any;
}

const char *
file_zones_find(const struct file_zones *zones, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; zones != NULL && i < zones->count; i++) {
        const struct file_zone *zone = &zones->list[i];
        if (zone->pattern != NULL && fits(zone->pattern, name))
            found = zone->zone;
    }
    return found != NULL ? found : file_zones_any(zones);
}
