/*
 * Progress for people, on stderr: a bar that rewrites its line on a terminal, one line every five
 * seconds elsewhere. One thread.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_LEFT_TEXT 64
/*
 * ", about 2 min left" of `left` more when `done` took `took_ns`; empty where it cannot be said
 * yet.
 */
void progress_left(int64_t took_ns, int64_t done, int64_t left, char ret_text[PROGRESS_LEFT_TEXT]);

struct progress {
    const char *what; /* "load" */
    bool terminal, drawn;
    int64_t began_ns, shown_ns;
    int64_t total; /* bytes or items; 0: unknown */
};

void progress_begin(struct progress *progress, const char *what, int64_t total);
/* Cheap when it is not yet time. `note` may be NULL. */
void progress_show(struct progress *progress, int64_t bytes, int64_t records, const char *note);
/* The same for items: "12 of 400 incidents". */
void progress_count(struct progress *progress, int64_t done, const char *unit);
/* Leave the terminal's line clean, for good or for lines of others. */
void progress_end(struct progress *progress);
void progress_clear(struct progress *progress);

#endif
