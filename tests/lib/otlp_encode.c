/*
 * An encoder of OpenTelemetry's messages: see otlp_encode.h.
 */
#include "tests/lib/otlp_encode.h"

#include <stdlib.h>
#include <string.h>

enum type {
    STRING,
    HEX,
    BASE64,
    VARINT,
    BOOL,
    FIXED64,
    DOUBLE,
    ENUM,
    MESSAGE,
};

struct member {
    const char *key;
    uint32_t number;
    enum type type;
    const struct member *members; /* of a message */
    const char *names[6];         /* of an enum, from 0 on */
};

static const struct member any_value[];

static const struct member key_value[] = {
    {"key", 1, STRING, NULL, {0}}, {"value", 2, MESSAGE, any_value, {0}}, {NULL, 0, 0, NULL, {0}}};
static const struct member array_value[] = {{"values", 1, MESSAGE, any_value, {0}},
                                            {NULL, 0, 0, NULL, {0}}};
static const struct member map_value[] = {{"values", 1, MESSAGE, key_value, {0}},
                                          {NULL, 0, 0, NULL, {0}}};
static const struct member any_value[] = {
    {"stringValue", 1, STRING, NULL, {0}},        {"boolValue", 2, BOOL, NULL, {0}},
    {"intValue", 3, VARINT, NULL, {0}},           {"doubleValue", 4, DOUBLE, NULL, {0}},
    {"arrayValue", 5, MESSAGE, array_value, {0}}, {"kvlistValue", 6, MESSAGE, map_value, {0}},
    {"bytesValue", 7, BASE64, NULL, {0}},         {NULL, 0, 0, NULL, {0}},
};
static const struct member resource[] = {{"attributes", 1, MESSAGE, key_value, {0}},
                                         {NULL, 0, 0, NULL, {0}}};
static const struct member scope[] = {{"name", 1, STRING, NULL, {0}},
                                      {"version", 2, STRING, NULL, {0}},
                                      {"attributes", 3, MESSAGE, key_value, {0}},
                                      {NULL, 0, 0, NULL, {0}}};

static const struct member log_record[] = {
    {"timeUnixNano", 1, FIXED64, NULL, {0}},
    {"observedTimeUnixNano", 11, FIXED64, NULL, {0}},
    {"severityNumber", 2, VARINT, NULL, {0}},
    {"severityText", 3, STRING, NULL, {0}},
    {"body", 5, MESSAGE, any_value, {0}},
    {"attributes", 6, MESSAGE, key_value, {0}},
    {"droppedAttributesCount", 7, VARINT, NULL, {0}},
    {"traceId", 9, HEX, NULL, {0}},
    {"spanId", 10, HEX, NULL, {0}},
    {"eventName", 12, STRING, NULL, {0}},
    {NULL, 0, 0, NULL, {0}},
};
static const struct member scope_logs[] = {{"scope", 1, MESSAGE, scope, {0}},
                                           {"logRecords", 2, MESSAGE, log_record, {0}},
                                           {NULL, 0, 0, NULL, {0}}};
static const struct member resource_logs[] = {{"resource", 1, MESSAGE, resource, {0}},
                                              {"scopeLogs", 2, MESSAGE, scope_logs, {0}},
                                              {NULL, 0, 0, NULL, {0}}};

static const struct member moment[] = {{"timeUnixNano", 1, FIXED64, NULL, {0}},
                                       {"name", 2, STRING, NULL, {0}},
                                       {"attributes", 3, MESSAGE, key_value, {0}},
                                       {NULL, 0, 0, NULL, {0}}};
static const struct member status[] = {
    {"message", 2, STRING, NULL, {0}},
    {"code", 3, ENUM, NULL, {"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"}},
    {NULL, 0, 0, NULL, {0}}};
static const struct member span[] = {
    {"traceId", 1, HEX, NULL, {0}},
    {"spanId", 2, HEX, NULL, {0}},
    {"parentSpanId", 4, HEX, NULL, {0}},
    {"name", 5, STRING, NULL, {0}},
    {"kind",
     6,
     ENUM,
     NULL,
     {"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT",
      "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"}},
    {"startTimeUnixNano", 7, FIXED64, NULL, {0}},
    {"endTimeUnixNano", 8, FIXED64, NULL, {0}},
    {"attributes", 9, MESSAGE, key_value, {0}},
    {"events", 11, MESSAGE, moment, {0}},
    {"status", 15, MESSAGE, status, {0}},
    {NULL, 0, 0, NULL, {0}},
};
static const struct member scope_spans[] = {
    {"scope", 1, MESSAGE, scope, {0}}, {"spans", 2, MESSAGE, span, {0}}, {NULL, 0, 0, NULL, {0}}};
