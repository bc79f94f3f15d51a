/*
 * Words without Markdown: see plain.h.
 */
#include "report/lint/plain.h"

#define SPAN_MOST ((size_t)4000) /* bytes between quotation marks, or of the words of a link */

struct reader {
    struct plain *plain;
    struct sv text; /* the block */
    size_t from;    /* where it begins in the document */
    size_t at;
    bool cited;
};

static struct sv
rest(const struct reader *reader)
{
    return sv_slice(reader->text, reader->at, reader->text.len);
}

static void
put(struct reader *reader, char c, size_t at)
{
    struct plain *plain = reader->plain;
    if (c == ' ' && (plain->len == 0 || plain->text[plain->len - 1] == ' '))
        return;
    plain->text[plain->len] = c;
    plain->at[plain->len++] = (uint32_t)(reader->from + at);
}

/* What is nobody's wording, up to `end`. */
static bool
put_mark(struct reader *reader, size_t end)
{
    put(reader, PLAIN_MARK, reader->at);
    reader->at = end;
    return true;
}

/* The end of the first `closing` behind what opens, or 0. */
static size_t
closes(const struct reader *reader, size_t opening, struct sv closing)
{
    size_t from = reader->at + opening;
    size_t end = sv_find(sv_slice(reader->text, from, from + SPAN_MOST), closing);
    return end == SIZE_MAX ? 0 : from + end + closing.len;
}

/* ---- code, comments, tags, addresses ---- */

static bool
take_code(struct reader *reader)
{
    size_t marks = 0, from = reader->at;
    while (from + marks < reader->text.len && reader->text.ptr[from + marks] == '`')
        marks++;
    for (size_t i = from + marks, length = 0; i <= reader->text.len; i++) {
        if (i < reader->text.len && reader->text.ptr[i] == '`') {
            length++;
            continue;
        }
        if (length == marks)
            return put_mark(reader, i);
        length = 0;
    }
    reader->at += marks;
    return true;
}

static bool
take_angle(struct reader *reader)
{
    struct sv left = rest(reader);
    if (sv_starts(left, SV("<!--"))) {
        size_t end = sv_find(left, SV("-->"));
        if (end == SIZE_MAX)
            return false;
        put(reader, ' ', reader->at);
        reader->at += end + 3;
        return true;
    }
    size_t end = sv_find_char(left, '>');
    char c = left.len > 1 ? left.ptr[1] : ' ';
    bool opens = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/';
    if (!opens || end == SIZE_MAX)
        return false;
    if (sv_find_char(sv_slice(left, 0, end), ':') != SIZE_MAX)
        return put_mark(reader, reader->at + end + 1);
    reader->at += end + 1; /* a tag */
    return true;
}

static bool
take_address(struct reader *reader)
{
    struct sv left = rest(reader);
    size_t end = 0;
    if (!sv_starts(left, SV("http://")) && !sv_starts(left, SV("https://")))
        return false;
    while (end < left.len && !sv_blank(left.ptr[end]) && strchr("<>\"|", left.ptr[end]) == NULL)
        end++;
    while (end > 0 && strchr(".,;:!?)", left.ptr[end - 1]) != NULL)
        end--;
    return put_mark(reader, reader->at + end);
}

/* ---- links and citations ---- */

/* The ']' that belongs to the '[' at the start, or SIZE_MAX. */
static size_t
bracket_ends(struct sv text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == '[')
            depth++;
        else if (text.ptr[i] == ']' && --depth == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool
take_bracket(struct reader *reader)
{
    struct sv left = sv_slice(rest(reader), 0, 2 * SPAN_MOST);
    size_t end = bracket_ends(sv_slice(left, 0, SPAN_MOST));
    if (end == SIZE_MAX)
        return false;
    if (sv_starts(left, SV("[^")))
        return put_mark(reader, reader->at + end + 1);
    char c = end + 1 < left.len ? left.ptr[end + 1] : ' ';
    size_t close = sv_find_char(sv_slice(left, end, left.len), c == '(' ? ')' : ']');
    if (c == '[')
        close = sv_find_char(sv_slice(left, end + 1, left.len), ']') + 1;
    if ((c != '(' && c != '[') || close == SIZE_MAX || close == 0)
        return false;
    return put_mark(reader, reader->at + end + close + 1);
}

/* ---- quotations ---- */

static const struct {
    struct sv open, close;
} quotes[] = {{{"\xE2\x80\x9C", 3}, {"\xE2\x80\x9D", 3}}, /* “ ” */
              {{"\xE2\x80\x9E", 3}, {"\xE2\x80\x9C", 3}}, /* „ “ */
              {{"\xC2\xAB", 2}, {"\xC2\xBB", 2}}};        /* « » */

/* Texts of records may hold quotation marks of their own. */
static size_t
last_close(const struct reader *reader, struct sv close)
{
    for (size_t end = reader->text.len; end >= reader->at + 2 * close.len; end--)
        if (sv_eq(sv_slice(reader->text, end - close.len, end), close))
            return end;
    return 0;
}

static bool
take_quote(struct reader *reader)
{
    struct sv left = rest(reader);
    for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++) {
        if (!sv_starts(left, quotes[i].open))
            continue;
        size_t end = reader->cited && i == 0 ? last_close(reader, quotes[i].close)
                                             : closes(reader, quotes[i].open.len, quotes[i].close);
        return end > 0 && put_mark(reader, end);
    }
    return false;
}

