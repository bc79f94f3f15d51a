/*
 * HTTP requests as they go over the wire ("POST /hook HTTP/1.1", headers, a blank line, the body),
 * and forms whose field `payload` holds JSON, as GitHub and Slack send them. Text that was dumped,
 * so lines may end with LF alone.
 */
#include "ingest/decode/envelope/envelope.h"

static bool
is_method(struct sv word)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "GET", "DELETE"};
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (sv_eq(word, sv_from(methods[i])))
            return true;
    return false;
}

static struct sv
next_line(struct sv *rest)
{
    struct sv line = SV_NONE;
    if (!sv_split(rest, '\n', &line))
        return SV_NONE;
    if (!sv_empty(line) && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static int
bid_request(const struct probe *probe)
{
    struct sv rest = probe->body, line = next_line(&rest), method, path;
    if (!sv_split(&line, ' ', &method) || !sv_split(&line, ' ', &path))
        return 0;
    bool version = sv_starts(line, SV("HTTP/1.")) || sv_starts(line, SV("HTTP/2"));
    return is_method(method) && !sv_empty(path) && version && rest.ptr != NULL ? 96 : 0;
}

static int
decode_request(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    struct envelope_headers *headers = ARENA_NEW(probe->arena, struct envelope_headers);
    struct sv rest = probe->body;
    (void)next_line(&rest);
    for (struct sv line; !sv_empty(line = next_line(&rest));) {
        struct sv name;
        if (sv_split(&line, ':', &name) && line.ptr != NULL)
            envelope_add_header(probe->arena, headers, sv_trim(name), sv_trim(line));
    }
    envelope.record = envelope_record(probe->arena, probe->record, headers);
    return envelope_open(probe, rest, &envelope, sink, result);
}

/* ---- forms ---- */

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct sv
form_text(struct arena *arena, struct sv text)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = text.ptr[i] == '%' && i + 2 < text.len ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high < 0 ? -1 : hex_digit(text.ptr[i + 2]);
        bytes[len++] = low >= 0 ? (char)(high * 16 + low) : text.ptr[i] == '+' ? ' ' : text.ptr[i];
        i += low >= 0 ? 2 : 0;
    }
    return sv_of(bytes, len);
}

/* The field's text; SV_NONE where the form has none. */
static struct sv
payload_of(struct sv form)
{
    struct sv rest = form, pair, name;
    while (sv_split(&rest, '&', &pair))
        if (sv_split(&pair, '=', &name) && sv_eq(name, SV("payload")))
            return pair;
    return SV_NONE;
}

static int
bid_form(const struct probe *probe)
{
    struct sv payload = payload_of(probe->body);
    bool json = sv_starts_nocase(payload, SV("%7b")) || sv_starts_nocase(payload, SV("%5b")) ||
                sv_starts(payload, SV("{"));
    return json && sv_find_char(probe->body, '\n') == SIZE_MAX ? 97 : 0;
}

static int
decode_form(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct envelope envelope = {.event = {.event_time_ns = TIME_NONE}};
    struct sv payload = payload_of(probe->body);
    if (sv_empty(payload))
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "the form has no payload");
    return envelope_open(probe, form_text(probe->arena, payload), &envelope, sink, result);
}

const struct decoder decoder_http_dump = {
    .info = {.name = "http_dump",
             .identity = "http_dump",
             .title = "HTTP request as it goes over the wire",
             .kinds = "any, by its body",
             .identified_by = "what identifies its body",
             .reference = "https://www.rfc-editor.org/rfc/rfc9112",
             .first = "DGP",
             .highest = 96},
    .reads = READS_TEXT,
    .envelope = true,
    .bid = bid_request,
    .decode = decode_request,
};

const struct decoder decoder_http_form = {
    .info = {.name = "http_form",
             .identity = "http_form",
             .title = "HTTP form whose payload is JSON",
             .kinds = "any, by its payload",
             .identified_by = "what identifies its payload",
             .reference = "https://url.spec.whatwg.org/#application/x-www-form-urlencoded",
             .first = "a-z",
             .highest = 97},
    .reads = READS_TEXT,
    .envelope = true,
    .bid = bid_form,
    .decode = decode_form,
};
