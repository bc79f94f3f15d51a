/*
 * The forms of dates and times: see time_form.h. Dates are a table, each line one way to write a
 * day; clocks and zones follow them in nearly any combination, and are read by hand. Pure
 * functions.
 */
#include "ingest/parse/time_form.h"

#include "ingest/parse/time_words.h"

#define CENTURY_TURN 70 /* two digits: 70 to 99 are 19.., the others 20.. */

static char
peek(struct sv text, size_t at)
{
    return at < text.len ? text.ptr[at] : '\0';
}

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
letter_or_digit(char c)
{
    return digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c > 0x7f;
}

static size_t
digits_at(struct sv text, size_t at)
{
    size_t count = 0;
    while (count < 20 && digit(peek(text, at + count)))
        count++;
    return count;
}

static int
number_at(struct sv text, size_t at, size_t digits)
{
    int value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (text.ptr[at + i] - '0');
    return value;
}

static size_t
blanks_at(struct sv text, size_t at)
{
    size_t count = 0;
    while (peek(text, at + count) == ' ' || peek(text, at + count) == '\t')
        count++;
    return count;
}

/* ---- dates ---- */

/*
 * Y: year of four digits, y: of two. M, D: two digits, m, d: one or two. J: day of the year, N:
 * name of the month, W: ISO week and day ("W11-2"). A blank: one to three, '~': the same after an
 * optional comma or dot. Anything else is itself. Within a group the first that fits counts.
 */
static const struct {
    signed char digits; /* the text begins with that many; 2: one or two; 0: a letter */
    const char *form;
} forms[] = {
    {4, "Y-M-D"},  {4, "Y/M/D"}, {4, "Y.M.D"}, {4, "Y-m-d"}, {4, "Y/m/d"}, {4, "Y:M:D"},
    {4, "Y-N-d"},  {4, "Y N d"}, {4, "Y-W"},   {4, "Y-J"},   {8, "YMD"},   {14, "YMD"},
    {17, "YMD"},   {6, "yMD"},   {2, "d/N/Y"}, {2, "d-N-Y"}, {2, "d N~Y"}, {2, "d.N.Y"},
    {2, "d. N Y"}, {2, "d-N-y"}, {2, "d/N/y"}, {2, "d N"},   {2, "M-D"},   {2, "M/D"},
    {2, "M.D"},    {0, "N d~Y"}, {0, "N/d/Y"}, {0, "N-d-Y"}, {0, "N d"},   {0, "N-d"},
};

static bool
take_number(struct sv text, size_t *at, size_t least, size_t most, int *ret_value)
{
    size_t digits = digits_at(text, *at);
    if (digits > most) /* the next number begins without a sign between: "20260310" */
        digits = least == most ? most : 0;
    if (digits < least || digits == 0)
        return false;
    *ret_value = number_at(text, *at, digits);
    *at += digits;
    return true;
}

static bool
take_month(struct sv text, size_t *at, int *ret_month)
{
    struct sv rest = sv_slice(text, *at, text.len);
    size_t length = time_word_length(rest);
    *ret_month = length == 0 ? 0 : time_month(sv_slice(rest, 0, length));
    if (*ret_month == 0)
        return false;
    /* "10.Mar.2026": the dot belongs to the form. */
    if (rest.ptr[length - 1] == '.' && digit(peek(rest, length)))
        length--;
    *at += length;
    return true;
}

static bool
take_week(struct sv text, size_t *at, struct civil *civil)
{
    int week = 0, day = 0;
    size_t from = *at + 1;
    if (peek(text, *at) != 'W' || !take_number(text, &from, 2, 2, &week) ||
        peek(text, from++) != '-' || !take_number(text, &from, 1, 1, &day) || week < 1 ||
        week > 53 || day < 1 || day > 7)
        return false;
    int64_t fourth = civil_to_days(civil->year, 1, 4); /* is in week 1 */
    int64_t monday = fourth - (fourth + 3) % 7;
    struct civil found;
    civil_from_days(monday + 7 * (week - 1) + day - 1, &found);
    civil->year = found.year;
    civil->month = found.month;
    civil->day = found.day;
    *at = from;
    return true;
}

