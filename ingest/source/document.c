/*
 * JSON in files: is it one value a line, or values over many lines? The bytes of a record are cut
 * out as they are, never printed again: a hash of them must be the hash of what the source wrote.
 * One thread.
 */
#include <jansson.h>

#include "ingest/source/file_private.h"

#define LOAD_FLAGS (JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK)

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t
skip_blanks(struct sv bytes, size_t at)
{
    while (at < bytes.len && is_blank(bytes.ptr[at]))
        at++;
    return at;
}

/* The end of the object or array at `at`, 0 when it does not parse. */
static size_t
parse_value(struct sv bytes, size_t at)
{
    if (bytes.ptr[at] != '{' && bytes.ptr[at] != '[')
        return 0;
    json_error_t error;
    json_t *value = json_loadb(bytes.ptr + at, bytes.len - at, LOAD_FLAGS, &error);
    if (value == NULL)
        return 0;
    json_decref(value);
    return at + (size_t)error.position;
}

bool
file_is_json_line(struct sv line, bool *ret_array)
{
    line = sv_trim(line);
    if (line.len == 0 || parse_value(line, 0) != line.len)
        return false;
    *ret_array = line.ptr[0] == '[';
    return true;
}

bool
file_is_json_sequence(struct sv bytes)
{
    size_t at = skip_blanks(bytes, 0), count = 0;
    for (; at < bytes.len; count++) {
        at = parse_value(bytes, at);
        if (at == 0)
            return false;
        at = skip_blanks(bytes, at);
        if (at < bytes.len && bytes.ptr[at] == ',')     /* hand-joined documents */
            at = skip_blanks(bytes, at + 1);
    }
    return count > 0;
}

/* The end of a value in JSON that is known to be valid: strings and depth are all that matters. */
static size_t
value_end(struct sv bytes, size_t at)
{
    int depth = 0;
    bool quoted = false;
    for (; at < bytes.len; at++) {
        char c = bytes.ptr[at];
        if (quoted) {
            if (c == '\\')
                at++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return at;         /* of the array around a plain value */
            if (--depth == 0)
                return at + 1;
        } else if (c == ',' && depth == 0) {
            return at;
        }
    }
    return at;
}

static bool
all_objects(struct sv array)
{
    size_t at = skip_blanks(array, 1), count = 0;
    while (at < array.len && array.ptr[at] != ']') {
        if (array.ptr[at] != '{')
            return false;
        at = skip_blanks(array, value_end(array, at));
        count++;
        if (at < array.len && array.ptr[at] == ',')
            at = skip_blanks(array, at + 1);
    }
    return count > 0;
}

static int
emit_value(struct file_reading *reading, const char *name, struct sv value, struct err *err)
{
    struct sv channel = SV_NONE;
    if (!slack_day_file(name, &channel))
        channel = SV_NONE;
    return file_emit(reading, name, channel, value, err);
}

/* An array of objects is a list of records: messages of a day, alerts of a page of an API. */
static int
emit_array(struct file_reading *reading, const char *name, struct sv array, struct err *err)
{
    size_t at = skip_blanks(array, 1);
    int status = 0;
    while (status == 0 && at < array.len && array.ptr[at] != ']') {
        size_t end = value_end(array, at);
        status = emit_value(reading, name, sv_slice(array, at, end), err);
        at = skip_blanks(array, end);
        if (at < array.len && array.ptr[at] == ',')
            at = skip_blanks(array, at + 1);
    }
    return status;
}

int
file_json_sequence(struct file_reading *reading, const char *name, struct sv bytes, struct err *err)
{
    size_t at = skip_blanks(bytes, 0);
    int status = 0;
    while (status == 0 && at < bytes.len) {
        size_t end = value_end(bytes, at);
        struct sv value = sv_slice(bytes, at, end);
        if (value.ptr[0] == '[' && all_objects(value))
            status = emit_array(reading, name, value, err);
        else if (!(value.ptr[0] == '[' && skip_blanks(value, 1) == value.len - 1))
            status = emit_value(reading, name, value, err);
        at = skip_blanks(bytes, end);
        if (at < bytes.len && bytes.ptr[at] == ',')
            at = skip_blanks(bytes, at + 1);
    }
    return status;
}