static const struct member resource_spans[] = {{"resource", 1, MESSAGE, resource, {0}},
                                               {"scopeSpans", 2, MESSAGE, scope_spans, {0}},
                                               {NULL, 0, 0, NULL, {0}}};

static const struct member number_point[] = {
    {"startTimeUnixNano", 2, FIXED64, NULL, {0}}, {"timeUnixNano", 3, FIXED64, NULL, {0}},
    {"asDouble", 4, DOUBLE, NULL, {0}},           {"asInt", 6, FIXED64, NULL, {0}},
    {"attributes", 7, MESSAGE, key_value, {0}},   {NULL, 0, 0, NULL, {0}}};
static const struct member histogram_point[] = {{"startTimeUnixNano", 2, FIXED64, NULL, {0}},
                                                {"timeUnixNano", 3, FIXED64, NULL, {0}},
                                                {"count", 4, FIXED64, NULL, {0}},
                                                {"sum", 5, DOUBLE, NULL, {0}},
                                                {"attributes", 9, MESSAGE, key_value, {0}},
                                                {"min", 11, DOUBLE, NULL, {0}},
                                                {"max", 12, DOUBLE, NULL, {0}},
                                                {NULL, 0, 0, NULL, {0}}};
static const struct member exponential_point[] = {{"attributes", 1, MESSAGE, key_value, {0}},
                                                  {"startTimeUnixNano", 2, FIXED64, NULL, {0}},
                                                  {"timeUnixNano", 3, FIXED64, NULL, {0}},
                                                  {"count", 4, FIXED64, NULL, {0}},
                                                  {"sum", 5, DOUBLE, NULL, {0}},
                                                  {"zeroCount", 7, FIXED64, NULL, {0}},
                                                  {"min", 12, DOUBLE, NULL, {0}},
                                                  {"max", 13, DOUBLE, NULL, {0}},
                                                  {NULL, 0, 0, NULL, {0}}};
static const struct member summary_point[] = {{"startTimeUnixNano", 2, FIXED64, NULL, {0}},
                                              {"timeUnixNano", 3, FIXED64, NULL, {0}},
                                              {"count", 4, FIXED64, NULL, {0}},
                                              {"sum", 5, DOUBLE, NULL, {0}},
                                              {"attributes", 7, MESSAGE, key_value, {0}},
                                              {NULL, 0, 0, NULL, {0}}};
static const struct member number_data[] = {{"dataPoints", 1, MESSAGE, number_point, {0}},
                                            {"aggregationTemporality", 2, VARINT, NULL, {0}},
                                            {"isMonotonic", 3, BOOL, NULL, {0}},
                                            {NULL, 0, 0, NULL, {0}}};
static const struct member histogram_data[] = {{"dataPoints", 1, MESSAGE, histogram_point, {0}},
                                               {"aggregationTemporality", 2, VARINT, NULL, {0}},
                                               {NULL, 0, 0, NULL, {0}}};
static const struct member exponential_data[] = {{"dataPoints", 1, MESSAGE, exponential_point, {0}},
                                                 {NULL, 0, 0, NULL, {0}}};
static const struct member summary_data[] = {{"dataPoints", 1, MESSAGE, summary_point, {0}},
                                             {NULL, 0, 0, NULL, {0}}};
static const struct member metric[] = {
    {"name", 1, STRING, NULL, {0}},
    {"description", 2, STRING, NULL, {0}},
    {"unit", 3, STRING, NULL, {0}},
    {"gauge", 5, MESSAGE, number_data, {0}},
    {"sum", 7, MESSAGE, number_data, {0}},
    {"histogram", 9, MESSAGE, histogram_data, {0}},
    {"exponentialHistogram", 10, MESSAGE, exponential_data, {0}},
    {"summary", 11, MESSAGE, summary_data, {0}},
    {NULL, 0, 0, NULL, {0}},
};
static const struct member scope_metrics[] = {{"scope", 1, MESSAGE, scope, {0}},
                                              {"metrics", 2, MESSAGE, metric, {0}},
                                              {NULL, 0, 0, NULL, {0}}};
static const struct member resource_metrics[] = {{"resource", 1, MESSAGE, resource, {0}},
                                                 {"scopeMetrics", 2, MESSAGE, scope_metrics, {0}},
                                                 {NULL, 0, 0, NULL, {0}}};

static const struct member whole[] = {{"resourceLogs", 1, MESSAGE, resource_logs, {0}},
                                      {"resourceSpans", 1, MESSAGE, resource_spans, {0}},
                                      {"resourceMetrics", 1, MESSAGE, resource_metrics, {0}},
                                      {NULL, 0, 0, NULL, {0}}};

static void
put_varint(struct strbuf *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        strbuf_add_char(out, (char)(value | 0x80));
    strbuf_add_char(out, (char)value);
}

