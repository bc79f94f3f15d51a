/*
 * Days as people say them: see named_day.h. Words are compared in small ASCII letters; umlauts
 * stand in the tables in both spellings.
 */
#include "base/text/named_day.h"

#include "base/text/word_char.h"

#define HALF_YEAR_DAYS 183 /* a date without a year lies no farther ahead */

struct word {
    const char *text;
    enum named_day_kind kind;
    int value;  /* weekday or days */
    bool alone; /* tells a day without a word before it */
};

static const struct word words[] = {
#define DAY_WORD(text, kind, value, alone) {text, kind, value, alone},
#include "base/text/named_day.def"
#undef DAY_WORD
};

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};

static const struct {
    const char *text;
    int month;
} german_months[] = {{"januar", 1}, {"februar", 2},   {"m\xC3\xA4rz", 3}, {"maerz", 3},
                     {"mai", 5},    {"juni", 6},      {"juli", 7},        {"oktober", 10},
                     {"okt", 10},   {"dezember", 12}, {"dez", 12}};

static const char *const english_months[] = {"january",   "february", "march",    "april",
                                             "may",       "june",     "july",     "august",
                                             "september", "october",  "november", "december"};

static size_t
starts_with_word(struct sv text, const char *word)
{
    struct sv wanted = sv_from(word);
    return sv_starts_nocase(text, wanted) && text_word_ends(text, wanted.len) ? wanted.len : 0;
}

/* At most `most` digits; how many there are. */
static size_t
read_number(struct sv text, size_t most, int *ret_value)
{
    size_t count = 0;
    int value = 0;
    while (count < text.len && text.ptr[count] >= '0' && text.ptr[count] <= '9') {
        if (count == most)
            return 0;
        value = 10 * value + (text.ptr[count++] - '0');
    }
    *ret_value = value;
    return count;
}

static size_t
read_month(struct sv text, int *ret_month)
{
    for (size_t i = 0; i < sizeof(german_months) / sizeof(german_months[0]); i++) {
        size_t len = starts_with_word(text, german_months[i].text);
        *ret_month = german_months[i].month;
        if (len > 0)
            return len;
    }
    for (int i = 0; i < 12; i++) {
        size_t len = starts_with_word(text, english_months[i]);
        len = len > 0 ? len : starts_with_word(text, months[i]);
        *ret_month = i + 1;
        if (len > 0)
            return len;
    }
    *ret_month = 9;
    return starts_with_word(text, "sept");
}

/* " 2026", ", 2026" behind a day and month. */
static size_t
read_year(struct sv text, int *ret_year)
{
    size_t at = sv_starts(text, SV(", ")) ? 2 : sv_starts(text, SV(" ")) ? 1 : 0;
    int year;
    size_t digits = read_number(sv_slice(text, at, text.len), 4, &year);
    if (at == 0 || digits != 4 || !text_word_ends(text, at + digits))
        return 0;
    *ret_year = year;
    return at + digits;
}

/* "st", "nd", "rd", "th", ".": behind the number of a day. */
static size_t
ordinal(struct sv text)
{
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (starts_with_word(text, ends[i]) > 0)
            return 2;
    return sv_starts(text, SV(".")) ? 1 : 0;
}

static bool
is_date(const struct named_day *day)
{
    struct civil civil = {
        .year = day->year == 0 ? 2000 : day->year, .month = day->month, .day = day->day};
    return civil_valid(&civil);
}

/* "12 March 2026", "12th of March", "12. März". */
static size_t
day_and_month(struct sv text, struct named_day *day)
{
    size_t at = read_number(text, 2, &day->day);
    if (at == 0)
        return 0;
    at += ordinal(sv_slice(text, at, text.len));
    at += sv_starts(sv_slice(text, at, text.len), SV(" ")) ? 1 : 0;
    at += sv_starts(sv_slice(text, at, text.len), SV("of ")) ? 3 : 0;
    size_t month = read_month(sv_slice(text, at, text.len), &day->month);
    if (month == 0)
        return 0;
    at += month;
    return at + read_year(sv_slice(text, at, text.len), &day->year);
}

/* "March 12th, 2026". */
static size_t
month_and_day(struct sv text, struct named_day *day)
{
    size_t at = read_month(text, &day->month);
    if (at == 0 || !sv_starts(sv_slice(text, at, text.len), SV(" ")))
        return 0;
    size_t digits = read_number(sv_slice(text, at + 1, text.len), 2, &day->day);
    if (digits == 0)
        return 0;
    at += 1 + digits;
    at += ordinal(sv_slice(text, at, text.len)) == 2 ? 2 : 0;
    return text_word_ends(text, at) ? at + read_year(sv_slice(text, at, text.len), &day->year) : 0;
}

