/*
 * Progress bar and progress lines: see progress.h. Called by load, draft and verify on their main
 * thread.
 */
#include "app/progress.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text/escape.h"

#define BAR_WIDTH 30
#define TERMINAL_EVERY_NS (100 * NS_PER_MS)
#define LINE_EVERY_NS (5 * NS_PER_S)
#define SAYS_LEFT_AFTER_NS (2 * NS_PER_S) /* before that a rate says little */
#define LEFT_MOST_S (100.0 * 86400)       /* longer is not a forecast */

void
progress_begin(struct progress *progress, const char *what, int64_t total)
{
    const char *kind = getenv("TERM");
    int64_t now = clock_monotonic_ns();
    *progress = (struct progress){.what = what, .total = total, .began_ns = now, .shown_ns = now};
    progress->terminal = isatty(STDERR_FILENO) == 1 && kind != NULL && strcmp(kind, "dumb") != 0;
}

static void
add_bar(const struct progress *progress, int64_t bytes, struct strbuf *out)
{
    char bar[BAR_WIDTH + 1];
    int64_t total = progress->total;
    int64_t filled = total <= 0 ? 0 : bytes >= total ? BAR_WIDTH : bytes * BAR_WIDTH / total;
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    strbuf_addf(out, "\r%s", progress->what);
    if (total > 0)
        strbuf_addf(out, " [%s] %3d %%", bar, (int)(bytes >= total ? 100 : bytes * 100 / total));
}

void
progress_left(int64_t took_ns, int64_t done, int64_t left, char ret_text[PROGRESS_LEFT_TEXT])
{
    char text[DURATION_TEXT];
    ret_text[0] = '\0';
    if (took_ns < SAYS_LEFT_AFTER_NS || done <= 0 || left <= 0)
        return;
    double seconds = (double)took_ns / (double)NS_PER_S * (double)left / (double)done;
    if (seconds > LEFT_MOST_S)
        return;
    duration_format((int64_t)(seconds + 1) * NS_PER_S, text);
    snprintf(ret_text, PROGRESS_LEFT_TEXT, ", about %s left", text);
}

/* Whether it is time for another line; draws its beginning then. */
static bool
begin_line(struct progress *progress, int64_t done, struct strbuf *out)
{
    assert(progress->what != NULL); /* progress_begin() comes first */
    int64_t now = clock_monotonic_ns();
    if (now - progress->shown_ns < (progress->terminal ? TERMINAL_EVERY_NS : LINE_EVERY_NS))
        return false;
    progress->shown_ns = now;
    strbuf_init(out, 0);
    if (progress->terminal)
        add_bar(progress, done, out);
    else
        strbuf_addf(out, "hindcast %s:", progress->what);
    return true;
}

static void
end_line(struct progress *progress, int64_t done, const char *note, struct strbuf *out)
{
    char left[PROGRESS_LEFT_TEXT];
    progress_left(progress->shown_ns - progress->began_ns, done, progress->total - done, left);
    strbuf_add_text(out, left);
    if (note != NULL && note[0] != '\0')
        strbuf_add_text(out, ", ");
    escape_terminal(out, sv_from(note));
    strbuf_add_text(out, progress->terminal ? "\033[K" : "\n");
    fwrite(out->ptr, 1, out->len, stderr);
    strbuf_release(out);
    progress->drawn = true;
}

void
progress_show(struct progress *progress, int64_t bytes, int64_t records, const char *note)
{
    struct strbuf line;
    if (!begin_line(progress, bytes, &line))
        return;
    double seconds = (double)(progress->shown_ns - progress->began_ns) / (double)NS_PER_S;
    double rate = seconds > 0 ? (double)records / seconds : 0;
    strbuf_addf(&line, "  %.1f MB, %lld records, %.0f records/s", (double)bytes / 1e6,
                (long long)records, rate);
    end_line(progress, bytes, note, &line);
}

void
progress_count(struct progress *progress, int64_t done, const char *unit)
{
    struct strbuf line;
    if (!begin_line(progress, done, &line))
        return;
    strbuf_addf(&line, "  %lld of %lld %s", (long long)done, (long long)progress->total, unit);
    end_line(progress, done, NULL, &line);
}

void
progress_clear(struct progress *progress)
{
    if (progress->terminal && progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

void
progress_end(struct progress *progress)
{
    progress_clear(progress);
}
