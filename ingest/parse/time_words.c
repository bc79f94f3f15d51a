/*
 * Names in dates: see time_words.h. Pure functions.
 */
#include "ingest/parse/time_words.h"

struct name {
    const char *word;
    int month;
};

/* English first, short and long; then what Linux distributions set up in Europe write. */
static const struct name months[] = {
    {"jan", 1},
    {"feb", 2},
    {"mar", 3},
    {"apr", 4},
    {"may", 5},
    {"jun", 6},
    {"jul", 7},
    {"aug", 8},
    {"sep", 9},
    {"oct", 10},
    {"nov", 11},
    {"dec", 12},
    {"january", 1},
    {"february", 2},
    {"march", 3},
    {"april", 4},
    {"june", 6},
    {"july", 7},
    {"august", 8},
    {"september", 9},
    {"october", 10},
    {"november", 11},
    {"december", 12},
    {"sept", 9},
    {"janv", 1},
    {"f\xC3\xA9v", 2},
    {"f\xC3\xA9vr", 2},
    {"mars", 3},
    {"avr", 4},
    {"mai", 5},
    {"juin", 6},
    {"juil", 7},
    {"ao\xC3\xBBt", 8},
    {"d\xC3\xA9"
     "c",
     12},
    {"janvier", 1},
    {"f\xC3\xA9vrier", 2},
    {"avril", 4},
    {"juillet", 7},
    {"septembre", 9},
    {"octobre", 10},
    {"novembre", 11},
    {"d\xC3\xA9"
     "cembre",
     12},
    {"m\xC3\xA4r", 3},
    {"mrz", 3},
    {"m\xC3\xA4rz", 3},
    {"okt", 10},
    {"dez", 12},
    {"januar", 1},
    {"februar", 2},
    {"juni", 6},
    {"juli", 7},
    {"oktober", 10},
    {"dezember", 12},
    {"ene", 1},
    {"abr", 4},
    {"ago", 8},
    {"dic", 12},
    {"set", 9},
    {"fev", 2},
    {"out", 10},
    {"gen", 1},
    {"mag", 5},
    {"giu", 6},
    {"lug", 7},
    {"ott", 10},
    {"mrt", 3},
    {"mei", 5},
};

static const char *const weekdays[] = {
    "mon",     "tue",       "wed",      "thu",      "fri",        "sat",     "sun",     "monday",
    "tuesday", "wednesday", "thursday", "friday",   "saturday",   "sunday",  "mo",      "di",
    "mi",      "do",        "fr",       "sa",       "so",         "lun",     "mar",     "mer",
    "jeu",     "ven",       "sam",      "dim",      "lunes",      "martes",  "jue",     "vie",
    "dom",     "montag",    "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
};

static struct sv
without_dot(struct sv word)
{
    if (word.len > 1 && word.ptr[word.len - 1] == '.')
        word.len--;
    return word;
}

int
time_month(struct sv word)
{
    word = without_dot(word);
    if (word.len < 3 || word.len > 10)
        return 0;
    for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++)
        if (((months[i].word[0] ^ word.ptr[0]) & 0x1f) == 0 &&
            sv_eq_nocase(word, sv_from(months[i].word)))
            return months[i].month;
    return 0;
}

bool
time_weekday(struct sv word)
{
    word = without_dot(word);
    if (word.len < 2 || word.len > 10)
        return false;
    for (size_t i = 0; i < sizeof(weekdays) / sizeof(weekdays[0]); i++)
        if (((weekdays[i][0] ^ word.ptr[0]) & 0x1f) == 0 &&
            sv_eq_nocase(word, sv_from(weekdays[i])))
            return true;
    return false;
}

size_t
time_word_length(struct sv text)
{
    size_t at = 0;
    while (at < text.len && (((text.ptr[at] | 0x20) >= 'a' && (text.ptr[at] | 0x20) <= 'z') ||
                             (unsigned char)text.ptr[at] > 0x7f))
        at++;
    return at > 0 && at < text.len && text.ptr[at] == '.' ? at + 1 : at;
}
