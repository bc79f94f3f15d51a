/*
 * Levels in the head of a line: see head_tokens.h. Fewer words than severity.h knows: "page" and
 * "high" are severities of alerts, and words of sentences in a line.
 */
#include "ingest/parse/chars.h"
#include "ingest/parse/head_private.h"
#include "ingest/parse/severity.h"

#define WORD_MAX 40 /* bytes; letters beyond ASCII have several */

#define WIDE_COLON SV("\xef\xbc\x9a")

#define WORD(word)                                                                                 \
    {                                                                                              \
        word, sizeof(word) - 1                                                                     \
    }

/* Where brackets set a word apart, or it is in upper case. */
static const struct sv words[] = {
    WORD("trace"),         WORD("debug"),       WORD("debug1"),        WORD("debug2"),
    WORD("debug3"),        WORD("debug4"),      WORD("debug5"),        WORD("verbose"),
    WORD("fine"),          WORD("finer"),       WORD("finest"),        WORD("config"),
    WORD("info"),          WORD("information"), WORD("informational"), WORD("notice"),
    WORD("warn"),          WORD("warning"),     WORD("error"),         WORD("err"),
    WORD("eror"),          WORD("severe"),      WORD("fatal"),         WORD("critical"),
    WORD("crit"),          WORD("alert"),       WORD("emerg"),         WORD("emergency"),
    WORD("panic"),         WORD("dpanic"),      WORD("note"),          WORD("log"),
    WORD("success"),       WORD("audit"),       WORD("inf"),           WORD("wrn"),
    WORD("dbg"),           WORD("trc"),         WORD("ftl"),           WORD("warnung"),
    WORD("fehler"),        WORD("hinweis"),     WORD("schwerwiegend"), WORD("erreur"),
    WORD("avertissement"), WORD("grave"),       WORD("infos"),         WORD("advertencia"),
    WORD("errore"),        WORD("avviso"),      WORD("erro"),          WORD("kritisch"),
    WORD("informationen"), WORD("panik"),       WORD("critique"),      WORD("attention"),
    WORD("critico"),       WORD("informacion"), WORD("aviso"),         WORD("attenzione"),
    WORD("avvertenza"),    WORD("fatale"),      WORD("waarschuwing"),  WORD("hata"),
    WORD("uyari"),
};

/* In lower case these begin no sentence. */
static const struct sv plain[] = {
    WORD("info"), WORD("debug"), WORD("warn"),  WORD("notice"), WORD("trace"), WORD("err"),
    WORD("crit"), WORD("emerg"), WORD("fatal"), WORD("dbg"),    WORD("inf"),   WORD("wrn"),
};

static bool
among(struct sv word, const struct sv *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].len == word.len && ((list[i].ptr[0] ^ word.ptr[0]) & 0x1f) == 0 &&
            sv_eq_nocase(word, list[i]))
            return true;
    return false;
}

static bool
all_upper(struct sv word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= 'a' && word.ptr[i] <= 'z')
            return false;
    return true;
}

static bool
has_wide(struct sv word)
{
    for (size_t i = 0; i < word.len; i++)
        if (is_wide(word.ptr[i]))
            return true;
    return false;
}

int
head_level(struct sv word, bool marked)
{
    bool quiet = false;
    if (has_wide(word)) {
        int severity = severity_translated(word, &quiet);
        return marked || !quiet ? severity : 0;
    }
    if (word.len < 3 || word.len > 13 || (!marked && !all_upper(word)) ||
        !among(word, words, sizeof(words) / sizeof(words[0])))
        return 0;
    return severity_word(word);
}

bool
head_plain_level(struct sv word)
{
    return word.len >= 3 && among(word, plain, sizeof(plain) / sizeof(plain[0]));
}

void
head_set_level(struct head_token *token, struct sv word, int severity)
{
    token->kind = HEAD_LEVEL;
    token->text = word;
    token->severity = severity;
    token->letter = word.len == 1;
}

int
head_letter_level(char c)
{
    return is_one_of(c, "EWIDFVTNC") ? severity_letter(c) : 0;
}

/* "core:error", "ssl:warn" */
bool
head_module_and_level(struct sv inner, struct head_token *token)
{
    size_t colon = sv_find_char(inner, ':');
    if (colon == SIZE_MAX)
        return false;
    struct sv word = sv_slice(inner, colon + 1, inner.len);
    int severity = head_level(word, true);
    if (severity == 0)
        return false;
    head_set_level(token, word, severity);
    token->beside = sv_slice(inner, 0, colon);
    return true;
}

/* "local.ERROR:", "app.WARNING:", Monolog */
bool
head_channel_and_level(struct sv word, struct head_token *token)
{
    size_t dot = word.len;
    while (dot > 0 && word.ptr[dot - 1] != '.')
        dot--;
    struct sv level = sv_slice(word, dot, word.len);
    if (dot < 2 || head_level(level, false) == 0)
        return false;
    head_set_level(token, level, head_level(level, false));
    token->beside = sv_slice(word, 0, dot - 1);
    return true;
}

