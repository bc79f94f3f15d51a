/*
 * Lines of Markdown: see line.h.
 */
#include "report/lint/line.h"

#define HEADING_MOST 6
#define LABEL_MOST 40 /* bytes of a footnote's label */
#define NUMBER_MOST 9 /* digits of an ordered list's number */

size_t
line_indent(struct sv line)
{
    size_t columns = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\t')
            columns += 4 - columns % 4;
        else if (line.ptr[i] == ' ')
            columns++;
        else
            break;
    }
    return columns;
}

struct sv
line_body(struct sv line)
{
    return sv_trim(line);
}

static size_t
run(struct sv text, char c)
{
    size_t length = 0;
    while (length < text.len && text.ptr[length] == c)
        length++;
    return length;
}

size_t
line_fence(struct sv body, char *ret_mark)
{
    if (body.len < 3 || (body.ptr[0] != '`' && body.ptr[0] != '~'))
        return 0;
    size_t length = run(body, body.ptr[0]);
    *ret_mark = body.ptr[0];
    /* `code` that begins and ends on this line is a span. */
    bool span =
        body.ptr[0] == '`' && sv_find_char(sv_slice(body, length, body.len), '`') != SIZE_MAX;
    return length < 3 || span ? 0 : length;
}

size_t
line_heading(struct sv body, struct sv *ret_title)
{
    size_t marks = run(body, '#');
    if (marks == 0 || marks > HEADING_MOST || (body.len > marks && !sv_blank(body.ptr[marks])))
        return 0;
    struct sv title = sv_trim(sv_slice(body, marks, body.len));
    size_t end = title.len;
    while (end > 0 && title.ptr[end - 1] == '#')
        end--;
    if (end < title.len && (end == 0 || sv_blank(title.ptr[end - 1])))
        title = sv_trim(sv_slice(title, 0, end));
    *ret_title = title;
    return marks;
}

bool
line_underlines(struct sv body)
{
    return body.len > 0 && (body.ptr[0] == '=' || body.ptr[0] == '-') &&
           run(body, body.ptr[0]) == body.len;
}

bool
line_is_break(struct sv body)
{
    size_t marks = 0;
    if (body.len == 0 || strchr("-*_", body.ptr[0]) == NULL)
        return false;
    for (size_t i = 0; i < body.len; i++) {
        if (body.ptr[i] == body.ptr[0])
            marks++;
        else if (!sv_blank(body.ptr[i]))
            return false;
    }
    return marks >= 3;
}

static size_t
after_box(struct sv body, size_t at)
{
    bool box = body.len >= at + 3 && body.ptr[at] == '[' && body.ptr[at + 2] == ']' &&
               strchr(" xX", body.ptr[at + 1]) != NULL;
    if (!box)
        return at;
    for (at += 3; at < body.len && sv_blank(body.ptr[at]);)
        at++;
    return at;
}

/* "12." or "3)": its bytes, or 0. */
static size_t
number_mark(struct sv body)
{
    size_t digits = 0;
    while (digits < body.len && body.ptr[digits] >= '0' && body.ptr[digits] <= '9')
        digits++;
    bool ends = digits < body.len && (body.ptr[digits] == '.' || body.ptr[digits] == ')');
    return digits > 0 && digits <= NUMBER_MOST && ends ? digits + 1 : 0;
}

size_t
line_item(struct sv body)
{
    bool bullet = body.len > 0 && (body.ptr[0] == '-' || body.ptr[0] == '*' || body.ptr[0] == '+');
    size_t marks = bullet ? 1 : number_mark(body);
    if (marks == 0 || body.len <= marks || !sv_blank(body.ptr[marks]))
        return 0;
    while (marks < body.len && sv_blank(body.ptr[marks]))
        marks++;
    return after_box(body, marks);
}

bool
line_delimits(struct sv body)
{
    bool dash = false;
    for (size_t i = 0; i < body.len; i++) {
        if (strchr("|:- \t", body.ptr[i]) == NULL)
            return false;
        dash = dash || body.ptr[i] == '-';
    }
    return dash && sv_find_char(body, '|') != SIZE_MAX;
}

bool
line_has_bar(struct sv body)
{
    for (size_t i = 0; i < body.len; i++) {
        if (body.ptr[i] == '\\')
            i++;
        else if (body.ptr[i] == '|')
            return true;
    }
    return false;
}

/* "[^7]" at the start: its label, or nothing. */
static struct sv
reference(struct sv text)
{
    if (text.ptr == NULL)
        return SV_NONE;
    size_t end = sv_find_char(sv_slice(text, 0, LABEL_MOST + 3), ']');
    if (!sv_starts(text, SV("[^")) || end == SIZE_MAX || end < 3)
        return SV_NONE;
    return sv_slice(text, 2, end);
}

bool
line_note(struct sv body, struct sv *ret_label, struct sv *ret_words)
{
    struct sv label = reference(body);
    if (label.ptr == NULL || body.len < label.len + 4 || body.ptr[label.len + 3] != ':')
        return false;
    *ret_label = label;
    *ret_words = sv_trim(sv_slice(body, label.len + 4, body.len));
    return true;
}

bool
line_next_reference(struct sv *text, struct sv *ret_label)
{
    for (;;) {
        size_t at = sv_find(*text, SV("[^"));
        if (at == SIZE_MAX)
            return false;
        struct sv rest = sv_slice(*text, at, text->len), label = reference(rest);
        bool escaped = at > 0 && text->ptr[at - 1] == '\\';
        *text = sv_slice(rest, label.ptr == NULL ? 2 : label.len + 3, rest.len);
        if (label.ptr == NULL || escaped)
            continue;
        *ret_label = label;
        return true;
    }
}
