/*
 * Severity tables: see severity.h. Pure functions.
 */
#include "ingest/parse/severity.h"

#define WORD(word, severity)                                                                       \
    {                                                                                              \
        word, sizeof(word) - 1, severity                                                           \
    }

/* The usual ones first. */
static const struct {
    const char *word;
    size_t len;
    int severity;
} words[] = {
    WORD("info", 9),
    WORD("error", 17),
    WORD("warn", 13),
    WORD("warning", 13),
    WORD("debug", 5),
    WORD("err", 17),
    WORD("notice", 10),
    WORD("trace", 1),
    WORD("critical", 21),
    WORD("fatal", 21),
    WORD("emergency", 24),
    WORD("emerg", 24),
    WORD("panic", 24),
    WORD("alert", 23),
    WORD("disaster", 22),
    WORD("page", 21),
    WORD("crit", 21),
    WORD("dpanic", 21),
    WORD("f", 21),
    WORD("p1", 21),
    WORD("p0", 21),
    WORD("sev0", 21),
    WORD("sev1", 21),
    WORD("sev-0", 21),
    WORD("sev-1", 21),
    WORD("s1", 21),
    WORD("blocker", 21),
    WORD("eror", 17),
    WORD("e", 17),
    WORD("high", 17),
    WORD("major", 17),
    WORD("severe", 17),
    WORD("p2", 17),
    WORD("sev2", 17),
    WORD("sev-2", 17),
    WORD("s2", 17),
    WORD("w", 13),
    WORD("medium", 13),
    WORD("minor", 13),
    WORD("ticket", 13),
    WORD("average", 13),
    WORD("p3", 13),
    WORD("sev3", 13),
    WORD("sev-3", 13),
    WORD("s3", 13),
    WORD("i", 9),
    WORD("information", 9),
    WORD("log", 9),
    WORD("informational", 9),
    WORD("low", 9),
    WORD("p4", 9),
    WORD("sev4", 9),
    WORD("sev-4", 9),
    WORD("s4", 9),
    WORD("d", 5),
    WORD("p5", 5),
    WORD("verbose", 5),
    WORD("v", 5),
    WORD("fine", 5),
    WORD("dbug", 5),
    WORD("finest", 1),
    WORD("finer", 1),
    WORD("config", 9),
    WORD("note", 9),
    WORD("success", 9),
    WORD("audit", 10),
    WORD("debug1", 5),
    WORD("debug2", 5),
    WORD("debug3", 5),
    WORD("debug4", 5),
    WORD("debug5", 5),
    WORD("inf", 9),
    WORD("wrn", 13),
    WORD("dbg", 5),
    WORD("trc", 1),
    WORD("ftl", 21),
    /* as translated by log4j's and PostgreSQL's catalogues */
    WORD("fehler", 17),
    WORD("warnung", 13),
    WORD("hinweis", 10),
    WORD("schwerwiegend", 17),
    WORD("erreur", 17),
    WORD("avertissement", 13),
    WORD("grave", 17),
    WORD("infos", 9),
    WORD("advertencia", 13),
    WORD("errore", 17),
    WORD("avviso", 13),
    WORD("erro", 17),
};

/* `text` in either case; `word` in lower case, of the same length. */
static inline bool
same_word(const char *text, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool letter = word[i] >= 'a' && word[i] <= 'z';
        if (text[i] != word[i] && (!letter || (text[i] | 0x20) != word[i]))
            return false;
    }
    return true;
}

int
severity_word(struct sv word)
{
    word = sv_trim(word);
    if (sv_empty(word))
        return SEVERITY_UNSET;
    char first = (char)(word.ptr[0] | 0x20); /* lower case, if it is a letter */
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].len == word.len && words[i].word[0] == first &&
            same_word(word.ptr, words[i].word, word.len))
            return words[i].severity;
    return SEVERITY_UNSET;
}

static bool
alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* 1 is the worst. */
static int
severity_rank(struct sv digit)
{
    static const int ranks[] = {21, 21, 17, 13, 9, 5};
    bool known = digit.len == 1 && digit.ptr[0] >= '0' && digit.ptr[0] <= '5';
    return known ? ranks[digit.ptr[0] - '0'] : SEVERITY_UNSET;
}

/* True if a number behind this word counts from the worst. */
static bool
names_rank(struct sv word)
{
    static const struct sv names[] = {{"sev", 3},  {"severity", 8}, {"p", 1},    {"s", 1},
                                      {"prio", 4}, {"priority", 8}, {"level", 5}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq_nocase(word, names[i]))
            return true;
    return false;
}

int
severity_label(struct sv text)
{
    text = sv_trim(text);
    int severity = severity_word(text);
    struct sv before = SV_NONE;
    if (severity == SEVERITY_UNSET)
        severity = severity_rank(text);
    for (size_t at = 0; at < text.len && at < 64 && severity == SEVERITY_UNSET;) {
        size_t end = at;
        while (end < text.len && alphanumeric(text.ptr[end]))
            end++;
        struct sv word = sv_slice(text, at, end);
        bool denied = sv_eq_nocase(before, SV("non")) || sv_eq_nocase(before, SV("not"));
        if (names_rank(before))
            severity = severity_rank(word);
        if (severity == SEVERITY_UNSET && word.len >= 2 && !denied)
            severity = severity_word(word);
        before = sv_empty(word) ? before : word;
        at = end + 1;
    }
    return severity;
}

int
severity_syslog(int64_t number)
{
    static const int levels[] = {24, 23, 21, 17, 13, 10, 9, 5};
    return number >= 0 && number <= 7 ? levels[number] : SEVERITY_UNSET;
}

int
severity_letter(char letter)
{
    static const struct {
        char letter;
        int severity;
    } letters[] = {{'I', 9},  {'D', 5}, {'E', 17}, {'W', 13}, {'V', 5},
                   {'F', 21}, {'T', 1}, {'N', 10}, {'C', 21}};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        if (letters[i].letter == letter)
            return letters[i].severity;
    return SEVERITY_UNSET;
}

int
severity_number(int64_t number)
{
    if (number >= 1000 && number <= 60000)
        return number >= 40000   ? 17
               : number >= 30000 ? 13
               : number >= 20000 ? 9
               : number >= 10000 ? 5
                                 : 1;
    if (number < 10 || number > 69)
        return SEVERITY_UNSET;
    static const int levels[] = {1, 5, 9, 13, 17, 21};
    return levels[number / 10 - 1];
}

int
severity_text(struct sv text)
{
    int64_t number = 0;
    if (sv_to_int64(text, &number))
        return severity_number(number);
    return severity_word(text);
}
