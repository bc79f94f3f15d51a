/*
 * Lists in one record: elements of an array, lines of JSON, alerts of a webhook. One that cannot be
 * read does not condemn the others: it is kept as a log event that says why. Where none can be
 * read the record is bad. Called by detect.c and decoders, on the worker's thread.
 */
#include "ingest/decode/core/decoder_internal.h"

/* What the record may hold is used up: no element is to blame. */
static bool
is_full(const struct event_sink *sink)
{
    return sink->max != 0 && sink->count >= sink->max;
}

int
element_refused(struct element_list *list, const struct probe *probe, struct sv text,
                struct event_sink *sink, struct decode_result *result)
{
    if (is_full(sink))
        return decode_full(result);
    if (list->refused++ == 0)
        list->first = *result;
    sink->count = list->sink_from;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    const struct text_pair why[] = {{SV("not_read"), sv_from(quarantine_word(result->reason))},
                                    {SV("why"), result->detail}};
    event->kind = EVENT_LOG;
    event->format = SV("json");
    event->body = text;
    event->attributes = text_json_object(probe->arena, why, sizeof(why) / sizeof(why[0]));
    *result = (struct decode_result){.status = DECODE_OK, .format = result->format};
    return 0;
}

int
element_list_end(const struct element_list *list, struct decode_result *result)
{
    if (list->refused == 0 || list->read > 0)
        return 0;
    *result = list->first;
    return -1;
}

int
element_decode(struct element_list *list, const struct probe *probe, struct sv text,
               struct event_sink *sink, struct decode_result *result)
{
    list->sink_from = sink->count;
    if (decode_json(probe, text, sink, result) != 0)
        return element_refused(list, probe, text, sink, result);
    list->read++;
    return 0;
}

/* The end of the element at the start: strings and depth are all that matters. */
static size_t
element_length(struct sv text)
{
    int depth = 0;
    bool quoted = false;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c == '"')
            quoted = !quoted;
        else if (quoted)
            at += c == '\\';
        else if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']' || c == ',') && depth == 0)
            return at;
        else if (c == '}' || c == ']')
            depth--;
    }
    return text.len;
}

int
decode_deep_array(const struct probe *outer, struct sv text, struct event_sink *sink,
                  struct decode_result *result)
{
    struct probe probe = *outer;
    struct element_list list = {0};
    struct sv rest = sv_trim(sv_slice(text, 1, text.len));
    probe.depth++;
    while (!sv_empty(rest) && rest.ptr[0] != ']') {
        size_t length = element_length(rest);
        if (length == 0 && rest.ptr[0] != ',') /* a brace that closes nothing: no list from here */
            length = rest.len;
        probe.element++;
        if (element_decode(&list, &probe, sv_trim(sv_slice(rest, 0, length)), sink, result) != 0)
            return -1;
        rest = sv_slice(rest, length, rest.len);
        if (!sv_empty(rest) && rest.ptr[0] == ',')
            rest = sv_slice(rest, 1, rest.len);
        rest = sv_trim(rest);
    }
    return element_list_end(&list, result);
}
