/*
 * Failpoints: places where a test kills the process with SIGKILL, or stops it with SIGSTOP.
 * HINDCAST_FAILPOINT=name[:nth[:stop]] in the environment of a build with -DHINDCAST_FAILPOINTS
 * (nth 0: each time); nothing at all in release builds. Any thread.
 */
#ifndef STORE_FAILPOINT_H
#define STORE_FAILPOINT_H

enum failpoint {
#define FAILPOINT(name) FAILPOINT_##name,
#include "hindcast/failpoints.def"
#undef FAILPOINT
    FAILPOINT_COUNT
};

#ifdef HINDCAST_FAILPOINTS
void failpoint_hit(enum failpoint failpoint);
#define FAILPOINT_AT(point) failpoint_hit(point)
#else
#define FAILPOINT_AT(point) ((void)(point))
#endif
#define FAILPOINT_HERE(name) FAILPOINT_AT(FAILPOINT_##name)

#endif
