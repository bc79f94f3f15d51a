/*
 * HTTP requests as whatever received them keeps them: catchers of webhooks and tunnels, API
 * gateways, functions, load balancers, and the lists of deliveries of those who sent them. The body
 * is decoded again, with the request's headers as those of a record; the time of the request stands
 * in for what it lacks.
 */
#include "ingest/decode/envelope/envelope.h"

/* clang-format off */
#define FIELDS(LIST)                                                                               \
    LIST(bodies, "request.payload|request.bodyRaw|request.rawBody|request.body|"                   \
                 "request.postData.text|request.text|request.content|bodyRaw|rawBody|raw_body|"    \
                 "body_raw|requestBody|request_body|request_data|body|content|postData.text|"      \
                 "json|data|payload|event.body")                                                   \
    LIST(header_lists, "headers|request.headers|request_headers|requestHeaders|"                   \
                       "multiValueHeaders|httpHeaders|event.headers")                              \
    LIST(methods, "method|httpMethod|http_method|request.method|verb|event.method|"                \
                  "requestContext.http.method|requestMethod|request_method")                       \
    LIST(addresses, "path|rawPath|url|uri|request.url|request.uri|request.path|routeKey|"          \
                    "requestContext|webhookUrl|query|params|args|request.query|delivered_at|"      \
                    "event.path|event.query|request_url|hostname")                                 \
    LIST(times, "requestContext.timeEpoch|requestContext.requestTimeEpoch|receivedAt|received_at|" \
                "delivered_at|startedDateTime|createdAt|created_at|timestamp|time|date|"           \
                "request.receivedAt|request.timestamp")                                            \
    LIST(encoded, "isBase64Encoded|request.isBase64Encoded|base64|body_is_base64")                 \
    LIST(levels, "level|severity|lvl|log.level|levelname")                                         \
    LIST(events, "event")
FIELD_LISTS(FIELDS);
/* clang-format on */

static bool
holds_headers(const struct tape_value *value)
{
    return value != NULL && value->type >= TAPE_ARRAY && value->len > 2;
}

/* A line of an access log has a level, and no body that would be a record. */
static int
bid(const struct probe *probe)
{
    const struct tape *tape = probe->tape;
    const struct tape_value *body = tape_find(tape, &bodies);
    bool request = tape_has(tape, &methods) || tape_has(tape, &addresses);
    bool can_hold = body != NULL && body->type >= TAPE_STRING;
    if (!can_hold || !request || tape_has(tape, &levels))
        return 0;
    return holds_headers(tape_find(tape, &header_lists)) ? 66 : 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    struct envelope_headers *headers = ARENA_NEW(probe->arena, struct envelope_headers);
    const struct tape_value *list = tape_find(probe->tape, &header_lists);
    const struct tape_value *body = tape_find(probe->tape, &bodies);
    if (body == NULL)
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "the request has no body");
    event_tape_time(probe, &times, &envelope.event);
    /* GitHub's list of deliveries says it beside the request. */
    if (tape_find(probe->tape, &events) != NULL && list == NULL)
        envelope_add_header(probe->arena, headers, SV("X-GitHub-Event"), TAPE_PICK(events));
    if (holds_headers(list))
        envelope_add_headers(probe->arena, headers, sv_of(list->ptr, list->len));
    envelope.record = envelope_record(probe->arena, probe->record, headers);
    bool base64 = sv_eq(TAPE_PICK(encoded), SV("true"));
    return envelope_open(probe, envelope_bytes(probe->arena, body, base64), &envelope, sink,
                         result);
}

const struct decoder decoder_http_request = {
    .info = {.name = "http_request",
             .identity = "http_request",
             .title = "HTTP request as its receiver keeps it (catchers, API gateways, functions)",
             .kinds = "any, by its body",
             .identified_by = "what identifies its body",
             .reference = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
                          "http-api-develop-integrations-lambda.html",
             .signs = "headers|request.headers|request_headers|requestHeaders|multiValueHeaders|"
                      "httpHeaders|event.headers, "
                      "request.payload|request.bodyRaw|request.rawBody|request.body|"
                      "request.postData.text|request.text|request.content|bodyRaw|rawBody|"
                      "raw_body|body_raw|requestBody|request_body|request_data|body|content|"
                      "postData.text|json|data|payload|event.body",
             .highest = 66},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
