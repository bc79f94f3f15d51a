/*
 * JSON Lines of what was read: see read_lines.h. Called by app/read.c.
 */
#include "app/read_lines.h"

#include "app/event_json.h"
#include "base/text/json_writer.h"

static void
put_place(struct strbuf *out, const char *name, int64_t line)
{
    json_put(out, "file", sv_from(name));
    if (line > 0)
        json_put_int(out, "line", line);
}

static void
put_outcome(struct strbuf *out, const char *outcome, const char *reason)
{
    strbuf_add_char(out, '{');
    json_put(out, "outcome", sv_from(outcome));
    json_put(out, "reason", sv_from(reason));
}

static void
put_without_events(struct strbuf *out, const struct file_record *record)
{
    const struct decode_result *result = &record->result;
    if (result->status == DECODE_OK)
        put_outcome(out, "empty", "the record tells of no event");
    else
        put_outcome(out, "quarantined", quarantine_word(result->reason));
    if (result->detail.len > 0)
        json_put(out, "detail", result->detail);
    if (result->format.len > 0)
        json_put(out, "format", result->format);
    put_place(out, record->name, record->line);
    strbuf_add_text(out, "}\n");
}

void
read_lines_record(struct strbuf *out, const struct file_record *record)
{
    if (record->event_count == 0)
        put_without_events(out, record);
    for (size_t i = 0; i < record->event_count; i++) {
        strbuf_add_char(out, '{');
        put_place(out, record->name, record->line);
        event_json_members(out, &record->events[i]);
        strbuf_add_text(out, "}\n");
    }
}

void
read_lines_skipped(struct strbuf *out, const char *name, int64_t line, const char *reason)
{
    put_outcome(out, "skipped", reason);
    put_place(out, name, line);
    strbuf_add_text(out, "}\n");
}
