/*
 * Units of a Markdown text: see units.h. Line by line, with what CommonMark and GitHub's tables and
 * footnotes say of where a block ends; what it does not know is a paragraph.
 */
#include "report/merge/units.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"

#define BYTE_ORDER_MARK SV("\xef\xbb\xbf")
#define TAB_COLUMNS 4

struct reader {
    struct sv rest;
    struct unit *at;
    size_t count, room;
    bool open; /* the last unit may go on */
    size_t heading, head;
    struct sv fence; /* open: the mark that ends it */
    bool comment;    /* open */
};

/* A line with its end, off the rest. */
static struct sv
take_line(struct sv *rest)
{
    size_t at = sv_find_char(*rest, '\n');
    struct sv line = sv_slice(*rest, 0, at == SIZE_MAX ? rest->len : at + 1);
    *rest = sv_slice(*rest, line.len, rest->len);
    return line;
}

static size_t
indent_of(struct sv line)
{
    size_t columns = 0;
    for (size_t i = 0; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++)
        columns += line.ptr[i] == '\t' ? TAB_COLUMNS - columns % TAB_COLUMNS : 1;
    return columns;
}

static size_t
count_of(struct sv text, char c)
{
    size_t count = 0;
    while (count < text.len && text.ptr[count] == c)
        count++;
    return count;
}

/* "- ", "* ", "+ ", "1. ", "1) "; 0: it begins no item. */
static size_t
marker_of(struct sv text)
{
    size_t digits = 0, at;
    while (digits < text.len && digits < 9 && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
        digits++;
    bool bullet = text.len > 0 && strchr("-*+", text.ptr[0]) != NULL && text.ptr[0] != '\0';
    if (!bullet &&
        (digits == 0 || digits >= text.len || (text.ptr[digits] != '.' && text.ptr[digits] != ')')))
        return 0;
    at = bullet ? 1 : digits + 1;
    if (at >= text.len)
        return at;
    return text.ptr[at] == ' ' || text.ptr[at] == '\t' ? at + 1 : 0;
}

static bool
is_rule(struct sv text, const char *marks)
{
    size_t count = 0;
    char mark = text.len > 0 ? text.ptr[0] : '\0';
    if (mark == '\0' || strchr(marks, mark) == NULL)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == mark;
        if (text.ptr[i] != mark && text.ptr[i] != ' ')
            return false;
    }
    return count >= 3;
}

/* "|---|:-:|": what stands below the head of a table. */
static bool
is_delimiter(struct sv text)
{
    bool dash = false;
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("|-: \t", text.ptr[i]) == NULL || text.ptr[i] == '\0')
            return false;
        dash = dash || text.ptr[i] == '-';
    }
    return dash && text.len > 0 && text.ptr[0] == '|';
}

static struct sv
fence_of(struct sv text)
{
    for (size_t i = 0; i < 2; i++) {
        size_t count = count_of(text, "`~"[i]);
        if (count >= 3)
            return sv_slice(text, 0, count);
    }
    return SV_NONE;
}

static struct sv
label_of(struct sv text)
{
    size_t end = sv_find(text, SV("]:"));
    if (!sv_starts(text, SV("[^")) || end == SIZE_MAX || end == 2)
        return SV_NONE;
    struct sv label = sv_slice(text, 2, end);
    return sv_find_char(label, ' ') == SIZE_MAX && sv_find_char(label, ']') == SIZE_MAX ? label
                                                                                        : SV_NONE;
}

/* ------------------------------------------------------------------- reading */

static void
begin(struct reader *reader, enum unit_kind kind, struct sv line)
{
    reader->at = memory_grow(reader->at, &reader->room, reader->count + 1, sizeof(*reader->at));
    reader->at[reader->count] = (struct unit){
        .kind = kind,
        .text = line,
        .gap = sv_of(line.ptr + line.len, 0),
        .indent = indent_of(line),
        .heading = reader->heading,
        .head = kind == UNIT_ROW ? reader->head : UNIT_NONE,
    };
    if (kind == UNIT_HEADING)
        reader->heading = reader->count;
    if (kind == UNIT_HEAD)
        reader->head = reader->count;
    if (kind != UNIT_HEAD && kind != UNIT_ROW)
        reader->head = UNIT_NONE;
    reader->open =
        kind == UNIT_PARAGRAPH || kind == UNIT_ITEM || kind == UNIT_QUOTE || kind == UNIT_NOTE;
    reader->count++;
}

static void
go_on(struct reader *reader, struct sv line)
{
    struct unit *unit = &reader->at[reader->count - 1];
    unit->text.len += line.len;
    unit->gap = sv_of(line.ptr + line.len, 0);
}

/* Lines that belong together whatever is in them. */
static bool
goes_on_inside(struct reader *reader, struct sv line, struct sv words)
{
    if (!sv_empty(reader->fence)) {
        size_t count = count_of(words, reader->fence.ptr[0]);
        go_on(reader, line);
        if (count >= reader->fence.len && count == words.len)
            reader->fence = SV_NONE;
        return true;
    }
    if (!reader->comment)
        return false;
    go_on(reader, line);
    reader->comment = !sv_contains(line, SV("-->"));
    return true;
}

