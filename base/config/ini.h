/*
 * Files of `[section]` and, below it, `key = value`, read with inih; every error names file and
 * line. A section's name may be longer than inih takes. Main thread: inih has settings of the
 * process.
 */
#ifndef BASE_CONFIG_INI_H
#define BASE_CONFIG_INI_H

#include <stdio.h>

#include "base/config/option.h"
#include "base/err.h"
#include "base/sv.h"

#define INI_SECTION_MAX (TOPIC_NAME_MAX + 64)

struct ini {
    /* set by the caller: where from (`text` where there is no file), and to whom */
    FILE *file;
    struct sv text;
    const char *name; /* as errors tell it */
    int line_max;     /* bytes of a line, with its end */
    /* A value; "" is the section before any. -1 with err, to which name and line are added. */
    int (*set)(const struct ini *in, const char *key, const char *value, struct err *err);
    void *opaque;
    /* where it is */
    int line;
    char section[INI_SECTION_MAX];
    bool failed, too_long;
    struct err *err;
};

/* CONFIG where it cannot be understood, IO where it cannot be read. */
int ini_read(struct ini *in, struct err *err) MUST_CHECK;

#endif
