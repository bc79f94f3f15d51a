/*
 * The list of incidents as a table or as JSON Lines. Called by incidents and draft on the main
 * thread.
 */
#include <stdio.h>

#include "base/text/escape.h"
#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "report/render/lasted.h"
#include "report/render/render.h"
#include "report/render/style.h"

static void
join_services(struct strbuf *out, const struct incident *incident)
{
    for (size_t i = 0; i < incident->service_count; i++) {
        if (i > 0)
            strbuf_add_text(out, ", ");
        strbuf_add_sv(out, incident->services[i]);
    }
}

static void
add_cell(struct strbuf *out, struct sv text, size_t columns)
{
    size_t before = out->len;
    escape_terminal_cut(out, text, columns);
    size_t used = utf8_count(sv_of(out->ptr + before, out->len - before));
    for (; used < columns + 2; used++)
        strbuf_add_char(out, ' ');
}

static struct sv
severity_words(const struct incident *incident)
{
    if (opened_candidate(incident->opened))
        return SV("candidate");
    return incident->declared && incident->severity == 0
               ? SV("declared")
               : sv_from(severity_band(incident->severity));
}

/* Below the row, as a table has no room for it: why it stands there, and an open end. */
static void
add_reasons(struct strbuf *out, const struct incident *incident, size_t columns)
{
    const struct incident_rank *rank = &incident->rank;
    struct strbuf line;
    bool open = incident_end(incident) == TIME_NONE;
    if (!open && rank->reason_count == 0)
        return;
    strbuf_init(&line, 0);
    strbuf_add_text(&line, "               "); /* below the second column */
    if (open)
        lasted_put_state(&line, incident);
    for (size_t i = 0; i < rank->reason_count; i++)
        strbuf_addf(&line, "%s" SV_FMT, i > 0 ? ", " : open ? "; " : "", SV_ARG(rank->reasons[i]));
    escape_terminal_cut(out, strbuf_view(&line), columns > 0 ? columns : SIZE_MAX);
    strbuf_add_char(out, '\n');
    strbuf_release(&line);
}

static void
add_row(struct strbuf *out, const struct stored_incident *stored, size_t columns)
{
    const struct incident *incident = &stored->incident;
    struct strbuf line, services, duration;
    char start[TIME_TEXT], alerts[24], rank[16];
    strbuf_init(&line, 0);
    strbuf_init(&services, 0);
    strbuf_init(&duration, 0);
    time_format_zone(incident_start(incident), start);
    lasted_put_duration(&duration, incident);
    snprintf(alerts, sizeof(alerts), "%lld", (long long)incident->alert_count);
    join_services(&services, incident);
    add_cell(&line, sv_empty(stored->number) ? SV("-") : stored->number, 13);
    snprintf(rank, sizeof(rank), "%d", incident->rank.score);
    add_cell(&line, sv_from(rank), 4);
    add_cell(&line, sv_from(start), 23);
    add_cell(&line, strbuf_view(&duration), 14);
    add_cell(&line, severity_words(incident), 9);
    add_cell(&line, strbuf_view(&services), 22);
    add_cell(&line, sv_from(alerts), 6);
    escape_terminal(&line, incident->title);
    if (columns > 0)
        escape_terminal_cut(out, strbuf_view(&line), columns);
    else
        strbuf_add_sv(out, strbuf_view(&line));
    strbuf_add_char(out, '\n');
    add_reasons(out, incident, columns);
    strbuf_release(&line);
    strbuf_release(&services);
    strbuf_release(&duration);
}

static void
add_json(struct strbuf *out, const struct stored_incident *stored)
{
    const struct incident *incident = &stored->incident;
    strbuf_add_char(out, '{');
    json_put(out, "incident", sv_empty(stored->number) ? SV_NONE : stored->number);
    json_put(out, "incident_key", incident->incident_key);
    json_put(out, "scope", stored->scope);
    json_put(out, "title", incident->title);
    json_put_time(out, "first_time", incident->first_ns);
    json_put_time(out, "last_time", incident->last_ns);
    json_put_time(out, "started", incident_start(incident));
    json_put(out, "started_by", sv_from(span_mark_word(incident->span.start_by)));
    json_put_time(out, "ended", incident_end(incident));
    if (incident_end(incident) == TIME_NONE)
        json_put(out, "duration_ms", SV_NONE);
    else
        json_put_int(out, "duration_ms",
                     (incident_end(incident) - incident_start(incident)) / NS_PER_MS);
    json_put(out, "state", sv_from(outcome_word(incident->span.outcome)));
    json_put_time(out, "state_time", incident->span.outcome_ns);
    json_put_int(out, "severity", incident->severity);
    json_put_list(out, "services", incident->services, incident->service_count);
    json_put_int(out, "alerts", incident->alert_count);
    json_put_int(out, "records", incident->record_count);
    json_put_int(out, "entries", (int64_t)incident->entry_count);
    json_put_bool(out, "declared", incident->declared);
    json_put_bool(out, "raised", incident->raised);
    json_put_int(out, "rank", incident->rank.score);
    json_put_bool(out, "worth", incident->rank.worth);
    json_put_list(out, "rank_reasons", incident->rank.reasons, incident->rank.reason_count);
    json_put(out, "opened", sv_from(opened_word(incident->opened)));
    json_put(out, "opened_in", sv_empty(incident->place) ? SV_NONE : incident->place);
    json_put_list(out, "opened_because", incident->because, incident->because_count);
    json_put(out, "sha256", stored->digest_hex);
    strbuf_add_text(out, "}\n");
}

void
render_incidents(const struct stored_incident *incidents, size_t count, enum render_format format,
                 size_t columns, struct strbuf *out)
{
    if (format == RENDER_TEXT && count > 0)
        strbuf_addf(out, "%s%-13s  %-4s  %-23s  %-14s  %-9s  %-22s  %-6s  %s%s\n",
                    render_style_on(STYLE_HEAD), "INCIDENT", "RANK", "START", "DURATION",
                    "SEVERITY", "SERVICES", "ALERTS", "TITLE", render_style_off(STYLE_HEAD));
    for (size_t i = 0; i < count; i++) {
        if (format == RENDER_JSONL)
            add_json(out, &incidents[i]);
        else
            add_row(out, &incidents[i], columns);
    }
}
