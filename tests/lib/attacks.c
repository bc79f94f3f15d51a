/*
 * The set of attacks and what to look for: see attacks.h. The lists here are written apart from
 * those of the program on purpose.
 */
#include "tests/lib/attacks.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/utf8.h"

#define LONG_WORD 20000

#define ATTACK(name, text)                                                                         \
    {                                                                                              \
        name,                                                                                      \
        {                                                                                          \
            text, sizeof(text) - 1                                                                 \
        }                                                                                          \
    }

static char long_word[LONG_WORD], long_marks[LONG_WORD];

static struct attack attacks[] = {
    ATTACK("nothing", ""),
    ATTACK("clear the screen", "a\x1b[2J\x1b[1;1Hb"),
    ATTACK("a title with ESC", "\x1b]0;owned\x07z"),
    ATTACK("a link with ESC", "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\"),
    ATTACK("keys with ESC", "\x1bP1$r0m\x1b\\"),
    ATTACK("C1 as UTF-8", "a\xc2\x9b"
                          "31mb\xc2\x90x\xc2\x9c\xc2\x85y"),
    ATTACK("C1 as a byte", "a\x9b"
                           "31mb\x90\x9c"),
    ATTACK("backspaces and bells", "rm\b\bls\a\x7f"),
    ATTACK("U+0000", "a\0b"),
    ATTACK("overwrite with CR", "all is lost\rall is well"),
    ATTACK("a forged line", "a\nsent 9 records\n\n# Heading\n- item"),
    ATTACK("a forged row", "a\r\nb,c\r\n\"d\""),
    ATTACK("other line ends", "a\vb\fc\xe2\x80\xa8"
                              "d\xe2\x80\xa9"
                              "e"),
    ATTACK("tabs", "\ta\tb\t"),
    ATTACK("right to left", "cod\xe2\x80\xae"
                            "gpj.exe\xe2\x80\xac"),
    ATTACK("isolates and marks", "\xe2\x81\xa6"
                                 "a\xe2\x81\xa9\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa"),
    ATTACK("without a width",
           "pay\xe2\x80\x8bments \xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf"
           "\xc2\xad\xcd\x8f"),
    ATTACK("tag characters", "ok\xf3\xa0\x81\x81\xf3\xa0\x81\xa2\xf3\xa0\x81\xbf\xf3\xa0\x80\x81"),
    ATTACK("variants", "ok\xef\xb8\x80\xef\xb8\x8d\xf3\xa0\x84\x80\xf3\xa0\x87\xaf\xe1\xa0\x8b"),
    ATTACK("fillers", "\xe3\x85\xa4\xef\xbe\xa0\xe1\x85\x9f\xe1\x85\xa0\xe1\x9e\xb4"),
    ATTACK("annotations", "\xef\xbf\xb9x\xef\xbf\xba\xef\xbf\xbb\xf0\x9d\x85\xb3\xf0\x9b\xb2\xa0"),
    ATTACK("marks of colours", "\xef\xb7\x90 \xef\xb7\x91\xef\xb7\x92"),
    ATTACK("broken bytes", "\xff\xfe a\x80\xbf"),
    ATTACK("overlong", "\xc0\xaf\xe0\x80\xaf\xc0\x80\xf0\x80\x80\xbc\xc0\xbcscript>"),
    ATTACK("surrogates", "\xed\xa0\x80\xed\xb0\x80\xed\xa0\xbd"),
    ATTACK("above Unicode", "above \xf4\x90\x80\x80\xf8\x88\x80\x80\x80"),
    ATTACK("cut off", "a\xe2\x82"),
    ATTACK("cut off before a quote", "\xc3\"\xf0\x9f|\xe2\x80<"),
    ATTACK("a script", "<script>alert(1)</script>"),
    ATTACK("an image", "<img src=x onerror=\"alert(1)\">"),
    ATTACK("out of an attribute", "\" onmouseover=\"alert(1)' onfocus='alert(2)` x=`"),
    ATTACK("end of a comment", "--> <b> --!> -- <!-- ]]> <![CDATA["),
    ATTACK("end of a title", "</title></textarea></style><svg/onload=alert(1)>"),
    ATTACK("entities", "&lt;script&gt; &amp; &#x3c;b&#62; &nbsp"),
    ATTACK("a scheme", "javascript:alert(1)"),
    ATTACK("schemes", "javascript://x%0aalert(1) data://x file:///etc/passwd ftp://x "
                      "https://ok.example http://ok.example"),
    ATTACK("a scheme in brackets", "<javascript:alert(1)> <mailto:a@b.example>"),
    ATTACK("a pipe", "a | b || c|"),
    ATTACK("a row of rules", "| --- | :-: |"),
    ATTACK("backticks", "`code` ``` fence ```"),
    ATTACK("a fence", "~~~\nx\n~~~ ~~struck~~"),
    ATTACK("a link", "[x](javascript:alert(1))"),
    ATTACK("a reference", "[x][y] [y]: javascript:alert(1) [^1]: note"),
    ATTACK("an inline image", "![x](https://evil.example/a.png) ![]()"),
    ATTACK("emphasis", "*a* **b** _c_ __d__ ***"),
    ATTACK("backslashes", "\\ \\\\ \\| \\[x\\](y) \\<b\\> end\\"),
    ATTACK("a heading", "# Heading"),
    ATTACK("an underline", "==="),
    ATTACK("a rule", "---"),
    ATTACK("a list", "- item"),
    ATTACK("another list", "+ item"),
    ATTACK("a numbered list", "1. item"),
    ATTACK("numbered otherwise", "123) item"),
    ATTACK("a number alone", "7."),
    ATTACK("a quotation", "> said"),
    ATTACK("code by blanks", "      code  "),
    ATTACK("a definition", ": means"),
    ATTACK("macros", "{code}x{code} {{ x }} {% raw %} ${x} $a$ @@x@@"),
    ATTACK("mentions", "@channel <!here> #123 @everyone"),
    ATTACK("a formula", "=cmd|' /C calc'!A0"),
    ATTACK("a function", "=cmd()"),
    ATTACK("a sum", "@SUM(1+1)*cmd|' /C calc'!A0"),
    ATTACK("plus", "+1"),
    ATTACK("minus", "-2+3+cmd|' /C calc'!D2"),
    ATTACK("a formula after blanks", "  =1+1"),
    ATTACK("a formula after a tab", "\t=1+1"),
    ATTACK("a formula after a line end", "\r\n=1+1"),
    ATTACK("a formula after a separator", "\xe2\x80\xa8=1+1"),
    ATTACK("a formula in full width", "\xef\xbc\x9d"
                                      "1+1"),
    ATTACK("formulas in full width", "\xef\xbc\xa0SUM(1) \xef\xbc\x8b"
                                     "1"),
    ATTACK("plus in full width", "\xef\xbc\x8b"
                                 "1"),
    ATTACK("minus in full width", "\xef\xbc\x8d"
                                  "1"),
    ATTACK("a formula in another cell", "a,=1+1;=1+1\t=1+1"),
    ATTACK("a formula out of quotes", "\",=1+1,\""),
    ATTACK("quotes", "\"a\" 'b' \"\"\""),
    ATTACK("JSON", "\"},{\"injected\":true,\"x\":\"\\"),
    ATTACK("formats", "%s%n%x %1$s"),
    ATTACK("a label", "a\",b=\"c\\\n# HELP forged x\nforged 1"),
    ATTACK("a macro of Confluence", "{html}<b>x</b>{html} {include:Secret}"),
    ATTACK("a macro of storage format", "<ac:structured-macro ac:name=\"html\"/> ]]> <ri:user/>"),
    ATTACK("a macro of Jira", "{code}x{code} {noformat} {color:red}x{color} {quote}"),
    ATTACK("a picture of Jira", "!img.png! !https://evil.example/a.png|width=1!"),
    ATTACK("a link of Jira", "[link|https://evil.example] [~admin] [^file] [#anchor]"),
    ATTACK("a heading of Jira", "h1. big"),
    ATTACK("a heading after blanks", "  h3. big"),
    ATTACK("a quotation of Jira", "bq. said"),
    ATTACK("a table of Jira", "||head||head|| |cell|"),
    ATTACK("a rule of Jira", "----"),
    ATTACK("a line break of Jira", "a\\\\b \\{code} \\\\{code}"),
    ATTACK("emoticons of Jira", ":) :( ;) :P (y) (!) (/) (x)"),
    ATTACK("emphasis of Jira", "*a* _b_ -c- +d+ ^e^ ~f~ ??g?? {{h}}"),
    ATTACK("schemes of Jira", "file://x irc://x javascript://x mailto:a@b.example"),
    ATTACK("a broadcast of Slack", "<!channel> <!here|all> <!everyone> @channel @here"),
    ATTACK("a mention of Slack", "<@U012AB3CD> <#C012AB3CD> <!subteam^S1> (@admin)"),
    ATTACK("a link of Slack", "<https://evil.example|bank> <mailto:x|y>"),
    ATTACK("marks of Slack", "*a* _b_ ~c~ `d` ```e``` _ f_ _g snake_case a@b.example"),
    ATTACK("entities of Slack", "&lt;!channel&gt; &amp;lt;"),
    ATTACK("noncharacters", "a\xef\xbf\xbe"
                            "b\xef\xbf\xbf"
                            "c"),
    ATTACK("a footnote", "x[^1] [1] [1|#evidence1] e:10abcdef0123"),
    {"a long word", {long_word, LONG_WORD}},
    {"a long row of marks", {long_marks, LONG_WORD}},
};

const struct attack *
attacks_all(size_t *ret_count)
{
    memset(long_word, 'w', sizeof(long_word));
    memset(long_marks, '<', sizeof(long_marks));
    *ret_count = sizeof(attacks) / sizeof(attacks[0]);
    return attacks;
}

/* ---- what is not to be there ---- */

/* Cc but the line end, Zl, Zp, and Default_Ignorable_Code_Point but text and emoji style. */
static const char *
point_seen(unsigned long point)
{
    if (point == '\n')
        return NULL;
    if (point < 0x20 || (point >= 0x7f && point < 0xa0))
        return "a control character";
    if (point == 0x2028 || point == 0x2029)
        return "a line end";
    if (point == 0x61c || (point >= 0x200e && point <= 0x200f) ||
        (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069))
        return "a direction mark";
    if (point >= 0xe0000 && point <= 0xe0fff)
        return "a tag or variant";
    if (point >= 0xfe00 && point <= 0xfe0d)
        return "a variant";
    if (point == 0xad || point == 0x34f || point == 0x115f || point == 0x1160 || point == 0x17b4 ||
        point == 0x17b5 || (point >= 0x180b && point <= 0x180f) ||
        (point >= 0x200b && point <= 0x200d) || (point >= 0x2060 && point <= 0x206f) ||
        point == 0x3164 || point == 0xfeff || point == 0xffa0 ||
        (point >= 0xfff0 && point <= 0xfffb) || (point >= 0xfffe && point <= 0xffff) ||
        (point >= 0x1bca0 && point <= 0x1bca3) || (point >= 0x1d173 && point <= 0x1d17a))
        return "a character that is not seen";
    return point >= 0xfdd0 && point <= 0xfdef ? "a mark of a colour" : NULL;
}

const char *
attack_seen(struct sv shown)
{
    for (size_t at = 0; at < shown.len;) {
        size_t length = utf8_length(sv_slice(shown, at, shown.len));
        if (length == 0)
            return "a byte that is not UTF-8";
        const unsigned char *p = (const unsigned char *)shown.ptr + at;
        unsigned long point = length == 1 ? p[0] : p[0] & (0xffUL >> (length + 1));
        for (size_t i = 1; i < length; i++)
            point = point << 6 | (p[i] & 0x3f);
        bool line_end = point == '\r' && at + 1 < shown.len && shown.ptr[at + 1] == '\n';
        if (!line_end && point_seen(point) != NULL)
            return point_seen(point);
        at += length;
    }
    return NULL;
}

size_t
attack_lines(struct sv shown)
{
    size_t lines = 0;
    for (size_t i = 0; i < shown.len; i++)
        lines += shown.ptr[i] == '\n';
    return lines;
}

/* ---- reading back ---- */

/* The character of an entity at the start of `text`, and its length; 0 where there is none. */
static size_t
entity(struct sv text, char *ret_c)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {{"&lt;", '<'},   {"&gt;", '>'},   {"&amp;", '&'},
                    {"&quot;", '"'}, {"&#39;", '\''}, {"&#96;", '`'}};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        if (sv_starts(text, sv_from(entities[i].name))) {
            *ret_c = entities[i].c;
            return strlen(entities[i].name);
        }
    return 0;
}

