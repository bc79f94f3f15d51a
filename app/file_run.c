/*
 * Rows that are alike: see file_run.h.
 */
#include "app/file_run.h"

#include <stdio.h>

#include "app/file_row.h"
#include "base/clock.h"
#include "base/text/escape.h"

#define SHOWN 2

static void
clear(struct file_run *run)
{
    strbuf_clear(&run->alike);
    strbuf_clear(&run->row);
    run->what[0] = '\0';
    run->shown = run->folded = 0;
    run->sum = (struct file_tally){.first_ns = TIME_NONE, .last_ns = TIME_NONE};
}

void
file_run_init(struct file_run *run)
{
    *run = (struct file_run){.whole = false};
    strbuf_init(&run->alike, 0);
    strbuf_init(&run->row, 0);
    clear(run);
}

void
file_run_release(struct file_run *run)
{
    strbuf_release(&run->alike);
    strbuf_release(&run->row);
}

static void
add_up(const struct file_run *run, struct strbuf *out)
{
    const struct file_tally *sum = &run->sum;
    char first[ROW_TIME], last[ROW_TIME];
    strbuf_addf(out, "    and %lld more ", (long long)run->folded);
    if (run->what[0] != '\0') {
        escape_terminal(out, sv_from(run->what));
        strbuf_add_char(out, '\n');
        return;
    }
    file_row_times(sum->first_ns, sum->last_ns, first, last);
    strbuf_addf(out, "like it: %lld records, %lld events%s%s%s%s\n", (long long)sum->records,
                (long long)sum->events, first[0] == '\0' ? "" : ", ", first,
                last[0] == '\0' ? "" : " to ", last);
}

void
file_run_end(struct file_run *run, struct strbuf *out)
{
    if (run->folded == 1)
        strbuf_add_sv(out, strbuf_view(&run->row));
    else if (run->folded > 1)
        add_up(run, out);
    clear(run);
}

void
file_run_add(struct file_run *run, struct strbuf *out, struct sv alike, struct sv row,
             const struct file_tally *tally, const char *what)
{
    if (run->whole) {
        strbuf_add_sv(out, row);
        return;
    }
    if (!sv_eq(alike, strbuf_view(&run->alike))) {
        file_run_end(run, out);
        strbuf_add_sv(&run->alike, alike);
    }
    if (run->shown < SHOWN) {
        run->shown++;
        strbuf_add_sv(out, row);
        return;
    }
    run->folded++;
    strbuf_clear(&run->row);
    strbuf_add_sv(&run->row, row);
    if (tally != NULL)
        file_tally_sum(&run->sum, tally);
    else
        snprintf(run->what, sizeof(run->what), "%s", what);
}