static void
take_table(struct reader *reader, struct sv line)
{
    struct sv rest = reader->rest;
    bool head =
        reader->head == UNIT_NONE && rest.len > 0 && is_delimiter(sv_trim(take_line(&rest)));
    begin(reader, head ? UNIT_HEAD : UNIT_ROW, line);
    if (head)
        go_on(reader, take_line(&reader->rest));
}

/* Blank lines, and the empty line of a quotation, lie between units. */
static bool
is_blank(struct sv words)
{
    return words.len == 0 || (words.len == 1 && words.ptr[0] == '>');
}

static bool
begins_other(struct reader *reader, struct sv line, struct sv words)
{
    struct sv fence = fence_of(words);
    if (!sv_empty(fence)) {
        begin(reader, UNIT_FENCE, line);
        reader->fence = fence;
    } else if (sv_starts(words, SV("<!--"))) {
        begin(reader, UNIT_COMMENT, line);
        reader->comment = !sv_contains(words, SV("-->"));
    } else if (words.ptr[0] == '|') {
        take_table(reader, line);
    } else if (words.ptr[0] == '#' && count_of(words, '#') <= 6 &&
               (count_of(words, '#') == words.len || words.ptr[count_of(words, '#')] == ' ')) {
        begin(reader, UNIT_HEADING, line);
    } else if (!sv_empty(label_of(words))) {
        begin(reader, UNIT_NOTE, line);
    } else if (is_rule(words, "*_-")) {
        begin(reader, UNIT_RULE, line);
    } else if (marker_of(words) > 0) {
        begin(reader, UNIT_ITEM, line);
    } else {
        return false;
    }
    return true;
}

static void
take_words(struct reader *reader, struct sv line, struct sv words)
{
    enum unit_kind last = reader->open ? reader->at[reader->count - 1].kind : UNIT_RULE;
    bool quote = words.ptr[0] == '>';
    if (last == UNIT_PARAGRAPH && (is_rule(words, "=") || is_rule(words, "-"))) {
        go_on(reader, line); /* the line below a heading of the old form */
        reader->open = false;
    } else if (reader->open && quote == (last == UNIT_QUOTE)) {
        if (quote || !begins_other(reader, line, words))
            go_on(reader, line);
    } else if (quote) {
        begin(reader, UNIT_QUOTE, line);
    } else if (!begins_other(reader, line, words)) {
        if (reader->open) /* a lazy line of a quotation */
            go_on(reader, line);
        else
            begin(reader, UNIT_PARAGRAPH, line);
    }
}

static void
take(struct reader *reader, struct sv line)
{
    struct sv words = sv_trim(line);
    if (goes_on_inside(reader, line, words))
        return;
    if (is_blank(words)) {
        reader->open = false;
        reader->head = UNIT_NONE;
        assert(reader->at != NULL && reader->count > 0); /* else it is of the start */
        reader->at[reader->count - 1].gap.len += line.len;
    } else {
        take_words(reader, line, words);
    }
}

static struct sv
take_start(struct sv *rest)
{
    const char *from = rest->ptr;
    if (sv_starts(*rest, BYTE_ORDER_MARK))
        *rest = sv_slice(*rest, BYTE_ORDER_MARK.len, rest->len);
    for (struct sv next = *rest; next.len > 0;) {
        if (!is_blank(sv_trim(take_line(&next))))
            break;
        *rest = next;
    }
    return sv_of(from, (size_t)(rest->ptr - from));
}

void
units_of(struct sv text, struct arena *arena, struct units *ret_units)
{
    struct reader reader = {.rest = text, .heading = UNIT_NONE, .head = UNIT_NONE};
    *ret_units = (struct units){.start = SV("")};
    if (text.len > 0)
        ret_units->start = take_start(&reader.rest);
    while (reader.rest.len > 0) {
        struct sv line = take_line(&reader.rest);
        take(&reader, line);
    }
    ret_units->at = ARENA_ARRAY(arena, struct unit, reader.count + 1);
    if (reader.count > 0)
        memcpy(ret_units->at, reader.at, reader.count * sizeof(*reader.at));
    ret_units->count = reader.count;
    free(reader.at);
}

/* --------------------------------------------------------------------- parts */

size_t
unit_marker(const struct unit *unit)
{
    size_t blanks = 0;
    if (unit->kind != UNIT_ITEM)
        return 0;
    while (blanks < unit->text.len && sv_blank(unit->text.ptr[blanks]))
        blanks++;
    return blanks + marker_of(sv_slice(unit->text, blanks, unit->text.len));
}

struct sv
unit_label(const struct unit *unit)
{
    return unit->kind == UNIT_NOTE ? label_of(sv_trim(unit->text)) : SV_NONE;
}

struct sv
unit_cells(const struct unit *unit)
{
    struct sv rest = unit->text;
    struct sv line = sv_trim(take_line(&rest));
    return sv_slice(line, 1, line.len);
}

bool
unit_next_cell(struct sv *rest, struct sv *ret_cell)
{
    size_t end = 0;
    if (sv_empty(*rest))
        return false;
    for (; end < rest->len && rest->ptr[end] != '|'; end++)
        if (rest->ptr[end] == '\\' && end + 1 < rest->len)
            end++;
    *ret_cell = sv_trim(sv_slice(*rest, 0, end));
    *rest = sv_slice(*rest, end + 1, rest->len);
    return true;
}
