/*
 * Figures of an impact: see figures.h. Words are cut at blanks; what stands around them is not part
 * of a word.
 */
#include "report/section/figures.h"

#include <string.h>

#define NEAR_WORDS 3 /* between a number and what it counts */

enum { MONEY = 100, SHARE, REGION, DURATION, UNAFFECTED };

/* What is counted, by the beginning of the word; the same label is the same thing. */
static const struct {
    const char *begins;
    const char *label;
} nouns[] = {
    {"customer", "customers"},
    {"kunde", "customers"},
    {"kundin", "customers"},
    {"client", "customers"},
    {"user", "users"},
    {"nutzer", "users"},
    {"anwender", "users"},
    {"visitor", "users"},
    {"besucher", "users"},
    {"subscriber", "users"},
    {"people", "users"},
    {"order", "orders"},
    {"bestell", "orders"},
    {"checkout", "orders"},
    {"cart", "orders"},
    {"warenk", "orders"},
    {"auftr", "orders"},
    {"payment", "payments"},
    {"zahlung", "payments"},
    {"transaction", "payments"},
    {"transaktion", "payments"},
    {"charge", "payments"},
    {"request", "requests"},
    {"anfrage", "requests"},
    {"account", "accounts"},
    {"konten", "accounts"},
    {"tenant", "accounts"},
    {"merchant", "accounts"},
    {"h\xC3\xA4ndler", "accounts"},
    {"haendler", "accounts"},
    {"shop", "accounts"},
    {"store", "accounts"},
    {"ticket", "tickets"},
    {"complaint", "tickets"},
    {"beschwerde", "tickets"},
    {"message", "messages"},
    {"nachricht", "messages"},
    {"email", "messages"},
    {"booking", "bookings"},
    {"buchung", "bookings"},
    {"session", "sessions"},
    {"sitzung", "sessions"},
    {"job", "jobs"},
    {"build", "jobs"},
    {"device", "devices"},
    {"ger\xC3\xA4t", "devices"},
    {"call", "calls"},
};
enum { NOUNS = sizeof(nouns) / sizeof(nouns[0]) };

struct sentence {
    struct sv at[FIGURE_WORDS_MAX]; /* bare words */
    size_t count;
};

#define AMONG(word, ...) among(word, (const char *const[]){__VA_ARGS__, NULL})

static bool
among(struct sv word, const char *const *list)
{
    for (; *list != NULL; list++)
        if (sv_eq_nocase(word, sv_from(*list)))
            return true;
    return false;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct sv
word_at(const struct sentence *sentence, size_t at)
{
    return at < sentence->count ? sentence->at[at] : SV("");
}

/* Without brackets, quotes and the marks that end a sentence. */
static struct sv
bare(struct sv word)
{
    while (word.len > 0 && strchr("(\"'*<>[~=", word.ptr[0]) != NULL)
        word = sv_slice(word, 1, word.len);
    while (word.len > 0 && strchr(".,;:!?)\"'*]", word.ptr[word.len - 1]) != NULL)
        word.len--;
    return word;
}

static void
cut(struct sv text, struct sentence *ret_sentence)
{
    struct sv part;
    ret_sentence->count = 0;
    while (ret_sentence->count < FIGURE_WORDS_MAX && sv_split(&text, ' ', &part)) {
        part = bare(part);
        if (part.len > 0)
            ret_sentence->at[ret_sentence->count++] = part;
    }
}

/* From the first of these words to the end of the last. */
static struct sv
span(const struct sentence *sentence, size_t first, size_t last)
{
    const struct sv *from = &sentence->at[first], *to = &sentence->at[last];
    return sv_of(from->ptr, (size_t)(to->ptr + to->len - from->ptr));
}

/* ---------------------------------------------------------------------- numbers */

/* Digits in groups ("3,000", "3.000", "1'200"), or with one point ("1.5"): its length. */
static size_t
digits_length(struct sv word)
{
    size_t at = 0, marks = 0, since = 0;
    while (at < word.len && (is_digit(word.ptr[at]) || strchr(",.'", word.ptr[at]) != NULL)) {
        if (!is_digit(word.ptr[at])) {
            if (since == 0 || (marks > 0 && since != 3))
                return 0;
            marks++;
            since = 0;
        } else {
            since++;
        }
        at++;
    }
    if (at == 0 || since == 0 || (marks > 1 && since != 3))
        return 0;
    return at;
}

/* "3,000", "12k", "2-3k", "12%": its length without what follows. */
static size_t
number_length(struct sv word)
{
    static const char *const dashes[] = {"-", "\xE2\x80\x93"};
    size_t at = digits_length(word);
    for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]) && at > 0; i++) {
        struct sv rest = sv_slice(word, at, word.len), dash = sv_from(dashes[i]);
        size_t more = sv_starts(rest, dash) ? digits_length(sv_slice(rest, dash.len, rest.len)) : 0;
        at += more > 0 ? dash.len + more : 0;
    }
    if (at > 0 && at < word.len && strchr("kKmM+", word.ptr[at]) != NULL &&
        (at + 1 == word.len || word.ptr[at + 1] == '+'))
        at = word.len;
    return at;
}

