/*
 * Events of buses that carry what somebody else wrote: Amazon EventBridge (`detail`) and Azure
 * Event Grid (`data`). What a partner or a webhook put there is decoded again when somebody knows
 * it; what the bus itself tells is left to those who know its events.
 */
#include "ingest/decode/core/detect.h"
#include "ingest/decode/envelope/envelope.h"

#define KNOWN 60 /* what somebody who knows a format bids at least */

#define FIELDS(LIST)                                                                               \
    LIST(details, "detail")                                                                        \
    LIST(detail_types, "detail-type")                                                              \
    LIST(detail_times, "time")                                                                     \
    LIST(detail_ids, "id")                                                                         \
    LIST(grid_data, "data")                                                                        \
    LIST(grid_types, "eventType")                                                                  \
    LIST(grid_times, "eventTime")                                                                  \
    LIST(grid_ids, "id")                                                                           \
    LIST(grid_subjects, "subject")
FIELD_LISTS(FIELDS);

static bool
somebody_knows(const struct probe *probe, const struct tape_value *value)
{
    const struct decoder *known;
    struct sv bytes = envelope_bytes(probe->arena, value, false);
    return decode_would_bid(probe, bytes, &known) >= KNOWN && !known->general;
}

static int
bid_bridge(const struct probe *probe)
{
    const struct tape_value *detail = tape_find(probe->tape, &details);
    bool event = detail != NULL && tape_has(probe->tape, &detail_types);
    return event && somebody_knows(probe, detail) ? 88 : 0;
}

static int
bid_grid(const struct probe *probe)
{
    const struct tape_value *data = tape_find(probe->tape, &grid_data);
    bool event =
        data != NULL && tape_has(probe->tape, &grid_types) && tape_has(probe->tape, &grid_times);
    return !event ? 0 : somebody_knows(probe, data) ? 88 : 64;
}

static int
decode_bridge(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    event_tape_time(probe, &detail_times, &envelope.event);
    envelope.event.identity = TAPE_PICK(detail_ids);
    envelope.event.name_space = sv_from(probe->decoder->info.identity);
    const struct tape_value *detail = tape_find(probe->tape, &details);
    return envelope_open(probe, envelope_bytes(probe->arena, detail, false), &envelope, sink,
                         result);
}

static int
decode_grid(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    struct sv subject = TAPE_PICK(grid_subjects);
    event_tape_time(probe, &grid_times, &envelope.event);
    envelope.event.identity = IDENTITY(probe->arena, TAPE_PICK(grid_ids));
    envelope.event.name_space = sv_from(probe->decoder->info.identity);
    envelope.event.title = TAPE_PICK(grid_types);
    if (!sv_empty(subject))
        envelope.event.title = arena_printf(probe->arena, SV_FMT " " SV_FMT,
                                            SV_ARG(envelope.event.title), SV_ARG(subject));
    const struct tape_value *data = tape_find(probe->tape, &grid_data);
    return envelope_open(probe, envelope_bytes(probe->arena, data, false), &envelope, sink, result);
}

const struct decoder decoder_eventbridge_detail = {
    .info = {.name = "eventbridge_detail",
             .identity = "aws",
             .title = "Amazon EventBridge event around a record of another format",
             .kinds = "any, by its detail",
             .identified_by = "what identifies its detail, else `id`",
             .reference = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"
                          "eb-events-structure.html",
             .signs = "detail-type, detail",
             .highest = 88},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid_bridge,
    .decode = decode_bridge,
    .lists = lists,
};

const struct decoder decoder_azure_event_grid = {
    .info = {.name = "azure_event_grid",
             .identity = "azure_event_grid",
             .title = "Azure Event Grid event",
             .kinds = "any, by its data",
             .identified_by = "what identifies its data, else `id`",
             .reference = "https://learn.microsoft.com/azure/event-grid/event-schema",
             .signs = "eventType, eventTime, data",
             .highest = 88},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid_grid,
    .decode = decode_grid,
    .lists = lists,
};
