/*
 * Progress for people, on stderr: a bar that rewrites its line on a terminal, one line every five
 * seconds elsewhere. One thread.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what;              /* "load" */
    bool terminal, drawn;
    int64_t began_ns, shown_ns;
    int64_t total_bytes;           /* 0: unknown */
};

void progress_begin(struct progress *progress, const char *what, int64_t total_bytes);
/* Cheap when it is not yet time. `note` may be NULL. */
void progress_show(struct progress *progress, int64_t bytes, int64_t records, const char *note);
/* Leave the terminal's line clean. */
void progress_end(struct progress *progress);

#endif
