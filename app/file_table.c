/*
 * The table of files: see file_table.h. Called by read, load and draft.
 */
#include "app/file_table.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "base/text/utf8.h"
#include "report/render/style.h"

#define RUN_SHOWN 2 /* of files that are alike */

void
file_table_init(struct file_table *table, struct strbuf *out)
{
    *table = (struct file_table){.out = out};
    table->zone.name = "UTC";
    table->run.sum = table->sum = (struct file_tally){.first_ns = TIME_NONE, .last_ns = TIME_NONE};
    strbuf_init(&table->run.alike, 0);
    strbuf_init(&table->run.row, 0);
    strbuf_init(&table->early, 0);
    strbuf_init(&table->lines, 0);
}

/* How much of the names of all files is one and the same folder. */
static size_t
common_folder(const struct file_set *files)
{
    size_t common = 0;
    for (size_t at = 0; files->count > 1 && files->files[0].name[at] != '\0'; at++) {
        for (size_t i = 1; i < files->count; i++)
            if (files->files[i].name[at] != files->files[0].name[at])
                return common;
        if (files->files[0].name[at] == '/')
            common = at + 1;
    }
    return common;
}

static const char *
shown_name(const struct file_table *table, const char *name)
{
    bool inside = strlen(name) > table->folder && strncmp(name, table->common, table->folder) == 0;
    return inside ? name + table->folder : name;
}

void
file_table_begin(struct file_table *table, const struct file_set *files)
{
    size_t longest = 0;
    table->folder = common_folder(files);
    table->common = files->count > 0 ? files->files[0].name : "";
    for (size_t i = 0; i < files->count; i++) {
        size_t columns = utf8_count(sv_from(files->files[i].name + table->folder));
        longest = columns > longest ? columns : longest;
    }
    table->widths = file_row_widths(table->columns, longest);
    if (table->folder > 0) {
        strbuf_add_text(table->out, "In ");
        escape_terminal(table->out, sv_of(table->common, table->folder - 1));
        strbuf_add_text(table->out, ":\n");
    }
    table->begun = true;
    table->rows = 0;
    file_row_head(table->out, &table->widths);
    struct sv early = strbuf_view(&table->early);
    for (const char *at = early.ptr; early.len > 0 && at < early.ptr + early.len;) {
        const char *reason = at + strlen(at) + 1;
        file_row_skipped(table->out, &table->widths, shown_name(table, at), reason);
        at = reason + strlen(reason) + 1;
    }
}

struct assumed_zone
file_table_zone(const struct config *config, const char *topic)
{
    const char *name = config_topic_text(config, topic, OPT_ingest_assumed_zone);
    bool told = strcmp(name, config_option_default(OPT_ingest_assumed_zone)) != 0;
    return (struct assumed_zone){told ? name : "UTC", told};
}

/* ---- rows ---- */

/* Wrapped, lines after the first indented by two more. */
static void
add_text(struct strbuf *out, const struct file_row_widths *widths, const char *indent,
         enum render_style style, struct sv text)
{
    struct strbuf shown;
    strbuf_init(&shown, 0);
    escape_terminal(&shown, text);
    struct sv rest = strbuf_view(&shown), line;
    size_t room = widths->all - strlen(indent) - 2;
    for (const char *more = ""; file_row_wrap(&rest, room, &line); more = "  ")
        strbuf_addf(out, "%s%s%s" SV_FMT "%s\n", indent, more, render_style_on(style), SV_ARG(line),
                    render_style_off(style));
    strbuf_release(&shown);
}

/* A row and what is to be said below it; `ret_looks`: something of it needs a look. */
static void
write_row(struct file_table *table, struct strbuf *out, bool *ret_looks)
{
    struct file_remark remarks[FILE_REMARKS_MAX];
    size_t count = file_remarks(&table->tally, &table->zone, remarks);
    *ret_looks = count > 0 && remarks[0].look;
    file_row(out, &table->widths, *ret_looks ? '!' : ' ', &table->tally,
             shown_name(table, table->tally.name));
    for (size_t i = 0; i < count; i++)
        if (remarks[i].look || !table->brief)
            add_text(out, &table->widths, "    ", remarks[i].look ? STYLE_ALARM : STYLE_PLAIN,
                     sv_from(remarks[i].text));
}

/* ---- files that are alike ---- */

/* Everything that is not a digit: names and numbers differ within a run, nothing else does. */
static void
add_likeness(struct strbuf *out, struct sv text)
{
    bool digits = false;
    for (size_t i = 0; i < text.len; i++) {
        bool digit = isdigit((unsigned char)text.ptr[i]) != 0;
        if (!digit)
            strbuf_add_char(out, text.ptr[i]);
        else if (!digits)
            strbuf_add_char(out, '#');
        digits = digit;
    }
}

static void
likeness_of(const struct file_table *table, struct strbuf *out)
{
    const struct file_tally *tally = &table->tally;
    struct file_remark remarks[FILE_REMARKS_MAX];
    size_t count = file_remarks(tally, &table->zone, remarks);
    add_likeness(out, sv_from(tally->name));
    for (size_t i = 0; i < tally->format_count; i++)
        strbuf_addf(out, "\n%s", tally->formats[i].name);
    for (size_t i = 0; i < count && remarks[i].look; i++)
        add_likeness(out, sv_from(remarks[i].text));
}

