/*
 * What another configuration would change, for people and for programs: see whatif.h. Called by
 * `hindcast correlate --what-if` on the main thread.
 */
#include "base/clock.h"
#include "base/text/json_writer.h"
#include "report/render/lines.h"
#include "report/whatif/whatif.h"

#define ROWS_SHOWN 20 /* of an incident, for people */

const char *
fate_word(enum fate fate)
{
    static const char *const words[] = {"same", "changed", "gained", "lost", "merged", "split"};
    return words[fate];
}

static struct sv
name_of(const struct what_if_names *names, const struct incident *incident)
{
    struct sv name = names->name(names->context, incident);
    return sv_empty(name) ? incident->incident_key : name;
}

static void
put_incident(struct line_writer *lines, const char *before, struct sv name,
             const struct incident *incident)
{
    char time[TIME_TEXT];
    time_format_zone(incident_start(incident), time);
    strbuf_addf(&lines->line, "%s" SV_FMT "  %s  " SV_FMT ", %zu entries", before, SV_ARG(name),
                time, SV_ARG(incident->title), incident->entry_count);
    line_writer_end(lines, STYLE_PLAIN);
}

static void
put_rows(struct line_writer *lines, const struct incident_fate *fate)
{
    if (fate->came + fate->went > 0) {
        strbuf_addf(&lines->line, "    %zu entries would come, %zu go", fate->came, fate->went);
        line_writer_end(lines, STYLE_PLAIN);
    }
    for (size_t i = 0; i < fate->change_count && i < ROWS_SHOWN; i++) {
        const struct significance_change *change = &fate->changes[i];
        char time[TIME_TEXT];
        time_format_zone(change->to->time_ns, time);
        strbuf_addf(&lines->line, "    %s -> %s  %s  " SV_FMT,
                    significance_word(change->from->significance),
                    significance_word(change->to->significance), time, SV_ARG(change->to->text));
        line_writer_end(lines, STYLE_PLAIN);
    }
    if (fate->change_count > ROWS_SHOWN) {
        strbuf_addf(&lines->line, "    and %zu more; --format jsonl has all",
                    fate->change_count - ROWS_SHOWN);
        line_writer_end(lines, STYLE_PLAIN);
    }
}

static void
put_fate(struct line_writer *lines, const struct incident_fate *fate,
         const struct what_if_names *names)
{
    strbuf_addf(&lines->line, "%s", fate_word(fate->fate));
    line_writer_end(lines, STYLE_HEAD);
    for (size_t i = 0; i < fate->from_count; i++)
        put_incident(lines, fate->to_count == 0 ? "  - " : "    ", name_of(names, fate->from[i]),
                     fate->from[i]);
    for (size_t i = 0; fate->fate != FATE_CHANGED && i < fate->to_count; i++)
        put_incident(lines, fate->from_count == 0 ? "  + " : "  -> ", fate->to[i]->incident_key,
                     fate->to[i]);
    put_rows(lines, fate);
}

void
what_if_text(const struct what_if *what_if, const struct what_if_names *names, size_t columns,
             struct strbuf *out)
{
    struct line_writer lines;
    line_writer_init(&lines, out, columns);
    for (size_t i = 0; i < what_if->count; i++)
        if (what_if->fates[i].fate != FATE_SAME)
            put_fate(&lines, &what_if->fates[i], names);
    for (size_t i = 0; i < FATES; i++)
        strbuf_addf(&lines.line, "%s%zu %s", i > 0 ? ", " : "", what_if->counts[i],
                    fate_word((enum fate)i));
    line_writer_end(&lines, STYLE_HEAD);
    line_writer_release(&lines);
}

static void
put_list(struct strbuf *out, const char *name, const struct incident *const *incidents,
         size_t count, const struct what_if_names *names)
{
    json_put_name(out, name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        if (names != NULL)
            json_put(out, "incident", name_of(names, incidents[i]));
        json_put(out, "incident_key", incidents[i]->incident_key);
        json_put(out, "title", incidents[i]->title);
        json_put_time(out, "first_time", incidents[i]->first_ns);
        json_put_time(out, "last_time", incidents[i]->last_ns);
        json_put_int(out, "entries", (int64_t)incidents[i]->entry_count);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

static void
put_changes(struct strbuf *out, const struct incident_fate *fate)
{
    json_put_name(out, "significance");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < fate->change_count; i++) {
        const struct significance_change *change = &fate->changes[i];
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "entry_id", change->to->entry_id);
        json_put(out, "from", sv_from(significance_word(change->from->significance)));
        json_put(out, "to", sv_from(significance_word(change->to->significance)));
        json_put_time(out, "time", change->to->time_ns);
        json_put(out, "text", change->to->text);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

void
what_if_json(const struct what_if *what_if, const struct what_if_names *names, struct sv scope,
             struct strbuf *out)
{
    for (size_t i = 0; i < what_if->count; i++) {
        const struct incident_fate *fate = &what_if->fates[i];
        if (fate->fate == FATE_SAME)
            continue;
        strbuf_add_char(out, '{');
        json_put(out, "scope", scope);
        json_put(out, "fate", sv_from(fate_word(fate->fate)));
        put_list(out, "from", fate->from, fate->from_count, names);
        put_list(out, "to", fate->to, fate->to_count, NULL);
        json_put_int(out, "came", (int64_t)fate->came);
        json_put_int(out, "went", (int64_t)fate->went);
        put_changes(out, fate);
        strbuf_add_text(out, "}\n");
    }
}
