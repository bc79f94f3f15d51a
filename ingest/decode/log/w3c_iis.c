/*
 * W3C extended log format: IIS and its kin (HTTP.sys, CloudFront). `#Fields` names the columns and
 * may change on the way: the loader carries it with every line (HEADER_COLUMNS). Without it the
 * line has the columns that IIS writes by itself. Date and time are UTC, but for `date-local`.
 * Lines that begin with '#' are not events.
 */
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/parse/csv.h"

#define FIELDS_MAX 96
#define DEFAULT_FIELDS                                                                             \
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "                   \
    "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken"
#define DEFAULT_COUNT 15
#define DEFAULT_STATUS 11 /* the place of sc-status in it */

struct row {
    struct sv names[FIELDS_MAX], values[FIELDS_MAX];
    size_t count;
};

/* The next value: up to a blank or tab, or in quotes, where quotes are doubled. */
static bool
next_value(struct arena *arena, struct sv *rest, struct sv *ret_value)
{
    size_t end = 0;
    *rest = sv_trim(*rest);
    if (sv_empty(*rest))
        return false;
    if (rest->ptr[0] == '"') {
        struct csv csv = csv_of(*rest, ' ');
        (void)csv_next(arena, &csv, ret_value, NULL);
        *rest = csv.rest.ptr == NULL ? SV("") : csv.rest;
        return true;
    }
    while (end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '\t')
        end++;
    *ret_value = sv_slice(*rest, 0, end);
    *rest = sv_slice(*rest, end, rest->len);
    return true;
}

static size_t
split(struct arena *arena, struct sv text, size_t most, struct sv list[FIELDS_MAX])
{
    size_t count = 0;
    struct sv value;
    while (count < most && next_value(arena, &text, &value))
        list[count++] = value;
    return count;
}

static bool
is_directive(struct sv line)
{
    static const char *const words[] = {
        "#Fields:", "#Software:", "#Version:", "#Date:", "#Start-Date:", "#End-Date:", "#Remark:"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_starts_nocase(line, sv_from(words[i])))
            return true;
    return false;
}

static struct sv
fields_told(const struct probe *probe)
{
    struct sv told = sv_trim(record_header(probe->record, HEADER_COLUMNS));
    return sv_starts_nocase(told, SV("#Fields:")) ? sv_slice(told, 8, told.len) : SV_NONE;
}

static bool
is_status(struct sv text)
{
    int64_t number;
    return text.len == 3 && sv_to_int64(text, &number) && number >= 100 && number <= 599;
}

/* Most lines that are asked about are no row: the names are looked at last. */
static bool
read_default(const struct probe *probe, struct row *row)
{
    row->count = split(probe->arena, probe->body, DEFAULT_COUNT + 1, row->values);
    if (row->count != DEFAULT_COUNT || row->values[0].len != 10 || row->values[1].len < 8 ||
        row->values[1].ptr[2] != ':' || !is_status(row->values[DEFAULT_STATUS]))
        return false;
    return split(probe->arena, SV(DEFAULT_FIELDS), FIELDS_MAX, row->names) == DEFAULT_COUNT;
}

static bool
read_row(const struct probe *probe, struct row *row)
{
    struct sv told = fields_told(probe);
    if (told.ptr == NULL)
        return read_default(probe, row);
    size_t named = split(probe->arena, told, FIELDS_MAX, row->names);
    row->count = split(probe->arena, probe->body, FIELDS_MAX, row->values);
    return row->count >= 2 && row->count <= named;
}

static int
bid(const struct probe *probe)
{
    struct row row;
    if (probe->body.ptr[0] == '#')
        return is_directive(probe->body) ? 95 : 0;
    if (fields_told(probe).ptr != NULL)
        return read_row(probe, &row) ? 94 : 0;
    char first = probe->body.ptr[0];
    return first >= '0' && first <= '9' && probe->body.len > 40 && probe->body.ptr[4] == '-' &&
                   (probe->body.ptr[10] == ' ' || probe->body.ptr[10] == '\t') &&
                   read_row(probe, &row)
               ? 92
               : 0;
}

static struct sv
value_of(const struct row *row, const char *names)
{
    struct sv rest = sv_from(names), name;
    while (sv_split(&rest, '|', &name))
        for (size_t i = 0; i < row->count; i++)
            if (sv_eq_nocase(row->names[i], name) && !sv_eq(row->values[i], SV("-")))
                return row->values[i];
    return SV_NONE;
}

