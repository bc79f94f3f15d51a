/*
 * Lists of records in one record: see lists.h. Called by detect.c on the worker's thread, and calls
 * it for each element.
 */
#include "ingest/decode/core/lists.h"

#include <assert.h>

#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/elements.h"
#include "ingest/decode/core/sink.h"

static int
element_decode(struct element_list *list, const struct probe *probe, struct sv text,
               struct event_sink *sink, struct decode_result *result)
{
    list->sink_from = sink->count;
    if (decode_json(probe, text, sink, result) != 0)
        return element_refused(list, probe, text, sink, result);
    list->read++;
    return 0;
}

int
decode_array(const struct probe *outer, const struct tape *tape, struct event_sink *sink,
             struct decode_result *result)
{
    struct probe probe = *outer;
    struct element_list list = {0};
    struct list_reader reader = {0};
    assert(tape->type == TAPE_ARRAY);
    probe.list = &reader;
    for (size_t i = 0; i < tape->count; i++) {
        const struct tape_member *one = &tape->members[i];
        struct sv text = sv_of(one->from, (size_t)(one->to - one->from));
        probe.element = i + 1;
        if (element_decode(&list, &probe, text, sink, result) != 0)
            return -1;
    }
    return element_list_end(&list, result);
}

/* The next line that is not blank; false at the end. */
static bool
next_line(struct sv *rest, struct sv *ret_line)
{
    while (sv_split(rest, '\n', ret_line)) {
        *ret_line = sv_trim(*ret_line);
        if (!sv_empty(*ret_line))
            return true;
    }
    return false;
}

/*
 * The end of the element at the start: strings and depth are all that matters. `alone`: where its
 * last bracket is closed, whatever follows.
 */
static size_t
element_length(struct sv text, bool alone)
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
        else if ((c == '}' || c == ']') && --depth == 0 && alone)
            return at + 1;
    }
    return text.len;
}

/* Without the blanks and commas before it. */
static struct sv
next_value(struct sv rest)
{
    while (!sv_empty(rest) && (sv_blank(rest.ptr[0]) || rest.ptr[0] == ','))
        rest = sv_slice(rest, 1, rest.len);
    return rest;
}

static bool
is_whole(const struct probe *probe, struct sv text)
{
    struct tape tape;
    return tape_scan(probe->arena, text, &tape) == TREE_FINE;
}

bool
are_json_lines(const struct probe *probe)
{
    struct sv rest = probe->body, line;
    if (sv_find_char(rest, '\n') == SIZE_MAX || !next_line(&rest, &line) || line.ptr[0] != '{' ||
        !is_whole(probe, line))
        return false;
    rest = sv_trim(rest);
    /* What follows is a value over many lines. */
    size_t length = element_length(rest, true);
    bool value = !sv_empty(rest) && rest.ptr[0] == '{' && sv_find_char(rest, '\n') < length;
    return !(value && is_whole(probe, sv_slice(rest, 0, length)));
}

int
decode_json_lines(const struct probe *outer, struct event_sink *sink, struct decode_result *result)
{
    struct probe probe = *outer;
    struct sv rest = probe.body, line;
    struct element_list list = {0};
    probe.depth = outer->depth + 1;
    while (next_line(&rest, &line)) {
        probe.element++;
        if (element_decode(&list, &probe, line, sink, result) != 0)
            return -1;
    }
    return element_list_end(&list, result);
}

bool
are_json_values(const struct probe *probe)
{
    size_t first = element_length(probe->body, true);
    struct sv rest = next_value(sv_slice(probe->body, first, probe->body.len));
    return probe->body.ptr[0] == '{' && !sv_empty(rest) && rest.ptr[0] == '{' &&
           is_whole(probe, sv_slice(probe->body, 0, first));
}

int
decode_json_values(const struct probe *outer, struct event_sink *sink, struct decode_result *result)
{
    struct probe probe = *outer;
    struct element_list list = {0};
    probe.depth = outer->depth + 1;
    for (struct sv rest = next_value(probe.body); !sv_empty(rest);) {
        size_t length = element_length(rest, true);
        probe.element++;
        if (element_decode(&list, &probe, sv_slice(rest, 0, length == 0 ? rest.len : length), sink,
                           result) != 0)
            return -1;
        rest = length == 0 ? SV_NONE : next_value(sv_slice(rest, length, rest.len));
    }
    return element_list_end(&list, result);
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
        size_t length = element_length(rest, false);
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
