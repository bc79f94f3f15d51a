/*
 * Line formats as decoders: see decoder.h and format.h. bid() and decode() are called on the
 * threads of workers and only look at what was made before.
 */
#include "ingest/decode/lines/decoder.h"

#include <assert.h>
#include <stdio.h>

#include "base/embedded.h"
#include "base/sha256.h"
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/within.h"
#include "ingest/decode/lines/format.h"

static struct arena memory; /* as long as the process */

static int
bid(const struct probe *probe)
{
    const struct line_format *format = probe->decoder->own;
    struct line_match match;
    bool ours =
        line_format_match(format, probe->body, &match) || line_format_is_none(format, probe->body);
    return ours ? format->bid : 0;
}

/* Of a field: what its template gives, else the group of its name. */
static struct sv
field_text(const struct probe *probe, const struct line_format *format,
           const struct line_match *match, enum line_field field)
{
    struct sv text = line_template_text(probe->arena, format->templates[field], match);
    for (size_t i = 0; i < format->name_count && sv_empty(text); i++)
        if (format->fields[i] == field)
            text = match->values[i];
    return text;
}

static struct sv
attributes_of(struct arena *arena, const struct line_format *format, const struct line_match *match)
{
    struct json_pair pairs[LINE_NAMES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < format->name_count; i++)
        if (format->fields[i] == LINE_ATTRIBUTE && !format->hidden[i] &&
            !sv_empty(match->values[i]))
            pairs[count++] = (struct json_pair){format->names[i], sv_trim(match->values[i])};
    return json_pairs(arena, pairs, count);
}

static int
level_of(const struct line_format *format, struct sv word)
{
    for (size_t i = 0; i < format->word_count; i++)
        if (sv_eq_nocase(format->words[i].word, word))
            return format->words[i].severity;
    return severity_text(word);
}

/* An answer of 5xx is an error whatever level its line has, one of 4xx is not. */
static void
take_severity(const struct probe *probe, const struct line_format *format,
              const struct line_match *match, struct event *event)
{
    int64_t status;
    event->severity_text = field_text(probe, format, match, LINE_LEVEL);
    event->severity =
        sv_empty(event->severity_text) ? SEVERITY_UNSET : level_of(format, event->severity_text);
    if (event->severity < SEVERITY_ERROR && format->status >= 0 &&
        sv_to_int64(match->values[format->status], &status) && status >= 500 && status <= 599)
        event->severity = SEVERITY_ERROR;
    if (event->severity == SEVERITY_UNSET)
        event->severity = format->severity;
}

/* What the program calls the line; lines that share it are told apart by what they say. */
static void
name_line(const struct probe *probe, const struct line_format *format,
          const struct line_match *match, struct event *event)
{
    struct sv name = field_text(probe, format, match, LINE_IDENTITY);
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    if (sv_empty(name) || !probe_names_lines(probe))
        return;
    sha256_of(probe->body.ptr, probe->body.len, &digest);
    sha256_hex(&digest, hex);
    event->name_space = sv_from(format->name);
    event->identity = IDENTITY(probe->arena, name, arena_copy(probe->arena, sv_of(hex, 16)));
}

static void
fill_event(const struct probe *probe, const struct line_format *format, struct line_match *match,
           struct event *event)
{
    struct read_time time;
    struct sv stamp = field_text(probe, format, match, LINE_TIME);
    struct sv message = field_text(probe, format, match, LINE_MESSAGE);
    line_format_look(format, match);
    event->kind = EVENT_LOG;
    const struct time_hints hints = probe_hints(probe);
    if (!sv_empty(stamp) && times_read_hinted(stamp, &hints, &time))
        times_into_event(&time, event);
    take_severity(probe, format, match, event);
    event->title = field_text(probe, format, match, LINE_TITLE);
    event->body =
        text_without_ansi(probe->arena, sv_trim(sv_empty(message) ? event->title : message));
    event->service = field_text(probe, format, match, LINE_SERVICE);
    event->host = field_text(probe, format, match, LINE_HOST);
    event->environment = field_text(probe, format, match, LINE_ENVIRONMENT);
    event->actor = field_text(probe, format, match, LINE_ACTOR);
    event->trace_id = field_text(probe, format, match, LINE_TRACE);
    event->url = field_text(probe, format, match, LINE_URL);
    event->ref = field_text(probe, format, match, LINE_REF);
    name_line(probe, format, match, event);
    event->attributes = attributes_of(probe->arena, format, match);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct line_format *format = probe->decoder->own;
    struct line_match match;
    if (line_format_is_none(format, probe->body))
        return 0;
    if (!line_format_match(format, probe->body, &match))
        return decode_bad(result, QUARANTINE_SYNTAX, "the line does not have the form of its format");
    struct event event = {.event_time_ns = TIME_NONE};
    fill_event(probe, format, &match, &event);
    if (format->inner && !sv_empty(event.body))
        return decode_within(probe, event.body, &event, WITHIN_ALWAYS, sink, result);
    struct event *added = event_sink_add(sink);
    if (added == NULL)
        return decode_full(result);
    *added = event;
    return 0;
}

/* ---- made once ---- */

static void
add_decoder(const struct line_format *format, void *own)
{
    static struct field_list *const none[] = {NULL};
    struct decoder *decoder = ARENA_NEW(&memory, struct decoder);
    (void)own;
    *decoder =
        (struct decoder){.info = {.name = format->name,
                                  .identity = "file",
                                  .title = format->about,
                                  .kinds = "log",
                                  .identified_by = format->templates[LINE_IDENTITY] != NULL
                                                       ? "native: what the program calls it, "
                                                         "and a digest of the line"
                                                       : "coordinates",
                                  .reference = format->see,
                                  .first = format->first,
                                  .highest = format->bid},
                         .reads = READS_TEXT,
                         .bid = bid,
                         .decode = decode,
                         .lists = none,
                         .own = format};
    bool added = registry_add(decoder);
    assert(added);
    (void)added;
}

void
line_decoders_add(void)
{
    struct strbuf problems;
    strbuf_init(&problems, 0);
    arena_init(&memory, 0);
    for (const struct embedded_file *file = embedded_lines; file->name != NULL; file++) {
        bool fine = line_formats_read(&memory, file->name, sv_of(file->text, file->size), &problems,
                                      add_decoder, NULL);
        if (!fine) /* a test sees it first */
            fputs(problems.ptr, stderr);
        assert(fine);
    }
    strbuf_release(&problems);
}