static bool
take_day_of_year(struct sv text, size_t *at, struct civil *civil)
{
    int day = 0;
    if (!take_number(text, at, 3, 3, &day) || day < 1 || day > 366)
        return false;
    struct civil found;
    civil_from_days(civil_to_days(civil->year, 1, 1) + day - 1, &found);
    civil->month = found.month;
    civil->day = found.day;
    return found.year == civil->year && !digit(peek(text, *at));
}

static bool
take_blanks(struct sv text, size_t *at, bool comma)
{
    size_t from = *at;
    if (comma && (peek(text, from) == ',' || peek(text, from) == '.'))
        from++;
    size_t blanks = blanks_at(text, from);
    *at = from + blanks;
    return blanks > 0 && blanks <= 3;
}

static int
century(int two_digits)
{
    return two_digits + (two_digits < CENTURY_TURN ? 2000 : 1900);
}

/* Length of the date if the text has the form. */
static size_t
read_form(struct sv text, const char *form, struct written_time *written)
{
    struct civil civil = {.year = 0};
    size_t at = 0;
    bool fits = true;
    for (; *form != '\0' && fits; form++)
        switch (*form) {
        case 'Y':
            fits = take_number(text, &at, 4, 4, &civil.year);
            break;
        case 'y':
            fits = take_number(text, &at, 2, 2, &civil.year);
            civil.year = century(civil.year);
            break;
        case 'M':
            fits = take_number(text, &at, 2, 2, &civil.month);
            break;
        case 'm':
            fits = take_number(text, &at, 1, 2, &civil.month);
            break;
        case 'D':
            fits = take_number(text, &at, 2, 2, &civil.day);
            break;
        case 'd':
            fits = take_number(text, &at, 1, 2, &civil.day);
            break;
        case 'N':
            fits = take_month(text, &at, &civil.month);
            break;
        case 'J':
            fits = take_day_of_year(text, &at, &civil);
            break;
        case 'W':
            fits = take_week(text, &at, &civil);
            break;
        case ' ':
        case '~':
            fits = take_blanks(text, &at, *form == '~');
            break;
        default:
            fits = peek(text, at++) == *form;
        }
    if (!fits)
        return 0;
    written->civil = civil;
    written->has_day = true;
    written->has_year = civil.year != 0;
    return at;
}

static void
add_reading(struct written_time *written, int year, int month, int day)
{
    struct civil civil = {.year = year, .month = month, .day = day};
    const struct civil *first = &written->civil;
    if (!civil_valid(&civil))
        return;
    if (!written->has_day) {
        written->civil = civil;
        written->has_day = written->has_year = true;
    } else if (written->other_count < TIME_OTHERS_MAX &&
               (first->year != year || first->month != month || first->day != day)) {
        written->others[written->other_count++] = civil;
    }
}

/* "10/13/21", "3/1/2026", "26-03-10": three numbers whose order differs between countries. */
static size_t
read_numbers(struct sv text, struct written_time *written)
{
    size_t at = 0, first = digits_at(text, 0);
    int a = 0, b = 0, c = 0;
    char between = peek(text, first);
    if ((between != '/' && between != '-' && between != '.') || !take_number(text, &at, 1, 2, &a) ||
        peek(text, at++) != between || !take_number(text, &at, 1, 2, &b) ||
        peek(text, at++) != between)
        return 0;
    size_t last = digits_at(text, at);
    bool month_first = between == '/';
    if (last != 4 && last != 2)
        return 0;
    c = number_at(text, at, last);
    *written = (struct written_time){.has_day = false};
    if (last == 2) {
        c = century(c);
        if (first == 2 && between != '.')
            add_reading(written, century(a), b, number_at(text, at, last));
    }
    if (month_first)
        add_reading(written, c, a, b);
    add_reading(written, c, b, a);
    if (!month_first && between != '.')
        add_reading(written, c, a, b);
    return written->has_day ? at + last : 0;
}

static size_t
read_date(struct sv text, struct written_time *written)
{
    size_t digits = digits_at(text, 0), length = 0;
    size_t group = digits == 1 ? 2 : digits;
    if (digits == 4 && peek(text, 4) == '-') /* what most write */
        length = read_form(text, forms[0].form, written);
    if (length == 0 && group == 2 && !digit(peek(text, digits)))
        length = read_numbers(text, written);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && length == 0; i++)
        if (forms[i].digits == (int)group)
            length = read_form(text, forms[i].form, written);
    return length;
}

/* ---- times of day ---- */

