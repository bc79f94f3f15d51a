/*
 * Tokens of a line's head: see head_tokens.h. A token is told by what it looks like alone; whether
 * it belongs to the head is for line_head.c. Pure functions.
 */
#include "ingest/parse/head_tokens.h"

#include "ingest/parse/chars.h"
#include "ingest/parse/head_private.h"

#define GROUP_MAX 300
#define WORD_MAX 256

/* ---- brackets ---- */

static char
closing(char open)
{
    return open == '[' ? ']' : open == '(' ? ')' : open == '<' ? '>' : open == '{' ? '}' : '\0';
}

/* Where the bracket at `at` closes, or 0. */
static size_t
close_of(struct sv line, size_t at)
{
    char open = line.ptr[at], close = closing(open);
    int depth = 0;
    for (size_t i = at; i < line.len && i < at + GROUP_MAX; i++) {
        depth += line.ptr[i] == open;
        depth -= line.ptr[i] == close;
        if (depth == 0)
            return i;
    }
    return 0;
}

static void
read_group(struct sv inner, struct head_token *token)
{
    static const struct sv xorg[] = {{"EE", 2}, {"WW", 2}, {"II", 2}};
    struct sv trimmed = sv_trim(inner), file = trimmed;
    int severity = head_level(trimmed, true);
    for (size_t i = 0; i < sizeof(xorg) / sizeof(xorg[0]) && inner.ptr[-1] == '('; i++)
        if (sv_eq(trimmed, xorg[i]))
            severity = head_letter_level(trimmed.ptr[0]);
    token->text = trimmed;
    if (severity == 0 && trimmed.len == 1)
        severity = head_letter_level(trimmed.ptr[0]);
    if (severity != 0) {
        head_set_level(token, trimmed, severity);
        return;
    }
    if (head_module_and_level(trimmed, token))
        return;
    token->kind = HEAD_GROUP;
    if (head_is_pid(trimmed))
        token->kind = HEAD_PID;
    else if (sv_find_char(trimmed, ' ') != SIZE_MAX || sv_empty(trimmed))
        return;
    else if (head_cut_line_number(&file))
        token->kind = head_is_source(file) ? HEAD_POSITION : HEAD_LOGGER;
    else if (head_is_logger(trimmed, &token->class_name))
        token->kind = HEAD_LOGGER;
    else if (is_letter(trimmed.ptr[0]) && head_all(trimmed, head_is_identifier) &&
             inner.ptr[-1] != '<' && head_has_lower(trimmed))
        token->kind = HEAD_THREAD;
}

/* True if a time, or a level and a time, stands at the beginning of what the brackets hold: then
 * they hold the head, or a part of it. */
static bool
holds_head(const struct head_reader *reader, struct sv inner)
{
    struct read_time ignored;
    size_t skip = 0;
    if (reader->has_time)
        return false;
    while (is_letter(char_at(inner, skip)))
        skip++;
    bool level = skip > 0 && is_blank(char_at(inner, skip)) &&
                 (skip == 1 ? head_letter_level(inner.ptr[0])
                            : head_level(sv_slice(inner, 0, skip), true)) != 0;
    inner = level ? sv_trim(sv_slice(inner, skip, inner.len)) : inner;
    return head_time(inner, reader->hints, true, false, &ignored) > 0;
}

static bool
read_bracket(struct head_reader *reader, struct head_token *token)
{
    struct sv line = reader->line;
    size_t end = close_of(line, reader->at);
    if (end == 0)
        return false;
    struct sv inner = sv_slice(line, reader->at + 1, end), trimmed = sv_trim(inner);
    token->to = end + 1;
    size_t length =
        reader->has_time ? 0 : head_time(trimmed, reader->hints, true, true, &token->time);
    if (length > 0 && length == trimmed.len) {
        token->kind = HEAD_TIME;
        token->text = trimmed;
    } else if (holds_head(reader, inner) && reader->depth < (int)sizeof(reader->open)) {
        reader->open[reader->depth++] = closing(line.ptr[reader->at]);
        reader->at++;
        head_next(reader, token);
    } else {
        read_group(inner, token);
    }
    return true;
}

/* ---- words ---- */