bool
attack_read_html(struct sv shown, struct strbuf *ret_text)
{
    for (size_t at = 0; at < shown.len;) {
        char c = shown.ptr[at];
        size_t length = c == '&' ? entity(sv_slice(shown, at, shown.len), &c) : 1;
        if (length == 0 || (length == 1 && strchr("<>\"'`", c) != NULL && c != '\0'))
            return false;
        strbuf_add_char(ret_text, c);
        at += length;
    }
    return true;
}

/* True if the line begins with what makes a list, a rule or a heading. */
static bool
begins_block(struct sv shown)
{
    size_t digits = 0;
    while (digits < shown.len && isdigit((unsigned char)shown.ptr[digits]))
        digits++;
    if (digits > 0 && digits < 10 && digits < shown.len &&
        (shown.ptr[digits] == '.' || shown.ptr[digits] == ')') &&
        (digits + 1 == shown.len || shown.ptr[digits + 1] == ' '))
        return true;
    return shown.len > 0 && (strchr("+-=: ", shown.ptr[0]) != NULL);
}

bool
attack_read_markdown(struct sv shown, struct strbuf *ret_text)
{
    if (begins_block(shown))
        return false;
    for (size_t at = 0; at < shown.len;) {
        char c = shown.ptr[at];
        size_t length = c == '&' ? entity(sv_slice(shown, at, shown.len), &c) : 1;
        if (c == '\\' && at + 1 < shown.len && ispunct((unsigned char)shown.ptr[at + 1]))
            c = shown.ptr[at + 1], length = 2;
        if (length == 0 || (length == 1 && c != '\0' && strchr("<>[]\\`*_{}|~$#!\n", c) != NULL))
            return false;
        strbuf_add_char(ret_text, c);
        at += length;
    }
    return true;
}

