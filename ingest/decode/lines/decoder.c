/*
 * Line formats as decoders: see decoder.h and format.h. bid() and decode() are called on the
 * threads of workers and only look at what was made before.
 */
#include "ingest/decode/lines/decoder.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "base/text/json_pairs.h"
#include "hindcast/maps.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/within.h"
#include "ingest/decode/lines/format.h"

static struct arena memory;  /* as long as the process */
static struct arena entries; /* as long as these formats are in use: decoders, and `starts` */

/* Of all formats in use. */
static struct line_starts *starts;

/* What an entry is about: its format, and the numbers of its patterns among `starts`. */
struct lines_decoder {
    const struct line_format *format;
    size_t first; /* those of `lines`, then those of `none` */
    struct line_starts_left own;
    bool always; /* more patterns than `starts` holds: they are matched, whatever is left */
};

/* What was found out about a line, for as long as it is bid on and decoded. */
struct found {
    bool none; /* a line of the format that is no event */
    struct line_match match;
};

/* ---- which pattern ---- */

/* The patterns that a line may have by its first bytes are looked for once, for all formats. */
static const struct line_starts_left *
patterns_left(const struct probe *probe)
{
    const struct line_starts_left *left = probe_found(probe, &starts);
    if (left != NULL)
        return left;
    struct line_starts_left *looked = ARENA_NEW(probe->arena, struct line_starts_left);
    line_starts_look(starts, probe->body, looked);
    probe_keep(probe, &starts, looked);
    return looked;
}

static bool
match_any(const struct probe *probe, const struct line_pattern *patterns, size_t count,
          size_t number, struct line_match *match)
{
    const struct lines_decoder *own = probe->decoder->own;
    const struct line_starts_left *left = patterns_left(probe);
    for (size_t i = 0; i < count; i++)
        if ((own->always || line_starts_has(left, number + i)) &&
            line_pattern_match(own->format, &patterns[i], probe->body, match))
            return true;
    return false;
}

/* NULL: it is no line of the format. */
static const struct found *
find(const struct probe *probe)
{
    const struct lines_decoder *own = probe->decoder->own;
    const struct line_format *format = own->format;
    struct sv values[LINE_NAMES_MAX], ignored[LINE_NAMES_MAX];
    struct line_match match = {values}, none = {ignored};
    bool is_line = match_any(probe, format->lines, format->line_count, own->first, &match);
    bool is_none =
        match_any(probe, format->none, format->none_count, own->first + format->line_count, &none);
    if (!is_line && !is_none)
        return NULL;
    struct found *found = ARENA_NEW(probe->arena, struct found);
    found->none = is_none;
    if (is_none)
        return found;
    found->match.values = ARENA_ARRAY(probe->arena, struct sv, format->name_count + 1);
    memcpy(found->match.values, values, format->name_count * sizeof(values[0]));
    return found;
}

static int
bid(const struct probe *probe)
{
    const struct lines_decoder *own = probe->decoder->own;
    if (!own->always && !line_starts_any(patterns_left(probe), &own->own))
        return 0;
    const struct found *found = find(probe);
    if (found == NULL)
        return 0;
    probe_keep(probe, own, found);
    return own->format->bid;
}

/* ---- events ---- */

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
    const struct lines_decoder *own = probe->decoder->own;
    const struct line_format *format = own->format;
    const struct found *found = probe_found(probe, own);
    if (found == NULL) /* nobody bid: the format was told */
        found = find(probe);
    if (found == NULL)
        return decode_bad(result, QUARANTINE_SYNTAX,
                          "the line does not have the form of its format");
    if (found->none)
        return 0;
    struct event event = {.event_time_ns = TIME_NONE};
    struct line_match match = found->match;
    fill_event(probe, format, &match, &event);
    if (format->inner && !sv_empty(event.body))
        return decode_within(probe, event.body, &event, WITHIN_ALWAYS, sink, result);
    struct event *added = event_sink_add(sink);
    if (added == NULL)
        return decode_full(result);
    *added = event;
    return 0;
}

/* ---- those in use ---- */

struct in_use {
    const struct line_format *format;
    bool replaced; /* one of ours, by one of the same name */
};

static struct {
    struct in_use *list;
    size_t count, size, ours;
    size_t patterns; /* of ours */
} lines;

/* While a file is read. */
struct taking {
    struct strbuf *problems; /* NULL: a file of ours */
    bool wrong;
};

static void
take(const struct line_format *format)
{
    lines.list = memory_grow(lines.list, &lines.size, lines.count + 1, sizeof(*lines.list));
    lines.list[lines.count++] = (struct in_use){.format = format};
}

