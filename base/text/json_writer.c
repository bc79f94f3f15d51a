/*
 * Writing JSON, see json.h. Used by the canonical export, the casebook's jsonb columns and the
 * renderers of cmd/; any thread.
 */
#include "base/text/json_writer.h"

#include "base/clock.h"
#include "base/text/utf8.h"

static void
add_escaped(struct strbuf *out, unsigned char c)
{
    switch (c) {
    case '"':
        strbuf_add_text(out, "\\\"");
        break;
    case '\\':
        strbuf_add_text(out, "\\\\");
        break;
    case '\n':
        strbuf_add_text(out, "\\n");
        break;
    case '\r':
        strbuf_add_text(out, "\\r");
        break;
    case '\t':
        strbuf_add_text(out, "\\t");
        break;
    default:
        strbuf_addf(out, "\\u%04x", (unsigned)c);
        break;
    }
}

void
json_put_string(struct strbuf *out, struct sv text)
{
    if (text.ptr == NULL) {
        strbuf_add_text(out, "null");
        return;
    }
    strbuf_add_char(out, '"');
    for (size_t i = 0; i < text.len;) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            add_escaped(out, c);
            i++;
            continue;
        }
        size_t length = c < 0x80 ? 1 : utf8_length(sv_slice(text, i, text.len));
        if (length == 0)
            strbuf_add_text(out, "\xef\xbf\xbd");
        else
            strbuf_add(out, text.ptr + i, length);
        i += length == 0 ? 1 : length;
    }
    strbuf_add_char(out, '"');
}

void
json_put_comma(struct strbuf *out)
{
    if (out->len > 0 && out->ptr[out->len - 1] != '{' && out->ptr[out->len - 1] != '[')
        strbuf_add_char(out, ',');
}

void
json_put_name(struct strbuf *out, const char *name)
{
    json_put_comma(out);
    json_put_string(out, sv_from(name));
    strbuf_add_char(out, ':');
}

void
json_put(struct strbuf *out, const char *name, struct sv text)
{
    json_put_name(out, name);
    json_put_string(out, text);
}

void
json_put_int(struct strbuf *out, const char *name, int64_t value)
{
    json_put_name(out, name);
    strbuf_addf(out, "%lld", (long long)value);
}

void
json_put_bool(struct strbuf *out, const char *name, bool value)
{
    json_put_name(out, name);
    strbuf_add_text(out, value ? "true" : "false");
}

void
json_put_time(struct strbuf *out, const char *name, int64_t ns)
{
    char text[TIME_TEXT];
    if (ns == TIME_NONE) {
        json_put(out, name, SV_NONE);
        return;
    }
    time_format(ns, text);
    json_put(out, name, sv_from(text));
}
