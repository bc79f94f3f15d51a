/*
 * Text from outside made harmless: see escape.h. Pure functions.
 */
#include "base/text/escape.h"

#include <assert.h>
#include <stdint.h>

#include "base/text/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define ORDERED_LIST_DIGITS 9 /* more do not start a list */

enum form {
    TERMINAL,
    CSV,
    MARKDOWN,
    HTML,
    JSON,
    LABEL,
    XML,
    JIRA,
    SLACK,
    FORMS,
};

enum kind {
    PLAIN,
    BLANK,
    HARMFUL,
    BROKEN, /* a byte that is not UTF-8 */
};

static const struct {
    const char *as[FORMS];
} ascii[0x80] = {
#define ASCII(character, csv, markdown, html, json, label, xml, jira, slack)                       \
    [character] = {{NULL, csv, markdown, html, json, label, xml, jira, slack}},
#include "base/text/escape.def"
};

struct character {
    uint32_t point;
    size_t length; /* bytes */
    enum kind kind;
};

/* Of what is valid UTF-8. */
static uint32_t
code_point(const char *at, size_t length)
{
    const unsigned char *byte = (const unsigned char *)at;
    uint32_t point = length == 1 ? byte[0] : byte[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++)
        point = point << 6 | (byte[i] & 0x3fU);
    return point;
}

static enum kind
kind_of(uint32_t point)
{
    static const struct {
        uint32_t first, last;
        enum kind kind;
    } ranges[] = {
#define CODE_POINTS(first, last, kind) {first, last, kind},
#include "base/text/escape.def"
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && ranges[i].first <= point; i++)
        if (point <= ranges[i].last)
            return ranges[i].kind;
    return PLAIN;
}

/* `text` is not empty. */
static struct character
first_of(struct sv text)
{
    assert(text.len > 0 && text.ptr != NULL);
    unsigned char byte = (unsigned char)text.ptr[0];
    if (byte >= 0x20 && byte < 0x7f)
        return (struct character){byte, 1, PLAIN};
    size_t length = utf8_length(text);
    if (length == 0)
        return (struct character){UINT32_MAX, 1, BROKEN};
    uint32_t point = code_point(text.ptr, length);
    return (struct character){point, length, kind_of(point)};
}

static bool
is_for_people(enum form form)
{
    return form != JSON && form != LABEL;
}

static const char *
entry_of(uint32_t point, enum form form)
{
    return point < 0x80 ? ascii[point].as[form] : NULL;
}

char *
escape_json_ascii(char *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    const char *entry = entry_of(c, JSON);
    if (entry != NULL) {
        while (*entry != '\0')
            *out++ = *entry++;
    } else if (c >= 0x20) {
        *out++ = (char)c;
    } else {
        memcpy(out, "\\u00", 4);
        out[4] = hex[c >> 4];
        out[5] = hex[c & 15];
        out += ESCAPE_JSON_MAX;
    }
    return out;
}

/* `at` is where its bytes are. */
static void
add_character(struct strbuf *out, enum form form, const char *at, struct character character)
{
    const char *entry = entry_of(character.point, form);
    char json[ESCAPE_JSON_MAX];
    if (form == JSON && character.point < 0x80)
        strbuf_add(out, json, (size_t)(escape_json_ascii(json, (unsigned char)*at) - json));
    else if (entry != NULL)
        strbuf_add_text(out, entry);
    else if (character.kind == PLAIN || (character.kind != BROKEN && !is_for_people(form)))
        strbuf_add(out, at, character.length);
    else
        strbuf_add_text(out, character.kind == BLANK ? " " : REPLACEMENT);
}

/* How many bytes from `at` on can be taken as they are. */
static size_t
plain_run(struct sv text, size_t at, enum form form)
{
    size_t end = at;
    while (end < text.len && (unsigned char)text.ptr[end] >= 0x20 &&
           (unsigned char)text.ptr[end] < 0x7f && entry_of((uint32_t)text.ptr[end], form) == NULL)
        end++;
    return end - at;
}

static void
add_all(struct strbuf *out, enum form form, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        size_t plain = plain_run(text, at, form);
        strbuf_add(out, text.ptr + at, plain);
        at += plain;
        if (at == text.len)
            return;
        struct character next = first_of(sv_slice(text, at, text.len));
        add_character(out, form, text.ptr + at, next);
        at += next.length;
    }
}

/* ------------------------------------------------------------------ terminal */

void
escape_terminal(struct strbuf *out, struct sv text)
{
    add_all(out, TERMINAL, text);
}

size_t
escape_terminal_first(struct strbuf *out, struct sv text)
{
    assert(text.len > 0);
    struct character first = first_of(text);
    add_character(out, TERMINAL, text.ptr, first);
    return first.length;
}

void
escape_terminal_cut(struct strbuf *out, struct sv text, size_t columns)
{
    size_t used = 0, at = 0, last = 0; /* `last`: where the last column that fits begins */
    for (; at < text.len && used < columns; used++) {
        last = at;
        at += first_of(sv_slice(text, at, text.len)).length;
    }
    escape_terminal(out, sv_slice(text, 0, at == text.len ? at : last));
    if (at < text.len && columns > 0)
        strbuf_add_text(out, "…");
}

/* ------------------------------------------------------------------ CSV */

static bool
is_formula(uint32_t point)
{
    static const uint32_t starts[] = {
#define FORMULA(point) point,
#include "base/text/escape.def"
    };
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (starts[i] == point)
            return true;
    return false;
}

