/*
 * Spans of incidents in words: see lasted.h.
 */
#include "report/render/lasted.h"

#include "base/clock.h"

void
lasted_put_state(struct strbuf *out, const struct incident *incident)
{
    const struct incident_span *span = &incident->span;
    char time[TIME_TEXT];
    if (span->outcome == OUTCOME_NONE)
        return;
    if (span->end_ns == TIME_NONE)
        strbuf_add_text(out, INCIDENT_OPEN_WORDS "; last state: ");
    strbuf_add_text(out, outcome_words(span->outcome));
    if (span->outcome_ns == TIME_NONE || span->outcome_ns == span->end_ns)
        return;
    time_format_zone(span->outcome_ns, time);
    strbuf_addf(out, " at %s", time);
}

void
lasted_put_duration(struct strbuf *out, const struct incident *incident)
{
    char duration[DURATION_TEXT] = "not resolved";
    if (incident_end(incident) != TIME_NONE)
        duration_format(incident_end(incident) - incident_start(incident), duration);
    strbuf_add_text(out, duration);
}

void
lasted_put(struct strbuf *out, const struct incident *incident)
{
    char start[TIME_TEXT], end[TIME_TEXT], duration[DURATION_TEXT];
    int64_t start_ns = incident_start(incident), end_ns = incident_end(incident);
    time_format_zone(start_ns, start);
    strbuf_add_text(out, start);
    if (incident->span.outcome != OUTCOME_NONE)
        strbuf_addf(out, " (%s)", span_mark_words(incident->span.start_by));
    if (end_ns != TIME_NONE) {
        time_format_zone(end_ns, end);
        duration_format(end_ns - start_ns, duration);
        strbuf_addf(out, " to %s, %s", end, duration);
    }
    if (incident->span.outcome != OUTCOME_NONE)
        strbuf_add_text(out, ", ");
    lasted_put_state(out, incident);
}
