/*
 * Files of records (one a line) as what the correlator takes, without a server: for programs that
 * measure. Memory is the arena's; a file is a partition of a topic.
 */
#ifndef TESTS_LIB_RECORDFILE_H
#define TESTS_LIB_RECORDFILE_H

#include "hindcast/correlation.h"

#define RECORDFILE_MAX 200000 /* observations; of more nothing is taken */

struct recordfile {
    struct arena arena;
    struct observation *observations;
    size_t count;
    int64_t offset;
};

void recordfile_init(struct recordfile *files);
/* -1 after perror(): it cannot be read. Lines that nobody can decode are left out. */
int recordfile_take(struct recordfile *files, int32_t partition, const char *path);
/* The id that the event's record has, without the source that it is unique in. */
struct sv recordfile_id(const struct observation *observation);
void recordfile_release(struct recordfile *files);

#endif
