/*
 * Hints to the scheduler: see thread.h. Called by ingest/writer.c when its thread begins.
 */
#include "base/thread.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

#define PROMPT_SLICE_NS (200 * NS_PER_US) /* the kernel takes 100 us to 100 ms */

#if defined(SYS_sched_setattr) && defined(SYS_sched_getattr)

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
    struct scheduling now = {0};
    if (syscall(SYS_sched_getattr, 0, &now, sizeof(now), 0) != 0 || now.policy != 0)
        return; /* not among ordinary threads: an administrator's choice */
    now.size = sizeof(now);
    now.runtime_ns = PROMPT_SLICE_NS;
    (void)syscall(SYS_sched_setattr, 0, &now, 0);
}

#else

void
thread_prompt(void)
{
}

#endif
