/*
 * Messages of queues and buses whose content is one field: Amazon SNS, SQS, Kinesis and Firehose
 * (also as Lambda functions get them), Google Pub/Sub, Azure Event Hubs, RabbitMQ, exports of
 * Splunk. One table; what is inside is decoded again. A queue knows only when it took the message:
 * that stands in as Kafka's time does.
 */
#include "ingest/decode/envelope/envelope.h"

struct message {
    struct field_list *inside, *mark;                   /* both must be there */
    struct field_list *time, *host, *title, *id, *type; /* NULL: it has none */
    bool base64;  /* the content is in base64 where it can be */
    bool carried; /* the time is that of the transport */
    enum event_kind kind;
};

/* clang-format off */
#define FIELDS(LIST)                                                                               \
    LIST(sns_inside, "Message|Sns.Message")                                                        \
    LIST(sns_mark, "TopicArn|Sns.TopicArn")                                                        \
    LIST(sns_time, "Timestamp|Sns.Timestamp")                                                      \
    LIST(sns_title, "Subject|Sns.Subject")                                                         \
    LIST(sns_id, "MessageId|Sns.MessageId")                                                        \
    LIST(sns_type, "Type|Sns.Type")                                                                \
    LIST(sqs_inside, "body|Body")                                                                  \
    LIST(sqs_mark, "receiptHandle|ReceiptHandle")                                                  \
    LIST(sqs_time, "attributes.SentTimestamp|Attributes.SentTimestamp")                            \
    LIST(sqs_id, "messageId|MessageId")                                                            \
    LIST(kinesis_inside, "kinesis.data")                                                           \
    LIST(kinesis_mark, "kinesis.sequenceNumber|kinesis.partitionKey|eventSource")                  \
    LIST(kinesis_time, "kinesis.approximateArrivalTimestamp")                                      \
    LIST(firehose_inside, "data")                                                                  \
    LIST(firehose_mark, "recordId|approximateArrivalTimestamp")                                    \
    LIST(firehose_time, "approximateArrivalTimestamp|kinesisRecordMetadata."                       \
                        "approximateArrivalTimestamp")                                             \
    LIST(pubsub_inside, "message.data|data")                                                       \
    LIST(pubsub_mark, "subscription|message.messageId|message.message_id|publishTime|publish_time")\
    LIST(pubsub_time, "message.publishTime|message.publish_time|publishTime|publish_time")         \
    LIST(pubsub_id, "message.messageId|message.message_id|messageId|message_id")                   \
    LIST(hubs_inside, "Body|body")                                                                 \
    LIST(hubs_mark, "EnqueuedTimeUtc|enqueuedTimeUtc")                                             \
    LIST(hubs_time, "EnqueuedTimeUtc|enqueuedTimeUtc")                                             \
    LIST(rabbit_inside, "payload")                                                                 \
    LIST(rabbit_mark, "payload_encoding")                                                          \
    LIST(splunk_inside, "result._raw|_raw")                                                        \
    LIST(splunk_mark, "result._raw|_time|sourcetype|_indextime")                                   \
    LIST(splunk_time, "result._time|_time")                                                        \
    LIST(splunk_host, "result.host|host")
FIELD_LISTS(FIELDS);
/* clang-format on */

static int
bid(const struct probe *probe)
{
    const struct message *message = probe->decoder->own;
    const struct tape_value *inside = tape_find(probe->tape, message->inside);
    bool whole =
        inside != NULL && inside->type == TAPE_STRING && tape_has(probe->tape, message->mark);
    return whole ? probe->decoder->info.highest : 0;
}

static struct sv
pick(const struct probe *probe, const struct field_list *list)
{
    return list == NULL ? SV_NONE : tape_pick(probe->arena, probe->tape, list);
}

static void
read_message(const struct probe *probe, const struct message *message, struct event *event)
{
    *event = (struct event){.event_time_ns = TIME_NONE, .kind = message->kind};
    if (message->time != NULL && event_tape_time(probe, message->time, event) && message->carried)
        event->time_source = TIME_SOURCE_KAFKA;
    event->host = text_without_port(pick(probe, message->host));
    event->title = pick(probe, message->title);
    event->identity = pick(probe, message->id);
    event->name_space = sv_from(probe->decoder->info.identity);
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct message *message = probe->decoder->own;
    struct envelope envelope = {.record = NULL};
    const struct tape_value *inside = tape_find(probe->tape, message->inside);
    /* SNS asks whether the address is right: nothing happened, and the token is a credential. */
    if (sv_ends(pick(probe, message->type), SV("Confirmation")))
        return 0;
    if (inside == NULL || inside->type != TAPE_STRING)
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "the message holds no text");
    read_message(probe, message, &envelope.event);
    return envelope_open(probe, envelope_bytes(probe->arena, inside, message->base64), &envelope,
                         sink, result);
}

