/*
 * logfmt: key=value pairs with quoted values. A line counts when it begins with a pair, or when it
 * holds a level or message pair beside another one. The last of equal keys wins for attributes, the
 * first for what is read here.
 */
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"

#define PAIRS_MAX 256

static bool
key_char(char c)
{
    return (unsigned char)c > ' ' && c != '=' && c != '"' && c != '{' && c != '[' && c != ',' &&
           c != 0x7f;
}

/* The quoted text at `at` (behind the quote), unescaped. Returns the offset behind it, 0 if open.
 */
static size_t
quoted(struct arena *arena, struct sv text, size_t at, struct sv *ret_value)
{
    size_t from = at;
    bool escaped = false;
    while (at < text.len && text.ptr[at] != '"') {
        if (text.ptr[at] == '\\' && at + 1 < text.len) {
            escaped = true;
            at++;
        }
        at++;
    }
    if (at >= text.len)
        return 0;
    *ret_value = sv_slice(text, from, at);
    if (escaped) {
        char *copy = arena_alloc(arena, at - from + 1);
        size_t out = 0;
        for (size_t i = from; i < at; i++) {
            char c = text.ptr[i];
            if (c == '\\' && i + 1 < at) {
                c = text.ptr[++i];
                c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
            }
            copy[out++] = c;
        }
        *ret_value = sv_of(copy, out);
    }
    return at + 1;
}

static size_t
read_pairs(struct arena *arena, struct sv text, struct json_pair *pairs, bool *ret_begins)
{
    size_t count = 0, at = 0;
    *ret_begins = false;
    while (at < text.len && count < PAIRS_MAX) {
        size_t from = at;
        while (at < text.len && key_char(text.ptr[at]))
            at++;
        struct sv key = sv_slice(text, from, at), value = SV("");
        if (sv_empty(key) || at >= text.len || text.ptr[at] != '=') {
            at += at < text.len;
            continue;
        }
        at++;
        if (at < text.len && text.ptr[at] == '"') {
            size_t end = quoted(arena, text, at + 1, &value);
            if (end == 0)
                return count;
            at = end;
        } else {
            size_t start = at;
            while (at < text.len && (unsigned char)text.ptr[at] > ' ')
                at++;
            value = sv_slice(text, start, at);
        }
        *ret_begins = *ret_begins || from == 0;
        pairs[count++] = (struct json_pair){key, value};
    }
    return count;
}

static struct sv
value_of(const struct json_pair *pairs, size_t count, const char *keys)
{
    struct sv rest = sv_from(keys), key;
    while (sv_split(&rest, '|', &key))
        for (size_t i = 0; i < count; i++)
            if (sv_eq_nocase(pairs[i].key, key) && !sv_empty(pairs[i].value))
                return pairs[i].value;
    return SV_NONE;
}

#define LEVELS "level|lvl|severity"
#define MESSAGES "msg|message"
#define TIMES "time|ts|timestamp|t|at"
#define SERVICES "service|service_name|service.name|app|application"

static int
bid(const struct probe *probe)
{
    if (sv_find_char(probe->body, '=') == SIZE_MAX)
        return 0;
    struct json_pair pairs[PAIRS_MAX];
    bool begins = false;
    size_t count = read_pairs(probe->arena, probe->body, pairs, &begins);
    int known =
        !sv_empty(value_of(pairs, count, LEVELS)) + !sv_empty(value_of(pairs, count, MESSAGES));
    if (count < 2)
        return 0;
    return begins ? 50 + 15 * known : known == 2 ? 50 : 0;
}

/* What is not read elsewhere. */
static struct sv
pairs_as_json(struct arena *arena, const struct json_pair *pairs, size_t count)
{
    struct json_pair *left = ARENA_ARRAY(arena, struct json_pair, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (sv_empty(value_of(&pairs[i], 1, LEVELS "|" MESSAGES "|" TIMES)))
            left[kept++] = pairs[i];
    return json_pairs(arena, left, kept);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct json_pair pairs[PAIRS_MAX];
    bool begins = false;
    struct read_time time;
    size_t count = read_pairs(probe->arena, probe->body, pairs, &begins);
    if (count == 0)
        return decode_bad(result, QUARANTINE_SYNTAX, "no key=value pair");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->kind = EVENT_LOG;
    struct sv stamp = value_of(pairs, count, TIMES);
    struct text_head line;
    const struct time_hints hints = probe_hints(probe);
    text_read_head(probe->body, &hints, &line);
    if (times_read(stamp, probe->zone, &time))
        times_into_event(&time, event);
    else if (line.has_time)
        times_into_event(&line.time, event);
    event->severity_text = value_of(pairs, count, LEVELS);
    event->severity = severity_text(event->severity_text);
    event->service = value_of(pairs, count, SERVICES);
    event->host = text_without_port(value_of(pairs, count, "host|hostname|node"));
    event->environment = value_of(pairs, count, "env|environment");
    event->trace_id = value_of(pairs, count, "trace_id|traceid|traceID|trace.id");
    struct sv message = value_of(pairs, count, MESSAGES);
    struct sv problem = value_of(pairs, count, "err|error");
    event->body = sv_empty(message) ? probe->body : message;
    if (!sv_empty(message) && !sv_empty(problem))
        event->body =
            arena_printf(probe->arena, SV_FMT "\nerror: " SV_FMT, SV_ARG(message), SV_ARG(problem));
    event->attributes = pairs_as_json(probe->arena, pairs, count);
    return 0;
}

const struct decoder decoder_logfmt = {
    .info = {.name = "logfmt",
             .identity = "file",
             .title = "logfmt",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://brandur.org/logfmt",
             .highest = 80},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
