/*
 * Hints to the scheduler: see thread.h. Called by ingest/writer.c when its thread begins.
 */
#include "base/thread.h"

#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

#define PROMPT_SLICE_NS (200 * NS_PER_US) /* the kernel takes 100 us to 100 ms */

/* As in sched_setattr(2): glibc names it from 2.41 on only. */
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns, deadline_ns, period_ns;
};

void
thread_prompt(void)
{
    struct scheduling own = {0};
    if (syscall(SYS_sched_getattr, 0, &own, sizeof(own), 0) != 0 || own.policy != SCHED_OTHER)
        return; /* not among ordinary threads: an administrator's choice */
    own.size = sizeof(own);
    own.runtime_ns = PROMPT_SLICE_NS;
    (void)syscall(SYS_sched_setattr, 0, &own, 0);
}