#define MESSAGE(word, space, text, link, named_by, found_by, bids, ...)                            \
    static const struct message word##_message = {__VA_ARGS__};                                    \
    const struct decoder decoder_##word = {                                                        \
        .info = {.name = #word,                                                                    \
                 .identity = space,                                                                \
                 .title = text,                                                                    \
                 .kinds = "any, by its content",                                                   \
                 .identified_by = named_by,                                                        \
                 .reference = link,                                                                \
                 .signs = found_by,                                                                \
                 .highest = bids},                                                                 \
        .reads = READS_TAPE,                                                                       \
        .envelope = true,                                                                          \
        .bid = bid,                                                                                \
        .decode = decode,                                                                          \
        .lists = lists,                                                                            \
        .own = &word##_message,                                                                    \
    }

MESSAGE(aws_sns_envelope, "aws_sns", "Amazon SNS notification, also in a Lambda event",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html",
        "what identifies its content, else `MessageId`",
        "TopicArn, Message; Sns.TopicArn, Sns.Message", 90, .inside = &sns_inside,
        .mark = &sns_mark, .time = &sns_time, .title = &sns_title, .id = &sns_id, .type = &sns_type,
        .kind = EVENT_NOTE);
MESSAGE(aws_sqs_message, "aws_sqs", "Amazon SQS message, of the API or a Lambda event",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html",
        "what identifies its content, else `messageId`", "receiptHandle, body; ReceiptHandle, Body",
        87, .inside = &sqs_inside, .mark = &sqs_mark, .time = &sqs_time, .id = &sqs_id,
        .carried = true);
MESSAGE(aws_kinesis_record, "aws_kinesis", "Amazon Kinesis record in a Lambda event",
        "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html",
        "what identifies its content", "kinesis.data", 86, .inside = &kinesis_inside,
        .mark = &kinesis_mark, .time = &kinesis_time, .base64 = true, .carried = true);
MESSAGE(aws_firehose_record, "aws_firehose", "Amazon Data Firehose record in a Lambda event",
        "https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html",
        "what identifies its content", "recordId, data; approximateArrivalTimestamp, data", 85,
        .inside = &firehose_inside, .mark = &firehose_mark, .time = &firehose_time, .base64 = true,
        .carried = true);
MESSAGE(gcp_pubsub_message, "gcp_pubsub", "Google Cloud Pub/Sub message, pushed or pulled",
        "https://cloud.google.com/pubsub/docs/push",
        "what identifies its content, else `messageId`",
        "message.data, subscription; message.data, message.messageId|message.message_id; "
        "data, messageId|message_id, publishTime|publish_time",
        88, .inside = &pubsub_inside, .mark = &pubsub_mark, .time = &pubsub_time, .id = &pubsub_id,
        .base64 = true, .carried = true);
MESSAGE(azure_eventhub_message, "azure_eventhub", "Azure Event Hubs message",
        "https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview",
        "what identifies its content", "EnqueuedTimeUtc, Body; enqueuedTimeUtc, body", 84,
        .inside = &hubs_inside, .mark = &hubs_mark, .time = &hubs_time, .base64 = true,
        .carried = true);
MESSAGE(rabbitmq_message, "rabbitmq", "RabbitMQ message, as its management API hands it out",
        "https://www.rabbitmq.com/docs/management", "what identifies its content",
        "payload, payload_encoding", 83, .inside = &rabbit_inside, .mark = &rabbit_mark,
        .base64 = true);
MESSAGE(splunk_result, "splunk", "Splunk search result with its raw text",
        "https://docs.splunk.com/Documentation/Splunk/latest/RESTREF/RESTsearch",
        "what identifies its content", "result._raw; _raw, _time|sourcetype|_indextime", 82,
        .inside = &splunk_inside, .mark = &splunk_mark, .time = &splunk_time, .host = &splunk_host);
