/*
 * Flow logs of AWS (VPC, transit gateway). The loader carries the line that names the fields with
 * every line (HEADER_COLUMNS); without it a line has the fields that are written where nobody
 * chose. A line that names fields is not an event. Times are epochs in seconds.
 */
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/parse/chars.h"
#include "ingest/parse/flow_fields.h"

#define ACCOUNT_DIGITS 12
#define DEFAULT_COUNT 14

struct flow {
    struct sv names[FLOW_FIELDS_MAX], values[FLOW_FIELDS_MAX];
    size_t count;
};

static size_t
split(struct sv text, struct sv list[FLOW_FIELDS_MAX])
{
    size_t count = 0;
    struct sv word;
    while (count < FLOW_FIELDS_MAX && sv_split(&text, ' ', &word))
        list[count++] = word;
    return sv_empty(text) ? count : FLOW_FIELDS_MAX + 1;
}

static struct sv
fields_told(const struct probe *probe)
{
    struct sv told = sv_trim(record_header(probe->record, HEADER_COLUMNS));
    return flow_fields_named(told) ? told : SV_NONE;
}

static struct sv
value_of(const struct flow *flow, const char *name)
{
    for (size_t i = 0; i < flow->count; i++)
        if (sv_eq(flow->names[i], sv_from(name)) && !sv_eq(flow->values[i], SV("-")))
            return flow->values[i];
    return SV_NONE;
}

/* "2 123456789010 eni-..." */
static bool
begins_by_default(struct sv line)
{
    if (char_at(line, 0) < '2' || char_at(line, 0) > '9' || char_at(line, 1) != ' ')
        return false;
    if (sv_starts(sv_slice(line, 2, line.len), SV("unknown ")))
        return true;
    for (size_t i = 0; i < ACCOUNT_DIGITS; i++)
        if (!is_digit(char_at(line, 2 + i)))
            return false;
    return char_at(line, 2 + ACCOUNT_DIGITS) == ' ';
}

static bool
is_word_of(struct sv text, const char *words)
{
    struct sv rest = sv_from(words), word;
    while (sv_split(&rest, ' ', &word))
        if (sv_eq(text, word))
            return true;
    return false;
}

/* What may stand behind the default fields is left alone. */
static bool
read_default(const struct probe *probe, struct flow *flow)
{
    if (!begins_by_default(probe->body))
        return false;
    size_t count = split(probe->body, flow->values);
    flow->count = split(SV(FLOW_FIELDS_DEFAULT), flow->names);
    return count >= DEFAULT_COUNT && flow->count == DEFAULT_COUNT &&
           sv_starts(flow->values[2], SV("eni-")) &&
           is_word_of(flow->values[12], "ACCEPT REJECT -") &&
           is_word_of(flow->values[13], "OK NODATA SKIPDATA");
}

static bool
read_flow(const struct probe *probe, struct flow *flow)
{
    struct sv told = fields_told(probe);
    if (told.ptr == NULL)
        return read_default(probe, flow);
    size_t named = split(told, flow->names);
    flow->count = split(probe->body, flow->values);
    return flow->count == named && named <= FLOW_FIELDS_MAX;
}

static int
bid(const struct probe *probe)
{
    struct flow flow;
    if (is_letter(char_at(probe->body, 0)) && flow_fields_named(probe->body))
        return 95;
    return read_flow(probe, &flow) ? 94 : 0;
}

/* Names that other logs of connections have here, too. */
static struct sv
common_name(struct sv name)
{
    static const char *const names[][2] = {{"account-id", "account"},
                                           {"interface-id", "interface"},
                                           {"srcaddr", "source"},
                                           {"dstaddr", "target"},
                                           {"srcport", "source_port"},
                                           {"dstport", "target_port"},
                                           {"protocol", "transport"},
                                           {"log-status", "outcome"},
                                           {"pkt-srcaddr", "packet_source"},
                                           {"pkt-dstaddr", "packet_target"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq(name, sv_from(names[i][0])))
            return sv_from(names[i][1]);
    return name;
}

static struct sv
attributes_of(struct arena *arena, const struct flow *flow)
{
    struct json_pair pairs[FLOW_FIELDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++)
        if (!sv_eq(flow->values[i], SV("-")) && !sv_eq(flow->names[i], SV("start")))
            pairs[count++] = (struct json_pair){common_name(flow->names[i]), flow->values[i]};
    return json_pairs(arena, pairs, count);
}

/* "192.0.2.1:443"; without a port the address alone. */
static struct sv
end_of(struct arena *arena, const struct flow *flow, const char *const names[3])
{
    struct sv address = value_of(flow, names[0]), port = value_of(flow, names[2]);
    if (sv_empty(address))
        address = value_of(flow, names[1]);
    return sv_empty(address) || sv_empty(port)
               ? address
               : arena_printf(arena, SV_FMT ":" SV_FMT, SV_ARG(address), SV_ARG(port));
}

static struct sv
joined(struct arena *arena, struct sv a, const char *between, struct sv b)
{
    return sv_empty(a)   ? b
           : sv_empty(b) ? a
                         : arena_printf(arena, SV_FMT "%s" SV_FMT, SV_ARG(a), between, SV_ARG(b));
}

static struct sv
first_of(const struct flow *flow, const char *names)
{
    struct sv rest = sv_from(names), name, found = SV_NONE;
    while (sv_empty(found) && sv_split(&rest, ' ', &name))
        for (size_t i = 0; i < flow->count && sv_empty(found); i++)
            if (sv_eq(flow->names[i], name) && !sv_eq(flow->values[i], SV("-")))
                found = flow->values[i];
    return found;
}

static void
take_words(struct arena *arena, const struct flow *flow, struct event *event)
{
    static const char *const from[] = {"srcaddr", "pkt-srcaddr", "srcport"};
    static const char *const to[] = {"dstaddr", "pkt-dstaddr", "dstport"};
    struct sv source = end_of(arena, flow, from), target = end_of(arena, flow, to);
    struct sv packets = value_of(flow, "packets"), action = value_of(flow, "action");
    struct sv ends = joined(arena, source, " to ", target);
    if (sv_empty(ends)) /* NODATA, SKIPDATA: nothing was to be told */
        ends = first_of(flow, "interface-id resource-id tgw-attachment-id instance-id");
    if (sv_empty(action))
        action = sv_empty(source) ? value_of(flow, "log-status") : SV_NONE;
    event->title = joined(arena, action, " ", ends);
    event->body = sv_empty(packets) ? event->title
                                    : arena_printf(arena, SV_FMT ", " SV_FMT " packets",
                                                   SV_ARG(event->title), SV_ARG(packets));
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct flow flow;
    struct read_time time;
    if (flow_fields_named(probe->body))
        return 0;
    if (!read_flow(probe, &flow))
        return decode_bad(result, QUARANTINE_SYNTAX, "not as many fields as are named");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct time_hints hints = probe_hints(probe);
    struct sv start = first_of(&flow, "start end");
    event->kind = EVENT_LOG;
    if (!sv_empty(start) && times_read_hinted(start, &hints, &time))
        times_into_event(&time, event);
    event->host = value_of(&flow, "instance-id");
    event->service = value_of(&flow, "ecs-service-name");
    event->attributes = attributes_of(probe->arena, &flow);
    take_words(probe->arena, &flow, event);
    if (sv_empty(event->body))
        event->body = event->title = probe->body;
    return 0;
}

const struct decoder decoder_vpc_flow = {
    .info = {.name = "vpc_flow",
             .identity = "file",
             .title =
                 "VPC and transit gateway flow logs of AWS, with the fields that the file names",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
             .highest = 95},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
