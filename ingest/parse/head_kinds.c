/*
 * What a text without blanks is, by its looks: see head_tokens.h. Pure functions.
 */
#include "ingest/parse/chars.h"
#include "ingest/parse/head_private.h"

bool
head_all(struct sv text, bool (*fits)(char c))
{
    for (size_t i = 0; i < text.len; i++)
        if (!fits(text.ptr[i]))
            return false;
    return text.len > 0;
}

bool
head_has_lower(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
            return true;
    return false;
}

/* "Pay.java", "felix/sync_client.go" */
bool
head_is_source(struct sv text)
{
    static const char *const ends[] = {".go", ".py",  ".c",     ".cc", ".cpp", ".h",     ".java",
                                       ".kt", ".rb",  ".js",    ".ts", ".rs",  ".php",   ".cs",
                                       ".ex", ".erl", ".scala", ".pl", ".lua", ".swift", ".m"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (sv_ends(text, sv_from(ends[i])))
            return true;
    return false;
}

/* "pay.go:12": the digits behind the last colon, cut off. */
bool
head_cut_line_number(struct sv *text)
{
    size_t digits = 0;
    while (digits < text->len && is_digit(text->ptr[text->len - 1 - digits]))
        digits++;
    if (digits == 0 || digits + 1 >= text->len || text->ptr[text->len - 1 - digits] != ':')
        return false;
    text->len -= digits + 1;
    return true;
}

bool
head_is_identifier(char c)
{
    return is_letter(c) || is_digit(c) || is_one_of(c, "._$:/@-#\\");
}

/* The name of a class or module: dots or colons between parts that begin with letters, and a class
 * or a '$' at the end, or three parts: "dfs.DataNode$Server", "nova.compute.manager". */
bool
head_is_logger(struct sv text, bool *ret_class)
{
    size_t parts = 1;
    bool capital = is_letter(text.ptr[0]) && is_upper(text.ptr[0]), special = false;
    if (!head_all(text, head_is_identifier) || !is_letter(text.ptr[0]) ||
        sv_contains(text, SV("/")))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        special = special || c == '$' || (c == ':' && char_at(text, i + 1) == ':');
        if (c != '.')
            continue;
        if (!is_letter(char_at(text, i + 1)) && char_at(text, i + 1) != '_')
            return false;
        parts++;
        capital = capital || is_upper(char_at(text, i + 1));
    }
    *ret_class = special || (parts >= 2 && capital);
    return *ret_class || (parts >= 3 && !head_is_source(text));
}

enum head_token_kind
head_kind_of_word(struct sv text, bool *ret_class)
{
    bool lower = false, other = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool inner = (c == '\'' || c == '-') && i > 0 && is_letter(char_at(text, i + 1));
        lower = lower || (c >= 'a' && c <= 'z') || is_wide(c);
        other = other || !(is_letter(c) || is_wide(c) || inner);
    }
    struct sv file = text;
    if (head_cut_line_number(&file) && head_is_source(file))
        return HEAD_POSITION;
    if (head_is_logger(text, ret_class))
        return HEAD_LOGGER;
    if (other)
        return head_all(text, is_digit) ? HEAD_NUMBER : HEAD_NAME;
    return lower || text.len < 2 ? HEAD_WORD : HEAD_UPPER;
}

bool
head_is_pid(struct sv inner)
{
    static const struct sv names[] = {{"pid", 3}, {"tid", 3}, {"thread", 6}, {"#", 1}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_starts_nocase(inner, names[i])) {
            size_t at = names[i].len;
            while (at < inner.len && is_one_of(inner.ptr[at], " =:-"))
                at++;
            return is_digit(char_at(inner, at));
        }
    size_t signs = 0;
    for (size_t i = 0; i < inner.len; i++) {
        bool sign = i > 0 && is_one_of(inner.ptr[i], ":#/-");
        if (!sign && !is_digit(inner.ptr[i]))
            return false;
        signs += sign;
    }
    return inner.len > 0 && inner.len <= 24 && signs <= 1;
}

bool
head_ends(struct sv text, size_t at)
{
    char c = char_at(text, at);
    return at >= text.len || is_one_of(c, " ]:,\t-|>)\"(;\r\n[}");
}
