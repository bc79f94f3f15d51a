/*
 * The forms of times of day: see time_form.h. Pure functions.
 */
#include "ingest/parse/chars.h"
#include "ingest/parse/time_form.h"

static bool
take_clock_numbers(struct sv text, size_t *at, char between, struct written_time *written)
{
    struct civil *civil = &written->civil;
    size_t from = *at;
    if (!time_take_number(text, &from, 1, 2, &civil->hour) || char_at(text, from++) != between ||
        !time_take_number(text, &from, 2, 2, &civil->minute))
        return false;
    civil->second = 0;
    size_t second = from + 1;
    written->has_seconds = char_at(text, from) == between &&
                           time_take_number(text, &second, 2, 2, &civil->second) &&
                           !is_digit(char_at(text, second));
    if (written->has_seconds)
        from = second;
    else if (between != ':' || char_at(text, from) == ':' || is_digit(char_at(text, from)))
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
    written->civil.hour = time_number_at(text, *at, 2);
    written->civil.minute = time_number_at(text, *at + 2, 2);
    written->has_seconds = digits != 4;
    if (written->has_seconds)
        written->civil.second = time_number_at(text, *at + 4, 2);
    if (with_more) {
        written->civil.nanosecond = time_number_at(text, *at + 6, 3) * (int32_t)NS_PER_MS;
        written->fraction_digits = 3;
    }
    *at += digits;
    return true;
}

/* ".123", ",123456", and ":123" as log4net writes it. A comma may as well end a column. */
void
time_fraction_take(struct sv text, size_t *at, struct written_time *written)
{
    char sign = char_at(text, *at);
    size_t digits = 0, from = *at + 1;
    int32_t step = 100000000;
    if (sign != '.' && sign != ',' && sign != ':')
        return;
    while (is_digit(char_at(text, from + digits)))
        digits++;
    char next = char_at(text, from + digits);
    bool whole =
        digits == 3 || digits == 6 || digits == 9 || next == '\0' || is_one_of(next, "Z+-");
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
    char half = (char)(char_at(rest, from) | 0x20);
    if (from > 3 || (half != 'a' && half != 'p'))
        return true;
    size_t end = from + 1 + (char_at(rest, from + 1) == '.');
    if ((char_at(rest, end++) | 0x20) != 'm' || time_goes_on(char_at(rest, end)))
        return true;
    if (end - from == 3 && char_at(rest, end) == '.')
        end++;
    if (written->civil.hour > 12)
        return false;
    written->civil.hour = written->civil.hour % 12 + (half == 'p' ? 12 : 0);
    written->has_half = true;
    *at += end;
    return true;
}

bool
time_clock_take(struct sv text, size_t *at, char before, bool compact, struct written_time *written)
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
        time_fraction_take(text, &from, written);
    if (!take_half(text, &from, written) || civil->hour > 23 || civil->minute > 59 ||
        civil->second > 60)
        return false;
    written->has_clock = true;
    *at = from;
    return true;
}