/* "level=error", "pid=12" */
static bool
read_pair(struct sv word, struct head_token *token)
{
    static const struct sv levels[] = {{"level", 5}, {"lvl", 3}, {"severity", 8}, {"loglevel", 8}};
    size_t equals = sv_find_char(word, '=');
    if (equals == SIZE_MAX)
        return false;
    struct sv key = sv_slice(word, 0, equals), value = sv_slice(word, equals + 1, word.len);
    while (value.len > 1 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
        value = sv_slice(value, 1, value.len - 1);
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (sv_eq_nocase(key, levels[i]) && head_level(value, true) != 0) {
            head_set_level(token, value, head_level(value, true));
            return true;
        }
    if ((sv_eq_nocase(key, SV("pid")) || sv_eq_nocase(key, SV("tid"))) &&
        head_all(value, is_digit)) {
        token->kind = HEAD_PID;
        token->text = value;
        return true;
    }
    return false;
}

/* "felix/sync_client.go 356: " */
static void
read_position(struct sv line, struct head_token *token)
{
    size_t end = token->to + 1;
    while (is_digit(char_at(line, end)))
        end++;
    if (end == token->to + 1 || char_at(line, token->to) != ' ' || char_at(line, end) != ':' ||
        !head_is_source(token->text))
        return;
    token->kind = HEAD_POSITION;
    token->text = sv_slice(line, token->from, end);
    token->to = end;
}

/* "Thread-13::DEBUG::2026-03-10": do two colons part columns, and do not belong to a name? */
static bool
parts_columns(struct sv line, size_t at)
{
    size_t end = at + 2;
    if (char_at(line, at) != ':' || char_at(line, at + 1) != ':')
        return false;
    while (is_letter(char_at(line, end)))
        end++;
    return is_digit(char_at(line, end)) || head_level(sv_slice(line, at + 2, end), false) != 0;
}

static size_t
word_end(const struct head_reader *reader)
{
    struct sv line = reader->line;
    size_t from = reader->at, end = from;
    bool compact =
        reader->last->sign == ':' && !reader->last->spaced && reader->last->to + 1 == from;
    char close = reader->depth > 0 ? reader->open[reader->depth - 1] : '\0';
    for (; end < line.len && end < from + WORD_MAX; end++) {
        char c = line.ptr[end];
        if (is_blank(c) || c == '\0' || is_one_of(c, "|\r\n\"") || c == close ||
            (compact && c == ':' && char_at(line, end + 1) != ':') || parts_columns(line, end))
            break;
    }
    return end;
}

/* "shopd[71]" */
static bool
read_process(struct sv word, struct head_token *token)
{
    size_t bracket = sv_find_char(word, '[');
    if (bracket == SIZE_MAX || bracket == 0 || word.ptr[word.len - 1] != ']' ||
        !head_is_pid(sv_slice(word, bracket + 1, word.len - 1)))
        return false;
    token->kind = HEAD_NAME;
    token->text = sv_slice(word, 0, bracket);
    token->beside = sv_slice(word, bracket + 1, word.len - 1);
    return true;
}

static void
read_word(struct head_reader *reader, struct head_token *token)
{
    struct sv line = reader->line;
    size_t from = reader->at, end = word_end(reader);
    struct sv word = sv_slice(line, from, end);
    token->to = end;
    if (sv_empty(word) || read_pair(word, token))
        return;
    bool colon = word.ptr[word.len - 1] == ':';
    while (word.len > 1 && is_one_of(word.ptr[word.len - 1], ":,;"))
        word.len--;
    token->to = from + word.len;
    if (colon && head_channel_and_level(word, token))
        return;
    /* "pay.go:12]", klog */
    if (word.len > 1 && word.ptr[word.len - 1] == ']' && sv_find_char(word, '[') == SIZE_MAX)
        word.len--;
    if (read_process(word, token))
        return;
    token->text = word;
    token->kind = head_kind_of_word(word, &token->class_name);
    read_position(line, token);
    if (sv_find_char(word, '#') != SIZE_MAX && head_is_pid(word)) {
        token->kind = HEAD_PID;
        token->text = word.ptr[0] == '#' ? sv_slice(word, 1, word.len) : word;
    }
}

/* ---- the next token ---- */

/* java.util.logging writes time and class, and on the next line "SEVERE: " and the message. */
static bool
level_on_next_line(const struct head_reader *reader, size_t at)
{
    size_t end = at + 1;
    while (is_letter(char_at(reader->line, end)) || is_wide(char_at(reader->line, end)))
        end++;
    return reader->has_time && !reader->has_level && char_at(reader->line, end) == ':' &&
           head_level(sv_slice(reader->line, at + 1, end), false) != 0;
}

/* Blanks, and signs between columns; they are noted in the token before. */
static void
pass_signs(struct head_reader *reader)
{
    struct sv line = reader->line;
    struct head_token *last = reader->last;
    size_t from = reader->at, blanks = 0, at = from;
    for (; at < line.len; at++) {
        char c = line.ptr[at];
        if (is_blank(c) || (c == '\n' && level_on_next_line(reader, at))) {
            blanks++;
            last->wide = last->wide || c == '\t' || blanks > 1;
            last->spaced = last->spaced || last->sign == '\0';
            continue;
        }
        if (reader->depth > 0 && c == reader->open[reader->depth - 1]) {
            reader->depth--;
            last->closes = true;
            last->sign = '\0';
            last->spaced = last->wide = false;
            continue;
        }
        bool dash = c == '-' && (is_blank(char_at(line, at + 1)) || char_at(line, at + 1) == '-' ||
                                 char_at(line, at + 1) == '[' || char_at(line, at + 1) == '|');
        if (!dash && c != '|' && !((c == ':' || c == ',' || c == ';') && at > 0))
            break;
        last->dashes = last->dashes || (dash && last->sign == '-');
        /* "-- :" ends with the colon. */
        last->sign = last->sign == '|' ? '|' : c;
        blanks = 0;
    }
    reader->at = at;
}

/* "{38 vars in 696 bytes}", "{pay.py:12}", and not JSON. */
static bool
is_brace_group(const struct head_reader *reader)
{
    struct sv rest = sv_slice(reader->line, reader->at + 1, reader->at + 81);
    size_t end = sv_find_char(rest, '}'), quote = sv_find_char(rest, '"');
    char first = char_at(rest, 0);
    return !reader->has_level && end != SIZE_MAX && (quote == SIZE_MAX || quote > end) &&
           (is_letter(first) || is_digit(first) || first == '/');
}

static void
read_token(struct head_reader *reader, struct head_token *token)
{
    struct sv line = reader->line, rest = sv_slice(line, reader->at, line.len);
    char c = char_at(rest, 0);
    size_t length = 0;
    bool first = reader->at == 0;
    if (c == '<' && head_read_priority(reader, token))
        return;
    if (closing(c) != '\0' && (c != '{' || is_brace_group(reader))) {
        if (!read_bracket(reader, token))
            token->kind = HEAD_END;
        return;
    }
    size_t mark = (c == '*' || c == '.' || c == '"') && !reader->has_time ? 1 : 0;
    if (!reader->has_time && (is_digit(c) || is_letter(c) || mark > 0 || c == '@' || is_wide(c)))
        length = head_time(sv_slice(rest, mark, rest.len), reader->hints, reader->words == 0, first,
                           &token->time);
    if (length > 0) {
        token->kind = HEAD_TIME;
        token->text = sv_slice(rest, mark, mark + length);
        token->to = reader->at + mark + length + (c == '"' && char_at(rest, mark + length) == '"');
        return;
    }
    if ((is_letter(c) || is_wide(c)) &&
        ((first && head_read_glog(reader, token)) || head_read_level(reader, token) ||
         head_read_letter(reader, token)))
        return;
    if (is_letter(c) || is_digit(c) || (c == '#' && is_digit(char_at(rest, 1))) || c == '/' ||
        c == '_' || is_wide(c))
        read_word(reader, token);
    else
        token->kind = HEAD_END;
}

void
head_next(struct head_reader *reader, struct head_token *ret_token)
{
    pass_signs(reader);
    *ret_token = (struct head_token){.kind = HEAD_END, .from = reader->at, .to = reader->at};
    if (reader->at < reader->line.len)
        read_token(reader, ret_token);
}
