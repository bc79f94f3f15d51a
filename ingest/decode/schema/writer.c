/*
 * Writing JSON: see writer.h. Called by the readers of Avro and Protocol Buffers.
 */
#include "ingest/decode/schema/writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text/json_writer.h"
#include "base/text/utf8.h"
#include "hindcast/decoder.h"

void
json_output_init(struct json_output *output)
{
    *output = (struct json_output){.depth = 0};
    strbuf_init(&output->text, RECORD_BYTES_MAX);
}

void
json_output_release(struct json_output *output)
{
    strbuf_release(&output->text);
}

bool
json_output_may(struct json_output *output)
{
    return output->values++ < JSON_OUTPUT_VALUES_MAX && !output->text.overflow;
}

void
json_output_name(struct json_output *output, struct sv name)
{
    json_put_comma(&output->text);
    json_put_string(&output->text, name);
    strbuf_add_char(&output->text, ':');
}

void
json_output_int(struct json_output *output, int64_t value)
{
    strbuf_addf(&output->text, "%lld", (long long)value);
}

void
json_output_unsigned(struct json_output *output, uint64_t value)
{
    strbuf_addf(&output->text, "%llu", (unsigned long long)value);
}

void
json_output_double(struct json_output *output, double value, int digits)
{
    char text[40];
    if (!isfinite(value)) {
        json_put_string(&output->text, isnan(value) ? SV("NaN")
                                       : value > 0  ? SV("+Inf")
                                                    : SV("-Inf"));
        return;
    }
    for (int more = digits; more <= 17; more++) {
        snprintf(text, sizeof(text), "%.*g", more, value);
        bool same = digits < 10 ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value;
        if (same)
            break;
    }
    strbuf_add_text(&output->text, text);
}

static void
put_base64(struct strbuf *out, struct sv bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    strbuf_add_char(out, '"');
    for (size_t i = 0; i < bytes.len; i += 3) {
        unsigned bits = 0;
        size_t here = bytes.len - i < 3 ? bytes.len - i : 3;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < here ? (uint8_t)bytes.ptr[i + k] : 0U);
        for (size_t k = 0; k < 4; k++)
            strbuf_add_char(out, k <= here ? digits[bits >> (18 - 6 * k) & 63] : '=');
    }
    strbuf_add_char(out, '"');
}

void
json_output_bytes(struct json_output *output, struct sv bytes)
{
    if (utf8_storable(bytes))
        json_put_string(&output->text, bytes.ptr == NULL ? SV("") : bytes);
    else
        put_base64(&output->text, bytes);
}