static bool
take_clock_numbers(struct sv text, size_t *at, char between, struct written_time *written)
{
    struct civil *civil = &written->civil;
    size_t from = *at;
    if (!take_number(text, &from, 1, 2, &civil->hour) || peek(text, from++) != between ||
        !take_number(text, &from, 2, 2, &civil->minute))
        return false;
    civil->second = 0;
    size_t second = from + 1;
    written->has_seconds = peek(text, from) == between &&
                           take_number(text, &second, 2, 2, &civil->second) &&
                           !digit(peek(text, second));
    if (written->has_seconds)
        from = second;
    else if (between != ':' || peek(text, from) == ':' || digit(peek(text, from)))
        return false; /* hours and minutes alone only as 15:04 */
    *at = from;
    return true;
}

/* "150412", "1504" */
static bool
take_clock_together(struct sv text, size_t *at, struct written_time *written)
{
    size_t digits = digits_at(text, *at);
    bool with_more = digits == 9; /* 150412123 */
    if (digits != 6 && digits != 4 && !with_more)
        return false;
    written->civil.hour = number_at(text, *at, 2);
    written->civil.minute = number_at(text, *at + 2, 2);
    written->has_seconds = digits != 4;
    if (written->has_seconds)
        written->civil.second = number_at(text, *at + 4, 2);
    if (with_more) {
        written->civil.nanosecond = number_at(text, *at + 6, 3) * (int32_t)NS_PER_MS;
        written->fraction_digits = 3;
    }
    *at += digits;
    return true;
}

/* ".123", ",123456", and ":123" as log4net writes it. A comma may as well end a column. */
static void
take_fraction(struct sv text, size_t *at, struct written_time *written)
{
    char sign = peek(text, *at);
    size_t digits = 0, from = *at + 1;
    int32_t step = 100000000;
    if (sign != '.' && sign != ',' && sign != ':')
        return;
    while (digit(peek(text, from + digits)))
        digits++;
    char next = peek(text, from + digits);
    bool whole = digits == 3 || digits == 6 || digits == 9 || next == '\0' || next == 'Z';
    if (digits == 0 || (sign == ':' && (digits != 3 || next == ':')) || (sign == ',' && !whole))
        return;
    for (size_t i = 0; i < digits && step > 0; i++, step /= 10)
        written->civil.nanosecond += (text.ptr[from + i] - '0') * step;
    written->fraction_digits = digits > 9 ? 9 : (int)digits;
    *at = from + digits;
}

/* "AM", "p.m.", after a blank, be it a narrow or unbreakable one, or none. */
static bool
take_half(struct sv text, size_t *at, struct written_time *written)
{
    struct sv rest = sv_slice(text, *at, text.len);
    size_t from = sv_starts(rest, SV("\xE2\x80\xAF")) ? 3 : sv_starts(rest, SV("\xC2\xA0")) ? 2 : 0;
    from = from == 0 ? blanks_at(rest, 0) : from;
    char half = (char)(peek(rest, from) | 0x20);
    if (from > 3 || (half != 'a' && half != 'p'))
        return true;
    size_t end = from + 1 + (peek(rest, from + 1) == '.');
    if ((peek(rest, end++) | 0x20) != 'm' || letter_or_digit(peek(rest, end)))
        return true;
    if (end - from == 3 && peek(rest, end) == '.')
        end++;
    if (written->civil.hour > 12)
        return false;
    written->civil.hour = written->civil.hour % 12 + (half == 'p' ? 12 : 0);
    *at += end;
    return true;
}

/* What stood before it, and how the date is written, decide which forms can be meant: after
 * "2026-03-10 " four digits are a number like any other. */
static bool
take_clock(struct sv text, size_t *at, char before, bool compact, struct written_time *written)
{
    struct civil *civil = &written->civil;
    size_t from = *at;
    bool joined = before == '_' || before == 'T' || before == '-';
    bool together = before == 'T' || (compact && digits_at(text, from) != 4);
    bool found = take_clock_numbers(text, &from, ':', written) ||
                 (written->has_year && take_clock_numbers(text, &from, '.', written)) ||
                 (joined && take_clock_numbers(text, &from, '-', written)) ||
                 (together && take_clock_together(text, &from, written));
    if (!found)
        return false;
    if (written->has_seconds && written->fraction_digits == 0)
        take_fraction(text, &from, written);
    if (!take_half(text, &from, written) || civil->hour > 23 || civil->minute > 59 ||
        civil->second > 60)
        return false;
    written->has_clock = true;
    *at = from;
    return true;
}

