/*
 * Failpoints: places where a test kills the process with SIGKILL. HINDCAST_FAILPOINT=name[:nth] in
 * the environment of a build with -DHINDCAST_FAILPOINTS; nothing at all in release builds. Any
 * thread.
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
#define FAILPOINT_HERE(name) failpoint_hit(FAILPOINT_##name)
#else
#define FAILPOINT_HERE(name) ((void)0)
#endif

#endif
