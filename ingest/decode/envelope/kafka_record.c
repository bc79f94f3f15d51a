/*
 * Records of Kafka as tools print them: kcat -J, web consoles, the REST proxy, rpk, and Lambda's
 * event with its lists of records by partition. The value is decoded again, with its headers; the
 * record's time stands in as Kafka's does.
 */
#include "ingest/decode/envelope/envelope.h"
#include "ingest/parse/json_walk.h"

#define FIELDS(LIST)                                                                               \
    LIST(values, "value|payload|content")                                                          \
    LIST(times, "timestamp|ts")                                                                    \
    LIST(header_lists, "headers")                                                                  \
    LIST(partitions, "partition|partitionId|partition_id|partitionID")                             \
    LIST(offsets, "offset")                                                                        \
    LIST(sources, "eventSource")                                                                   \
    LIST(by_partition, "records")
FIELD_LISTS(FIELDS);

static bool
is_number(const struct tape_value *value)
{
    return value != NULL && value->type == TAPE_NUMBER;
}

static int
bid_record(const struct probe *probe)
{
    bool placed = is_number(tape_find(probe->tape, &partitions)) &&
                  is_number(tape_find(probe->tape, &offsets));
    return placed && tape_has(probe->tape, &values) ? 76 : 0;
}

/* What one record says beside its value. */
static void
read_record(const struct probe *probe, const struct tape *tape, struct envelope *envelope)
{
    struct probe at = *probe;
    at.tape = tape;
    envelope->event = (struct event){.event_time_ns = TIME_NONE};
    if (event_tape_time(&at, &times, &envelope->event))
        envelope->event.time_source = TIME_SOURCE_KAFKA;
}

static int
decode_record_value(const struct probe *probe, struct event_sink *sink,
                    struct decode_result *result)
{
    struct envelope envelope;
    struct envelope_headers *headers = ARENA_NEW(probe->arena, struct envelope_headers);
    const struct tape_value *list = tape_find(probe->tape, &header_lists);
    const struct tape_value *value = tape_find(probe->tape, &values);
    read_record(probe, probe->tape, &envelope);
    if (list != NULL && list->type >= TAPE_ARRAY)
        envelope_add_headers(probe->arena, headers, sv_of(list->ptr, list->len));
    envelope.record = envelope_record(probe->arena, probe->record, headers);
    return envelope_open(probe, envelope_bytes(probe->arena, value, false), &envelope, sink,
                         result);
}

/* ---- Lambda ---- */

static int
bid_lambda(const struct probe *probe)
{
    struct sv source = TAPE_PICK(sources);
    const struct tape_value *lists_of = tape_find(probe->tape, &by_partition);
    bool kafka = sv_eq(source, SV("aws:kafka")) || sv_eq(source, SV("SelfManagedKafka"));
    return kafka && lists_of != NULL && lists_of->type == TAPE_OBJECT ? 95 : 0;
}

/* {"name": [104, -36, ..]}: the value as the numbers of its bytes. */
static void
add_byte_headers(struct arena *arena, struct envelope_headers *headers, struct json_walk walk)
{
    struct sv name;
    if (!json_walk_enter(&walk, '['))
        return;
    while (json_walk_element(&walk)) {
        if (!json_walk_enter(&walk, '{')) {
            json_walk_skip(&walk);
            continue;
        }
        while (json_walk_key(&walk, &name)) {
            struct json_walk bytes = walk;
            json_walk_skip(&walk);
            char *value = arena_alloc(arena, (size_t)(walk.at - bytes.at) + 1);
            size_t len = 0;
            int64_t byte;
            if (!json_walk_enter(&bytes, '['))
                continue;
            while (json_walk_element(&bytes))
                if (sv_to_int64(json_walk_text(arena, &bytes), &byte))
                    value[len++] = (char)(byte & 0xFF);
            envelope_add_header(arena, headers, name, sv_of(value, len));
        }
    }
}

static int
lambda_record(const struct probe *probe, struct sv text, struct event_sink *sink,
              struct decode_result *result)
{
    struct tape tape;
    struct envelope envelope;
    if (tape_scan(probe->arena, text, &tape) != TREE_FINE || tape.type != TAPE_OBJECT)
        return 0;
    struct envelope_headers *headers = ARENA_NEW(probe->arena, struct envelope_headers);
    const struct tape_value *list = tape_find(&tape, &header_lists);
    read_record(probe, &tape, &envelope);
    if (list != NULL && list->type == TAPE_ARRAY)
        add_byte_headers(probe->arena, headers, json_walk_of(sv_of(list->ptr, list->len)));
    envelope.record = envelope_record(probe->arena, probe->record, headers);
    const struct tape_value *value = tape_find(&tape, &values);
    return envelope_open(probe, envelope_bytes(probe->arena, value, true), &envelope, sink, result);
}

static int
decode_lambda(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct tape_value *partitions_of = tape_find(probe->tape, &by_partition);
    struct sv partition;
    if (partitions_of == NULL || partitions_of->type != TAPE_OBJECT)
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "no records by partition");
    struct json_walk walk = json_walk_of(sv_of(partitions_of->ptr, partitions_of->len));
    (void)json_walk_enter(&walk, '{');
    while (json_walk_key(&walk, &partition)) {
        if (!json_walk_enter(&walk, '[')) {
            json_walk_skip(&walk);
            continue;
        }
        while (json_walk_element(&walk))
            if (lambda_record(probe, json_walk_take(&walk), sink, result) != 0)
                return -1;
    }
    return 0;
}

const struct decoder decoder_lambda_kafka_event = {
    .info = {.name = "lambda_kafka_event",
             .identity = "lambda_kafka_event",
             .title = "Kafka records as AWS Lambda gets them",
             .kinds = "any, by their values",
             .identified_by = "what identifies their values",
             .reference = "https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html",
             .signs = "eventSource=aws:kafka|SelfManagedKafka, records",
             .highest = 95},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid_lambda,
    .decode = decode_lambda,
    .lists = lists,
};

const struct decoder decoder_kafka_record = {
    .info = {.name = "kafka_record",
             .identity = "kafka_record",
             .title = "Kafka record as consoles, kcat and the REST proxy print it",
             .kinds = "any, by its value",
             .identified_by = "what identifies its value",
             .reference = "https://github.com/edenhill/kcat",
             .signs = "partition|partitionId|partition_id|partitionID, offset, "
                      "value|payload|content",
             .highest = 76},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid_record,
    .decode = decode_record_value,
    .lists = lists,
};