static void
end_run(struct file_table *table)
{
    struct file_run *run = &table->run;
    char first[ROW_TIME], last[ROW_TIME];
    file_row_times(run->sum.first_ns, run->sum.last_ns, first, last);
    if (run->folded == 1)
        strbuf_add_sv(table->out, strbuf_view(&run->row));
    else if (run->folded > 1)
        strbuf_addf(table->out, "    and %lld more like it: %lld records, %lld events%s%s%s%s\n",
                    (long long)run->folded, (long long)run->sum.records, (long long)run->sum.events,
                    first[0] == '\0' ? "" : ", ", first, last[0] == '\0' ? "" : " to ", last);
    strbuf_clear(&run->alike);
    strbuf_clear(&run->row);
    run->shown = run->folded = 0;
    run->sum = (struct file_tally){.first_ns = TIME_NONE, .last_ns = TIME_NONE};
}

static void
add_brief(struct file_table *table, struct sv row)
{
    struct file_run *run = &table->run;
    struct strbuf alike;
    strbuf_init(&alike, 0);
    likeness_of(table, &alike);
    if (!sv_eq(strbuf_view(&alike), strbuf_view(&run->alike))) {
        end_run(table);
        strbuf_add_sv(&run->alike, strbuf_view(&alike));
    }
    strbuf_release(&alike);
    if (run->shown < RUN_SHOWN) {
        run->shown++;
        strbuf_add_sv(table->out, row);
        return;
    }
    run->folded++;
    file_tally_sum(&run->sum, &table->tally);
    strbuf_clear(&run->row);
    strbuf_add_sv(&run->row, row);
}

/* ---- what comes in ---- */

static void
end_file(struct file_table *table)
{
    struct strbuf row;
    bool looks = false;
    if (table->tally.name == NULL)
        return;
    strbuf_init(&row, 0);
    write_row(table, &row, &looks);
    table->files++;
    file_tally_sum(&table->sum, &table->tally);
    table->to_look_at += looks;
    if (table->brief)
        add_brief(table, strbuf_view(&row));
    else
        strbuf_add_sv(table->out, strbuf_view(&row));
    struct sv lines = strbuf_view(&table->lines), line;
    while (lines.len > 0 && sv_split(&lines, '\n', &line))
        add_text(table->out, &table->widths, "    ", STYLE_PLAIN, line);
    strbuf_clear(&table->lines);
    strbuf_release(&row);
    file_tally_release(&table->tally);
    table->rows++;
}

static void
turn_to(struct file_table *table, const char *name)
{
    if (table->tally.name != NULL && strcmp(table->tally.name, name) == 0)
        return;
    end_file(table);
    file_tally_init(&table->tally, name);
}

void
file_table_record(struct file_table *table, const struct file_record *record)
{
    assert(table->begun);
    turn_to(table, record->name);
    file_tally_add(&table->tally, record);
}

void
file_table_skip(struct file_table *table, const char *name, int64_t line, const char *reason)
{
    if (table->begun && line > 0) {
        turn_to(table, name);
        file_tally_skip(&table->tally, line, reason);
        return;
    }
    table->skipped++;
    table->rows++;
    if (!table->begun) {
        strbuf_add(&table->early, name, strlen(name) + 1);
        strbuf_add(&table->early, reason, strlen(reason) + 1);
        return;
    }
    end_file(table);
    end_run(table);
    file_row_skipped(table->out, &table->widths, shown_name(table, name), reason);
}

void
file_table_problem(struct file_table *table, const char *name, const char *reason)
{
    if (table->begun && table->tally.name != NULL && strcmp(table->tally.name, name) == 0)
        file_tally_problem(&table->tally, reason);
    else
        file_table_skip(table, name, 0, reason);
}

void
file_table_add_lines(struct file_table *table, struct sv lines)
{
    strbuf_add_sv(&table->lines, lines);
}

void
file_table_file_end(struct file_table *table, const struct input_file *file)
{
    end_file(table);
    if (table->rows == 0)
        file_table_skip(table, file->name, 0, "there are no records in it");
    table->rows = 0;
}

/* ---- the total ---- */

static void
add_total(struct file_table *table)
{
    const struct file_tally *sum = &table->sum;
    struct file_remark remark;
    strbuf_addf(table->out, "%lld %s: %lld records, %lld events", (long long)table->files,
                table->files == 1 ? "file" : "files", (long long)sum->records,
                (long long)sum->events);
    if (sum->first_ns != TIME_NONE) {
        char first[TIME_TEXT], last[TIME_TEXT];
        time_format_zone(sum->first_ns, first);
        time_format_zone(sum->last_ns, last);
        strbuf_addf(table->out, ", %.16s to %.16s%s", first, last, last + 19);
    }
    strbuf_add_char(table->out, '\n');
    if (file_remark_times(sum, &table->zone, &remark))
        add_text(table->out, &table->widths, "", STYLE_PLAIN, sv_from(remark.text));
    if (table->to_look_at > 0)
        strbuf_addf(table->out, "%s%lld to look at (!)%s\n", render_style_on(STYLE_ALARM),
                    (long long)table->to_look_at, render_style_off(STYLE_ALARM));
    if (table->skipped > 0)
        strbuf_addf(table->out, "%lld not read (-)\n", (long long)table->skipped);
}

void
file_table_end(struct file_table *table)
{
    end_file(table);
    end_run(table);
    strbuf_add_char(table->out, '\n');
    add_total(table);
}

void
file_table_release(struct file_table *table)
{
    file_tally_release(&table->tally);
    strbuf_release(&table->run.alike);
    strbuf_release(&table->run.row);
    strbuf_release(&table->early);
    strbuf_release(&table->lines);
}
