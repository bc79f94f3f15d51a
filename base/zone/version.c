/*
 * The version of the time zone database: see zone.h. tzdata.zi begins with "# version 2025b", where
 * a system has it; others keep it in a file of its own.
 */
#include <pthread.h>
#include <stdio.h>

#include "base/zone/zone.h"

#define VERSION_MAX 32

static char version[VERSION_MAX] = "unknown";
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Letters, digits and dots: what a version is made of. */
static bool
take(struct sv line, struct sv prefix)
{
    size_t length = 0;
    if (!sv_starts(line, prefix))
        return false;
    struct sv rest = sv_slice(line, prefix.len, line.len);
    while (length < rest.len && length < VERSION_MAX - 1 &&
           ((rest.ptr[length] >= '0' && rest.ptr[length] <= '9') || rest.ptr[length] == '.' ||
            (rest.ptr[length] >= 'a' && rest.ptr[length] <= 'z')))
        length++;
    if (length == 0)
        return false;
    snprintf(version, sizeof(version), "%.*s", (int)length, rest.ptr);
    return true;
}

static void
find(void)
{
    static const struct {
        const char *path, *prefix;
    } places[] = {{"/usr/share/zoneinfo/tzdata.zi", "# version "},
                  {"/usr/share/zoneinfo/+VERSION", ""},
                  {"/usr/share/lib/zoneinfo/tzdata.zi", "# version "},
                  {"/var/db/timezone/zoneinfo/+VERSION", ""}};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        char line[128] = "";
        FILE *file = fopen(places[i].path, "re");
        if (file == NULL)
            continue;
        bool found = fgets(line, sizeof(line), file) != NULL &&
                     take(sv_from(line), sv_from(places[i].prefix));
        fclose(file);
        if (found)
            return;
    }
}

const char *
zone_database_version(void)
{
    pthread_once(&once, find);
    return version;
}
