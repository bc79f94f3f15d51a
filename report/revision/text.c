/*
 * Revisions and their differences for people: see revision.h. Called by `hindcast revisions` and
 * `hindcast diff` on the main thread.
 */
#include "base/clock.h"
#include "report/render/lasted.h"
#include "report/render/lines.h"
#include "report/render/table.h"
#include "report/revision/revision.h"

static void
put_causes(struct strbuf *out, const struct revision *revision)
{
    for (size_t i = 0; i < revision->cause_count; i++)
        strbuf_addf(out, "%s" SV_FMT, i > 0 ? ", " : "", SV_ARG(revision->causes[i]));
}

void
revisions_text(const struct revision_list *list, size_t columns, struct strbuf *out)
{
    static const char *const names[] = {">Revision", "Published", "Because of", ">Entries",
                                        ">Added",    ">Removed",  ">Changed",   "Title"};
    struct table table;
    struct strbuf causes;
    char time[TIME_TEXT];
    table_init(&table, names, sizeof(names) / sizeof(names[0]));
    strbuf_init(&causes, 0);
    for (size_t i = 0; i < list->count; i++) {
        const struct revision *revision = &list->at[i];
        strbuf_clear(&causes);
        put_causes(&causes, revision);
        time_format_zone(revision->published_ns - revision->published_ns % NS_PER_S, time);
        table_cellf(&table, "%lld", (long long)revision->number);
        table_cell(&table, sv_from(time));
        table_cell(&table, strbuf_view(&causes));
        table_cellf(&table, "%lld", (long long)revision->entries);
        table_cellf(&table, "%lld", (long long)revision->added);
        table_cellf(&table, "%lld", (long long)revision->removed);
        table_cellf(&table, "%lld", (long long)revision->changed);
        table_cell(&table, revision->title);
    }
    table_print(&table, columns, out);
    strbuf_release(&causes);
    table_release(&table);
}

/* ---- differences ---- */

static void
put_change(struct line_writer *lines, const char *what, struct sv from, struct sv to)
{
    if (sv_eq(from, to))
        return;
    strbuf_addf(&lines->line, "%s: " SV_FMT " -> " SV_FMT, what, SV_ARG(from), SV_ARG(to));
    line_writer_end(lines, STYLE_PLAIN);
}

static void
put_time_change(struct line_writer *lines, const char *what, int64_t from_ns, int64_t to_ns)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    time_format_zone(from_ns, from);
    time_format_zone(to_ns, to);
    put_change(lines, what, sv_from(from), sv_from(to));
}

static void
put_number_change(struct line_writer *lines, const char *what, int64_t from, int64_t to)
{
    if (from == to)
        return;
    strbuf_addf(&lines->line, "%s: %lld -> %lld", what, (long long)from, (long long)to);
    line_writer_end(lines, STYLE_PLAIN);
}

/* Of what was kept before there were states nothing is known. */
static void
put_state_change(struct line_writer *lines, const struct incident *from, const struct incident *to)
{
    struct strbuf old, new;
    if (from->span.outcome == OUTCOME_NONE || to->span.outcome == OUTCOME_NONE)
        return;
    strbuf_init(&old, 0);
    strbuf_init(&new, 0);
    lasted_put_state(&old, from);
    lasted_put_state(&new, to);
    put_change(lines, "state", strbuf_view(&old), strbuf_view(&new));
    strbuf_release(&old);
    strbuf_release(&new);
}

static void
put_services(struct strbuf *out, const struct incident *incident)
{
    for (size_t i = 0; i < incident->service_count; i++)
        strbuf_addf(out, "%s" SV_FMT, i > 0 ? ", " : "", SV_ARG(incident->services[i]));
}

