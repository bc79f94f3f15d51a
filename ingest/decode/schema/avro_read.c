/*
 * Values of Avro: see avro.h. Called by workers, each on its thread. Whatever the bytes say,
 * nothing outside of them is read, and what is written has the limits of writer.h: an array may
 * claim any number of values that take no bytes.
 */
#include <string.h>

#include "base/clock.h"
#include "base/text/json_writer.h"
#include "hindcast/decoder.h"
#include "ingest/decode/schema/avro.h"

#define DECIMAL_BYTES_MAX 16

struct reading {
    struct sv rest;
    struct json_output *out;
};

static enum schema_result read_value(struct reading *in, const struct avro_type *type);

/* Zigzag: the lowest bit is the sign. */
static bool
read_long(struct reading *in, int64_t *ret_value)
{
    uint64_t bits = 0;
    for (size_t at = 0; at < in->rest.len && at < 10; at++) {
        uint8_t byte = (uint8_t)in->rest.ptr[at];
        bits |= (uint64_t)(byte & 0x7F) << (7 * at);
        if (byte < 0x80) {
            in->rest = sv_slice(in->rest, at + 1, in->rest.len);
            *ret_value = (int64_t)(bits >> 1 ^ (~(bits & 1) + 1));
            return true;
        }
    }
    return false;
}

static bool
take(struct reading *in, size_t len, struct sv *ret_bytes)
{
    if (in->rest.len < len)
        return false;
    *ret_bytes = sv_of(in->rest.ptr, len);
    in->rest = sv_of(in->rest.ptr + len, in->rest.len - len);
    return true;
}

static bool
take_counted(struct reading *in, struct sv *ret_bytes)
{
    int64_t len;
    return read_long(in, &len) && len >= 0 && (uint64_t)len <= in->rest.len &&
           take(in, (size_t)len, ret_bytes);
}

/* Two's complement, the highest byte first, of up to 16 bytes; a larger one stays bytes. */
static void
put_decimal(struct json_output *out, struct sv bytes, int scale)
{
    char digits[48];
    size_t count = 0;
    if (bytes.len == 0 || bytes.len > DECIMAL_BYTES_MAX) {
        json_output_bytes(out, bytes);
        return;
    }
    bool negative = ((uint8_t)bytes.ptr[0] & 0x80) != 0;
    unsigned __int128 value = negative ? ~(unsigned __int128)0 : 0;
    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | (uint8_t)bytes.ptr[i];
    value = negative ? ~value + 1 : value;
    for (; value != 0; value /= 10)
        digits[count++] = (char)('0' + (int)(value % 10));
    while (count < (size_t)scale + 1 && count < sizeof(digits))
        digits[count++] = '0';
    strbuf_add_text(&out->text, negative ? "-" : "");
    while (count > 0) {
        strbuf_add_char(&out->text, digits[--count]);
        if (count == (size_t)scale && count > 0)
            strbuf_add_char(&out->text, '.');
    }
}

static void
put_date(struct json_output *out, int64_t days)
{
    char text[TIME_TEXT];
    int64_t ns = time_of_units_or_none(days, NS_PER_DAY, 0);
    if (ns == TIME_NONE) {
        json_output_int(out, days);
        return;
    }
    time_format(ns, text);
    json_put_string(&out->text, sv_of(text, 10));
}

static enum schema_result
read_bytes(struct reading *in, const struct avro_type *type)
{
    struct sv bytes;
    bool whole = type->kind == AVRO_FIXED ? take(in, type->size, &bytes) : take_counted(in, &bytes);
    if (!whole)
        return SCHEMA_DAMAGED;
    if (type->logical == AVRO_DECIMAL)
        put_decimal(in->out, bytes, type->scale);
    else if (type->kind == AVRO_STRING)
        json_put_string(&in->out->text, bytes);
    else
        json_output_bytes(in->out, bytes);
    return SCHEMA_FINE;
}

static enum schema_result
read_number(struct reading *in, const struct avro_type *type)
{
    int64_t value = 0;
    if (!read_long(in, &value))
        return SCHEMA_DAMAGED;
    if (type->logical == AVRO_DATE)
        put_date(in->out, value);
    else
        json_output_int(in->out, value);
    return SCHEMA_FINE;
}

