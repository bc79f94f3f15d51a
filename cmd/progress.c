/*
 * Progress bar and progress lines: see progress.h. Called by load and draft on their main thread.
 */
#include "cmd/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text/visible.h"

#define BAR_WIDTH 30
#define TERMINAL_EVERY_NS (100 * NS_PER_MS)
#define LINE_EVERY_NS (5 * NS_PER_S)

void
progress_begin(struct progress *progress, const char *what, int64_t total_bytes)
{
    const char *kind = getenv("TERM");
    int64_t now = clock_monotonic_ns();
    *progress = (struct progress){
        .what = what, .total_bytes = total_bytes, .began_ns = now, .shown_ns = now};
    progress->terminal = isatty(STDERR_FILENO) == 1 && kind != NULL && strcmp(kind, "dumb") != 0;
}

static void
add_bar(const struct progress *progress, int64_t bytes, struct strbuf *out)
{
    char bar[BAR_WIDTH + 1];
    int64_t total = progress->total_bytes;
    int64_t filled = total <= 0 ? 0 : bytes >= total ? BAR_WIDTH : bytes * BAR_WIDTH / total;
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    strbuf_addf(out, "\r%s", progress->what);
    if (total > 0)
        strbuf_addf(out, " [%s] %3d %%", bar, (int)(bytes >= total ? 100 : bytes * 100 / total));
}

void
progress_show(struct progress *progress, int64_t bytes, int64_t records, const char *note)
{
    struct strbuf line;
    int64_t now = clock_monotonic_ns();
    if (now - progress->shown_ns < (progress->terminal ? TERMINAL_EVERY_NS : LINE_EVERY_NS))
        return;
    progress->shown_ns = now;
    double seconds = (double)(now - progress->began_ns) / (double)NS_PER_S;
    double rate = seconds > 0 ? (double)records / seconds : 0;
    strbuf_init(&line, 0);
    if (progress->terminal)
        add_bar(progress, bytes, &line);
    else
        strbuf_addf(&line, "hindcast %s:", progress->what);
    strbuf_addf(&line, "  %.1f MB, %lld records, %.0f records/s", (double)bytes / 1e6,
                (long long)records, rate);
    if (note != NULL && note[0] != '\0')
        strbuf_add_text(&line, ", ");
    visible_add(&line, sv_from(note));
    strbuf_add_text(&line, progress->terminal ? "\033[K" : "\n");
    fwrite(line.ptr, 1, line.len, stderr);
    strbuf_release(&line);
    progress->drawn = true;
}

void
progress_end(struct progress *progress)
{
    if (progress->terminal && progress->drawn)
        fputs("\r\033[K", stderr);
}
