/*
 * Dates, clocks and zones put together: see time_form.h. Pure functions.
 */
#include "ingest/parse/time_form.h"

#include "ingest/parse/chars.h"
#include "ingest/parse/time_words.h"

/* What may stand between date and clock; *ret_before: the sign that matters, '\0': none may. */
static size_t
between_at(struct sv text, size_t at, char *ret_before)
{
    static const char signs[] = "Tt-_:/,@;";
    size_t blanks = blanks_at(text, at), end = at + blanks;
    char c = char_at(text, end);
    *ret_before = ' ';
    if (is_one_of(c, signs) && blanks <= 1) {
        *ret_before = c == 't' ? 'T' : c;
        end += c == ':' && char_at(text, end + 1) == ':' ? 2 : 1;
        end += blanks_at(text, end);
        return end - at <= 3 ? end : at;
    }
    if (blanks == 1 && sv_starts(sv_slice(text, end, text.len), SV("at ")))
        return end + 3;
    return blanks > 0 && blanks <= 3 ? end : at;
}

/* "Tue, " before a date; 0 when there is none. */
static size_t
weekday_at(struct sv text)
{
    size_t length = time_word_length(text);
    if (length == 0 || !time_weekday(sv_slice(text, 0, length)))
        return 0;
    length += char_at(text, length) == ',';
    size_t blanks = blanks_at(text, length);
    return blanks >= 1 && blanks <= 3 ? length + blanks : 0;
}

/* "Mar 10 15:04:12 CET 2026", "Mar 10 2026 15:04:12 CET" has it before. */
static size_t
take_late_year(struct sv text, size_t at, bool weekday, struct written_time *written)
{
    size_t from = at + blanks_at(text, at);
    char next = char_at(text, from + 4);
    bool ends = next == '\0' || is_one_of(next, "])>:\",");
    if (from == at || from > at + 2 || digits_at(text, from) != 4 || time_goes_on(next))
        return at;
    int year = time_number_at(text, from, 4);
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
    return time_clock_take(text, &from, before, compact, written) ? from : 0;
}

/* A time of day alone, and not the beginning of something longer. */
static size_t
read_clock_alone(struct sv text, struct written_time *written)
{
    size_t at = 0;
    struct written_time clock = {.has_year = false};
    if (!time_clock_take(text, &at, '\0', false, &clock) || (!clock.has_seconds && !clock.has_half))
        return 0;
    char next = char_at(text, at);
    if (time_goes_on(next) || next == '/' || next == '.' || next == '_' ||
        (next == ':' && is_digit(char_at(text, at + 1))))
        return 0;
    *written = clock;
    return at;
}

/* "2026-03-10 15:04:12", which stands at the head of most lines. */
static size_t
read_usual(struct sv text, struct written_time *written)
{
    static const char form[] = "0000-00-00 00:00:00";
    const char *t = text.ptr;
    if (text.len < sizeof(form) - 1 || (t[10] != ' ' && t[10] != 'T'))
        return 0;
    for (size_t i = 0; i < sizeof(form) - 1; i++)
        if (form[i] == '0' ? !is_digit(t[i]) : i != 10 && t[i] != form[i])
            return 0;
    *written = (struct written_time){
        .has_year = true, .has_day = true, .has_clock = true, .has_seconds = true};
    written->civil = (struct civil){.year = time_number_at(text, 0, 4),
                                    .month = time_number_at(text, 5, 2),
                                    .day = time_number_at(text, 8, 2),
                                    .hour = time_number_at(text, 11, 2),
                                    .minute = time_number_at(text, 14, 2),
                                    .second = time_number_at(text, 17, 2)};
    size_t at = sizeof(form) - 1;
    if (is_digit(char_at(text, at)) || written->civil.hour > 23 || written->civil.minute > 59 ||
        written->civil.second > 60)
        return 0;
    time_fraction_take(text, &at, written);
    /* AM and PM are left to the longer way. */
    size_t half = at + blanks_at(text, at);
    return (char_at(text, half + 1) | 0x20) == 'm' || char_at(text, half) == '\xE2' ? 0 : at;
}

size_t
time_form_read(struct sv text, const struct zone *told, struct written_time *ret_written)
{
    struct written_time written;
    size_t weekday = 0, at, end;
    char first = char_at(text, 0);
    if (!time_goes_on(first))
        return 0;
    if (!is_digit(first)) {
        struct sv word = sv_slice(text, 0, time_word_length(text));
        if (time_month(word) == 0 && !time_weekday(word))
            return 0;
    } else if ((end = read_usual(text, ret_written)) > 0) {
        return time_form_zone(text, end, told, ret_written);
    }
    written = (struct written_time){.has_year = false};
    at = time_date_read(text, &written);
    end = at == 0 ? 0 : read_clock_after(text, at, &written);
    if (end == 0 && !is_digit(first) && (weekday = weekday_at(text)) > 0) {
        struct sv rest = sv_slice(text, weekday, text.len);
        written = (struct written_time){.has_year = false};
        at = time_date_read(rest, &written);
        end = at == 0 ? 0 : read_clock_after(rest, at, &written);
        at += at > 0 ? weekday : 0;
        end += end > 0 ? weekday : 0;
    }
    if (end == 0 && is_digit(first))
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