static enum schema_result
read_real(struct reading *in, const struct avro_type *type)
{
    struct sv bytes;
    float single;
    double value;
    bool is_float = type->kind == AVRO_FLOAT;
    if (!take(in, is_float ? sizeof(single) : sizeof(value), &bytes))
        return SCHEMA_DAMAGED;
    if (is_float) {
        memcpy(&single, bytes.ptr, sizeof(single)); /* little endian, as this machine */
        value = (double)single;
    } else {
        memcpy(&value, bytes.ptr, sizeof(value));
    }
    json_output_double(in->out, value, is_float ? 6 : 15);
    return SCHEMA_FINE;
}

static enum schema_result
read_record(struct reading *in, const struct avro_type *type)
{
    enum schema_result result = SCHEMA_FINE;
    strbuf_add_char(&in->out->text, '{');
    for (size_t i = 0; i < type->count && result == SCHEMA_FINE; i++) {
        json_output_name(in->out, type->fields[i].name);
        result = read_value(in, type->fields[i].type);
    }
    strbuf_add_char(&in->out->text, '}');
    return result;
}

/* The number of values in the next block, 0 at the end; a negative one has its bytes counted too.
 */
static bool
next_block(struct reading *in, uint64_t *ret_count)
{
    int64_t count, bytes;
    if (!read_long(in, &count))
        return false;
    if (count < 0 && !read_long(in, &bytes))
        return false;
    *ret_count = count < 0 ? ~(uint64_t)count + 1 : (uint64_t)count;
    return true;
}

static enum schema_result
read_many(struct reading *in, const struct avro_type *type)
{
    bool map = type->kind == AVRO_MAP;
    enum schema_result result = SCHEMA_FINE;
    uint64_t count;
    struct sv key;
    strbuf_add_char(&in->out->text, map ? '{' : '[');
    for (;;) {
        if (!next_block(in, &count))
            return SCHEMA_DAMAGED;
        if (count == 0)
            break;
        for (uint64_t i = 0; i < count && result == SCHEMA_FINE; i++) {
            if (map && !take_counted(in, &key))
                return SCHEMA_DAMAGED;
            if (map)
                json_output_name(in->out, key);
            else
                json_put_comma(&in->out->text);
            result = read_value(in, type->inside);
        }
        if (result != SCHEMA_FINE)
            return result;
    }
    strbuf_add_char(&in->out->text, map ? '}' : ']');
    return SCHEMA_FINE;
}

static enum schema_result
read_choice(struct reading *in, const struct avro_type *type)
{
    int64_t number;
    if (!read_long(in, &number) || number < 0 || (uint64_t)number >= type->count)
        return SCHEMA_DAMAGED;
    if (type->kind == AVRO_UNION)
        return read_value(in, type->fields[number].type);
    json_put_string(&in->out->text, type->symbols[number]);
    return SCHEMA_FINE;
}

static enum schema_result
read_boolean(struct reading *in)
{
    struct sv byte;
    if (!take(in, 1, &byte) || (uint8_t)byte.ptr[0] > 1)
        return SCHEMA_DAMAGED;
    strbuf_add_text(&in->out->text, byte.ptr[0] ? "true" : "false");
    return SCHEMA_FINE;
}

static enum schema_result
read_kind(struct reading *in, const struct avro_type *type)
{
    switch (type->kind) {
    case AVRO_NULL:
        strbuf_add_text(&in->out->text, "null");
        return SCHEMA_FINE;
    case AVRO_BOOLEAN:
        return read_boolean(in);
    case AVRO_INT:
    case AVRO_LONG:
        return read_number(in, type);
    case AVRO_FLOAT:
    case AVRO_DOUBLE:
        return read_real(in, type);
    case AVRO_BYTES:
    case AVRO_STRING:
    case AVRO_FIXED:
        return read_bytes(in, type);
    case AVRO_RECORD:
        return read_record(in, type);
    case AVRO_ARRAY:
    case AVRO_MAP:
        return read_many(in, type);
    case AVRO_ENUM:
    case AVRO_UNION:
        return read_choice(in, type);
    }
    return SCHEMA_DAMAGED;
}

static enum schema_result
read_value(struct reading *in, const struct avro_type *type)
{
    if (!json_output_may(in->out))
        return SCHEMA_TOO_LARGE;
    if (++in->out->depth > JSON_DEPTH_MAX)
        return SCHEMA_TOO_DEEP;
    enum schema_result result = read_kind(in, type);
    in->out->depth--;
    return result;
}

enum schema_result
avro_read(const struct avro_type *type, struct sv bytes, struct json_output *output)
{
    struct reading in = {bytes, output};
    enum schema_result result = read_value(&in, type);
    /* Bytes that are left over were written with another schema. */
    return result == SCHEMA_FINE && in.rest.len > 0 ? SCHEMA_DAMAGED : result;
}
