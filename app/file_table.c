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

void
file_table_init(struct file_table *table, struct strbuf *out)
{
    *table = (struct file_table){.out = out};
    table->zone.name = "UTC";
    table->sum = (struct file_tally){.first_ns = TIME_NONE, .last_ns = TIME_NONE};
    file_run_init(&table->run);
    zone_sketch_init(&table->mentions);
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

struct assumed_zone
file_table_zone(const struct config *config, const char *topic)
{
    const char *name = config_topic_text(config, topic, OPT_ingest_assumed_zone);
    bool told = strcmp(name, config_option_default(OPT_ingest_assumed_zone)) != 0;
    return (struct assumed_zone){told ? name : "UTC", told};
}

/* ---- rows ---- */

/* Wrapped; lines after the first have blanks where that has `begin`, and two more. */
static void
add_text(struct strbuf *out, const struct file_row_widths *widths, const char *begin,
         enum render_style style, struct sv text)
{
    struct strbuf shown;
    strbuf_init(&shown, 0);
    escape_terminal(&shown, text);
    struct sv rest = strbuf_view(&shown), line;
    int indent = (int)strlen(begin);
    bool first = true;
    for (; file_row_wrap(&rest, widths->all - (size_t)indent - 2, &line); first = false)
        strbuf_addf(out, "%*s%s%s" SV_FMT "%s\n", indent, first ? begin : "", first ? "" : "  ",
                    render_style_on(style), SV_ARG(line), render_style_off(style));
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

/* ---- rows that are alike ---- */

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

/* ---- what comes in ---- */

/* Nothing of it was read: a row that says why. */
static void
add_skipped(struct file_table *table, const char *reason)
{
    struct strbuf row, alike, what;
    strbuf_init(&row, 0);
    strbuf_init(&alike, 0);
    strbuf_init(&what, 0);
    strbuf_addf(&alike, "-%s", reason);
    strbuf_addf(&what, "not read: %s", reason);
    file_row_skipped(&row, &table->widths, shown_name(table, table->tally.name), reason);
    file_run_add(&table->run, table->out, strbuf_view(&alike), strbuf_view(&row), NULL, what.ptr);
    table->skipped++;
    strbuf_release(&what);
    strbuf_release(&alike);
    strbuf_release(&row);
}

static void
add_read(struct file_table *table)
{
    struct strbuf row, alike;
    bool looks = false;
    strbuf_init(&row, 0);
    strbuf_init(&alike, 0);
    write_row(table, &row, &looks);
    likeness_of(table, &alike);
    file_run_add(&table->run, table->out, strbuf_view(&alike), strbuf_view(&row), &table->tally,
                 NULL);
    struct sv lines = strbuf_view(&table->lines), line;
    while (lines.len > 0 && sv_split(&lines, '\n', &line))
        add_text(table->out, &table->widths, "    ", STYLE_PLAIN, line);
    strbuf_clear(&table->lines);
    strbuf_release(&alike);
    strbuf_release(&row);
    table->files++;
    table->to_look_at += looks;
    file_tally_sum(&table->sum, &table->tally);
    zone_neighbours_add(&table->neighbours, shown_name(table, table->tally.name),
                        table->tally.zone[0] != '\0' ? table->tally.zone : table->zone.name,
                        &table->mentions);
}

/* `ended`: what is known of its bytes, or NULL. */
static void
end_file(struct file_table *table, const struct file_ended *ended)
{
    const struct file_tally *tally = &table->tally;
    if (tally->name == NULL)
        return;
    const char *reason = file_tally_unread(tally);
    if (reason == NULL)
        add_read(table);
    else
        add_skipped(table, reason);
    if (table->noted != NULL)
        table->noted(table->opaque, tally, &table->zone, ended);
    file_tally_release(&table->tally);
    table->rows++;
}

static bool
is_at(const struct file_table *table, const char *name)
{
    return table->tally.name != NULL && strcmp(table->tally.name, name) == 0;
}

static void
turn_to(struct file_table *table, const char *name)
{
    if (is_at(table, name))
        return;
    end_file(table, NULL);
    file_tally_init(&table->tally, name);
}

void
file_table_record(struct file_table *table, const struct file_record *record)
{
    assert(table->begun);
    turn_to(table, record->name);
    file_tally_add(&table->tally, record);
    for (size_t i = 0; i < record->event_count; i++)
        zone_sketch_add(&table->mentions, &record->events[i]);
}

void
file_table_skip(struct file_table *table, const char *name, int64_t line, const char *reason)
{
    if (!table->begun) {
        strbuf_add(&table->early, name, strlen(name) + 1);
        strbuf_add(&table->early, reason, strlen(reason) + 1);
        return;
    }
    turn_to(table, name);
    file_tally_skip(&table->tally, line, reason);
}

void
file_table_problem(struct file_table *table, const char *name, const char *reason)
{
    if (!table->begun) {
        file_table_skip(table, name, 0, reason);
        return;
    }
    turn_to(table, name);
    file_tally_problem(&table->tally, reason);
}

void
file_table_ended(struct file_table *table, const struct file_ended *ended)
{
    turn_to(table, ended->name);
    end_file(table, ended);
}

void
file_table_add_lines(struct file_table *table, struct sv lines)
{
    strbuf_add_sv(&table->lines, lines);
}

void
file_table_known(struct file_table *table, const struct input_file *file, int64_t records)
{
    struct strbuf row;
    strbuf_init(&row, 0);
    end_file(table, NULL);
    table->known += records;
    file_row_known(&row, &table->widths, shown_name(table, file->name), records);
    file_run_add(&table->run, table->out, SV("loaded before"), strbuf_view(&row), NULL,
                 "loaded before");
    strbuf_release(&row);
}

void
file_table_file_end(struct file_table *table, const struct input_file *file)
{
    end_file(table, NULL);
    if (table->rows == 0) {
        turn_to(table, file->name);
        end_file(table, NULL);
    }
    table->rows = 0;
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
    table->run.whole = !table->brief;
    file_row_head(table->out, &table->widths);
}

void
file_table_early(struct file_table *table)
{
    struct sv early = strbuf_view(&table->early);
    for (const char *name = early.ptr; early.len > 0 && name < early.ptr + early.len;) {
        const char *reason = name + strlen(name) + 1;
        file_table_skip(table, name, 0, reason);
        end_file(table, NULL);
        name = reason + strlen(reason) + 1;
    }
    table->rows = 0;
}

/* ---- the total ---- */

static void
add_total(struct file_table *table)
{
    const struct file_tally *sum = &table->sum;
    struct file_remark remark;
    strbuf_addf(table->out, "%lld %s: %lld %s, %lld %s", (long long)table->files,
                table->files == 1 ? "file" : "files", (long long)sum->records,
                sum->records == 1 ? "record" : "records", (long long)sum->events,
                sum->events == 1 ? "event" : "events");
    if (sum->first_ns != TIME_NONE) {
        char first[TIME_TEXT], last[TIME_TEXT];
        time_format_zone(sum->first_ns, first);
        time_format_zone(sum->last_ns, last);
        strbuf_addf(table->out, ", %.16s to %.16s%s", first, last, last + 19);
    }
    strbuf_add_char(table->out, '\n');
    if (file_remark_times(sum, &remark))
        add_text(table->out, &table->widths, "", STYLE_PLAIN, sv_from(remark.text));
    if (table->to_look_at > 0)
        strbuf_addf(table->out, "%s%lld to look at (!)%s\n", render_style_on(STYLE_ALARM),
                    (long long)table->to_look_at, render_style_off(STYLE_ALARM));
    if (table->skipped > 0)
        strbuf_addf(table->out, "%lld not read (-)\n", (long long)table->skipped);
}

static void
add_disagreements(struct file_table *table)
{
    struct strbuf text;
    strbuf_init(&text, 0);
    for (size_t at = 0; zone_neighbours_next(&table->neighbours, &at, &text);)
        add_text(table->out, &table->widths, "! ", STYLE_ALARM, strbuf_view(&text));
    strbuf_release(&text);
}

void
file_table_end(struct file_table *table)
{
    end_file(table, NULL);
    file_run_end(&table->run, table->out);
    strbuf_add_char(table->out, '\n');
    add_disagreements(table);
    add_total(table);
}

void
file_table_release(struct file_table *table)
{
    file_tally_release(&table->tally);
    file_run_release(&table->run);
    zone_sketch_release(&table->mentions);
    zone_neighbours_release(&table->neighbours);
    strbuf_release(&table->early);
    strbuf_release(&table->lines);
}

int
file_table_fail(const struct file_table *table, int64_t problems, struct err *err)
{
    err_set(err, table->sum.records + table->known > 0 ? ERR_BAD_DATA : ERR_IO,
            "not all of the input could be read: %lld problems", (long long)problems);
    return err_hint(err, "each is told in the table, at '!' or '-'; once mended, the same command "
                         "tries them again");
}
