/*
 * Severity tables: see severity.h. Pure functions.
 */
#include "ingest/parse/severity.h"

static const struct {
    const char *word;
    int severity;
} words[] = {
    {"emergency", 24},
    {"emerg", 24},
    {"panic", 24},
    {"alert", 23},
    {"disaster", 22},
    {"page", 21},
    {"critical", 21},
    {"crit", 21},
    {"fatal", 21},
    {"dpanic", 21},
    {"f", 21},
    {"p1", 21},
    {"p0", 21},
    {"sev0", 21},
    {"sev1", 21},
    {"sev-0", 21},
    {"sev-1", 21},
    {"s1", 21},
    {"blocker", 21},
    {"error", 17},
    {"err", 17},
    {"eror", 17},
    {"e", 17},
    {"high", 17},
    {"major", 17},
    {"severe", 17},
    {"p2", 17},
    {"sev2", 17},
    {"sev-2", 17},
    {"s2", 17},
    {"warning", 13},
    {"warn", 13},
    {"w", 13},
    {"medium", 13},
    {"minor", 13},
    {"ticket", 13},
    {"average", 13},
    {"p3", 13},
    {"sev3", 13},
    {"sev-3", 13},
    {"s3", 13},
    {"notice", 10},
    {"info", 9},
    {"i", 9},
    {"information", 9},
    {"log", 9},
    {"informational", 9},
    {"low", 9},
    {"p4", 9},
    {"sev4", 9},
    {"sev-4", 9},
    {"s4", 9},
    {"debug", 5},
    {"d", 5},
    {"p5", 5},
    {"verbose", 5},
    {"fine", 5},
    {"dbug", 5},
    {"trace", 1},
    {"finest", 1},
    {"finer", 1},
};

int
severity_word(struct sv word)
{
    word = sv_trim(word);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq_nocase(word, sv_from(words[i].word)))
            return words[i].severity;
    return SEVERITY_UNSET;
}

int
severity_syslog(int64_t number)
{
    static const int levels[] = {24, 23, 21, 17, 13, 10, 9, 5};
    return number >= 0 && number <= 7 ? levels[number] : SEVERITY_UNSET;
}

int
severity_number(int64_t number)
{
    if (number >= 0 && number <= 7)
        return severity_syslog(number);
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
