/*
 * Text helpers: see text.h. Pure functions, called by decoders.
 */
#include "ingest/parse/text.h"

#include "base/text/utf8.h"
#include "ingest/parse/line_times.h"
#include "ingest/parse/severity.h"

#define ESCAPE '\x1e'

/* U+001F as U+001E 's', U+001E as U+001E 'e'. */
static size_t
put_part(char *at, struct sv part)
{
    size_t len = 0;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        bool separator = c == IDENTITY_SEPARATOR[0];
        at[len++] = separator ? ESCAPE : c;
        if (separator || c == ESCAPE)
            at[len++] = separator ? 's' : 'e';
    }
    return len;
}

struct sv
text_identity(struct arena *arena, const struct sv *parts, size_t count)
{
    size_t size = 1, len = 0;
    while (count > 0 && sv_empty(parts[count - 1]))
        count--;
    if (count == 0 || sv_empty(parts[0]))
        return SV_NONE;
    for (size_t i = 0; i < count; i++)
        size += 2 * parts[i].len + 1;
    char *joined = arena_alloc(arena, size);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            joined[len++] = IDENTITY_SEPARATOR[0];
        len += put_part(joined + len, parts[i]);
    }
    return sv_of(joined, len);
}

struct sv
text_without_port(struct sv host)
{
    size_t colon = sv_find_char(host, ':');
    if (colon == SIZE_MAX || colon == 0)
        return host;
    for (size_t i = colon + 1; i < host.len; i++)
        if (host.ptr[i] < '0' || host.ptr[i] > '9')
            return host;
    return sv_slice(host, 0, colon);
}

struct sv
text_first_line(struct sv text)
{
    text = sv_trim(text);
    size_t end = sv_find_char(text, '\n');
    return end == SIZE_MAX ? text : sv_trim(sv_slice(text, 0, end));
}

struct sv
text_without_ansi(struct arena *arena, struct sv text)
{
    if (sv_find_char(text, '\x1b') == SIZE_MAX)
        return text;
    char *copy = arena_alloc(arena, text.len + 1);
    size_t out = 0;
    for (size_t at = 0; at < text.len; at++) {
        if (text.ptr[at] == '\x1b' && at + 1 < text.len && text.ptr[at + 1] == '[') {
            at += 2;
            while (at < text.len && (text.ptr[at] < '@' || text.ptr[at] > '~'))
                at++;
            continue;
        }
        copy[out++] = text.ptr[at];
    }
    return sv_of(copy, out);
}

bool
text_readable(struct sv text)
{
    size_t control = 0, invalid = 0;
    size_t look = text.len < 4096 ? text.len : 4096;
    for (size_t at = 0; at < look;) {
        unsigned char c = (unsigned char)text.ptr[at];
        if (c >= 0x20 && c < 0x80) { /* nearly all */
            at++;
            continue;
        }
        if (c < 0x20 && !(c >= 9 && c <= 13) && c != 0x1b)
            control++;
        size_t length = utf8_length(sv_of(text.ptr + at, text.len - at));
        invalid += length == 0;
        at += length == 0 ? 1 : length;
    }
    return look > 0 && control * 5 <= look && invalid * 3 <= look;
}

static bool
letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
level_char(char c)
{
    return c == ' ' || c == '[' || c == ']' || c == ':' || c == '|' || c == '\t' || c == '-' ||
           c == '(' || c == ')' || c == '<' || c == '>' || c == '.' || c == '"' || c == '=';
}

/* A level's word among the first words of the line: upper case, or in brackets, or before a colon.
 */
static void
find_level(struct sv line, struct text_head *head)
{
    size_t at = 0, look = line.len < 80 ? line.len : 80;
    for (int word = 0; word < 8 && at < look; word++) {
        while (at < look && level_char(line.ptr[at]))
            at++;
        size_t from = at;
        while (at < line.len && letter(line.ptr[at]))
            at++;
        struct sv found = sv_slice(line, from, at);
        bool ends = at >= line.len || level_char(line.ptr[at]);
        bool marked = from > 0 && (line.ptr[from - 1] == '[' || line.ptr[from - 1] == '.');
        marked = marked || (at < line.len && (line.ptr[at] == ':' || line.ptr[at] == ']'));
        bool upper = found.len > 0 && found.ptr[0] >= 'A' && found.ptr[0] <= 'Z' &&
                     found.ptr[found.len - 1] >= 'A' && found.ptr[found.len - 1] <= 'Z';
        if (found.len >= 3 && ends && (marked || upper) && severity_word(found) != 0) {
            head->severity = severity_word(found);
            head->severity_word = found;
            while (at < line.len && strchr("]:- |\t)>", line.ptr[at]) != NULL)
                at++;
            head->message = sv_slice(line, at, line.len);
            return;
        }
        while (at < line.len && !level_char(line.ptr[at]))
            at++;
    }
}

/* Android's logcat: "  PID   TID L Tag: message". */
static bool
find_logcat_level(struct text_head *head)
{
    struct sv text = head->message;
    size_t at = 0;
    if (!head->has_time || head->time.source != TIME_SOURCE_ASSUMED_YEAR)
        return false;
    for (int number = 0; number < 2; number++) {
        size_t from = at;
        while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
            at++;
        if (at == from)
            return false;
        while (at < text.len && text.ptr[at] == ' ')
            at++;
    }
    struct sv letter = sv_slice(text, at, at + 1);
    if (at + 1 >= text.len || text.ptr[at + 1] != ' ' || severity_word(letter) == 0)
        return false;
    head->severity_word = letter;
    head->severity = severity_word(letter);
    head->message = sv_slice(text, at + 2, text.len);
    return true;
}

void
text_read_head(struct sv line, const struct time_hints *hints, struct text_head *ret_head)
{
    struct text_head head = {.message = line};
    size_t length = 0;
    if (times_read_line(line, hints, &head.time, &length)) {
        head.has_time = true;
        while (length < line.len && strchr(" \t:-,|", line.ptr[length]) != NULL)
            length++;
        head.message = sv_slice(line, length, line.len);
    }
    if (!find_logcat_level(&head))
        find_level(head.message, &head);
    /* Spring Boot: "LEVEL pid --- [thread] class : message" */
    size_t dashes = sv_find(sv_slice(head.message, 0, 40), SV("--- ["));
    size_t colon = sv_find(head.message, SV(" : "));
    if (head.severity != 0 && dashes != SIZE_MAX && colon != SIZE_MAX && colon > dashes)
        head.message = sv_slice(head.message, colon + 3, head.message.len);
    *ret_head = head;
}