/* "words" with a blank or a bracket before them. */
static bool
take_straight_quote(struct reader *reader)
{
    char before = reader->at == 0 ? ' ' : reader->text.ptr[reader->at - 1];
    size_t end = closes(reader, 1, SV("\""));
    if (!(sv_blank(before) || strchr("([{:,*_", before) != NULL) || end <= reader->at + 2)
        return false;
    return put_mark(reader, end);
}

/* ---- words ---- */

/* Marks of emphasis touch a word; those of a product do not. */
static bool
take_emphasis(struct reader *reader)
{
    size_t at = reader->at, end = at;
    char mark = reader->text.ptr[at];
    while (end < reader->text.len && reader->text.ptr[end] == mark)
        end++;
    bool before = at > 0 && !sv_blank(reader->text.ptr[at - 1]);
    bool after = end < reader->text.len && !sv_blank(reader->text.ptr[end]);
    bool inside = mark == '_' && before && after;
    bool word = inside && strchr(".,;:!?()\"'*", reader->text.ptr[at - 1]) == NULL &&
                strchr(".,;:!?()\"'*", reader->text.ptr[end]) == NULL;
    if ((!before && !after) || word)
        return false;
    reader->at = end;
    return true;
}

/* Characters that look like another one, or like nothing. */
static bool
take_lookalike(struct reader *reader)
{
    static const struct {
        struct sv bytes;
        char as; /* '\0': nothing */
    } known[] = {{{"\xE2\x80\x99", 3}, '\''}, {{"\xE2\x80\x98", 3}, '\''},
                 {{"\xC2\xA0", 2}, ' '},      {{"\xE2\x80\xAF", 3}, ' '},
                 {{"\xC2\xAD", 2}, '\0'},     {{"\xE2\x80\x8B", 3}, '\0'},
                 {{"\xE2\x80\x8D", 3}, '\0'}, {{"\xE2\x81\xA0", 3}, '\0'}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (sv_starts(rest(reader), known[i].bytes)) {
            if (known[i].as != '\0')
                put(reader, known[i].as, reader->at);
            reader->at += known[i].bytes.len;
            return true;
        }
    return false;
}

static bool
take_special(struct reader *reader)
{
    char c = reader->text.ptr[reader->at];
    switch (c) {
    case '`':
        return take_code(reader);
    case '<':
        return take_angle(reader);
    case '[':
        return take_bracket(reader);
    case '!':
        if (reader->at + 1 < reader->text.len && reader->text.ptr[reader->at + 1] == '[')
            reader->at++; /* a picture */
        return reader->text.ptr[reader->at] == '[' && take_bracket(reader);
    case '"':
        return take_straight_quote(reader);
    case '*':
    case '_':
        return take_emphasis(reader);
    case 'h':
        return take_address(reader);
    default:
        return (c & 0x80) != 0 && (take_quote(reader) || take_lookalike(reader));
    }
}

void
plain_read(struct plain *plain, struct sv text, size_t from, size_t to, bool cited,
           struct arena *arena)
{
    struct reader reader = {
        .plain = plain, .text = sv_slice(text, from, to), .from = from, .cited = cited};
    size_t size = reader.text.len + 1;
    *plain = (struct plain){.text = arena_alloc(arena, size),
                            .at = arena_alloc(arena, size * sizeof(*plain->at))};
    while (reader.at < reader.text.len) {
        char c = reader.text.ptr[reader.at];
        if (c == '\\' && reader.at + 1 < reader.text.len &&
            reader.text.ptr[reader.at + 1] != '\n') {
            reader.at++; /* what follows stands for itself */
        } else if (take_special(&reader)) {
            continue;
        }
        c = reader.text.ptr[reader.at];
        put(&reader, sv_blank(c) ? ' ' : c, reader.at);
        reader.at++;
    }
    plain->text[plain->len] = '\0';
    plain->at[plain->len] = (uint32_t)to;
}
