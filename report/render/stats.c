/*
 * How long incidents took, for people and programs: see stats.h. Called by `hindcast stats` on the
 * main thread.
 */
#include "report/render/stats.h"

#include <string.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "base/text/json_writer.h"
#include "hindcast/incident.h"
#include "report/render/table.h"

#define OPEN_SHOWN 10 /* --format jsonl has all */

static const struct {
    const char *word, *name;
} measures[STATS_MEASURES] = {
    [STATS_DETECT] = {"time_to_detect", "detect"},
    [STATS_ACKNOWLEDGE] = {"time_to_acknowledge", "acknowledge"},
    [STATS_MITIGATE] = {"time_to_mitigate", "mitigate"},
    [STATS_RECOVER] = {"time_to_recover", "recover"},
    [STATS_RESOLVE] = {"time_to_resolve", "resolve"},
};

static const char *const bin_words[STATS_BINS] = {"under_1m", "under_5m", "under_15m", "under_1h",
                                                  "under_4h", "under_1d", "longer"};

const char *
stats_measure_word(enum stats_measure measure)
{
    return measures[measure].word;
}

/* ---- the table ---- */

/* A bin that holds anything is seen, and only the fullest are full. */
static void
add_spread(const struct stats_row *row, bool ascii, struct strbuf *out)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const int64_t steps = 8;
    int64_t most = 0;
    for (size_t i = 0; i < STATS_BINS; i++)
        if (row->bins[i] > most)
            most = row->bins[i];
    for (size_t i = 0; i < STATS_BINS; i++) {
        int64_t level = row->bins[i] == 0 ? 0 : 1 + (row->bins[i] * steps - 1) / most;
        if (level > steps)
            level = steps;
        strbuf_add_text(out, i == 0 ? " " : "   "); /* under the middle of the bin's head */
        if (level == 0)
            strbuf_add_text(out, ascii ? "." : "·");
        else if (ascii)
            strbuf_add_char(out, (char)('0' + level));
        else
            strbuf_add_text(out, blocks[level - 1]);
    }
}

static void
add_duration(struct table *table, const struct stats_row *row, int64_t ns)
{
    char text[DURATION_TEXT] = "-";
    if (row->n > 0)
        duration_format(ns, text);
    table_cell(table, sv_from(text));
}

static void
add_row(struct table *table, const struct stats_row *row, const char *by, bool ascii)
{
    struct strbuf spread;
    if (by != NULL)
        table_cell(table, sv_empty(row->part) ? SV("-") : row->part);
    table_cell(table, sv_from(measures[row->measure].name));
    table_cellf(table, "%lld", (long long)row->n);
    table_cellf(table, "%lld", (long long)row->incidents);
    add_duration(table, row, row->median_ns);
    add_duration(table, row, row->p90_ns);
    add_duration(table, row, row->longest_ns);
    table_cell(table, row->n > 0 ? row->longest_in : SV("-"));
    strbuf_init(&spread, 0);
    if (row->n > 0)
        add_spread(row, ascii, &spread);
    table_cell(table, strbuf_view(&spread));
    strbuf_release(&spread);
}

static const char *
head_of(const char *by)
{
    return strcmp(by, "month") == 0 ? "MONTH" : strcmp(by, "service") == 0 ? "SERVICE" : "SEVERITY";
}

/* Of each group that has some: they are in no median. */
static void
add_open(const struct stats_row *row, const char *by, size_t columns, struct strbuf *out)
{
    struct strbuf line;
    if (row->open_count == 0)
        return;
    strbuf_init(&line, 0);
    if (by != NULL)
        strbuf_addf(&line, SV_FMT ": ", SV_ARG(sv_empty(row->part) ? SV("-") : row->part));
    strbuf_addf(&line, "%zu of %lld " INCIDENT_OPEN_WORDS " (last state): ", row->open_count,
                (long long)row->incidents);
    for (size_t i = 0; i < row->open_count && i < OPEN_SHOWN; i++)
        strbuf_addf(&line, "%s" SV_FMT, i == 0 ? "" : ", ", SV_ARG(row->open[i]));
    if (row->open_count > OPEN_SHOWN)
        strbuf_addf(&line, " and %zu more", row->open_count - OPEN_SHOWN);
    escape_terminal_cut(out, strbuf_view(&line), columns > 0 ? columns : SIZE_MAX);
    strbuf_add_char(out, '\n');
    strbuf_release(&line);
}

void
render_stats(const struct stats_row *rows, size_t count, const char *by, bool ascii, size_t columns,
             struct strbuf *out)
{
    const char *names[9];
    static const char *const rest[] = {"TIME TO", ">N",       ">OF", ">MEDIAN",
                                       ">P90",    ">LONGEST", "IN",  "<1m <5m 15m <1h <4h <1d >1d"};
    size_t used = 0;
    struct table table;
    if (by != NULL)
        names[used++] = head_of(by);
    for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
        names[used++] = rest[i];
    table_init(&table, names, used);
    for (size_t i = 0; i < count; i++)
        add_row(&table, &rows[i], by, ascii);
    table_print(&table, columns, out);
    table_release(&table);
    for (size_t i = 0; i < count; i += STATS_MEASURES)
        add_open(&rows[i], by, columns, out);
}

/* ---- JSON Lines ---- */

static void
put_duration(struct strbuf *out, const char *name, const struct stats_row *row, int64_t ns)
{
    if (row->n > 0)
        json_put_int(out, name, ns / NS_PER_MS);
    else
        json_put(out, name, SV_NONE);
}

static void
add_object(const struct stats_row *row, const char *by, struct strbuf *out)
{
    strbuf_add_char(out, '{');
    if (by != NULL)
        json_put(out, by, sv_empty(row->part) ? SV_NONE : row->part);
    json_put(out, "measure", sv_from(stats_measure_word(row->measure)));
    json_put_int(out, "n", row->n);
    json_put_int(out, "of", row->incidents);
    put_duration(out, "median_ms", row, row->median_ns);
    put_duration(out, "p90_ms", row, row->p90_ns);
    put_duration(out, "longest_ms", row, row->longest_ns);
    json_put(out, "longest_in", row->n > 0 ? row->longest_in : SV_NONE);
    for (size_t i = 0; i < STATS_BINS; i++)
        json_put_int(out, bin_words[i], row->bins[i]);
    json_put_list(out, "incidents", row->names, (size_t)row->n);
    json_put_list(out, "not_resolved", row->open, row->open_count);
    strbuf_add_text(out, "}\n");
}

void
render_stats_json(const struct stats_row *rows, size_t count, const char *by, struct strbuf *out)
{
    for (size_t i = 0; i < count; i++)
        add_object(&rows[i], by, out);
}