/* What servers answer with counts nothing. */
static bool
is_number(struct sv word)
{
    return word.len > 0 && number_length(word) == word.len &&
           !AMONG(word, "401", "403", "404", "429", "500", "502", "503", "504");
}

static struct sv
without_sign(struct sv word, bool *ret_money)
{
    static const char *const signs[] = {"$", "\xE2\x82\xAC", "\xC2\xA3"};
    *ret_money = false;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        struct sv sign = sv_from(signs[i]);
        if (sv_starts(word, sign)) {
            *ret_money = true;
            return sv_slice(word, sign.len, word.len);
        }
        if (sv_ends(word, sign)) {
            *ret_money = true;
            return sv_slice(word, 0, word.len - sign.len);
        }
    }
    return word;
}

/* -------------------------------------------------------------------- one figure */

static int
noun_of(struct sv word)
{
    for (size_t i = 0; i < NOUNS; i++)
        if (sv_starts_nocase(word, sv_from(nouns[i].begins)) &&
            memchr(word.ptr, '-', word.len) == NULL)
            for (size_t k = 0; k <= i; k++)
                if (strcmp(nouns[k].label, nouns[i].label) == 0)
                    return (int)k;
    return -1;
}

/* The first thing counted behind `last`; its place, or `last`. */
static size_t
find_noun(const struct sentence *sentence, size_t last, size_t words, int *ret_what)
{
    for (size_t i = last + 1; i <= last + words && i < sentence->count; i++) {
        int what = noun_of(sentence->at[i]);
        if (what >= 0) {
            *ret_what = what;
            return i;
        }
        if (number_length(sentence->at[i]) > 0)
            break;
    }
    return last;
}

static bool
is_time_unit(struct sv word)
{
    return AMONG(word, "minutes", "minute", "min", "mins", "hours", "hour", "h", "hrs", "hr",
                 "seconds", "minuten", "stunden", "stunde", "std", "sekunden", "tage", "days");
}

/* "40min", "2h", "1h20m". */
static bool
is_glued_duration(struct sv word)
{
    size_t digits = digits_length(word), at = digits;
    if (digits == 0 || digits == word.len)
        return false;
    struct sv unit = sv_slice(word, at, word.len);
    return AMONG(unit, "min", "mins", "h", "hrs") ||
           (unit.len > 1 && unit.ptr[0] == 'h' && is_digit(unit.ptr[1]));
}

/* "to go", "remaining", "left", "left in the queue": what stands before it is still to come. */
static bool
is_ahead(const struct sentence *sentence, size_t at)
{
    struct sv word = word_at(sentence, at), next = word_at(sentence, at + 1);
    return AMONG(word, "remaining", "abzuarbeiten") || (AMONG(word, "to") && AMONG(next, "go")) ||
           (AMONG(word, "left") && (next.len == 0 || AMONG(next, "in", "to")));
}

static bool
speaks_ahead(const struct sentence *sentence)
{
    for (size_t i = 0; i < sentence->count; i++)
        if (is_ahead(sentence, i) || AMONG(sentence->at[i], "eta", "noch"))
            return true;
    return false;
}

/* "in 5 minutes", "every 10 min", "5 min ago" tell nothing of an impact. */
static bool
is_other_time(const struct sentence *sentence, size_t first, size_t last)
{
    struct sv before = first > 0 ? sentence->at[first - 1] : SV("");
    return speaks_ahead(sentence) ||
           AMONG(before, "in", "every", "within", "next", "last", "past", "vor", "alle", "seit",
                 "letzten", "another", "eta") ||
           AMONG(word_at(sentence, last + 1), "ago", "later", "spaeter", "sp\xC3\xA4ter");
}

/* "about", "more than", "up to": part of what is said. */
static size_t
with_hedge(const struct sentence *sentence, size_t first)
{
    if (first > 1 && (AMONG(sentence->at[first - 1], "than", "to", "least", "als", "zu") &&
                      AMONG(sentence->at[first - 2], "more", "less", "fewer", "up", "at", "mehr",
                            "weniger", "bis")))
        return first - 2;
    if (first > 0 && AMONG(sentence->at[first - 1], "about", "around", "roughly", "approximately",
                           "approx", "ca", "circa", "etwa", "rund", "ungef\xC3\xA4hr", "ungefaehr",
                           "over", "almost", "nearly", "fast", "knapp", "\303\274ber", "ueber",
                           "mindestens", "between", "zwischen", "some", "only", "nur"))
        return first - 1;
    return first;
}