/* Letters that a sign or a wide gap sets apart, as columns are. */
static bool
set_apart(struct sv line, size_t end)
{
    char c = char_at(line, end);
    if (c == ':' || c == '|' || c == '\t' || c == ']' || c == '>')
        return true;
    while (is_blank(char_at(line, end)))
        end++;
    return c == ' ' && (char_at(line, end - 2) == ' ' || char_at(line, end) == '|' ||
                        (char_at(line, end) == ':' && is_blank(char_at(line, end + 1))));
}

/* Before the wide colon that is written without a blank behind it. */
static bool
read_wide_level(const struct head_reader *reader, struct sv word, struct head_token *token)
{
    size_t colon = sv_find(word, WIDE_COLON);
    int severity = colon == SIZE_MAX ? 0 : head_level(sv_slice(word, 0, colon), true);
    if (severity == 0)
        return false;
    head_set_level(token, sv_slice(word, 0, colon), severity);
    token->to = reader->at + colon + WIDE_COLON.len;
    return true;
}

/* A level's word of letters at `at`, perhaps with a digit behind it. */
bool
head_read_level(const struct head_reader *reader, struct head_token *token)
{
    struct sv line = reader->line;
    size_t end = reader->at;
    while (is_letter(char_at(line, end)) || is_wide(char_at(line, end)))
        end++;
    struct sv word = sv_slice(line, reader->at, end);
    if (word.len > 3 && is_wide(word.ptr[0]) && read_wide_level(reader, word, token))
        return true;
    if (word.len < 3 || word.len > WORD_MAX || (word.len > 14 && !is_wide(word.ptr[1])))
        return false;
    if (char_at(line, end) >= '1' && char_at(line, end) <= '5' && sv_eq(word, SV("DEBUG")))
        word = sv_slice(line, reader->at, ++end);
    char c = char_at(line, end);
    if (!head_ends(line, end) && c != '/' && c != '.' && c != '!')
        return false;
    if ((c == '.' || c == '/') && !is_letter(char_at(line, end + 1)))
        return false;
    bool after_time = reader->last->kind == HEAD_TIME || reader->last->sign == ':';
    bool marked =
        set_apart(line, end) || (after_time && c != ':' && head_plain_level(word) && c != '.');
    int severity = head_level(word, marked);
    if (severity == 0)
        return false;
    head_set_level(token, word, severity);
    token->to = end + (c == '!');
    if (c == '/') { /* "ERROR/MainProcess" */
        size_t from = end + 1;
        for (end = from; !head_ends(line, end) || char_at(line, end) == '-';)
            end++;
        token->beside = sv_slice(line, from, end);
        token->to = end;
    }
    return true;
}

/* "I NETWORK", "E/Tag", "D Tag: ", "E, [": a letter alone, where a level is to be expected. */
bool
head_read_letter(const struct head_reader *reader, struct head_token *token)
{
    struct sv line = reader->line;
    char c = line.ptr[reader->at], next = char_at(line, reader->at + 1);
    bool first = reader->at == 0, expected = reader->last->kind == HEAD_TIME ||
                                             reader->last->kind == HEAD_NUMBER || reader->depth > 0;
    if (is_letter(next) || reader->has_level)
        return false;
    int severity = head_letter_level(c);
    if (severity == 0)
        return false;
    size_t behind = reader->at + 1;
    while (is_blank(char_at(line, behind)))
        behind++;
    char after = char_at(line, behind);
    bool cups = first && is_blank(next) && after == '[';
    bool apart =
        is_blank(next) && (is_upper(after) || is_one_of(after, "[-(|") || is_digit(after) ||
                           reader->last->kind == HEAD_NUMBER || reader->depth > 0);
    bool tag = next == '/' && is_letter(char_at(line, reader->at + 2));
    bool ruby = first && next == ',' && after == ',' && sv_starts(sv_slice(line, 1, 4), SV(", ["));
    if (!((expected && (apart || tag || next == ']')) || (first && tag) || ruby || cups))
        return false;
    head_set_level(token, sv_slice(line, reader->at, reader->at + 1), severity);
    token->to = reader->at + 1;
    if (tag) { /* "E/ActivityManager( 1702): " */
        size_t end = reader->at + 2;
        while (end < line.len && !is_blank(line.ptr[end]) && line.ptr[end] != ':' &&
               line.ptr[end] != '(')
            end++;
        token->beside = sv_slice(line, reader->at + 2, end);
        token->to = end;
    }
    return true;
}

/* "<3>": syslog's priority, or the level of a line that systemd or the kernel reads. */
bool
head_read_priority(const struct head_reader *reader, struct head_token *token)
{
    struct sv line = reader->line;
    size_t end = sv_find_char(sv_slice(line, 0, 5), '>');
    int64_t number = 0;
    if (reader->at != 0 || end == SIZE_MAX || !sv_to_int64(sv_slice(line, 1, end), &number) ||
        number < 0 || number > 191)
        return false;
    head_set_level(token, sv_slice(line, 1, end), severity_syslog(number % 8));
    token->to = end + 1;
    return true;
}
