/*
 * Why a record is missing: see missing.h. Called by `hindcast why-not` on the main thread.
 */
#include "report/why/missing.h"

#include <string.h>

#include "base/clock.h"
#include "base/text/json_writer.h"
#include "hindcast/evidence_place.h"
#include "report/render/lines.h"

const char *
missing_word(const struct event_fate *event)
{
    if (event->about_file)
        return "about_file";
    if (event->time_ns == TIME_NONE)
        return "no_time";
    if (!sv_empty(event->incident_key) && !sv_empty(event->said))
        return sv_eq(event->said, SV("hide")) ? "hidden" : "not_an_incident";
    if (!sv_empty(event->incident_key))
        return event->raised ? "incident" : "below_thresholds";
    if (sv_starts(event->reason, SV("detached by ")))
        return "detached";
    if (sv_starts(event->reason, SV("opens nothing")))
        return "quiet";
    if (!sv_empty(event->reason))
        return "unattached";
    if (sv_eq(event->kind, SV("log")) && !event->notable)
        return "not_notable";
    return event->waiting ? "waiting" : "unattached";
}

const char *
missing_unread_word(const struct record_fate *fate)
{
    if (!sv_empty(fate->quarantined))
        return "quarantined";
    if (!fate->stream_known)
        return "unknown";
    return fate->not_yet ? "not_yet" : fate->before ? "before" : "empty";
}

/* ---- for people ---- */

static void
say(struct line_writer *lines, const char *text)
{
    strbuf_add_text(&lines->line, text);
    line_writer_end(lines, STYLE_PLAIN);
}

/* The end of a line that tells of a decision. */
static void
put_undo(struct line_writer *lines, struct sv id)
{
    strbuf_addf(&lines->line, ": 'hindcast decide undo " SV_FMT "' takes that back", SV_ARG(id));
    line_writer_end(lines, STYLE_PLAIN);
}

/* "detached by mara, decision 0514..." */
static void
put_detached(struct line_writer *lines, struct sv reason)
{
    size_t at = reason.len;
    while (at > 0 && reason.ptr[at - 1] != ' ')
        at--;
    strbuf_addf(&lines->line, "  it is in no incident: " SV_FMT, SV_ARG(reason));
    put_undo(lines, sv_slice(reason, at, reason.len));
}

static void
put_incident(struct line_writer *lines, const struct event_fate *event)
{
    bool number = !sv_empty(event->number);
    struct sv name = number ? event->number : event->incident_key;
    strbuf_addf(&lines->line, "  it is in " SV_FMT ", " SV_FMT, SV_ARG(name), SV_ARG(event->title));
    line_writer_end(lines, STYLE_PLAIN);
    if (!sv_empty(event->said)) {
        strbuf_addf(&lines->line, "  %s by " SV_FMT ", decision " SV_FMT,
                    sv_eq(event->said, SV("hide")) ? "as a row that is hidden"
                                                   : "which was said to be none",
                    SV_ARG(event->said_by), SV_ARG(event->said_id));
        put_undo(lines, event->said_id);
    } else if (!event->raised)
        say(lines, "  which is below the thresholds for records, sources and severity, and so only "
                   "counted: 'hindcast incidents --all' lists it");
    else
        say(lines, "  as a row, or folded into one: 'hindcast why INCIDENT ROW' tells more");
}

static void
put_nearest(struct line_writer *lines, const struct near_incident *near)
{
    char distance[DURATION_TEXT];
    bool number = !sv_empty(near->number);
    struct sv name = number ? near->number : near->incident_key;
    duration_format(near->distance_ms * NS_PER_MS, distance);
    strbuf_addf(&lines->line, "    " SV_FMT ", " SV_FMT ": ", SV_ARG(name), SV_ARG(near->title));
    if (near->distance_ms == 0)
        strbuf_add_text(&lines->line, "goes on at that time");
    else
        strbuf_addf(&lines->line, "%s %s", distance, near->later ? "later" : "earlier");
    for (size_t i = 0; i < near->service_count; i++)
        strbuf_addf(&lines->line, "%s" SV_FMT, i == 0 ? "; services " : ", ",
                    SV_ARG(near->services[i]));
    line_writer_end(lines, STYLE_PLAIN);
}

static void
put_key(struct strbuf *out, const char *name, struct sv value, bool *first)
{
    if (sv_empty(value))
        return;
    strbuf_addf(out, "%s%s " SV_FMT, *first ? "" : ", ", name, SV_ARG(value));
    *first = false;
}

static void
put_unattached(struct line_writer *lines, const struct event_fate *event)
{
    bool first = true;
    say(lines,
        "  nothing near it in time shares enough with it: a message, a change or a line joins an "
        "incident where what they share weighs enough (docs/correlation.md, section 3)");
    strbuf_add_text(&lines->line, "  it has ");
    put_key(&lines->line, "service", event->service, &first);
    put_key(&lines->line, "host", event->host, &first);
    put_key(&lines->line, "channel", event->channel, &first);
    strbuf_add_text(&lines->line, first ? "neither service, host nor channel" : "");
    line_writer_end(lines, STYLE_PLAIN);
    say(lines, event->nearest_count > 0 ? "  the nearest incidents:"
                                        : "  its scope has no incident that was raised");
    for (size_t i = 0; i < event->nearest_count; i++)
        put_nearest(lines, &event->nearest[i]);
}

