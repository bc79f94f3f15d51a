/*
 * What POSIX threads leave open. The caller's own thread only.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

/*
 * For a thread that others wait for and that computes little between its waits: when something
 * wakes it, it is to run now and not after the slice of a thread that computes. A hint: Linux
 * before 6.12 has no such thing for ordinary threads, and a sandbox may refuse it; then nothing
 * changes.
 */
void thread_prompt(void);

#endif