void
escape_csv(struct strbuf *out, struct sv text)
{
    bool formula = false, quoted = false, begun = false;
    for (size_t at = 0; at < text.len;) {
        struct character next = first_of(sv_slice(text, at, text.len));
        bool blank = next.kind == BLANK || next.point == ' ';
        /* Some programs take blanks away before they look. */
        formula = formula || (!begun && is_formula(next.point));
        begun = begun || !blank;
        quoted = quoted || next.kind == BLANK || entry_of(next.point, CSV) != NULL;
        at += next.length;
    }
    quoted = quoted || formula;
    strbuf_add_text(out, quoted ? "\"" : "");
    strbuf_add_text(out, formula ? "'" : "");
    add_all(out, CSV, text);
    strbuf_add_text(out, quoted ? "\"" : "");
}

/* ------------------------------------------------------------------ Markdown */

/* GitHub and others make links of "scheme://": only http and https may become one. */
static bool
is_scheme(struct sv text, size_t at)
{
    struct sv before = sv_slice(text, 0, at);
    return sv_starts(sv_slice(text, at, text.len), SV("://")) && !sv_ends(before, SV("http")) &&
           !sv_ends(before, SV("https"));
}

static bool
is_markdown_start(char c)
{
    static const char starts[] = {
#define MARKDOWN_START(character) character,
#include "base/text/escape.def"
    };
    return memchr(starts, c, sizeof(starts)) != NULL;
}

/* True if "1. " or "1) " begins at `from`, with its mark at `at`. */
static bool
is_list_mark(struct sv text, size_t from, size_t at)
{
    bool mark = (text.ptr[at] == '.' || text.ptr[at] == ')') && at > from &&
                at - from <= ORDERED_LIST_DIGITS;
    if (!mark || (at + 1 < text.len && first_of(sv_slice(text, at + 1, text.len)).kind != BLANK &&
                  text.ptr[at + 1] != ' '))
        return false;
    for (size_t i = from; i < at; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

void
escape_markdown(struct strbuf *out, struct sv text)
{
    size_t from = SIZE_MAX, blanks = 0; /* where the text begins; blanks not written yet */
    for (size_t at = 0; at < text.len;) {
        struct character next = first_of(sv_slice(text, at, text.len));
        if (next.kind == BLANK || next.point == ' ') {
            blanks += from != SIZE_MAX;
        } else {
            from = from == SIZE_MAX ? at : from;
            for (; blanks > 0; blanks--)
                strbuf_add_char(out, ' ');
            if ((at == from && is_markdown_start(text.ptr[at])) || is_scheme(text, at) ||
                is_list_mark(text, from, at))
                strbuf_add_char(out, '\\');
            add_character(out, MARKDOWN, text.ptr + at, next);
        }
        at += next.length;
    }
}

/* ------------------------------------------------------------------ Jira, Slack */

/* "h1." and "bq." at the start of a text would make a heading or a quotation. */
static bool
is_jira_start(struct sv text, size_t at)
{
    struct sv before = sv_trim(sv_slice(text, 0, at));
    return text.ptr[at] == '.' && before.len == 2 &&
           (sv_eq(before, SV("bq")) || before.ptr[0] == 'h' || before.ptr[0] == 'H');
}

/* ":)" and the like become pictures. */
static bool
is_emoticon(struct sv text, size_t at)
{
    return (text.ptr[at] == ':' || text.ptr[at] == ';') && at + 1 < text.len &&
           strchr(")(PpDd", text.ptr[at + 1]) != NULL && text.ptr[at + 1] != '\0';
}

void
escape_jira(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        struct character next = first_of(sv_slice(text, at, text.len));
        if (is_jira_start(text, at) || is_emoticon(text, at) || is_scheme(text, at))
            strbuf_add_char(out, '\\');
        add_character(out, JIRA, text.ptr + at, next);
        at += next.length;
    }
}

static bool
is_word_at(struct sv text, size_t at)
{
    unsigned char byte = at < text.len ? (unsigned char)text.ptr[at] : ' ';
    return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* '_' within a word has no meaning, nor has '@' behind one: names and addresses stay. */
static bool
is_inert(struct sv text, size_t at)
{
    bool before = at > 0 && is_word_at(text, at - 1), after = is_word_at(text, at + 1);
    return before && (text.ptr[at] == '@' || (text.ptr[at] == '_' && after));
}

void
escape_slack(struct strbuf *out, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        struct character next = first_of(sv_slice(text, at, text.len));
        if (is_inert(text, at))
            strbuf_add_char(out, text.ptr[at]);
        else
            add_character(out, SLACK, text.ptr + at, next);
        at += next.length;
    }
}

/* ------------------------------------------------------------------ HTML, XML, JSON, labels */

void
escape_html(struct strbuf *out, struct sv text)
{
    add_all(out, HTML, text);
}

void
escape_xml(struct strbuf *out, struct sv text)
{
    add_all(out, XML, text);
}

void
escape_json(struct strbuf *out, struct sv text)
{
    add_all(out, JSON, text);
}

void
escape_label(struct strbuf *out, struct sv text)
{
    add_all(out, LABEL, text);
}

bool
escape_is_link(struct sv address)
{
    if (!sv_starts_nocase(address, SV("http://")) && !sv_starts_nocase(address, SV("https://")))
        return false;
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.ptr[i] <= 0x20 || (unsigned char)address.ptr[i] >= 0x7f ||
            strchr("<>|`\\\"[]", address.ptr[i]) != NULL)
            return false;
    return true;
}