static void
put_heads(struct line_writer *lines, const struct incident *from, const struct incident *to)
{
    struct strbuf old, new;
    strbuf_init(&old, 0);
    strbuf_init(&new, 0);
    put_services(&old, from);
    put_services(&new, to);
    put_change(lines, "title", from->title, to->title);
    put_time_change(lines, "first sign", from->first_ns, to->first_ns);
    put_time_change(lines, "last sign", from->last_ns, to->last_ns);
    put_time_change(lines, "start", incident_start(from), incident_start(to));
    put_state_change(lines, from, to);
    put_number_change(lines, "severity", from->severity, to->severity);
    put_number_change(lines, "alert episodes", from->alert_count, to->alert_count);
    put_number_change(lines, "records", from->record_count, to->record_count);
    put_change(lines, "services", strbuf_view(&old), strbuf_view(&new));
    put_change(lines, "declared", from->declared ? SV("yes") : SV("no"),
               to->declared ? SV("yes") : SV("no"));
    put_change(lines, "raised", from->raised ? SV("yes") : SV("no"),
               to->raised ? SV("yes") : SV("no"));
    strbuf_release(&old);
    strbuf_release(&new);
}

static bool
has_milestone(const struct incident *incident, const struct milestone_row *row)
{
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *other = &incident->milestones[i];
        if (other->milestone == row->milestone && sv_eq(other->entry_id, row->entry_id) &&
            other->time_ns == row->time_ns && other->confidence == row->confidence)
            return true;
    }
    return false;
}

static void
put_milestones(struct line_writer *lines, const struct incident *of, const struct incident *other,
               const char *sign)
{
    char time[TIME_TEXT];
    for (size_t i = 0; i < of->milestone_count; i++) {
        const struct milestone_row *row = &of->milestones[i];
        if (has_milestone(other, row))
            continue;
        time_format_zone(row->time_ns, time);
        strbuf_addf(&lines->line, "%s milestone %s, %s, ", sign, milestone_word(row->milestone),
                    time);
        if (row->confidence == SAID_CONFIDENCE)
            strbuf_add_text(&lines->line, "said by a person");
        else
            strbuf_addf(&lines->line, "%d of 100", row->confidence);
        strbuf_addf(&lines->line, ", by entry " SV_FMT, SV_ARG(row->entry_id));
        line_writer_end(lines, STYLE_PLAIN);
    }
}

static void
put_row(struct line_writer *lines, const char *sign, const struct entry *entry)
{
    char time[TIME_TEXT];
    struct sv who = sv_empty(entry->actor) ? entry->source : entry->actor;
    time_format_zone(entry->time_ns, time);
    strbuf_addf(&lines->line, "%s %s  " SV_FMT ": " SV_FMT, sign, time, SV_ARG(who),
                SV_ARG(entry->text));
    line_writer_end(lines, STYLE_PLAIN);
}

static void
put_entry(struct line_writer *lines, const struct entry_change *change)
{
    if (change->from == NULL || change->to == NULL) {
        put_row(lines, change->from == NULL ? "+" : "-",
                change->from == NULL ? change->to : change->from);
        return;
    }
    const struct entry *from = change->from, *to = change->to;
    put_row(lines, "~", to);
    strbuf_addf(&lines->line, "      differs:%s", change->fields);
    line_writer_end(lines, STYLE_PLAIN);
    if (!sv_eq(from->text, to->text)) {
        strbuf_addf(&lines->line, "      text was: " SV_FMT, SV_ARG(from->text));
        line_writer_end(lines, STYLE_PLAIN);
    }
    if (from->significance != to->significance) {
        strbuf_addf(&lines->line, "      was %s, is %s", significance_word(from->significance),
                    significance_word(to->significance));
        line_writer_end(lines, STYLE_PLAIN);
    }
}

void
revision_diff_text(const struct revision_diff *diff, size_t columns, struct strbuf *out)
{
    const struct incident *from = &diff->from->incident, *to = &diff->to->incident;
    struct line_writer lines;
    line_writer_init(&lines, out, columns);
    put_heads(&lines, from, to);
    put_milestones(&lines, from, to, "-");
    put_milestones(&lines, to, from, "+");
    for (size_t i = 0; i < diff->count; i++)
        put_entry(&lines, &diff->changes[i]);
    strbuf_addf(&lines.line, "%zu %s added, %zu removed, %zu changed", diff->added,
                diff->added == 1 ? "entry" : "entries", diff->removed, diff->changed);
    line_writer_end(&lines, STYLE_HEAD);
    line_writer_release(&lines);
}
