/*
 * Reads files as the loader does, and keeps what it hands out: for tests of the file source. One
 * thread.
 */
#ifndef TESTS_FILETAKE_H
#define TESTS_FILETAKE_H

#include "base/sv.h"
#include "ingest/source/file/file.h"

#define TAKEN_MAX 20000

struct taken {
    char *values[TAKEN_MAX]; /* terminated; the records' bytes hold no NUL in these tests */
    char *sources[TAKEN_MAX];
    size_t count;
    char told[4000]; /* "name:reason\n" of what was skipped, "!name:reason\n" of problems */
};

/* A folder of its own below /tmp, removed by taken_drop_folder(). */
void taken_make_folder(char *path, size_t size);
int taken_drop_folder(const char *path);
void taken_put(const char *folder, const char *name, struct sv bytes);
/* All that the path names; asserts that it can be read at all. Free with taken_free(). */
struct taken *take_files(const char *folder, const char *name);
/* Several paths, in the order in which a command line names them. */
struct taken *take_list(const char *folder, const char *const *names, size_t count);
void taken_free(struct taken *taken);

#endif
