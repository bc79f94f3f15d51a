/*
 * InfluxDB's line protocol, what Telegraf writes unless it is told otherwise:
 * "measurement,tag=value field=value,field=value 1543236572000000000". Several lines may be in one
 * record. Without a time the record's counts.
 */
#include "base/sha256.h"
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"

#define PAIRS_MAX 200

/* Up to the first of `ends` that is not escaped and not in quotes; *text becomes the rest from
 * there. */
static struct sv
part(struct sv *text, const char *ends, bool quotes)
{
    bool quoted = false;
    size_t at = 0;
    for (; at < text->len; at++) {
        char c = text->ptr[at];
        if (c == '\\' && at + 1 < text->len)
            at++;
        else if (c == '"' && quotes)
            quoted = !quoted;
        else if (!quoted && c != '\0' && strchr(ends, c) != NULL)
            break;
    }
    at = at < text->len ? at : text->len;
    struct sv found = sv_slice(*text, 0, at);
    *text = sv_slice(*text, at, text->len);
    return found;
}

/* Without the backslashes before separators and without the quotes of a string. */
static struct sv
plain(struct arena *arena, struct sv text)
{
    if (text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"')
        text = sv_slice(text, 1, text.len - 1);
    if (sv_find_char(text, '\\') == SIZE_MAX)
        return text;
    char *copy = arena_alloc(arena, text.len + 1);
    size_t length = 0;
    for (size_t at = 0; at < text.len; at++) {
        bool escapes = text.ptr[at] == '\\' && at + 1 < text.len &&
                       strchr(" ,=\"\\", text.ptr[at + 1]) != NULL && text.ptr[at + 1] != '\0';
        at += escapes;
        copy[length++] = text.ptr[at];
    }
    return sv_of(copy, length);
}

static bool
a_number(struct sv text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (c == '\0' || strchr("+-.eE", c) == NULL)
            return (c == 'i' || c == 'u') && i + 1 == text.len && digits > 0;
    }
    return digits > 0;
}

/* A number, a truth or a string in quotes: what the value of a field may be. */
static bool
a_value(struct sv text)
{
    static const char *const words[] = {"t", "T", "true",  "True",  "TRUE",
                                        "f", "F", "false", "False", "FALSE"};
    if (text.len >= 2 && text.ptr[0] == '"')
        return text.ptr[text.len - 1] == '"';
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq(text, sv_from(words[i])))
            return true;
    return a_number(text);
}

struct point {
    struct sv measurement, time, host, first_name, first_value;
    struct json_pair pairs[PAIRS_MAX];
    size_t tags, count;
};

static bool
read_pairs(struct arena *arena, struct sv *text, bool fields, struct point *point)
{
    do {
        struct sv key = part(text, "=, ", false);
        if (sv_empty(key) || sv_empty(*text) || text->ptr[0] != '=' || point->count == PAIRS_MAX)
            return false;
        *text = sv_slice(*text, 1, text->len);
        struct sv value = part(text, ", ", fields);
        if (sv_empty(value) || (fields && !a_value(value)))
            return false;
        key = plain(arena, key);
        if (fields && sv_empty(point->first_name)) {
            point->first_name = key;
            point->first_value = plain(arena, value);
        }
        if (!fields && sv_eq(key, SV("host")))
            point->host = plain(arena, value);
        point->pairs[point->count++] = (struct json_pair){key, plain(arena, value)};
        if (sv_empty(*text) || text->ptr[0] != ',')
            return true;
        *text = sv_slice(*text, 1, text->len);
    } while (true);
}

static bool
read_point(struct arena *arena, struct sv line, struct point *point)
{
    struct sv rest = line;
    point->host = point->first_name = point->first_value = SV_NONE;
    point->tags = point->count = 0; /* the pairs are many, and mostly none is there */
    point->measurement = plain(arena, part(&rest, ", =", false));
    if (sv_empty(point->measurement) || sv_empty(rest) || rest.ptr[0] == '=')
        return false;
    bool tagged = rest.ptr[0] == ',';
    rest = sv_slice(rest, 1, rest.len);
    if (tagged && (!read_pairs(arena, &rest, false, point) || sv_empty(rest)))
        return false;
    point->tags = point->count;
    if (tagged)
        rest = sv_slice(rest, 1, rest.len);
    if (!read_pairs(arena, &rest, true, point))
        return false;
    point->time = sv_trim(rest);
    for (size_t i = 0; i < point->time.len; i++)
        if (point->time.ptr[i] < '0' || point->time.ptr[i] > '9')
            return false;
    return point->time.len == 0 || point->time.len >= 10;
}

/* A line of a log may look like it by chance: with tags or a time it does not. */
static int
bid(const struct probe *probe)
{
    struct point point;
    struct sv rest = probe->body, line;
    if (sv_find_char(probe->body, '=') == SIZE_MAX)
        return 0;
    do {
        if (!sv_split(&rest, '\n', &line))
            return 0;
        line = sv_trim(line);
    } while (sv_empty(line) || line.ptr[0] == '#');
    return read_point(probe->arena, line, &point) && (point.tags > 0 || !sv_empty(point.time)) ? 86
                                                                                               : 0;
}

static int
add_point(const struct probe *probe, const struct point *point, struct event_sink *sink,
          struct decode_result *result)
{
    struct arena *arena = probe->arena;
    struct read_time time;
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->kind = EVENT_METRIC;
    if (times_read_epoch(point->time, &time))
        times_into_event(&time, event);
    event->host = point->host;
    event->title = arena_printf(arena, SV_FMT " " SV_FMT "=" SV_FMT, SV_ARG(point->measurement),
                                SV_ARG(point->first_name), SV_ARG(point->first_value));
    event->body = event->title;
    event->attributes = json_pairs(arena, point->pairs, point->count);
    struct sv tags = json_pairs(arena, point->pairs, point->tags);
    struct sv series = IDENTITY(arena, point->measurement, tags);
    sha256_of(series.ptr, series.len, &digest);
    sha256_hex(&digest, hex);
    event->fingerprint = arena_copy(arena, sv_of(hex, 32));
    if (event->event_time_ns != TIME_NONE) {
        event->identity =
            IDENTITY(arena, SV("point"), event->fingerprint, point->time, event->attributes);
        event->by_content = true;
    }
    return 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct point point;
    struct sv rest = probe->body, line;
    struct element_list list = {0};
    while (sv_split(&rest, '\n', &line)) {
        line = sv_trim(line);
        if (sv_empty(line) || line.ptr[0] == '#')
            continue;
        list.sink_from = sink->count;
        if (read_point(probe->arena, line, &point)) {
            list.read++;
            if (add_point(probe, &point, sink, result) != 0)
                return -1;
            continue;
        }
        (void)decode_bad(result, QUARANTINE_SYNTAX, "not a line of InfluxDB's protocol");
        if (element_refused(&list, probe, line, sink, result) != 0)
            return -1;
    }
    return element_list_end(&list, result);
}

const struct decoder decoder_influx_line_protocol = {
    .info = {.name = "influx_line_protocol",
             .identity = "influxdb",
             .title = "InfluxDB line protocol, what Telegraf writes",
             .kinds = "metric",
             .identified_by = "all that a point tells",
             .reference = "https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/",
             .highest = 86},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
