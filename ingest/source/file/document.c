/*
 * JSON in files: one value a line, or values over many lines. The bytes of a record are cut
 * out as they are, never printed again: a hash of them must be the hash of what the source wrote.
 * One thread.
 */
#include <jansson.h>

#include "ingest/parse/json.h"
#include "ingest/source/file/document.h"
#include "ingest/source/file/slack.h"

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

/* The end of a value, be it valid or not: strings and depth are all that matters. */
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
                return at; /* of the array around a plain value */
            if (--depth == 0)
                return at + 1;
        } else if (c == ',' && depth == 0) {
            return at;
        }
    }
    return bytes.len;
}

/* The next element of an array that may be cut off or hold anything; false at its end. */
static bool
next_element(struct sv array, size_t *at, struct sv *ret_value)
{
    *at = skip_blanks(array, *at);
    if (*at >= array.len || array.ptr[*at] == ']')
        return false;
    size_t end = value_end(array, *at);
    if (end == *at && array.ptr[end] != ',') /* a brace that closes nothing: no list from here */
        end = array.len;
    *ret_value = sv_trim(sv_slice(array, *at, end));
    *at = skip_blanks(array, end);
    if (*at < array.len && array.ptr[*at] == ',')
        *at += 1;
    return true;
}

/* As ingest will read it: with repairs of what is not UTF-8, of half surrogates, of huge numbers,
 * of commas that nothing follows.
 */
static bool
parses_repaired(struct sv value)
{
    struct arena arena;
    enum tree_problem problem;
    arena_init(&arena, 0);
    json_t *tree = tree_parse(&arena, value, &problem);
    struct sv mended = tree == NULL ? tree_commas_mended(&arena, value) : SV_NONE;
    if (!sv_empty(mended))
        tree = tree_parse(&arena, mended, &problem);
    bool parses = tree != NULL;
    json_decref(tree);
    arena_release(&arena);
    return parses;
}

static bool
has_object(struct sv array)
{
    struct sv value;
    for (size_t at = 1; next_element(array, &at, &value);)
        if (value.len > 0 && value.ptr[0] == '{' &&
            (parse_value(value, 0) == value.len || parses_repaired(value)))
            return true;
    return false;
}

/*
 * An array may hold values that do not parse, or be cut off, as long as it holds an object that
 * does: they alone are quarantined later.
 */
bool
file_is_json_sequence(struct sv bytes)
{
    size_t at = skip_blanks(bytes, 0);
    if (at == bytes.len)
        return false;
    while (at < bytes.len) {
        size_t end = parse_value(bytes, at);
        if (end == 0 && bytes.ptr[at] != '{' && bytes.ptr[at] != '[')
            return false;
        if (end == 0) {
            end = value_end(bytes, at);
            struct sv value = sv_slice(bytes, at, end);
            if (!parses_repaired(value) && !(value.ptr[0] == '[' && has_object(value)))
                return false;
        }
        at = skip_blanks(bytes, end);
        if (at < bytes.len && bytes.ptr[at] == ',') /* hand-joined documents */
            at = skip_blanks(bytes, at + 1);
    }
    return true;
}

/* Where values are, in the order of the bytes. */
struct lines {
    const char *counted; /* up to here */
    int64_t line;        /* that this byte is in */
    const char *cut;     /* the bytes break off here; NULL: they do not */
};

static int64_t
line_of(struct lines *lines, struct sv value)
{
    while (lines->counted < value.ptr) {
        const char *end = memchr(lines->counted, '\n', (size_t)(value.ptr - lines->counted));
        lines->line += end != NULL;
        lines->counted = end == NULL ? value.ptr : end + 1;
    }
    return lines->line;
}

static int
emit_value(struct file_reading *reading, const char *name, struct lines *lines, struct sv value,
           struct err *err)
{
    struct sv channel = SV_NONE;
    if (!slack_day_file(name, &channel))
        channel = SV_NONE;
    /* Among objects a plain value is a fault and not a line of text. */
    bool plain = value.len > 0 && value.ptr[0] != '{' && value.ptr[0] != '[';
    /* The beginning of a value is not a record: whoever tries again gets the whole of it. */
    if (value.ptr + value.len == lines->cut && parse_value(value, 0) != value.len)
        return 0;
    reading->format = plain ? "json" : NULL;
    reading->line = line_of(lines, value);
    int status = value.len == 0 ? 0 : file_emit(reading, name, channel, value, err);
    reading->format = NULL;
    return status;
}

/*
 * An array that holds objects is a list of records: messages of a day, alerts of a page of an API.
 * What else is in it comes alone as well.
 */
static int
emit_array(struct file_reading *reading, const char *name, struct lines *lines, struct sv array,
           struct err *err)
{
    struct sv value;
    int status = 0;
    for (size_t at = 1; status == 0 && next_element(array, &at, &value);)
        status = emit_value(reading, name, lines, value, err);
    return status;
}

int
file_json_sequence(struct file_reading *reading, const char *name, struct sv bytes, bool cut,
                   struct err *err)
{
    size_t at = skip_blanks(bytes, 0);
    struct lines lines = {.counted = bytes.ptr, .line = 1};
    struct sv channel;
    struct file_users *guests =
        slack_day_file(name, &channel) ? slack_guests(bytes, reading->users) : NULL;
    reading->guests = guests;
    if (cut)
        lines.cut = sv_trim(bytes).ptr + sv_trim(bytes).len;
    int status = 0;
    while (status == 0 && at < bytes.len) {
        size_t end = value_end(bytes, at);
        struct sv value = sv_slice(bytes, at, end);
        if (value.ptr[0] == '[' && has_object(value))
            status = emit_array(reading, name, &lines, value, err);
        else if (!(value.ptr[0] == '[' && skip_blanks(value, 1) == value.len - 1))
            status = emit_value(reading, name, &lines, value, err);
        at = skip_blanks(bytes, end);
        if (at < bytes.len && bytes.ptr[at] == ',')
            at = skip_blanks(bytes, at + 1);
    }
    reading->guests = NULL;
    file_users_free(guests);
    return status;
}
