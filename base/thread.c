/*
 * Hints to the scheduler, and threads that are not waited for without an end: see thread.h.
 */
#include "base/thread.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

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

/* Shared by the caller and the thread; who is last frees it. */
struct job {
    void (*work)(void *);
    void *opaque;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool done, left;
};

static _Atomic bool left_behind;

static void
job_free(struct job *job)
{
    pthread_cond_destroy(&job->changed);
    pthread_mutex_destroy(&job->mutex);
    free(job);
}

static void *
job_main(void *opaque)
{
    struct job *job = opaque;
    job->work(job->opaque);
    pthread_mutex_lock(&job->mutex);
    assert(!job->done);
    job->done = true;
    bool left = job->left;
    pthread_cond_signal(&job->changed);
    pthread_mutex_unlock(&job->mutex);
    if (left)
        job_free(job);
    return NULL;
}

static struct job *
job_new(void (*work)(void *), void *opaque)
{
    pthread_condattr_t clock;
    struct job *job = memory_calloc(1, sizeof(*job));
    job->work = work;
    job->opaque = opaque;
    pthread_mutex_init(&job->mutex, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&job->changed, &clock);
    pthread_condattr_destroy(&clock);
    return job;
}

bool
thread_run_until(void (*work)(void *opaque), void *opaque, int64_t until_ns)
{
    struct timespec until = {until_ns / NS_PER_S, until_ns % NS_PER_S};
    struct job *job = job_new(work, opaque);
    pthread_t thread;
    if (pthread_create(&thread, NULL, job_main, job) != 0) {
        job_free(job);
        work(opaque);
        return true;
    }
    int number = 0;
    pthread_mutex_lock(&job->mutex);
    while (!job->done && number == 0)
        number = pthread_cond_timedwait(&job->changed, &job->mutex, &until);
    bool done = job->done;
    assert(!job->left);
    job->left = !done;
    pthread_mutex_unlock(&job->mutex);
    if (done) {
        pthread_join(thread, NULL);
        job_free(job);
    } else {
        pthread_detach(thread);
        thread_leave_behind();
    }
    return done;
}

void
thread_leave_behind(void)
{
    atomic_store(&left_behind, true);
}

bool
thread_left_behind(void)
{
    return atomic_load(&left_behind);
}
