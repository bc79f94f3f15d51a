/*
 * One event as JSON: see event_json.h. Called by app/read_lines.c.
 */
#include "app/event_json.h"

#include "base/text/json_writer.h"

static void
put_word(struct strbuf *out, const char *name, const char *word)
{
    if (word[0] != '\0')
        json_put(out, name, sv_from(word));
}

static void
put_text(struct strbuf *out, const char *name, struct sv text)
{
    if (text.len > 0)
        json_put(out, name, text);
}

static void
put_time(struct strbuf *out, const struct event *event)
{
    if (event->event_time_ns != TIME_NONE)
        json_put_time(out, "time", event->event_time_ns);
    put_word(out, "time_source", time_source_word(event->time_source));
    put_text(out, "source_time_text", event->source_time_text);
    if (event->event_time_ns != TIME_NONE)
        put_word(out, "precision", time_precision_word(event->precision));
}

static void
put_content(struct strbuf *out, const struct event *event)
{
    if (event->severity != SEVERITY_UNSET)
        put_word(out, "severity", severity_band(event->severity));
    put_text(out, "severity_text", event->severity_text);
    put_text(out, "service", event->service);
    put_text(out, "host", event->host);
    put_text(out, "environment", event->environment);
    put_text(out, "actor", event->actor);
    put_word(out, "actor_type", actor_type_word(event->actor_type));
    put_text(out, "channel", event->channel);
    put_text(out, "thread", event->thread_key);
    put_text(out, "title", event->title);
    put_text(out, "body", event->body);
    put_text(out, "url", event->url);
}

static void
put_keys(struct strbuf *out, const struct event *event)
{
    put_text(out, "identity", event->by_content ? SV_NONE : event->identity);
    put_text(out, "dedup_key", event->dedup_key);
    put_text(out, "fingerprint", event->fingerprint);
    put_text(out, "group_key", event->group_key);
    put_text(out, "correlation_key", event->correlation_key);
    put_text(out, "incident", event->incident_ref);
    put_text(out, "trace_id", event->trace_id);
    put_text(out, "ref", event->ref);
}

/* As a decoder cut it out of a record that may be laid out over lines: without those. */
static void
put_object(struct strbuf *out, const char *name, struct sv object)
{
    bool quoted = false;
    json_put_name(out, name);
    for (size_t i = 0; i < object.len; i++) {
        char c = object.ptr[i];
        if (quoted && c == '\\' && i + 1 < object.len)
            strbuf_add_char(out, object.ptr[i++]);
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
            continue;
        strbuf_add_char(out, object.ptr[i]);
    }
}

void
event_json_members(struct strbuf *out, const struct event *event)
{
    put_text(out, "format", event->format);
    put_word(out, "kind", event_kind_word(event->kind));
    put_word(out, "phase", event_phase_word(event->phase));
    put_word(out, "record_kind", record_kind_word(event->record_kind));
    put_time(out, event);
    put_content(out, event);
    put_keys(out, event);
    if (event->attributes.len > 0)
        put_object(out, "attributes", event->attributes);
}