/* Money: a code or sign before or behind the number. */
static bool
read_money(const struct sentence *sentence, size_t *first, size_t *last, bool sign)
{
    if (*first > 0 && AMONG(sentence->at[*first - 1], "eur", "usd", "gbp", "chf")) {
        --*first;
        return true;
    }
    if (AMONG(word_at(sentence, *last + 1), "eur", "usd", "gbp", "chf", "euro", "euros", "dollar",
              "dollars", "pounds", "franken", "$", "\xE2\x82\xAC")) {
        ++*last;
        return true;
    }
    return sign;
}

/* "12 %", "12 percent of checkouts". */
static bool
read_share(const struct sentence *sentence, size_t *last, bool percent)
{
    int what;
    if (!percent) {
        if (!AMONG(word_at(sentence, *last + 1), "%", "percent", "prozent"))
            return false;
        ++*last;
    }
    if (AMONG(word_at(sentence, *last + 1), "of", "der", "aller", "von", "unserer", "all"))
        *last = find_noun(sentence, *last, NEAR_WORDS + 1, &what);
    return true;
}

/* "to 300" behind "200", "and 300" behind "between 200". */
static size_t
range_end(const struct sentence *sentence, size_t at)
{
    bool between = at > 0 && AMONG(sentence->at[at - 1], "between", "zwischen");
    bool joined = AMONG(word_at(sentence, at + 1), "to", "bis", "or", "-") ||
                  (between && AMONG(word_at(sentence, at + 1), "and", "und"));
    return joined && is_number(word_at(sentence, at + 2)) ? at + 2 : at;
}

/* The figure whose number stands at *at, behind which *at then stands; false: it is none. */
static bool
read_number(const struct sentence *sentence, size_t *at, struct figure *ret_figure)
{
    bool sign;
    size_t first = *at, last = *at;
    struct sv word = without_sign(sentence->at[*at], &sign);
    bool percent = word.len > 1 && word.ptr[word.len - 1] == '%';
    if (is_glued_duration(word) && !is_other_time(sentence, with_hedge(sentence, first), last)) {
        *ret_figure = (struct figure){DURATION, span(sentence, with_hedge(sentence, first), last)};
        return true;
    }
    if (!is_number(percent ? sv_slice(word, 0, word.len - 1) : word))
        return false;
    last = range_end(sentence, last);
    if (AMONG(word_at(sentence, last + 1), "thousand", "million", "tausend", "mio", "tsd", "k"))
        last++;
    size_t hedged = with_hedge(sentence, first);
    ret_figure->what = -1;
    if (read_money(sentence, &first, &last, sign)) {
        ret_figure->what = MONEY;
        hedged = with_hedge(sentence, first);
    } else if (read_share(sentence, &last, percent)) {
        ret_figure->what = SHARE;
    } else if (is_time_unit(word_at(sentence, last + 1))) {
        if (is_other_time(sentence, hedged, last + 1))
            return false;
        ret_figure->what = DURATION;
        last++;
    } else {
        last = find_noun(sentence, last, NEAR_WORDS, &ret_figure->what);
    }
    ret_figure->said = span(sentence, hedged, last);
    *at = last;
    return ret_figure->what >= 0 && !is_ahead(sentence, last + 1);
}

/* "eu-west-1", "us-east-1a", "europe-west1". */
static bool
is_region(struct sv word)
{
    static const char *const sides[] = {"north", "south", "east", "west", "central"};
    if (word.len < 5 || memchr(word.ptr, '-', word.len) == NULL)
        return false;
    bool digit = is_digit(word.ptr[word.len - 1]) || is_digit(word.ptr[word.len - 2]);
    for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]) && digit; i++)
        for (size_t at = 1; at < word.len; at++)
            if (word.ptr[at - 1] == '-' &&
                sv_starts_nocase(sv_slice(word, at, word.len), sv_from(sides[i])))
                return true;
    return AMONG(word, "west-europe", "north-europe");
}

static bool
read_region(const struct sentence *sentence, size_t *at, struct figure *ret_figure)
{
    size_t first = *at, last = *at;
    if (!is_region(sentence->at[*at]))
        return false;
    if (first > 0 && AMONG(sentence->at[first - 1], "only", "nur"))
        first--;
    if (AMONG(word_at(sentence, last + 1), "only", "nur"))
        last++;
    *ret_figure = (struct figure){REGION, span(sentence, first, last)};
    *at = last;
    return true;
}

static bool
is_plural(struct sv noun)
{
    return sv_ends(noun, SV("s")) || AMONG(noun, "people");
}

