/*
 * Time zones that a person gives for files whose times name none: one for all, or for the files
 * whose names match a pattern. Filled before files are read, read-only afterwards.
 */
#ifndef INGEST_SOURCE_FILE_ZONES_H
#define INGEST_SOURCE_FILE_ZONES_H

#include <stddef.h>

#include "base/err.h"

struct file_zones {
    struct file_zone {
        char *pattern; /* of the shell; NULL: any file */
        char *zone;
    } * list;
    size_t count;
};

/*
 * "ZONE" or "PATTERN=ZONE". A pattern fits the whole name of a file (file!entry of an archive), or
 * what follows any '/' or '!' in it; '*' stands for any characters, '/' too. USAGE: one half is
 * missing, or there is no such zone.
 */
int file_zones_add(struct file_zones *zones, const char *text, struct err *err) MUST_CHECK;
/* The same of any value, which is not looked at; there is a pattern before the '=', if one. */
void file_zones_put(struct file_zones *zones, const char *text);
void file_zones_release(struct file_zones *zones);
/* The last that was added and fits, those with a pattern first; NULL: none, or no zones at all. */
const char *file_zones_find(const struct file_zones *zones, const char *name);
/* The last that was added for all files, or NULL. */
const char *file_zones_any(const struct file_zones *zones);

#endif
