/*
 * Writing JSON: see json_writer.h. Used by the canonical export, the casebook's jsonb columns and
 * the renderers of cmd/; any thread.
 */
#include "base/text/json_writer.h"

#include <assert.h>

#include "base/clock.h"
#include "base/text/escape.h"

void
json_put_string(struct strbuf *out, struct sv text)
{
    if (text.ptr == NULL) {
        strbuf_add_text(out, "null");
        return;
    }
    strbuf_add_char(out, '"');
    escape_json(out, text);
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
    /* A name is within an object: not at the start, and not right after the bracket of a list. */
    assert(out->overflow || (out->len > 0 && out->ptr[out->len - 1] != '['));
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

void
json_put_list(struct strbuf *out, const char *name, const struct sv *texts, size_t count)
{
    json_put_name(out, name);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        json_put_string(out, texts[i]);
    }
    strbuf_add_char(out, ']');
}