/* "2026-03-12"; "12.3.", "12.03.2026". */
static size_t
digits_alone(struct sv text, struct named_day *day)
{
    int first, second, third = 0;
    size_t a = read_number(text, 4, &first);
    char mark = a > 0 && a < text.len ? text.ptr[a] : '\0';
    size_t b = mark == '-' || mark == '.' || mark == '/'
                   ? read_number(sv_slice(text, a + 1, text.len), 2, &second)
                   : 0;
    size_t at = a + 1 + b;
    if (b == 0)
        return 0;
    bool more = at < text.len && text.ptr[at] == mark;
    size_t c = more ? read_number(sv_slice(text, at + 1, text.len), 4, &third) : 0;
    size_t end = at + (more && (c > 0 || mark == '.') ? 1 + c : 0);
    if (!text_word_ends(text, end))
        return 0;
    if (mark == '/') {
        day->kind = DAY_OPEN;
        return first <= 31 && second <= 31 ? end : 0;
    }
    if (mark == '-' ? a != 4 || c == 0 : !more || a > 2 || (c != 0 && c != 4))
        return 0;
    *day = mark == '-' ? (struct named_day){DAY_DATE, 0, 0, first, second, third}
                       : (struct named_day){DAY_DATE, 0, 0, third, second, first};
    return is_date(day) ? end : 0;
}

static size_t
read_count(struct sv text, int *ret_count)
{
    static const struct {
        const char *text;
        int count;
    } counts[] = {{"a", 1},     {"one", 1},   {"two", 2},  {"three", 3}, {"four", 4},
                  {"einer", 1}, {"einem", 1}, {"zwei", 2}, {"drei", 3},  {"vier", 4}};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        size_t len = starts_with_word(text, counts[i].text);
        *ret_count = counts[i].count;
        if (len > 0)
            return len;
    }
    return read_number(text, 3, ret_count);
}

/* "in two weeks", "within 3 days", "in 2 Wochen". */
static size_t
after_days(struct sv text, struct named_day *day)
{
    static const struct {
        const char *text;
        int days;
    } units[] = {{"days", 1},  {"day", 1}, {"weeks", 7},  {"week", 7},
                 {"tagen", 1}, {"tag", 1}, {"wochen", 7}, {"woche", 7}};
    size_t at = sv_starts_nocase(text, SV("within ")) ? 7
                : sv_starts_nocase(text, SV("in "))   ? 3
                                                      : 0;
    size_t count = at == 0 ? 0 : read_count(sv_slice(text, at, text.len), &day->days);
    if (count == 0 || !sv_starts(sv_slice(text, at + count, text.len), SV(" ")))
        return 0;
    at += count + 1;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        size_t len = starts_with_word(sv_slice(text, at, text.len), units[i].text);
        if (len > 0) {
            day->kind = DAY_AFTER;
            day->days *= units[i].days;
            return at + len;
        }
    }
    return 0;
}

/* "14:00", "2pm", "17 Uhr". */
static size_t
time_of_day(struct sv text)
{
    static const char *const marks[] = {"pm", "am", " pm", " am", " uhr"};
    int hour, minute;
    size_t at = read_number(text, 2, &hour);
    if (at == 0 || hour > 24)
        return 0;
    size_t minutes = at < text.len && text.ptr[at] == ':'
                         ? read_number(sv_slice(text, at + 1, text.len), 2, &minute)
                         : 0;
    at += minutes == 2 ? 3 : 0;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t len = starts_with_word(sv_slice(text, at, text.len), marks[i]);
        if (len > 0)
            return at + len;
    }
    return minutes == 2 && text_word_ends(text, at) ? at : 0;
}

static const struct word *
read_word(struct sv text, size_t *ret_len)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        *ret_len = starts_with_word(text, words[i].text);
        if (*ret_len > 0)
            return &words[i];
    }
    return NULL;
}

static size_t
read_day(struct sv text, struct named_day *day)
{
    size_t len;
    const struct word *word = read_word(text, &len);
    if (word != NULL) {
        *day = (struct named_day){.kind = word->kind, .weekday = word->value, .days = word->value};
        return len;
    }
    *day = (struct named_day){.kind = DAY_DATE};
    len = day_and_month(text, day);
    len = len > 0 ? len : month_and_day(text, day);
    if (len > 0)
        return is_date(day) ? len : 0;
    *day = (struct named_day){.kind = DAY_DATE};
    len = digits_alone(text, day);
    return len > 0 ? len : after_days(text, day);
}