/* What may stand between date and clock; *ret_before: the sign that matters, '\0': none may. */
static size_t
between_at(struct sv text, size_t at, char *ret_before)
{
    static const char signs[] = "Tt-_:/,@;";
    size_t blanks = blanks_at(text, at), end = at + blanks;
    char c = peek(text, end);
    *ret_before = ' ';
    if (c != '\0' && strchr(signs, c) != NULL && blanks <= 1) {
        *ret_before = c == 't' ? 'T' : c;
        end++;
        end += blanks_at(text, end);
        return end - at <= 3 ? end : at;
    }
    if (blanks == 1 && sv_starts(sv_slice(text, end, text.len), SV("at ")))
        return end + 3;
    return blanks > 0 && blanks <= 3 ? end : at;
}

/* ---- the whole ---- */

/* "Tue, " before a date; 0 when there is none. */
static size_t
weekday_at(struct sv text)
{
    size_t length = time_word_length(text);
    if (length == 0 || !time_weekday(sv_slice(text, 0, length)))
        return 0;
    length += peek(text, length) == ',';
    size_t blanks = blanks_at(text, length);
    return blanks >= 1 && blanks <= 3 ? length + blanks : 0;
}

/* "Mar 10 15:04:12 CET 2026", "Mar 10 2026 15:04:12 CET" has it before. */
static size_t
take_late_year(struct sv text, size_t at, bool weekday, struct written_time *written)
{
    size_t from = at + blanks_at(text, at);
    char next = peek(text, from + 4);
    bool ends = next == '\0' || strchr("])>:\",", next) != NULL;
    if (from == at || from > at + 2 || digits_at(text, from) != 4 || letter_or_digit(next))
        return at;
    int year = number_at(text, from, 4);
    if (year < 1970 || year > 2099 || !(weekday || written->has_zone || ends))
        return at;
    written->civil.year = year;
    written->has_year = true;
    return from + 4;
}

static size_t
read_clock_after(struct sv text, size_t at, struct written_time *written)
{
    char before = '\0';
    size_t from = between_at(text, at, &before);
    if (from == at && (digits_at(text, 0) < 14 || at != 8))
        return 0;
    if (from == at)
        before = 'T'; /* "20260310150412" */
    bool compact = digits_at(text, 0) >= 6;
    return take_clock(text, &from, before, compact, written) ? from : 0;
}

/* A time of day alone, and not the beginning of something longer. */
static size_t
read_clock_alone(struct sv text, struct written_time *written)
{
    size_t at = 0;
    struct written_time clock = {.has_year = false};
    if (!take_clock(text, &at, '\0', false, &clock) || !clock.has_seconds)
        return 0;
    char next = peek(text, at);
    if (letter_or_digit(next) || next == '/' || next == '.' || next == '_' ||
        (next == ':' && digit(peek(text, at + 1))))
        return 0;
    *written = clock;
    return at;
}

size_t
time_form_read(struct sv text, const struct zone *told, struct written_time *ret_written)
{
    struct written_time written = {.has_year = false};
    size_t weekday = 0;
    char first = peek(text, 0);
    if (!letter_or_digit(first))
        return 0;
    size_t at = read_date(text, &written);
    size_t end = at == 0 ? 0 : read_clock_after(text, at, &written);
    if (end == 0 && !digit(first) && (weekday = weekday_at(text)) > 0) {
        struct sv rest = sv_slice(text, weekday, text.len);
        written = (struct written_time){.has_year = false};
        at = read_date(rest, &written);
        end = at == 0 ? 0 : read_clock_after(rest, at, &written);
        at += at > 0 ? weekday : 0;
        end += end > 0 ? weekday : 0;
    }
    if (end == 0 && digit(first))
        end = read_clock_alone(text, &written);
    if (end == 0) {
        if (at > 0)
            *ret_written = written;
        return at;
    }
    end = time_form_zone(text, end, told, &written);
    if (written.has_day && !written.has_year) {
        size_t year = take_late_year(text, end, weekday > 0, &written);
        end = year > end && !written.has_zone ? time_form_zone(text, year, told, &written) : year;
    }
    *ret_written = written;
    return end;
}
