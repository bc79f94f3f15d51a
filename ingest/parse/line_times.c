/*
 * Times at the start of text lines in spellings of one program each: log4j's short date, Android's
 * logcat, Proxifier, Blue Gene's RAS log, and lines behind the name of their file. See times.h.
 * Pure functions, called by text_read_head() for the decoders.
 */
#include "ingest/parse/times.h"

#define FILE_NAME_MAX 200

static bool
digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * Text against a form: y, M, D, h, m, s stand for digits, anything else for itself. Returns the
 * length of the form, or 0 when the text does not have it.
 */
static size_t
read_form(struct sv text, const char *form, struct civil *ret_civil)
{
    struct civil civil = {.year = 0};
    size_t at = 0;
    for (; form[at] != '\0'; at++) {
        int *part = form[at] == 'y'   ? &civil.year
                    : form[at] == 'M' ? &civil.month
                    : form[at] == 'D' ? &civil.day
                    : form[at] == 'h' ? &civil.hour
                    : form[at] == 'm' ? &civil.minute
                    : form[at] == 's' ? &civil.second
                                      : NULL;
        if (at >= text.len || (part == NULL ? text.ptr[at] != form[at] : !digit(text.ptr[at])))
            return 0;
        if (part != NULL)
            *part = *part * 10 + (text.ptr[at] - '0');
    }
    *ret_civil = civil;
    return at;
}

/* ".123" or ",123" at `at`: its length, 0 when there is none. */
static size_t
read_fraction(struct sv text, size_t at, struct civil *civil)
{
    size_t from = at;
    int32_t step = 100000000;
    if (at + 1 >= text.len || (text.ptr[at] != '.' && text.ptr[at] != ',') ||
        !digit(text.ptr[at + 1]))
        return 0;
    for (at++; at < text.len && digit(text.ptr[at]); at++, step /= 10)
        civil->nanosecond += (text.ptr[at] - '0') * step;
    return at - from;
}

static bool
blank_at(struct sv text, size_t at)
{
    return at < text.len && text.ptr[at] == ' ';
}

static bool
in_zone(const struct civil *civil, int32_t offset_s, int64_t *ret_ns)
{
    if (!civil_valid(civil) || !civil_to_ns(civil, ret_ns))
        return false;
    *ret_ns -= offset_s * NS_PER_S;
    return true;
}

/* log4j's "%d{yyMMdd HHmmss}": "081109 203615 148 INFO ...". */
static size_t
read_short_date(struct sv line, int32_t offset_s, struct read_time *time)
{
    struct civil civil;
    size_t length = read_form(line, "yyMMDD hhmmss", &civil);
    if (length == 0 || !blank_at(line, length))
        return 0;
    civil.year += civil.year < 70 ? 2000 : 1900;
    if (!in_zone(&civil, offset_s, &time->ns))
        return 0;
    time->precision = PRECISION_SECOND;
    time->source = TIME_SOURCE_ASSUMED_ZONE;
    time->text = sv_slice(line, 0, length);
    return length;
}

/* Month and day without a year, month first: logcat's "03-17 16:13:38.811", which always has
 * milliseconds, and Proxifier's "[10.30 16:49:06]". */
static size_t
read_without_year(struct sv line, int64_t near_ns, int32_t offset_s, struct read_time *time)
{
    struct civil civil;
    size_t from = 0, length = read_form(line, "MM-DD hh:mm:ss", &civil), end;
    size_t fraction = length == 0 ? 0 : read_fraction(line, length, &civil);
    length += fraction;
    end = fraction == 4 ? length : 0;
    if (end == 0 && (end = read_form(line, "[MM.DD hh:mm:ss]", &civil)) != 0) {
        from = 1;
        length = end - 1;
    }
    if (end == 0 || !blank_at(line, end))
        return 0;
    civil.year = 2000; /* has a 29th of February */
    if (!civil_valid(&civil))
        return 0;
    time->ns = near_ns == TIME_NONE ? TIME_NONE : times_nearest_year(civil, near_ns, offset_s);
    time->precision = from == 0 ? PRECISION_MILLISECOND : PRECISION_SECOND;
    time->source = TIME_SOURCE_ASSUMED_YEAR;
    time->text = sv_slice(line, from, length);
    return end;
}

/* Blue Gene: "- 1117838570 2005.06.03 NODE 2005-06-03-15.42.50.675872 NODE TYPE ...". The first is
 * "-" or the label of an alert, the second the time, the fifth has it by the clock on the wall. */
static size_t
read_blue_gene(struct sv line, struct read_time *time)
{
    struct sv rest = line, label, epoch, date, node, wall;
    struct civil civil;
    if (!sv_split(&rest, ' ', &label) || sv_empty(label) || label.len > 16 ||
        !sv_split(&rest, ' ', &epoch) || epoch.len != 10 || !sv_split(&rest, ' ', &date) ||
        read_form(date, "yyyy.MM.DD", &civil) != date.len || !sv_split(&rest, ' ', &node) ||
        !sv_split(&rest, ' ', &wall) || !times_read_epoch(epoch, time))
        return 0;
    size_t length = read_form(wall, "yyyy-MM-DD-hh.mm.ss", &civil);
    if (length == 0 || length + read_fraction(wall, length, &civil) != wall.len ||
        !sv_split(&rest, ' ', &node) || rest.ptr == NULL)
        return 0;
    if (wall.len > length) {
        time->ns += civil.nanosecond;
        time->precision = PRECISION_MICROSECOND;
    }
    return (size_t)(rest.ptr - line.ptr);
}

/* "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 ...": what collected the lines of
 * several files wrote their names before them. */
static size_t
read_behind_file(struct sv line, int32_t offset_s, struct read_time *time)
{
    size_t blank = sv_find_char(sv_slice(line, 0, FILE_NAME_MAX), ' '), length = 0;
    if (blank == SIZE_MAX || !sv_contains(sv_slice(line, 0, blank), SV(".log")) ||
        !times_read_prefix(sv_slice(line, blank + 1, line.len), offset_s, time, &length))
        return 0;
    return blank + 1 + length;
}

bool
times_read_line(struct sv line, int64_t near_ns, int32_t offset_s, struct read_time *ret_time,
                size_t *ret_length)
{
    struct read_time time = {.ns = TIME_NONE};
    if (times_read_prefix(line, offset_s, ret_time, ret_length))
        return true;
    size_t length = read_short_date(line, offset_s, &time);
    if (length == 0)
        length = read_without_year(line, near_ns, offset_s, &time);
    if (length == 0)
        length = read_blue_gene(line, &time);
    if (length == 0)
        length = read_behind_file(line, offset_s, &time);
    if (length == 0)
        return false;
    *ret_time = time;
    *ret_length = length;
    return true;
}
