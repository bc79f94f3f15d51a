/*
 * Showing where the whole stands, once or again and again, on stdout. Main thread.
 */
#ifndef APP_STATUS_SHOW_H
#define APP_STATUS_SHOW_H

#include "app/wait_notice.h"
#include "observe/look.h"

struct status_show {
    struct status_look *look;
    bool json; /* one object a look, not tables */
    const volatile bool *stop;
    struct wait_notice waits;
};

/* Looks, a second time where what it sees may be a moment only. Returns the exit code, or -1. */
int status_show_once(struct status_show *show, struct err *err) MUST_CHECK;
/*
 * Until *stop, or until the reader of stdout is gone; goes on while the database is away, and says
 * so on stderr.
 */
int status_show_again(struct status_show *show, int64_t every_ns, struct err *err) MUST_CHECK;

#endif
