/*
 * Edges out of JSON: see edges_file.h. Each object is read by itself, so that errors can name the
 * line on which it begins; what stands around the objects is no more than a list, or an object that
 * begins with one.
 */
#include <jansson.h>
#include <string.h>

#include "app/edges_list.h"

struct reading {
    struct edges_list *list;
    struct sv text;
    size_t at, line;
};

#define AT_END (-1)

/* Steps over blanks; returns the character there, or AT_END. */
static int
next(struct reading *reading)
{
    for (; reading->at < reading->text.len; reading->at++) {
        char c = reading->text.ptr[reading->at];
        if (!sv_blank(c))
            return (unsigned char)c;
        reading->line += c == '\n';
    }
    return AT_END;
}

static struct sv
name_of(const json_t *value)
{
    return json_is_string(value) ? sv_of(json_string_value(value), json_string_length(value))
                                 : SV_NONE;
}

static int
take(struct reading *reading, const json_t *object, struct err *err)
{
    struct sv ends[2] = {SV_NONE, SV_NONE};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        enum edge_end end = edge_end_of(sv_from(key));
        if (end != EDGE_NEITHER && ends[end].ptr == NULL)
            ends[end] = name_of(value);
    }
    if (ends[EDGE_FROM].ptr == NULL || ends[EDGE_TO].ptr == NULL)
        return edges_list_fail(reading->line, "not an object with the texts \"from\" and \"to\"",
                               err);
    return edges_list_add(reading->list, reading->line,
                          arena_copy(reading->list->arena, ends[EDGE_FROM]),
                          arena_copy(reading->list->arena, ends[EDGE_TO]), err);
}

static int
take_object(struct reading *reading, struct err *err)
{
    json_error_t error;
    const char *from = reading->text.ptr + reading->at;
    json_t *object = json_loadb(from, reading->text.len - reading->at,
                                JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
    if (object == NULL)
        return edges_list_fail(reading->line + (size_t)(error.line > 0 ? error.line - 1 : 0),
                               error.text, err);
    int status = json_is_object(object)
                     ? take(reading, object, err)
                     : edges_list_fail(reading->line, "an edge is not an object", err);
    json_decref(object);
    for (size_t end = reading->at + (size_t)error.position; reading->at < end; reading->at++)
        reading->line += reading->text.ptr[reading->at] == '\n';
    return status;
}

/* {"edges": [ ... }: steps into the list that is the first member of an object. */
static bool
step_into_member(struct reading *reading)
{
    struct reading inside = *reading;
    inside.at++;
    if (next(&inside) != '"')
        return false;
    size_t end = sv_find_char(sv_slice(inside.text, inside.at + 1, inside.text.len), '"');
    if (end == SIZE_MAX)
        return false;
    inside.at += end + 2;
    if (next(&inside) != ':')
        return false;
    inside.at++;
    if (next(&inside) != '[')
        return false;
    *reading = inside;
    return true;
}

/* Up to the end of the list, or of the text where the objects stand one a line. */
static int
take_objects(struct reading *reading, bool listed, struct err *err)
{
    bool comma = false, first = true;
    for (int c; (c = next(reading)) != AT_END;) {
        if (listed && c == ']' && !comma)
            return 0;
        if (listed && c == ',' && !comma && !first) {
            comma = true;
            reading->at++;
            continue;
        }
        if (listed && !first && !comma)
            return edges_list_fail(reading->line, "no comma between two edges", err);
        if (take_object(reading, err) != 0)
            return -1;
        comma = first = false;
    }
    return listed ? edges_list_fail(reading->line, "the list does not end", err) : 0;
}

/* What stands around the objects is looked at as a whole: a file that was cut is no graph. */
static int
check_whole(struct sv text, struct err *err)
{
    json_error_t error;
    json_t *whole = json_loadb(text.ptr, text.len, 0, &error);
    if (whole == NULL)
        return edges_list_fail((size_t)(error.line > 0 ? error.line : 1), error.text, err);
    json_decref(whole);
    return 0;
}

int
edges_read_json(struct edges_list *list, struct sv text, struct err *err)
{
    struct reading reading = {.list = list, .text = text, .line = 1};
    bool listed = next(&reading) == '[' || step_into_member(&reading);
    if (listed && check_whole(text, err) != 0)
        return -1;
    reading.at += listed;
    return take_objects(&reading, listed, err);
}
