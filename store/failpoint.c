/*
 * Failpoints: see failpoint.h. Called on any thread that claims, commits or saves.
 */
#include "store/failpoint.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifdef HINDCAST_FAILPOINTS

static const char *const names[] = {
#define FAILPOINT(name) #name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
};

void
failpoint_hit(enum failpoint failpoint)
{
    static atomic_int hits;
    const char *wanted = getenv("HINDCAST_FAILPOINT"), *name = names[failpoint];
    size_t len = strlen(name);
    if (wanted == NULL || strncmp(wanted, name, len) != 0 ||
        (wanted[len] != '\0' && wanted[len] != ':'))
        return;
    char *rest = NULL;
    long nth = wanted[len] == ':' ? strtol(wanted + len + 1, &rest, 10) : 1;
    if (nth != 0 && atomic_fetch_add(&hits, 1) + 1 != nth)
        return;
    /* raise() and not kill(): this thread must not go on while another one takes the signal. */
    raise(rest != NULL && strcmp(rest, ":stop") == 0 ? SIGSTOP : SIGKILL);
}

#endif
