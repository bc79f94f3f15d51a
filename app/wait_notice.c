/*
 * Telling of waits: see wait_notice.h. Used by ingest, correlate and status.
 */
#include "app/wait_notice.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text/visible.h"

void
wait_notice_tell(struct wait_notice *notice, const char *reason)
{
    char cut[sizeof(notice->told)];
    snprintf(cut, sizeof(cut), "%s", reason);
    if (strcmp(cut, notice->told) == 0)
        return;
    if (notice->told[0] == '\0')
        notice->since_ns = clock_monotonic_ns();
    memcpy(notice->told, cut, sizeof(cut));
    visible_line(stderr, "hindcast %s: waiting: %s", notice->command, cut);
}

void
wait_notice_over(struct wait_notice *notice)
{
    char took[DURATION_TEXT];
    if (notice->told[0] == '\0')
        return;
    notice->told[0] = '\0';
    duration_format(clock_monotonic_ns() - notice->since_ns, took);
    visible_line(stderr, "hindcast %s: goes on after %s", notice->command, took);
}