/* "no customers", "all users", "keine Kunden"; "tickets, all checkout" speaks of no checkout. */
static bool
read_all_or_none(const struct sentence *sentence, size_t *at, struct figure *ret_figure)
{
    int what = -1;
    if (!AMONG(sentence->at[*at], "no", "zero", "all", "every", "keine", "kein", "keinerlei",
               "alle", "jeder"))
        return false;
    size_t last = find_noun(sentence, *at, 2, &what);
    if (what < 0 || (AMONG(sentence->at[*at], "all") && !is_plural(sentence->at[last])))
        return false;
    *ret_figure = (struct figure){what, span(sentence, *at, last)};
    *at = last;
    return true;
}

/* --------------------------------------------------------------------- sentences */

const char *
figure_what(int what)
{
    return what == MONEY        ? "money"
           : what == SHARE      ? "share"
           : what == REGION     ? "region"
           : what == DURATION   ? "duration"
           : what == UNAFFECTED ? "what was not affected"
                                : nouns[what].label;
}

/* "US not affected": no figure, but it says where there was none. */
static bool
speaks_of_impact(const struct sentence *sentence)
{
    for (size_t i = 0; i < sentence->count; i++)
        if (AMONG(sentence->at[i], "affected", "unaffected", "impact", "impacted", "betroffen",
                  "auswirkung", "auswirkungen", "loss", "lost", "datenverlust", "verloren"))
            return true;
    return false;
}

size_t
figures_in(struct sv text, struct figure ret_figures[FIGURES_MAX])
{
    struct sentence sentence = {.count = 0};
    size_t count = 0;
    text = sv_trim(text);
    if (text.len == 0 || text.ptr[text.len - 1] == '?')
        return 0;
    cut(text, &sentence);
    for (size_t at = 0; at < sentence.count && count < FIGURES_MAX; at++)
        count += read_number(&sentence, &at, &ret_figures[count]) ||
                 read_region(&sentence, &at, &ret_figures[count]) ||
                 read_all_or_none(&sentence, &at, &ret_figures[count]);
    if (count == 0 && figures_told(text) == TOLD_AS_NONE && speaks_of_impact(&sentence))
        ret_figures[count++] = (struct figure){UNAFFECTED, span(&sentence, 0, sentence.count - 1)};
    return count;
}

enum figure_told
figures_told(struct sv text)
{
    struct sentence sentence = {.count = 0};
    enum figure_told told = TOLD_AS_FACT;
    cut(text, &sentence);
    for (size_t i = 0; i < sentence.count; i++) {
        struct sv word = sentence.at[i];
        struct sv next = word_at(&sentence, i + 1), after = word_at(&sentence, i + 2);
        if (AMONG(word, "no", "zero", "0", "keine", "kein", "keinerlei", "unaffected", "nobody",
                  "niemand") ||
            (AMONG(word, "not", "nicht", "isn't", "aren't", "wasn't", "weren't") &&
             (AMONG(next, "affected", "impacted", "betroffen") ||
              AMONG(after, "affected", "impacted", "betroffen"))))
            return TOLD_AS_NONE;
        if (AMONG(word, "might", "could", "may", "maybe", "perhaps", "possibly", "potentially",
                  "if", "would", "expect", "expected", "assume", "worst", "vielleicht",
                  "k\xC3\xB6nnte", "k\xC3\xB6nnten", "koennte", "koennten", "eventuell", "falls",
                  "wenn", "m\xC3\xB6glicherweise", "moeglicherweise", "vermutlich"))
            told = TOLD_AS_POSSIBLE;
    }
    return told;
}

/* "ca.", "approx.": the point there ends no sentence. */
static bool
is_short_word(struct sv text, size_t point)
{
    static const char *const words[] = {"ca", "approx", "bzw", "etc", "vs", "no"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t len = strlen(words[i]);
        if (point >= len && (point == len || text.ptr[point - len - 1] == ' ') &&
            sv_eq_nocase(sv_slice(text, point - len, point), sv_from(words[i])))
            return true;
    }
    return false;
}

bool
next_sentence(struct sv *text, struct sv *ret_sentence)
{
    if (text->len == 0)
        return false;
    for (size_t at = 0; at < text->len; at++) {
        bool last = at + 1 == text->len || text->ptr[at + 1] == ' ';
        bool digit = at > 0 && is_digit(text->ptr[at - 1]);
        char c = text->ptr[at];
        if (last && (c == '!' || c == '?' || c == ';' ||
                     (c == '.' && !digit && !is_short_word(*text, at)))) {
            *ret_sentence = sv_trim(sv_slice(*text, 0, at + 1));
            *text = sv_slice(*text, at + 1, text->len);
            return true;
        }
    }
    *ret_sentence = sv_trim(*text);
    *text = SV("");
    return true;
}