static void
take_ours(const struct line_format *format, void *own)
{
    (void)own;
    take(format);
}

static void
ready(void)
{
    struct strbuf problems;
    if (lines.count > 0)
        return;
    strbuf_init(&problems, 0);
    arena_init(&memory, 0);
    for (const struct embedded_file *file = embedded_lines; file->name != NULL; file++) {
        bool fine = line_formats_read(&memory, file->name, sv_of(file->text, file->size), &problems,
                                      take_ours, NULL);
        if (!fine) /* a test sees it first */
            fputs(problems.ptr, stderr);
        assert(fine);
    }
    strbuf_release(&problems);
    lines.ours = lines.count;
    lines.patterns = line_patterns_known();
}

/* ---- those of people ---- */

/* A name stands for one format: in options, in headers and in what is stored. */
static bool
is_taken(struct sv name)
{
    if (decoder_find(name) != NULL)
        return true;
    for (size_t i = 0; i < maps_shape_count(); i++)
        if (sv_eq(sv_from(maps_shape_at(i).format), name))
            return true;
    return false;
}

static void
take_theirs(const struct line_format *format, void *own)
{
    struct taking *taking = own;
    struct sv name = sv_from(format->name);
    const char *why = is_taken(name) ? "has the name of a format that is not one of lines" : NULL;
    for (size_t i = lines.ours; i < lines.count && why == NULL; i++)
        if (sv_eq(sv_from(lines.list[i].format->name), name))
            why = "is there twice";
    if (why != NULL) {
        strbuf_addf(taking->problems, "%s:%d: [%s] %s\n", format->file, format->line, format->name,
                    why);
        taking->wrong = true;
    }
    take(format);
}

static void
replace_ours(void)
{
    for (size_t i = 0; i < lines.ours; i++)
        for (size_t k = lines.ours; k < lines.count; k++)
            lines.list[i].replaced |=
                strcmp(lines.list[i].format->name, lines.list[k].format->name) == 0;
}

void
lines_use(const struct format_files *files, struct strbuf *problems)
{
    struct taking taking = {.problems = problems};
    ready();
    assert(lines.count == lines.ours);
    for (size_t i = 0; i < files->count; i++) {
        const struct format_file *file = &files->list[i];
        if (file->kind == FORMAT_FILE_LINES &&
            !line_formats_read(&memory, arena_strdup(&memory, sv_from(file->path)), file->text,
                               problems, take_theirs, &taking))
            taking.wrong = true;
    }
    if (taking.wrong)
        lines_forget();
    else
        replace_ours();
}

void
lines_forget(void)
{
    ready();
    while (lines.count > lines.ours)
        line_format_release(lines.list[--lines.count].format);
    for (size_t i = 0; i < lines.ours; i++)
        lines.list[i].replaced = false;
    line_patterns_forget(lines.patterns);
}

size_t
lines_count(void)
{
    ready();
    return lines.count;
}

const struct line_format *
lines_at(size_t place)
{
    assert(place < lines.count);
    return lines.list[place].format;
}

/* ---- as decoders ---- */

static void
add_start(struct lines_decoder *own, const struct line_pattern *pattern)
{
    int number = line_starts_add(starts, pattern->text);
    own->always = own->always || number < 0;
    if (number >= 0)
        line_starts_set(&own->own, (size_t)number);
}

static const struct lines_decoder *
own_of(const struct line_format *format)
{
    struct lines_decoder *own = ARENA_NEW(&entries, struct lines_decoder);
    own->format = format;
    own->first = line_starts_count(starts);
    for (size_t i = 0; i < format->line_count; i++)
        add_start(own, &format->lines[i]);
    for (size_t i = 0; i < format->none_count; i++)
        add_start(own, &format->none[i]);
    return own;
}

static void
add_decoder(const struct line_format *format)
{
    static struct field_list *const none[] = {NULL};
    struct decoder *decoder = ARENA_NEW(&entries, struct decoder);
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
                         .own = own_of(format)};
    bool added = registry_add(decoder);
    assert(added);
    (void)added;
}

void
line_decoders_add(void)
{
    ready();
    arena_release(&entries);
    arena_init(&entries, 0);
    starts = line_starts_new(&entries);
    for (size_t i = 0; i < lines.count; i++)
        if (!lines.list[i].replaced)
            add_decoder(lines.list[i].format);
    line_starts_ready(starts);
}

const struct line_format *
line_format_of(struct sv name)
{
    const struct decoder *decoder = decoder_find(name);
    if (decoder == NULL || decoder->decode != decode)
        return NULL;
    const struct lines_decoder *own = decoder->own;
    return own->format;
}
