/*
 * What a person should know of a file that was read: read as something it does not look like, times
 * that were assumed or are missing, records that could not be read. Pure; any thread.
 */
#ifndef APP_FILE_REMARKS_H
#define APP_FILE_REMARKS_H

#include "app/file_tally.h"

#define FILE_REMARKS_MAX 16
#define FILE_REMARK_TEXT 480

struct file_remark {
    bool look; /* a person should: something may be wrong; else it is only good to know */
    char text[FILE_REMARK_TEXT]; /* as from outside: to be made visible */
};

/* Which zone times have that name none, and whether somebody said so. */
struct assumed_zone {
    const char *name;
    bool told;
};

/* What is worth looking at comes first. Returns how many there are. */
size_t file_remarks(const struct file_tally *tally, const struct assumed_zone *general,
                    struct file_remark ret_remarks[FILE_REMARKS_MAX]);

/* What is to be said of the times of a sum of files; false: nothing, all are their own. */
bool file_remark_times(const struct file_tally *sum, struct file_remark *ret_remark);

#endif
