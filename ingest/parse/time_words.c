/*
 * Names in dates: see time_words.h. Pure functions.
 */
#include "ingest/parse/time_words.h"

#define WORD(word)                                                                                 \
    {                                                                                              \
        word, sizeof(word) - 1                                                                     \
    }

struct month_name {
    struct sv word;
    int month;
};

/* English first, short and long; then what Linux distributions set up in Europe write. */
static const struct month_name months[] = {
    {WORD("jan"), 1},
    {WORD("feb"), 2},
    {WORD("mar"), 3},
    {WORD("apr"), 4},
    {WORD("may"), 5},
    {WORD("jun"), 6},
    {WORD("jul"), 7},
    {WORD("aug"), 8},
    {WORD("sep"), 9},
    {WORD("oct"), 10},
    {WORD("nov"), 11},
    {WORD("dec"), 12},
    {WORD("january"), 1},
    {WORD("february"), 2},
    {WORD("march"), 3},
    {WORD("april"), 4},
    {WORD("june"), 6},
    {WORD("july"), 7},
    {WORD("august"), 8},
    {WORD("september"), 9},
    {WORD("october"), 10},
    {WORD("november"), 11},
    {WORD("december"), 12},
    {WORD("sept"), 9},
    {WORD("janv"), 1},
    {WORD("f\xC3\xA9v"), 2},
    {WORD("f\xC3\xA9vr"), 2},
    {WORD("mars"), 3},
    {WORD("avr"), 4},
    {WORD("mai"), 5},
    {WORD("juin"), 6},
    {WORD("juil"), 7},
    {WORD("ao\xC3\xBBt"), 8},
    {WORD("d\xC3\xA9"
          "c"),
     12},
    {WORD("janvier"), 1},
    {WORD("f\xC3\xA9vrier"), 2},
    {WORD("avril"), 4},
    {WORD("juillet"), 7},
    {WORD("septembre"), 9},
    {WORD("octobre"), 10},
    {WORD("novembre"), 11},
    {WORD("d\xC3\xA9"
          "cembre"),
     12},
    {WORD("m\xC3\xA4r"), 3},
    {WORD("mrz"), 3},
    {WORD("m\xC3\xA4rz"), 3},
    {WORD("okt"), 10},
    {WORD("dez"), 12},
    {WORD("januar"), 1},
    {WORD("februar"), 2},
    {WORD("juni"), 6},
    {WORD("juli"), 7},
    {WORD("oktober"), 10},
    {WORD("dezember"), 12},
    {WORD("ene"), 1},
    {WORD("abr"), 4},
    {WORD("ago"), 8},
    {WORD("dic"), 12},
    {WORD("set"), 9},
    {WORD("fev"), 2},
    {WORD("out"), 10},
    {WORD("gen"), 1},
    {WORD("mag"), 5},
    {WORD("giu"), 6},
    {WORD("lug"), 7},
    {WORD("ott"), 10},
    {WORD("mrt"), 3},
    {WORD("mei"), 5},
};

static const struct sv weekdays[] = {
    WORD("mon"),      WORD("tue"),        WORD("wed"),      WORD("thu"),     WORD("fri"),
    WORD("sat"),      WORD("sun"),        WORD("monday"),   WORD("tuesday"), WORD("wednesday"),
    WORD("thursday"), WORD("friday"),     WORD("saturday"), WORD("sunday"),  WORD("mo"),
    WORD("di"),       WORD("mi"),         WORD("do"),       WORD("fr"),      WORD("sa"),
    WORD("so"),       WORD("lun"),        WORD("mar"),      WORD("mer"),     WORD("jeu"),
    WORD("ven"),      WORD("sam"),        WORD("dim"),      WORD("lunes"),   WORD("martes"),
    WORD("jue"),      WORD("vie"),        WORD("dom"),      WORD("montag"),  WORD("dienstag"),
    WORD("mittwoch"), WORD("donnerstag"), WORD("freitag"),  WORD("samstag"), WORD("sonntag"),
};

static struct sv
without_dot(struct sv word)
{
    if (word.len > 1 && word.ptr[word.len - 1] == '.')
        word.len--;
    return word;
}

/* In ASCII lower case; `list` entries are. */
static bool
same(struct sv word, struct sv entry)
{
    if (word.len != entry.len)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (c != entry.ptr[i] && (c < 'A' || c > 'Z' || (c | 0x20) != entry.ptr[i]))
            return false;
    }
    return true;
}

/* Of the words of a text few begin as a month does. */
static bool
begins_like_month(struct sv word)
{
    switch ((unsigned char)(word.ptr[0] | 0x20) << 8 | (unsigned char)(word.ptr[1] | 0x20)) {
    case 'j' << 8 | 'a':
    case 'f' << 8 | 'e':
    case 'm' << 8 | 'a':
    case 'a' << 8 | 'p':
    case 'j' << 8 | 'u':
    case 'a' << 8 | 'u':
    case 's' << 8 | 'e':
    case 'o' << 8 | 'c':
    case 'n' << 8 | 'o':
    case 'd' << 8 | 'e':
    case 'a' << 8 | 'v':
    case 'a' << 8 | 'o':
    case 'm' << 8 | 'r':
    case 'm' << 8 | 'e':
    case 'o' << 8 | 'k':
    case 'e' << 8 | 'n':
    case 'a' << 8 | 'b':
    case 'a' << 8 | 'g':
    case 'd' << 8 | 'i':
    case 'o' << 8 | 'u':
    case 'g' << 8 | 'e':
    case 'g' << 8 | 'i':
    case 'l' << 8 | 'u':
    case 'o' << 8 | 't':
        return true;
    default:
        return (unsigned char)word.ptr[1] == 0xC3; /* f\u00e9v, d\u00e9c, m\u00e4r */
    }
}

static bool
begins_like_weekday(struct sv word)
{
    switch ((unsigned char)(word.ptr[0] | 0x20) << 8 | (unsigned char)(word.ptr[1] | 0x20)) {
    case 'm' << 8 | 'o':
    case 't' << 8 | 'u':
    case 'w' << 8 | 'e':
    case 't' << 8 | 'h':
    case 'f' << 8 | 'r':
    case 's' << 8 | 'a':
    case 's' << 8 | 'u':
    case 's' << 8 | 'o':
    case 'd' << 8 | 'i':
    case 'd' << 8 | 'o':
    case 'm' << 8 | 'i':
    case 'm' << 8 | 'a':
    case 'm' << 8 | 'e':
    case 'l' << 8 | 'u':
    case 'j' << 8 | 'e':
    case 'j' << 8 | 'u':
    case 'v' << 8 | 'e':
    case 'v' << 8 | 'i':
        return true;
    default:
        return false;
    }
}

int
time_month(struct sv word)
{
    word = without_dot(word);
    if (word.len < 3 || word.len > 10 || !begins_like_month(word))
        return 0;
    for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++)
        if (same(word, months[i].word))
            return months[i].month;
    return 0;
}

bool
time_weekday(struct sv word)
{
    word = without_dot(word);
    if (word.len < 2 || word.len > 10 || !begins_like_weekday(word))
        return false;
    for (size_t i = 0; i < sizeof(weekdays) / sizeof(weekdays[0]); i++)
        if (same(word, weekdays[i]))
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
