/*
 * Progress bar and progress lines: see progress.h. Called by load and draft on their main thread.
 */
#include "cmd/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define BAR_WIDTH 30
#define TERMINAL_EVERY_NS (100 * NS_PER_MS)
#define LINE_EVERY_NS (5 * NS_PER_S)

void
progress_begin(struct progress *progress, const char *what, int64_t total_bytes)
{
    const char *kind = getenv("TERM");
    int64_t now = clock_monotonic_ns();
    *progress = (struct progress){.what = what, .total_bytes = total_bytes, .began_ns = now,
                                  .shown_ns = now};
    progress->terminal = isatty(STDERR_FILENO) == 1 && kind != NULL && strcmp(kind, "dumb") != 0;
}

static void
draw_bar(const struct progress *progress, int64_t bytes)
{
    char bar[BAR_WIDTH + 1];
    int64_t total = progress->total_bytes;
    int64_t filled = total <= 0 ? 0 : bytes >= total ? BAR_WIDTH : bytes * BAR_WIDTH / total;
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    if (total > 0)
        fprintf(stderr, "\r%s [%s] %3d %%", progress->what, bar,
                (int)(bytes >= total ? 100 : bytes * 100 / total));
    else
        fprintf(stderr, "\r%s", progress->what);
}

void
progress_show(struct progress *progress, int64_t bytes, int64_t records, const char *note)
{
    int64_t now = clock_monotonic_ns();
    if (now - progress->shown_ns < (progress->terminal ? TERMINAL_EVERY_NS : LINE_EVERY_NS))
        return;
    progress->shown_ns = now;
    double seconds = (double)(now - progress->began_ns) / (double)NS_PER_S;
    double rate = seconds > 0 ? (double)records / seconds : 0;
    if (progress->terminal)
        draw_bar(progress, bytes);
    else
        fprintf(stderr, "hindcast %s:", progress->what);
    fprintf(stderr, "  %.1f MB, %lld records, %.0f records/s", (double)bytes / 1e6,
            (long long)records, rate);
    if (note != NULL && note[0] != '\0')
        fprintf(stderr, ", %s", note);
    fputs(progress->terminal ? "\033[K" : "\n", stderr);
    fflush(stderr);
    progress->drawn = true;
}

void
progress_end(struct progress *progress)
{
    if (progress->terminal && progress->drawn)
        fputs("\r\033[K", stderr);
}