static void
put_fate(struct line_writer *lines, const struct event_fate *event)
{
    const char *word = missing_word(event);
    if (!sv_empty(event->decided_by)) {
        strbuf_addf(&lines->line,
                    "  another delivery of the same event counts, decided by " SV_FMT
                    " ('hindcast duplicates')",
                    SV_ARG(event->decided_by));
        line_writer_end(lines, STYLE_PLAIN);
    }
    if (strcmp(word, "about_file") == 0)
        say(lines,
            "  it tells what became of a file that was loaded, and takes part in no timeline: "
            "'hindcast query files' lists these");
    else if (strcmp(word, "no_time") == 0)
        say(lines, "  nobody tells its time, so it is in no timeline: --date or --undated of "
                   "'hindcast load' give it one");
    else if (!sv_empty(event->incident_key))
        put_incident(lines, event);
    else if (strcmp(word, "detached") == 0)
        put_detached(lines, event->reason);
    else if (strcmp(word, "quiet") == 0) {
        strbuf_addf(&lines->line, "  such an alert " SV_FMT ", and none that opens one names it",
                    SV_ARG(event->reason));
        line_writer_end(lines, STYLE_PLAIN);
    } else if (strcmp(word, "not_notable") == 0)
        say(lines, "  a log line below WARN takes no part in timelines; charts and "
                   "analyst.log_minutes count it");
    else if (strcmp(word, "waiting") == 0)
        say(lines, "  its scope has not taken everything in: 'hindcast correlate --once'");
    else
        put_unattached(lines, event);
}

static void
put_event(struct line_writer *lines, const struct event_fate *event)
{
    char time[TIME_TEXT] = "without a time";
    if (event->time_ns != TIME_NONE)
        time_format_zone(event->time_ns, time);
    evidence_put_place(&lines->line, &event->place);
    strbuf_addf(&lines->line, "  %s  " SV_FMT ", " SV_FMT ": " SV_FMT, time, SV_ARG(event->kind),
                SV_ARG(event->source), SV_ARG(event->text));
    line_writer_end(lines, STYLE_HEAD);
    put_fate(lines, event);
}

static void
put_unread(struct line_writer *lines, const struct record_fate *fate)
{
    const char *word = missing_unread_word(fate);
    if (strcmp(word, "quarantined") == 0) {
        strbuf_addf(&lines->line, "  it is in quarantine: " SV_FMT, SV_ARG(fate->quarantined));
        if (!sv_empty(fate->format_guess))
            strbuf_addf(&lines->line, ", looked like " SV_FMT, SV_ARG(fate->format_guess));
        line_writer_end(lines, STYLE_PLAIN);
    } else if (strcmp(word, "not_yet") == 0) {
        strbuf_addf(&lines->line, "  ingest is not there yet: it goes on at offset %lld",
                    (long long)fate->next_offset);
        line_writer_end(lines, STYLE_PLAIN);
    } else if (strcmp(word, "before") == 0)
        say(lines, "  ingest began after it");
    else if (strcmp(word, "empty") == 0)
        say(lines,
            "  it was read and holds no event: empty, a tombstone, lost in Kafka, or removed "
            "by retention");
    else
        say(lines, "  no record of that name was read");
}

void
missing_text(const struct record_fate *fate, struct sv name, size_t columns, struct strbuf *out)
{
    struct line_writer lines;
    line_writer_init(&lines, out, columns);
    for (size_t i = 0; i < fate->count; i++)
        put_event(&lines, &fate->events[i]);
    if (fate->count == 0) {
        strbuf_add_sv(&lines.line, name);
        line_writer_end(&lines, STYLE_HEAD);
        put_unread(&lines, fate);
    }
    line_writer_release(&lines);
}

/* ---- for programs ---- */

static void
put_json(const struct event_fate *event, struct strbuf *out)
{
    strbuf_add_char(out, '{');
    json_put(out, "fate", sv_from(missing_word(event)));
    json_put(out, "scope", event->scope);
    json_put(out, "kind", event->kind);
    json_put(out, "uid", event->uid);
    if (event->time_ns != TIME_NONE)
        json_put_time(out, "time", event->time_ns);
    json_put(out, "topic", event->place.topic);
    json_put_int(out, "incarnation", event->place.incarnation);
    json_put_int(out, "partition", event->place.partition);
    json_put_int(out, "offset", event->place.at.offset);
    json_put_int(out, "index", event->place.at.index);
    json_put(out, "text", event->text);
    json_put(out, "incident", sv_empty(event->number) ? event->incident_key : event->number);
    json_put(out, "decided_by", event->decided_by);
    json_put(out, "reason", event->reason);
    json_put_name(out, "nearest");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < event->nearest_count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "incident",
                 sv_empty(event->nearest[i].number) ? event->nearest[i].incident_key
                                                    : event->nearest[i].number);
        json_put_int(out, "distance_ms", event->nearest[i].distance_ms);
        json_put_bool(out, "later", event->nearest[i].later);
        strbuf_add_char(out, '}');
    }
    strbuf_add_text(out, "]}\n");
}

void
missing_json(const struct record_fate *fate, struct sv name, struct strbuf *out)
{
    for (size_t i = 0; i < fate->count; i++)
        put_json(&fate->events[i], out);
    if (fate->count > 0)
        return;
    strbuf_add_char(out, '{');
    json_put(out, "fate", sv_from(missing_unread_word(fate)));
    json_put(out, "record", name);
    json_put(out, "reason", fate->quarantined);
    strbuf_add_text(out, "}\n");
}
