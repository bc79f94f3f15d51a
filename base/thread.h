/*
 * What POSIX threads leave open: when they run, and how long others wait for them.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

/*
 * For a thread that others wait for and that computes little between its waits: when something
 * wakes it, it is to run now and not after the slice of a thread that computes. A hint: Linux
 * before 6.12 has no such thing for ordinary threads, and a sandbox may refuse it; then nothing
 * changes.
 */
void thread_prompt(void);

/*
 * Runs `work` on a thread of its own and waits for it until `until_ns` (monotonic). False: it is
 * not done and may never be; nothing that it uses may be released, and thread_left_behind() is true
 * from then on. For calls of libraries that are known not to come back.
 */
bool thread_run_until(void (*work)(void *opaque), void *opaque, int64_t until_ns);
/* The same, for who decided not to wait at all. */
void thread_leave_behind(void);
/*
 * True if any thread was left behind. Then the process ends by _exit() after its output was
 * flushed: the cleaning up of libraries would meet a thread that still runs in them.
 */
bool thread_left_behind(void);

#endif
