/*
 * The forms of dates: see time_form.h. A table, each line one way to write a day. Pure functions.
 */
#include "ingest/parse/chars.h"
#include "ingest/parse/time_form.h"
#include "ingest/parse/time_words.h"

#define CENTURY_TURN 70 /* two digits: 70 to 99 are 19.., the others 20.. */

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

int
time_number_at(struct sv text, size_t at, size_t digits)
{
    int value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (text.ptr[at + i] - '0');
    return value;
}

bool
time_take_number(struct sv text, size_t *at, size_t least, size_t most, int *ret_value)
{
    size_t digits = digits_at(text, *at);
    if (digits > most) /* the next number begins without a sign between: "20260310" */
        digits = least == most ? most : 0;
    if (digits < least || digits == 0)
        return false;
    *ret_value = time_number_at(text, *at, digits);
    *at += digits;
    return true;
}

static bool
take_month(struct sv text, size_t *at, int *ret_month)
{
    struct sv rest = sv_slice(text, *at, text.len);
    size_t length = time_word_length(rest);
    *ret_month = length == 0 ? 0 : time_month(sv_slice(rest, 0, length));
    if (length == 0 || *ret_month == 0)
        return false;
    /* "10.Mar.2026": the dot belongs to the form. */
    if (char_at(rest, length - 1) == '.' && is_digit(char_at(rest, length)))
        length--;
    *at += length;
    return true;
}

static bool
take_week(struct sv text, size_t *at, struct civil *civil)
{
    int week = 0, day = 0;
    size_t from = *at + 1;
    if (char_at(text, *at) != 'W' || !time_take_number(text, &from, 2, 2, &week) ||
        char_at(text, from++) != '-' || !time_take_number(text, &from, 1, 1, &day) || week < 1 ||
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
    if (!time_take_number(text, at, 3, 3, &day) || day < 1 || day > 366)
        return false;
    struct civil found;
    civil_from_days(civil_to_days(civil->year, 1, 1) + day - 1, &found);
    civil->month = found.month;
    civil->day = found.day;
    return found.year == civil->year && !is_digit(char_at(text, *at));
}

static bool
take_blanks(struct sv text, size_t *at, bool comma)
{
    size_t from = *at;
    if (comma && (char_at(text, from) == ',' || char_at(text, from) == '.'))
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
            fits = time_take_number(text, &at, 4, 4, &civil.year);
            break;
        case 'y':
            fits = time_take_number(text, &at, 2, 2, &civil.year);
            civil.year = century(civil.year);
            break;
        case 'M':
            fits = time_take_number(text, &at, 2, 2, &civil.month);
            break;
        case 'm':
            fits = time_take_number(text, &at, 1, 2, &civil.month);
            break;
        case 'D':
            fits = time_take_number(text, &at, 2, 2, &civil.day);
            break;
        case 'd':
            fits = time_take_number(text, &at, 1, 2, &civil.day);
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
            fits = char_at(text, at++) == *form;
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
    char between = char_at(text, first);
    if ((between != '/' && between != '-' && between != '.') ||
        !time_take_number(text, &at, 1, 2, &a) || char_at(text, at++) != between ||
        !time_take_number(text, &at, 1, 2, &b) || char_at(text, at++) != between)
        return 0;
    size_t last = digits_at(text, at);
    bool month_first = between == '/';
    if (last != 4 && last != 2)
        return 0;
    c = time_number_at(text, at, last);
    *written = (struct written_time){.has_day = false};
    if (last == 2) {
        c = century(c);
        if (first == 2 && between != '.')
            add_reading(written, century(a), b, time_number_at(text, at, last));
    }
    if (month_first)
        add_reading(written, c, a, b);
    add_reading(written, c, b, a);
    if (!month_first && between != '.')
        add_reading(written, c, a, b);
    return written->has_day ? at + last : 0;
}

size_t
time_date_read(struct sv text, struct written_time *written)
{
    size_t digits = digits_at(text, 0), length = 0;
    size_t group = digits == 1 ? 2 : digits;
    if (digits == 0 && time_month(sv_slice(text, 0, time_word_length(text))) == 0)
        return 0;
    if (digits == 4 && char_at(text, 4) == '-') /* what most write */
        length = read_form(text, forms[0].form, written);
    if (length == 0 && group == 2 && is_one_of(char_at(text, digits), "/-."))
        length = read_numbers(text, written);
    char sign = char_at(text, digits);
    bool told = group == 2 || group == 4; /* the sign behind the first number says much */
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && length == 0; i++)
        if (forms[i].digits == (int)group && (!told || forms[i].form[1] == sign))
            length = read_form(text, forms[i].form, written);
    return length;
}