bool
attack_reads_as_json(struct sv shown)
{
    json_error_t error;
    json_t *value = json_loadb(shown.ptr, shown.len,
                               JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    bool reads = value != NULL;
    json_decref(value);
    return reads;
}

static struct sv
csv_cell(struct arena *arena, struct sv *rest)
{
    char *cell = arena_alloc(arena, rest->len + 1);
    size_t used = 0, at = 0;
    bool quoted = rest->len > 0 && rest->ptr[0] == '"';
    for (at = quoted; at < rest->len; at++) {
        char c = rest->ptr[at];
        if (quoted && c == '"') {
            if (at + 1 == rest->len || rest->ptr[at + 1] != '"') {
                at++;
                break;
            }
            at++;
        } else if (!quoted && (c == ',' || c == '\r' || c == '\n')) {
            break;
        }
        cell[used++] = rest->ptr[at];
    }
    *rest = sv_slice(*rest, at, rest->len);
    return sv_of(cell, used);
}

bool
attack_csv_row(struct arena *arena, struct sv *rest, struct sv *cells, size_t room,
               size_t *ret_count)
{
    size_t count = 0;
    if (rest->len == 0)
        return false;
    for (bool more = true; more; count++) {
        struct sv cell = csv_cell(arena, rest);
        if (count < room)
            cells[count] = cell;
        more = rest->len > 0 && rest->ptr[0] == ',';
        if (more)
            *rest = sv_slice(*rest, 1, rest->len);
    }
    if (sv_starts(*rest, SV("\r\n")))
        *rest = sv_slice(*rest, 2, rest->len);
    else if (rest->len > 0)
        count = SIZE_MAX; /* bytes after a quote */
    *ret_count = count;
    return count != SIZE_MAX;
}

bool
attack_is_formula(struct sv cell)
{
    static const char *const starts[] = {
        "=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
    while (cell.len > 0 && isspace((unsigned char)cell.ptr[0]))
        cell = sv_slice(cell, 1, cell.len);
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (sv_starts(cell, sv_from(starts[i])))
            return true;
    return false;
}

void
attack_markdown_frame(struct sv shown, struct strbuf *ret_frame)
{
    for (size_t at = 0; at < shown.len;) {
        char c = shown.ptr[at];
        size_t length = c == '&' ? entity(sv_slice(shown, at, shown.len), &c) : 1;
        bool escaped = c == '\\' && at + 1 < shown.len && ispunct((unsigned char)shown.ptr[at + 1]);
        if (escaped)
            length = 2;
        if (length <= 1 && c != '\0' && strchr("&<>[]\\`*_{}|~$#!\n", c) != NULL)
            strbuf_add_char(ret_frame, c);
        at += length == 0 ? 1 : length;
    }
}