size_t
named_day_read(struct sv text, struct named_day *ret_day)
{
    static const char *const joints[] = {" at ", " um ", " ", ", "};
    struct named_day day;
    size_t skip = sv_starts_nocase(text, SV("this ")) ? 5 : 0;
    size_t len = read_day(sv_slice(text, skip, text.len), &day);
    if (len == 0) {
        len = time_of_day(text);
        if (len > 0)
            *ret_day = (struct named_day){.kind = DAY_OPEN};
        return len;
    }
    len += skip;
    for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++) {
        struct sv rest = sv_slice(text, len, text.len), joint = sv_from(joints[i]);
        size_t time =
            sv_starts_nocase(rest, joint) ? time_of_day(sv_slice(rest, joint.len, rest.len)) : 0;
        if (time > 0) {
            len += joint.len + time;
            break;
        }
    }
    *ret_day = day;
    return len;
}

/* ---------------------------------------------------------------------- finding */

/* "by ", "due on ": how long, where a day may stand behind it; 0: nothing of this. */
static size_t
leads_to_day(struct sv text)
{
    static const char *const leads[] = {"due by ",
                                        "due on ",
                                        "due: ",
                                        "due ",
                                        "due date: ",
                                        "deadline: ",
                                        "deadline ",
                                        "by ",
                                        "until ",
                                        "no later than ",
                                        "bis zum ",
                                        "bis ",
                                        "f\xC3\xA4llig am ",
                                        "f\xC3\xA4llig: ",
                                        "f\xC3\xA4llig bis ",
                                        "f\xC3\xA4llig ",
                                        "faellig am ",
                                        "faellig bis ",
                                        "faellig "};
    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
        if (sv_starts_nocase(text, sv_from(leads[i])))
            return sv_from(leads[i]).len;
    return 0;
}

/* "on Friday", "am Freitag". */
static size_t
on_day(struct sv text)
{
    return sv_starts_nocase(text, SV("on ")) || sv_starts_nocase(text, SV("am ")) ? 3 : 0;
}

/* "guten Morgen", "this morning": no day to come. */
static bool
is_greeting(struct sv text, size_t at)
{
    static const char *const before[] = {"guten ", "heute ", "gestern ", "jeden "};
    struct sv head = sv_slice(text, 0, at);
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        size_t len = sv_from(before[i]).len;
        if (head.len >= len &&
            sv_starts_nocase(sv_slice(head, head.len - len, head.len), sv_from(before[i])))
            return true;
    }
    return false;
}

bool
named_day_due(struct sv text, struct sv *ret_said, struct named_day *ret_day)
{
    for (size_t i = 0; i < text.len; i++) {
        struct sv rest = sv_slice(text, i, text.len);
        size_t lead = text_word_begins(text, i) ? leads_to_day(rest) : 0;
        size_t len = lead == 0 ? 0 : named_day_read(sv_slice(rest, lead, rest.len), ret_day);
        if (len == 0)
            continue;
        *ret_said = sv_slice(rest, lead, lead + len);
        return true;
    }
    return false;
}

/* The word here tells a day, whatever stands before it. */
static bool
tells_alone(struct sv text, size_t at)
{
    struct sv rest = sv_slice(text, at, text.len);
    struct named_day later;
    size_t len;
    const struct word *word = read_word(rest, &len);
    return (word != NULL && word->alone && !is_greeting(text, at)) || after_days(rest, &later) > 0;
}

bool
named_day_find(struct sv text, struct sv *ret_said, struct named_day *ret_day)
{
    if (named_day_due(text, ret_said, ret_day))
        return true;
    for (size_t i = 0; i < text.len; i++) {
        struct sv rest = sv_slice(text, i, text.len);
        size_t lead = on_day(rest);
        if (!text_word_begins(text, i) || (lead == 0 && !tells_alone(text, i)))
            continue;
        size_t len = named_day_read(sv_slice(rest, lead, rest.len), ret_day);
        if (len == 0)
            continue;
        *ret_said = sv_slice(rest, lead, lead + len);
        return true;
    }
    return false;
}

/* ------------------------------------------------------------------------ dates */

bool
named_day_date(const struct named_day *day, int64_t said_ns, struct civil *ret_date)
{
    struct civil said;
    civil_from_ns(said_ns, &said);
    int64_t today = civil_to_days(said.year, said.month, said.day);
    int64_t weekday = ((today + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    int64_t days = today + day->days;
    if (day->kind == DAY_OPEN)
        return false;
    if (day->kind == DAY_WEEKDAY) {
        if (weekday == day->weekday)
            return false;
        days = today + (day->weekday - weekday + 7) % 7;
    }
    if (day->kind == DAY_DATE) {
        int year = day->year == 0 ? said.year : day->year;
        days = civil_to_days(year, day->month, day->day);
        if (day->year == 0 && days < today)
            days = civil_to_days(year + 1, day->month, day->day);
        if (day->year == 0 && days - today > HALF_YEAR_DAYS)
            return false;
    }
    civil_from_days(days, ret_date);
    return true;
}