static void
take_time(const struct probe *probe, const struct row *row, struct event *event)
{
    struct read_time time;
    struct sv date = value_of(row, "date"), clock = value_of(row, "time");
    struct sv local_date = value_of(row, "date-local"), local = value_of(row, "time-local");
    struct sv whole = value_of(row, "date-time|datetime|timestamp");
    struct time_hints hints = probe_hints(probe);
    bool utc = !sv_empty(clock);
    struct sv text =
        !sv_empty(date) && utc
            ? arena_printf(probe->arena, SV_FMT " " SV_FMT "Z", SV_ARG(date), SV_ARG(clock))
        : utc ? clock
        : !sv_empty(local)
            ? arena_printf(probe->arena, SV_FMT " " SV_FMT, SV_ARG(local_date), SV_ARG(local))
            : whole;
    if (utc)
        hints.zone = NULL;
    if (!sv_empty(text) && times_read_hinted(sv_trim(text), &hints, &time))
        times_into_event(&time, event);
}

/* "Mozilla/5.0+(Windows+NT+10.0)": a plus stands for a blank. */
static struct sv
with_blanks(struct arena *arena, struct sv text)
{
    if (sv_find_char(text, ' ') != SIZE_MAX || sv_find_char(text, '+') == SIZE_MAX)
        return text;
    char *copy = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.ptr[i] == '+' ? ' ' : text.ptr[i];
    return sv_of(copy, text.len);
}

/* Names that all access logs have here, for those of the columns. */
static struct sv
common_name(struct sv name)
{
    static const char *const names[][2] = {
        {"cs-method", "method"},     {"cs-uri-stem", "path"},      {"cs-uri-query", "query"},
        {"sc-status", "status"},     {"c-ip", "client"},           {"cs-username", "user"},
        {"cs(User-Agent)", "agent"}, {"cs(Referer)", "referer"},   {"s-port", "port"},
        {"cs-version", "protocol"},  {"time-taken", "time_taken"}, {"sc-bytes", "bytes"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq_nocase(name, sv_from(names[i][0])))
            return sv_from(names[i][1]);
    return name;
}

static struct sv
attributes_of(struct arena *arena, const struct row *row)
{
    struct json_pair pairs[FIELDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < row->count; i++) {
        struct sv value = row->values[i], name = common_name(row->names[i]);
        bool time = sv_starts_nocase(name, SV("date")) || sv_eq_nocase(name, SV("time")) ||
                    sv_eq_nocase(name, SV("time-local"));
        if (time || sv_eq(value, SV("-")))
            continue;
        if (sv_eq(name, SV("agent")))
            value = with_blanks(arena, value);
        pairs[count++] = (struct json_pair){name, value};
    }
    return json_pairs(arena, pairs, count);
}

static void
fill(const struct probe *probe, const struct row *row, struct event *event)
{
    struct arena *arena = probe->arena;
    struct sv method = value_of(row, "cs-method"), status = value_of(row, "sc-status");
    struct sv path = value_of(row, "cs-uri-stem|cs-uri");
    struct sv reason = value_of(row, "s-reason");
    int64_t number = 0;
    event->kind = EVENT_LOG;
    take_time(probe, row, event);
    event->host = value_of(row, "s-computername|s-ip");
    event->attributes = attributes_of(arena, row);
    if (sv_to_int64(status, &number) && number >= 500 && number <= 599)
        event->severity = SEVERITY_ERROR;
    if (sv_empty(method) || sv_empty(path)) {
        event->body = sv_empty(reason) ? probe->body : reason;
        return;
    }
    event->title = arena_printf(arena, SV_FMT " " SV_FMT "%s" SV_FMT "%s" SV_FMT, SV_ARG(method),
                                SV_ARG(path), sv_empty(status) ? "" : " ", SV_ARG(status),
                                sv_empty(reason) ? "" : " ", SV_ARG(reason));
    event->body = event->title;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct row row;
    if (is_directive(probe->body))
        return 0;
    if (!read_row(probe, &row))
        return decode_bad(result, QUARANTINE_SYNTAX, "not as many columns as #Fields names");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    fill(probe, &row, event);
    return 0;
}

const struct decoder decoder_w3c_iis = {
    .info = {.name = "w3c_iis",
             .identity = "file",
             .title = "W3C extended log format: IIS, HTTP.sys, CloudFront",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://www.w3.org/TR/WD-logfile.html",
             .highest = 95},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
