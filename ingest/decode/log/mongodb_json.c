/*
 * MongoDB's log since 4.4:
 * {"t":{"$date":..},"s":"I","c":"NETWORK","id":..,"ctx":..,"msg":..,"attr":{..}}.
 */
#include "ingest/decode/core/decoder_internal.h"

#define FIELDS(LIST)                                                                               \
    LIST(time_of, "t.$date")                                                                       \
    LIST(level, "s")                                                                               \
    LIST(component, "c")                                                                           \
    LIST(context, "ctx")                                                                           \
    LIST(message, "msg")                                                                           \
    LIST(problem, "attr.error.errmsg|attr.error|attr.errmsg")                                      \
    LIST(taken, "t|s|msg")
FIELD_LISTS(FIELDS);

static int
bid(const struct probe *probe)
{
    const struct tape *tape = probe->tape;
    bool ours = tape_has(tape, &time_of) && tape_has(tape, &level) && tape_has(tape, &component) &&
                tape_has(tape, &context) && tape_has(tape, &message);
    return ours ? 91 : 0;
}

/* "D1" to "D5" are degrees of debugging. */
static int
severity_of(struct sv word)
{
    return severity_word(sv_starts(word, SV("D")) ? SV("D") : word);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->kind = EVENT_LOG;
    event->format = SV("mongodb");
    event->storable = true;
    event_tape_time(probe, &time_of, event);
    event->severity_text = TAPE_PICK(level);
    event->severity = severity_of(event->severity_text);
    event->title = TAPE_PICK(message);
    struct sv why = TAPE_PICK(problem);
    event->body = sv_empty(why) ? event->title
                                : arena_printf(probe->arena, SV_FMT "\n" SV_FMT,
                                               SV_ARG(event->title), SV_ARG(why));
    event->attributes = tape_rest(probe->arena, probe->tape, &taken);
    return 0;
}

const struct decoder decoder_mongodb_json = {
    .info = {.name = "mongodb_json",
             .identity = "file",
             .title = "MongoDB log since 4.4",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://www.mongodb.com/docs/manual/reference/log-messages/",
             .signs = "t.$date, s, c, ctx, msg",
             .highest = 91},
    .reads = READS_TAPE,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