static void
put_fixed64(struct strbuf *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        strbuf_add_char(out, (char)(value >> (8 * i)));
}

static void
put_bytes(struct strbuf *out, const char *bytes, size_t len)
{
    put_varint(out, len);
    strbuf_add(out, bytes, len);
}

static int
digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    return (int)(strchr(digits, c | 0x20) - digits);
}

static void
put_hex(struct strbuf *out, const char *text)
{
    char bytes[64];
    size_t len = strlen(text) / 2;
    for (size_t i = 0; i < len && i < sizeof(bytes); i++)
        bytes[i] = (char)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    put_bytes(out, bytes, len);
}

static size_t
from_base64(const char *text, char *ret_bytes)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    size_t kept = 0, len = 0;
    for (; *text != '\0' && *text != '='; text++) {
        bits = bits << 6 | (uint32_t)(strchr(signs, *text) - signs);
        kept += 6;
        if (kept >= 8) {
            kept -= 8;
            ret_bytes[len++] = (char)(bits >> kept);
        }
    }
    return len;
}

static int64_t
integer_of(const json_t *value)
{
    return json_is_string(value) ? (int64_t)strtoll(json_string_value(value), NULL, 10)
                                 : (int64_t)json_integer_value(value);
}

static uint64_t
enum_of(const struct member *member, const json_t *value)
{
    for (uint64_t i = 0; json_is_string(value) && i < 6 && member->names[i] != NULL; i++)
        if (strcmp(member->names[i], json_string_value(value)) == 0)
            return i;
    return (uint64_t)integer_of(value);
}

static double
double_of(const json_t *value)
{
    return json_is_string(value) ? strtod(json_string_value(value), NULL)
                                 : json_number_value(value);
}

static void put_message(struct strbuf *out, const struct member *members, const json_t *object);

/* "SEVERITY_NUMBER_INFO2" of the fixtures. */
static uint64_t
varint_of(const json_t *value)
{
    static const char *const levels[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    const char *text = json_string_value(value);
    for (uint64_t i = 0; text != NULL && i < 6; i++) {
        const char *at = strncmp(text, "SEVERITY_NUMBER_", 16) == 0 ? text + 16 : "";
        if (strncmp(at, levels[i], strlen(levels[i])) == 0) {
            char last = at[strlen(levels[i])];
            return 1 + 4 * i + (last == '\0' ? 0 : (uint64_t)(last - '1'));
        }
    }
    return (uint64_t)integer_of(value);
}

static void
put_one(struct strbuf *out, const struct member *member, const json_t *value)
{
    static const uint32_t types[] = {
        [STRING] = 2,  [HEX] = 2,    [BASE64] = 2, [VARINT] = 0, [BOOL] = 0,
        [FIXED64] = 1, [DOUBLE] = 1, [ENUM] = 0,   [MESSAGE] = 2};
    double real = double_of(value);
    uint64_t bits;
    char bytes[1024];
    memcpy(&bits, &real, sizeof(bits));
    put_varint(out, (uint64_t)member->number << 3 | types[member->type]);
    switch (member->type) {
    case STRING:
        put_bytes(out, json_string_value(value), json_string_length(value));
        break;
    case HEX:
        if (json_string_length(value) % 16 == 0)
            put_hex(out, json_string_value(value));
        else
            put_bytes(out, bytes, from_base64(json_string_value(value), bytes));
        break;
    case BASE64:
        put_bytes(out, bytes, from_base64(json_string_value(value), bytes));
        break;
    case VARINT:
        put_varint(out, varint_of(value));
        break;
    case ENUM:
        put_varint(out, enum_of(member, value));
        break;
    case BOOL:
        put_varint(out, json_is_true(value));
        break;
    case FIXED64:
        put_fixed64(out, (uint64_t)integer_of(value));
        break;
    case DOUBLE:
        put_fixed64(out, bits);
        break;
    case MESSAGE:
        put_message(out, member->members, value);
        break;
    }
}

static void
put_members(struct strbuf *out, const struct member *members, const json_t *object)
{
    for (const struct member *member = members; member->key != NULL; member++) {
        const json_t *value = json_object_get(object, member->key), *element;
        size_t i;
        if (json_is_array(value)) {
            json_array_foreach(value, i, element) put_one(out, member, element);
        } else if (value != NULL) {
            put_one(out, member, value);
        }
    }
}

static void
put_message(struct strbuf *out, const struct member *members, const json_t *object)
{
    struct strbuf inside;
    strbuf_init(&inside, 0);
    put_members(&inside, members, object);
    put_bytes(out, inside.ptr == NULL ? "" : inside.ptr, inside.len);
    strbuf_release(&inside);
}

void
otlp_encode(const json_t *export, struct strbuf *out)
{
    put_members(out, whole, export);
}
