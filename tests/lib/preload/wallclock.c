/*
 * LD_PRELOAD for tests/it/clock_test.sh: the wall clock is off by as many seconds as the file that
 * WALLCLOCK names says, read anew each time, as if somebody set it. The monotonic clock is not.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long
off_by(void)
{
    const char *path = getenv("WALLCLOCK");
    FILE *file = path == NULL ? NULL : fopen(path, "re");
    long seconds = 0;
    if (file != NULL) {
        if (fscanf(file, "%ld", &seconds) != 1)
            seconds = 0;
        fclose(file);
    }
    return seconds;
}

int
clock_gettime(clockid_t clock, struct timespec *ret_now)
{
    long failed = syscall(SYS_clock_gettime, clock, ret_now);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        ret_now->tv_sec += off_by();
    return (int)failed;
}

int
gettimeofday(struct timeval *restrict ret_now, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    *ret_now = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t
time(time_t *ret_now)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    if (ret_now != NULL)
        *ret_now = now.tv_sec;
    return now.tv_sec;
}
