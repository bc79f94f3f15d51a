/*
 * How far a load has come: per input file its size, time of change and the number of records
 * delivered, in a small text file that is replaced as a whole. A file that changed is read anew.
 */
#ifndef APP_LOAD_STATE_H
#define APP_LOAD_STATE_H

#include "base/err.h"
#include "ingest/source/file/file.h"

struct load_row {
    char *name; /* real path */
    int64_t size, mtime_ns, records;
    bool complete;
};

struct load_state {
    char *path; /* NULL: nothing is kept */
    struct load_row *rows;
    size_t count;
};

/* `path` NULL: ~/.local/state/hindcast/load-<hash of brokers, topic and inputs>.state. */
int load_state_open(struct load_state *state, const char *path, const char *brokers,
                    const char *topic, char **inputs, int input_count, struct err *err) MUST_CHECK;
/* Forget what was read. */
void load_state_forget(struct load_state *state);
void load_state_release(struct load_state *state);
/* Records delivered of this file as it is now; *ret_complete: all of it. */
int64_t
load_state_done(const struct load_state *state, const struct input_file *file, bool *ret_complete);
void load_state_set(struct load_state *state, const struct input_file *file, int64_t records,
                    bool complete);
int load_state_save(const struct load_state *state, struct err *err) MUST_CHECK;

#endif
