/*
 * See ingest_display.h.
 */
#include "app/ingest_display.h"

#include <stdio.h>
#include <string.h>

#include "app/progress.h"
#include "base/clock.h"
#include "base/text/visible.h"
#include "hindcast/version.h"

#define SHOW_EVERY_NS (5 * NS_PER_S)

void
ingest_display_decoding(const struct ingest_decoding *decoding)
{
    if (decoding->how == APPLIED_FIRST)
        visible_line(stderr,
                     "hindcast ingest: no decoding options were applied yet: applied those of this "
                     "process, %.12s, which every worker decodes with from now on",
                     decoding->applied);
    if (decoding->how == APPLIED_TAKEN_OVER)
        visible_line(stderr,
                     "hindcast ingest: the applied decoding options were of an older program: "
                     "applied them again for this one (%s), %.12s; older ones stop",
                     HINDCAST_VERSION, decoding->applied);
    if (decoding->differs)
        visible_line(stderr,
                     "hindcast ingest: the decoding options of this process, %.12s, are not those "
                     "that are applied, %.12s, which count (they differ in %s); 'hindcast config "
                     "apply' makes those of this process count",
                     decoding->own, decoding->applied, decoding->differs_in);
}

/* Once for each set. */
static void
show_decoding(struct ingest_display *display, const struct ingest_decoding *decoding)
{
    struct ingest_decoding news = *decoding;
    if (news.how == display->decoding.how)
        news.how = APPLIED_BEFORE;
    news.differs &= strcmp(news.applied, display->decoding.applied) != 0;
    ingest_display_decoding(&news);
    display->decoding = *decoding;
}

void
ingest_display_show(void *opaque, const struct ingest_progress *progress)
{
    struct ingest_display *display = opaque;
    monitor_ingest(display->monitor, progress);
    show_decoding(display, &progress->decoding);
    int64_t now = clock_monotonic_ns();
    if (progress->waiting)
        wait_notice_tell(&display->waits, progress->waiting_for);
    else
        wait_notice_over(&display->waits);
    if (now - display->shown_ns < SHOW_EVERY_NS)
        return;
    if (!progress->waiting && progress->records != display->shown_records) {
        double seconds = (double)(now - display->shown_ns) / (double)NS_PER_S;
        double rate = (double)(progress->records - display->shown_records) / seconds;
        char left[PROGRESS_LEFT_TEXT + 40] = "", time[PROGRESS_LEFT_TEXT];
        progress_left(now - display->shown_ns, progress->records - display->shown_records,
                      progress->lag, time);
        if (progress->lag >= 0)
            snprintf(left, sizeof(left), ", %lld to go%s", (long long)progress->lag, time);
        visible_line(stderr, "hindcast ingest: %lld records, %lld events, %.0f records/s%s",
                     (long long)progress->records, (long long)progress->events, rate, left);
    }
    display->shown_ns = now;
    display->shown_records = progress->records;
}

void
ingest_display_summary(struct ingest_display *display, const struct ingest_progress *total)
{
    char took[DURATION_TEXT];
    show_decoding(display, &total->decoding);
    duration_format(clock_monotonic_ns() - display->began_ns, took);
    visible_line(stdout, "records      %lld", (long long)total->records);
    visible_line(stdout, "events       %lld", (long long)total->events);
    visible_line(stdout, "quarantined  %lld", (long long)total->quarantined);
    visible_line(stdout, "tombstones   %lld", (long long)total->tombstones);
    visible_line(stdout, "bytes        %lld", (long long)total->bytes);
    visible_line(stdout, "batches      %lld", (long long)total->batches);
    if (total->lag >= 0)
        visible_line(stdout, "left         %lld", (long long)total->lag);
    if (total->uncommitted > 0)
        visible_line(stdout, "uncommitted  %lld (read again next time)",
                     (long long)total->uncommitted);
    visible_line(stdout, "took         %s", took);
}
